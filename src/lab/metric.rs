//! Defines every number that a run reports, with its unit.

use serde::{Deserialize, Serialize};

use super::number::Number;
use crate::science::choice::choices;
use crate::science::histogram::{Distribution, HISTOGRAM_BINS};
use crate::science::layer::{LayerId, MatrixId};

/// The number of a run. Each run gets a larger one than the run before, so that events of older runs are known.
pub type RunId = u32;

/// One layer's measurement, input to output. `None`: does not apply, or not measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerMetric {
    /// `hidden.1`…, `output` (MLP); `embedding`, `block.1`…, `head` (GPT).
    #[serde(rename = "name")]
    pub id: LayerId,
    /// The population variance of z, before the activation, over batch, positions and units.
    pub preactivation_var: Option<Number>,
    /// The same of the layer's output (MLP) or of the residual stream after the block (GPT).
    pub activation_var: Option<Number>,
    /// Root mean square over the entries of ∂loss/∂W (GPT: over all of the block's matrices).
    pub gradient_rms: Option<Number>,
    /// What still tells examples apart: Σᵢ Var_b h_bi / Σᵢ E_b h_bi², over rows b (examples; positions of all
    /// texts) of the layer's output, 0–1. Its complement is the mean cosine of two rows, by length. `None` where
    /// h is 0 or not finite. Exactly 0 where rows are equal; below 1e-14 rows differ by rounding alone. Under dropout
    /// this share and the next two are of a pass with nothing left out.
    #[serde(default)]
    pub signal_share: Option<Number>,
    /// Σᵢ E_texts Var_t h_ti / Σᵢ E_b h_bi², over positions t within a text (GPT): 0 is rank collapse.
    #[serde(default)]
    pub position_share: Option<Number>,
    /// What tells units apart: E_b Var_i h_bi / E_bi h_bi², 0–1. 0 is symmetry. `None` where h is 0 or not finite.
    #[serde(default)]
    pub unit_diversity: Option<Number>,
    /// s = ⟨b²⟩/(⟨b²⟩ + ⟨(skip·h)²⟩) of what a branch b, gate included, adds to the stream h; of a block's two
    /// branches s₁ + s₂ − s₁s₂. 0–1; 0 is a closed branch. `None` without a skip connection.
    #[serde(default)]
    pub branch_share: Option<Number>,
    /// Mean of φ'(z)². 0: every unit is dead or saturated. `None` for the output.
    #[serde(default)]
    pub slope_square: Option<Number>,
    /// Mean, over heads and the queries from the second position on, of the largest attention weight (GPT): 1 is
    /// one-hot.
    #[serde(default)]
    pub attention_peak: Option<Number>,
    /// Share of the layer's units whose activation is not above 0 for any held-out example or position. `None` where a
    /// unit cannot die ([`crate::science::activation::Activation::can_die`]), and where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_units: Option<Number>,
    /// Share of the layer's activations, over held-out data, beyond the values at which φ counts as saturated
    /// ([`crate::science::activation::Activation::saturation`]); `None` where there are none, and where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saturated_share: Option<Number>,
}

impl LayerMetric {
    /// A layer of which nothing is measured.
    pub fn unmeasured(id: LayerId) -> Self {
        Self {
            id,
            preactivation_var: None,
            activation_var: None,
            gradient_rms: None,
            signal_share: None,
            position_share: None,
            unit_diversity: None,
            branch_share: None,
            slope_square: None,
            attention_peak: None,
            dead_units: None,
            saturated_share: None,
        }
    }
}

/// One weight matrix's measurement (GPT: Q, K and V apart).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WeightMetric {
    /// `hidden.3`, `block.3.q`, `embedding.token`, …
    #[serde(rename = "name")]
    pub id: MatrixId,
    /// The standard deviation of the entries.
    pub std: Number,
    /// std(last update) / std(weights); `None` before the first update.
    pub update_ratio: Option<Number>,
}

choices! {
    /// Which numbers of a matrix a histogram is of.
    pub enum Content {
        /// Its weights.
        Weights "weights",
        /// What its product, with the bias, makes of the training batch.
        Preactivations "preactivations",
        /// φ of that.
        Activations "activations",
        /// The gradient of the loss with respect to its weights.
        Gradients "gradients",
    }
}

/// How the numbers of one tensor are spread, in the bins of [`crate::science::histogram`]. NaN is in no count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TensorHistogram {
    /// What the numbers are.
    pub content: Content,
    /// The matrix that they are of, or that made them. The logits are of `output` or `head`, tied or not.
    #[serde(rename = "name")]
    pub id: MatrixId,
    /// How many numbers there are.
    pub entries: usize,
    /// The mean; not finite where a number is not.
    pub mean: Number,
    /// The standard deviation; not finite where a number is not.
    pub std: Number,
    /// How many numbers are in each bin. Exact zeros are in none.
    pub counts: Vec<u32>,
    /// How many are below the first bin, and above the last.
    pub outside: [u32; 2],
    /// How many are exactly 0.
    pub zeros: u32,
    /// How many are nearer to zero than a tenth of the root mean square.
    pub near_zero: u32,
    /// How many are saturated; `None` for what does not saturate.
    pub saturated: Option<u32>,
}

impl TensorHistogram {
    /// The counts as shares; `None` where a number is not finite.
    pub fn distribution(&self) -> Option<Distribution> {
        let (Number(mean), Number(std)) = (self.mean, self.std);
        let is_whole = mean.is_finite() && std.is_finite() && self.counts.len() == HISTOGRAM_BINS;
        let share = |count: u32| f64::from(count) / self.entries.max(1) as f64;
        is_whole.then(|| Distribution {
            mean,
            std,
            shares: self.counts.iter().copied().map(share).collect(),
            outside: self.outside.map(share),
            zeros: share(self.zeros),
            near_zero: share(self.near_zero),
            saturated: self.saturated.map(share),
        })
    }
}

/// How sharply one head of attention looks, on the training batch (GPT). Both numbers are means over texts and over the
/// queries that have a choice, from the second position on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadMetric {
    /// The block.
    #[serde(rename = "name")]
    pub layer: LayerId,
    /// The number of the head in its block, from 1.
    pub head: usize,
    /// The entropy of a query's softmax over ln t, t being the positions that it chooses among: 1 is even, 0 is one-hot.
    pub entropy: Number,
    /// The largest weight of a query's softmax.
    pub peak: Number,
}

/// What frames contain beside what they always do. It costs time and is asked for only while a page shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measures {
    /// The histograms of weights, pre-activations, activations and gradients.
    pub histograms: bool,
    /// The shares of dead units and of saturated activations, over held-out data.
    pub units: bool,
    /// How sharply each head of attention looks.
    pub heads: bool,
    /// What the network takes each of ten held-out digits for.
    pub guesses: bool,
    /// What tells ten held-out digits apart, layer by layer.
    pub path: bool,
    /// A line of text, now and then.
    pub lines: bool,
    /// What the network says at each point of a plane.
    pub plane: bool,
}

impl Measures {
    /// What is measured of a run that is compared: single examples are shown of the page's own run alone.
    pub fn beside(self) -> Self {
        Self { guesses: false, path: false, lines: false, plane: false, ..self }
    }
}

/// What the network takes an example for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassGuess {
    /// The class with the largest logit; `None` where several share it, or where a logit is not finite.
    pub class: Option<usize>,
    /// The largest probability of its softmax.
    pub probability: Number,
}

/// What the network says in each cell of a plane ([`super::plane`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanePicture {
    /// The updates made when it said so.
    pub step: u64,
    /// The cells ([`super::plane::encode`]).
    pub cells: String,
}

/// What tells ten held-out digits apart in a layer: d, each unit's output less its mean over the ten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DigitLayer {
    /// The layer.
    #[serde(rename = "name")]
    pub id: LayerId,
    /// The largest |d|; not finite where an output is not.
    pub peak: Number,
    /// The root mean square of d.
    pub difference: Number,
    /// The root mean square of the output itself.
    pub rms: Number,
    /// d digit after digit, unit by unit, in parts of the largest ([`super::digits::encode`]); empty where that is not
    /// finite.
    pub cells: String,
}

/// What one slice of training brought back, measured on the network as it is at `step`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// The run it belongs to.
    pub run: RunId,
    /// How many updates were made before this measurement.
    pub step: u64,
    /// The mean cross-entropy over the training batch of this step, in nats.
    pub loss: Number,
    /// The mean cross-entropy over held-out data, in nats.
    pub val_loss: Option<Number>,
    /// The share of held-out predictions that are right.
    pub accuracy: Option<Number>,
    /// The losses of the steps since the frame before, oldest first; the last belongs to `step`.
    pub losses: Vec<Number>,
    /// The layers, in the order of their ids.
    pub layers: Vec<LayerMetric>,
    /// The matrices, in the order of their ids.
    pub weights: Vec<WeightMetric>,
    /// Share of the learned numbers whose second moment in Adam or AdamW is not finite: they never move again.
    /// `None` under other rules and before the first update.
    #[serde(default)]
    pub frozen_share: Option<Number>,
    /// Histograms, in the order of their contents and then of their ids. They are there only while a page asks for them
    /// ([`Measures`]), and then a few times a second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub histograms: Vec<TensorHistogram>,
    /// Those of step 0, once, where they were first asked for later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub start_histograms: Vec<TensorHistogram>,
    /// How sharply each head of attention looks, in the order of the blocks; only while a page asks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<HeadMetric>,
    /// What the network takes ten held-out digits for, from 0 to 9; only while a page asks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guesses: Vec<ClassGuess>,
    /// What tells these digits apart, by hidden layer; only while a page asks for it, and then a few times a second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<DigitLayer>,
    /// What the network says in a plane, if that is its data; only while a page asks for it, and while it trains a few
    /// times a second at most. What a page keeps of a frame between two pictures has the earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plane: Option<Box<PlanePicture>>,
    /// Wall time of a step in this slice, in milliseconds, reading included.
    pub step_ms: f64,
}

impl Frame {
    /// A layer's measurement. The frame has its layers in the order of their ids.
    pub fn layer(&self, id: LayerId) -> Option<&LayerMetric> {
        Some(&self.layers[self.layers.binary_search_by_key(&id, |layer| layer.id).ok()?])
    }

    /// A matrix's measurement. The frame has its matrices in the order of their ids.
    pub fn weight(&self, id: MatrixId) -> Option<&WeightMetric> {
        Some(&self.weights[self.weights.binary_search_by_key(&id, |weight| weight.id).ok()?])
    }
}
