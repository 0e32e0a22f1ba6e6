//! Cross-entropy, a row at a time.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::lanes::{change, largest, sum};
use super::{contiguous, dims, numbers, of_replica, tensor};

/// The mean of each replica, and z̄.
pub(super) fn cross_entropy(logits: FlexTensor, targets: FlexTensor) -> (FlexTensor, FlexTensor) {
    let [logits, targets] = [logits, targets].map(contiguous);
    let [replicas, rows, classes] = dims(&logits);
    let own = dims::<3>(&targets)[0];
    let mut gradient = numbers(&logits).to_vec();
    let mut losses = vec![0.0; replicas];
    let share = f32x4::splat(1.0 / rows as f32);
    for (index, row) in gradient.chunks_exact_mut(classes).enumerate() {
        let (r, at) = (index / rows, index % rows * classes);
        let targets = &of_replica(numbers(&targets), own, r)[at..at + classes];
        let most = f32x4::splat(largest(row));
        change(row, [], |z, []| z - most); // none above 0: exp stays in range
        // Where the logits span all of f32, those that are not the target may be infinitely below it.
        let picked = sum([row, targets], |[z, target]| target.simd_gt(f32x4::ZERO).select(z * target, f32x4::ZERO));
        change(row, [], |z, []| z.exp());
        let total = sum([row], |[z]| z);
        losses[r] += total.ln() - picked;
        let scale = f32x4::splat(1.0 / total);
        change(row, [targets], |z, [target]| (z * scale - target) * share);
    }
    losses.iter_mut().for_each(|loss| *loss /= rows as f32);
    (tensor(losses, [replicas]), tensor(gradient, [replicas, rows, classes]))
}
