//! What was seen of watched networks, how they stand, and when they are looked at.

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
    /// Training loss before each step, and after the last, in nats.
    pub losses: Vec<f32>,
    /// From the start on.
    pub looks: Vec<NetworkLook>,
    /// What it wrote.
    pub texts: Vec<WrittenText>,
    /// Set once it cannot go on.
    pub end: Option<Ending>,
}

/// A look at a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkLook {
    /// Updates made before.
    pub step: u64,
    /// Mean cross-entropy over held-out data, in nats.
    pub held_out: f64,
    /// Root mean square of each layer's gradient, input to output.
    pub gradients: Vec<Option<f64>>,
    /// Q, K and V of each block, as [`MATRICES`].
    pub shapes: Vec<[Shape; 3]>,
}

/// A text of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenText {
    /// Updates made before.
    pub step: u64,
    /// Its characters.
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

/// What somebody looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Chosen {
    /// Which network.
    pub network: usize,
    /// Which block, from 0.
    pub block: usize,
    /// Which of its looks; the last where it is left out.
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
    /// Every network.
    pub networks: Vec<Runner>,
    /// What is looked at.
    pub chosen: Chosen,
    /// Blocks of that network.
    pub blocks: usize,
    /// The steps of its looks.
    pub looks: Vec<u64>,
    /// What it wrote.
    pub texts: Vec<WrittenText>,
    /// Wall time of a step, in milliseconds; none before the first.
    pub step_ms: Option<f64>,
}

/// How a network of a watched experiment stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Runner {
    /// What it is called.
    pub name: String,
    /// The link that opens it in the lab.
    pub link: String,
    /// Updates made.
    pub step: u64,
    /// It waits while others train.
    pub rests: bool,
    /// Why it cannot go on.
    pub end: Option<Ending>,
}

impl Track {
    /// Updates made.
    pub fn step(&self) -> u64 {
        self.losses.len().saturating_sub(1) as u64
    }

    /// The look that somebody chose, or else the last.
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
