//! LayerNorm and RMSNorm: a unit makes a row; on the way back, another launch sums over rows.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::Norm;
use super::{buffer, dims, empty, line, own};
use crate::science::norm::EPSILON;

/// Units of a cube. Few: a small network has few rows, which many cubes share better.
const UNITS: u32 = 32;

/// y, μ, 1/s.
pub(super) fn forward(inputs: [CubeTensor; 3], centers: bool) -> (CubeTensor, CubeTensor, CubeTensor) {
    let [x, gain, shift] = inputs.map(into_contiguous);
    let [replicas, rows, width] = dims(&x);
    let (y, mean, inverse) =
        (empty(&x, [replicas, rows, width]), empty(&x, [replicas, rows, 1]), empty(&x, [replicas, rows, 1]));
    let (count, dim) = line(replicas * rows, UNITS);
    normalize::launch(
        &y.client,
        count,
        dim,
        buffer(&x),
        buffer(&gain),
        centers.then(|| buffer(&shift)).into(),
        buffer(&y),
        buffer(&mean),
        buffer(&inverse),
        replicas * rows,
        rows,
        width,
        own(&gain),
        EPSILON as f32,
    );
    (y, mean, inverse)
}

/// x̄, ḡ, b̄.
pub(super) fn back(inputs: [CubeTensor; 6], form: Norm) -> (CubeTensor, CubeTensor, CubeTensor) {
    let [x, gain, mean, inverse, dy, elsewhere] = inputs.map(into_contiguous);
    let [replicas, rows, width] = dims(&x);
    let dx = empty(&x, [replicas, rows, width]);
    let (dgain, dshift) = (empty(&x, [replicas, 1, width]), empty(&x, [replicas, 1, width]));
    let (count, dim) = line(replicas * rows, UNITS);
    rows_back::launch(
        &dx.client,
        count,
        dim,
        buffer(&x),
        buffer(&gain),
        buffer(&mean),
        buffer(&inverse),
        buffer(&dy),
        form.joins.then(|| buffer(&elsewhere)).into(),
        buffer(&dx),
        replicas * rows,
        rows,
        width,
        own(&gain),
        form.centers,
    );
    let (count, dim) = line(replicas * width, UNITS);
    columns_back::launch(
        &dx.client,
        count,
        dim,
        buffer(&x),
        buffer(&mean),
        buffer(&inverse),
        buffer(&dy),
        buffer(&dgain),
        buffer(&dshift),
        replicas * width,
        rows,
        width,
    );
    (dx, dgain, dshift)
}

#[cube(launch)]
fn normalize(
    x: &[f32],
    gain: &[f32],
    shift: ComptimeOption<&[f32]>,
    y: &mut [f32],
    means: &mut [f32],
    inverses: &mut [f32],
    lines: usize,
    rows: usize,
    width: usize,
    own: usize,
    epsilon: f32,
) {
    let row = ABSOLUTE_POS;
    if row >= lines {
        terminate!();
    }
    let start = row * width;
    let from = row / rows * own * width;
    let mut mean = 0.0f32;
    if comptime!(shift.is_some()) {
        for i in 0..width {
            mean += x[start + i];
        }
        mean /= width as f32;
    }
    let mut square = 0.0f32;
    for i in 0..width {
        let away = x[start + i] - mean;
        square += away * away;
    }
    let inverse = 1.0f32 / (square / width as f32 + epsilon).sqrt();
    for i in 0..width {
        let normed = (x[start + i] - mean) * inverse * gain[from + i];
        #[comptime]
        match shift {
            ComptimeOption::Some(shift) => y[start + i] = normed + shift[from + i],
            ComptimeOption::None => y[start + i] = normed,
        }
    }
    means[row] = mean;
    inverses[row] = inverse;
}

/// x̄, added to what x has from elsewhere: x̄ = (u − ⟨u⟩ − x̂⟨u⊙x̂⟩)/s,   u = ȳ⊙g;   for RMSNorm without ⟨u⟩.
#[cube(launch)]
fn rows_back(
    x: &[f32],
    gain: &[f32],
    means: &[f32],
    inverses: &[f32],
    dy: &[f32],
    elsewhere: ComptimeOption<&[f32]>,
    dx: &mut [f32],
    lines: usize,
    rows: usize,
    width: usize,
    own: usize,
    #[comptime] centers: bool,
) {
    let row = ABSOLUTE_POS;
    if row >= lines {
        terminate!();
    }
    let start = row * width;
    let from = row / rows * own * width;
    let mean = means[row];
    let inverse = inverses[row];
    let mut along = 0.0f32;
    let mut middle = 0.0f32;
    for i in 0..width {
        let u = dy[start + i] * gain[from + i];
        along += u * (x[start + i] - mean) * inverse;
        if comptime!(centers) {
            middle += u;
        }
    }
    along /= width as f32;
    middle /= width as f32;
    for i in 0..width {
        let u = dy[start + i] * gain[from + i];
        let slope = (u - middle - (x[start + i] - mean) * inverse * along) * inverse;
        #[comptime]
        match elsewhere {
            ComptimeOption::Some(elsewhere) => dx[start + i] = slope + elsewhere[start + i],
            ComptimeOption::None => dx[start + i] = slope,
        }
    }
}

/// ḡ = Σ ȳ⊙x̂ and b̄ = Σ ȳ over the rows of a replica.
#[cube(launch)]
fn columns_back(
    x: &[f32],
    means: &[f32],
    inverses: &[f32],
    dy: &[f32],
    dgain: &mut [f32],
    dshift: &mut [f32],
    columns: usize,
    rows: usize,
    width: usize,
) {
    let column = ABSOLUTE_POS;
    if column >= columns {
        terminate!();
    }
    let from = column / width * rows;
    let i = column % width;
    let mut gain = 0.0f32;
    let mut shift = 0.0f32;
    for row in from..from + rows {
        let slope = dy[row * width + i];
        gain += slope * (x[row * width + i] - means[row]) * inverses[row];
        shift += slope;
    }
    dgain[column] = gain;
    dshift[column] = shift;
}
