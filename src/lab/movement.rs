//! Keeps how far the updates of a few layers move their weights, over the steps of a run.

use serde::{Deserialize, Serialize};

use super::metric::{Frame, WeightMetric};
use super::series::Series;
use super::spec::{Model, Spec};
use crate::science::layer::LayerId;

/// The layers that are followed: the first, the middle and the last hidden layer or block, each with a curve of the
/// geometric mean, over the layer's matrices, of std(update)/std(weights). A perceptron's last layer is its output.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UpdateSeries {
    layers: Vec<(LayerId, Series)>,
}

impl UpdateSeries {
    /// Adds what a frame says of the last update, if there was one. `spec` is that of the run, which chooses the layers
    /// at the first frame. What is known of a step is not added again.
    pub fn push(&mut self, spec: &Spec, frame: &Frame) {
        if self.last_step().is_some_and(|known| frame.step <= known) {
            return;
        }
        if self.layers.is_empty() {
            self.layers = followed(spec).into_iter().map(|layer| (layer, Series::default())).collect();
        }
        for (layer, series) in &mut self.layers {
            if let Some(ratio) = mean_ratio(&frame.weights, *layer) {
                series.push(frame.step, ratio);
            }
        }
    }

    /// The same curves as they were at a step.
    pub fn until(&self, step: u64) -> Self {
        Self { layers: self.layers.iter().map(|(layer, series)| (*layer, series.until(step))).collect() }
    }

    /// Returns the points of each followed layer that has any, from input to output.
    pub fn curves(&self) -> Vec<(LayerId, Vec<(u64, f64)>)> {
        let known = self.layers.iter().filter(|(_, series)| !series.is_empty());
        known.map(|(layer, series)| (*layer, series.points().collect())).collect()
    }

    /// Returns the step of the newest points, or `None` if there are none.
    pub fn last_step(&self) -> Option<u64> {
        self.layers.iter().filter_map(|(_, series)| series.last()).map(|(step, _)| step).max()
    }
}

/// The first, the middle and the last layer of those that every network of the model has more of with depth.
fn followed(spec: &Spec) -> Vec<LayerId> {
    let is_followed = |layer: &LayerId| match spec.network.model {
        Model::Mlp => true,
        Model::Gpt => layer.number().is_some(),
    };
    let layers: Vec<LayerId> = spec.architecture().layers().into_iter().filter(is_followed).collect();
    let last = layers.len().saturating_sub(1);
    let mut chosen: Vec<LayerId> =
        [0, last / 2, last].into_iter().filter_map(|index| layers.get(index).copied()).collect();
    chosen.dedup();
    chosen
}

/// exp ⟨ln ratio⟩ over the matrices of a layer whose ratio has a logarithm.
fn mean_ratio(weights: &[WeightMetric], layer: LayerId) -> Option<f64> {
    let of_layer = weights.iter().filter(|weight| weight.id.layer == layer);
    let ratios = of_layer.filter_map(|weight| weight.update_ratio).map(|ratio| ratio.0);
    let logs: Vec<f64> = ratios.filter(|ratio| *ratio > 0.0 && ratio.is_finite()).map(libm::log).collect();
    (!logs.is_empty()).then(|| libm::exp(logs.iter().sum::<f64>() / logs.len() as f64))
}
