//! Normalization of a layer's numbers, and where in a block it stands.
//!
//! All kinds divide by the root of a second moment plus [`EPSILON`]. Engine and theory share that number, because with
//! a small σ the two terms are of one size.

use super::choice::choices;
use super::moments::log_add;

/// The ε that is added to the second moment under the root. It is the default of `torch.nn.LayerNorm` and
/// `torch.nn.BatchNorm1d`, and used for all norms here.
pub const EPSILON: f64 = 1e-5;

choices! {
    /// The normalization. LayerNorm and RMSNorm act on the n numbers that a layer has for one example, BatchNorm on the
    /// B numbers that one unit has in a batch. Scale and shift start as 1 and 0.
    pub enum Norm {
        /// There is no normalization.
        None "none",
        /// LayerNorm: (x − mean x)/√(var x + ε).
        Layer "layer",
        /// RMSNorm: x/√(mean x² + ε).
        Rms "rms",
        /// BatchNorm: (x − mean x)/√(var x + ε) over a batch. Only perceptrons have it.
        Batch "batch",
    }
}

choices! {
    /// Where the norm stands: in a layer h' = φ(W·h), or in a block h' = h + f(h).
    pub enum NormPosition {
        /// Before the weights: W·norm(h), or h + f(norm(h)). The stream itself is never divided.
        Pre "pre",
        /// Between weights and activation: φ(norm(W·h)), or h + φ(norm(W·h)). Only perceptrons have it.
        Inner "inner",
        /// After the layer: norm(φ(W·h)), or norm(h + f(h)). The stream is reset at every block.
        Post "post",
    }
}

/// What a norm does to numbers whose entries have a given mean and variance, in logarithms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Normed {
    /// ln s², the square of the divisor; 0 without a norm.
    pub(crate) divisor: f64,
    /// ln of the variance of the entries afterwards.
    pub(crate) variance: f64,
    /// ln of their mean afterwards.
    pub(crate) mean: f64,
}

impl Norm {
    /// Takes ln of the variance and ln of the mean of the entries; for BatchNorm these are over a batch for one unit.
    ///
    /// ```text
    /// layer, batch: s² = var + ε           mean → 0
    /// rms:          s² = var + mean² + ε   mean → mean/s
    /// ```
    ///
    /// In the backward pass a norm divides gradients by s too. The part that it also projects out, along the vector
    /// itself and along the mean, is 1/n to 2/n of the square, and is neglected.
    pub(crate) fn normed(self, variance: f64, mean: f64) -> Normed {
        let epsilon = libm::log(EPSILON);
        let (divisor, mean) = match self {
            Self::None => (0.0, mean),
            Self::Layer | Self::Batch => (log_add(variance, epsilon), f64::NEG_INFINITY),
            Self::Rms => {
                let second = log_add(variance, 2.0 * mean);
                let divisor = log_add(second, epsilon);
                (divisor, mean - 0.5 * divisor)
            }
        };
        Normed { divisor, variance: variance - divisor, mean }
    }
}
