//! Cross-entropy, the one loss of the lab.
//!
//! ```text
//! loss = −⟨ ln softmax(z)[target] ⟩ = ⟨ ln Σ eᶻ − z[target] ⟩        in nats, over N rows
//! z̄    = (softmax(z) − 1[target])/N
//! ```
//!
//! Targets come as one-hot rows: picking by index has a slow backward on WebGPU, and Burn's own
//! `one_hot` reads the tensor back, which panics there.

use burn::tensor::{Int, Tensor};

use super::fused;

/// One-hot rows `[1, N, classes]` of indices `[N]`, made on the device by comparison with all classes `[classes]`.
pub fn one_hot(indices: Tensor<1, Int>, classes: &Tensor<1, Int>) -> Tensor<3> {
    let [rows] = indices.dims();
    let [count] = classes.dims();
    let indices = indices.reshape([1, rows, 1]).expand([1, rows, count]);
    let classes = classes.clone().reshape([1, 1, count]).expand([1, rows, count]);
    indices.equal(classes).float()
}

/// The mean cross-entropy of each replica, `[R]`, of logits `[R, N, C]` and one-hot targets `[1, N, C]`, and
/// its derivative with respect to the logits.
pub(crate) fn with_gradient(logits: Tensor<3>, targets: Tensor<3>) -> (Tensor<1>, Tensor<3>) {
    fused::cross_entropy(logits, targets)
}

/// The mean cross-entropy of each replica alone, `[R]`.
pub fn cross_entropy(logits: Tensor<3>, targets: Tensor<3>) -> Tensor<1> {
    with_gradient(logits, targets).0
}

/// The share of rows whose target has the largest logit, `[R]`.
///
/// A tie is a guess: where k classes share the largest logit, the target among them counts 1/k, which
/// is how often a fair draw between them is right. A network that starts from zeros is right once in C.
/// A row with a NaN is not right, whatever its other logits are.
pub fn accuracy(logits: Tensor<3>, targets: Tensor<3>) -> Tensor<1> {
    let [replicas, rows, classes] = logits.dims();
    let best = logits.clone().max_dim(2).expand([replicas, rows, classes]); // [R, N, C]
    let leads = logits.clone().equal(best.clone()).float();
    // Nothing is above the largest; a NaN is not below it either. These are sums of comparisons and no test for
    // NaN, because a shader's compiler may take it that there is none.
    let ordered = logits.lower_equal(best).float().sum_dim(2).greater_equal_elem(classes as f32).float(); // [R, N, 1]
    let ties = leads.clone().sum_dim(2).clamp_min(1.0);
    let right = (leads * targets).sum_dim(2) / ties * ordered;
    right.sum_dims(&[1, 2]).reshape([replicas]).div_scalar(rows as f32)
}
