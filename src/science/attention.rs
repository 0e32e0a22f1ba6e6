//! Causal attention at the start of training, for the theory of the residual stream.
//!
//! Position t averages the values of the positions 1..t with weights a_s. How much noise is left in
//! such an average is Σ a_s²: 1/t if all weights are equal, 1 if one position has it all.

use super::pair::{APART, PLACE, Pair, TEXT, whatever_the_tokens};
use super::sharpness::sharpness;

/// A causal window of T positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    context: usize,
    /// The probability that two tokens are equal.
    coincidence: f64,
    reach: f64,
}

/// The statistics of attention's outputs and gradients; sizes are logarithms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attention {
    /// The weighted averages of values.
    pub(crate) output: Pair,
    /// ln of the gradient's mean square at a query and at a key, relative to that at an output.
    pub(crate) query: f64,
    pub(crate) key: f64,
    /// s², the variance of a row's logits about their mean.
    pub(crate) logit_var: f64,
    /// ⟨Σ a²⟩ over positions, and ⟨Σ a·a'⟩ of the same position in two texts.
    concentration: f64,
    common: f64,
    /// The correlation of the values of one text, and the part of an average's mean square that it makes up.
    pub(crate) alike: f64,
    pub(crate) shared: f64,
    /// T, the number of positions.
    context: f64,
    coincidence: f64,
    /// The mean square over s of Σ_t a_ts, the weight that position s has in all averages. With equal weights it is
    /// Σ_{t ≥ s} 1/t.
    reach: f64,
}

impl Pattern {
    pub(crate) fn new(context: usize, coincidence: f64) -> Self {
        let context = context.max(1);
        let (mut weight, mut squares) = (0.0, 0.0);
        for t in (1..=context).rev() {
            weight += 1.0 / t as f64;
            squares += weight * weight;
        }
        Self { context, coincidence, reach: squares / context as f64 }
    }

    /// Takes the second moments and correlations of queries, keys and values, and ln(d_h·c²) for the factor c on
    /// logits, which is 0 for c = 1/√d_h.
    ///
    /// ```text
    /// logits of a row, about their mean:  s² = d_h·c²·E[q²]·E[k²]·(1 − ρ_k)
    /// their correlation in two rows:      one text: ρ_q        two texts: ρ_q·(ρ_k(same place) − ρ_k(apart))/(1 − ρ_k)
    /// E y_t²   = V·[ρ + (1 − ρ)·A_t],     A_t = E Σ a²
    /// E y·y'   = V·[ρ + (1 − ρ)·Σ a·a']   in one text
    ///          = V·[ρ(apart) + (ρ(same place) − ρ(apart))·Σ a·a']   in two
    /// ```
    pub(crate) fn attend(self, q: Pair, k: Pair, v: Pair, factor: f64) -> Attention {
        let at = |pair: Pair, place: usize| pair.at(place, self.coincidence).clamp(0.0, 1.0);
        let inside = |pair: Pair| at(pair, TEXT);
        let rho = inside(v);
        let own = 1.0 - inside(k);
        let variance = libm::exp((factor + q.second + k.second).min(600.0)) * own;
        let softmax = sharpness(self.context, variance.sqrt());

        let concentration = softmax.concentration();
        let kept = rho + (1.0 - rho) * concentration;
        // Keys of the same position in two texts share only the position's embedding.
        let place = (at(k, PLACE) - at(k, APART)).max(0.0) / own.max(f64::MIN_POSITIVE);
        let common = softmax.overlap(at(q, PLACE) * place.min(1.0));
        let apart = softmax.pair_overlap(at(q, APART) * place.min(1.0));
        let values = |overlap: f64| {
            let apart = at(v, APART);
            (apart + (at(v, PLACE) - apart) * overlap) / kept
        };
        let text = (rho + (1.0 - rho) * softmax.pair_overlap(inside(q))) / kept;

        let differing = libm::log((1.0 - rho) * own * softmax.passed) + factor + v.second;
        Attention {
            output: Pair {
                second: v.second + libm::log(kept),
                correlation: whatever_the_tokens([text, values(common), values(apart)]),
            },
            query: differing + k.second,
            key: differing + q.second,
            logit_var: variance,
            concentration,
            common,
            alike: rho,
            shared: rho / kept,
            coincidence: self.coincidence,
            context: self.context as f64,
            reach: self.reach,
        }
    }
}

impl Attention {
    /// The gradient at the values, from that at the outputs.
    ///
    /// ```text
    /// g_s = Σ_{t ≥ s} a_ts·y_t
    /// E g_s²     = Y·[(1 − ρ)·⟨Σ a²⟩ + ρ·⟨(Σ_t a_ts)²⟩]
    /// E g_s·g_s' = Y·[(1 − ρ)·(1 − ⟨Σ a²⟩)/(T − 1) + ρ·(T − ⟨(Σ_t a_ts)²⟩)/(T − 1)]
    /// ```
    ///
    /// In two texts the formulas are the same with ρ(apart) for ρ, ρ(same place) − ρ(apart) for 1 − ρ,
    /// and Σ a·a' for Σ a².
    pub(crate) fn back(&self, y: Pair) -> Pair {
        let others = (self.context - 1.0).max(1.0);
        let [text, place, apart] = [TEXT, PLACE, APART].map(|place| y.at(place, self.coincidence).max(0.0));
        let own = |overlap: f64, own: f64, common: f64| own * overlap + common * self.reach;
        let other = |overlap: f64, own: f64, common: f64| {
            (own * (1.0 - overlap) + common * (self.context - self.reach)) / others
        };
        let single = own(self.concentration, 1.0 - text, text);
        let pairs = [
            other(self.concentration, 1.0 - text, text),
            own(self.common, place - apart, apart),
            other(self.common, place - apart, apart),
        ];
        let second = y.second + libm::log(single);
        Pair { second, correlation: whatever_the_tokens(pairs) }.mapped(|pair| (pair / single).clamp(0.0, 1.0))
    }
}
