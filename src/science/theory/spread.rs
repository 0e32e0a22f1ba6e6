//! How far single random networks stray from what the average over all of them says, because their
//! layers are not infinitely wide.

use super::super::moments::LogMoments;
use super::super::norm::{EPSILON, Norm};
use super::Signal;

/// The chance in a layer's h, for one sample: the covariance, over networks, of the relative changes
///
/// ```text
/// a = δv/v,  b = δm/√v      v, m: variance and mean of h over the n units of the layer
/// ```
///
/// to first order in 1/n. Both must be followed, since the next layer reads the mean square
/// p = v + m², and what the page draws is v: of an activation with a large mean the two fluctuate by
/// very different amounts.
///
/// Given its input, a layer's units are independent draws with one q (Hanin & Nica 2018,
/// arXiv:1812.05994, have ReLU's p: 5/n a layer). So v and m are a sample's variance and mean, whose
/// covariances any textbook of statistics has (Cramér 1946, ch. 27), and they follow what q does:
///
/// ```text
/// δp/p = (v/p)·a + 2·(m·√v/p)·b,       δq/q = δp/p times the share of q that is not bias
/// a = S·δq/q + α,   S = d ln Var φ/d ln q,        n·E α²  = E(φ − M)⁴/Var² φ − 1
/// b = R·δq/q + β,   R = (dM/d ln q)/√Var φ,       n·E α·β = E(φ − M)³/Var^{3/2} φ,    n·E β² = 1
/// ```
///
/// A stream h + φ adds up variances, means and the covariance of h and φ over units, which is chance
/// alone. With f = v/(v + Var φ) and g = 1 − f
///
/// ```text
/// a ← f·a + g·(S·δq/q + α) + γ,  n·E γ² = 4·f·g        b ← √f·b + √g·(R·δq/q + β)
/// ```
///
/// where δq/q is that of the stream the layer reads: a stream that is too large at one layer is so
/// at all later ones, and its branches with it.
///
/// Dropout's masks differ between examples, so that over a batch they widen h and are no chance of the
/// network: β and γ are then only the part of Var φ that is [`LogMoments::own`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spread {
    /// E a².
    pub(super) variance: f64,
    /// E a·b.
    both: f64,
    /// E b².
    mean: f64,
}

/// x·a + y·b.
#[derive(Clone, Copy)]
pub(super) struct Form(pub(super) f64, pub(super) f64);

impl Form {
    pub(super) fn times(self, x: f64) -> Self {
        Self(x * self.0, x * self.1)
    }

    /// What it takes of the variance's chance.
    pub(super) fn variance_part(self) -> f64 {
        self.0
    }

    /// Its variance over networks.
    pub(super) fn variance(self, spread: &Spread) -> f64 {
        let Self(x, y) = self;
        (x * x * spread.variance + 2.0 * x * y * spread.both + y * y * spread.mean).max(0.0)
    }

    fn covariance(self, other: Self, spread: &Spread) -> f64 {
        self.0 * other.0 * spread.variance
            + (self.0 * other.1 + self.1 * other.0) * spread.both
            + self.1 * other.1 * spread.mean
    }
}

impl Spread {
    /// Of numbers without a mean.
    pub(super) fn centred(variance: f64) -> Self {
        Self { variance, both: 0.0, mean: 0.0 }
    }

    /// After a layer of n units whose q changes by `q`; `skipped` is f.
    ///
    /// `sampling` is how much of the noise of Gaussian weights there is: orthogonal ones keep the
    /// length of z, which takes 2·S², 2·S·R and 2·R² off the three covariances.
    pub(super) fn after(self, q: Form, phi: &LogMoments, skipped: f64, units: usize, sampling: f64) -> Self {
        let n = units as f64;
        let (f, g) = (skipped, 1.0 - skipped);
        let radial = 2.0 * (1.0 - sampling);
        let LogMoments { variance_growth: s, mean_growth: r, .. } = *phi;
        let noise = Self {
            variance: (g * g * (phi.peak - radial * s * s).max(0.0) + 4.0 * f * g * phi.own) / n,
            both: g * g.sqrt() * (phi.skew - radial * s * r) / n,
            mean: g * (phi.own - radial * r * r).max(0.0) / n,
        };
        let Form(x, y) = q.times(g * s);
        let a = Form(x + f, y);
        let Form(x, y) = q.times(g.sqrt() * r);
        self.mapped(a, Form(x, y + f.sqrt())).plus(noise)
    }

    /// E a² of z itself: n Gaussian numbers of one q have 2/n. Orthogonal weights keep their mean
    /// square, so that only the square of their mean is left to chance, χ²/n of q, which has 2/n².
    pub(super) fn of_z(self, q: Form, units: usize, sampling: f64) -> f64 {
        let n = units as f64;
        q.variance(&self) + 2.0 * (sampling + (1.0 - sampling) / n) / n
    }

    /// After a norm of a signal with this spread.
    ///
    /// ```text
    /// LayerNorm, BatchNorm: δs²/s² = k·a   RMSNorm: δs²/s² = k·δp/p   k: the share of s² that is not ε
    /// ```
    pub(super) fn normed(self, norm: Norm, signal: &Signal, divisor: f64) -> Self {
        let kept = libm::exp(libm::log(EPSILON) - divisor);
        match norm {
            Norm::None => self,
            Norm::Layer | Norm::Batch => Self { variance: kept * kept * self.variance, both: 0.0, mean: 0.0 },
            Norm::Rms => {
                let [v, both, m] = signal.parts();
                let k = 1.0 - kept;
                self.mapped(Form(1.0 - k * v, -2.0 * k * both), Form(-0.5 * k * both, 1.0 - k * m))
            }
        }
    }

    fn mapped(self, a: Form, b: Form) -> Self {
        Self { variance: a.variance(&self), both: a.covariance(b, &self), mean: b.variance(&self) }
    }

    fn plus(self, other: Self) -> Self {
        Self { variance: self.variance + other.variance, both: self.both + other.both, mean: self.mean + other.mean }
    }
}
