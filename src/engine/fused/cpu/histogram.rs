//! Histograms, a part of a tensor at a time.

use burn::backend::flex::FlexTensor;

use super::super::{BEYOND, Bounds, COLUMNS, HISTOGRAM_PART, NEAR, SCALES, ZEROS};
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
    let mut counts = [0; COLUMNS];
    for x in part {
        let scaled = x / largest;
        counts[NEAR] += u32::from(scaled.abs() < near || *x == 0.0);
        counts[BEYOND] += u32::from(*x < bounds.low || *x > bounds.high);
        // Eighths of a standard deviation are powers of two, so a number falls into its bin without rounding.
        let bin = (((scaled - first) - mean) * inverse * BINS_PER_STD as f32).floor();
        if *x == 0.0 {
            counts[ZEROS] += 1;
        } else if !bin.is_nan() {
            let column = bin + (HISTOGRAM_BINS / 2 + 1) as f32;
            counts[column.clamp(0.0, (HISTOGRAM_BINS + 1) as f32) as usize] += 1;
        }
    }
    counts
}
