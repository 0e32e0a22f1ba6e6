//! A layer from its input to z, with the random variation there.

use super::super::init::Scheme;
use super::super::lsuv::room;
use super::super::moments::log_add;
use super::super::norm::{Norm, NormPosition};
use super::super::site::{Fans, Role, Site};
use super::batch::BatchMean;
use super::divided::Divided;
use super::passed::LayerPass;
use super::spread::{Form, LayerSpread};
use super::walk::{PassDirection, Two, Walk};
use super::{MlpTheory, Signal, share};

/// The values of an example of one length in a layer, up to z.
pub(super) struct Feed {
    pub(super) input: Signal,
    /// ln q, and the share of q that does not come from biases.
    pub(super) q: f64,
    pub(super) fed: f64,
    /// ln q of a typical network, how it follows a and b, and its variance over networks.
    pub(super) typical: f64,
    pub(super) moved: Form,
    pub(super) chance: f64,
    /// What the kurtosis of the weights adds to that of z.
    pub(super) excess: f64,
    /// The values after the norm within the layer: ln q, that of a typical network, and the share of a change that ε
    /// lets pass.
    pub(super) inner: f64,
    pub(super) inner_typical: f64,
    pub(super) past: f64,
}

impl MlpTheory {
    /// ln `E[w²]` of the layer's matrix.
    pub(super) fn weight(&self, site: &Site, inputs: &[Signal], bare: Option<&LayerPass>) -> f64 {
        let fans = site.fans;
        let bias = self.plan.init.bias_var(fans, self.bias_std);
        match (room(bias).filter(|_| self.plan.init.scheme == Scheme::Lsuv), bare) {
            (Some(_), Some(bare)) => bare.back - libm::log(fans.fan_out as f64),
            // The weights are scaled until the variance of z, biases included, is 1, whatever the input is.
            (Some(room), None) => {
                let input: Vec<f64> = inputs.iter().map(|input| input.second()).collect();
                libm::log(room) - libm::log(fans.fan_in as f64) - BatchMean::new(self).mean(&input)
            }
            (None, _) => libm::log(self.plan.second_moment(site)),
        }
    }

    /// Whether the start itself sets the variance of every z, so that it is the same in all networks: LSUV where biases
    /// leave room for weights.
    pub(super) fn is_settled(&self) -> bool {
        let fans = Fans { fan_in: 1, fan_out: 1 };
        self.plan.init.scheme == Scheme::Lsuv && room(self.plan.init.bias_var(fans, self.bias_std)).is_some()
    }

    /// The norm before a layer.
    pub(super) fn before(&self, l: usize) -> Norm {
        if l >= 2 { self.norm_at(NormPosition::Pre) } else { Norm::None }
    }

    pub(super) fn read(&self, site: &Site, weight: f64, (way, input): (&PassDirection, Signal)) -> Feed {
        let norm = self.before(site.layer);
        let n = site.fans.fan_in as f64;
        let bias = libm::log(self.plan.init.bias_var(site.fans, self.bias_std));
        let through = |signal: Signal| {
            let fed = libm::log(n) + weight + signal.second();
            let q = log_add(fed, bias);
            (q, share(fed, q))
        };
        let (q, fed) = through(input);
        let (mut typical_input, divisor) = way.typical.normed(norm);
        if norm == Norm::Batch {
            typical_input = input;
        }
        let (typical, typical_fed) = through(typical_input);
        // LSUV undoes any deviation of the input's size.
        let moved = way.typical.read(norm, divisor).times(if self.is_settled() { 0.0 } else { typical_fed });
        let kurtosis = self.plan.init.kurtosis(site) - 3.0;
        let excess = typical_fed * typical_fed * kurtosis * way.peak / n;
        let chance = way.spread.variance(moved);
        Feed { input, q, fed, typical, moved, chance, excess, inner: q, inner_typical: typical, past: 1.0 }
    }

    /// Applies the norm between the matrix and φ. Returns the correlations after it.
    pub(super) fn inner(&self, role: Role, reads: &mut [Feed], z: &[f64]) -> (Vec<f64>, Divided) {
        let norm = self.norm_at(NormPosition::Inner);
        let mut bent = z.to_vec();
        if norm == Norm::None || role.is_last() {
            return (bent, Divided::nothing(reads.len()));
        }
        let signals: Vec<Signal> = reads.iter().map(|read| Signal::centred(read.q)).collect();
        let (past, divided) = self.normed(norm, &signals, &mut bent);
        for ((read, past), divisor) in reads.iter_mut().zip(past).zip(&divided.divisors) {
            // Of a deviation of z only the share passes that ε has in s².
            read.past = Signal::centred(read.q).read(norm, *divisor).variance_part();
            read.inner = past.variance;
            let (typical, _) = Signal::centred(read.typical).normed(norm);
            read.inner_typical = if norm == Norm::Batch { past.variance } else { typical.variance };
        }
        (bent, divided)
    }

    /// The two values that belong to each kind of pair.
    pub(super) fn pairs_of<'a, T>(&'a self, of: &'a [T]) -> impl Iterator<Item = [&'a T; 2]> {
        self.profile.pairs.iter().map(move |kind| kind.lengths.map(|length| &of[length]))
    }

    /// The covariance E a·a' of z. It is 2/n for n Gaussian numbers of one q, and 2c²/n for two examples. Orthogonal
    /// weights keep their mean square, so that only the square of their mean is random, χ²/n of q, which has 2/n². LSUV
    /// leaves none. Weights with other tails than a normal law's add (κ − 3)·E h⁴/(E h²)²/n_in to the 2.
    pub(super) fn chance_of_z(
        &self,
        fans: Fans,
        reads: &[Feed],
        z: &[f64],
        state: &Walk,
    ) -> (Vec<LayerSpread>, Vec<LayerSpread>) {
        let n = fans.fan_out as f64;
        let sampling = self.sampling(fans);
        let left = if self.is_settled() { 0.0 } else { 2.0 * (sampling + (1.0 - sampling) / n) };
        let own = reads.iter().map(|read| LayerSpread::centred(read.chance + ((left + read.excess) / n).max(0.0)));
        let peak = state.ways[0].peak.max(1.0);
        let shared = self.pairs_of(reads).zip(z).zip(&state.pairs).map(|(([a, b], c), pair)| {
            // The squares of two rows of h agree as far as the rows do.
            let excess = (a.excess * b.excess).abs().sqrt().copysign(a.excess) * (1.0 + (peak - 1.0) * c * c) / peak;
            LayerSpread::centred(pair.spread.covariance(a.moved, b.moved) + (left * c * c + excess) / n)
        });
        (own.collect(), shared.collect())
    }

    /// The variance of the correlations of z over networks.
    ///
    /// ```text
    /// that of h, as much of it as is not bias and not mean, and (1 − c²)²/n of a sample's correlation (Fisher 1915)
    /// ```
    pub(super) fn strays(&self, fans: Fans, reads: &[Feed], z: &[f64], state: &Walk) -> Vec<f64> {
        let sampling = self.sampling(fans);
        let one = |(([a, b], c), pair): (([&Feed; 2], &f64), &Two)| {
            let [v, ..] = a.input.parts();
            let [w, ..] = b.input.parts();
            let rest = 1.0 - c * c;
            a.fed * b.fed * v * w * pair.stray + sampling * rest * rest / fans.fan_out as f64
        };
        self.pairs_of(reads).zip(z).zip(&state.pairs).map(one).collect()
    }

    /// How much of the sampling noise of a Gaussian matrix this one has: all of it, except that an orthogonal one has
    /// it only as far as it drops dimensions.
    pub(super) fn sampling(&self, fans: Fans) -> f64 {
        if matches!(self.plan.init.scheme, Scheme::Orthogonal | Scheme::Lsuv) {
            (1.0 - fans.fan_out as f64 / fans.fan_in as f64).max(0.0)
        } else {
            1.0
        }
    }
}
