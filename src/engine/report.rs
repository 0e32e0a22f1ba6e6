//! Turns one read of the device back into a frame.

use super::architecture::Architecture;
use super::tap::{Statistics, Tap};
use crate::lab::metric::{LayerMetric, WeightMetric};
use crate::lab::number::Number;
use crate::lab::protocol::Pass;

/// What the taps of one pass said, by layer and by matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Input to output.
    pub layers: Vec<LayerMetric>,
    /// By matrix.
    pub weights: Vec<WeightMetric>,
    /// The first layer with a non-finite number on the way forward.
    pub broken_forward: Option<usize>,
    /// The layer nearest the output with a non-finite gradient.
    pub broken_backward: Option<usize>,
}

impl Report {
    /// From what the taps of a network said whose layers are `names`.
    pub fn read(net: &Architecture, names: &[String], taps: Vec<(Tap, Vec<Statistics>)>) -> Self {
        let mut layers: Vec<Layer> = vec![Layer::default(); names.len()];
        let mut weights: Vec<(String, Statistics)> = Vec::new();
        let mut updates: Vec<(String, Statistics)> = Vec::new();
        for (tap, statistics) in taps {
            let [statistics] = statistics[..] else { continue }; // of one network
            match tap {
                Tap::Preactivation(layer) => layers[layer].preactivation = Some(statistics),
                Tap::Activation(layer) => layers[layer].activation = Some(statistics),
                Tap::Gradient { layer, entries } => layers[layer].gradients.push((statistics, entries)),
                Tap::Weight(name) => weights.push((name, statistics)),
                Tap::Update(name) => updates.push((name, statistics)),
            }
        }
        let depth = net.depth;
        let broken_forward = layers.iter().position(Layer::broken_forward);
        let broken_backward = layers.iter().rposition(Layer::broken_backward);
        debug_assert!(layers.len() > depth);
        Self {
            layers: names.iter().zip(&layers).map(|(name, layer)| layer.metric(name)).collect(),
            weights: weights.iter().map(|(name, weight)| matrix(name, weight, &updates)).collect(),
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

#[derive(Clone, Default)]
struct Layer {
    preactivation: Option<Statistics>,
    activation: Option<Statistics>,
    gradients: Vec<(Statistics, usize)>,
}

impl Layer {
    fn metric(&self, name: &str) -> LayerMetric {
        LayerMetric {
            preactivation_var: self.preactivation.map(|s| Number(s.variance())),
            activation_var: self.activation.map(|s| Number(s.variance())),
            gradient_rms: self.gradient().map(Number),
            ..LayerMetric::unmeasured(name.to_owned())
        }
    }

    /// Root mean square over the entries of all of the layer's matrices.
    fn gradient(&self) -> Option<f64> {
        let entries: usize = self.gradients.iter().map(|(_, entries)| entries).sum();
        if entries == 0 {
            return None;
        }
        let sum: f64 = self.gradients.iter().map(|(s, entries)| s.mean_square() * *entries as f64).sum();
        Some((sum / entries as f64).sqrt())
    }

    fn broken_forward(&self) -> bool {
        [self.preactivation, self.activation].iter().flatten().any(|s| !s.finite())
    }

    fn broken_backward(&self) -> bool {
        self.gradients.iter().any(|(s, _)| !s.finite())
    }
}

fn matrix(name: &str, weight: &Statistics, updates: &[(String, Statistics)]) -> WeightMetric {
    let std = weight.variance().sqrt();
    let update = updates.iter().find(|(other, _)| other == name);
    let ratio = update.map(|(_, update)| update.variance().sqrt() / std);
    WeightMetric { name: name.to_owned(), std: Number(std), update_ratio: ratio.map(Number) }
}
