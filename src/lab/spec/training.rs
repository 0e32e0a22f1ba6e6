//! Describes how a network is trained: the rule of its updates, and the learning rate over a run.

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
    /// The parameters that weight decay applies to.
    pub enum DecayScope {
        /// All parameters, including biases, norms and gates, as with `torch.optim.AdamW(model.parameters())`.
        All "all",
        /// The parameters with two axes, which are weight matrices and embeddings, as in nanoGPT's
        /// `configure_optimizers`.
        Matrices "matrices",
    }
}

choices! {
    /// How the learning rate changes after the warm-up; the equations are in `engine::optimizer`.
    pub enum Schedule {
        /// The rate stays the same.
        Constant "constant",
        /// The rate falls linearly to a tenth at the end of the run.
        Linear "linear",
        /// The rate falls along half a cosine to a tenth at the end of the run.
        Cosine "cosine",
    }
}

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingSpec {
    /// The rule that turns gradients into updates.
    pub optimizer: Optimizer,
    /// The learning rate η.
    pub lr: f64,
    /// The number of steps in which the learning rate rises linearly from 0.
    pub warmup: u64,
    /// How the learning rate changes after the warm-up.
    pub schedule: Schedule,
    /// The largest norm that clipping lets a gradient have; 0 turns clipping off.
    pub clip: f64,
    /// The weight decay λ: added to the gradient as L2 (SGD, momentum, Adam), or decoupled from it (AdamW).
    pub wd: f64,
    /// The parameters that weight decay applies to.
    pub decay: DecayScope,
    /// The probability with which dropout sets a number to 0 in a training step.
    pub dropout: f64,
    /// The number of examples (MLP) or text windows (GPT) in a step.
    pub batch: usize,
    /// The number of steps after which the run is finished.
    pub steps: u64,
}
