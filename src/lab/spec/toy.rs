//! Describes the small labs beside networks: a product of matrices, one weight, scores of attention. Each makes one
//! concept click; they are computed on the page, and the worker knows nothing of them.

use super::{Model, RunSpec, Spec};
use crate::science::choice::choices;

choices! {
    /// A small lab, as the key `model` names it.
    pub enum Toy {
        /// The size of the entries of a product of random matrices.
        Chain "chain",
        /// One weight on its way to a target, under four optimizers.
        Weight "weight",
        /// The size of the scores q·k, and what softmax makes of them.
        Scores "scores",
    }
}

/// Which small lab a spec is, and the settings that only small labs have. Everything else is in the fields that networks
/// use too: `width` is n or d, `std` is σ, `depth` is how many matrices, `context` is how many keys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToySpec {
    /// The small lab. `None` means a network.
    pub kind: Option<Toy>,
    /// Where the one weight starts.
    pub w_start: f64,
    /// Where its loss is 0.
    pub w_target: f64,
    /// Whether the gradient is set to zero before each step, as `optimizer.zero_grad()` does.
    pub zero_grad: bool,
}

impl Default for ToySpec {
    fn default() -> Self {
        Self { kind: None, w_start: 0.0, w_target: std::f64::consts::PI, zero_grad: true }
    }
}

/// The values of the key `model`: the kinds of networks, and the small labs.
pub const KINDS: &[&str] = &["mlp", "gpt", "chain", "weight", "scores"];

impl Toy {
    /// Returns the keys of the knobs that mean something in this small lab, beside `model`.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Chain => &["std", "depth", "width", "seed"],
            Self::Weight => &["lr", "wd", "steps", "zero-grad", "w-start", "w-target"],
            Self::Scores => &["std", "width", "context", "seed"],
        }
    }

    /// Returns the parts of the page that mean something in this small lab.
    fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Chain | Self::Scores => &["reseed", "share", "question", "diagnosis"],
            Self::Weight => &["play", "step", "reset", "share", "question", "diagnosis"],
        }
    }

    /// Returns the largest width that is computed on the page without a wait that is felt.
    pub(super) fn max_width(self) -> usize {
        256
    }

    /// Returns the largest number of steps, of which each is a point of the chart.
    fn max_steps(self) -> u64 {
        2000
    }

    /// Returns the largest number of keys.
    fn max_context(self) -> usize {
        64
    }
}

impl Spec {
    /// Returns the default spec of a value of the key `model`.
    pub fn of_kind(kind: &str) -> Option<Self> {
        let Some(toy) = Toy::from_id(kind) else { return Model::from_id(kind).map(Self::default_for) };
        let mut spec = Self::mlp();
        spec.toy.kind = Some(toy);
        match toy {
            // D2L 5.4.1.2 multiplies a hundred 4 × 4 matrices of N(0, 1).
            Toy::Chain => (spec.network.depth, spec.network.width, spec.start.std) = (100, 4, 1.0),
            // One weight from 0 to π in 150 steps; 0.01 is the decay that PyTorch gives AdamW.
            Toy::Weight => (spec.training.steps, spec.training.wd) = (150, 0.01),
            Toy::Scores => (spec.network.width, spec.network.context, spec.start.std) = (64, 8, 1.0),
        }
        Some(spec)
    }

    /// Returns the defaults of another kind, and keeps the seed and the device, which do not depend on it.
    pub(crate) fn with_kind(&self, kind: &str) -> Option<Self> {
        if kind == self.kind() {
            return Some(self.clone());
        }
        let other = Self::of_kind(kind)?;
        let RunSpec { data, examples, .. } = other.run;
        let own = self.own.clone();
        Some(Self { run: RunSpec { data, examples, ..self.run }, own, ..other })
    }

    /// Returns the defaults of the kind that this spec is.
    pub fn plain(&self) -> Self {
        Self::of_kind(self.kind()).unwrap_or_else(Self::mlp)
    }

    /// Returns the value of the key `model`.
    pub fn kind(&self) -> &'static str {
        self.toy.kind.map_or(self.network.model.id(), Toy::id)
    }

    /// Returns whether this is a small lab and no network.
    pub fn is_toy(&self) -> bool {
        self.toy.kind.is_some()
    }

    /// Returns whether a knob means something, as far as that follows from what kind of lab this is. `None` means that
    /// it is a network, whose knobs have conditions of their own.
    pub(crate) fn toy_takes(&self, key: &str) -> Option<bool> {
        self.toy.kind.map(|toy| key == "model" || toy.keys().contains(&key))
    }

    /// Returns whether a part of the page means something for this kind of lab.
    pub fn has_part(&self, part: &str) -> bool {
        self.toy.kind.is_none_or(|toy| toy.parts().contains(&part))
    }

    /// Returns the largest depth of this kind of lab.
    pub fn max_depth(&self) -> usize {
        self.network.max_depth()
    }

    /// Returns the largest width of this kind of lab.
    pub fn max_width(&self) -> usize {
        self.toy.kind.map_or(self.network.max_width(), Toy::max_width)
    }

    /// Returns the largest number of steps of this kind of lab.
    pub fn max_steps(&self) -> u64 {
        self.toy.kind.map_or(u64::MAX, Toy::max_steps)
    }

    /// Returns the largest number of characters, or of keys.
    pub fn max_context(&self) -> usize {
        self.toy.kind.map_or(usize::MAX, Toy::max_context)
    }
}
