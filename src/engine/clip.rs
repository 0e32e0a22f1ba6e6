//! Clipping a gradient whose norm is too large, as `torch.nn.utils.clip_grad_norm_` does it.
//!
//! ```text
//! g ← g/max(1, (‖g‖ + ε)/c)        ‖g‖ over all numbers that learn, of each network for itself
//! ```
//!
//! A norm leaves f32 only when it is itself too large: entries are divided by the largest before
//! they are squared. What is not finite does not become so.

use burn::tensor::Tensor;

use super::fused::DIVISOR_FLOOR;
use super::part::{JOINED, join, parts};

const EPSILON: f32 = 1e-6;

/// Clips the gradients of all tensors `[R, rows, columns]`; 1/c is `[R, 1, 1]`, and 0 where nothing is clipped.
pub(super) fn clip(gradients: Vec<Tensor<3>>, inverse: &Tensor<3>) -> Vec<Tensor<3>> {
    let flat = |gradient: &Tensor<3>| {
        let [replicas, rows, columns] = gradient.dims();
        gradient.clone().reshape([replicas, 1, rows * columns])
    };
    let flat: Vec<Tensor<3>> = gradients.iter().map(flat).collect();
    let sizes = flat.iter().map(|gradient| gradient.shape().num_elements());
    let joins: Vec<Tensor<3>> = parts(sizes, JOINED).into_iter().map(|part| join(&flat[part], 2)).collect(); // [R, 1, N]
    let all = |numbers: Vec<Tensor<3>>| join(&numbers, 2); // [R, 1, joins]
    let largest =
        all(joins.iter().map(|join| join.clone().max_abs_dim(2)).collect()).max_dim(2).clamp_min(DIVISOR_FLOOR); // [R, 1, 1]
    let square = |join: Tensor<3>| {
        let scaled = join / largest.clone();
        (scaled.clone() * scaled).sum_dim(2)
    };
    let norm = all(joins.into_iter().map(square).collect()).sum_dim(2).sqrt() * largest;
    let excess = (norm.add_scalar(EPSILON) * inverse.clone()).clamp_min(1.0);
    gradients.into_iter().map(|gradient| gradient / excess.clone()).collect()
}
