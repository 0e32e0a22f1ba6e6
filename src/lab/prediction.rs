//! What theory expects of a spec, by the names that measurements carry. Computed in the page, so
//! that the curve follows the slider in the same frame.

use std::f64::consts::LN_10;

use super::metric::LayerMetric;
use super::spec::{Adapt, Dataset, Model, Role, Scheme, Spec};
use crate::science::gpt::GptTheory;
use crate::science::site::{Fans, Site};
use crate::science::stream::Logits;
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
    /// The loss of knowing nothing but how common each character is, −Σ p·ln p, in nats. Classes are
    /// as good as equally common.
    pub entropy: f64,
}

const LN_3: f64 = 1.098_612_288_668_109_8;

/// The shape of a dataset.
pub fn data_shape(data: Dataset) -> DataShape {
    match data {
        Dataset::Digits => DataShape { features: 64, classes: 10, coincidence: 0.0, entropy: LN_10 },
        Dataset::Spirals => DataShape { features: 2, classes: 3, coincidence: 0.0, entropy: LN_3 },
        Dataset::Chars => DataShape { features: 0, classes: 75, coincidence: 0.071108328326, entropy: 3.032078403499 },
    }
}

/// The shape of what a run begins with: a text whose capital letters are new tokens has none yet.
pub fn first_shape(spec: &Spec) -> DataShape {
    match (spec.adapt.kind, data_shape(spec.data)) {
        (Adapt::Tokens, shape) => {
            DataShape { classes: 50, coincidence: 0.072704951289, entropy: 2.948790070795, ..shape }
        }
        (Adapt::Off | Adapt::Lora, shape) => shape,
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

/// Every weight matrix of a spec by name, input to output, and where it stands.
pub fn sites(spec: &Spec) -> Vec<(String, Site)> {
    let named = |site: Site| {
        let name = match site.role {
            Role::Hidden => format!("hidden.{}", site.layer),
            Role::Output | Role::Head => site.role.id().to_owned(),
            Role::Token | Role::Position => format!("embedding.{}", site.role.id()),
            role => format!("block.{}.{}", site.layer, role.id()),
        };
        (name, site)
    };
    matrices(spec).into_iter().map(named).collect()
}

/// Every weight matrix of a spec, input to output.
pub fn matrices(spec: &Spec) -> Vec<Site> {
    let depth = spec.depth;
    if spec.model == Model::Mlp {
        let hidden = (1..=depth).map(|l| matrix(spec, Role::Hidden, l));
        return hidden.chain([matrix(spec, Role::Output, depth + 1)]).collect();
    }
    let [tables @ .., head] = Role::OF_GPT.as_slice() else { return Vec::new() };
    let (tables, block) = tables.split_at(2);
    let there = |roles: &[Role], layer| {
        let there: Vec<Role> = roles.iter().copied().filter(|role| spec.has(*role)).collect();
        there.into_iter().map(move |role| matrix(spec, role, layer))
    };
    let blocks = (1..=depth).flat_map(|l| there(block, l));
    there(tables, 0).chain(blocks).chain(there(&[*head], depth + 1)).collect()
}

fn matrix(spec: &Spec, role: Role, layer: usize) -> Site {
    let DataShape { features, classes, .. } = first_shape(spec);
    let (d, wide) = (spec.width, spec.block.hidden(spec.width));
    let (fan_in, fan_out) = match role {
        Role::Hidden if layer == 1 => (features, d),
        Role::Output | Role::Head | Role::Token => (d, classes),
        Role::Position => (d, spec.context),
        Role::MlpIn | Role::MlpUp => (d, wide),
        Role::MlpOut => (wide, d),
        Role::Hidden | Role::Query | Role::Key | Role::Value | Role::AttentionOut => (d, d),
    };
    let heads = if spec.model == Model::Gpt { spec.heads } else { 1 };
    Site { role, fans: Fans { fan_in, fan_out }, layer, depth: spec.depth, width: d, heads }
}

/// The σ of the first matrix of a role.
pub fn first_sigma(spec: &Spec, role: Role) -> f64 {
    let layer = if role.is_table() { 0 } else { 1 };
    let layer = if role.is_last() { spec.depth + 1 } else { layer };
    spec.plan().std_at(&matrix(spec, role, layer))
}

/// Theory's view of one spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// As [`layer_names`].
    pub names: Vec<String>,
    /// One entry a name.
    pub layers: Vec<LayerPrediction>,
    /// What a GPT's softmaxes are fed with.
    pub logits: Option<Logits>,
}

/// The prediction for a spec.
pub fn predict(spec: &Spec) -> Prediction {
    let shape = first_shape(spec);
    let (layers, logits) = match spec.model {
        Model::Mlp => {
            let lora = spec.adapt.kind == Adapt::Lora;
            let mut widths = vec![spec.width; spec.depth + 2];
            widths[0] = shape.features;
            widths[spec.depth + 1] = shape.classes;
            let theory = MlpTheory {
                activation: spec.phi(),
                norm: spec.norm,
                position: spec.position,
                residual: spec.residual,
                dropout: spec.dropout,
                widths,
                plan: spec.plan(),
                bias_std: spec.bias,
                // The data is scaled so that the mean square of an input is 1, over all classes.
                input_second_moment: 1.0,
                batch: spec.batch,
                profile: if lora { spec.data.half() } else { spec.data.profile() }.clone(),
            };
            (theory.predict(), None)
        }
        Model::Gpt => GptTheory {
            activation: spec.phi(),
            norm: spec.norm,
            position: spec.position,
            residual: spec.residual,
            dropout: spec.dropout,
            blocks: spec.depth,
            width: spec.width,
            context: spec.context,
            batch: spec.batch,
            vocabulary: shape.classes,
            coincidence: shape.coincidence,
            heads: spec.heads,
            block: spec.block,
            attention: spec.attention(),
            tied: spec.tied,
            plan: spec.plan(),
            bias_std: spec.bias,
        }
        .predict_all(),
    };
    Prediction { names: layer_names(spec), layers, logits }
}

impl Prediction {
    /// Gradient RMS by layer: theory's profile through the measurement, at step 0, of the last layer that has
    /// both.
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
pub struct Spread {
    /// Key below `role.` in the language files.
    pub role: &'static str,
    /// In the first layer or block.
    pub first: f64,
    /// In the last.
    pub last: f64,
}

/// What σ each kind of matrix gets. A perceptron's first matrix is a kind of its own.
pub fn spreads(spec: &Spec) -> Vec<Spread> {
    let plan = spec.plan();
    let mut all: Vec<Spread> = Vec::new();
    for (name, site) in sites(spec) {
        let role = if name == "hidden.1" { "first" } else { site.role.id() };
        let std = plan.std_at(&site);
        match all.iter_mut().find(|spread| spread.role == role) {
            Some(spread) => spread.last = std,
            None => all.push(Spread { role, first: std, last: std }),
        }
    }
    all
}

/// The σ that the weights really start with, whatever the scheme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sigma {
    /// Of the hidden matrices (MLP), of Q, K and V (GPT); the value itself for `constant`.
    pub hidden: f64,
    /// Of the first matrix, where it is another (MLP).
    pub first: Option<f64>,
}

/// The σ that results from a spec's scheme: of Q in the first block, or the first square matrix.
pub fn sigma(spec: &Spec) -> Sigma {
    let plan = spec.plan();
    if spec.scheme == Scheme::Constant {
        return Sigma { hidden: spec.std, first: None };
    }
    let sites = sites(spec);
    let std = |index: usize| sites.get(index).map_or(0.0, |(_, site)| plan.std_at(site));
    match spec.model {
        Model::Gpt => {
            let query = sites.iter().position(|(_, site)| site.role == Role::Query);
            Sigma { hidden: std(query.unwrap_or(0)), first: None }
        }
        Model::Mlp if spec.depth == 1 => Sigma { hidden: std(0), first: None },
        Model::Mlp => {
            let (first, hidden) = (std(0), std(1));
            Sigma { hidden, first: (first != hidden).then_some(first) }
        }
    }
}
