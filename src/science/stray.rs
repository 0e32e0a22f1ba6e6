//! How far single random GPTs deviate from the average over all of them.
//!
//! Forward, the random quantity is a mean square over all rows of a batch, S = ⟨|x_b|²⟩/d. All rows pass the same
//! matrices, so the deviations do not average out over rows as far as these agree:
//!
//! ```text
//! Var ln ⟨|W·h_b|²⟩ = (2/n_out)·C(h),    C(h) = ⟨cos²(h_b, h_b')⟩ over all pairs of rows, a row with itself among them
//! E cos² = ρ² + (1 − ρ²)²/n              rows of n numbers that have the correlation ρ
//! ```

use super::moments::log_add;
use super::pair::{Others, Pair};
use super::theory::share;

/// The standard deviation, in its logarithm, that rounding and ε leave of a variance that a norm has fixed.
const FIXED: f64 = 1e-3;

/// The random variation of the stream's mean square, Var ln S over networks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stray {
    others: Others,
    /// The width d.
    width: f64,
    /// The variance Var ln S.
    variance: f64,
}

/// What a branch adds to the stream, and how much it varies by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// The shares of the old stream and of the branch in the mean square of the new one.
    pub(crate) shares: [f64; 2],
    /// The share of a relative change of the stream that passes to what the branch writes.
    pub(crate) follows: f64,
    /// Var ln of what the branch writes, given what it reads.
    pub(crate) chance: f64,
}

impl Stray {
    /// The variation of the embeddings, which are rows of random tables whose ρ does not vary.
    pub(crate) fn embedded(x: Pair, others: Others, width: usize) -> Self {
        let width = width as f64;
        let agreement = others.mean(1.0, |kind| x.correlation[kind] * x.correlation[kind]);
        Self { others, width, variance: 2.0 / width * agreement }
    }

    /// The agreement C(h) of rows of n numbers.
    fn agreement(&self, h: Pair, n: f64) -> f64 {
        self.others.mean(1.0, |kind| {
            let square = h.correlation[kind] * h.correlation[kind];
            square + (1.0 - square) * (1.0 - square) / n
        })
    }

    /// Var ln of the mean square of `units` sums over rows of n numbers, to which the share `follows` of a change of
    /// the stream's size passes.
    pub(crate) fn mapped(&self, read: Pair, n: usize, units: usize, follows: f64) -> f64 {
        2.0 / units as f64 * self.agreement(read, n as f64) + follows * follows * self.variance
    }

    /// The variation of attention's output: that of the two matrices of values and outputs, which act on averages y,
    /// and that of the share of y that is common to all positions.
    pub(crate) fn attended(&self, read: f64, y: Pair, common: f64) -> f64 {
        let apart = common * (1.0 - read);
        2.0 / self.width * (2.0 * self.agreement(y, self.width) + apart * apart)
    }

    /// The variation of the MLP's output: that of its h units, drawn independently given what they read, and that of
    /// its last matrix.
    ///
    /// ```text
    /// Var ln ⟨h²⟩ = ⟨Cov(h², h'²)⟩/n,   Cov ≈ κ·(λ·ρ + (1 − λ)·ρ²),   κ = E φ⁴/(E φ²)² − 1
    /// λ: 0 for φ(z) = z with κ = 2, and 1/2 for ReLU with κ = 5
    /// ```
    ///
    /// A gate multiplies by u, whose square adds 2·ρ².
    pub(crate) fn narrowed(&self, z: Pair, kurtosis: f64, gated: Option<Pair>, hidden: Pair, units: usize) -> f64 {
        let lambda = ((kurtosis - 2.0) / 6.0).clamp(0.0, 1.0);
        let squares = |rho: f64, gate: Option<f64>| {
            let own = kurtosis * (lambda * rho.abs() + (1.0 - lambda) * rho * rho);
            (1.0 + own) * gate.map_or(1.0, |rho| 1.0 + 2.0 * rho * rho) - 1.0
        };
        let pair = |kind: usize| squares(z.correlation[kind], gated.map(|up| up.correlation[kind]));
        let drawn = self.others.mean(squares(1.0, gated.map(|_| 1.0)), pair);
        let units = units as f64;
        drawn / units + 2.0 / self.width * self.agreement(hidden, units)
    }

    /// The variation after a branch that wrote `w` into the stream x (or in its place, without a skip connection).
    ///
    /// ```text
    /// δS = f·δS + g·(follows·δS + chance) + 2·⟨x·w⟩/d,     Var ⟨x·w⟩ = f·g·⟨ρ_x·ρ_w⟩/d
    /// ```
    pub(crate) fn after(self, x: Pair, w: Pair, Written { shares: [old, new], follows, chance }: Written) -> Self {
        let cross = self.others.mean(1.0, |kind| x.correlation[kind] * w.correlation[kind]).max(0.0);
        let carried = old + new * follows;
        let variance = carried * carried * self.variance + new * new * chance + 4.0 * old * new / self.width * cross;
        Self { variance, ..self }
    }

    /// The variation after a norm that lets this share of a change of size pass.
    pub(crate) fn normed(self, kept: f64) -> Self {
        Self { variance: kept * kept * self.variance, ..self }
    }

    /// The standard deviation of ln S.
    pub(crate) fn spread(&self) -> f64 {
        spread(self.variance)
    }
}

/// The standard deviation for this variance, and at least the one that rounding leaves.
pub(crate) fn spread(variance: f64) -> f64 {
    (variance + FIXED * FIXED).sqrt()
}

/// The random variation of the gradient at the stream, relative to that at the end of the last block.
///
/// A matrix's gradient is a sum over rows, ‖Σ_b δ_b·in_b‖². Pairs of rows make up its share c, which varies like the
/// square of one vector, and the rest like the mean square of rows. So a product with a random matrix of n outputs adds
///
/// ```text
/// Var ln ⟨|Wᵀ·g_b|²⟩ = (2/n)·K(g),    K(g) = (1 − c)²·⟨cos²⟩ + 2·c·(1 − c)·⟨cos⟩ + c²
/// ```
///
/// and a branch beside a skip connection, with the shares f of the old gradient and g of the branch's,
///
/// ```text
/// Var ← Var + g²·chance·K(branch) + 4·f·g·K(sum)/d
/// ```
///
/// because a branch follows the gradient that it gets: backward it is linear.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GradientStray {
    others: Others,
    /// The width d.
    width: f64,
    /// The share c in the gradient of the newest block.
    common: f64,
    /// Var ln of the gradient's square.
    pub(crate) variance: f64,
}

impl GradientStray {
    pub(crate) fn new(others: Others, width: usize) -> Self {
        Self { others, width: width as f64, common: 0.0, variance: 0.0 }
    }

    /// K(g), if pairs make up this share.
    fn agreement(&self, g: Pair, common: f64) -> f64 {
        let square = self.others.mean(1.0, |kind| g.correlation[kind] * g.correlation[kind]);
        let mean = self.others.mean(1.0, |kind| g.correlation[kind]).max(0.0);
        let own = 1.0 - common;
        own * own * square + 2.0 * own * common * mean + common * common
    }

    /// The gradient goes through a branch alone. `chance` is the sum of 2/n over its random products.
    pub(crate) fn replace(&mut self, branch: Pair, chance: f64) {
        self.variance += chance * self.agreement(branch, self.common);
    }

    /// The gradient of a branch is added to the one that skips it.
    pub(crate) fn join(&mut self, skipped: Pair, branch: Pair, sum: Pair, chance: f64) {
        let [old, new] = [skipped, branch].map(|part| share(part.second, sum.second));
        let crossed = 4.0 * old * new / self.width * self.agreement(sum, self.common);
        self.variance += new * new * chance * self.agreement(branch, self.common) + crossed;
    }

    /// Takes the share of pairs from the block that the gradient has passed.
    pub(crate) fn pass(&mut self, block: &BlockGradient) {
        self.common = block.shares().map(|(share, part)| share * part.common).sum();
    }
}

/// The square of a block's gradient, as the sum over its matrices.
#[derive(Debug, Default)]
pub(crate) struct BlockGradient {
    parts: Vec<MatrixGradient>,
}

/// The square of a matrix's gradient.
#[derive(Clone, Copy, Debug)]
struct MatrixGradient {
    /// Its logarithm, relative.
    size: f64,
    /// The share that pairs of rows make up.
    common: f64,
    /// Var ln of it, given the gradient at the stream.
    chance: f64,
}

impl BlockGradient {
    /// Adds a matrix with the rows δ and its inputs, given ln of its number of entries. `chance` is the sum of 2/n over
    /// the random products that lie between the stream and either of the two.
    pub(crate) fn add(&mut self, stray: &GradientStray, [delta, input]: [Pair; 2], entries: f64, chance: f64) {
        let pairs = stray.others.sum(|kind| (delta.correlation[kind] * input.correlation[kind]).max(0.0));
        let size = delta.second + input.second + libm::log1p(pairs) + entries;
        let common = pairs / (1.0 + pairs);
        // The sum of all inputs is one vector of d numbers.
        let chance = chance * stray.agreement(delta, common) + 2.0 / stray.width * common * common;
        self.parts.push(MatrixGradient { size, common, chance });
    }

    /// The logarithm of the sum.
    pub(crate) fn size(&self) -> f64 {
        self.parts.iter().fold(f64::NEG_INFINITY, |sum, part| log_add(sum, part.size))
    }

    /// Var ln of the sum, given the gradient at the stream. The matrices are taken as independent.
    pub(crate) fn chance(&self) -> f64 {
        self.shares().map(|(share, part)| share * share * part.chance).sum()
    }

    /// The matrices, each with its share of the sum.
    fn shares(&self) -> impl Iterator<Item = (f64, &MatrixGradient)> {
        let whole = self.size();
        self.parts.iter().map(move |part| (share(part.size, whole), part))
    }
}
