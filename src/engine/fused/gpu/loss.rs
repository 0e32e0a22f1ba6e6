//! Cross-entropy: a cube makes the rows of a replica, each unit its share.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{allocate_contiguous, buffer, dims, replica_stride};

/// The units of a cube.
const UNITS: usize = 128;

/// The mean of each replica, and z̄.
pub(in super::super) fn cross_entropy(inputs: [CubeTensor; 2]) -> [CubeTensor; 2] {
    let [logits, targets] = inputs.map(into_contiguous);
    let [replicas, rows, classes] = dims(&logits);
    let loss = allocate_contiguous(&logits, [replicas]);
    let gradient = allocate_contiguous(&logits, [replicas, rows, classes]);
    cross_entropy_rows::launch(
        &loss.client,
        CubeCount::Static(replicas as u32, 1, 1),
        CubeDim::new_1d(UNITS as u32),
        buffer(&logits),
        buffer(&targets),
        buffer(&loss),
        buffer(&gradient),
        rows,
        classes,
        replica_stride(&targets),
    );
    [loss, gradient]
}

#[cube(launch)]
fn cross_entropy_rows(
    logits: &[f32],
    targets: &[f32],
    loss: &mut [f32],
    gradient: &mut [f32],
    rows: usize,
    classes: usize,
    target_stride: usize,
) {
    let replica = CUBE_POS_X as usize;
    let unit = UNIT_POS_X as usize;
    let mut losses = Shared::<[f32]>::new_slice(UNITS);
    let mut own_loss = 0.0f32;
    let mut row = unit;
    while row < rows {
        let start = (replica * rows + row) * classes;
        let target = replica * target_stride + row * classes;
        let mut maximum = logits[start];
        for c in 1..classes {
            maximum = max(maximum, logits[start + c]);
        }
        let mut total = 0.0f32;
        let mut target_logit = 0.0f32;
        for c in 0..classes {
            let shifted = logits[start + c] - maximum; // none is above 0, so exp stays in range
            total += shifted.exp();
            let share = targets[target + c];
            // Where the logits span all of f32, those that are not the target may be infinitely below it.
            target_logit += select(share > 0.0f32, shifted * share, 0.0f32);
        }
        for c in 0..classes {
            let share = (logits[start + c] - maximum).exp() / total;
            gradient[start + c] = (share - targets[target + c]) / rows as f32;
        }
        own_loss += total.ln() - target_logit;
        row += UNITS;
    }
    losses[unit] = own_loss;
    sync_cube();
    if unit == 0 {
        let mut sum = 0.0f32;
        for i in 0..UNITS {
            sum += losses[i];
        }
        loss[replica] = sum / rows as f32;
    }
}
