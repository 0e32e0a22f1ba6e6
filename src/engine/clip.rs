//! Clipping a gradient whose norm is too large, as `torch.nn.utils.clip_grad_norm_` does it.
//!
//! ```text
//! g ← g/max(1, (‖g‖ + ε)/c)        ‖g‖ over all numbers that learn, of each network for itself
//! ```
//!
//! A norm leaves f32 only when it is itself too large: entries are divided by the largest before
//! they are squared. What is not finite does not become so.

use burn::tensor::Tensor;

use super::tap::FLOOR;

const EPSILON: f32 = 1e-6;

/// The gradients of all tensors `[R, rows, columns]`, clipped; 1/c is `[R, 1, 1]`, 0 for none.
pub(super) fn clip(gradients: Vec<Tensor<3>>, inverse: &Tensor<3>) -> Vec<Tensor<3>> {
    let flat = |gradient: &Tensor<3>| {
        let [replicas, rows, columns] = gradient.dims();
        gradient.clone().reshape([replicas, 1, rows * columns])
    };
    let all = Tensor::cat(gradients.iter().map(flat).collect(), 2); // [R, 1, N]
    let most = all.clone().max_abs_dim(2).clamp_min(FLOOR); // [R, 1, 1]
    let scaled = all / most.clone();
    let norm = (scaled.clone() * scaled).sum_dim(2).sqrt() * most;
    let excess = (norm.add_scalar(EPSILON) * inverse.clone()).clamp_min(1.0);
    gradients.into_iter().map(|gradient| gradient / excess.clone()).collect()
}
