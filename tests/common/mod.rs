//! The little arithmetic that both hand-written networks need.

use init_lab::science::norm::{EPSILON, Norm};

pub(crate) fn norm(norm: Norm, x: &[f64]) -> Vec<f64> {
    let (mean, s) = statistics(norm, x);
    x.iter().map(|x| (x - mean) / s).collect()
}

// Not every test goes backward.
#[allow(dead_code)]
/// ∂/∂x = (g − y·⟨g·y⟩ − (LayerNorm: ⟨g⟩))/s, with y the output.
pub(crate) fn norm_back(kind: Norm, x: &[f64], g: &[f64]) -> Vec<f64> {
    if kind == Norm::None {
        return g.to_vec();
    }
    let (_, s) = statistics(kind, x);
    let y = norm(kind, x);
    let n = x.len() as f64;
    let along = dot(g, &y) / n;
    let mean = match kind {
        Norm::Layer => g.iter().sum::<f64>() / n,
        _ => 0.0,
    };
    g.iter().zip(&y).map(|(g, y)| (g - mean - y * along) / s).collect()
}

fn statistics(norm: Norm, x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let second = dot(x, x) / n;
    match norm {
        Norm::None => (0.0, 1.0),
        Norm::Batch => panic!("not of one example"),
        Norm::Layer => (mean, (second - mean * mean + EPSILON).sqrt()),
        Norm::Rms => (0.0, (second + EPSILON).sqrt()),
    }
}

pub(crate) fn widen(x: Vec<f32>) -> Vec<f64> {
    x.into_iter().map(f64::from).collect()
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
