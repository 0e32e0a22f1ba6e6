//! Histograms: a unit counts one column of a part of a tensor, so that no two units write to one place and there
//! are no atomics, which on WebGPU would have to be integers, while all that is read of a device is f32.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::{BEYOND, Bounds, COLUMNS, HISTOGRAM_PART, NEAR, SCALES, ZEROS};
use super::{allocate_contiguous, buffer, dims, launch_1d};
use crate::science::histogram::{BINS_PER_STD, HISTOGRAM_BINS};

/// The units of a cube.
const UNITS: u32 = 64;

/// The sizes of what is counted.
#[derive(CubeLaunch, CubeType)]
struct HistogramSizes {
    /// The numbers of one tensor.
    entries: usize,
    /// The parts of one tensor.
    parts: usize,
    /// The columns of all parts.
    length: usize,
}

/// How many numbers of each part of each tensor lie in each column.
pub(in super::super) fn histogram(inputs: [CubeTensor; 2], bounds: Bounds) -> [CubeTensor; 1] {
    let [x, scales] = inputs.map(into_contiguous);
    let [tensors, entries] = dims(&x);
    let parts = entries.div_ceil(HISTOGRAM_PART);
    let counts = allocate_contiguous(&x, [tensors, parts, COLUMNS]);
    let length = tensors * parts * COLUMNS;
    let (count, dim) = launch_1d(length, UNITS);
    histogram_columns::launch(
        &counts.client,
        count,
        dim,
        buffer(&x),
        buffer(&scales),
        buffer(&counts),
        HistogramSizesLaunch::new(entries, parts, length),
        bounds.low,
        bounds.high,
    );
    [counts]
}

#[cube(launch)]
fn histogram_columns(x: &[f32], scales: &[f32], counts: &mut [f32], sizes: &HistogramSizes, low: f32, high: f32) {
    let at = ABSOLUTE_POS;
    if at >= sizes.length {
        terminate!();
    }
    let column = at % COLUMNS;
    let part = at / COLUMNS % sizes.parts;
    let tensor = at / COLUMNS / sizes.parts;
    let largest = scales[tensor * SCALES];
    let first = scales[tensor * SCALES + 1];
    let mean = scales[tensor * SCALES + 2];
    let inverse = scales[tensor * SCALES + 3];
    let near = scales[tensor * SCALES + 4];
    let place = column as f32;
    let from = part * HISTOGRAM_PART;
    let to = min(from + HISTOGRAM_PART, sizes.entries);
    let mut count = 0.0f32;
    for index in from..to {
        let value = x[tensor * sizes.entries + index];
        let scaled = value / largest;
        let is_zero = select(value == 0.0f32, 1.0f32, 0.0f32);
        if column == ZEROS {
            count += is_zero;
        } else if column == NEAR {
            count += max(is_zero, select(scaled.abs() < near, 1.0f32, 0.0f32));
        } else if column == BEYOND {
            count += select(value < low, 1.0f32, 0.0f32) + select(value > high, 1.0f32, 0.0f32);
        } else {
            let bin = (((scaled - first) - mean) * inverse * BINS_PER_STD as f32).floor();
            let lowest = max(bin + (HISTOGRAM_BINS / 2 + 1) as f32, 0.0f32);
            let own = min(lowest, (HISTOGRAM_BINS + 1) as f32);
            count += select(own == place, 1.0f32 - is_zero, 0.0f32);
        }
    }
    counts[at] = count;
}
