//! A signal of the residual stream in two rows, which the theory of the stream follows forward (activations) and
//! backward (gradients). A row is one position of one text.

use super::moments::log_add;
use super::theory::share;

/// Two positions of one text, which see the same earlier characters.
pub(crate) const TEXT: usize = 0;
/// The same position of two texts, which share the position's embedding.
pub(crate) const PLACE: usize = 1;
/// Different positions of different texts.
pub(crate) const APART: usize = 2;
/// The number of kinds of places that two rows can have.
pub(crate) const PLACES: usize = 3;
/// The number of kinds of pairs: for each kind of places first those with different tokens, then those with the same.
pub(crate) const KINDS: usize = 2 * PLACES;

/// ln of the mean square of a signal, and its correlation between two different rows, by kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) second: f64,
    pub(crate) correlation: [f64; KINDS],
}

impl Pair {
    /// The sum of two independent signals.
    pub(crate) fn plus(self, other: Self) -> Self {
        let second = log_add(self.second, other.second);
        let (a, b) = (share(self.second, second), share(other.second, second));
        let correlation = std::array::from_fn(|kind| a * self.correlation[kind] + b * other.correlation[kind]);
        Self { second, correlation }
    }

    /// The signal after random weights with n_in·`E[w²]` = e^gain, and biases, which all rows share.
    pub(crate) fn through(self, gain: f64, bias: f64) -> Self {
        self.times(gain).plus(Self { second: bias, correlation: [1.0; KINDS] })
    }

    /// The signal after dropout's masks, which no two rows share.
    pub(crate) fn dropped(self, p: f64) -> Self {
        Self { second: self.second - libm::log1p(-p), ..self }.mapped(|c| (1.0 - p) * c)
    }

    /// The signal times a factor, which is given by the logarithm of its square.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self { second: self.second + factor, ..self }
    }

    /// The signal with each correlation mapped.
    pub(crate) fn mapped(self, map: impl FnMut(f64) -> f64) -> Self {
        Self { correlation: self.correlation.map(map), ..self }
    }

    /// The correlation of a kind of places, averaged over the tokens, two of which are equal with this probability.
    pub(crate) fn at(&self, place: usize, coincidence: f64) -> f64 {
        (1.0 - coincidence) * self.correlation[2 * place] + coincidence * self.correlation[2 * place + 1]
    }
}

/// Correlations that depend on the kind of places only, and not on the tokens.
pub(crate) fn whatever_the_tokens(places: [f64; PLACES]) -> [f64; KINDS] {
    std::array::from_fn(|kind| places[kind / 2])
}

/// For each kind of pair, the number of other rows that a row forms such a pair with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Others([f64; KINDS]);

impl Others {
    /// The other rows in a batch of B texts of T positions, where two tokens are equal with this probability.
    pub(crate) fn new(texts: usize, context: usize, coincidence: f64) -> Self {
        let (texts, places) = (texts.max(1) as f64 - 1.0, context.max(1) as f64 - 1.0);
        let counts = [places, texts, texts * places];
        let shares = [1.0 - coincidence, coincidence];
        Self(std::array::from_fn(|kind| counts[kind / 2] * shares[kind % 2]))
    }

    /// The other rows of the same text only.
    pub(crate) fn of_one_text(mut self) -> Self {
        self.0[2 * PLACE..].fill(0.0);
        self
    }

    /// The sum over the other rows of a number that depends on the kind of pair.
    pub(crate) fn sum(&self, number: impl Fn(usize) -> f64) -> f64 {
        self.0.iter().enumerate().map(|(kind, count)| count * number(kind)).sum()
    }

    /// The mean over all pairs of rows of a number that depends on their kind, where a row with itself has `own`.
    pub(crate) fn mean(&self, own: f64, number: impl Fn(usize) -> f64) -> f64 {
        (own + self.sum(number)) / (1.0 + self.sum(|_| 1.0))
    }

    /// The share that tells rows apart, Σ Var h/Σ E h², which is 1 less the mean correlation. `None` where h is 0.
    pub(crate) fn apart(&self, h: Pair) -> Option<f64> {
        let alike = self.mean(1.0, |kind| h.correlation[kind]);
        (h.second > f64::NEG_INFINITY).then_some((1.0 - alike).clamp(0.0, 1.0))
    }
}
