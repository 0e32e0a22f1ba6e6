//! One block of a GPT in the theory of the residual stream: the sizes of its matrices, and its
//! backward pass.

use super::attention::Attention;
use super::init::{Fans, Scheme};
use super::moments::log_add;
use super::norm::NormPosition;
use super::pair::Pair;
use super::stream::GptTheory;

/// n_in·`E[w²]` of each matrix of a block, seen forward, and n_out·`E[w²]`, seen backward; and the
/// variances of the biases. In logarithms.
pub(crate) struct Weights {
    /// Query, key and value: d to d.
    pub(crate) qkv: f64,
    pub(crate) qkv_bias: f64,
    /// Attention's projection: d to d.
    pub(crate) out: f64,
    pub(crate) out_bias: f64,
    /// First layer of the MLP: d to 4d.
    pub(crate) wide: f64,
    pub(crate) wide_back: f64,
    pub(crate) wide_bias: f64,
    /// Second layer of the MLP: 4d to d.
    pub(crate) narrow: f64,
    pub(crate) narrow_back: f64,
    pub(crate) narrow_bias: f64,
}

/// What the backward pass must remember of a block.
pub(crate) struct Passed {
    pub(crate) attention: Attention,
    /// What the matrices read: into attention, into the MLP, after φ.
    pub(crate) attended: Pair,
    pub(crate) wide: Pair,
    pub(crate) narrow: Pair,
    /// ln D(q) of the MLP, and the correlation of φ'(z) at two positions.
    pub(crate) slope: f64,
    pub(crate) slope_correlation: f64,
    /// ln s² of the norms of the two halves.
    pub(crate) divisors: [f64; 2],
}

impl Weights {
    pub(crate) fn new(theory: &GptTheory) -> Self {
        let d = theory.width;
        // GPT-2 draws what writes into the stream 1/√(2L) smaller.
        let scale = match theory.init.scheme {
            Scheme::Gpt2 => -libm::log(2.0 * theory.blocks as f64),
            _ => 0.0,
        };
        let seen = |fan_in: usize, fan_out: usize| {
            let fans = Fans { fan_in, fan_out };
            let moment = libm::log(theory.init.second_moment(fans));
            (
                libm::log(fan_in as f64) + moment,
                libm::log(fan_out as f64) + moment,
                libm::log(theory.init.bias_var(fans, theory.bias_std)),
            )
        };
        let (square, _, square_bias) = seen(d, d);
        let (wide, wide_back, wide_bias) = seen(d, 4 * d);
        let (narrow, narrow_back, narrow_bias) = seen(4 * d, d);
        Self {
            qkv: square,
            qkv_bias: square_bias,
            out: square + scale,
            out_bias: square_bias,
            wide,
            wide_back,
            wide_bias,
            narrow: narrow + scale,
            narrow_back: narrow_back + scale,
            narrow_bias,
        }
    }
}

/// ln RMS of the gradients over the 12d² entries of the matrices (q, k, v, o: d² each, W₁, W₂: 4d²)
/// of each block, relative.
///
/// ```text
/// G: gradient at the stream, mean square and correlation between positions
/// MLP:        W₂: G·E[φ²]      δ² = G·d·E[w₂²]·D(q)      W₁: δ²·E[in²]
/// attention:  W_o: G·E[y²]     Y = G·d·E[w_o²]           W_v: Y·A·E[in²]
///             W_q, W_k: Y·⟨A_t(1 − A_t)⟩·(1 − ρ)²·E[v²]·E[k²]·E[in²]
/// G ← (residual: G) + n_out·E[w²]·δ²/s²
/// ```
///
/// A weight's gradient sums over T positions; where both its factors agree between positions, the
/// sum grows: ×(1 + (T − 1)·ρ_δ·ρ_in). At the logits two positions agree in the part softmax − target
/// that is common, Σ p² − 1/V.
pub(crate) fn backward(theory: &GptTheory, weights: &Weights, passed: &[Passed]) -> Vec<f64> {
    let others = theory.context.saturating_sub(1) as f64;
    let entries = |delta: Pair, input: Pair| {
        let common = (delta.correlation * input.correlation).max(0.0);
        delta.second + input.second + libm::log1p(others * common)
    };
    let mut arriving =
        Pair { second: 0.0, correlation: (theory.coincidence - 1.0 / theory.vocabulary.max(1) as f64).max(0.0) };
    let mut gradients: Vec<f64> = passed
        .iter()
        .rev()
        .map(|block| {
            let [first, second] = block.divisors;
            let mut sum = f64::NEG_INFINITY;
            arriving = half(theory, arriving, second, |g| {
                let mut delta = g.times(weights.narrow_back + block.slope);
                delta.correlation *= block.slope_correlation;
                let both = log_add(entries(g, block.narrow), entries(delta, block.wide));
                sum = log_add(sum, libm::log(4.0) + both);
                delta.times(weights.wide_back)
            });
            arriving = half(theory, arriving, first, |g| {
                let value = block.attention.back(g.times(weights.out));
                // Queries and keys; the sign of their gradients differs between positions.
                let logit = Pair { second: g.second + weights.out + block.attention.logit, correlation: 0.0 };
                sum = log_add(sum, entries(g, block.attention.output));
                sum = log_add(sum, entries(value, block.attended));
                sum = log_add(sum, libm::log(2.0) + entries(logit, block.attended));
                value.plus(logit).plus(logit).times(weights.qkv)
            });
            0.5 * (sum - libm::log(12.0))
        })
        .collect();
    gradients.reverse();
    gradients
}

/// The gradient before half a block from the one after it, given what the branch makes of it.
fn half(theory: &GptTheory, arriving: Pair, divisor: f64, branch: impl FnOnce(Pair) -> Pair) -> Pair {
    let (through, before) = match theory.position {
        NormPosition::Pre => (arriving, divisor),
        NormPosition::Post => (arriving.times(-divisor), 0.0),
    };
    let branch = branch(through).times(-before);
    if theory.residual { through.plus(branch) } else { branch }
}
