//! The state of the forward pass, which it carries from layer to layer.

use super::Signal;
use super::spread::LayerSpread;

/// The state of the forward pass between two layers.
pub(super) struct Walk {
    pub(super) ways: Vec<PassDirection>,
    pub(super) pairs: Vec<Two>,
}

/// The state of a kind of pair.
#[derive(Clone, Copy)]
pub(super) struct Two {
    /// The correlation of h about its mean over units, and its variance over networks. Two examples without anything in
    /// common have a cosine of the order of 1/√n.
    pub(super) alike: f64,
    pub(super) stray: f64,
    /// The covariances of their random changes.
    pub(super) spread: LayerSpread,
}

/// The state of an example of one length.
#[derive(Clone, Copy)]
pub(super) struct PassDirection {
    /// The h of an infinitely wide network.
    pub(super) h: Signal,
    /// The h of a typical network of this width, by the mean of ln `E[h²]` over networks.
    pub(super) typical: Signal,
    pub(super) spread: LayerSpread,
    /// The kurtosis E h⁴/(E h²)² of what the next layer reads.
    pub(super) peak: f64,
}
