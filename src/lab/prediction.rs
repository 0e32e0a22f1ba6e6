//! Computes what theory expects of a spec for each layer that is measured. It runs in the page, so that the curve
//! follows the slider in the same frame.

use super::knob::{Knob, KnobSetting};
use super::metric::LayerMetric;
use super::spec::{Adapt, Model, Role, Scheme, Spec, first_shape};
use crate::science::gpt::GptTheory;
use crate::science::layer::LayerId;
use crate::science::site::Site;
use crate::science::stream::Logits;
use crate::science::theory::{LayerPrediction, MlpTheory};

/// The theoretical expectation of one spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The layers, from input to output.
    pub ids: Vec<LayerId>,
    /// The prediction of each layer, in the order of `ids`.
    pub layers: Vec<LayerPrediction>,
    /// The logits of attention and of the output head (GPT).
    pub logits: Option<Logits>,
}

/// Returns the prediction for a spec.
pub fn predict(spec: &Spec) -> Prediction {
    let (architecture, plan, bias_std, batch) = (spec.architecture(), spec.plan(), spec.start.bias, spec.batch());
    let (layers, logits) = match spec.network.model {
        Model::Mlp => (mlp_theory(spec).predict(), None),
        Model::Gpt => {
            let coincidence = first_shape(spec).coincidence;
            GptTheory { architecture, plan, bias_std, batch, coincidence }.predict_all()
        }
    };
    Prediction { ids: architecture.layers(), layers, logits }
}

/// Returns a perceptron's spec as theory sees it.
pub fn mlp_theory(spec: &Spec) -> MlpTheory {
    let architecture = spec.architecture();
    let lora = spec.adapt.kind == Adapt::Lora;
    MlpTheory {
        architecture,
        matrices: architecture.matrices(),
        plan: spec.plan(),
        bias_std: spec.start.bias,
        // The data is scaled so that the mean square of an input is 1, over all classes.
        input_second_moment: 1.0,
        batch: spec.batch(),
        profile: spec.profile(lora),
    }
}

impl Prediction {
    /// Returns the RMS gradient of each layer. Theory gives only ratios between layers; they are scaled to agree with
    /// the measurement at step 0 in the last layer that has both.
    pub fn gradients(&self, measured: &[LayerMetric]) -> Vec<Option<f64>> {
        let anchor = self.layers.iter().zip(measured).rev().find_map(|(theory, layer)| {
            let relative = theory.gradient?;
            let measured = layer.gradient_rms?.0;
            (relative > 0.0 && relative.is_finite() && measured.is_finite()).then_some(measured / relative)
        });
        self.layers.iter().map(|theory| Some(theory.gradient? * anchor?)).collect()
    }
}

/// The σ of one kind of matrix, in the first and in the last layer that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightSpread {
    /// The key of the kind of matrix below `role.` in the language files.
    pub role: &'static str,
    /// σ in the first layer or block that has this matrix.
    pub first: f64,
    /// σ in the last layer or block that has this matrix.
    pub last: f64,
}

/// Returns σ of each kind of matrix. The first matrix of an MLP counts as a kind of its own.
pub fn spreads(spec: &Spec) -> Vec<WeightSpread> {
    let plan = spec.plan();
    let mut all: Vec<WeightSpread> = Vec::new();
    for site in spec.architecture().matrices() {
        let role = if site.id().layer == LayerId::Hidden(1) { "first" } else { site.role.id() };
        let std = plan.std_at(&site);
        match all.iter_mut().find(|spread| spread.role == role) {
            Some(spread) => spread.last = std,
            None => all.push(WeightSpread { role, first: std, last: std }),
        }
    }
    all
}

/// Returns the spec to which dragging the slider of σ leads: a scheme that takes no σ is replaced by one that does
/// (`Knob::turn`), and the rules between knobs are applied.
pub fn dragged(spec: &Spec, std: f64) -> Spec {
    let mut spec = spec.clone();
    if let Some(knob) = Knob::find("std") {
        // A number within the knob's range is always taken, and one beyond it is moved to its bound.
        let _ = knob.turn(&mut spec, KnobSetting::Number(std));
    }
    spec.settle();
    spec
}

/// The σ with which the weights start, whatever the scheme is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sigma {
    /// σ of the hidden matrices (MLP) or of Q, K and V (GPT), or the value itself for `constant`.
    pub hidden: f64,
    /// σ of the first matrix, if it differs (MLP).
    pub first: Option<f64>,
}

/// Returns the σ that results from a spec's scheme: that of [`shown_site`].
pub fn sigma(spec: &Spec) -> Sigma {
    if spec.is_toy() {
        return Sigma { hidden: spec.start.std, first: None };
    }
    let plan = spec.plan();
    if spec.start.scheme == Scheme::Constant {
        return Sigma { hidden: spec.start.std, first: None };
    }
    let sites = spec.architecture().matrices();
    let std = |site: Option<&Site>| site.map_or(0.0, |site| plan.std_at(site));
    let hidden = std(sites.get(shown(spec, &sites)));
    let first = match spec.network.model {
        Model::Gpt => hidden,
        Model::Mlp => std(sites.first()),
    };
    Sigma { hidden, first: (first != hidden).then_some(first) }
}

/// Returns the matrix whose σ the lab shows: Q in the first block, or the first square matrix.
pub fn shown_site(spec: &Spec) -> Option<Site> {
    let sites = spec.architecture().matrices();
    sites.get(shown(spec, &sites)).copied()
}

fn shown(spec: &Spec, sites: &[Site]) -> usize {
    match spec.network.model {
        Model::Gpt => sites.iter().position(|site| site.role == Role::Query).unwrap_or(0),
        Model::Mlp => usize::from(spec.network.depth > 1),
    }
}
