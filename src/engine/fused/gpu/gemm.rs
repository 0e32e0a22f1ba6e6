//! The products of a linear map as kernels, with BLAS's names.
//!
//! ```text
//! C = A·B for each replica        C `[m, n]`, A `[m, k]`, B `[k, n]`; in memory A or B may be the transpose
//! ```
//!
//! A unit makes a tile of four rows and four columns of C. Its columns are eight
//! apart where there are so many, so that units side by side read and write what stands side by side;
//! in a narrow product that would leave units without columns.

use burn_cubecl::cubecl;
use cubecl::prelude::*;

use super::activation::value_and_derivative;
use crate::lab::spec::Activation;

/// A tile has so many rows and as many columns.
pub(super) const TILE: usize = 4;
/// A cube has so many units along each axis.
pub(super) const UNITS: usize = 8;

/// The sizes of a product, and how its tiles lie.
#[derive(CubeLaunch, CubeType)]
pub(super) struct GemmSizes {
    m: usize,
    n: usize,
    k: usize,
    /// The distance from one replica's A to the next; 0 where all replicas share one.
    stride_a: usize,
    /// The same for B.
    stride_b: usize,
    /// The distance from one column of a tile to the next.
    #[cube(comptime)]
    column_stride: usize,
    /// The distance from the first column of one unit to that of the next.
    #[cube(comptime)]
    unit_stride: usize,
}

/// Z = X·W + b, and with an activation φ(Z) and φ'(Z).
#[cube(launch)]
pub(super) fn gemm_epilogue(
    x: &[f32],
    w: &[f32],
    bias: ComptimeOption<&[f32]>,
    z: &mut [f32],
    mut y: ComptimeOption<&mut [f32]>,
    mut derivative: ComptimeOption<&mut [f32]>,
    sizes: &GemmSizes,
    stride_bias: usize,
    leak: f32,
    #[comptime] activation: Activation,
) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k);
    let replica = CUBE_POS_Z as usize;
    let row = ABSOLUTE_POS_Y as usize * TILE;
    let column = first_column(sizes);
    let column_stride = comptime!(sizes.column_stride);
    if row >= m || column >= n {
        terminate!();
    }
    let (from_a, from_b) = (replica * sizes.stride_a, replica * sizes.stride_b);
    let mut sums = zeros(TILE * TILE);
    for p in 0..k {
        let mut left = Array::<f32>::new(TILE);
        #[unroll]
        for i in 0..TILE {
            left[i] = x[from_a + min(row + i, m - 1) * k + p];
        }
        #[unroll]
        for j in 0..TILE {
            let right = w[from_b + p * n + min(column + column_stride * j, n - 1)];
            add_outer_product(&mut sums, &left, right, j);
        }
    }
    #[unroll]
    for i in 0..TILE {
        #[unroll]
        for j in 0..TILE {
            if row + i < m && column + column_stride * j < n {
                let value = add_bias(sums[i * TILE + j], bias, replica * stride_bias + column + column_stride * j);
                let at = (replica * m + row + i) * n + column + column_stride * j;
                z[at] = value;
                if comptime!(activation != Activation::Linear) {
                    let (activated, slope) = value_and_derivative(value, leak, activation);
                    store(&mut y, at, activated);
                    store(&mut derivative, at, slope);
                }
            }
        }
    }
}

/// W̄ = Xᵀ·Z̄ and b̄, the sums of Z̄'s columns, which the units of the first rows store.
#[cube(launch)]
pub(super) fn gemm_weights_back(
    x: &[f32],
    dy: &[f32],
    derivative: ComptimeOption<&[f32]>,
    dw: &mut [f32],
    db: &mut [f32],
    sizes: &GemmSizes,
) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k);
    let replica = CUBE_POS_Z as usize;
    let row = ABSOLUTE_POS_Y as usize * TILE;
    let column = first_column(sizes);
    let column_stride = comptime!(sizes.column_stride);
    if row >= m || column >= n {
        terminate!();
    }
    let (from_a, from_b) = (replica * sizes.stride_a, replica * sizes.stride_b);
    let mut sums = zeros(TILE * TILE);
    let mut column_sums = zeros(TILE);
    for p in 0..k {
        let from_x = from_a + p * m;
        let from_y = from_b + p * n;
        let mut left = Array::<f32>::new(TILE);
        #[unroll]
        for i in 0..TILE {
            left[i] = x[from_x + min(row + i, m - 1)];
        }
        #[unroll]
        for j in 0..TILE {
            let right = preactivation_back(dy, derivative, from_y + min(column + column_stride * j, n - 1));
            column_sums[j] += right;
            add_outer_product(&mut sums, &left, right, j);
        }
    }
    store_tile(dw, &sums, row, column, sizes);
    #[unroll]
    for j in 0..TILE {
        if row == 0 && column + column_stride * j < n {
            db[replica * n + column + column_stride * j] = column_sums[j];
        }
    }
}

/// X̄ = Z̄·Wᵀ.
#[cube(launch)]
pub(super) fn gemm_inputs_back(
    dy: &[f32],
    derivative: ComptimeOption<&[f32]>,
    w: &[f32],
    dx: &mut [f32],
    sizes: &GemmSizes,
) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k);
    let replica = CUBE_POS_Z as usize;
    let row = ABSOLUTE_POS_Y as usize * TILE;
    let column = first_column(sizes);
    let column_stride = comptime!(sizes.column_stride);
    if row >= m || column >= n {
        terminate!();
    }
    let (from_a, from_b) = (replica * sizes.stride_a, replica * sizes.stride_b);
    let mut sums = zeros(TILE * TILE);
    for p in 0..k {
        let mut left = Array::<f32>::new(TILE);
        #[unroll]
        for i in 0..TILE {
            let at = from_a + min(row + i, m - 1) * k + p;
            left[i] = preactivation_back(dy, derivative, at);
        }
        #[unroll]
        for j in 0..TILE {
            let right = w[from_b + min(column + column_stride * j, n - 1) * k + p];
            add_outer_product(&mut sums, &left, right, j);
        }
    }
    store_tile(dx, &sums, row, column, sizes);
}

/// The first column of a unit's tile.
#[cube]
fn first_column(sizes: &GemmSizes) -> usize {
    CUBE_POS_X as usize * (TILE * UNITS) + UNIT_POS_X as usize * sizes.unit_stride
}

#[cube]
fn zeros(#[comptime] length: usize) -> Array<f32> {
    let mut sums = Array::<f32>::new(length);
    #[unroll]
    for i in 0..length {
        sums[i] = 0.0f32;
    }
    sums
}

/// Adds column j of the outer product of a column of A and a row of B.
#[cube]
fn add_outer_product(sums: &mut Array<f32>, left: &Array<f32>, right: f32, #[comptime] j: usize) {
    #[unroll]
    for i in 0..TILE {
        sums[i * TILE + j] += left[i] * right;
    }
}

#[cube]
fn add_bias(value: f32, bias: ComptimeOption<&[f32]>, at: usize) -> f32 {
    let mut sum = value;
    #[comptime]
    match bias {
        ComptimeOption::Some(bias) => sum += bias[at],
        ComptimeOption::None => {}
    }
    sum
}

/// An entry of Z̄ = Ȳ⊙φ'(Z); a linear map has no φ'.
#[cube]
fn preactivation_back(dy: &[f32], derivative: ComptimeOption<&[f32]>, at: usize) -> f32 {
    let mut value = dy[at];
    #[comptime]
    match derivative {
        ComptimeOption::Some(derivative) => value *= derivative[at],
        ComptimeOption::None => {}
    }
    value
}

/// Stores a tile as far as C has rows and columns.
#[cube]
fn store_tile(c: &mut [f32], sums: &Array<f32>, row: usize, column: usize, sizes: &GemmSizes) {
    let column_stride = comptime!(sizes.column_stride);
    #[unroll]
    for i in 0..TILE {
        #[unroll]
        for j in 0..TILE {
            if row + i < sizes.m && column + column_stride * j < sizes.n {
                let at = (CUBE_POS_Z as usize * sizes.m + row + i) * sizes.n + column + column_stride * j;
                c[at] = sums[i * TILE + j];
            }
        }
    }
}

/// Stores a number where there is an output for it.
#[cube]
fn store(output: &mut ComptimeOption<&mut [f32]>, at: usize, value: f32) {
    #[comptime]
    match output {
        ComptimeOption::Some(output) => output[at] = value,
        ComptimeOption::None => {}
    }
}
