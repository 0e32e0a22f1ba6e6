//! Which branch of a kink each number takes, and passes that keep to the branches of another pass.
//!
//! ReLU's slope jumps, and with it the gradient of a loss, so that a difference of gradients sees kinks that no second
//! derivative has. A network that keeps to its branches is the same one near its weights, and has no kinks:
//!
//! ```text
//! φ(z) = φ'(z)·z        where φ is a straight line on either side of 0; φ' is kept
//! ```

use burn::tensor::Tensor;

use crate::lab::spec::Activation;
use crate::science::phase::homogeneous;

/// What a pass does with the branches of its activations, in the order in which it meets them.
#[derive(Default)]
pub(super) enum BranchPattern {
    /// Nothing.
    #[default]
    Free,
    /// It notes them: the slopes, `[R, N, n]` each.
    Noted(Vec<Tensor<3>>),
    /// It keeps to these.
    Kept(std::vec::IntoIter<Tensor<3>>),
}

impl BranchPattern {
    /// The slopes to keep to in the next activation; `None` where it is computed as always.
    pub(super) fn next(&mut self, activation: Activation) -> Option<Tensor<3>> {
        match self {
            Self::Kept(slopes) if bends(activation) => slopes.next(),
            _ => None,
        }
    }

    /// Takes in the slopes of an activation.
    pub(super) fn note(&mut self, activation: Activation, slopes: &Tensor<3>) {
        if let Self::Noted(all) = self
            && bends(activation)
        {
            all.push(slopes.clone());
        }
    }
}

/// Whether an activation is two straight lines.
fn bends(activation: Activation) -> bool {
    activation != Activation::Linear && homogeneous(activation)
}
