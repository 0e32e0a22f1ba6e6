//! Matrices by rows, as the hand-written GPT uses them.

use crate::common::dot;

/// Rows of numbers: activations `[T, d]` or weights `[in, out]`.
#[derive(Clone, Default)]
pub(crate) struct Rows {
    pub(crate) width: usize,
    pub(crate) data: Vec<f64>,
}

impl Rows {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.data.chunks_exact(self.width)
    }

    pub(crate) fn map(&self, mut f: impl FnMut(usize, &[f64]) -> Vec<f64>) -> Self {
        let data: Vec<f64> = self.iter().enumerate().flat_map(|(t, row)| f(t, row)).collect();
        Self { width: data.len() / (self.data.len() / self.width), data }
    }

    /// x·W
    pub(crate) fn times(&self, w: &Self) -> Self {
        self.map(|_, row| {
            let mut out = vec![0.0; w.width];
            for (x, weights) in row.iter().zip(w.iter()) {
                out.iter_mut().zip(weights).for_each(|(o, w)| *o += x * w);
            }
            out
        })
    }

    /// g·Wᵀ
    pub(crate) fn back(&self, w: &Self) -> Self {
        self.map(|_, row| w.iter().map(|weights| dot(row, weights)).collect())
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.data.iter_mut().zip(&other.data).for_each(|(a, b)| *a += b);
    }

    /// Entry by entry.
    pub(crate) fn by(&self, other: &Self) -> Self {
        self.map(|t, row| row.iter().zip(other.row(t)).map(|(a, b)| a * b).collect())
    }

    pub(crate) fn row(&self, t: usize) -> &[f64] {
        &self.data[t * self.width..(t + 1) * self.width]
    }

    /// ‖Σ_t x_tᵀ g_t‖² = Σ_tt' (x_t·x_t')(g_t·g_t'), with this as x.
    pub(crate) fn gradient(&self, g: &Self) -> f64 {
        let pairs = self.iter().zip(g.iter());
        pairs
            .map(|(x, g_t)| {
                let others = self.iter().zip(g.iter());
                others.map(|(y, g_s)| dot(x, y) * dot(g_t, g_s)).sum::<f64>()
            })
            .sum()
    }

    pub(crate) fn variance(&self) -> f64 {
        let n = self.data.len() as f64;
        let mean = self.data.iter().sum::<f64>() / n;
        dot(&self.data, &self.data) / n - mean * mean
    }

    /// Σᵢ Var_t x_ti/Σᵢ E_t x_ti².
    pub(crate) fn apart(&self) -> f64 {
        let rows = (self.data.len() / self.width) as f64;
        let mut mean = vec![0.0; self.width];
        self.iter().for_each(|row| mean.iter_mut().zip(row).for_each(|(m, x)| *m += x / rows));
        1.0 - rows * dot(&mean, &mean) / dot(&self.data, &self.data)
    }
}
