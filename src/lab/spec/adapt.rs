//! The second part of a run: what is done to the network once it is trained a little.

use serde::{Deserialize, Serialize};

use super::{Model, Spec};
use crate::science::adapt::{LoraStart, TokenStart};
use crate::science::choice::choices;

choices! {
    /// What happens in the middle of a run.
    pub enum Adapt {
        /// Nothing: one task from the first step to the last.
        Off "off",
        /// The classes' second half joins the data, the weights are frozen, and every hidden matrix
        /// gets an adapter of low rank (MLP).
        Lora "lora",
        /// The text's capital letters, small until then, become tokens of their own (GPT).
        Tokens "tokens",
    }
}

/// The second part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adaptation {
    /// What happens.
    pub kind: Adapt,
    /// After how many updates.
    pub at: u64,
    /// r of the adapters.
    pub rank: usize,
    /// How the adapters start.
    pub lora: LoraStart,
    /// How the rows of new tokens start.
    pub tokens: TokenStart,
}

impl Default for Adaptation {
    fn default() -> Self {
        Self { kind: Adapt::Off, at: 100, rank: 4, lora: LoraStart::BZero, tokens: TokenStart::Mean }
    }
}

impl Adaptation {
    /// The number of updates after which it happens, if it does.
    pub fn step(&self) -> Option<u64> {
        (self.kind != Adapt::Off).then_some(self.at)
    }
}

impl Spec {
    /// What this model can be adapted by.
    pub(crate) fn adaptations(&self) -> [Adapt; 2] {
        match self.network.model {
            Model::Mlp => [Adapt::Off, Adapt::Lora],
            Model::Gpt => [Adapt::Off, Adapt::Tokens],
        }
    }
}
