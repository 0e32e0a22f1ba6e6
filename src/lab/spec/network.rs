//! Describes the network of a spec.

use serde::{Deserialize, Serialize};

use super::first_shape;
use super::{Activation, AttentionScale, BlockStyle, DataShape, Model, Norm, NormPosition, Role, Scheme, Spec, Widths};
use crate::science::architecture::Architecture;

/// The architecture as the knobs set it; [`Spec::architecture`] fills in what follows from other knobs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkSpec {
    /// The kind of network, MLP or GPT.
    pub model: Model,
    /// The number of hidden layers (MLP) or blocks (GPT).
    pub depth: usize,
    /// The number of units of a hidden layer (MLP), or d_model (GPT). Where layers differ it is the largest.
    pub width: usize,
    /// The number of units of each hidden layer, where they differ (MLP); then `depth` is the number of these layers.
    #[serde(default)]
    pub widths: Widths,
    /// The number of attention heads, which divides `width` (GPT).
    pub heads: usize,
    /// The number of positions that a prediction sees (GPT).
    pub context: usize,
    /// The activation function φ.
    pub activation: Activation,
    /// The slope of leaky ReLU below zero.
    pub slope: f64,
    /// The normalization of hidden layers.
    pub norm: Norm,
    /// Where the norm stands in a layer or block.
    pub position: NormPosition,
    /// Whether the layers have skip connections.
    pub residual: bool,
    /// How a transformer block is built (GPT).
    pub block: BlockStyle,
    /// The factor on the attention logits (GPT). `None` means 1/√d_k, or 1/d_k with μP.
    pub attention: Option<AttentionScale>,
    /// Whether the output head shares its weights with the token embedding (GPT).
    pub tied: bool,
}

impl NetworkSpec {
    /// Returns the largest depth that this model may have.
    pub fn max_depth(&self) -> usize {
        match self.model {
            Model::Mlp => 100,
            Model::Gpt => 24,
        }
    }

    /// Returns the largest width that this model may have.
    pub fn max_width(&self) -> usize {
        match self.model {
            Model::Mlp => 1024,
            Model::Gpt => 768,
        }
    }

    /// Returns the width d_k of one attention head.
    pub fn head_width(&self) -> usize {
        self.width / self.heads
    }
}

impl Spec {
    /// Returns the sizes and switches of the network, with what follows from other knobs filled in.
    pub fn architecture(&self) -> Architecture {
        let DataShape { features, classes, .. } = first_shape(self);
        let NetworkSpec { model, depth, width, heads, context, norm, position, residual, block, tied, .. } =
            self.network;
        Architecture {
            model,
            depth,
            width,
            widths: self.widths(),
            heads,
            context,
            features,
            classes,
            activation: self.phi(),
            norm,
            position,
            residual,
            dropout: self.training.dropout,
            block,
            attention: self.attention(),
            tied,
            junction: self.start.scheme.junction(depth),
            mup: self.start.scheme == Scheme::Mup,
        }
    }

    /// Returns the numbers of units of hidden layers that differ in width; the list is empty where all have one width.
    pub fn widths(&self) -> Widths {
        if self.network.model == Model::Mlp && !self.is_toy() { self.network.widths } else { Widths::NONE }
    }

    /// Returns the activation φ, with the knob's slope if it is leaky ReLU.
    pub fn phi(&self) -> Activation {
        let NetworkSpec { activation, slope, .. } = self.network;
        if activation == Activation::LeakyRelu { Activation::leaky(slope) } else { activation }
    }

    /// Returns the factor on the attention logits, with `auto` resolved.
    pub fn attention(&self) -> AttentionScale {
        self.network.attention.unwrap_or(match self.start.scheme {
            Scheme::Mup => AttentionScale::Linear,
            _ => AttentionScale::Root,
        })
    }
}

/// Returns σ of the first matrix that has this role.
pub(crate) fn first_sigma(spec: &Spec, role: Role) -> f64 {
    let layer = if role.is_table() { 0 } else { 1 };
    let layer = if role.is_last() { spec.network.depth + 1 } else { layer };
    spec.plan().std_at(&spec.architecture().site(role, layer))
}
