//! Averages over the examples of a batch, of one length and of two.

use super::super::data::likeness::{Length, Likeness};
use super::spread::{Form, LayerSpread};
use super::{MlpTheory, Signal};

/// A share of a variance below which it counts as zero.
pub(super) const NONE_LEFT: f64 = 1e-12;

/// A batch of B of the N examples, drawn without replacement.
pub(super) struct BatchMean<'a> {
    lengths: &'a [Length],
    pairs: &'a [Likeness],
    /// The probability 1/B that two draws from the batch are the same example. It is 1 where no pairs are known.
    alone: f64,
    /// 1/B, where examples without known pairs have nothing in common.
    place: f64,
    /// The variance of a mean over the batch, for numbers with variance 1: (N − B)/(B·(N − 1)).
    sampled: f64,
}

impl<'a> BatchMean<'a> {
    pub(super) fn new(theory: &'a MlpTheory) -> Self {
        let most = theory.profile.examples;
        let size = if most > 0 { theory.batch.clamp(1, most) } else { theory.batch.max(1) } as f64;
        // LSUV divides by the variance of this very batch, so nothing depends on its choice.
        let rest = if theory.is_settled() {
            0.0
        } else if most > 1 {
            (most as f64 - size) / (most as f64 - 1.0)
        } else {
            1.0
        };
        let alone = if theory.profile.pairs.is_empty() { 1.0 } else { 1.0 / size };
        Self { lengths: theory.lengths(), pairs: &theory.profile.pairs, alone, place: 1.0 / size, sampled: rest / size }
    }

    /// ln of the mean over the batch of numbers that are given by their logarithms, one for each length.
    pub(super) fn mean(&self, logs: &[f64]) -> f64 {
        let top = highest(logs);
        if top == f64::NEG_INFINITY {
            return top;
        }
        let sum: f64 = self.lengths.iter().zip(logs).map(|(length, x)| length.share * libm::exp(x - top)).sum();
        top + libm::log(sum)
    }

    /// Subtracts the mean over the batch from vectors, given ln of their mean squares and their correlations.
    pub(super) fn centre(&self, logs: &mut [f64], alike: &mut [f64]) {
        let mean = self.mean(logs);
        if mean == f64::NEG_INFINITY {
            return;
        }
        let part: Vec<f64> = logs.iter().map(|x| libm::exp(x - mean)).collect();
        let product = |kind: &Likeness, c: f64| (part[kind.lengths[0]] * part[kind.lengths[1]]).sqrt() * c;
        // First x·⟨x⟩ for each length, then ⟨x⟩².
        let mut rows: Vec<f64> = part.iter().map(|part| self.place * part).collect();
        for (kind, c) in self.pairs.iter().zip(alike.iter()) {
            let [i, j] = kind.lengths;
            let half = 0.5 * (1.0 - self.place) * kind.share * product(kind, *c);
            rows[i] += half / self.lengths[i].share;
            rows[j] += half / self.lengths[j].share;
        }
        let whole: f64 = self.lengths.iter().zip(&rows).map(|(length, row)| length.share * row).sum();
        let left: Vec<f64> =
            part.iter().zip(&rows).map(|(part, row)| (part - 2.0 * row + whole).max(NONE_LEFT * part)).collect();
        for (kind, c) in self.pairs.iter().zip(alike.iter_mut()) {
            let [i, j] = kind.lengths;
            let rest = product(kind, *c) - rows[i] - rows[j] + whole;
            *c = (rest / (left[i] * left[j]).sqrt()).clamp(-1.0, 1.0);
        }
        logs.iter_mut().zip(left).for_each(|(log, left)| *log = mean + libm::log(left));
    }

    /// The mean over two examples of the batch of the product of two correlations, weighted by the sizes of what is
    /// correlated.
    pub(super) fn over(&self, one: &[f64], first: &[f64], other: &[f64], second: &[f64]) -> f64 {
        let (mean_1, mean_2) = (self.mean(one), self.mean(other));
        let part = |i: usize| libm::exp(one[i] - mean_1 + other[i] - mean_2);
        let alone: f64 = self.lengths.iter().enumerate().map(|(i, length)| length.share * part(i)).sum();
        let kinds = self.pairs.iter().zip(first.iter().zip(second));
        let both = |(kind, (a, b)): (&Likeness, (&f64, &f64))| {
            kind.share * (part(kind.lengths[0]) * part(kind.lengths[1])).sqrt() * a * b
        };
        self.place * alone + (1.0 - self.place) * kinds.map(both).sum::<f64>()
    }

    /// The mean over two draws from the batch: an example with itself, and pairs of examples.
    fn twice(&self, own: impl Fn(usize) -> f64, pair: impl Fn(usize, [usize; 2]) -> f64) -> f64 {
        let alone: f64 = self.lengths.iter().enumerate().map(|(i, length)| length.share * own(i)).sum();
        let kinds = self.pairs.iter().enumerate();
        let both: f64 = kinds.map(|(k, kind)| kind.share * pair(k, kind.lengths)).sum();
        self.alone * alone + (1.0 - self.alone) * both
    }

    /// The mean correlation of two rows of a batch, among them a row with itself: ⟨x·x'⟩/⟨x²⟩, from ln `E[x²]` for each
    /// length and the correlations for each kind of pair.
    pub(super) fn common(&self, logs: &[f64], correlations: &[f64]) -> f64 {
        let mean = self.mean(logs);
        if mean == f64::NEG_INFINITY {
            return 1.0;
        }
        let part = |i: usize| libm::exp(logs[i] - mean);
        self.twice(part, |k, [i, j]| (part(i) * part(j)).sqrt() * correlations[k])
    }

    /// The signal share Σᵢ Var_b h_bi/Σᵢ E_b h_bi².
    pub(super) fn signal_share(&self, h: &[Signal], alike: &[f64]) -> Option<f64> {
        let seconds: Vec<f64> = h.iter().map(|h| h.second()).collect();
        if self.pairs.is_empty() || highest(&seconds) == f64::NEG_INFINITY {
            return None;
        }
        let wholes: Vec<f64> = self
            .pairs
            .iter()
            .zip(alike)
            .map(|(kind, alike)| h[kind.lengths[0]].whole(&h[kind.lengths[1]], *alike))
            .collect();
        Some((1.0 - self.common(&seconds, &wholes)).clamp(0.0, 1.0))
    }

    /// ln of the variance of h over examples and units, ⟨v⟩ + Var m.
    pub(super) fn variance(&self, h: &[Signal]) -> f64 {
        let top = highest(&h.iter().map(|h| h.second()).collect::<Vec<f64>>());
        if top == f64::NEG_INFINITY {
            return top;
        }
        let means: Vec<f64> = h.iter().map(|h| h.mean_over(top)).collect();
        let mean: f64 = self.lengths.iter().zip(&means).map(|(length, m)| length.share * m).sum();
        let part = |((length, h), m): ((&Length, &Signal), &f64)| {
            length.share * (libm::exp(h.variance - top) + (m - mean) * (m - mean))
        };
        top + libm::log(self.lengths.iter().zip(h).zip(&means).map(part).sum())
    }

    /// The band in which networks of n units, with their batches, have the variance over examples and units.
    ///
    /// ```text
    /// Y = ⟨v + m²⟩ − ⟨m⟩²      δY = ⟨v·a + 2·(m − ⟨m⟩)·√v·b⟩ + (the batch's ⟨v + m² − 2⟨m⟩·m⟩ about its mean)
    /// ```
    /// The units' own mean is taken off although it is random: what all examples have in common, the share c of the
    /// whole, makes 1 − c·χ²/n of it.
    /// whole, makes 1 − c·χ²/n of it.
    pub(super) fn band(&self, h: &[Signal], [own, shared]: [&[LayerSpread]; 2], alike: &[f64], n: f64) -> BatchBand {
        let whole = self.variance(h);
        let mean = self.lengths.iter().zip(h).map(|(length, h)| length.share * h.mean_over(whole)).sum();
        let [networks, batches] = self.strays(h, own, shared, whole, mean);
        let part = |i: usize| libm::exp(h[i].variance - whole);
        let common = self.twice(part, |k, [i, j]| (part(i) * part(j)).sqrt() * alike[k]);
        let common = if whole == f64::NEG_INFINITY { 0.0 } else { common.clamp(0.0, 1.0) / n };
        let variance = networks + batches + 2.0 * common * common;
        // Where the variance is within the rounding errors of f64 nothing is known about it.
        let variance = if variance.is_finite() { variance } else { 0.0 };
        let batches = if batches.is_finite() { batches } else { 0.0 };
        let centre = whole + libm::log1p(-common.min(0.9)) - 0.5 * variance;
        BatchBand { median: libm::exp(centre), spread: variance.sqrt(), batches: batches.sqrt() }
    }

    /// The standard deviation of ln of the mean square of h.
    pub(super) fn square_spread(&self, h: &[Signal], own: &[LayerSpread], shared: &[LayerSpread]) -> f64 {
        let seconds: Vec<f64> = h.iter().map(|h| h.second()).collect();
        let [networks, batches] = self.strays(h, own, shared, self.mean(&seconds), 0.0);
        (networks + batches).sqrt()
    }

    /// The variance of a weighted mean over the batch, of numbers with these covariances.
    pub(super) fn weighted(&self, weights: &[f64], own: &[f64], shared: &[f64]) -> f64 {
        let whole: f64 = self.lengths.iter().zip(weights).map(|(length, w)| length.share * w).sum();
        let square = self.twice(|i| weights[i] * weights[i] * own[i], |k, [i, j]| weights[i] * weights[j] * shared[k]);
        if whole > 0.0 { (square / (whole * whole)).max(0.0) } else { 0.0 }
    }

    /// The variances of ln Y over networks and over batches, where Y = e^whole and ⟨m⟩ is relative to √Y.
    fn strays(&self, h: &[Signal], own: &[LayerSpread], shared: &[LayerSpread], whole: f64, mean: f64) -> [f64; 2] {
        if whole == f64::NEG_INFINITY {
            return [0.0; 2];
        }
        let of = |h: &Signal| {
            let (v, m) = (libm::exp(h.variance - whole), h.mean_over(whole));
            (Form(v, 2.0 * (m - mean) * v.sqrt()), v + m * m - 2.0 * mean * m)
        };
        let (forms, values): (Vec<Form>, Vec<f64>) = h.iter().map(of).unzip();
        let networks =
            self.twice(|i| own[i].variance(forms[i]), |k, [i, j]| shared[k].covariance(forms[i], forms[j])).max(0.0);
        let average: f64 = self.lengths.iter().zip(&values).map(|(length, x)| length.share * x).sum();
        let square = |(length, x): (&Length, &f64)| length.share * (x - average) * (x - average);
        let batches = self.sampled * self.lengths.iter().zip(&values).map(square).sum::<f64>();
        [networks, libm::log1p(batches)]
    }
}

/// The band in which single networks lie.
pub(super) struct BatchBand {
    pub(super) median: f64,
    /// The standard deviation of the logarithm, and the part of it that comes from the choice of the batch.
    pub(super) spread: f64,
    pub(super) batches: f64,
}

fn highest(logs: &[f64]) -> f64 {
    logs.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
