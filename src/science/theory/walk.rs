//! Where the forward pass is: what it carries from a layer to the next.

use super::Signal;
use super::spread::LayerSpread;

/// Where the forward pass is.
pub(super) struct Walk {
    pub(super) ways: Vec<PassDirection>,
    pub(super) pairs: Vec<Two>,
}

/// A kind of pair.
#[derive(Clone, Copy)]
pub(super) struct Two {
    /// The correlation of h about its mean over units, and its variance over networks: two examples
    /// without anything in common have a cosine of 1/√n.
    pub(super) alike: f64,
    pub(super) stray: f64,
    /// Their chance in common.
    pub(super) spread: LayerSpread,
}

/// An example of one length.
#[derive(Clone, Copy)]
pub(super) struct PassDirection {
    /// h of an infinitely wide network.
    pub(super) h: Signal,
    /// Of a typical one of this width: the mean of ln `E[h²]` over networks.
    pub(super) typical: Signal,
    pub(super) spread: LayerSpread,
    /// E h⁴/(E h²)² of what the next layer reads.
    pub(super) peak: f64,
}
