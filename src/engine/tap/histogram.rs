//! Histograms of tensors, counted on the device.
//!
//! A histogram is in units of the tensor's own spread, so it is looked at twice: reduced to its mean and standard
//! deviation, then counted. As everywhere x̃ = x/m with m = max|x|, and the first x̃ is subtracted before the mean is
//! taken, so that tensors of any size and tensors whose numbers are nearly equal keep their shape:
//!
//! ```text
//! d = x̃ − x̃₀      ⟨x⟩ = m·(x̃₀ + ⟨d⟩)      σ = m·√⟨(d − ⟨d⟩)²⟩      bin = ⌊8·(d − ⟨d⟩)/(σ/m)⌋
//! ```

use std::collections::BTreeMap;

use burn::tensor::Tensor;

use crate::engine::fused::{BEYOND, Bounds, COLUMNS, DIVISOR_FLOOR, NEAR, SCALES, ZEROS, histogram};
use crate::engine::part::{JOINED, join, parts};
use crate::lab::metric::{Content, TensorHistogram};
use crate::lab::number::Number;
use crate::science::histogram::{HISTOGRAM_BINS, NEAR_ZERO};
use crate::science::layer::MatrixId;

/// Whose numbers a histogram counts.
pub(super) type HistogramName = (Content, MatrixId);

/// Tensors of one network that are still to be counted.
#[derive(Default)]
pub(super) struct HistogramTaps {
    groups: Vec<HistogramGroup>,
}

/// Tensors of one length that are counted in one way.
struct HistogramGroup {
    bounds: Bounds,
    entries: usize,
    names: Vec<HistogramName>,
    /// The tensors, `[1, N]` each.
    tensors: Vec<Tensor<2>>,
}

/// What was counted, on its way to the CPU.
#[derive(Default)]
pub(super) struct RecordedHistograms(Vec<HistogramJoin>);

/// Tensors that were counted together.
struct HistogramJoin {
    names: Vec<HistogramName>,
    entries: usize,
    saturates: bool,
}

/// The numbers that are read of each tensor: the counts, m, the mean of x̃ and the standard deviation of x̃.
const READ: usize = COLUMNS + 3;

impl HistogramTaps {
    /// Takes in a tensor `[1, rows, columns]`, and the values beyond which its numbers are saturated.
    pub(super) fn add(&mut self, name: HistogramName, tensor: Tensor<3>, saturation: Option<[f64; 2]>) {
        let [low, high] = saturation.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        let bounds = Bounds { low: low as f32, high: high as f32 };
        let entries = tensor.shape().num_elements();
        let tensor = tensor.reshape([1, entries]);
        match self.groups.iter_mut().find(|group| group.bounds == bounds && group.entries == entries) {
            Some(group) => {
                group.names.push(name);
                group.tensors.push(tensor);
            }
            None => {
                let (names, tensors) = (vec![name], vec![tensor]);
                self.groups.push(HistogramGroup { bounds, entries, names, tensors });
            }
        }
    }

    /// Counts what was taken in, and returns the numbers to be read in the order that
    /// [`RecordedHistograms::read`] wants.
    pub(super) fn finish(self) -> (RecordedHistograms, Vec<Tensor<1>>) {
        let (mut recorded, mut numbers) = (Vec::new(), Vec::new());
        for HistogramGroup { bounds, entries, names, tensors } in self.groups {
            for part in parts(tensors.iter().map(|_| entries), JOINED) {
                let saturates = bounds.low.is_finite();
                recorded.push(HistogramJoin { names: names[part.clone()].to_vec(), entries, saturates });
                numbers.push(count(join(&tensors[part], 0), bounds));
            }
        }
        (RecordedHistograms(recorded), numbers)
    }
}

/// What is read of K tensors x `[K, N]`, tensor after tensor.
fn count(x: Tensor<2>, bounds: Bounds) -> Tensor<1> {
    let [tensors, _] = x.dims();
    let largest = x.clone().max_abs_dim(1).clamp_min(DIVISOR_FLOOR); // [K, 1]
    let scaled = x.clone() / largest.clone();
    let first = scaled.clone().narrow(1, 0, 1);
    let shifted = scaled - first.clone();
    let mean = shifted.clone().mean_dim(1);
    let centered = shifted - mean.clone();
    let std = (centered.clone() * centered).mean_dim(1).sqrt();
    // Where all numbers are equal each of them is the mean, whatever it is divided by.
    let inverse = std.clone().clamp_min(DIVISOR_FLOOR).recip();
    let center = first.clone() + mean.clone();
    let size = (center.clone() * center.clone() + std.clone() * std.clone()).sqrt();
    let near = size.mul_scalar(NEAR_ZERO as f32);
    let scales = Tensor::cat(vec![largest.clone(), first, mean, inverse, near], 1); // [K, 5]
    debug_assert_eq!(scales.dims()[1], SCALES);
    let counts = histogram(x, scales, bounds).sum_dim(1).reshape([tensors, COLUMNS]);
    Tensor::cat(vec![counts, largest, center, std], 1).reshape([tensors * READ])
}

impl RecordedHistograms {
    /// The histograms, in the order of their contents and ids, and the numbers that follow theirs.
    pub(super) fn read(self, mut numbers: &[f32]) -> (Vec<TensorHistogram>, &[f32]) {
        let mut all = BTreeMap::new();
        for HistogramJoin { names, entries, saturates } in self.0 {
            let (own, rest) = numbers.split_at(names.len() * READ);
            for (name, own) in names.into_iter().zip(own.chunks_exact(READ)) {
                let histogram = read(name, entries, own);
                let saturated = histogram.saturated.filter(|_| saturates);
                all.insert(name, TensorHistogram { saturated, ..histogram });
            }
            numbers = rest;
        }
        (all.into_values().collect(), numbers)
    }
}

fn read((content, id): HistogramName, entries: usize, numbers: &[f32]) -> TensorHistogram {
    let (counts, moments) = numbers.split_at(COLUMNS);
    let count = |column: usize| counts[column] as u32;
    let [largest, center, std] = [0, 1, 2].map(|index| f64::from(moments[index]));
    TensorHistogram {
        content,
        id,
        entries,
        mean: Number(largest * center),
        std: Number(largest * std),
        counts: (1..=HISTOGRAM_BINS).map(count).collect(),
        outside: [count(0), count(HISTOGRAM_BINS + 1)],
        zeros: count(ZEROS),
        near_zero: count(NEAR),
        saturated: Some(count(BEYOND)),
    }
}
