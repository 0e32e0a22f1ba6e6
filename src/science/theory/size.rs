//! The sizes of signals alone, without what they need for bands, pairs of examples and gradients: what a slider asks
//! for at a hundred σ in a frame.

use super::super::moments::{LogMoments, log_add, log_moments};
use super::super::norm::{EPSILON, Norm, NormPosition};
use super::super::phase::homogeneous;
use super::super::site::{Fans, Site};
use super::batch::BatchMean;
use super::{Length, MlpTheory, Signal};

/// The sizes at one layer, as natural logarithms of means over the examples of a batch. Where a layer passes nothing on
/// they are −∞.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerSize {
    /// ln `E[w²]` of the layer's matrix.
    pub weight: f64,
    /// The part of q_l that comes from the weights, ln n·`E[w²]`·`E[in²]`; the rest is that of the biases.
    pub fed: f64,
    /// ln q_l, the variance of the layer's pre-activations z.
    pub preactivation: f64,
    /// ln of the variance that φ reads, which is q_l unless a norm stands between.
    pub inner: f64,
    /// ln `E[φ²]`, before dropout and the branch's gate; that of z itself in the output layer.
    pub branch: f64,
    /// ln `E[φ'²]`.
    pub slope: f64,
    /// ln of the variance of the layer's output h over units and samples.
    pub activation: f64,
}

impl MlpTheory {
    /// The sizes at each hidden layer and at the output layer, which are those of [`Self::predict`]; `None` where
    /// mean-field theory does not apply.
    pub fn sizes(&self) -> Option<Vec<LayerSize>> {
        if !self.plan.is_random() {
            return None;
        }
        if self.architecture.norm == Norm::Batch {
            return Some(self.batched_sizes());
        }
        // LSUV measures the network without dropout.
        let bare = if self.is_settled() && self.architecture.dropout > 0.0 { self.unmasked().sizes() } else { None };
        let mut h: Vec<Signal> = if self.scales() {
            vec![Signal::centred(libm::log(self.input_second_moment))]
        } else {
            let start = |length: &Length| Signal::centred(libm::log(self.input_second_moment * length.square));
            self.lengths().iter().map(start).collect()
        };
        let means = LengthMeans::new(self);
        let size = |site| self.size(site, &mut h, &means, bare.as_ref().map(|bare| bare[site.layer - 1].weight));
        Some(self.matrices.iter().map(size).collect())
    }

    /// Whether the network's numbers are multiples of its input's, so that one length tells of all others.
    fn scales(&self) -> bool {
        let bias = self.plan.init.bias_var(Fans { fan_in: 1, fan_out: 1 }, self.bias_std);
        let plain = self.architecture.norm == Norm::None && bias == 0.0 && !self.is_settled();
        plain && homogeneous(self.architecture.activation)
    }

    /// The sizes at one layer, from those of the layer before it: `h`, which it replaces, has an entry for each length
    /// or a single one.
    fn size(&self, site: &Site, h: &mut [Signal], means: &LengthMeans, bare: Option<f64>) -> LayerSize {
        let before = self.before(site.layer);
        let inputs: Vec<Signal> = h.iter().map(|h| h.normed(before).0).collect();
        let weight = bare.unwrap_or_else(|| self.weight(site, &inputs, None));
        let n = libm::log(site.fans.fan_in as f64);
        let fed: Vec<f64> = inputs.iter().map(|input| n + weight + input.second()).collect();
        let bias = libm::log(self.plan.init.bias_var(site.fans, self.bias_std));
        let q: Vec<f64> = fed.iter().map(|fed| log_add(*fed, bias)).collect();
        let (fed, preactivation) = (means.of(&fed), means.of(&q));
        if site.role.is_last() {
            let [inner, branch, activation] = [preactivation; 3];
            return LayerSize { weight, fed, preactivation, inner, branch, slope: 0.0, activation };
        }
        let within = self.norm_at(NormPosition::Inner);
        let inner: Vec<f64> = q.iter().map(|q| Signal::centred(*q).normed(within).0.variance).collect();
        let phi: Vec<LogMoments> = inner.iter().map(|q| log_moments(self.architecture.activation, *q)).collect();
        let skips = self.architecture.residual && site.layer >= 2;
        let gate = if skips { libm::log(self.architecture.junction.gate_square()) } else { 0.0 };
        let after = self.norm_at(NormPosition::Post);
        for (h, phi) in h.iter_mut().zip(&phi) {
            let dropped = phi.dropped(self.architecture.dropout);
            let new =
                Signal { variance: dropped.variance, mean: dropped.mean, negative: dropped.negative }.scaled(gate);
            *h = if skips { h.plus(new) } else { new }.normed(after).0;
        }
        let read = |read: fn(&LogMoments) -> f64| phi.iter().map(read).collect::<Vec<_>>();
        let slopes = read(|phi| phi.slope);
        LayerSize {
            weight,
            fed,
            preactivation,
            inner: means.of(&inner),
            branch: means.of(&read(|phi| phi.second)),
            // The slope of what scales is the same at all sizes.
            slope: if self.scales() { slopes[0] } else { means.of(&slopes) },
            activation: means.variance(h),
        }
    }

    /// The same with BatchNorm, which depends on what the examples of a batch have in common.
    fn batched_sizes(&self) -> Vec<LayerSize> {
        let theory = Self { profile: self.profile.of_one_length(), ..self.clone() };
        let (layers, passed) = theory.forward();
        let sizes = layers.iter().zip(passed).zip(&self.matrices).map(|((layer, passed), site)| {
            let weight = passed.back - libm::log(site.fans.fan_out as f64);
            let known = passed.lengths.first();
            let q = known.map_or(f64::NEG_INFINITY, |at| at.q);
            let fed = known.map_or(f64::NEG_INFINITY, |at| libm::log(site.fans.fan_in as f64) + weight + at.input);
            // s² = v + ε, of which v/s² is left.
            let within = self.norm_at(NormPosition::Inner) != Norm::None && !site.role.is_last();
            let divisor = passed.within.divisors.first().filter(|_| within);
            let inner = divisor.map_or(q, |divisor| libm::log1p(-libm::exp(libm::log(EPSILON) - divisor)));
            let phi = log_moments(self.architecture.activation, inner);
            let [branch, slope] = if site.role.is_last() { [q, 0.0] } else { [phi.second, phi.slope] };
            let activation = libm::log(layer.activation_var.unwrap_or(f64::NAN));
            LayerSize { weight, fed, preactivation: q, inner, branch, slope, activation }
        });
        sizes.collect()
    }
}

/// Averages over the lengths of examples.
enum LengthMeans<'a> {
    /// From one number for each length.
    Each(BatchMean<'a>),
    /// From the number of an input of mean square 1, where all others are multiples: ln⟨r⟩ and ln(⟨r⟩ − ⟨√r⟩²), with r
    /// the mean squares of the inputs.
    Scaled(f64, f64),
}

impl<'a> LengthMeans<'a> {
    fn new(theory: &'a MlpTheory) -> Self {
        if !theory.scales() {
            return Self::Each(BatchMean::new(theory));
        }
        let sum = |of: fn(f64) -> f64| theory.lengths().iter().map(|at| at.share * of(at.square)).sum::<f64>();
        let (mean, root) = (sum(|r| r), sum(f64::sqrt));
        Self::Scaled(libm::log(mean), libm::log((mean - root * root).max(0.0)))
    }

    /// ln of the mean of numbers that are given by their logarithms.
    fn of(&self, logs: &[f64]) -> f64 {
        match self {
            Self::Each(batch) => batch.mean(logs),
            Self::Scaled(mean, _) => logs[0] + mean,
        }
    }

    /// ln of the variance of h over examples and units, ⟨v⟩ + Var m.
    fn variance(&self, h: &[Signal]) -> f64 {
        match self {
            Self::Each(batch) => batch.variance(h),
            Self::Scaled(mean, rest) => log_add(h[0].variance + mean, 2.0 * h[0].mean + rest),
        }
    }
}
