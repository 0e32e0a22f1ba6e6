//! The network that a spec describes.

use serde::{Deserialize, Serialize};

use super::first_shape;
use super::{Activation, AttentionScale, BlockStyle, DataShape, Model, Norm, NormPosition, Role, Scheme, Spec};
use crate::science::architecture::Architecture;

/// What a network consists of, as knobs say it. [`Spec::architecture`] fills in what follows from others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkSpec {
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
}

impl NetworkSpec {
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

    /// Width of one attention head.
    pub fn head_width(&self) -> usize {
        self.width / self.heads
    }
}

impl Spec {
    /// Its sizes and switches, with what follows from other knobs filled in.
    pub fn architecture(&self) -> Architecture {
        let DataShape { features, classes, .. } = first_shape(self);
        let NetworkSpec { model, depth, width, heads, context, norm, position, residual, block, tied, .. } =
            self.network;
        Architecture {
            model,
            depth,
            width,
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

    /// φ, with its slope.
    pub fn phi(&self) -> Activation {
        let NetworkSpec { activation, slope, .. } = self.network;
        if activation == Activation::LeakyRelu { Activation::leaky(slope) } else { activation }
    }

    /// The factor on attention's logits, `auto` resolved.
    pub fn attention(&self) -> AttentionScale {
        self.network.attention.unwrap_or(match self.start.scheme {
            Scheme::Mup => AttentionScale::Linear,
            _ => AttentionScale::Root,
        })
    }
}

/// The σ of the first matrix of a role.
pub(crate) fn first_sigma(spec: &Spec, role: Role) -> f64 {
    let layer = if role.is_table() { 0 } else { 1 };
    let layer = if role.is_last() { spec.network.depth + 1 } else { layer };
    spec.plan().std_at(&spec.architecture().site(role, layer))
}
