//! The kernels of a linear map: a unit makes four rows and four columns of a product. Columns are eight
//! apart where there are so many, so that units side by side read and write what stands side by side;
//! in a narrow product that would leave units without columns.

use burn_cubecl::cubecl;
use cubecl::prelude::*;

use super::activation::bend;
use crate::lab::spec::Activation;

/// z alone.
#[cube(launch)]
pub(super) fn linear(
    x: &[f32],
    w: &[f32],
    b: ComptimeOption<&[f32]>,
    z: &mut [f32],
    rows: usize,
    inner: usize,
    columns: usize,
    own_x: usize,
    own_b: usize,
    #[comptime] apart: usize,
    #[comptime] first: usize,
) {
    let replica = CUBE_POS_Z as usize;
    let row = ABSOLUTE_POS_Y as usize * 4;
    let column = CUBE_POS_X as usize * 32 + UNIT_POS_X as usize * first;
    if row >= rows || column >= columns {
        terminate!();
    }
    let sums = forward_tile(x, w, replica, row, column, rows, inner, columns, own_x, apart);
    #[unroll]
    for i in 0..4usize {
        #[unroll]
        for j in 0..4usize {
            if row + i < rows && column + apart * j < columns {
                let value = biased(sums[i * 4 + j], b, replica * own_b * columns + column + apart * j);
                z[(replica * rows + row + i) * columns + column + apart * j] = value;
            }
        }
    }
}

/// z, φ(z), φ'(z).
#[cube(launch)]
pub(super) fn bent(
    x: &[f32],
    w: &[f32],
    b: ComptimeOption<&[f32]>,
    z: &mut [f32],
    y: &mut [f32],
    slope: &mut [f32],
    rows: usize,
    inner: usize,
    columns: usize,
    own_x: usize,
    own_b: usize,
    leak: f32,
    #[comptime] activation: Activation,
    #[comptime] apart: usize,
    #[comptime] first: usize,
) {
    let replica = CUBE_POS_Z as usize;
    let row = ABSOLUTE_POS_Y as usize * 4;
    let column = CUBE_POS_X as usize * 32 + UNIT_POS_X as usize * first;
    if row >= rows || column >= columns {
        terminate!();
    }
    let sums = forward_tile(x, w, replica, row, column, rows, inner, columns, own_x, apart);
    #[unroll]
    for i in 0..4usize {
        #[unroll]
        for j in 0..4usize {
            if row + i < rows && column + apart * j < columns {
                let value = biased(sums[i * 4 + j], b, replica * own_b * columns + column + apart * j);
                let at = (replica * rows + row + i) * columns + column + apart * j;
                let (raised, steepness) = bend(value, leak, activation);
                z[at] = value;
                y[at] = raised;
                slope[at] = steepness;
            }
        }
    }
}

/// W̄ and b̄; b̄ is made by the units of the first rows.
#[cube(launch)]
pub(super) fn weights_back(
    x: &[f32],
    dy: &[f32],
    slope: ComptimeOption<&[f32]>,
    dw: &mut [f32],
    db: &mut [f32],
    rows: usize,
    inner: usize,
    columns: usize,
    own_x: usize,
    #[comptime] apart: usize,
    #[comptime] first: usize,
) {
    let replica = CUBE_POS_Z as usize;
    let line = ABSOLUTE_POS_Y as usize * 4;
    let column = CUBE_POS_X as usize * 32 + UNIT_POS_X as usize * first;
    if line >= inner || column >= columns {
        terminate!();
    }
    let from_x = replica * own_x * rows * inner;
    let from_y = replica * rows * columns;
    let mut sums = zeros(16usize);
    let mut biases = zeros(4usize);
    for row in 0..rows {
        let at_x = from_x + row * inner;
        let at_y = from_y + row * columns;
        let mut lefts = Array::<f32>::new(4usize);
        #[unroll]
        for i in 0..4usize {
            lefts[i] = x[at_x + min(line + i, inner - 1)];
        }
        #[unroll]
        for j in 0..4usize {
            let right = sloped(dy, slope, at_y + min(column + apart * j, columns - 1));
            biases[j] += right;
            add(&mut sums, &lefts, right, j);
        }
    }
    #[unroll]
    for j in 0..4usize {
        if line == 0 && column + apart * j < columns {
            db[replica * columns + column + apart * j] = biases[j];
        }
        #[unroll]
        for i in 0..4usize {
            if line + i < inner && column + apart * j < columns {
                dw[(replica * inner + line + i) * columns + column + apart * j] = sums[i * 4 + j];
            }
        }
    }
}

/// x̄.
#[cube(launch)]
pub(super) fn inputs_back(
    w: &[f32],
    dy: &[f32],
    slope: ComptimeOption<&[f32]>,
    dx: &mut [f32],
    rows: usize,
    inner: usize,
    columns: usize,
    #[comptime] apart: usize,
    #[comptime] first: usize,
) {
    let replica = CUBE_POS_Z as usize;
    let row = ABSOLUTE_POS_Y as usize * 4;
    let line = CUBE_POS_X as usize * 32 + UNIT_POS_X as usize * first;
    if row >= rows || line >= inner {
        terminate!();
    }
    let from_y = replica * rows * columns;
    let from_w = replica * inner * columns;
    let mut sums = zeros(16usize);
    for column in 0..columns {
        let mut lefts = Array::<f32>::new(4usize);
        #[unroll]
        for i in 0..4usize {
            lefts[i] = sloped(dy, slope, from_y + min(row + i, rows - 1) * columns + column);
        }
        #[unroll]
        for j in 0..4usize {
            let right = w[from_w + min(line + apart * j, inner - 1) * columns + column];
            add(&mut sums, &lefts, right, j);
        }
    }
    #[unroll]
    for i in 0..4usize {
        #[unroll]
        for j in 0..4usize {
            if row + i < rows && line + apart * j < inner {
                dx[(replica * rows + row + i) * inner + line + apart * j] = sums[i * 4 + j];
            }
        }
    }
}

/// x·W of a tile.
#[cube]
fn forward_tile(
    x: &[f32],
    w: &[f32],
    replica: usize,
    row: usize,
    column: usize,
    rows: usize,
    inner: usize,
    columns: usize,
    own_x: usize,
    #[comptime] apart: usize,
) -> Array<f32> {
    let from_x = replica * own_x * rows * inner;
    let from_w = replica * inner * columns;
    let mut sums = zeros(16usize);
    for k in 0..inner {
        let mut lefts = Array::<f32>::new(4usize);
        #[unroll]
        for i in 0..4usize {
            lefts[i] = x[from_x + min(row + i, rows - 1) * inner + k];
        }
        #[unroll]
        for j in 0..4usize {
            let right = w[from_w + k * columns + min(column + apart * j, columns - 1)];
            add(&mut sums, &lefts, right, j);
        }
    }
    sums
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

/// Adds a column of products.
#[cube]
fn add(sums: &mut Array<f32>, lefts: &Array<f32>, right: f32, #[comptime] j: usize) {
    #[unroll]
    for i in 0..4usize {
        sums[i * 4 + j] += lefts[i] * right;
    }
}

#[cube]
fn biased(value: f32, b: ComptimeOption<&[f32]>, at: usize) -> f32 {
    let mut sum = value;
    #[comptime]
    match b {
        ComptimeOption::Some(b) => sum += b[at],
        ComptimeOption::None => {}
    }
    sum
}

#[cube]
fn sloped(values: &[f32], slope: ComptimeOption<&[f32]>, at: usize) -> f32 {
    let mut value = values[at];
    #[comptime]
    match slope {
        ComptimeOption::Some(slope) => value *= slope[at],
        ComptimeOption::None => {}
    }
    value
}
