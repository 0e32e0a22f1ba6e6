//! Where the singular values of a random matrix lie (Marchenko & Pastur 1967).
//!
//! Entries are independent with mean 0 and variance σ², the sides are p ≤ q, and both are large. Then with c = p/q and
//! x = s/(σ√q)
//!
//! ```text
//! density of x:   √((x² − x₋²)(x₊² − x²))/(πcx)   between x₋ = 1 − √c and x₊ = 1 + √c
//! ```
//!
//! whatever the law of an entry, as long as its fourth moment is finite. For a square matrix it is a quarter of a
//! circle of radius 2σ√q: the smallest singular value is next to 0.

use std::f64::consts::PI;

/// The law of the singular values of a matrix with independent entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarchenkoPastur {
    /// σ√q, the unit of singular values.
    unit: f64,
    /// c = p/q, the ratio of the shorter side to the longer one.
    ratio: f64,
    /// q, the longer side.
    large: f64,
}

impl MarchenkoPastur {
    /// The law for a matrix with these sides, in any order, and this standard deviation of an entry.
    pub fn new(sides: [usize; 2], std: f64) -> Self {
        let (small, large) = (sides[0].min(sides[1]) as f64, sides[0].max(sides[1]).max(1) as f64);
        Self { unit: std * large.sqrt(), ratio: small / large, large }
    }

    /// The smallest and the largest singular value.
    pub fn edges(&self) -> [f64; 2] {
        let root = self.ratio.sqrt();
        [self.unit * (1.0 - root), self.unit * (1.0 + root)]
    }

    /// What the largest singular value of one matrix in a thousand exceeds (Johnstone 2001): the law of Tracy and Widom
    /// around the upper edge, whose quantile for real entries is 3.27.
    ///
    /// ```text
    /// s² = μ + σ·3.27,   μ = (√p + √q)²,   σ = (√p + √q)·(1/√p + 1/√q)^⅓        in units of the variance
    /// ```
    pub fn highest(&self) -> f64 {
        let [p, q] = [self.ratio * self.large, self.large].map(f64::sqrt);
        if p == 0.0 {
            return 0.0;
        }
        let sigma = (p + q) * libm::cbrt(1.0 / p + 1.0 / q);
        self.unit * ((p + q) * (p + q) + 3.27 * sigma).sqrt() / q
    }

    /// The density at a singular value s, which is 0 outside the edges.
    pub fn density(&self, s: f64) -> f64 {
        let x = s / self.unit;
        let root = self.ratio.sqrt();
        let [low, high] = [1.0 - root, 1.0 + root];
        if !(x > low && x < high) {
            return 0.0;
        }
        // The differences of squares are products, which keep their digits at the edges.
        let inside = (x - low) * (x + low) * (high - x) * (high + x);
        inside.sqrt() / (PI * self.ratio * x) / self.unit
    }

    /// The share of the singular values between two of them, by Simpson's rule over angles, which takes the square
    /// roots off the edges.
    ///
    /// ```text
    /// x = m − r·cos θ,   m, r middle and half width of the interval between the edges
    /// ```
    pub fn share(&self, from: f64, to: f64) -> f64 {
        const PIECES: usize = 32;
        let [low, high] = self.edges();
        let (middle, radius) = (0.5 * (low + high), 0.5 * (high - low));
        let angle = |s: f64| libm::acos(((middle - s) / radius).clamp(-1.0, 1.0));
        let (begin, end) = (angle(from), angle(to));
        let width = (end - begin) / PIECES as f64;
        let value = |i: usize| {
            let theta = begin + width * i as f64;
            radius * libm::sin(theta) * self.density(middle - radius * libm::cos(theta))
        };
        let weight = |i: usize| if i == 0 || i == PIECES { 1.0 } else { 2.0 + 2.0 * (i % 2) as f64 };
        (0..=PIECES).map(|i| weight(i) * value(i)).sum::<f64>() * width / 3.0
    }

    /// Where so many singular values are expected, from the largest to the smallest: those that stand in the middle of
    /// as many equal shares.
    pub fn quantiles(&self, count: usize) -> Vec<f64> {
        const PIECES: usize = 400;
        let [low, high] = self.edges();
        let edge = |piece: usize| low + 0.5 * (high - low) * (1.0 + libm::cos(PI * piece as f64 / PIECES as f64));
        let mut found = Vec::with_capacity(count);
        let mut above = 0.0;
        for piece in 0..PIECES {
            let (from, to) = (edge(piece + 1), edge(piece));
            let share = 0.5 * (self.density(from) + self.density(to)) * (to - from);
            while found.len() < count {
                let wanted = (found.len() as f64 + 0.5) / count as f64 - above;
                if wanted > share && piece + 1 < PIECES {
                    break;
                }
                found.push(to - (to - from) * (wanted / share.max(f64::MIN_POSITIVE)).min(1.0));
            }
            above += share;
        }
        found
    }
}

/// Where the singular values of a matrix lie when it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SingularLaw {
    /// Independent entries.
    Spread(MarchenkoPastur),
    /// All of them are this number: orthogonal weights, and the identity.
    Same(f64),
    /// One is this number and all others are 0: every entry is the same.
    Single(f64),
}

impl SingularLaw {
    /// The smallest and the largest singular value.
    pub fn edges(&self) -> [f64; 2] {
        match self {
            Self::Spread(law) => law.edges(),
            Self::Same(value) => [*value; 2],
            Self::Single(value) => [0.0, *value],
        }
    }

    /// Where so many singular values are expected, from the largest to the smallest.
    pub fn quantiles(&self, count: usize) -> Vec<f64> {
        match self {
            Self::Spread(law) => law.quantiles(count),
            Self::Same(value) => vec![*value; count],
            Self::Single(value) => (0..count).map(|at| if at == 0 { *value } else { 0.0 }).collect(),
        }
    }
}
