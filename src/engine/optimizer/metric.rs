//! In which units an optimizer measures steps, number by number.

use super::{BETA_1, BETA_2, EPSILON, TensorPace};
use crate::lab::spec::Optimizer;

/// D of the update w ← w − η·D·m, for the numbers of one tensor: its pace, and under Adam what its second moments v
/// make of it after `updates` steps. Near a minimum such steps are stable as long as the largest eigenvalue of
/// D^½·H·D^½, which is that of D·H, keeps below a bound (Cohen et al. 2022, arXiv:2207.14484).
///
/// ```text
/// D = pace/((1 − β₁ᵗ)·(√(v/(1 − β₂ᵗ)) + ε)),  without second moments the pace alone
/// ```
///
/// A second moment that is not finite freezes its number: D is 0.
pub(in crate::engine) fn metric(optimizer: Optimizer, pace: TensorPace, moments: &[f32], updates: u64) -> Vec<f64> {
    if !matches!(optimizer, Optimizer::Adam | Optimizer::AdamW) {
        return vec![pace.factor; moments.len()];
    }
    let t = updates as f64;
    let (first, second) = (1.0 - libm::pow(BETA_1, t), 1.0 - libm::pow(BETA_2, t));
    let entry = |v: &f32| pace.factor / (first * ((f64::from(*v) / second).sqrt() + EPSILON));
    moments.iter().map(entry).collect()
}
