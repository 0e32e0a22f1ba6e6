//! The network that others are changes of.

use init_lab::science::activation::Activation;
use init_lab::science::architecture::{Architecture, AttentionScale, BlockStyle, Model};
use init_lab::science::junction::Junction;
use init_lab::science::norm::{Norm, NormPosition};
use init_lab::science::widths::Widths;

/// A perceptron of one hidden unit, without norms, skips, masks or anything that depends on a scheme.
pub(crate) const PLAIN: Architecture = Architecture {
    model: Model::Mlp,
    depth: 1,
    width: 1,
    widths: Widths::NONE,
    heads: 1,
    context: 1,
    features: 1,
    classes: 1,
    activation: Activation::Relu,
    norm: Norm::None,
    position: NormPosition::Pre,
    residual: false,
    dropout: 0.0,
    block: BlockStyle::Gpt2,
    attention: AttentionScale::Root,
    tied: true,
    junction: Junction { skip: 1.0, gate: None },
    mup: false,
};
