//! Layer-sequential unit variance (Mishkin & Matas 2015, arXiv:1511.06422): a start that is measured
//! instead of derived.
//!
//! ```text
//! for l = 1, 2, …:  W_l ← W_l/√Var(z_l)   until |Var(z_l) − 1| < tolerance,  z_l = in_l·W_l + b_l
//! ```
//!
//! In f64 and on the CPU, whatever the network is trained on, so that the first weights are the same
//! bits everywhere.

use super::activation::Activation;
use super::norm::{EPSILON, Norm, NormPosition};

/// |Var(z) − 1| that is good enough.
const TOLERANCE: f64 = 0.01;
/// Without biases one division is exact; with them it takes a few.
const MOST: usize = 20;

/// What a perceptron does between its matrices.
#[derive(Clone, Copy, Debug)]
pub struct Between {
    /// φ.
    pub activation: Activation,
    /// Normalization.
    pub norm: Norm,
    /// Where it stands.
    pub position: NormPosition,
    /// Whether each hidden layer but the first adds to its input.
    pub residual: bool,
}

/// Scales each matrix (row-major `[in, out]`, with its biases `[out]`) so that the layer's
/// pre-activations on these inputs have variance 1 over samples and units. A layer whose variance
/// is 0 or not finite cannot be scaled and stays as it is.
pub fn lsuv(layers: &mut [(Vec<f32>, Vec<f32>)], inputs: &[Vec<f64>], between: Between) {
    let last = layers.len().saturating_sub(1);
    let mut h: Vec<Vec<f64>> = inputs.to_vec();
    for (l, (matrix, bias)) in layers.iter_mut().enumerate() {
        let pre = between.position == NormPosition::Pre && l > 0;
        let read = if pre { normed(between.norm, h.clone()) } else { h.clone() };
        let mut z = product(&read, matrix, bias);
        for _ in 0..MOST {
            let variance = variance(&z);
            if (variance - 1.0).abs() < TOLERANCE || !variance.is_finite() || variance <= 0.0 {
                break;
            }
            let scale = 1.0 / variance.sqrt();
            matrix.iter_mut().for_each(|w| *w = (f64::from(*w) * scale) as f32);
            z = product(&read, matrix, bias);
        }
        if l == last {
            return;
        }
        if between.position == NormPosition::Inner {
            z = normed(between.norm, z);
        }
        for (row, z) in h.iter_mut().zip(z) {
            let phi = z.into_iter().map(|z| between.activation.apply(z));
            *row = if between.residual && l > 0 {
                row.iter().zip(phi).map(|(h, x)| h + x).collect()
            } else {
                phi.collect()
            };
        }
        if between.position == NormPosition::Post {
            h = normed(between.norm, h);
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

fn variance(rows: &[Vec<f64>]) -> f64 {
    let count = rows.iter().map(Vec::len).sum::<usize>() as f64;
    let mean = rows.iter().flatten().sum::<f64>() / count;
    rows.iter().flatten().map(|z| (z - mean) * (z - mean)).sum::<f64>() / count
}

/// Rows past a norm: each by itself, or unit by unit over all of them.
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
