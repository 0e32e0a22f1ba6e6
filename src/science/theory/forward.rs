//! The forward pass of the theory: second moments, spreads, and the correlations of pairs of
//! examples.

use super::super::init::{Fans, Scheme};
use super::super::kernel::Kernel;
use super::super::moments::{LogMoments, log_add, log_moments};
use super::super::norm::{EPSILON, Norm, NormPosition, Normed};
use super::{LayerPrediction, MlpTheory, share};

/// What the backward pass must remember of a layer, in logarithms but for the correlations.
pub(super) struct Passed {
    /// n_out·`E[w²]`.
    pub(super) back: f64,
    /// `E[in²]`.
    pub(super) input: f64,
    /// s² of the norm before the layer, and of the norm after it; 0 without one.
    pub(super) before: f64,
    pub(super) after: f64,
    /// D(q), times the square of the branch's gate.
    pub(super) slope: f64,
    /// ln q.
    pub(super) q: f64,
    /// One entry for each kind of pair.
    pub(super) pairs: Vec<PassedPair>,
}

/// Two examples at a layer.
#[derive(Clone, Copy)]
pub(super) struct PassedPair {
    /// `E[in·in']/E[in²]`.
    pub(super) input: f64,
    /// `E[z·z']/E[z²]`.
    pub(super) z: f64,
    /// `E[φ'(z)·φ'(z')]/D`; 1 at the output.
    pub(super) slope: f64,
}

/// The law of the entries of h over units, in logarithms but for the spread.
#[derive(Clone, Copy)]
struct Signal {
    variance: f64,
    mean: f64,
    /// Whether the mean is negative.
    negative: bool,
    /// Variance of ln `E[h²]` over networks.
    spread: f64,
}

impl Signal {
    /// Without a mean.
    fn centred(variance: f64, spread: f64) -> Self {
        Self { variance, mean: f64::NEG_INFINITY, negative: false, spread }
    }

    fn second(self) -> f64 {
        log_add(self.variance, 2.0 * self.mean)
    }

    /// The correlation of whole entries, from that about their mean.
    fn whole(self, about_mean: f64) -> f64 {
        let second = self.second();
        share(self.variance, second) * about_mean + share(2.0 * self.mean, second)
    }

    /// After a norm. Only ε lets a part of the spread pass: d ln(v/(v + ε)) = ε/(v + ε)·d ln v.
    fn normed(self, norm: Norm) -> (Self, f64) {
        let Normed { divisor, variance, mean } = norm.normed(self.variance, self.mean);
        let kept = if norm == Norm::None { 1.0 } else { libm::exp(libm::log(EPSILON) - divisor) };
        let signal = Self { variance, mean, spread: kept * kept * self.spread, ..self };
        (signal, divisor)
    }
}

impl MlpTheory {
    /// ```text
    /// q_l   = n_{l−1}·E[w²]·E[in²] + E[b²]
    /// var h = var φ + (residual: var h_{l−1}),  mean h = M + (residual: mean h_{l−1})
    /// ```
    ///
    /// The spread follows Hanin & Nica (arXiv:1812.05994), generalized: a relative change of `E[h²]`
    /// goes on to q with the share that is not bias, then to V with d ln V/d ln q, and n_l units
    /// add a noise of (E φ⁴/V² − 1)/n_l: 5/n for ReLU, 2/n for linear.
    ///
    /// Pairs of examples have one correlation a layer and kind (Poole 2016, arXiv:1606.05340): of the
    /// whole of z, and of h about its mean over units, which all examples share.
    pub(super) fn forward(&self) -> (Vec<LayerPrediction>, Vec<Passed>) {
        let last = self.widths.len().saturating_sub(1);
        let mut h = Signal::centred(libm::log(self.input_second_moment), 0.0);
        let mut alike: Vec<f64> = self.pairs.iter().map(|kind| kind.correlation).collect();
        let gate = libm::log(self.plan.junction(last.saturating_sub(1)).gate_square());
        let mut known = f64::NAN;
        let mut phi = log_moments(self.activation, 0.0);
        let mut kernel = None;
        let mut layers = Vec::with_capacity(last);
        let mut passed = Vec::with_capacity(last);
        for (l, pair) in self.widths.windows(2).enumerate().map(|(i, p)| (i + 1, p)) {
            let fans = Fans { fan_in: pair[0], fan_out: pair[1] };
            let (input, before) =
                if l >= 2 && self.position == NormPosition::Pre { h.normed(self.norm) } else { (h, 0.0) };
            let weight = match self.plan.init.scheme {
                // Scaled until the variance of z is 1, whatever comes in.
                Scheme::Lsuv => -libm::log(fans.fan_in as f64) - input.second(),
                _ => libm::log(self.plan.second_moment(&self.site(l, fans))),
            };
            let fed = libm::log(fans.fan_in as f64) + weight + input.second();
            let q = log_add(fed, libm::log(self.plan.init.bias_var(fans, self.bias_std)));
            let fed = share(fed, q);
            let z = Signal::centred(q, input.spread * fed * fed);
            let pairs = alike.iter().map(|&about_mean| {
                let whole = input.whole(about_mean);
                PassedPair { input: whole, z: fed * whole + 1.0 - fed, slope: 1.0 }
            });
            let mut pairs: Vec<PassedPair> = pairs.collect();
            let mut after = 0.0;
            let mut slope = 0.0;
            let skips = self.residual && l >= 2 && l < last;
            // ln of the square of what the branch is multiplied by.
            let gate = if skips { gate } else { 0.0 };
            if l == last {
                h = z;
                h.spread += self.sampling(fans) * 2.0 / fans.fan_out as f64;
            } else {
                // Most networks come to rest at some q.
                if (q - known).abs() > 1e-12 || known.is_nan() {
                    phi = log_moments(self.activation, q);
                    known = q;
                }
                slope = phi.slope;
                let skip = skips.then_some((h, input.spread > 0.0));
                let old = h;
                let branch = LogMoments {
                    mean: phi.mean + 0.5 * gate,
                    variance: phi.variance + gate,
                    second: phi.second + gate,
                    ..phi
                };
                h = self.activated(z, &branch, skip, fans);
                if !pairs.is_empty() {
                    let map = Kernel::new(self.activation, q, &phi, kernel.take());
                    let (kept, new) = match skip {
                        Some(_) => (share(old.variance, h.variance), share(branch.variance, h.variance)),
                        None => (0.0, 1.0),
                    };
                    for (alike, pair) in alike.iter_mut().zip(&mut pairs) {
                        *alike = kept * *alike + new * map.values(pair.z);
                        pair.slope = map.slopes(pair.z);
                    }
                    kernel = Some(map);
                }
                if self.position == NormPosition::Post {
                    (h, after) = h.normed(self.norm);
                }
            }
            layers.push(LayerPrediction {
                preactivation_var: Some(libm::exp(q)),
                activation_var: Some(libm::exp(h.variance)),
                gradient: None,
                log_spread: h.spread.sqrt(),
            });
            let back = libm::log(fans.fan_out as f64) + weight;
            passed.push(Passed { back, input: input.second(), before, after, slope: slope + gate, q, pairs });
        }
        (layers, passed)
    }

    /// h = φ(z), plus what is skipped over the layer.
    fn activated(&self, z: Signal, phi: &LogMoments, skip: Option<(Signal, bool)>, fans: Fans) -> Signal {
        let n = fans.fan_out as f64;
        // Orthogonal weights keep the length of z: the radial part of the noise falls away.
        let radial = 2.0 * phi.sensitivity * phi.sensitivity * (1.0 - self.sampling(fans));
        let noise = (phi.noise - radial).max(0.0) / n;
        let carried = phi.sensitivity * phi.sensitivity * z.spread;
        let Some((old, linked)) = skip else {
            return Signal { variance: phi.variance, mean: phi.mean, negative: phi.negative, spread: carried + noise };
        };
        // E[(h + φ)²] = p + V + 2·m·M, and the cross term's own noise is 4·p·V/n.
        let (mean, negative) = signed_sum((old.mean, old.negative), (phi.mean, phi.negative));
        let mut h = Signal { variance: log_add(old.variance, phi.variance), mean, negative, spread: 0.0 };
        let (of_old, of_phi) = (share(old.second(), h.second()), share(phi.second, h.second()));
        // Without a norm between them, the branch follows the stream it reads from.
        let (a, b) = (of_old * old.spread.sqrt(), of_phi * carried.sqrt());
        let both = if linked { (a + b) * (a + b) } else { a * a + b * b };
        h.spread = both + of_phi * of_phi * noise + 4.0 * of_old * of_phi / n;
        h
    }

    /// How much of the sampling noise of a Gaussian matrix this one has: all of it, but an
    /// orthogonal one only as far as it drops dimensions.
    fn sampling(&self, fans: Fans) -> f64 {
        if matches!(self.plan.init.scheme, Scheme::Orthogonal | Scheme::Lsuv) {
            (1.0 - fans.fan_out as f64 / fans.fan_in as f64).max(0.0)
        } else {
            1.0
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
