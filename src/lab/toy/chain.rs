//! The size of the entries of a product of matrices, by how many are multiplied.

use std::f64::consts::LN_10;

use super::{Remark, join};
use crate::lab::curve::{RowLabel, Table};
use crate::lab::lang::Lang;
use crate::lab::number::{power_of_ten, show};
use crate::lab::spec::Spec;
use crate::science::toy::chain::{ExpectedSize, expected_sizes};

/// The powers of ten between which numbers of 32 bits lie: beyond are inf and 0.
pub const F32_ENDS: [f64; 2] = [-45.15, 38.53];
/// Up to how many powers of ten a product may change and still hold its size.
const HOLDS: f64 = 1.0;
/// From how many powers of ten on the mean over all products is said to lie apart from a typical one.
const APART: f64 = 1.0;

/// Root mean squares of the entries as powers of ten, because some leave f64.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainCurve {
    /// n of the n × n matrices.
    pub n: usize,
    /// σ of their entries.
    pub sigma: f64,
    /// Those of the product after 1, 2, … factors, as far as they are multiplied.
    pub measured: Vec<f64>,
    /// Those that are expected after each factor: the mean over all products, the typical one, and between which two 95 %
    /// of them lie.
    pub expected: Vec<[f64; 4]>,
}

impl ChainCurve {
    /// Returns the curve of a spec. `sizes` are the natural logarithms for σ = 1, as far as they are multiplied.
    pub fn new(spec: &Spec, sizes: &[f64]) -> Self {
        let (n, sigma, most) = (spec.network.width, spec.start.std, spec.network.depth);
        let log_sigma = libm::log(sigma);
        let measured = (1..=most).zip(sizes).map(|(k, size)| (size + f64::from(k as u32) * log_sigma) / LN_10);
        let expected = expected_sizes(n, sigma, most).into_iter().map(|ExpectedSize { mean, typical, spread }| {
            [mean, typical, typical - 2.0 * spread, typical + 2.0 * spread].map(|log| log / LN_10)
        });
        Self { n, sigma, measured: measured.collect(), expected: expected.collect() }
    }

    /// Returns the σ that keeps the mean square level, 1/√n.
    pub fn level(&self) -> f64 {
        1.0 / (self.n as f64).sqrt()
    }

    /// Returns the numbers as a table.
    pub fn table(&self) -> Table {
        const COLUMNS: &[&str] = &["factors", "log-size", "log-typical", "log-low", "log-high", "log-mean"];
        let rows = self.expected.iter().enumerate().map(|(at, [mean, typical, low, high])| {
            let values = [self.measured.get(at).copied(), Some(*typical), Some(*low), Some(*high), Some(*mean)];
            (RowLabel::Number((at + 1).to_string()), values.to_vec())
        });
        Table::new(COLUMNS, rows.collect())
    }

    /// Returns what is said of the product.
    pub fn remark(&self, lang: Lang) -> Remark {
        let [mean, typical, ..] = self.expected.last().copied().unwrap_or_default();
        let end = self.measured.last().copied().filter(|_| self.measured.len() == self.expected.len());
        let size = end.unwrap_or(typical);
        // One matrix alone has the size σ, so what counts is how far the others changed it.
        let (id, mark) = match size - libm::log10(self.sigma) {
            change if change > HOLDS => ("chain-explodes", "exploding"),
            change if change < -HOLDS => ("chain-vanishes", "vanishing"),
            _ => ("chain-holds", "steady"),
        };
        let power = |exponent: f64| power_of_ten(exponent);
        let values = [
            ("count", self.expected.len().to_string()),
            ("size", power(size)),
            ("typical", power(typical)),
            ("mean", power(mean)),
            ("sigma", show(self.sigma)),
            ("n", self.n.to_string()),
            ("factor", show(self.sigma / self.level())),
        ];
        let tell = |key: &str| lang.tell(&format!("toy.{key}"), &values);
        let words = join(vec![
            if end.is_some() { tell("chain-size") } else { tell("chain-coming") },
            tell("chain-factor"),
            if mean - typical > APART { tell("chain-mean") } else { String::new() },
            self.beyond(lang),
        ]);
        Remark { id, mark, words }
    }

    /// Returns from which factor on numbers of 32 bits would be no numbers, or 0.
    fn beyond(&self, lang: Lang) -> String {
        let place = |is_beyond: fn(f64) -> bool| self.measured.iter().position(|size| is_beyond(*size));
        let above = place(|size| size > F32_ENDS[1]).map(|at| ("toy.chain-above", at));
        let found = above.or_else(|| place(|size| size < F32_ENDS[0]).map(|at| ("toy.chain-below", at)));
        found.map_or(String::new(), |(key, at)| lang.tell(key, &[("factor", (at + 1).to_string())]))
    }
}
