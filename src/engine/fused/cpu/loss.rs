//! Cross-entropy, a row at a time.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::lanes::{map_in_place, maximum, sum};
use super::{contiguous, dims, numbers, of_replica, tensor};

/// The mean of each replica, and z̄.
pub(in super::super) fn cross_entropy(inputs: [FlexTensor; 2]) -> [FlexTensor; 2] {
    let [logits, targets] = inputs.map(contiguous);
    let [replicas, rows, classes] = dims(&logits);
    let mut gradient = numbers(&logits).to_vec();
    let mut losses = vec![0.0; replicas];
    let share = f32x4::splat(1.0 / rows as f32);
    for (index, row) in gradient.chunks_exact_mut(classes).enumerate() {
        let (r, at) = (index / rows, index % rows * classes);
        let targets = &of_replica(&targets, r)[at..at + classes];
        let max = f32x4::splat(maximum(row));
        map_in_place(row, [], |z, []| z - max); // none is above 0, so exp stays in range
        // Where the logits span all of f32, those that are not the target may be infinitely below it.
        let of_target = |[z, target]: [f32x4; 2]| target.simd_gt(f32x4::ZERO).select(z * target, f32x4::ZERO);
        let target_logit = sum([row, targets], of_target);
        map_in_place(row, [], |z, []| z.exp());
        let total = sum([row], |[z]| z);
        losses[r] += total.ln() - target_logit;
        let scale = f32x4::splat(1.0 / total);
        map_in_place(row, [targets], |z, [target]| (z * scale - target) * share);
    }
    losses.iter_mut().for_each(|loss| *loss /= rows as f32);
    [tensor(losses, [replicas]), tensor(gradient, [replicas, rows, classes])]
}
