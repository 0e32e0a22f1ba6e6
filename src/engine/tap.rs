//! Taps: what a layer's numbers are like, reduced on the device to three numbers a tensor.
//!
//! Variance over any tensor x is taken as m²·(⟨(x/m)²⟩ − ⟨x/m⟩²) with m = max|x|: the squares stay
//! near 1 however large or small x is, so the statistic leaves f32's range only when x itself has.
//! The product with m² is made in f64 on the CPU, where non-finite numbers can be told apart.

use burn::tensor::Tensor;

/// Below this, m is as good as zero; dividing by less would leave f32.
pub(super) const FLOOR: f32 = 1e-36;

/// Reduced statistics of rows `[K, n]`: `[K]` each of max|x|, mean(x/max), mean((x/max)²).
fn statistics(rows: Tensor<2>) -> [Tensor<1>; 3] {
    let [count, _] = rows.dims();
    let most = rows.clone().max_abs_dim(1); // [K, 1]
    let scaled = rows / most.clone().clamp_min(FLOOR);
    let mean = scaled.clone().mean_dim(1);
    let square = (scaled.clone() * scaled).mean_dim(1);
    [most, mean, square].map(|column| column.reshape([count]))
}

/// The three numbers of one tensor, back on the CPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    most: f64,
    mean: f64,
    square: f64,
}

impl Statistics {
    fn new([most, mean, square]: [f32; 3]) -> Self {
        Self { most: f64::from(most), mean: f64::from(mean), square: f64::from(square) }
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

/// Collects tensors by name while a pass runs; off, it costs nothing.
///
/// They are reduced at the end, all of one length together: on WebGPU the reductions of a hundred
/// small tensors would cost more launches than the step itself.
#[derive(Default)]
pub struct Taps {
    on: bool,
    names: Vec<Tap>,
    groups: Vec<Group>,
}

/// Tensors of one length.
struct Group {
    length: usize,
    /// Which names they have.
    indices: Vec<usize>,
    /// `[R, length]` each.
    rows: Vec<Tensor<2>>,
}

/// What was recorded, on its way to the CPU.
pub struct Recorded {
    names: Vec<Tap>,
    /// Which names a group's numbers belong to.
    indices: Vec<Vec<usize>>,
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

    /// Records a tensor `[R, …]` of R networks.
    pub fn record<const D: usize>(&mut self, tap: Tap, tensor: impl FnOnce() -> Tensor<D>) {
        if !self.on {
            return;
        }
        let tensor = tensor();
        let replicas = tensor.dims()[0];
        let length = tensor.shape().num_elements() / replicas;
        let row = tensor.reshape([replicas, length]);
        let index = self.names.len();
        self.names.push(tap);
        match self.groups.iter_mut().find(|group| group.length == length) {
            Some(group) => {
                group.indices.push(index);
                group.rows.push(row);
            }
            None => self.groups.push(Group { length, indices: vec![index], rows: vec![row] }),
        }
    }

    /// What was recorded, and its numbers to be read, in the order that [`Recorded::read`] wants.
    pub fn finish(self) -> (Recorded, Vec<Tensor<1>>) {
        let (indices, rows): (Vec<_>, Vec<_>) =
            self.groups.into_iter().map(|group| (group.indices, group.rows)).unzip();
        let numbers = rows.into_iter().flat_map(|rows| statistics(Tensor::cat(rows, 0))).collect();
        (Recorded { names: self.names, indices }, numbers)
    }
}

impl Recorded {
    /// The statistics by name, in the order in which they were recorded, network by network.
    pub fn read(self, replicas: usize, mut numbers: &[f32]) -> Vec<(Tap, Vec<Statistics>)> {
        let mut found = vec![Vec::new(); self.names.len()];
        for indices in &self.indices {
            let count = indices.len() * replicas;
            let (columns, rest) = numbers.split_at(3 * count);
            for (place, index) in indices.iter().enumerate() {
                let rows = place * replicas..(place + 1) * replicas;
                let statistics = |row| Statistics::new([0, 1, 2].map(|column| columns[column * count + row]));
                found[*index] = rows.map(statistics).collect();
            }
            numbers = rest;
        }
        self.names.into_iter().zip(found).collect()
    }
}
