//! Layers as single operations: one pass over memory on the CPU, one or two launches on a GPU.
//!
//! Composed of Burn's operations, a layer and its derivative are some twelve launches; on a GPU a small
//! network costs its launches and nothing else. And on the CPU each of them is a pass over memory, with
//! a scalar `exp` or `erf` an entry. So the layers that a step is made of have operations of their own,
//! in `cpu` and in `gpu`, declared once in `operations`; everything else (taps, masks, clipping) is composed.
//!
//! R networks, N rows, widths `in` and `out`, S = R·B sequences of T positions, H heads. All tensors are
//! f32; what is `[R, …]` may be `[1, …]` in an input, which is then the same for all networks.

use burn::tensor::Tensor;

pub use operations::{activate, adam, attend, attend_back, cross_entropy, dense_back, dense_back_weights};
pub use operations::{histogram, momentum};
pub use summary::{is_on_cpu, size, spread};

use crate::lab::spec::Activation;
use crate::science::histogram::HISTOGRAM_BINS;

mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
mod operations;
mod summary;

/// What follows a product in the same operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epilogue {
    /// φ.
    pub activation: Activation,
    /// Whether there is a b; where there is none, W stands in its place and is not read.
    pub biased: bool,
}

/// What a norm's derivative does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NormBackward {
    /// Whether it is that of LayerNorm, which subtracts the mean.
    pub centers: bool,
    /// Whether x̄ is added to a gradient from elsewhere; where there is none, ȳ stands in its place and is not read.
    pub accumulates: bool,
}

/// How rows fall into sequences, and widths into heads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heads {
    /// H.
    pub count: usize,
    /// T.
    pub time: usize,
    /// c, what q·k is multiplied by.
    pub factor: f32,
}

/// The values beyond which a histogram counts a number as saturated; infinite where there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lower value.
    pub low: f32,
    /// The upper value.
    pub high: f32,
}

/// The columns of a histogram: below the bins, the bins, above them, and the three that follow.
pub const COLUMNS: usize = HISTOGRAM_BINS + 5;
/// The column of exact zeros, which are in no bin.
pub const ZEROS: usize = HISTOGRAM_BINS + 2;
/// The column of numbers near zero, exact zeros included.
pub const NEAR: usize = HISTOGRAM_BINS + 3;
/// The column of saturated numbers.
pub const BEYOND: usize = HISTOGRAM_BINS + 4;
/// What a histogram knows of each tensor x before it counts: m = max|x|, the first of x/m, the mean of what that is
/// subtracted from, one over the standard deviation of x/m, and up to where x/m is near zero.
pub const SCALES: usize = 5;
/// A histogram counts so many numbers at a time, which share the work between the units of a GPU.
pub const HISTOGRAM_PART: usize = 4096;

/// The constants of an update of one tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// What this tensor's rate is multiplied by; decoupled decay is not.
    pub factor: f32,
    /// What decay does: nothing, shrink the weights apart (AdamW), or enter the gradient.
    pub decay: DecayForm,
    /// What the first and the second running average keep of themselves; 0 for an average that the rule does not have.
    pub betas: [f64; 2],
    /// Whether there are averages of earlier steps. Where there are none they count as 0, whatever stands in
    /// their place: a kernel may load it, but takes nothing of it, not even 0 times infinity.
    pub begun: bool,
}

/// How weights decay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecayForm {
    /// Not at all.
    None,
    /// g ← g + λw.
    Coupled,
    /// w ← w − ηλw.
    Decoupled,
}

/// The least that a tensor's numbers are divided by: a smaller m is as good as zero, and dividing by it would leave f32.
pub const DIVISOR_FLOOR: f32 = 1e-36;

/// Columns of the rates of a step, `[R, 4]`: see `optimizer::Rates`.
pub const RATES: usize = 4;

/// z = x·W + b, y = φ(z) and φ'(z), `[R, N, out]` each; see `operations::dense`.
pub fn dense(x: Tensor<3>, w: Tensor<3>, b: Option<Tensor<3>>, activation: Activation) -> [Tensor<3>; 3] {
    let epilogue = Epilogue { activation, biased: b.is_some() };
    let b = b.unwrap_or_else(|| w.clone());
    operations::dense(x, w, b, epilogue).into()
}

/// y, μ and 1/s of LayerNorm where there is a shift, else of RMSNorm; see `operations::normalize`.
pub fn normalize(x: Tensor<3>, gain: Tensor<3>, shift: Option<Tensor<3>>) -> [Tensor<3>; 3] {
    let centers = shift.is_some();
    let shift = shift.unwrap_or_else(|| gain.clone());
    operations::normalize(x, gain, shift, centers).into()
}

/// x̄, ḡ and b̄, from x, g, μ, 1/s and ȳ, and what x̄ is added to; see `operations::normalize_back`.
pub fn normalize_back(inputs: [Tensor<3>; 5], elsewhere: Option<Tensor<3>>, centers: bool) -> [Tensor<3>; 3] {
    let [x, gain, mean, inverse, dy] = inputs;
    let norm = NormBackward { centers, accumulates: elsewhere.is_some() };
    let elsewhere = elsewhere.unwrap_or_else(|| dy.clone());
    operations::normalize_back(x, gain, mean, inverse, dy, elsewhere, norm).into()
}

/// Up to three weights after a step of SGD along their gradients, in one launch where a device has room for it.
pub fn sgd(pairs: &[[Tensor<3>; 2]], rates: Tensor<1>, steps: &[Step]) -> Vec<Tensor<3>> {
    // Where there are fewer, the last stands in for what is missing, and its result is thrown away.
    let [one, two, three] = [0, 1, 2].map(|index: usize| index.min(pairs.len() - 1));
    let ([w1, g1], [w2, g2], [w3, g3]) = (pairs[one].clone(), pairs[two].clone(), pairs[three].clone());
    let steps = [one, two, three].map(|index| steps[index]);
    let (w1, w2, w3) = operations::sgd_three(w1, g1, w2, g2, w3, g3, rates, steps);
    [w1, w2, w3].into_iter().take(pairs.len()).collect()
}
