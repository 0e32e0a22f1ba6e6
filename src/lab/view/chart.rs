//! The charts of the page, and which of them stand where.

use crate::lab::spec::{Dataset, Model, Spec, Toy};
use crate::science::choice::choices;

choices! {
    /// A chart of the page.
    pub enum Chart {
        /// The variance of the activations by depth.
        Variance "variance",
        /// The size of the gradients by depth.
        Gradient "gradient",
        /// What still tells inputs apart, by depth.
        Share "signal-share",
        /// The losses over steps.
        Loss "loss",
        /// The spread of the Q, K and V weights by block (GPT).
        Weights "weights",
        /// Ten held-out digits, and what the network takes them for (MLP).
        Digits "digits",
        /// What the network says at each point of a plane, where its inputs are two numbers (MLP).
        Boundary "boundary",
        /// What tells one of these digits apart, layer by layer (MLP).
        Path "digit-path",
        /// Lines that the network writes now and then (GPT).
        Lines "lines",
        /// How far the last update moved each matrix, in units of the matrix.
        Updates "updates",
        /// How the numbers of a layer are spread: weights, pre-activations, activations, gradients.
        Histograms "histograms",
        /// The shares of dead units and of saturated activations, by depth.
        Dead "dead",
        /// The singular values of a matrix or of the Jacobian, measured on demand.
        Spectrum "spectrum",
        /// The largest eigenvalue of the loss's Hessian over steps, measured on demand.
        Sharpness "sharpness",
        /// How sharply each head of attention looks, by block (GPT).
        Heads "attention-heads",
        /// The size of the entries of a product of matrices, by how many are multiplied (a small lab).
        Product "product",
        /// One weight over steps, under four optimizers (a small lab).
        Course "one-weight",
        /// The spread of the scores q·k by the width d (a small lab).
        Scores "score-size",
        /// What softmax makes of some scores, before and after they are divided by √d (a small lab).
        Softmax "softmax",
        /// The loss over σ, of networks that are trained as one.
        Sweep "sweep",
        /// The plane of σ_w and σ_b, between order and chaos (MLP).
        Phase "phase",
        /// The map of the correlation of two inputs (MLP).
        Correlation "correlation",
        /// The spread of attention's logits and its entropy by block (GPT).
        Attention "entropy",
    }
}

impl Chart {
    /// The charts of what is measured, in the order in which they stand at first. A reader may choose and order them.
    pub const MEASURED: [Self; 15] = [
        Self::Variance,
        Self::Gradient,
        Self::Share,
        Self::Loss,
        Self::Weights,
        Self::Digits,
        Self::Boundary,
        Self::Path,
        Self::Lines,
        Self::Updates,
        Self::Histograms,
        Self::Dead,
        Self::Heads,
        Self::Spectrum,
        Self::Sharpness,
    ];

    /// The charts of small labs, of which each has one or two. There is nothing to choose or to order.
    pub const SMALL: [Self; 4] = [Self::Product, Self::Course, Self::Scores, Self::Softmax];

    /// Those of them that stand there only if a reader or a link chose them, because they are for a closer look.
    pub const OPTIONAL: [Self; 8] = [
        Self::Path,
        Self::Lines,
        Self::Updates,
        Self::Histograms,
        Self::Dead,
        Self::Heads,
        Self::Spectrum,
        Self::Sharpness,
    ];

    /// The charts of theory alone, which are one click away unless a link asks for them.
    pub const THEORY: [Self; 3] = [Self::Phase, Self::Correlation, Self::Attention];

    /// The charts that an embedded lab has only where `show` names them: those of theory, because a lesson is rarely
    /// about theory alone, and the share of the signal, the digits and the plane, because pages that embed a lab were
    /// laid out without them.
    pub const ON_REQUEST: [Self; 6] =
        [Self::Share, Self::Digits, Self::Boundary, Self::Phase, Self::Correlation, Self::Attention];

    /// Its name in test hooks. Those of two charts are not their ids, because in a link `share` is a button and
    /// `attention` a knob.
    pub fn hook(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Heads => "attention",
            _ => self.id(),
        }
    }

    /// Whether the chart means anything for this network and its data.
    pub fn applies(self, spec: &Spec) -> bool {
        let model = spec.network.model;
        match self {
            Self::Product => spec.toy.kind == Some(Toy::Chain),
            Self::Course => spec.toy.kind == Some(Toy::Weight),
            Self::Scores | Self::Softmax => spec.toy.kind == Some(Toy::Scores),
            _ if spec.is_toy() => false,
            Self::Variance | Self::Gradient | Self::Share | Self::Loss | Self::Sweep => true,
            Self::Updates | Self::Histograms | Self::Dead | Self::Spectrum | Self::Sharpness => true,
            Self::Digits | Self::Path => model == Model::Mlp && spec.dataset() == Dataset::Digits,
            Self::Boundary => model == Model::Mlp && spec.run.data.is_planar(),
            Self::Phase | Self::Correlation => model == Model::Mlp,
            Self::Weights | Self::Heads | Self::Attention | Self::Lines => model == Model::Gpt,
        }
    }
}
