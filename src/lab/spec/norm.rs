//! What norm a network has, and where: what other parts ask.

use super::{Norm, NormPosition, Spec};

impl Spec {
    /// Where its norms stand; `None` in a network without.
    pub fn norm_position(&self) -> Option<NormPosition> {
        (self.norm != Norm::None).then_some(self.position)
    }

    /// Whether each layer hands on numbers that a norm has just brought to unit size, so that their
    /// size says nothing about the weights: a norm after the layer, or one within it and no skip
    /// connection around it.
    pub fn hands_on_normed(&self) -> bool {
        match self.norm_position() {
            Some(NormPosition::Post) => true,
            Some(NormPosition::Inner) => !self.residual,
            Some(NormPosition::Pre) | None => false,
        }
    }

    /// Whether the size of hidden weights does not matter to what the next layer reads, but for ε.
    pub fn reads_normed(&self) -> bool {
        self.norm != Norm::None && (self.position != NormPosition::Inner || !self.residual)
    }
}
