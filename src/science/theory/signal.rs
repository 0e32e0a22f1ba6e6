//! What a layer passes to the next one, in the forward pass.

use super::super::moments::log_add;
use super::super::norm::{EPSILON, Norm, Normed};
use super::share;
use super::spread::Form;

/// The variance and the mean of the entries of h over units, as logarithms.
#[derive(Clone, Copy)]
pub(super) struct Signal {
    pub(super) variance: f64,
    pub(super) mean: f64,
    /// Whether the mean is negative.
    pub(super) negative: bool,
}

impl Signal {
    /// A signal without a mean.
    pub(super) fn centred(variance: f64) -> Self {
        Self { variance, mean: f64::NEG_INFINITY, negative: false }
    }

    pub(super) fn second(self) -> f64 {
        log_add(self.variance, 2.0 * self.mean)
    }

    /// The parts v/p, ±√v·m/p and m²/p, where v is the variance, m the mean and p the mean square.
    pub(super) fn parts(self) -> [f64; 3] {
        let second = self.second();
        let (v, m) = (share(self.variance, second), share(2.0 * self.mean, second));
        let both = (v * m).sqrt();
        [v, if self.negative { -both } else { both }, m]
    }

    /// The sum of two independent signals.
    pub(super) fn plus(self, other: Self) -> Self {
        let (mean, negative) = signed_sum((self.mean, self.negative), (other.mean, other.negative));
        Self { variance: log_add(self.variance, other.variance), mean, negative }
    }

    /// The correlation of whole entries of two examples, from the correlation about their means.
    pub(super) fn whole(self, other: &Self, about_mean: f64) -> f64 {
        let (one, two) = (self.second(), other.second());
        let variances = (share(self.variance, one) * share(other.variance, two)).sqrt();
        let means = (share(2.0 * self.mean, one) * share(2.0 * other.mean, two)).sqrt();
        variances * about_mean + if self.negative == other.negative { means } else { -means }
    }

    /// The signal times a factor, which is given by the logarithm of its square.
    pub(super) fn scaled(self, factor: f64) -> Self {
        Self { variance: self.variance + factor, mean: self.mean + 0.5 * factor, ..self }
    }

    /// The mean divided by e^(unit/2).
    pub(super) fn mean_over(self, unit: f64) -> f64 {
        let size = libm::exp(self.mean - 0.5 * unit);
        if self.negative { -size } else { size }
    }

    /// The signal after a norm, and ln of the square of the norm's divisor.
    pub(super) fn normed(self, norm: Norm) -> (Self, f64) {
        let Normed { divisor, variance, mean } = norm.normed(self.variance, self.mean);
        (Self { variance, mean, ..self }, divisor)
    }

    /// How the mean square that is read of the signal, after a norm with this divisor, follows its variance and its
    /// mean. Only ε lets a share of a change pass a norm: d ln(v/(v + ε)) = ε/(v + ε)·d ln v.
    pub(super) fn read(self, norm: Norm, divisor: f64) -> Form {
        let kept = libm::exp(libm::log(EPSILON) - divisor);
        let [v, both, _] = self.parts();
        match norm {
            Norm::None => Form(v, 2.0 * both),
            Norm::Layer | Norm::Batch => Form(kept, 0.0),
            Norm::Rms => Form(v, 2.0 * both).times(kept),
        }
    }
}

/// ln |a + b| and the sign of a + b, from ln |a|, ln |b| and whether they are negative.
fn signed_sum(a: (f64, bool), b: (f64, bool)) -> (f64, bool) {
    let (large, small) = if a.0 > b.0 { (a, b) } else { (b, a) };
    if large.1 == small.1 || small.0 == f64::NEG_INFINITY {
        return (log_add(large.0, small.0), large.1);
    }
    (large.0 + libm::log(-libm::expm1(small.0 - large.0)), large.1)
}
