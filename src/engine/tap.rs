//! Taps: what a layer's numbers are like, reduced on the device to a few numbers a tensor.
//!
//! They are reduced at the end of a pass, on WebGPU all of one shape together: the reductions of a
//! hundred small tensors would cost more launches than the step itself. `statistics` says how.

use burn::tensor::Tensor;

use super::fused::is_on_cpu;
use super::part::{JOINED, join, parts};

mod head;
mod histogram;
mod statistics;
mod unit;

use head::{HeadTaps, RecordedHeads};
use histogram::{HistogramTaps, RecordedHistograms};
pub use statistics::Statistics;
use statistics::{Reduction, reduce, summarize};
pub use unit::UnitShares;
use unit::{RecordedUnits, UnitTaps};

use crate::lab::metric::Measures;
use crate::lab::metric::{Content, HeadMetric, TensorHistogram};
use crate::lab::spec::Activation;
use crate::science::layer::{LayerId, MatrixId};

/// Collects tensors by name while a pass runs. Taps that are off cost nothing.
#[derive(Default)]
pub struct Taps {
    on: bool,
    names: Vec<Tap>,
    groups: Vec<TapGroup>,
    /// The outputs of all layers with nothing left out, where masks leave something out of this pass.
    unmasked: Vec<Tensor<3>>,
    gathers: bool,
    /// What else was asked for.
    histograms: Option<HistogramTaps>,
    units: Option<UnitTaps>,
    heads: Option<HeadTaps>,
}

/// Tensors of one shape that are reduced in one way.
struct TapGroup {
    reduction: Reduction,
    /// The rows and columns of each tensor.
    shape: [usize; 2],
    /// The indices of their names.
    indices: Vec<usize>,
    /// The tensors, `[R, rows, columns]` each.
    tensors: Vec<Tensor<3>>,
}

/// What was recorded, on its way to the CPU.
#[derive(Default)]
pub struct Recorded {
    names: Vec<Tap>,
    /// How the tensors of each join were reduced, and the indices of their names.
    joins: Vec<(Reduction, Vec<usize>)>,
    histograms: RecordedHistograms,
    units: RecordedUnits,
    heads: RecordedHeads,
}

/// What was asked for beside the statistics.
#[derive(Debug, Default)]
pub struct InspectedTaps {
    /// The histograms, in the order of their contents and ids.
    pub histograms: Vec<TensorHistogram>,
    /// What is known of the units of each layer that has any that could die or saturate.
    pub units: Vec<UnitShares>,
    /// How sharply each head of attention looks, in the order of the blocks.
    pub heads: Vec<HeadMetric>,
}

/// Which number of which layer a tensor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tap {
    /// z of a layer, before the activation.
    Preactivation(usize),
    /// φ'(z) of a layer.
    Derivative(usize),
    /// A layer's output, or the residual stream after it.
    Activation(usize),
    /// The output of a layer with nothing left out by dropout.
    Unmasked(usize),
    /// What a branch of a layer adds to the residual stream.
    Branch(usize),
    /// The stream that the second branch of a block is added to; the first is added to the layer's input.
    Stream(usize),
    /// The largest weight of each query that has a choice.
    Peak(usize),
    /// The gradient of a matrix, by layer, with its number of entries.
    Gradient {
        /// The index of the layer.
        layer: usize,
        /// How many numbers the tensor has.
        entries: usize,
    },
    /// A weight matrix.
    Weight(MatrixId),
    /// The last update of a weight matrix.
    Update(MatrixId),
    /// Adam's second moments of a tensor, with its number of entries.
    SecondMoment {
        /// How many numbers the tensor has.
        entries: usize,
    },
}

impl Taps {
    /// Taps that record if they are on.
    pub fn new(on: bool) -> Self {
        Self { on, ..Self::default() }
    }

    /// Taps that only keep the layers' outputs, for [`Self::compare`].
    pub fn outputs() -> Self {
        Self { gathers: true, ..Self::default() }
    }

    /// The outputs that were kept, in the order of the layers.
    pub(super) fn gathered(self) -> Vec<Tensor<3>> {
        self.unmasked
    }

    /// The same taps, which count what is asked for besides. This is for one network; replicas have no histograms.
    pub fn inspecting(self, measures: Measures) -> Self {
        let Measures { histograms, units, heads, .. } = measures;
        Self {
            histograms: histograms.then(HistogramTaps::default),
            units: units.then(UnitTaps::default),
            heads: heads.then(HeadTaps::default),
            ..self
        }
    }

    /// Whether anything is counted or looked at beside the statistics.
    pub fn inspects(&self) -> bool {
        self.histograms.is_some() || self.units.is_some() || self.heads.is_some()
    }

    /// Takes from another pass what tells rows, units and positions apart, because masks tell apart what is equal.
    pub fn compare(&mut self, unmasked: Self) {
        self.unmasked = unmasked.unmasked;
    }

    /// Whether anything is recorded.
    pub fn on(&self) -> bool {
        self.on
    }

    /// Records how large the numbers of a tensor `[R, …]` of R networks are.
    pub fn record<const D: usize>(&mut self, tap: Tap, tensor: impl FnOnce() -> Tensor<D>) {
        self.add(tap, Reduction::Size, || {
            let tensor = tensor();
            let replicas = tensor.dims()[0];
            let length = tensor.shape().num_elements() / replicas;
            tensor.reshape([replicas, 1, length])
        });
    }

    /// Records how large the numbers of a layer's output `[R, N, n]` are, in texts of T rows, and how far its rows,
    /// units and positions are apart. Layers have to come in their order, from 0 on.
    pub fn observe(&mut self, layer: usize, time: usize, output: impl FnOnce() -> Tensor<3>) {
        if self.gathers {
            return self.unmasked.push(output());
        }
        match self.unmasked.get(layer).cloned() {
            Some(unmasked) => {
                self.record(Tap::Activation(layer), output);
                self.add(Tap::Unmasked(layer), Reduction::Spread { time }, || unmasked);
            }
            None => self.add(Tap::Activation(layer), Reduction::Spread { time }, output),
        }
    }

    /// Counts the numbers of a tensor `[1, rows, columns]` for a histogram.
    pub fn count(&mut self, content: Content, id: MatrixId, tensor: impl FnOnce() -> Tensor<3>) {
        if let Some(histograms) = &mut self.histograms {
            histograms.add((content, id), tensor(), None);
        }
    }

    /// Looks at a layer's units: z `[1, N, n]`, and φ(z) before anything masks it or is added to it.
    pub fn inspect(&mut self, layer: usize, id: MatrixId, activation: Activation, z: &Tensor<3>, y: &Tensor<3>) {
        if let Some(histograms) = &mut self.histograms {
            histograms.add((Content::Preactivations, id), z.clone(), None);
            histograms.add((Content::Activations, id), y.clone(), activation.saturation());
        }
        if let Some(units) = &mut self.units {
            units.add(layer, activation, y.clone());
        }
    }

    /// Looks at the heads of a block by their softmax `[B, H, T, T]`, where queries have a choice.
    pub fn attend(&mut self, block: LayerId, weights: &Tensor<4>) {
        if let Some(heads) = &mut self.heads {
            heads.add(block, weights.clone());
        }
    }

    /// Records which share of a tensor `[R, rows, columns]` left f32's range upwards.
    pub fn overflow(&mut self, tap: Tap, tensor: impl FnOnce() -> Tensor<3>) {
        self.add(tap, Reduction::Overflow, || {
            let tensor = tensor();
            let [replicas, rows, columns] = tensor.dims();
            tensor.reshape([replicas, 1, rows * columns])
        });
    }

    fn add(&mut self, tap: Tap, reduction: Reduction, tensor: impl FnOnce() -> Tensor<3>) {
        if !self.on {
            return;
        }
        let tensor = tensor();
        let [_, rows, columns] = tensor.dims();
        let index = self.names.len();
        self.names.push(tap);
        let shape = [rows, columns];
        match self.groups.iter_mut().find(|group| group.reduction == reduction && group.shape == shape) {
            Some(group) => {
                group.indices.push(index);
                group.tensors.push(tensor);
            }
            None => self.groups.push(TapGroup { reduction, shape, indices: vec![index], tensors: vec![tensor] }),
        }
    }

    /// Reduces what was recorded, and returns the numbers to be read in the order that [`Recorded::read`] wants.
    pub fn finish(self) -> (Recorded, Vec<Tensor<1>>) {
        let (mut joins, mut numbers) = (Vec::new(), Vec::new());
        for TapGroup { reduction, indices, tensors, .. } in self.groups {
            if tensors.first().is_some_and(is_on_cpu) {
                joins.extend(indices.into_iter().map(|index| (reduction, vec![index])));
                numbers.extend(tensors.into_iter().map(|tensor| summarize(tensor, reduction)));
                continue;
            }
            for part in parts(tensors.iter().map(|tensor| tensor.shape().num_elements()), JOINED) {
                joins.push((reduction, indices[part.clone()].to_vec()));
                numbers.extend(reduce(join(&tensors[part], 0), reduction));
            }
        }
        let (histograms, counts) = self.histograms.unwrap_or_default().finish();
        let (units, shares) = self.units.unwrap_or_default().finish();
        let (heads, looks) = self.heads.unwrap_or_default().finish();
        numbers.extend(counts.into_iter().chain(looks).chain(shares));
        (Recorded { names: self.names, joins, histograms, units, heads }, numbers)
    }
}

impl Recorded {
    /// The statistics by name, in the order in which they were recorded, network by network.
    pub fn read(self, replicas: usize, numbers: &[f32]) -> Vec<(Tap, Vec<Statistics>)> {
        self.read_all(replicas, numbers).0
    }

    /// What was asked for besides, of taps that record no statistics.
    pub fn inspection(self, numbers: &[f32]) -> InspectedTaps {
        self.read_all(1, numbers).1
    }

    /// The statistics, and what was asked for besides.
    pub fn read_all(self, replicas: usize, mut numbers: &[f32]) -> (Vec<(Tap, Vec<Statistics>)>, InspectedTaps) {
        let mut found = vec![Vec::new(); self.names.len()];
        for (reduction, indices) in &self.joins {
            let count = indices.len() * replicas;
            let (columns, rest) = numbers.split_at(reduction.columns() * count);
            for (position, index) in indices.iter().enumerate() {
                let of = |row: usize| Statistics::new(*reduction, columns.iter().skip(row).step_by(count));
                found[*index] = (position * replicas..(position + 1) * replicas).map(of).collect();
            }
            numbers = rest;
        }
        let (histograms, numbers) = self.histograms.read(numbers);
        let (heads, numbers) = self.heads.read(numbers);
        let units = self.units.read(numbers);
        (self.names.into_iter().zip(found).collect(), InspectedTaps { histograms, units, heads })
    }
}
