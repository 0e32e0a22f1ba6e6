//! What the networks learn from: two tables and a text, each small enough to ship in the program.

use super::choice::choices;
use likeness::Likeness;

pub mod chars;
pub mod digits;
pub mod likeness;
pub mod spirals;

choices! {
    /// A data set of the lab.
    pub enum Dataset {
        /// Handwritten digits, 8×8 pixels, ten classes ([`digits::digits`]).
        Digits "digits",
        /// Three interleaved spirals in the plane ([`spirals::spirals`]).
        Spirals "spirals",
        /// A public-domain English text, next character ([`chars::chars`]).
        Chars "chars",
    }
}

impl Dataset {
    /// The pairs of its training rows by kind ([`likeness::likeness`]), measured once; of the
    /// spirals, for seed 0. None for the text, whose theory counts characters.
    pub fn pairs(self) -> &'static [Likeness] {
        match self {
            Self::Digits => &digits::PAIRS,
            Self::Spirals => &spirals::PAIRS,
            Self::Chars => &[],
        }
    }
}

/// Rows of numbers with a class each.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Row-major `[rows, features]`; the mean square over the first `train` rows is 1.
    pub inputs: Vec<f32>,
    /// The class of each row, in 0..classes.
    pub labels: Vec<u32>,
    /// Numbers in a row.
    pub features: usize,
    /// Number of classes.
    pub classes: usize,
    /// The first `train` rows are for training; the rest is held out.
    pub train: usize,
}

/// A text as numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Indices into `vocabulary`.
    pub tokens: Vec<u8>,
    /// The distinct characters, sorted.
    pub vocabulary: Vec<char>,
    /// The first `train` tokens are for training; the rest is held out.
    pub train: usize,
}

impl Text {
    /// Σ pᵢ² over the training part, pᵢ the share of character i: the chance that two places of the
    /// text carry the same character.
    pub fn coincidence(&self) -> f64 {
        let tokens = &self.tokens[..self.train];
        let mut counts = vec![0_u32; self.vocabulary.len()];
        for &token in tokens {
            counts[usize::from(token)] += 1;
        }
        let total = tokens.len().max(1) as f64;
        counts.iter().map(|&count| f64::from(count) / total).map(|share| share * share).sum()
    }
}

/// Scales all inputs by one factor so that their mean square over the first `train` rows is 1: then
/// the theory's q₀ is 1 for every table.
fn scale_to_unit(inputs: &mut [f64], train: usize, features: usize) {
    let sum: f64 = inputs[..train * features].iter().map(|x| x * x).sum();
    let mean = sum / (train * features) as f64;
    if mean > 0.0 {
        let factor = 1.0 / mean.sqrt();
        for x in inputs {
            *x *= factor;
        }
    }
}
