//! A signal of the residual stream at two positions of a text: what the theory of the stream
//! follows, forward (activations) and backward (gradients).

use super::moments::log_add;
use super::theory::share;

/// ln of the mean square of a signal, and its correlation between two different positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) second: f64,
    pub(crate) correlation: f64,
}

impl Pair {
    /// The sum of two independent signals.
    pub(crate) fn plus(self, other: Self) -> Self {
        let second = log_add(self.second, other.second);
        let (a, b) = (share(self.second, second), share(other.second, second));
        Self { second, correlation: a * self.correlation + b * other.correlation }
    }

    /// Through random weights with n_in·`E[w²]` = e^gain, and biases, which all positions share.
    pub(crate) fn through(self, gain: f64, bias: f64) -> Self {
        self.times(gain).plus(Self { second: bias, correlation: 1.0 })
    }

    /// Past dropout's masks, which no two positions share.
    pub(crate) fn dropped(self, p: f64) -> Self {
        Self { second: self.second - libm::log1p(-p), correlation: (1.0 - p) * self.correlation }
    }

    /// Times a factor given by its logarithm, in mean square.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self { second: self.second + factor, ..self }
    }
}
