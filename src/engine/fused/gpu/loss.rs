//! Cross-entropy: a cube makes the rows of a replica, each unit its share.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, dims, empty, own};

const UNITS: u32 = 128;

/// The mean of each replica, and z̄.
pub(super) fn cross_entropy(logits: CubeTensor, targets: CubeTensor) -> (CubeTensor, CubeTensor) {
    let [logits, targets] = [logits, targets].map(into_contiguous);
    let [replicas, rows, classes] = dims(&logits);
    let (loss, gradient) = (empty(&logits, [replicas]), empty(&logits, [replicas, rows, classes]));
    entropy::launch(
        &loss.client,
        CubeCount::Static(replicas as u32, 1, 1),
        CubeDim::new_1d(UNITS),
        buffer(&logits),
        buffer(&targets),
        buffer(&loss),
        buffer(&gradient),
        rows,
        classes,
        own(&targets),
        UNITS as usize,
    );
    (loss, gradient)
}

#[cube(launch)]
fn entropy(
    logits: &[f32],
    targets: &[f32],
    loss: &mut [f32],
    gradient: &mut [f32],
    rows: usize,
    classes: usize,
    own: usize,
    #[comptime] units: usize,
) {
    let replica = CUBE_POS_X as usize;
    let unit = UNIT_POS_X as usize;
    let mut losses = Shared::<[f32]>::new_slice(units);
    let mut own_loss = 0.0f32;
    let mut row = unit;
    while row < rows {
        let start = (replica * rows + row) * classes;
        let target = (replica * own * rows + row) * classes;
        let mut most = logits[start];
        for c in 1..classes {
            most = max(most, logits[start + c]);
        }
        let mut total = 0.0f32;
        let mut picked = 0.0f32;
        for c in 0..classes {
            let shifted = logits[start + c] - most; // none above 0: exp stays in range
            total += shifted.exp();
            let share = targets[target + c];
            // Where the logits span all of f32, those that are not the target may be infinitely below it.
            picked += select(share > 0.0f32, shifted * share, 0.0f32);
        }
        for c in 0..classes {
            let share = (logits[start + c] - most).exp() / total;
            gradient[start + c] = (share - targets[target + c]) / rows as f32;
        }
        own_loss += total.ln() - picked;
        row += units;
    }
    losses[unit] = own_loss;
    sync_cube();
    if unit == 0 {
        let mut sum = 0.0f32;
        for i in 0..units {
            sum += losses[i];
        }
        loss[replica] = sum / rows as f32;
    }
}
