//! Records what was seen of watched networks and how they stand, and says when they are looked at.

use serde::{Deserialize, Serialize};

use crate::lab::prediction::sigma;
use crate::lab::spec::Spec;
use crate::science::layer::LayerId;
use crate::science::shape::Shape;

/// The matrices that are looked at, in their order in a look.
pub const MATRICES: [&str; 3] = ["Q", "K", "V"];

/// What was seen of a network so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// The training loss before each step and after the last, in nats.
    pub losses: Vec<f32>,
    /// The looks, from that of the start on.
    pub looks: Vec<NetworkLook>,
    /// What the network wrote.
    pub texts: Vec<WrittenText>,
    /// Why it cannot go on, once that is so.
    pub end: Option<Ending>,
}

/// What was seen in one look at a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkLook {
    /// Updates made before.
    pub step: u64,
    /// The mean cross-entropy over held-out data, in nats.
    pub held_out: f64,
    /// The root mean square of each layer's gradient, input to output.
    pub gradients: Vec<Option<f64>>,
    /// The shapes of Q, K and V of each block, in the order of [`MATRICES`].
    pub shapes: Vec<[Shape; 3]>,
}

/// A text that a network wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenText {
    /// Updates made before.
    pub step: u64,
    /// The characters of the text.
    pub text: String,
}

/// Why a network cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It made all its steps.
    Done,
    /// Its numbers left f32.
    Diverged {
        /// The layer where that was seen first.
        layer: Option<LayerId>,
    },
}

/// What the reader looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Chosen {
    /// The number of the network, from 0.
    pub network: usize,
    /// The number of the block, from 0.
    pub block: usize,
    /// The number of the look, from 0; the last one where it is left out.
    #[serde(default)]
    pub look: Option<usize>,
    /// Whether the numbers of its looks are wanted too.
    #[serde(default)]
    pub data: bool,
}

/// What is told of a watched experiment beside its pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Watched {
    /// How each network stands.
    pub networks: Vec<Runner>,
    /// What the reader looks at.
    pub chosen: Chosen,
    /// How many blocks that network has.
    pub blocks: usize,
    /// The steps of that network's looks.
    pub looks: Vec<u64>,
    /// What it wrote.
    pub texts: Vec<WrittenText>,
    /// The wall time of a step, in milliseconds; none before the first.
    pub step_ms: Option<f64>,
}

/// How a network of a watched experiment stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Runner {
    /// What the network is called.
    pub name: String,
    /// The link that opens it in the lab.
    pub link: String,
    /// Updates made.
    pub step: u64,
    /// Whether it waits while others train.
    pub rests: bool,
    /// Why it cannot go on.
    pub end: Option<Ending>,
}

impl Track {
    /// Updates made.
    pub fn step(&self) -> u64 {
        self.losses.len().saturating_sub(1) as u64
    }

    /// The look that the reader chose, or else the last.
    pub fn look(&self, chosen: Chosen) -> Option<&NetworkLook> {
        chosen.look.and_then(|look| self.looks.get(look)).or(self.looks.last())
    }
}

/// The step of the look after one at this step: every fifth at first, then every fifteenth part of
/// the way, so that a night's run has not many more looks than an hour's.
pub fn next_look(step: u64) -> u64 {
    step + (step / 15).max(5)
}

/// The step after this one at which a network writes: the fiftieth, and whenever it has come twice as far.
pub fn next_text(step: u64) -> u64 {
    50 * (step / 50 + 1).next_power_of_two()
}

/// Half the width of a network's histograms: twelve times the σ that its Q starts with.
pub fn histogram_range(spec: &Spec) -> f64 {
    (12.0 * sigma(spec).hidden).max(0.05)
}
