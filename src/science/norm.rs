//! Normalization of a layer's vector, and where in a block it stands.
//!
//! Both kinds divide by a root of second moment plus [`EPSILON`]; the engine and the theory share
//! that number, because with a small σ the two are of one size.

use super::choice::choices;
use super::moments::log_add;

/// Added to the second moment under the root: the default ε of `torch.nn.LayerNorm`, here of both.
pub const EPSILON: f64 = 1e-5;

choices! {
    /// What is done to the vector x of n numbers. Scale and shift start as 1 and 0.
    pub enum Norm {
        /// Nothing.
        None "none",
        /// LayerNorm: (x − mean x)/√(var x + ε).
        Layer "layer",
        /// RMSNorm: x/√(mean x² + ε).
        Rms "rms",
    }
}

choices! {
    /// Where the norm stands in a block h' = h + f(h).
    pub enum NormPosition {
        /// h' = h + f(norm(h)): the stream itself is never divided.
        Pre "pre",
        /// h' = norm(h + f(h)): the stream is reset at every block.
        Post "post",
    }
}

/// What a norm does to a vector whose entries have a given mean and variance, in logarithms.
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
    /// Takes ln of the variance and ln of the mean of the entries.
    ///
    /// ```text
    /// layer: s² = var + ε           mean → 0
    /// rms:   s² = var + mean² + ε   mean → mean/s
    /// ```
    ///
    /// Backward, a norm divides gradients by s too; the part it also projects out (along the vector
    /// itself, and along the mean) is 1/n to 2/n of the square, and is left out.
    pub(crate) fn normed(self, variance: f64, mean: f64) -> Normed {
        let epsilon = libm::log(EPSILON);
        let (divisor, mean) = match self {
            Self::None => (0.0, mean),
            Self::Layer => (log_add(variance, epsilon), f64::NEG_INFINITY),
            Self::Rms => {
                let second = log_add(variance, 2.0 * mean);
                let divisor = log_add(second, epsilon);
                (divisor, mean - 0.5 * divisor)
            }
        };
        Normed { divisor, variance: variance - divisor, mean }
    }
}
