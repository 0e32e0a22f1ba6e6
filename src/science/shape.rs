//! The shape of a matrix's values: how far they spread, how heavy their tails are, and how many lie near zero.
//!
//! ```text
//! σ² = ⟨(w − ⟨w⟩)²⟩      excess kurtosis = ⟨(w − ⟨w⟩)⁴⟩/σ⁴ − 3      near zero: |w| < σ/10
//! ```
//!
//! A normal matrix has an excess kurtosis of 0 and 7.97 % of its values near zero. Where both grow, a histogram looks
//! emptier and has longer tails at the same time.

use serde::{Deserialize, Serialize};

/// The number of bins of a histogram.
pub const BINS: usize = 81;
/// The share of a normal distribution within a tenth of σ of zero.
pub const NORMAL_NEAR_ZERO: f64 = 0.079_655_674_554_057_98;

/// The shape of the distribution of some values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// The standard deviation.
    pub std: f64,
    /// The excess kurtosis; 0 where all values are equal.
    pub kurtosis: f64,
    /// The share of values within σ/10 of zero.
    pub near_zero: f64,
    /// The number of values in each of [`BINS`] bins of one width over ±the range. Values beyond it are in the first
    /// and last one.
    pub histogram: Vec<u32>,
}

impl Shape {
    /// Measures the shape of values, with a histogram over ±`range`. It is not finite where a value is not.
    pub fn of(values: impl Iterator<Item = f32> + Clone, range: f64) -> Self {
        let values = values.map(f64::from);
        let count = values.clone().count().max(1) as f64;
        let mean = values.clone().sum::<f64>() / count;
        let moment = |power: i32| values.clone().map(|w| (w - mean).powi(power)).sum::<f64>() / count;
        let variance = moment(2);
        let std = variance.sqrt();
        let kurtosis = if variance == 0.0 { 0.0 } else { moment(4) / (variance * variance) - 3.0 };
        let near = values.clone().filter(|w| w.abs() < 0.1 * std).count() as f64;
        let mut histogram = vec![0; BINS];
        for w in values {
            // NaN is counted in the first bin.
            let place = (w / range + 1.0) * 0.5 * BINS as f64;
            histogram[(place.max(0.0) as usize).min(BINS - 1)] += 1;
        }
        Self { std, kurtosis, near_zero: near / count, histogram }
    }

    /// The histogram as a density, which does not depend on its bins.
    pub fn density(&self, range: f64) -> Vec<f64> {
        let total: u32 = self.histogram.iter().sum();
        let width = 2.0 * range / BINS as f64;
        self.histogram.iter().map(|count| f64::from(*count) / (f64::from(total.max(1)) * width)).collect()
    }
}

/// The middles of the bins of a histogram over ±`range`.
pub fn bins(range: f64) -> Vec<f64> {
    (0..BINS).map(|bin| ((bin as f64 + 0.5) / BINS as f64 * 2.0 - 1.0) * range).collect()
}
