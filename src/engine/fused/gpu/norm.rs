//! LayerNorm and RMSNorm: a unit makes a row; backward, another launch sums over rows.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::NormBackward;
use super::{allocate_contiguous, buffer, dims, launch_1d, replica_stride};
use crate::science::norm::EPSILON;

/// The units of a cube. They are few: a small network has few rows, which many cubes share better.
const UNITS: u32 = 32;

/// The sizes of the rows of a norm.
#[derive(CubeLaunch, CubeType)]
struct NormSizes {
    /// The rows of all replicas.
    count: usize,
    /// The rows of one replica.
    rows: usize,
    width: usize,
    /// The distance from one replica's gain to the next; 0 where all replicas share one.
    gain_stride: usize,
}

/// y, μ and 1/s.
pub(in super::super) fn normalize(inputs: [CubeTensor; 3], centers: bool) -> [CubeTensor; 3] {
    let [x, gain, shift] = inputs.map(into_contiguous);
    let [replicas, rows, width] = dims(&x);
    let [y, mean, inverse] = [width, 1, 1].map(|width| allocate_contiguous(&x, [replicas, rows, width]));
    let (count, dim) = launch_1d(replicas * rows, UNITS);
    normalize_rows::launch(
        &y.client,
        count,
        dim,
        buffer(&x),
        buffer(&gain),
        centers.then(|| buffer(&shift)).into(),
        buffer(&y),
        buffer(&mean),
        buffer(&inverse),
        NormSizesLaunch::new(replicas * rows, rows, width, replica_stride(&gain)),
        EPSILON as f32,
    );
    [y, mean, inverse]
}

/// x̄, ḡ and b̄.
pub(in super::super) fn normalize_back(inputs: [CubeTensor; 6], norm: NormBackward) -> [CubeTensor; 3] {
    let [x, gain, mean, inverse, dy, elsewhere] = inputs.map(into_contiguous);
    let [replicas, rows, width] = dims(&x);
    let [dx, dgain, dshift] = [rows, 1, 1].map(|rows| allocate_contiguous(&x, [replicas, rows, width]));
    let (count, dim) = launch_1d(replicas * rows, UNITS);
    normalize_rows_back::launch(
        &dx.client,
        count,
        dim,
        buffer(&x),
        buffer(&gain),
        buffer(&mean),
        buffer(&inverse),
        buffer(&dy),
        norm.accumulates.then(|| buffer(&elsewhere)).into(),
        buffer(&dx),
        NormSizesLaunch::new(replicas * rows, rows, width, replica_stride(&gain)),
        norm.centers,
    );
    let (count, dim) = launch_1d(replicas * width, UNITS);
    sum_rows_back::launch(
        &dx.client,
        count,
        dim,
        buffer(&x),
        buffer(&mean),
        buffer(&inverse),
        buffer(&dy),
        buffer(&dgain),
        buffer(&dshift),
        NormSizesLaunch::new(replicas * rows, rows, width, replica_stride(&gain)),
    );
    [dx, dgain, dshift]
}

#[cube(launch)]
fn normalize_rows(
    x: &[f32],
    gain: &[f32],
    shift: ComptimeOption<&[f32]>,
    y: &mut [f32],
    means: &mut [f32],
    inverses: &mut [f32],
    sizes: &NormSizes,
    epsilon: f32,
) {
    let row = ABSOLUTE_POS;
    if row >= sizes.count {
        terminate!();
    }
    let width = sizes.width;
    let start = row * width;
    let from = row / sizes.rows * sizes.gain_stride;
    let mut mean = 0.0f32;
    if comptime!(shift.is_some()) {
        for i in 0..width {
            mean += x[start + i];
        }
        mean /= width as f32;
    }
    let mut squares = 0.0f32;
    for i in 0..width {
        let centered = x[start + i] - mean;
        squares += centered * centered;
    }
    let inverse = 1.0f32 / (squares / width as f32 + epsilon).sqrt();
    for i in 0..width {
        let scaled = (x[start + i] - mean) * inverse * gain[from + i];
        #[comptime]
        match shift {
            ComptimeOption::Some(shift) => y[start + i] = scaled + shift[from + i],
            ComptimeOption::None => y[start + i] = scaled,
        }
    }
    means[row] = mean;
    inverses[row] = inverse;
}

/// x̄ = (u − ⟨u⟩ − x̂⟨u⊙x̂⟩)/s,   u = ȳ⊙g, for RMSNorm without ⟨u⟩; added to the gradient from elsewhere.
#[cube(launch)]
fn normalize_rows_back(
    x: &[f32],
    gain: &[f32],
    means: &[f32],
    inverses: &[f32],
    dy: &[f32],
    elsewhere: ComptimeOption<&[f32]>,
    dx: &mut [f32],
    sizes: &NormSizes,
    #[comptime] centers: bool,
) {
    let row = ABSOLUTE_POS;
    if row >= sizes.count {
        terminate!();
    }
    let width = sizes.width;
    let start = row * width;
    let from = row / sizes.rows * sizes.gain_stride;
    let mean = means[row];
    let inverse = inverses[row];
    let mut projection = 0.0f32;
    let mut u_mean = 0.0f32;
    for i in 0..width {
        let u = dy[start + i] * gain[from + i];
        projection += u * (x[start + i] - mean) * inverse;
        if comptime!(centers) {
            u_mean += u;
        }
    }
    projection /= width as f32;
    u_mean /= width as f32;
    for i in 0..width {
        let u = dy[start + i] * gain[from + i];
        let gradient = (u - u_mean - (x[start + i] - mean) * inverse * projection) * inverse;
        #[comptime]
        match elsewhere {
            ComptimeOption::Some(elsewhere) => dx[start + i] = gradient + elsewhere[start + i],
            ComptimeOption::None => dx[start + i] = gradient,
        }
    }
}

/// ḡ = Σ ȳ⊙x̂ and b̄ = Σ ȳ over the rows of a replica: a unit makes a column.
#[cube(launch)]
fn sum_rows_back(
    x: &[f32],
    means: &[f32],
    inverses: &[f32],
    dy: &[f32],
    dgain: &mut [f32],
    dshift: &mut [f32],
    sizes: &NormSizes,
) {
    let (rows, width) = (sizes.rows, sizes.width);
    let column = ABSOLUTE_POS;
    if column >= sizes.count / rows * width {
        terminate!();
    }
    let from = column / width * rows;
    let i = column % width;
    let mut gain = 0.0f32;
    let mut shift = 0.0f32;
    for row in from..from + rows {
        let gradient = dy[row * width + i];
        gain += gradient * (x[row * width + i] - means[row]) * inverses[row];
        shift += gradient;
    }
    dgain[column] = gain;
    dshift[column] = shift;
}
