//! One block of a GPT in the theory of the residual stream: the sizes of its matrices, and its
//! backward pass.

use super::attention::Attention;
use super::gpt::GptTheory;
use super::norm::NormPosition;
use super::pair::{KINDS, Pair};
use super::site::{Fans, Role};
use super::stray::{BlockGradient, GradientStray};

/// One kind of matrix in a block: n_in·`E[w²]` (forward), n_out·`E[w²]` (backward) and the variance of its biases as
/// logarithms, and its number of entries over d².
#[derive(Clone, Copy)]
pub(crate) struct Matrix {
    pub(crate) forth: f64,
    pub(crate) back: f64,
    pub(crate) bias: f64,
    pub(crate) size: f64,
}

/// The matrices of a block.
pub(crate) struct Weights {
    pub(crate) query: Matrix,
    pub(crate) key: Matrix,
    pub(crate) value: Matrix,
    pub(crate) out: Matrix,
    /// The first matrix of the MLP, which is the gate in a LLaMA block.
    pub(crate) wide: Matrix,
    /// The matrix whose product the gate multiplies, in a LLaMA block.
    pub(crate) up: Option<Matrix>,
    pub(crate) narrow: Matrix,
    /// ln `E[gate²]` of the branches.
    pub(crate) gate: f64,
    /// ln skip², where skip is the factor on the skip connection.
    pub(crate) skip: f64,
    /// ln(d_h·c²) of attention's factor.
    pub(crate) logit: f64,
}

/// What the backward pass needs of a block's forward pass.
pub(crate) struct Passed {
    pub(crate) attention: Attention,
    /// The inputs of the matrices: of attention, of the MLP, and of the MLP's second matrix.
    pub(crate) attended: Pair,
    pub(crate) wide: Pair,
    pub(crate) narrow: Pair,
    /// ln D(q) of the MLP, and the correlation of φ'(z) in two rows, by kind.
    pub(crate) slope: f64,
    pub(crate) slope_correlation: [f64; KINDS],
    /// ln of the mean squares of φ(gate) and of what the gate multiplies; both are 0 in a GPT-2 block.
    pub(crate) gated: [f64; 2],
    /// ln s² of the norms of the two halves.
    pub(crate) divisors: [f64; 2],
}

impl Weights {
    /// The matrices of block l, counted from 1.
    pub(crate) fn new(theory: &GptTheory, layer: usize) -> Self {
        let net = &theory.architecture;
        let d = net.width;
        let matrix = |role: Role| {
            let site = net.site(role, layer);
            let Fans { fan_in, fan_out } = site.fans;
            let moment = libm::log(theory.plan.second_moment(&site));
            let bias = theory.plan.init_of(role).bias_var(site.fans, theory.bias_std);
            Matrix {
                forth: libm::log(fan_in as f64) + moment,
                back: libm::log(fan_out as f64) + moment,
                bias: libm::log(if net.has_biases() { bias } else { 0.0 }),
                size: (fan_in * fan_out) as f64 / (d * d) as f64,
            }
        };
        let factor = net.attention.factor(net.head_width());
        Self {
            query: matrix(Role::Query),
            key: matrix(Role::Key),
            value: matrix(Role::Value),
            out: matrix(Role::AttentionOut),
            wide: matrix(Role::MlpIn),
            up: net.has(Role::MlpUp).then(|| matrix(Role::MlpUp)),
            narrow: matrix(Role::MlpOut),
            gate: libm::log(net.junction.gate_square()),
            skip: 2.0 * libm::log(net.junction.skip),
            logit: libm::log(net.head_width() as f64 * factor * factor),
        }
    }

    /// The number of entries of all matrices over d², which is 12 in a GPT-2 block.
    fn size(&self) -> f64 {
        let up = self.up.map_or(0.0, |up| up.size);
        [self.query, self.key, self.value, self.out, self.wide, self.narrow].iter().map(|m| m.size).sum::<f64>() + up
    }
}

/// ln RMS of the gradients over the entries of the matrices of each block, relative, and the standard deviation of it
/// beside the last block's, from one random network to another ([`GradientStray`]).
///
/// ```text
/// G: gradient at the stream, mean square and correlation between positions
/// MLP:        W₂: G·E[h²]      δ² = G·d·E[w₂²]·D(q)      W₁: δ²·E[in²]
///   gated, h = φ(g)·u:         δ_g² = δ²·E[u²],  δ_u² = G·d·E[w₂²]·E[φ²]
/// attention:  W_o: G·E[y²]     Y = G·d·E[w_o²]           W_v: Y·A·E[in²]
///             W_q: Y·S·(1 − ρ)²·d_h·c²·E[v²]·E[k²]·E[in²], W_k with E[q²],  S = E[Σa² − 2·Σa³ + (Σa²)²]
/// G ← (residual: skip²·G) + gate²·n_out·E[w²]·δ²/s²      with dropout a branch sees G/(1 − p)
/// ```
///
/// A weight's gradient sums over the rows of all texts; where both its factors agree in two of them, the
/// sum grows: ×(1 + Σ n·ρ_δ·ρ_in) over the kinds of pairs. At the logits two rows agree in the part
/// softmax − target that is common, Σ p² − 1/V.
pub(crate) fn backward(theory: &GptTheory, weights: &[Weights], passed: &[Passed]) -> Vec<(f64, f64)> {
    let net = &theory.architecture;
    // What one random product adds to a logarithm's variance. The slopes of the MLP's units, and its outputs, are drawn
    // independently like a product's, and count as one.
    let (outer, inner) = (2.0 / net.width as f64, 2.0 / net.block.hidden(net.width) as f64);
    let agreement = (theory.coincidence - 1.0 / net.classes.max(1) as f64).max(0.0);
    let mut arriving = Pair { second: 0.0, correlation: [agreement; KINDS] };
    let mut stray = GradientStray::new(theory.others(), net.width);
    let mut blocks = Vec::with_capacity(weights.len());
    for (block, weights) in passed.iter().zip(weights).rev() {
        let [first, second] = block.divisors;
        let mut gradient = BlockGradient::default();
        let variance = stray.variance;
        arriving = half(theory, weights, arriving, second, &mut stray, |g, stray| {
            let [phi, other] = block.gated;
            let hidden = g.times(weights.narrow.back);
            let mut delta = hidden.times(block.slope + other);
            for (delta, slope) in delta.correlation.iter_mut().zip(block.slope_correlation) {
                *delta *= slope;
            }
            let mut add = |rows, matrix: &Matrix, chance| gradient.add(stray, rows, libm::log(matrix.size), chance);
            add([g, block.narrow], &weights.narrow, inner);
            add([delta, block.wide], &weights.wide, 2.0 * inner);
            let mut back = delta.times(weights.wide.back);
            if let Some(up) = &weights.up {
                let delta = hidden.times(phi);
                add([delta, block.wide], up, 2.0 * inner);
                back = back.plus(delta.times(up.back));
            }
            (back, 2.0 * inner + outer)
        });
        arriving = half(theory, weights, arriving, first, &mut stray, |g, stray| {
            let output = g.times(weights.out.back);
            let value = block.attention.back(output);
            // The sign of the gradients of queries and keys varies from row to row, so they do not correlate.
            let logit = |size: f64| Pair { second: output.second + size, correlation: [0.0; KINDS] };
            let (query, key) = (logit(block.attention.query), logit(block.attention.key));
            let mut add = |rows, matrix: &Matrix, chance| gradient.add(stray, rows, libm::log(matrix.size), chance);
            add([g, block.attention.output], &weights.out, outer);
            let mut back = value.times(weights.value.back);
            add([value, block.attended], &weights.value, outer);
            for (delta, matrix) in [(query, &weights.query), (key, &weights.key)] {
                add([delta, block.attended], matrix, 2.0 * outer);
                back = back.plus(delta.times(matrix.back));
            }
            (back, 2.0 * outer)
        });
        stray.pass(&gradient);
        blocks.push((0.5 * (gradient.size() - libm::log(weights.size())), variance, gradient.chance()));
    }
    let last = blocks.first().map_or(0.0, |block| block.2);
    let spread = |index: usize, variance: f64| if index == 0 { 0.0 } else { 0.5 * (variance + last).sqrt() };
    let each = blocks.into_iter().enumerate();
    let mut gradients: Vec<(f64, f64)> =
        each.map(|(index, (size, above, own))| (size, spread(index, above + own))).collect();
    gradients.reverse();
    gradients
}

/// The gradient before half a block from the one after it, given what the branch makes of it and how much that varies.
fn half(
    theory: &GptTheory,
    weights: &Weights,
    arriving: Pair,
    divisor: f64,
    stray: &mut GradientStray,
    branch: impl FnOnce(Pair, &GradientStray) -> (Pair, f64),
) -> Pair {
    let (through, before) = match theory.architecture.position {
        NormPosition::Pre | NormPosition::Inner => (arriving, divisor),
        NormPosition::Post => (arriving.times(-divisor), 0.0),
    };
    let (branch, chance) = branch(through.times(weights.gate).dropped(theory.architecture.dropout), stray);
    let branch = branch.times(-before);
    if !theory.architecture.residual {
        stray.replace(branch, chance);
        return branch;
    }
    let skipped = through.times(weights.skip);
    let sum = skipped.plus(branch);
    stray.join(skipped, branch, sum, chance);
    sum
}
