//! One network and how it is trained: everything that decides a run's numbers, and nothing else.

use serde::{Deserialize, Serialize};

mod adapt;
mod architecture;
pub mod memory;
mod offer;
mod optimizer;
mod settle;
mod shape;
mod start;

pub use adapt::{Adapt, Adaptation};
pub(crate) use architecture::first_sigma;
pub use optimizer::{DecayScope, Optimizer, Schedule};
pub use shape::{DataShape, data_shape, first_shape};
pub use start::{FORMULA, RoleStart};

pub use crate::science::activation::Activation;
pub use crate::science::adapt::{LoraStart, TokenStart};
pub use crate::science::architecture::{AttentionScale, BlockStyle, Model};
pub use crate::science::data::Dataset;
pub use crate::science::init::{Cut, Fan, Init, Scheme};
pub use crate::science::norm::{Norm, NormPosition};
pub use crate::science::plan::{Plan, WriteScale};
pub use crate::science::site::Role;

use crate::science::activation::LEAK;
use crate::science::choice::choices;

choices! {
    /// Where the network should be trained.
    pub enum DeviceChoice {
        /// WebGPU on a real adapter, else the CPU.
        Auto "auto",
        /// WebGPU, on a software adapter too.
        WebGpu "webgpu",
        /// The CPU.
        Cpu "cpu",
    }
}

/// A network, its start and its training. The same `Spec` gives the same numbers everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// MLP or GPT.
    pub model: Model,
    /// Hidden layers (MLP) or blocks (GPT).
    pub depth: usize,
    /// Units of a hidden layer (MLP) or d_model (GPT).
    pub width: usize,
    /// Attention heads; divides `width` (GPT).
    pub heads: usize,
    /// Positions that a prediction sees (GPT).
    pub context: usize,
    /// The non-linearity φ.
    pub activation: Activation,
    /// The slope below zero of leaky ReLU.
    pub slope: f64,
    /// Normalization of hidden numbers.
    pub norm: Norm,
    /// Where it stands in a layer.
    pub position: NormPosition,
    /// Skip connections.
    pub residual: bool,
    /// How a block is built (GPT).
    pub block: BlockStyle,
    /// The factor on attention's logits (GPT); `None` is 1/√d_k, or 1/d_k for μP.
    pub attention: Option<AttentionScale>,
    /// The head is the token embedding (GPT).
    pub tied: bool,
    /// How the weights are drawn.
    pub scheme: Scheme,
    /// σ of the schemes that take one; the value itself for `constant`.
    pub std: f64,
    /// Gain of the schemes that take one; `None` is the scheme's own for the activation.
    pub gain: Option<f64>,
    /// Which fan Kaiming's formula divides by.
    pub fan: Fan,
    /// Where a normal distribution ends, for the schemes that can be cut; `None` is the scheme's own.
    pub cut: Option<Cut>,
    /// The share of zeros of `sparse`.
    pub sparsity: f64,
    /// The expression of `formula`.
    pub formula: String,
    /// What writes into the residual stream starts smaller by this (GPT).
    pub writes: WriteScale,
    /// Matrices with a start of their own, in the order of [`Role::OF_GPT`].
    pub roles: [RoleStart; Role::OF_GPT.len()],
    /// Standard deviation of the biases; `None` is the scheme's own (zeros, but PyTorch's bound for `pytorch`).
    pub bias: Option<f64>,
    /// The update rule.
    pub optimizer: Optimizer,
    /// Learning rate.
    pub lr: f64,
    /// Steps in which it rises from 0.
    pub warmup: u64,
    /// What becomes of it after that.
    pub schedule: Schedule,
    /// The largest norm of a gradient; 0 for any.
    pub clip: f64,
    /// Weight decay: L2 in the gradient (SGD, momentum, Adam), decoupled (AdamW).
    pub wd: f64,
    /// What it pulls at.
    pub decay: DecayScope,
    /// The chance of a number to be left out in a training step.
    pub dropout: f64,
    /// Examples (MLP) or text windows (GPT) a step.
    pub batch: usize,
    /// Steps until the run is done.
    pub steps: u64,
    /// What is learned.
    pub data: Dataset,
    /// Seed of every named random stream.
    #[serde(with = "super::number::digits")]
    pub seed: u64,
    /// Requested device.
    pub device: DeviceChoice,
    /// What happens in the middle of the run.
    pub adapt: Adaptation,
}

impl Spec {
    /// The lab as it opens: twenty ReLU layers with the 0.02 that everybody copies.
    pub fn mlp() -> Self {
        Self {
            model: Model::Mlp,
            depth: 20,
            width: 128,
            heads: 4,
            context: 64,
            activation: Activation::Relu,
            slope: LEAK,
            norm: Norm::None,
            position: NormPosition::Pre,
            residual: false,
            block: BlockStyle::Gpt2,
            attention: None,
            tied: true,
            scheme: Scheme::Normal,
            std: 0.02,
            gain: None,
            fan: Fan::In,
            cut: None,
            sparsity: 0.9,
            formula: FORMULA.to_owned(),
            writes: WriteScale::Scheme,
            roles: Default::default(),
            bias: None,
            optimizer: Optimizer::Sgd,
            lr: 0.01,
            warmup: 0,
            schedule: Schedule::Constant,
            clip: 0.0,
            wd: 0.0,
            decay: DecayScope::All,
            dropout: 0.0,
            batch: 64,
            steps: 2000,
            data: Dataset::Digits,
            seed: 3, // The smallest that is typical: `tests/lab_seed.rs` has the rule.
            device: DeviceChoice::Auto,
            adapt: Adaptation::default(),
        }
    }

    /// A small GPT-2: pre-norm blocks over characters.
    pub fn gpt() -> Self {
        Self {
            model: Model::Gpt,
            depth: 4,
            width: 64,
            activation: Activation::Gelu,
            norm: Norm::Layer,
            residual: true,
            scheme: Scheme::Gpt2,
            optimizer: Optimizer::AdamW,
            lr: 1e-3,
            wd: 0.1,
            batch: 8,
            data: Dataset::Chars,
            ..Self::mlp()
        }
    }

    /// The defaults that a link is a difference to.
    pub fn default_for(model: Model) -> Self {
        match model {
            Model::Mlp => Self::mlp(),
            Model::Gpt => Self::gpt(),
        }
    }

    /// The same run on the other kind of network: its defaults, with what does not depend on the kind kept.
    pub(crate) fn with_model(&self, model: Model) -> Self {
        if model == self.model {
            return self.clone();
        }
        Self { seed: self.seed, device: self.device, ..Self::default_for(model) }
    }

    /// The largest depth of this model.
    pub fn max_depth(&self) -> usize {
        match self.model {
            Model::Mlp => 100,
            Model::Gpt => 24,
        }
    }

    /// The largest width of this model.
    pub fn max_width(&self) -> usize {
        match self.model {
            Model::Mlp => 1024,
            Model::Gpt => 768,
        }
    }

    /// φ, with its slope.
    pub fn phi(&self) -> Activation {
        if self.activation == Activation::LeakyRelu { Activation::leaky(self.slope) } else { self.activation }
    }

    /// The factor on attention's logits, `auto` resolved.
    pub fn attention(&self) -> AttentionScale {
        self.attention.unwrap_or(match self.scheme {
            Scheme::Mup => AttentionScale::Linear,
            _ => AttentionScale::Root,
        })
    }

    /// Width of one attention head.
    pub fn head_width(&self) -> usize {
        self.width / self.heads
    }
}
