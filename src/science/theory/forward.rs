//! The forward pass of the theory: second moments, and the correlations of pairs of examples.

use super::super::init::{Fans, Scheme};
use super::super::kernel::Kernel;
use super::super::lsuv::room;
use super::super::moments::{log_add, log_moments};
use super::super::norm::{Norm, NormPosition};
use super::divided::Divided;
use super::spread::Spread;
use super::{LayerPrediction, MlpTheory, Signal, share};

/// What the backward pass must remember of a layer, in logarithms but for the correlations.
pub(super) struct Passed {
    /// n_out·`E[w²]`.
    pub(super) back: f64,
    /// `E[in²]`.
    pub(super) input: f64,
    /// The norm before the matrix, that between it and φ, and that after the layer.
    pub(super) before: Divided,
    pub(super) within: Divided,
    pub(super) after: Divided,
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
    /// `E[φ'(z)·φ'(z')]/D` past the masks; 1 at the output.
    pub(super) slope: f64,
}

impl MlpTheory {
    /// ```text
    /// q_l   = n_{l−1}·E[w²]·E[in²] + E[b²]
    /// var h = var φ + (residual: var h_{l−1}),  mean h = M + (residual: mean h_{l−1})
    /// ```
    ///
    /// How far single networks are from that: [`Spread`].
    ///
    /// Pairs of examples have one correlation a layer and kind (Poole 2016, arXiv:1606.05340): of the
    /// whole of z, and of h about its mean over units, which all examples share.
    pub(super) fn forward(&self) -> (Vec<LayerPrediction>, Vec<Passed>) {
        let last = self.widths.len().saturating_sub(1);
        let mut h = Signal::centred(libm::log(self.input_second_moment));
        let mut spread = Spread::default();
        let mut alike: Vec<f64> = self.pairs.iter().map(|kind| kind.correlation).collect();
        let gate = libm::log(self.plan.junction(last.saturating_sub(1)).gate_square());
        // LSUV measures the network without its masks.
        let bare = if self.plan.init.scheme == Scheme::Lsuv && self.dropout > 0.0 {
            Self { dropout: 0.0, ..self.clone() }.forward().1
        } else {
            Vec::new()
        };
        let mut layers = Vec::with_capacity(last);
        let mut passed = Vec::with_capacity(last);
        for (l, pair) in self.widths.windows(2).enumerate().map(|(i, p)| (i + 1, p)) {
            let fans = Fans { fan_in: pair[0], fan_out: pair[1] };
            let mut read = alike.clone();
            let norm = if l >= 2 { self.norm_at(NormPosition::Pre) } else { Norm::None };
            let (input, before) = self.normed(norm, h, &mut read);
            let bias = self.plan.init.bias_var(fans, self.bias_std);
            let room = room(bias).filter(|_| self.plan.init.scheme == Scheme::Lsuv);
            let weight = match (room, bare.get(l - 1)) {
                (Some(_), Some(bare)) => bare.back - libm::log(fans.fan_out as f64),
                // Scaled until the variance of z, biases included, is 1, whatever comes in.
                (Some(room), None) => libm::log(room) - libm::log(fans.fan_in as f64) - input.second(),
                (None, _) => libm::log(self.plan.second_moment(&self.site(l, fans))),
            };
            let fed = libm::log(fans.fan_in as f64) + weight + input.second();
            let q = log_add(fed, libm::log(bias));
            let fed = share(fed, q);
            let moved = h.read(norm, before.divisor).times(fed);
            let sampling = self.sampling(fans);
            let of_z = spread.of_z(moved, fans.fan_out, sampling);
            let pairs = read.iter().map(|&about_mean| {
                let whole = input.whole(about_mean);
                PassedPair { input: whole, z: fed * whole + 1.0 - fed, slope: 1.0 }
            });
            let mut pairs: Vec<PassedPair> = pairs.collect();
            let (mut within, mut after) = (Divided::NOTHING, Divided::NOTHING);
            let mut slope = 0.0;
            let skips = self.residual && l >= 2 && l < last;
            // ln of the square of what the branch is multiplied by.
            let gate = if skips { gate } else { 0.0 };
            if l == last {
                h = Signal::centred(q);
                spread = Spread::centred(of_z);
            } else {
                let norm = self.norm_at(NormPosition::Inner);
                let mut bent: Vec<f64> = pairs.iter().map(|pair| pair.z).collect();
                let z = Signal::centred(q);
                let at;
                (at, within) = self.normed(norm, z, &mut bent);
                // Of a z that is too large an inner norm leaves what ε does.
                let past = z.read(norm, within.divisor).variance_part();
                let whole = log_moments(self.activation, at.variance);
                let phi = whole.dropped(self.dropout);
                slope = phi.slope;
                let branch =
                    Signal { variance: phi.variance + gate, mean: phi.mean + 0.5 * gate, negative: phi.negative };
                let old = h;
                h = if skips { old.plus(branch) } else { branch };
                let shares = (share(old.variance, h.variance), share(branch.variance, h.variance));
                let (kept, new) = if skips { shares } else { (0.0, 1.0) };
                spread = spread.after(moved.times(past), &phi, kept, fans.fan_out, sampling * past * past);
                if !pairs.is_empty() {
                    let map = Kernel::new(self.activation, at.variance, &whole);
                    for ((alike, pair), c) in alike.iter_mut().zip(&mut pairs).zip(bent) {
                        // Two examples share no mask.
                        *alike = kept * *alike + new * phi.own * map.values(c);
                        pair.slope = (1.0 - self.dropout) * map.slopes(c);
                    }
                }
                let (norm, sum) = (self.norm_at(NormPosition::Post), h);
                (h, after) = self.normed(norm, sum, &mut alike);
                spread = spread.normed(norm, &sum, after.divisor);
            }
            layers.push(LayerPrediction {
                preactivation_var: Some(libm::exp(q)),
                activation_var: Some(libm::exp(h.variance)),
                gradient: None,
                log_spread: h.read(Norm::None, 0.0).variance(&spread).sqrt(),
                preactivation_spread: of_z.sqrt(),
                activation_spread: spread.variance.sqrt(),
                signal_share: None,
                position_share: None,
            });
            let back = libm::log(fans.fan_out as f64) + weight;
            passed.push(Passed { back, input: input.second(), before, within, after, slope: slope + gate, q, pairs });
        }
        (layers, passed)
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
