//! Draws the entries of a weight matrix.

use super::gauss;
use super::marchenko::{MarchenkoPastur, SingularLaw};
use super::orthogonal::OrthogonalDraw;
use super::seed::Stream;
use super::site::{Fans, Site};

/// The shape of the distribution of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Law {
    /// The same number everywhere, without randomness.
    Fixed(f64),
    Normal,
    /// A normal distribution without the tails beyond this many of its own σ.
    Truncated(f64),
    Uniform,
    Orthogonal,
    Identity,
    /// A normal distribution, where this many of the weights that leave an input are 0.
    Sparse(usize),
}

/// What the entries of a matrix or of its biases are drawn from. Equal origins draw equal numbers, to the bit, from
/// equal streams.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Origin {
    law: Law,
    std: f64,
    scale: f64,
}

impl Origin {
    /// A law with this standard deviation. Entries that are not random are multiplied by `scale`.
    pub(crate) fn new(law: Law, std: f64, scale: f64) -> Self {
        match law {
            Law::Fixed(value) => Self { law: Law::Fixed(scale * value), std: 0.0, scale: 1.0 },
            Law::Identity => Self { law, std: 0.0, scale },
            // With a standard deviation of 0 all numbers are zeros, whatever their law.
            _ if std == 0.0 => Self { law: Law::Fixed(0.0), std, scale: 1.0 },
            // A cut beyond which nothing lies, and a sparsity without zeros, leave a normal distribution.
            Law::Truncated(cut) if gauss::cdf(-cut) == 0.0 => Self { law: Law::Normal, std, scale: 1.0 },
            Law::Sparse(0) => Self { law: Law::Normal, std, scale: 1.0 },
            law => Self { law, std, scale: 1.0 },
        }
    }

    /// Where the singular values of a matrix lie that is drawn from this.
    pub fn singular_law(&self, fans: Fans) -> SingularLaw {
        let sides = [fans.fan_in, fans.fan_out];
        match self.law {
            // A matrix whose entries are all w is w·√(mn) times the product of two unit vectors.
            Law::Fixed(value) => SingularLaw::Single(value.abs() * ((sides[0] * sides[1]) as f64).sqrt()),
            Law::Orthogonal => SingularLaw::Same(self.std * (sides[0].max(sides[1]) as f64).sqrt()),
            Law::Identity => SingularLaw::Same(self.scale),
            Law::Normal | Law::Truncated(_) | Law::Uniform | Law::Sparse(_) => {
                SingularLaw::Spread(MarchenkoPastur::new(sides, self.std))
            }
        }
    }
}

impl Origin {
    /// The law, the standard deviation of the entries, and the factor on those that are not random.
    pub(super) fn parts(&self) -> (Law, f64, f64) {
        (self.law, self.std, self.scale)
    }
}

/// The standard deviation of a standard normal distribution without its tails beyond ±cut.
///
/// ```text
/// √(1 − 2c·pdf(c)/(2Φ(c) − 1))        0.87963 for c = 2
/// ```
pub(crate) fn shrink(cut: f64) -> f64 {
    if cut < 1e-3 {
        // The distribution is nearly uniform here, and the formula has lost its digits.
        return cut / 3_f64.sqrt();
    }
    if cut > 30.0 {
        return 1.0;
    }
    (1.0 - 2.0 * cut * gauss::pdf(cut) / (2.0 * gauss::cdf(cut) - 1.0)).sqrt()
}

impl Law {
    /// The kurtosis E w⁴/(E w²)² of the entries, as if they were independent.
    ///
    /// ```text
    /// cut at ±c:  E w⁴ = 3 − (2c³ + 6c)·pdf(c)/(2Φ(c) − 1)        a share s of numbers that are not 0:  3/s
    /// ```
    pub(crate) fn kurtosis(self, site: &Site) -> f64 {
        match self {
            Self::Uniform => 1.8,
            Self::Truncated(cut) if cut < 0.1 => 1.8,
            Self::Truncated(cut) => {
                let pdf = gauss::pdf(cut) / (2.0 * gauss::cdf(cut) - 1.0);
                let square = shrink(cut) * shrink(cut);
                (3.0 - (2.0 * cut * cut * cut + 6.0 * cut) * pdf) / (square * square)
            }
            Self::Sparse(zeros) => {
                let n = site.fans.fan_out as f64;
                3.0 * n / (n - zeros as f64).max(1.0)
            }
            Self::Fixed(_) | Self::Normal | Self::Orthogonal | Self::Identity => 3.0,
        }
    }

    /// Draws `count` independent numbers with this standard deviation, rounded to f32.
    pub(crate) fn numbers(self, count: usize, std: f64, stream: &mut Stream) -> Vec<f32> {
        match self {
            Self::Uniform => {
                let bound = std * 3_f64.sqrt();
                (0..count).map(|_| (bound * (2.0 * stream.uniform() - 1.0)) as f32).collect()
            }
            Self::Truncated(cut) => {
                let sigma = std / shrink(cut);
                let tail = gauss::cdf(-cut);
                let entry = |_| (sigma * gauss::quantile(tail + stream.uniform() * (1.0 - 2.0 * tail))) as f32;
                (0..count).map(entry).collect()
            }
            Self::Fixed(value) => {
                // The draws are taken all the same, so that later ones do not shift.
                for _ in 0..count {
                    stream.next_u64();
                }
                vec![value as f32; count]
            }
            Self::Normal | Self::Orthogonal | Self::Identity | Self::Sparse(_) => {
                (0..count).map(|_| (std * stream.normal()) as f32).collect()
            }
        }
    }
}

/// A matrix in the making.
pub enum MatrixDraw {
    /// Its numbers.
    Drawn(Vec<f32>),
    /// One whose entries depend on each other, and what they are multiplied by at last.
    Orthogonal(Box<OrthogonalDraw>, f64),
}

impl MatrixDraw {
    /// Goes on for some milliseconds at most. Answers whether the matrix is done.
    pub fn advance(&mut self) -> bool {
        match self {
            Self::Drawn(_) => true,
            Self::Orthogonal(draw, _) => draw.advance(),
        }
    }

    /// The matrix, row-major, after all that is left to do.
    pub fn finish(self) -> Vec<f32> {
        match self {
            Self::Drawn(weights) => weights,
            Self::Orthogonal(draw, gain) => draw.finish().into_iter().map(|entry| (gain * entry) as f32).collect(),
        }
    }
}

/// Begins to draw a matrix of a law, row-major, whose entries have this standard deviation. Entries that are not random
/// are multiplied by `scale`. All that it takes from the stream it takes now.
pub(crate) fn draw(law: &Law, site: &Site, std: f64, scale: f64, stream: &mut Stream) -> MatrixDraw {
    let (n_in, n_out) = (site.fans.fan_in, site.fans.fan_out);
    let [rows, columns] = if site.role.is_table() { [n_out, n_in] } else { [n_in, n_out] };
    let count = rows * columns;
    if *law == Law::Orthogonal {
        // Var(Q) = 1/max(rows, columns), so Q·std·√max has standard deviation std.
        let gain = std * (rows.max(columns) as f64).sqrt();
        let gaussian = (0..count).map(|_| stream.normal()).collect();
        return MatrixDraw::Orthogonal(Box::new(OrthogonalDraw::new(rows, columns, gaussian)), gain);
    }
    MatrixDraw::Drawn(match *law {
        Law::Fixed(value) => Law::Fixed(scale * value).numbers(count, std, stream),
        Law::Identity => {
            Law::Fixed(0.0).numbers(count, 0.0, stream);
            (0..count).map(|i| if i / columns == i % columns { scale as f32 } else { 0.0 }).collect()
        }
        Law::Sparse(zeros) => {
            let left = (n_out - zeros.min(n_out)) as f64 / n_out as f64;
            let sigma = if left > 0.0 { std / left.sqrt() } else { 0.0 };
            let mut weights = Law::Normal.numbers(count, sigma, stream);
            let mut order: Vec<u32> = (0..n_out as u32).collect();
            for input in 0..n_in {
                stream.shuffle(&mut order);
                for output in order.iter().take(zeros).map(|&output| output as usize) {
                    let place = if site.role.is_table() { output * columns + input } else { input * columns + output };
                    weights[place] = 0.0;
                }
            }
            weights
        }
        law => law.numbers(count, std, stream),
    })
}
