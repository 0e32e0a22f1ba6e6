//! Describes the second part of a run: how the network is adapted after some updates.

use serde::{Deserialize, Serialize};

use super::{Model, Spec};
use crate::science::adapt::{LoraStart, TokenStart};
use crate::science::choice::choices;

choices! {
    /// What happens in the middle of a run.
    pub enum Adapt {
        /// Nothing happens: the network learns one task from the first step to the last.
        Off "off",
        /// The second half of the classes joins the data, the weights are frozen, and every hidden matrix gets a
        /// low-rank adapter (MLP).
        Lora "lora",
        /// The capital letters of the text, which are lower case until then, become tokens of their own (GPT).
        Tokens "tokens",
    }
}

/// The adaptation of a run: what happens, when, and with which first values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adaptation {
    /// The kind of adaptation.
    pub kind: Adapt,
    /// The number of updates after which the adaptation happens.
    pub at: u64,
    /// The rank r of the low-rank adapters.
    pub rank: usize,
    /// How the two matrices of an adapter are initialized.
    pub lora: LoraStart,
    /// How the embedding rows of new tokens are initialized.
    pub tokens: TokenStart,
}

impl Default for Adaptation {
    fn default() -> Self {
        Self { kind: Adapt::Off, at: 100, rank: 4, lora: LoraStart::BZero, tokens: TokenStart::Mean }
    }
}

impl Adaptation {
    /// Returns the number of updates after which the adaptation happens, or `None` if the run has none.
    pub fn step(&self) -> Option<u64> {
        (self.kind != Adapt::Off).then_some(self.at)
    }
}

impl Spec {
    /// Returns the adaptations that this model supports.
    pub(crate) fn adaptations(&self) -> [Adapt; 2] {
        match self.network.model {
            Model::Mlp => [Adapt::Off, Adapt::Lora],
            Model::Gpt => [Adapt::Off, Adapt::Tokens],
        }
    }
}
