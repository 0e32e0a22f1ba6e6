//! Describes one network and how it is trained: a [`Spec`] holds everything that decides a run's numbers, and nothing
//! else.

use serde::{Deserialize, Serialize};

mod adapt;
pub mod memory;
mod network;
mod offer;
mod own;
mod run;
mod settle;
mod shape;
mod start;
mod toy;
mod training;

pub use adapt::{Adapt, Adaptation};
pub use network::NetworkSpec;
pub(crate) use network::first_sigma;
pub use own::{OwnShape, OwnShapes, OwnSource};
pub use run::{DeviceChoice, RunSpec};
pub use shape::{DataShape, data_shape, first_shape};
pub use start::{FORMULA, RoleStart, StartSpec};
pub use toy::{KINDS, Toy, ToySpec};
pub use training::{DecayScope, Optimizer, Schedule, TrainingSpec};

pub use crate::science::activation::Activation;
pub use crate::science::adapt::{LoraStart, TokenStart};
pub use crate::science::architecture::{AttentionScale, BlockStyle, Model};
pub use crate::science::data::Dataset;
pub use crate::science::init::{Cut, Fan, Init, Scheme};
pub use crate::science::norm::{Norm, NormPosition};
pub use crate::science::plan::{Plan, WriteScale};
pub use crate::science::site::Role;
pub use crate::science::widths::Widths;

use crate::science::activation::LEAK;

/// A network, its first weights and its training; the same `Spec` gives the same numbers on every machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// How the weights are initialized.
    pub start: StartSpec,
    /// The architecture: sizes, activation, norms and skip connections.
    pub network: NetworkSpec,
    /// How the network is trained.
    pub training: TrainingSpec,
    /// The data that is learned, the seed, and the device.
    pub run: RunSpec,
    /// What is changed in the middle of the run: low-rank adapters, new tokens, or nothing.
    pub adapt: Adaptation,
    /// Which small lab this is, if it is no network. The worker computes networks alone, so it is not told.
    #[serde(skip)]
    pub toy: ToySpec,
    /// What is known of the reader's own data. It is in no link, and the worker knows it by itself.
    #[serde(skip)]
    pub own: OwnShapes,
}

impl Spec {
    /// Returns the spec with which the lab opens: twenty ReLU layers whose weights have the widely copied σ = 0.02.
    pub fn mlp() -> Self {
        Self {
            start: StartSpec {
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
            },
            network: NetworkSpec {
                model: Model::Mlp,
                depth: 20,
                width: 128,
                widths: Widths::NONE,
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
            },
            training: TrainingSpec {
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
            },
            run: RunSpec {
                data: Dataset::Digits,
                examples: 0,
                seed: 3, // This is the smallest typical seed, by the rule in `tests/lab_seed.rs`.
                device: DeviceChoice::Auto,
            },
            adapt: Adaptation::default(),
            toy: ToySpec::default(),
            own: OwnShapes::default(),
        }
    }

    /// Returns a small GPT-2: pre-norm blocks that predict characters.
    pub fn gpt() -> Self {
        let Self { start, network, training, run, adapt, toy, own } = Self::mlp();
        Self {
            start: StartSpec { scheme: Scheme::Gpt2, ..start },
            network: NetworkSpec {
                model: Model::Gpt,
                depth: 4,
                width: 64,
                activation: Activation::Gelu,
                norm: Norm::Layer,
                residual: true,
                ..network
            },
            training: TrainingSpec { optimizer: Optimizer::AdamW, lr: 1e-3, wd: 0.1, batch: 8, ..training },
            run: RunSpec { data: Dataset::Chars, ..run },
            adapt,
            toy,
            own,
        }
    }

    /// Returns the default spec of a model; a link lists only what differs from it.
    pub fn default_for(model: Model) -> Self {
        match model {
            Model::Mlp => Self::mlp(),
            Model::Gpt => Self::gpt(),
        }
    }
}
