//! How a network is trained: the rule of its updates, and the learning rate over a run.

use serde::{Deserialize, Serialize};

use crate::science::choice::choices;

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
    /// What weight decay pulls at.
    pub enum DecayScope {
        /// Everything that learns: biases, norms and gates too, as `torch.optim.AdamW(model.parameters())`.
        All "all",
        /// Weight matrices and embeddings, which are what has two axes (nanoGPT's `configure_optimizers`).
        Matrices "matrices",
    }
}

choices! {
    /// What becomes of the learning rate once it is warm; the equations are in `engine::optimizer`.
    pub enum Schedule {
        /// It stays.
        Constant "constant",
        /// It falls to a tenth along a line, until the run is done.
        Linear "linear",
        /// It falls to a tenth along half a cosine.
        Cosine "cosine",
    }
}

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingSpec {
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
}
