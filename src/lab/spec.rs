//! One network and how it is trained: everything that decides a run's numbers, and nothing else.

use serde::{Deserialize, Serialize};

pub use crate::science::activation::Activation;
pub use crate::science::data::Dataset;
pub use crate::science::init::{Fan, Init, Scheme};
pub use crate::science::norm::{Norm, NormPosition};

use super::notice::Notice;
use crate::science::choice::choices;

choices! {
    /// The kind of network.
    pub enum Model {
        /// Fully connected layers of one width.
        Mlp "mlp",
        /// A decoder-only transformer over characters.
        Gpt "gpt",
    }
}

choices! {
    /// The rule that turns gradients into updates; the equations are in `engine::optimizer`.
    pub enum Optimizer {
        /// Plain gradient descent.
        Sgd "sgd",
        /// Gradient descent with heavy-ball momentum 0.9.
        Momentum "momentum",
        /// Adam with β = (0.9, 0.999).
        Adam "adam",
        /// Adam with decoupled weight decay.
        AdamW "adamw",
    }
}

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
    /// Normalization of hidden vectors.
    pub norm: Norm,
    /// Normalization before each weight matrix or after each layer.
    pub position: NormPosition,
    /// Skip connections.
    pub residual: bool,
    /// How the weights are drawn.
    pub scheme: Scheme,
    /// σ of the schemes that take one; the value itself for `constant`.
    pub std: f64,
    /// Gain of the schemes that take one; `None` is the scheme's own for the activation.
    pub gain: Option<f64>,
    /// Which fan Kaiming's formula divides by.
    pub fan: Fan,
    /// Standard deviation of the biases; `None` is the scheme's own (zeros, but PyTorch's bound for `pytorch`).
    pub bias: Option<f64>,
    /// The update rule.
    pub optimizer: Optimizer,
    /// Learning rate.
    pub lr: f64,
    /// Weight decay: L2 in the gradient (SGD, momentum, Adam), decoupled (AdamW).
    pub wd: f64,
    /// Examples (MLP) or text windows (GPT) a step.
    pub batch: usize,
    /// Steps until the run is done.
    pub steps: u64,
    /// What is learned.
    pub data: Dataset,
    /// Seed of every named random stream.
    pub seed: u64,
    /// Requested device.
    pub device: DeviceChoice,
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
            norm: Norm::None,
            position: NormPosition::Pre,
            residual: false,
            scheme: Scheme::Normal,
            std: 0.02,
            gain: None,
            fan: Fan::In,
            bias: None,
            optimizer: Optimizer::Sgd,
            lr: 0.01,
            wd: 0.0,
            batch: 64,
            steps: 2000,
            data: Dataset::Digits,
            seed: 1,
            device: DeviceChoice::Auto,
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
    pub fn with_model(&self, model: Model) -> Self {
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
            Model::Gpt => 256,
        }
    }

    /// The data this model can learn.
    pub fn datasets(&self) -> &'static [Dataset] {
        match self.model {
            Model::Mlp => &[Dataset::Digits, Dataset::Spirals],
            Model::Gpt => &[Dataset::Chars],
        }
    }

    /// The initialization with its gain filled in.
    pub fn init(&self) -> Init {
        let gain = self.gain.unwrap_or_else(|| self.scheme.default_gain(self.activation));
        Init { scheme: self.scheme, std: self.std, gain, fan: self.fan }
    }

    /// Width of one attention head.
    pub fn head_width(&self) -> usize {
        self.width / self.heads
    }

    /// Makes the knobs fit each other, and says what it had to change.
    ///
    /// Each knob is inside its own range already; here are the rules between knobs.
    pub fn settle(&mut self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let max_depth = self.max_depth();
        if self.depth > max_depth {
            notices.push(Notice::clamped("depth", self.depth, max_depth));
            self.depth = max_depth;
        }
        let max_width = self.max_width();
        if self.width > max_width {
            notices.push(Notice::clamped("width", self.width, max_width));
            self.width = max_width;
        }
        if self.model == Model::Gpt && !self.width.is_multiple_of(self.heads) {
            // The largest number of heads not above the wish that divides d_model; 1 always does.
            let heads = (1..=self.heads).rev().find(|h| self.width.is_multiple_of(*h)).unwrap_or(1);
            notices.push(Notice::heads(self.heads, self.width, heads));
            self.heads = heads;
        }
        if !self.datasets().contains(&self.data) {
            let data = self.datasets()[0];
            notices.push(Notice::data(self.data.id(), self.model.id(), data.id()));
            self.data = data;
        }
        notices
    }
}
