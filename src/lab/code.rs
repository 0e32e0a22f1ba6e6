//! The bridge from the lab to a notebook: the network, its start and its training as PyTorch has them, and a file that
//! builds them with the lab's own numbers and compares what comes out.
//!
//! The lines a reader sees are plain PyTorch. In the file the names `init` and `Dropout` are the lab's instead: they
//! draw from the same seeded streams, so that the first weights and the batches are those of the page
//! (`static/code/lab.py`).

mod file;
mod lines;
mod measured;
mod model;
mod sigma;
mod start;
mod training;

pub use file::{CodeFile, SitePieces};
pub use measured::{LOSSES, MeasuredNumbers};

use sigma::SizeNames;

use super::spec::{Model, Spec};

/// The code of a network, in parts that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkCode {
    /// The sizes and the classes of the network.
    pub model: String,
    /// The first weights.
    pub start: String,
    /// Optimizer and training step.
    pub training: String,
}

impl NetworkCode {
    /// Writes the code of a spec.
    pub fn new(spec: &Spec) -> Self {
        let names = match spec.network.model {
            Model::Mlp => SizeNames { width: if spec.widths().is_empty() { "n" } else { "" }, heads: "1" },
            Model::Gpt => SizeNames { width: "d", heads: "H" },
        };
        Self {
            model: format!("{}\n\n\n{}", sizes(spec), model::model(spec)),
            start: start::start(spec, names),
            training: training::training(spec),
        }
    }

    /// The whole as plain PyTorch, which draws its own random numbers.
    pub fn text(&self) -> String {
        let Self { model, start, training } = self;
        let whole = format!("{model}\n\n{start}\n\n{training}");
        let dropout = if whole.contains("Dropout(") { "Dropout, " } else { "" };
        format!("{IMPORTS}from torch.nn import {dropout}init\n\n{whole}")
    }
}

/// What all parts import.
const IMPORTS: &str = "import math\n\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n";

/// The sizes by the names that the code has for them.
fn sizes(spec: &Spec) -> String {
    let net = spec.architecture();
    match net.model {
        Model::Mlp if !net.widths.is_empty() => {
            let widths: Vec<String> = net.widths.iter().map(|units| units.to_string()).collect();
            format!("L, widths = {}, [{}]  # hidden layers, units of each", net.depth, widths.join(", "))
        }
        Model::Mlp => format!("L, n = {}, {}  # hidden layers, units of each", net.depth, net.width),
        Model::Gpt => format!(
            "L, d, H, T, V = {}, {}, {}, {}, {}  # blocks, width, heads, positions, characters",
            net.depth, net.width, net.heads, net.context, net.classes
        ),
    }
}

/// The step at which a network is adapted, if it is: the code is that of the steps before.
pub fn ends_before(spec: &Spec) -> Option<u64> {
    spec.adapt.step()
}
