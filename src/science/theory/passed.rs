//! What the forward pass leaves for the backward pass, layer by layer.

use super::divided::Divided;
use super::spread::{Form, LayerSpread, Map};

/// What the backward pass must remember of a layer, in logarithms but for the correlations.
pub(super) struct LayerPass {
    /// n_out·`E[w²]`.
    pub(super) back: f64,
    /// The norm before the matrix, that between it and φ, and that after the layer.
    pub(super) before: Divided,
    pub(super) within: Divided,
    pub(super) after: Divided,
    /// By length of the input.
    pub(super) lengths: Vec<PassedLength>,
    /// One entry for each kind of pair.
    pub(super) pairs: Vec<PassedPair>,
}

/// An example of one length at a layer.
#[derive(Clone, Copy)]
pub(super) struct PassedLength {
    /// `E[in²]`.
    pub(super) input: f64,
    /// D(q), times the square of the branch's gate.
    pub(super) slope: f64,
    /// ln q.
    pub(super) q: f64,
    /// What the chance of gradients follows.
    pub(super) reach: Reach,
}

/// Two examples at a layer.
#[derive(Clone, Copy)]
pub(super) struct PassedPair {
    /// `E[in·in']/√(E[in²]·E[in'²])`.
    pub(super) input: f64,
    /// `E[z·z']` likewise.
    pub(super) z: f64,
    /// `E[φ'(z)·φ'(z')]/√(D·D')` past the masks; 1 at the output.
    pub(super) slope: f64,
    /// What the chance of gradients follows.
    pub(super) reach: ReachPair,
}

/// What the chance of a gradient needs to know of an example at a layer.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// The changes, by those of h of the layer before, of ln q, of ln `E[in²]` and of ln s² of the norm before.
    pub(super) moved: Form,
    pub(super) input: Form,
    pub(super) divisor: Form,
    /// From the h of the layer before to the layer's own, and the chance that is new there.
    pub(super) map: Map,
    pub(super) noise: LayerSpread,
    /// The chance in the h of the layer before.
    pub(super) before: LayerSpread,
    /// T = d ln D/d ln q, E φ'⁴/D², and the covariance of φ² and φ'², relative.
    pub(super) tilt: f64,
    pub(super) peak: f64,
    pub(super) together: f64,
    /// The share of φ's own variance in `E[φ²]`, by which a form of p is told.
    pub(super) part: f64,
}

/// The same of two examples.
#[derive(Clone, Copy)]
pub(super) struct ReachPair {
    pub(super) noise: LayerSpread,
    pub(super) before: LayerSpread,
    /// c² of their z.
    pub(super) square: f64,
    /// The variance of the correlation of what the layer reads.
    pub(super) stray: f64,
}
