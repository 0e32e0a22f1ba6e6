//! What theory expects of a spec, by the names that measurements carry. Computed in the page, so
//! that the curve follows the slider in the same frame.

use super::metric::LayerMetric;
use super::spec::{Dataset, Model, Spec};
use crate::science::init::Fans;
use crate::science::stream::GptTheory;
use crate::science::theory::{LayerPrediction, MlpTheory};

/// Sizes of a dataset that theory and the page need without loading it; a test compares them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataShape {
    /// Numbers of one input (MLP).
    pub features: usize,
    /// Classes, or distinct characters.
    pub classes: usize,
    /// Chance that two characters of the text agree, Σ p².
    pub coincidence: f64,
}

/// The shape of a dataset.
pub fn data_shape(data: Dataset) -> DataShape {
    match data {
        Dataset::Digits => DataShape { features: 64, classes: 10, coincidence: 0.0 },
        Dataset::Spirals => DataShape { features: 2, classes: 3, coincidence: 0.0 },
        Dataset::Chars => DataShape { features: 0, classes: 75, coincidence: 0.071108328326 },
    }
}

/// The layers of a spec by name, input to output, as every table and message has them.
pub fn layer_names(spec: &Spec) -> Vec<String> {
    let depth = 1..=spec.depth;
    match spec.model {
        Model::Mlp => depth.map(|l| format!("hidden.{l}")).chain(["output".to_owned()]).collect(),
        Model::Gpt => ["embedding".to_owned()]
            .into_iter()
            .chain(depth.map(|l| format!("block.{l}")))
            .chain(["head".to_owned()])
            .collect(),
    }
}

/// Theory's view of one spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// As [`layer_names`].
    pub names: Vec<String>,
    /// One entry a name.
    pub layers: Vec<LayerPrediction>,
}

/// The prediction for a spec.
pub fn predict(spec: &Spec) -> Prediction {
    let shape = data_shape(spec.data);
    let layers = match spec.model {
        Model::Mlp => {
            let mut widths = vec![spec.width; spec.depth + 2];
            widths[0] = shape.features;
            widths[spec.depth + 1] = shape.classes;
            MlpTheory {
                activation: spec.activation,
                norm: spec.norm,
                position: spec.position,
                residual: spec.residual,
                widths,
                init: spec.init(),
                bias_std: spec.bias,
                // The data is scaled so that the mean square of an input is 1.
                input_second_moment: 1.0,
                batch: spec.batch,
                pairs: spec.data.pairs().to_vec(),
            }
            .predict()
        }
        Model::Gpt => GptTheory {
            activation: spec.activation,
            norm: spec.norm,
            position: spec.position,
            residual: spec.residual,
            blocks: spec.depth,
            width: spec.width,
            context: spec.context,
            vocabulary: shape.classes,
            coincidence: shape.coincidence,
            init: spec.init(),
            bias_std: spec.bias,
        }
        .predict(),
    };
    Prediction { names: layer_names(spec), layers }
}

impl Prediction {
    /// Gradient RMS by layer: theory's profile through the measurement of the last layer that has both.
    pub fn gradients(&self, measured: &[LayerMetric]) -> Vec<Option<f64>> {
        let anchor = self.layers.iter().zip(measured).rev().find_map(|(theory, layer)| {
            let relative = theory.gradient?;
            let measured = layer.gradient_rms?.0;
            (relative > 0.0 && relative.is_finite() && measured.is_finite()).then_some(measured / relative)
        });
        self.layers.iter().map(|theory| Some(theory.gradient? * anchor?)).collect()
    }
}

/// The σ that the weights really start with, whatever the scheme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sigma {
    /// Of the hidden matrices (MLP), of Q, K and V (GPT); the value itself for `constant`.
    pub hidden: f64,
    /// Of the first matrix, where it is another (MLP).
    pub first: Option<f64>,
}

/// The σ that results from a spec's scheme.
pub fn sigma(spec: &Spec) -> Sigma {
    let init = spec.init();
    if init.scheme.uses_std() {
        return Sigma { hidden: init.std, first: None };
    }
    let hidden = init.std_for(Fans { fan_in: spec.width, fan_out: spec.width });
    let features = data_shape(spec.data).features;
    let first = init.std_for(Fans { fan_in: features, fan_out: spec.width });
    let differs = spec.model == Model::Mlp && first != hidden;
    if spec.depth == 1 && spec.model == Model::Mlp {
        return Sigma { hidden: first, first: None };
    }
    Sigma { hidden, first: differs.then_some(first) }
}
