//! Says where the predicted curves stop being a good description, and why, so that what theory assumes
//! stands next to its curves.

use super::prediction::Prediction;
use super::spec::{Model, Norm, Scheme, Spec};
use crate::science::layer::LayerId;
use crate::science::norm::EPSILON;
use crate::science::precision::{Format, Limit};

/// One assumption that does not hold here, by the key of its text below `assumption.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The key of its text.
    pub key: &'static str,
    /// The layer from which on it does not hold, where there is one.
    pub layer: Option<LayerId>,
}

/// A standard deviation of ln var h from which single networks say little about the mean: a factor of e
/// either way.
const WIDE_SPREAD: f64 = 1.0;

/// The assumptions of theory that do not hold for this spec.
pub fn broken(spec: &Spec, prediction: &Prediction) -> Vec<Broken> {
    let whole = |key| Broken { key, layer: None };
    let from = |key, index: usize| Broken { key, layer: prediction.ids.get(index).copied() };
    if !spec.plan().is_random() {
        return vec![whole("random")];
    }
    let mut all = Vec::new();
    let layers = &prediction.layers;
    let overflow = Limit::TypicalOverflow.first_layer(Format::F32, layers);
    let vanishing = Limit::Vanishing.first_layer(Format::F32, layers);
    if let Some(index) = overflow {
        all.push(from("overflow", index));
    } else if let Some(index) = vanishing.filter(|_| spec.start.scheme != Scheme::Zeros) {
        all.push(from("underflow", index));
    }
    if let Some(index) = layers.iter().position(|layer| layer.activation_spread > WIDE_SPREAD) {
        all.push(from("width", index));
    }
    if spec.network.norm != Norm::None {
        let small = |var: Option<f64>| var.is_some_and(|var| var > 0.0 && var < 10.0 * EPSILON);
        if let Some(index) = layers.iter().position(|layer| small(layer.activation_var)) {
            all.push(from("epsilon", index));
        }
    }
    if spec.network.norm == Norm::Batch {
        all.push(whole("batch-norm"));
    }
    if spec.training.dropout > 0.0 {
        all.push(whole("dropout"));
    }
    if spec.network.model == Model::Gpt {
        all.push(whole("text"));
        if spec.network.norm == Norm::None {
            all.push(whole("early"));
        }
    }
    all
}
