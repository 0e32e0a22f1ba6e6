//! How far single random networks deviate from the average over all of them, because their layers are not infinitely
//! wide.

use super::super::norm::{EPSILON, Norm};
use super::Signal;

/// The random variation of a layer's h, for two examples, which may be the same: the covariances, over networks, of the
/// relative changes
///
/// ```text
/// a = δv/v,  b = δm/√v      v, m: variance and mean of h over the n units of the layer
/// ```
///
/// to first order in 1/n. Both must be followed, since the next layer reads the mean square p = v + m², and the page
/// draws v; for an activation with a large mean the two fluctuate by very different amounts. Pairs of examples must be
/// followed too, since a batch of different ones averages over the variation that each of them has for itself.
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
/// and between examples by the correlation of their z ([`super::noise::Noise`]). A stream h + φ adds variances, means
/// and the covariance of h and φ over units, which is purely random. With
/// f = v/(v + Var φ) and g = 1 − f
///
/// ```text
/// a ← f·a + g·(S·δq/q + α) + γ,  n·E γ² = 4·f·g        b ← √f·b + √g·(R·δq/q + β)
/// ```
///
/// where δq/q is that of the stream the layer reads: a stream that is too large at one layer is so
/// at all later ones, and its branches with it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LayerSpread {
    /// The covariances E a·a', E a·b', E b·a' and E b·b'.
    pub(super) aa: f64,
    pub(super) ab: f64,
    pub(super) ba: f64,
    pub(super) bb: f64,
}

/// The linear form x·a + y·b.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form(pub(super) f64, pub(super) f64);

impl Form {
    pub(super) fn times(self, x: f64) -> Self {
        Self(x * self.0, x * self.1)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }

    /// The coefficient of the variance's change a.
    pub(super) fn variance_part(self) -> f64 {
        self.0
    }

    /// The form of the changes after a map, in terms of those before it.
    pub(super) fn before(self, map: &Map) -> Self {
        let Self(x, y) = self;
        Self(x * map.a.0 + y * map.b.0, x * map.a.1 + y * map.b.1)
    }
}

/// A linear map of an example's changes a and b.
#[derive(Clone, Copy, Debug)]
pub(super) struct Map {
    pub(super) a: Form,
    pub(super) b: Form,
}

impl Map {
    /// The map of a norm that acts on a signal.
    ///
    /// ```text
    /// LayerNorm, BatchNorm: δs²/s² = k·a   RMSNorm: δs²/s² = k·δp/p   k: the share of s² that is not ε
    /// ```
    pub(super) fn normed(norm: Norm, signal: &Signal, divisor: f64) -> Self {
        let kept = libm::exp(libm::log(EPSILON) - divisor);
        match norm {
            Norm::None => Self { a: Form(1.0, 0.0), b: Form(0.0, 1.0) },
            Norm::Layer | Norm::Batch => Self { a: Form(kept, 0.0), b: Form(0.0, 0.0) },
            Norm::Rms => {
                let [v, both, m] = signal.parts();
                let k = 1.0 - kept;
                Self { a: Form(1.0 - k * v, -2.0 * k * both), b: Form(-0.5 * k * both, 1.0 - k * m) }
            }
        }
    }
}

impl LayerSpread {
    /// The covariances of numbers without a mean.
    pub(super) fn centred(aa: f64) -> Self {
        Self { aa, ..Self::default() }
    }

    /// The covariance of a form of one example with a form of the other.
    pub(super) fn covariance(&self, one: Form, other: Form) -> f64 {
        one.0 * (other.0 * self.aa + other.1 * self.ab) + one.1 * (other.0 * self.ba + other.1 * self.bb)
    }

    /// The variance of a form, if both examples are the same.
    pub(super) fn variance(&self, form: Form) -> f64 {
        self.covariance(form, form).max(0.0)
    }

    pub(super) fn mapped(&self, one: &Map, other: &Map) -> Self {
        Self {
            aa: self.covariance(one.a, other.a),
            ab: self.covariance(one.a, other.b),
            ba: self.covariance(one.b, other.a),
            bb: self.covariance(one.b, other.b),
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { aa: self.aa + other.aa, ab: self.ab + other.ab, ba: self.ba + other.ba, bb: self.bb + other.bb }
    }
}
