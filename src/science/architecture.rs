//! What a network consists of: its sizes and switches, and in order, input to output, its layers and its weight
//! matrices. Theory, engine and page read this one description, so that they speak of the same network.

use super::activation::Activation;
use super::choice::choices;
use super::init::MUP_BASE;
use super::junction::Junction;
use super::layer::LayerId;
use super::norm::{Norm, NormPosition};
use super::site::{Fans, Role, Site};
use super::widths::Widths;

choices! {
    /// The kind of network.
    pub enum Model {
        /// Fully connected layers.
        Mlp "mlp",
        /// A decoder-only transformer over characters.
        Gpt "gpt",
    }
}

choices! {
    /// How a block is built.
    pub enum BlockStyle {
        /// W₂·φ(W₁·x) with 4d units, learned positions, biases (Radford 2019).
        Gpt2 "gpt2",
        /// W₂·(φ(W₁·x) ⊙ W₃·x) with 8d/3 units, rotary positions, no biases (Touvron 2023).
        Llama "llama",
    }
}

choices! {
    /// The factor c on the logits q·k of queries and keys with d_k numbers each.
    pub enum AttentionScale {
        /// 1/√d_k: logits of variance 1 from q and k of variance 1 (Vaswani 2017).
        Root "sqrt",
        /// 1/d_k: logits that stay bounded when q and k agree (Yang 2022, μP).
        Linear "linear",
        /// 1, so that the logits are q·k itself.
        None "none",
    }
}

impl BlockStyle {
    /// The number of units of a block's MLP: 4d for GPT-2, and 8d/3 for LLaMA, rounded up to a multiple of 8, so that
    /// its three matrices are as large as two of 4d.
    pub fn hidden(self, width: usize) -> usize {
        match self {
            Self::Gpt2 => 4 * width,
            Self::Llama => (8 * width).div_ceil(3).next_multiple_of(8),
        }
    }

    /// Whether the block's linear maps have biases.
    pub fn has_biases(self) -> bool {
        self == Self::Gpt2
    }
}

impl AttentionScale {
    /// The factor c for heads of this width.
    pub fn factor(self, head_width: usize) -> f64 {
        let d = head_width as f64;
        match self {
            Self::Root => 1.0 / d.sqrt(),
            Self::Linear => 1.0 / d,
            Self::None => 1.0,
        }
    }
}

/// The sizes and switches of a network. Those that only a transformer has are ignored in a perceptron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Architecture {
    /// The kind of network: MLP or GPT.
    pub model: Model,
    /// L, the number of hidden layers or blocks.
    pub depth: usize,
    /// n, the number of units of a hidden layer (the largest, where layers differ), or d, the length of a row of the
    /// residual stream.
    pub width: usize,
    /// The number of units of each hidden layer, where they differ (MLP).
    pub widths: Widths,
    /// The number of attention heads.
    pub heads: usize,
    /// T, the number of positions.
    pub context: usize,
    /// The length of one input (MLP).
    pub features: usize,
    /// The number of outputs: classes, or V, the number of tokens.
    pub classes: usize,
    /// φ of the hidden layers, or of a block's MLP.
    pub activation: Activation,
    /// The normalization, if any.
    pub norm: Norm,
    /// Where the norm stands. A GPT with `pre` has one more before the head.
    pub position: NormPosition,
    /// Whether each hidden layer but the first, or each half of a block, adds to its input.
    pub residual: bool,
    /// The probability that dropout sets a number to 0 in a training pass.
    pub dropout: f64,
    /// How a block is built.
    pub block: BlockStyle,
    /// The factor on attention's logits.
    pub attention: AttentionScale,
    /// Whether the head is the token embedding.
    pub tied: bool,
    /// How branches are added to the residual stream.
    pub junction: Junction,
    /// Whether rates and tied logits shrink with the width, as in μP.
    pub mup: bool,
}

impl Architecture {
    /// The layers from input to output, in the order of every table and message.
    pub fn layers(&self) -> Vec<LayerId> {
        let depth = 1..=self.depth;
        match self.model {
            Model::Mlp => depth.map(LayerId::Hidden).chain([LayerId::Output]).collect(),
            Model::Gpt => {
                let blocks = depth.map(LayerId::Block);
                [LayerId::Embedding].into_iter().chain(blocks).chain([LayerId::Head]).collect()
            }
        }
    }

    /// The site of every weight matrix, from input to output.
    pub fn matrices(&self) -> Vec<Site> {
        let last = self.depth + 1;
        let stands_in = |role: Role, layer: usize| match layer {
            0 => role.is_table(),
            l if l == last => role.is_last(),
            _ => !role.is_table() && !role.is_last(),
        };
        let of = |layer: usize| {
            let roles = Role::ALL.iter().filter(move |role| self.has(**role) && stands_in(**role, layer));
            roles.map(move |role| self.site(*role, layer))
        };
        (0..=last).flat_map(of).collect()
    }

    /// The site of a matrix with this role in this layer, where `layer` is [`Site::layer`].
    pub fn site(&self, role: Role, layer: usize) -> Site {
        let (d, wide) = (self.units(layer), self.block.hidden(self.width));
        let (fan_in, fan_out) = match role {
            Role::Hidden if layer == 1 => (self.features, d),
            Role::Hidden => (self.units(layer - 1), d),
            Role::Output | Role::Head | Role::Token => (d, self.classes),
            Role::Position => (d, self.context),
            Role::MlpIn | Role::MlpUp => (d, wide),
            Role::MlpOut => (wide, d),
            Role::Query | Role::Key | Role::Value | Role::AttentionOut => (d, d),
        };
        let heads = if self.model == Model::Gpt { self.heads } else { 1 };
        Site { role, fans: Fans { fan_in, fan_out }, layer, depth: self.depth, width: d, heads }
    }

    /// The number of units of a hidden layer, counted from 1; after the last one, that of the last one.
    pub fn units(&self, layer: usize) -> usize {
        self.widths.iter().take(layer.max(1)).next_back().unwrap_or(self.width)
    }

    /// The number of hidden units of all layers together.
    pub fn hidden_units(&self) -> usize {
        if self.widths.is_empty() { self.depth * self.width } else { self.widths.iter().sum() }
    }

    /// Whether the network has a matrix of this role.
    pub fn has(&self, role: Role) -> bool {
        let llama = self.block == BlockStyle::Llama;
        match (self.model, role) {
            (Model::Mlp, role) => matches!(role, Role::Hidden | Role::Output),
            (Model::Gpt, Role::Hidden | Role::Output) => false,
            (Model::Gpt, Role::Position) => !llama,
            (Model::Gpt, Role::MlpUp) => llama,
            (Model::Gpt, Role::Head) => !self.tied,
            (Model::Gpt, _) => true,
        }
    }

    /// Whether linear maps have biases. Embeddings and a transformer's head never have them.
    pub fn has_biases(&self) -> bool {
        self.model == Model::Mlp || self.block.has_biases()
    }

    /// Whether norms stand before the matrices.
    pub fn pre_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Pre
    }

    /// Whether norms stand between the matrices and the activations.
    pub fn inner_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Inner
    }

    /// Whether norms stand after the layers.
    pub fn post_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Post
    }

    /// d_k, the width of one attention head.
    pub fn head_width(&self) -> usize {
        (self.width / self.heads.max(1)).max(1)
    }

    /// The factor on tied logits: 64/d for μP, so that they do not grow with the width.
    pub fn logit_scale(&self) -> f64 {
        if self.mup && self.tied { MUP_BASE / self.width as f64 } else { 1.0 }
    }
}
