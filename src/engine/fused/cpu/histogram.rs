//! Histograms, a part of a tensor at a time.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::{BEYOND, Bounds, COLUMNS, HISTOGRAM_PART, NEAR, SCALES, ZEROS};
use super::lanes::LANES;
use super::{contiguous, dims, numbers, tensor};
use crate::science::histogram::{BINS_PER_STD, HISTOGRAM_BINS};

/// How many numbers of each part of each tensor lie in each column.
pub(in super::super) fn histogram(inputs: [FlexTensor; 2], bounds: Bounds) -> [FlexTensor; 1] {
    let [x, scales] = inputs.map(contiguous);
    let [tensors, entries] = dims(&x);
    let parts = entries.div_ceil(HISTOGRAM_PART);
    let mut all = Vec::with_capacity(tensors * parts * COLUMNS);
    for (row, scales) in numbers(&x).chunks_exact(entries).zip(numbers(&scales).chunks_exact(SCALES)) {
        for part in row.chunks(HISTOGRAM_PART) {
            all.extend(count(part, scales, bounds).map(|count| count as f32));
        }
    }
    [tensor(all, [tensors, parts, COLUMNS])]
}

fn count(part: &[f32], scales: &[f32], bounds: Bounds) -> [u32; COLUMNS] {
    let &[largest, first, mean, inverse, near] = scales else { return [0; COLUMNS] };
    let [largest, first, mean, inverse, near] = [largest, first, mean, inverse, near].map(f32x4::splat);
    let [low, high] = [bounds.low, bounds.high].map(f32x4::splat);
    let bins_per_std = f32x4::splat(BINS_PER_STD as f32);
    let [column_of_mean, last] = [HISTOGRAM_BINS / 2 + 1, HISTOGRAM_BINS + 1].map(|column| f32x4::splat(column as f32));
    let [zeros, nowhere] = [ZEROS, COLUMNS].map(|column| f32x4::splat(column as f32));
    // What lies in no column, NaN, is counted behind the last.
    let mut counts = [0; COLUMNS + 1];
    let mut add = |x: f32x4| {
        let is_zero = x.simd_eq(f32x4::ZERO);
        let scaled = x / largest;
        let is_near = scaled.abs().simd_lt(near) | is_zero;
        let is_beyond = x.simd_lt(low) | x.simd_gt(high);
        counts[NEAR] += is_near.to_bitmask().count_ones();
        counts[BEYOND] += is_beyond.to_bitmask().count_ones();
        // Eighths of a standard deviation are powers of two, so a number falls into its bin without rounding.
        let bin = (((scaled - first) - mean) * inverse * bins_per_std).floor();
        let column = (bin + column_of_mean).fast_max(f32x4::ZERO).fast_min(last);
        let column = is_zero.select(zeros, bin.is_nan().select(nowhere, column));
        column.fast_trunc_int().to_array().into_iter().for_each(|column| counts[column as usize] += 1);
    };
    let (parts, rest) = part.as_chunks::<LANES>();
    parts.iter().for_each(|x| add(f32x4::new(*x)));
    if !rest.is_empty() {
        let mut lanes = [f32::NAN; LANES];
        lanes[..rest.len()].copy_from_slice(rest);
        add(f32x4::new(lanes));
    }
    std::array::from_fn(|column| counts[column])
}
