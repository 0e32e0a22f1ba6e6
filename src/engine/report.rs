//! Turns one read of the device back into a frame.

use super::tap::{Statistics, Tap, UnitShares};
use crate::lab::metric::{HeadMetric, LayerMetric, TensorHistogram, WeightMetric};
use crate::lab::number::Number;
use crate::lab::protocol::Pass;
use crate::lab::spec::Activation;
use crate::science::architecture::Architecture;
use crate::science::layer::{LayerId, MatrixId};

/// What the taps of one pass said, by layer and by matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The layers, from input to output.
    pub layers: Vec<LayerMetric>,
    /// The weight matrices.
    pub weights: Vec<WeightMetric>,
    /// The histograms that were asked for.
    pub histograms: Vec<TensorHistogram>,
    /// The heads of attention, if they were asked for.
    pub heads: Vec<HeadMetric>,
    /// The share of the optimizer's second moments that are not finite; `None` where it has none.
    pub frozen_share: Option<f64>,
    /// The first layer with a non-finite number in the forward pass.
    pub broken_forward: Option<usize>,
    /// The layer nearest the output with a non-finite gradient.
    pub broken_backward: Option<usize>,
}

impl Report {
    /// Reads what the taps of a network said whose layers are `ids`.
    pub fn read(net: &Architecture, ids: &[LayerId], taps: Vec<(Tap, Vec<Statistics>)>) -> Self {
        let mut layers: Vec<Layer> = vec![Layer::default(); ids.len()];
        let mut weights: Vec<(MatrixId, Statistics)> = Vec::new();
        let mut updates: Vec<(MatrixId, Statistics)> = Vec::new();
        let mut moments: Vec<(Statistics, usize)> = Vec::new();
        for (tap, statistics) in taps {
            let [statistics] = statistics[..] else { continue }; // of one network
            match tap {
                Tap::Preactivation(layer) => layers[layer].preactivation = Some(statistics),
                Tap::Derivative(layer) => layers[layer].derivative = Some(statistics),
                Tap::Activation(layer) => layers[layer].activation = Some(statistics),
                Tap::Unmasked(layer) => layers[layer].unmasked = Some(statistics),
                Tap::Branch(layer) => layers[layer].branches.push(statistics),
                Tap::Stream(layer) => layers[layer].stream = Some(statistics),
                Tap::Peak(layer) => layers[layer].peak = Some(statistics),
                Tap::Gradient { layer, entries } => layers[layer].gradients.push((statistics, entries)),
                Tap::Weight(id) => weights.push((id, statistics)),
                Tap::Update(id) => updates.push((id, statistics)),
                Tap::SecondMoment { entries } => moments.push((statistics, entries)),
            }
        }
        let depth = net.depth;
        let broken_forward = layers.iter().position(Layer::broken_forward);
        let broken_backward = layers.iter().rposition(Layer::broken_backward);
        debug_assert!(layers.len() > depth);
        Self {
            layers: ids.iter().enumerate().map(|(index, id)| metric(net, *id, index, &layers)).collect(),
            weights: weights.iter().map(|(id, weight)| matrix(*id, weight, &updates)).collect(),
            histograms: Vec::new(),
            heads: Vec::new(),
            frozen_share: mean(&moments, Statistics::mean),
            broken_forward,
            broken_backward,
        }
    }

    /// Where numbers left f32's range, if they did.
    pub fn broken(&self) -> Option<(usize, Pass)> {
        let forward = self.broken_forward.map(|layer| (layer, Pass::Forward));
        forward.or_else(|| self.broken_backward.map(|layer| (layer, Pass::Backward)))
    }
}

/// Notes in the layers of a frame what is known of their units.
pub(super) fn note_units(layers: &mut [LayerMetric], units: &[UnitShares]) {
    for UnitShares { layer, dead, saturated } in units {
        let metric = &mut layers[*layer];
        (metric.dead_units, metric.saturated_share) = (dead.map(Number), saturated.map(Number));
    }
}

#[derive(Clone, Default)]
struct Layer {
    preactivation: Option<Statistics>,
    derivative: Option<Statistics>,
    activation: Option<Statistics>,
    unmasked: Option<Statistics>,
    branches: Vec<Statistics>,
    stream: Option<Statistics>,
    peak: Option<Statistics>,
    gradients: Vec<(Statistics, usize)>,
}

impl Layer {
    /// The share of the stream after the layer that its branches added. A block has two, one after the other:
    ///
    /// ```text
    /// s = ⟨b²⟩/(⟨b²⟩ + ⟨(skip·h)²⟩)        s₁ + s₂ − s₁s₂
    /// ```
    fn branch_share(&self, skip: f64, input: Option<Statistics>) -> Option<f64> {
        let streams = [input, self.stream];
        let mut shares = self.branches.iter().zip(streams).map(|(branch, stream)| {
            let (added, kept) = (branch.mean_square(), skip * skip * stream?.mean_square());
            Some(added / (added + kept)).filter(|share| share.is_finite())
        });
        let first = shares.next()??;
        match shares.next() {
            Some(second) => second.map(|second| first + second - first * second),
            None => Some(first),
        }
    }

    fn broken_forward(&self) -> bool {
        [self.preactivation, self.activation].iter().flatten().any(|s| !s.finite())
    }

    fn broken_backward(&self) -> bool {
        self.gradients.iter().any(|(s, _)| !s.finite())
    }
}

/// What the page is told of a layer.
fn metric(net: &Architecture, id: LayerId, index: usize, layers: &[Layer]) -> LayerMetric {
    let layer = &layers[index];
    let input = index.checked_sub(1).and_then(|before| layers[before].activation);
    let of =
        |statistics: &Option<Statistics>, number: fn(&Statistics) -> f64| statistics.as_ref().map(number).map(Number);
    let output = layer.unmasked.as_ref().or(layer.activation.as_ref());
    let share = |number: fn(&Statistics) -> Option<f64>| output.and_then(number).map(Number);
    // φ' of a linear map is 1, which is not worth a pass over its numbers.
    let is_linear = net.activation == Activation::Linear && layer.preactivation.is_some() && index + 1 < layers.len();
    LayerMetric {
        id,
        preactivation_var: of(&layer.preactivation, Statistics::variance),
        activation_var: of(&layer.activation, Statistics::variance),
        gradient_rms: mean(&layer.gradients, Statistics::mean_square).map(f64::sqrt).map(Number),
        signal_share: share(Statistics::rows_share),
        position_share: share(Statistics::positions_share),
        unit_diversity: share(Statistics::units_share),
        branch_share: layer.branch_share(net.junction.skip, input).map(Number),
        slope_square: if is_linear { Some(Number(1.0)) } else { of(&layer.derivative, Statistics::mean_square) },
        attention_peak: of(&layer.peak, Statistics::mean),
        dead_units: None,
        saturated_share: None,
    }
}

/// The mean over the entries of all tensors; `None` where there are none.
fn mean(tensors: &[(Statistics, usize)], number: fn(&Statistics) -> f64) -> Option<f64> {
    let entries: usize = tensors.iter().map(|(_, entries)| entries).sum();
    let sum: f64 = tensors.iter().map(|(statistics, entries)| number(statistics) * *entries as f64).sum();
    (entries > 0).then(|| sum / entries as f64)
}

fn matrix(id: MatrixId, weight: &Statistics, updates: &[(MatrixId, Statistics)]) -> WeightMetric {
    let std = weight.variance().sqrt();
    let update = updates.iter().find(|(other, _)| *other == id);
    let ratio = update.map(|(_, update)| update.variance().sqrt() / std);
    WeightMetric { id, std: Number(std), update_ratio: ratio.map(Number) }
}
