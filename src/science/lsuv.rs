//! Layer-sequential unit variance (Mishkin & Matas 2015, arXiv:1511.06422): a start that is measured
//! instead of derived.
//!
//! ```text
//! for l = 1, 2, …:  W_l ← s·W_l,  Var(z_l) = s²·F + 2s·C + B = 1,  z_l = in_l·W_l + b_l
//!                   F = Var(in_l·W_l),  B = Var(b_l),  C = Cov(in_l·W_l, b_l);  without biases s = 1/√F
//! ```
//!
//! Biases are a part of z, so they take their part B of the variance. Where their σ_b is 1 or more nothing is left for
//! the weights: no s is right, and the weights stay orthonormal as they are.
//!
//! It runs in f64 and on the CPU, whatever the network is trained on, so that the first weights are the same bits
//! everywhere.

use super::architecture::Architecture;
use super::norm::{EPSILON, Norm, NormPosition};

/// How far Var(z) may be from 1.
const TOLERANCE: f64 = 0.01;

/// The part of a variance of 1 that biases with this variance leave; `None` if they leave nothing.
pub fn room(bias_var: f64) -> Option<f64> {
    (bias_var < 1.0).then_some(1.0 - bias_var)
}

/// Scales each matrix of a perceptron so that the layer's pre-activations on these inputs have variance 1 over samples
/// and units. Matrices are row-major `[in, out]`; their biases `[out]` were drawn with σ_b = `bias_std`, or are zeros
/// without one. A layer whose variance is 0 or not finite cannot be scaled and stays as it is, and so do all layers
/// where there is no [`room`].
pub fn lsuv(layers: &mut [(Vec<f32>, Vec<f32>)], inputs: &[Vec<f64>], net: &Architecture, bias_std: Option<f64>) {
    let mut pass = LsuvPass::new(inputs.to_vec(), *net, bias_std);
    for (matrix, bias) in layers {
        pass.layer(matrix, bias);
    }
}

/// The way of the inputs through the layers, each of which is scaled when they reach it.
pub struct LsuvPass {
    net: Architecture,
    room: Option<f64>,
    /// What the next layer reads.
    h: Vec<Vec<f64>>,
    /// How many layers are behind.
    passed: usize,
}

impl LsuvPass {
    /// Stands before the first layer.
    pub fn new(inputs: Vec<Vec<f64>>, net: Architecture, bias_std: Option<f64>) -> Self {
        Self { net, room: room(bias_std.map_or(0.0, |bias| bias * bias)), h: inputs, passed: 0 }
    }

    /// Scales the next layer and goes through it.
    pub fn layer(&mut self, matrix: &mut [f32], bias: &[f32]) {
        let (net, is_first) = (&self.net, self.passed == 0);
        self.passed += 1;
        let pre = net.position == NormPosition::Pre && !is_first;
        let read = if pre { normed(net.norm, self.h.clone()) } else { self.h.clone() };
        let mut z = product(&read, matrix, bias);
        if let Some(scale) = self.room.and_then(|room| scale(&z, bias, room)) {
            matrix.iter_mut().for_each(|w| *w = (f64::from(*w) * scale) as f32);
            z = product(&read, matrix, bias);
        }
        if self.passed == net.layers().len() {
            return;
        }
        if net.position == NormPosition::Inner {
            z = normed(net.norm, z);
        }
        for (row, z) in self.h.iter_mut().zip(z) {
            let phi = z.into_iter().map(|z| net.activation.apply(z));
            let joins = net.residual && !is_first;
            *row = if joins { row.iter().zip(phi).map(|(h, x)| h + x).collect() } else { phi.collect() };
        }
        if net.position == NormPosition::Post {
            self.h = normed(net.norm, std::mem::take(&mut self.h));
        }
    }
}

fn product(rows: &[Vec<f64>], matrix: &[f32], bias: &[f32]) -> Vec<Vec<f64>> {
    rows.iter()
        .map(|row| {
            let mut z: Vec<f64> = bias.iter().map(|b| f64::from(*b)).collect();
            for (x, weights) in row.iter().zip(matrix.chunks_exact(bias.len())) {
                for (z, w) in z.iter_mut().zip(weights) {
                    *z += x * f64::from(*w);
                }
            }
            z
        })
        .collect()
}

/// The factor s on the weights, if z needs one.
fn scale(z: &[Vec<f64>], bias: &[f32], room: f64) -> Option<f64> {
    let biases: Vec<f64> = bias.iter().map(|b| f64::from(*b)).collect();
    let whole = covariance(z.iter().flatten(), z.iter().flatten());
    if (whole - 1.0).abs() < TOLERANCE || !whole.is_finite() || whole <= 0.0 {
        return None;
    }
    let repeated = || biases.iter().cycle().take(z.len() * biases.len());
    let of_bias = covariance(biases.iter(), biases.iter());
    // Cov(z, b) = C + B and Var z = F + 2C + B
    let mixed = covariance(z.iter().flatten(), repeated()) - of_bias;
    let fed = whole - 2.0 * mixed - of_bias;
    let scale = if of_bias < 1.0 {
        ((mixed * mixed + fed * (1.0 - of_bias)).sqrt() - mixed) / fed
    } else {
        // These few biases came out too large for their σ_b, so the weights get the part that is theirs on average.
        (room / fed).sqrt()
    };
    (scale.is_finite() && scale > 0.0).then_some(scale)
}

fn covariance<'a>(a: impl Iterator<Item = &'a f64> + Clone, b: impl Iterator<Item = &'a f64> + Clone) -> f64 {
    let count = a.clone().count() as f64;
    let means = (a.clone().sum::<f64>() / count, b.clone().sum::<f64>() / count);
    a.zip(b).map(|(a, b)| (a - means.0) * (b - means.1)).sum::<f64>() / count
}

/// Applies a norm to rows: to each by itself, or for BatchNorm to each unit over all of them.
fn normed(norm: Norm, rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    match norm {
        Norm::None => rows,
        Norm::Layer => rows.iter().map(|row| scaled(row, true)).collect(),
        Norm::Rms => rows.iter().map(|row| scaled(row, false)).collect(),
        Norm::Batch => {
            let units: Vec<Vec<f64>> = transposed(&rows).iter().map(|unit| scaled(unit, true)).collect();
            transposed(&units)
        }
    }
}

fn scaled(numbers: &[f64], centred: bool) -> Vec<f64> {
    let n = numbers.len() as f64;
    let mean = if centred { numbers.iter().sum::<f64>() / n } else { 0.0 };
    let square = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    numbers.iter().map(|x| (x - mean) / (square + EPSILON).sqrt()).collect()
}

fn transposed(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns = rows.first().map_or(0, Vec::len);
    (0..columns).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}
