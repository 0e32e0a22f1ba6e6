//! Taps: what a layer's numbers are like, reduced on the device to three numbers a tensor.
//!
//! Variance over any tensor x is taken as m²·(⟨(x/m)²⟩ − ⟨x/m⟩²) with m = max|x|: the squares stay
//! near 1 however large or small x is, so the statistic leaves f32's range only when x itself has.
//! The product with m² is made in f64 on the CPU, where non-finite numbers can be told apart.

use burn::tensor::Tensor;

/// Below this, m is as good as zero; dividing by less would leave f32.
pub(super) const FLOOR: f32 = 1e-36;

/// Reduced statistics of a tensor `[R, …]`: `[R, 3]` of max|x|, mean(x/max), mean((x/max)²).
pub fn statistics<const D: usize>(tensor: Tensor<D>) -> Tensor<2> {
    let replicas = tensor.dims()[0];
    let size: usize = tensor.dims()[1..].iter().product();
    let flat = tensor.reshape([replicas, size]);
    let most = flat.clone().max_abs_dim(1); // [R, 1]
    let scaled = flat / most.clone().clamp_min(FLOOR);
    let mean = scaled.clone().mean_dim(1);
    let square = (scaled.clone() * scaled).mean_dim(1);
    Tensor::cat(vec![most, mean, square], 1)
}

/// The three numbers of one tensor, back on the CPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    most: f64,
    mean: f64,
    square: f64,
}

impl Statistics {
    /// From one row of [`statistics`].
    pub fn read(row: &[f32]) -> Self {
        Self { most: f64::from(row[0]), mean: f64::from(row[1]), square: f64::from(row[2]) }
    }

    /// Whether every number of the tensor was finite.
    pub fn finite(&self) -> bool {
        self.most.is_finite() && self.mean.is_finite() && self.square.is_finite()
    }

    /// Population variance; infinite or NaN where the tensor was.
    pub fn variance(&self) -> f64 {
        self.scaled((self.square - self.mean * self.mean).max(0.0))
    }

    /// Mean of squares.
    pub fn mean_square(&self) -> f64 {
        self.scaled(self.square)
    }

    fn scaled(&self, square: f64) -> f64 {
        if self.most == f64::INFINITY {
            return f64::INFINITY;
        }
        // Where m was floored, the scaled numbers are smaller than they should be, by as much.
        let most = self.most.max(f64::from(FLOOR));
        if self.finite() { most * most * square } else { f64::NAN }
    }
}

/// Collects statistics by name while a pass runs; off, it costs nothing.
#[derive(Default)]
pub struct Taps {
    on: bool,
    names: Vec<Tap>,
    rows: Vec<Tensor<2>>,
}

/// Which number of which layer a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tap {
    /// z of a layer, before the activation.
    Preactivation(usize),
    /// A layer's output, or the residual stream after it.
    Activation(usize),
    /// The gradient of a matrix, by layer, with its number of entries.
    Gradient {
        /// Index of the layer.
        layer: usize,
        /// Numbers in the tensor.
        entries: usize,
    },
    /// A weight matrix, by its reported name.
    Weight(String),
    /// Its last update.
    Update(String),
}

impl Taps {
    /// Taps that record, or none.
    pub fn new(on: bool) -> Self {
        Self { on, ..Self::default() }
    }

    /// Whether anything is recorded.
    pub fn on(&self) -> bool {
        self.on
    }

    /// Records a tensor.
    pub fn record<const D: usize>(&mut self, tap: Tap, tensor: impl FnOnce() -> Tensor<D>) {
        if self.on {
            self.names.push(tap);
            self.rows.push(statistics(tensor()));
        }
    }

    /// What was recorded, in order: the names, and one row of three a name.
    pub fn into_parts(self) -> (Vec<Tap>, Vec<Tensor<2>>) {
        (self.names, self.rows)
    }
}
