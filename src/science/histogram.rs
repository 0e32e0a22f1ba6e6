//! The bins of a histogram: of one width in units of the numbers' own standard deviation, so that one picture suits
//! numbers of any size, and a measured histogram lies bin for bin on a density of theory.
//!
//! ```text
//! bin i of 64:  ⟨x⟩ + σ·(i/8 − 4) ≤ x < ⟨x⟩ + σ·((i + 1)/8 − 4)        σ² = ⟨(x − ⟨x⟩)²⟩
//! ```
//!
//! Numbers that are exactly 0 are in no bin, because they are a point and no density: those of a ReLU are half of all.

/// The number of bins to a standard deviation.
pub const BINS_PER_STD: usize = 8;
/// The bins reach so many standard deviations to either side of the mean.
pub const REACH: usize = 4;
/// The number of bins.
pub const HISTOGRAM_BINS: usize = 2 * REACH * BINS_PER_STD;
/// A number counts as near zero below this share of the root mean square. That is 7.97 % of a normal distribution.
pub const NEAR_ZERO: f64 = 0.1;
/// Numbers further from the mean than so many standard deviations count as tails: 0.27 % of a normal distribution.
pub const TAIL_STDS: usize = 3;

/// How numbers are spread: in bins, beyond them, and where it matters. All shares are of all numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub std: f64,
    /// The share of each bin, without exact zeros.
    pub shares: Vec<f64>,
    /// The share below the first bin and the share above the last.
    pub outside: [f64; 2],
    /// The share of exact zeros.
    pub zeros: f64,
    /// The share nearer to zero than [`NEAR_ZERO`] times the root mean square, exact zeros included.
    pub near_zero: f64,
    /// The share beyond the values at which the activation counts as saturated; `None` where it has none.
    pub saturated: Option<f64>,
}

impl Distribution {
    /// The lower end of bin `index`; that of `HISTOGRAM_BINS` is the upper end of the last.
    pub fn edge(&self, index: usize) -> f64 {
        self.mean + self.std * (index as f64 / BINS_PER_STD as f64 - REACH as f64)
    }

    /// The share of numbers that are further than [`TAIL_STDS`] standard deviations from the mean. Zeros count where
    /// they lie.
    pub fn tails(&self) -> f64 {
        let beyond = (REACH - TAIL_STDS) * BINS_PER_STD;
        let inner = &self.shares[beyond..HISTOGRAM_BINS - beyond];
        let zero_is_inside = self.mean.abs() <= TAIL_STDS as f64 * self.std;
        let inside = inner.iter().sum::<f64>() + if zero_is_inside { self.zeros } else { 0.0 };
        (1.0 - inside).max(0.0)
    }

    /// The density of bin `index`, in shares per unit; 0 where all numbers are equal.
    pub fn density(&self, index: usize) -> f64 {
        let width = self.std / BINS_PER_STD as f64;
        if width > 0.0 { self.shares[index] / width } else { 0.0 }
    }
}
