//! What the forward pass leaves for the backward pass, for each layer.

use super::divided::Divided;
use super::spread::{Form, LayerSpread, Map};

/// What the backward pass needs of a layer. Sizes are logarithms, correlations are not.
pub(super) struct LayerPass {
    /// The factor of the backward pass, n_out·`E[w²]`.
    pub(super) back: f64,
    /// The norms before the matrix, between it and φ, and after the layer.
    pub(super) before: Divided,
    pub(super) within: Divided,
    pub(super) after: Divided,
    /// The values for each length of the input.
    pub(super) lengths: Vec<PassedLength>,
    /// One entry for each kind of pair.
    pub(super) pairs: Vec<PassedPair>,
}

/// The values of an example of one length at a layer.
#[derive(Clone, Copy)]
pub(super) struct PassedLength {
    /// The size of the layer's input, `E[in²]`.
    pub(super) input: f64,
    /// The slope D(q), times the square of the branch's gate.
    pub(super) slope: f64,
    /// The variance of z, ln q.
    pub(super) q: f64,
    /// What the variation of gradients depends on.
    pub(super) reach: Reach,
}

/// The values of two examples at a layer.
#[derive(Clone, Copy)]
pub(super) struct PassedPair {
    /// The correlation of the layer's inputs, `E[in·in']/√(E[in²]·E[in'²])`.
    pub(super) input: f64,
    /// The same of z, `E[z·z']/√(E[z²]·E[z'²])`.
    pub(super) z: f64,
    /// `E[φ'(z)·φ'(z')]/√(D·D')` with dropout's masks; 1 at the output.
    pub(super) slope: f64,
    /// What the variation of gradients depends on.
    pub(super) reach: ReachPair,
}

/// What the random variation of a gradient needs to know about an example at a layer.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// The changes of ln q, of ln `E[in²]` and of ln s² of the norm before, as forms of the changes of h of the layer
    /// before.
    pub(super) moved: Form,
    pub(super) input: Form,
    pub(super) divisor: Form,
    /// How the changes of h of the layer before become those of this layer's h, and the variation that is new there.
    pub(super) map: Map,
    pub(super) noise: LayerSpread,
    /// The variation of h of the layer before.
    pub(super) before: LayerSpread,
    /// T = d ln D/d ln q, E φ'⁴/D², and the relative covariance of φ² and φ'².
    pub(super) tilt: f64,
    pub(super) peak: f64,
    pub(super) together: f64,
    /// The share of φ's own variance in `E[φ²]`, by which a form is expressed as a multiple of that of p.
    pub(super) part: f64,
}

/// The same for two examples.
#[derive(Clone, Copy)]
pub(super) struct ReachPair {
    pub(super) noise: LayerSpread,
    pub(super) before: LayerSpread,
    /// The square c² of the correlation of their z.
    pub(super) square: f64,
    /// The variance, over networks, of the correlation of the layer's inputs.
    pub(super) stray: f64,
}
