//! Causal attention at the start of training, for the theory of the residual stream.
//!
//! Position t averages the values of the positions 1..t with weights a_s. How much noise is left in
//! such an average is Σ a_s²: 1/t if all weights are equal, 1 if one position has it all.

use super::pair::Pair;

/// A window of T positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    context: usize,
    reach: f64,
}

/// Attention seen from outside, in logarithms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attention {
    /// The weighted averages of values.
    pub(crate) output: Pair,
    /// ln of the mean square of the gradient at a query per that at an output, and at a key.
    pub(crate) query: f64,
    pub(crate) key: f64,
    /// s², the variance of a row's logits about their mean.
    pub(crate) logit_var: f64,
    /// ⟨Σ a²⟩ over positions.
    concentration: f64,
    /// T.
    context: f64,
    /// Mean square over s of Σ_t a_ts, the weight that position s has in all averages: Σ_{t ≥ s} 1/t.
    reach: f64,
}

impl Pattern {
    pub(crate) fn new(context: usize) -> Self {
        let context = context.max(1);
        let (mut weight, mut squares) = (0.0, 0.0);
        for t in (1..=context).rev() {
            weight += 1.0 / t as f64;
            squares += weight * weight;
        }
        Self { context, reach: squares / context as f64 }
    }

    /// Takes the laws of queries, keys and values, and ln(d_h·c²) of the factor c on logits: 0 for
    /// c = 1/√d_h.
    ///
    /// ```text
    /// logits, about their mean:  s² = d_h·c²·E[q²]·E[k²]·(1 − ρ)
    /// A_t = Σ a² ≈ 1/(1 + (t − 1)·e^{−s²})                          (e^{s²}/t while that is small)
    /// E y_t²       = V·[ρ + (1 − ρ)·A_t]
    /// E y_t·y_t'   = V·[ρ + (1 − ρ)·Σ a·a'],  the rows a, a' sharing the part ρ of s²
    /// ```
    pub(crate) fn attend(self, q: Pair, k: Pair, v: Pair, factor: f64) -> Attention {
        let rho = v.correlation.clamp(0.0, 1.0);
        let shared_logit = 0.5 * (q.correlation + k.correlation).clamp(0.0, 2.0);
        let variance = libm::exp((factor + q.second + k.second).min(600.0)) * (1.0 - shared_logit);
        let concentration = |m: usize, s2: f64| 1.0 / (1.0 + (m - 1) as f64 * libm::exp(-s2));
        let t = self.context as f64;

        let (mut single, mut free, mut shared) = (0.0, 0.0, 0.0);
        for m in 1..=self.context {
            let a = concentration(m, variance);
            single += a / t;
            free += a * (1.0 - a) / t;
            // Two positions of which the later is m: m − 1 choices, twice, of T(T − 1).
            shared += 2.0 * (m - 1) as f64 * concentration(m, shared_logit * variance);
        }
        shared /= (t * (t - 1.0)).max(1.0);

        let kept = rho + (1.0 - rho) * single;
        let differing = libm::log((1.0 - rho) * (1.0 - shared_logit) * free) + factor + v.second;
        Attention {
            output: Pair { second: v.second + libm::log(kept), correlation: (rho + (1.0 - rho) * shared) / kept },
            query: differing + k.second,
            key: differing + q.second,
            logit_var: variance,
            concentration: single,
            context: t,
            reach: self.reach,
        }
    }
}

impl Attention {
    /// The gradient at the values from that at the outputs.
    ///
    /// ```text
    /// g_s = Σ_{t ≥ s} a_ts·y_t
    /// E g_s²     = Y·[(1 − ρ)·⟨Σ a²⟩ + ρ·⟨(Σ_t a_ts)²⟩]
    /// E g_s·g_s' = Y·[(1 − ρ)·(1 − ⟨Σ a²⟩)/(T − 1) + ρ·(T − ⟨(Σ_t a_ts)²⟩)/(T − 1)]
    /// ```
    pub(crate) fn back(&self, y: Pair) -> Pair {
        let rho = y.correlation.max(0.0);
        let others = (self.context - 1.0).max(1.0);
        let mix = |own: f64, common: f64| (1.0 - rho) * own + rho * common;
        let single = mix(self.concentration, self.reach);
        let pair = mix(1.0 - self.concentration, self.context - self.reach) / others;
        Pair { second: y.second + libm::log(single), correlation: (pair / single).clamp(0.0, 1.0) }
    }
}
