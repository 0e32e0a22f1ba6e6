//! The reductions: what is computed on the device, and what is made of it on the CPU.
//!
//! Squares leave f32 long before numbers do, so every tensor x is divided by m = max|x| first: x̃ = x/m
//! stays near 1 however large or small x is, and a statistic leaves f32's range only when x itself has.
//! The product with m² is made in f64 on the CPU, where non-finite numbers can be told apart.
//!
//! ```text
//! size        ⟨x̃⟩, ⟨x̃²⟩                        variance m²(⟨x̃²⟩ − ⟨x̃⟩²)
//! rows        ⟨(x̃_bi − ⟨x̃_bi⟩_b)²⟩/⟨x̃²⟩          what tells rows b apart, of each unit i
//! units       ⟨(x̃_bi − ⟨x̃_bi⟩_i)²⟩/⟨x̃²⟩          what tells units i apart, in each row b
//! positions   ⟨(x̃_ti − ⟨x̃_ti⟩_t)²⟩/⟨x̃²⟩          what tells positions t of a text apart, of each unit
//! ```
//!
//! A share near 0 must not be the rounding of numbers near 1, so a mean is taken off before squaring, and
//! before the mean the first of those it is taken of: d = x̃ − x̃₀ is exact where numbers are close, and
//! exactly 0 where they are equal. What is left is the rounding of the network's own f32, some 1e-15.

use burn::tensor::Tensor;

use crate::engine::fused::{self, DIVISOR_FLOOR};

/// What a tensor is reduced to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reduction {
    /// How large its numbers are.
    Size,
    /// How large its numbers are, and how far rows, units and positions are apart.
    Spread {
        /// The rows of a text.
        time: usize,
    },
    /// The share of numbers above f32's range.
    Overflow,
}

impl Reduction {
    /// How many numbers there are for each tensor.
    pub(super) fn columns(self) -> usize {
        match self {
            Self::Size => 3,
            Self::Spread { time: 1 } => 5,
            Self::Spread { .. } => 6,
            Self::Overflow => 1,
        }
    }
}

/// The columns of the statistics of a tensor `[R, rows, columns]` on the CPU, one after the other, `[columns·R]`.
pub(super) fn summarize(x: Tensor<3>, reduction: Reduction) -> Tensor<1> {
    let columns = match reduction {
        Reduction::Size => fused::size(x),
        Reduction::Spread { time } => fused::spread(x, time),
        Reduction::Overflow => return reduce(x, reduction).remove(0),
    };
    let count = columns.shape().num_elements();
    columns.reshape([count])
}

/// Columns `[K]` of the statistics of K tensors `[K, rows, columns]`.
pub(super) fn reduce(x: Tensor<3>, reduction: Reduction) -> Vec<Tensor<1>> {
    let [count, rows, units] = x.dims();
    let flat = x.reshape([count, rows * units]); // [K, N·n]
    if reduction == Reduction::Overflow {
        return vec![flat.greater_elem(f32::MAX).float().mean_dim(1).reshape([count])];
    }
    let largest = flat.clone().max_abs_dim(1); // [K, 1]
    let scaled = flat / largest.clone().clamp_min(DIVISOR_FLOOR);
    let mean = scaled.clone().mean_dim(1);
    let mut columns = vec![largest, mean, mean_square(scaled.clone())];
    if let Reduction::Spread { time } = reduction {
        let scaled = scaled.reshape([count, rows, units]);
        let flat = |centered: Tensor<3>| centered.reshape([count, rows * units]);
        columns.push(mean_square(flat(centered(scaled.clone(), 1))));
        columns.push(mean_square(flat(centered(scaled.clone(), 2))));
        if time > 1 {
            let texts = scaled.reshape([count * rows / time, time, units]);
            columns.push(mean_square(flat(centered(texts, 1))));
        }
    }
    columns.into_iter().map(|column| column.reshape([count])).collect()
}

/// x − ⟨x⟩ along an axis, which is exactly 0 where all numbers are equal.
fn centered(x: Tensor<3>, axis: usize) -> Tensor<3> {
    let shifted = x.clone() - x.narrow(axis, 0, 1);
    let mean = shifted.clone().mean_dim(axis);
    shifted - mean
}

fn mean_square(rows: Tensor<2>) -> Tensor<2> {
    (rows.clone() * rows).mean_dim(1) // [K, 1]
}

/// What one tensor was reduced to, back on the CPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    largest: f64,
    mean: f64,
    square: f64,
    rows: Option<f64>,
    units: Option<f64>,
    positions: Option<f64>,
}

impl Statistics {
    pub(super) fn new<'a>(reduction: Reduction, numbers: impl Iterator<Item = &'a f32>) -> Self {
        let mut numbers = numbers.map(|number| f64::from(*number));
        let mut next = || numbers.next();
        // A share is the mean of numbers that are 0 or 1.
        let largest = if reduction == Reduction::Overflow { Some(1.0) } else { next() };
        let mean = next().unwrap_or(f64::NAN);
        let square = if reduction == Reduction::Overflow { mean } else { next().unwrap_or(f64::NAN) };
        let (rows, units, positions) = match reduction {
            Reduction::Spread { .. } => (next(), next(), next()),
            Reduction::Size | Reduction::Overflow => (None, None, None),
        };
        Self { largest: largest.unwrap_or(f64::NAN), mean, square, rows, units, positions }
    }

    /// Whether every number of the tensor was finite.
    pub fn finite(&self) -> bool {
        self.largest.is_finite() && self.mean.is_finite() && self.square.is_finite()
    }

    /// The mean; infinite or NaN where the tensor was.
    pub fn mean(&self) -> f64 {
        self.largest() * self.mean
    }

    /// The population variance; infinite or NaN where the tensor was.
    pub fn variance(&self) -> f64 {
        self.scaled((self.square - self.mean * self.mean).max(0.0))
    }

    /// The mean of squares.
    pub fn mean_square(&self) -> f64 {
        self.scaled(self.square)
    }

    /// The share of the mean square that tells rows apart; `None` where all is 0 or not finite.
    pub fn rows_share(&self) -> Option<f64> {
        self.share(self.rows)
    }

    /// The share of the mean square that tells units apart.
    pub fn units_share(&self) -> Option<f64> {
        self.share(self.units)
    }

    /// The share of the mean square that tells positions of a text apart; `None` without texts.
    pub fn positions_share(&self) -> Option<f64> {
        self.share(self.positions)
    }

    fn share(&self, part: Option<f64>) -> Option<f64> {
        part.map(|part| part / self.square).filter(|share| share.is_finite())
    }

    fn scaled(&self, square: f64) -> f64 {
        if self.largest == f64::INFINITY {
            return f64::INFINITY;
        }
        let largest = self.largest();
        if self.finite() { largest * largest * square } else { f64::NAN }
    }

    /// m, but at least the floor: where that was divided by, the scaled numbers are smaller by as much.
    fn largest(&self) -> f64 {
        self.largest.max(f64::from(DIVISOR_FLOOR))
    }
}
