//! How a network is trained: the rule of its updates, and the learning rate over a run.

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
