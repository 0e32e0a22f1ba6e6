//! The data that networks learn from: tables and a text, each small enough to ship in the program.

use std::ops::Range;
use std::sync::OnceLock;

use super::choice::choices;
use likeness::{
    CIRCLES, CIRCLES_HALF, DIGITS, DIGITS_HALF, Profile, SPIRALS, SPIRALS_HALF, WrittenRows, XOR, XOR_HALF,
};

pub mod chars;
pub mod circles;
pub mod digits;
pub mod likeness;
pub mod ngram;
pub mod own;
pub mod spirals;
pub mod ten;
pub mod xor;

choices! {
    /// A data set of the lab.
    pub enum Dataset {
        /// Handwritten digits, 8×8 pixels, ten classes ([`digits::digits`]).
        Digits "digits",
        /// Three interleaved spirals in the plane ([`spirals::spirals`]).
        Spirals "spirals",
        /// Two rings in the plane, one inside the other ([`circles::circles`]).
        Circles "circles",
        /// Four squares in the plane, labelled by the sign of x·y ([`xor::xor`]).
        Xor "xor",
        /// A public-domain English text, whose next character is predicted: by a GPT from all before it
        /// ([`chars::chars`]), by a perceptron from the last three ([`ngram::ngrams`]).
        Chars "chars",
        /// A table or a text that the reader chose ([`own`]), which is not part of the program.
        Own "own",
    }
}

impl Dataset {
    /// Whether its examples are points in a plane, which are made from the seed.
    pub fn is_planar(self) -> bool {
        matches!(self, Self::Spirals | Self::Circles | Self::Xor)
    }

    /// The points of a plane that this seed makes; `None` for data that is no plane's.
    pub fn points(self, seed: u64) -> Option<ExampleTable> {
        match self {
            Self::Spirals => Some(spirals::spirals(seed)),
            Self::Circles => Some(circles::circles(seed)),
            Self::Xor => Some(xor::xor(seed)),
            Self::Digits | Self::Chars | Self::Own => None,
        }
    }

    /// Its examples for a perceptron, those of a plane by this seed; `None` for what is not part of the program.
    pub fn table(self, seed: u64) -> Option<ExampleTable> {
        match self {
            Self::Digits => Some(digits::digits()),
            Self::Chars => Some(ngram::ngrams()),
            Self::Spirals | Self::Circles | Self::Xor | Self::Own => self.points(seed),
        }
    }

    /// The lengths and pairs of its training rows ([`likeness::profile`]), computed in advance; those of points in a
    /// plane are for seed 0.
    pub fn profile(self) -> &'static Profile {
        static PROFILES: [OnceLock<Profile>; Dataset::ALL.len()] = [const { OnceLock::new() }; Dataset::ALL.len()];
        self.kept(&PROFILES, 0)
    }

    /// The profile of the first half of its classes ([`ExampleTable::first_half`]).
    pub fn half(self) -> &'static Profile {
        static PROFILES: [OnceLock<Profile>; Dataset::ALL.len()] = [const { OnceLock::new() }; Dataset::ALL.len()];
        self.kept(&PROFILES, 1)
    }

    /// The profile of all classes (0) or of the first half of them (1), worked out once.
    fn kept(self, profiles: &'static [OnceLock<Profile>; Self::ALL.len()], part: usize) -> &'static Profile {
        profiles[self as usize].get_or_init(|| match self {
            Self::Chars => ngram::written(part == 1),
            _ => self.written().map_or_else(Profile::default, |rows| rows[part].profile()),
        })
    }

    /// What is written down of all classes and of the first half of them, where rows differ in length.
    fn written(self) -> Option<[&'static WrittenRows; 2]> {
        Some(match self {
            Self::Digits => [&DIGITS, &DIGITS_HALF],
            Self::Spirals => [&SPIRALS, &SPIRALS_HALF],
            Self::Circles => [&CIRCLES, &CIRCLES_HALF],
            Self::Xor => [&XOR, &XOR_HALF],
            Self::Chars | Self::Own => return None,
        })
    }
}

/// A table of rows of numbers, each with a class.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleTable {
    /// Row-major `[rows, features]`; the mean square over the first `train` rows is 1.
    pub inputs: Vec<f32>,
    /// The class of each row, in 0..classes.
    pub labels: Vec<u32>,
    /// The length of a row.
    pub features: usize,
    /// The number of classes.
    pub classes: usize,
    /// The first `train` rows are for training; the rest is held out.
    pub train: usize,
}

impl ExampleTable {
    /// The rows of the first half of the classes (the larger half where their number is odd), which a network learns
    /// before it is adapted to all classes.
    pub fn first_half(&self) -> Self {
        let half = self.classes.div_ceil(2) as u32;
        let kept = |row: &usize| self.labels[*row] < half;
        let rows = |range: Range<usize>| range.filter(kept);
        let inputs = |row: usize| &self.inputs[row * self.features..(row + 1) * self.features];
        Self {
            inputs: rows(0..self.labels.len()).flat_map(inputs).copied().collect(),
            labels: rows(0..self.labels.len()).map(|row| self.labels[row]).collect(),
            train: rows(0..self.train).count(),
            ..*self
        }
    }

    /// The first training rows, as many as this or all where there are fewer, and all rows that are held out.
    pub fn first(mut self, count: usize) -> Self {
        let left_out = count.min(self.train)..self.train;
        self.inputs.drain(left_out.start * self.features..left_out.end * self.features);
        self.labels.drain(left_out.clone());
        self.train = left_out.start;
        self
    }

    /// The first held-out row of each class, in the order of the classes.
    pub fn first_held_out(&self) -> Vec<usize> {
        let first = |class: u32| (self.train..self.labels.len()).find(|row| self.labels[*row] == class);
        (0..self.classes as u32).filter_map(first).collect()
    }
}

/// A text as a list of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The indices of its characters in `vocabulary`.
    pub tokens: Vec<u8>,
    /// The distinct characters, sorted.
    pub vocabulary: Vec<char>,
    /// The first `train` tokens are for training; the rest is held out.
    pub train: usize,
}

impl Text {
    /// Σ pᵢ² over the training part, where pᵢ is the share of character i. It is the probability that two places of the
    /// text carry the same character.
    pub fn coincidence(&self) -> f64 {
        self.shares().map(|share| share * share).sum()
    }

    /// −Σ pᵢ·ln pᵢ over the training part, which is the loss, in nats, of knowing only the shares.
    pub fn entropy(&self) -> f64 {
        -self.shares().filter(|share| *share > 0.0).map(|share| share * libm::log(share)).sum::<f64>()
    }

    /// The share of each character in the training part.
    fn shares(&self) -> impl Iterator<Item = f64> {
        let tokens = &self.tokens[..self.train];
        let mut counts = vec![0_u32; self.vocabulary.len()];
        for &token in tokens {
            counts[usize::from(token)] += 1;
        }
        let total = tokens.len().max(1) as f64;
        counts.into_iter().map(move |count| f64::from(count) / total)
    }
}

/// The number of points of a plane that are for training.
const TRAIN: usize = 600;

/// The number of points of a plane, of which the last 150 are held out.
const POINTS: usize = TRAIN + 150;

/// These points, each with its class, as a table.
fn points(all: impl Iterator<Item = ([f64; 2], usize)>, classes: usize) -> ExampleTable {
    let (points, labels): (Vec<[f64; 2]>, Vec<u32>) = all.map(|(point, class)| (point, class as u32)).unzip();
    let mut inputs = points.concat();
    scale_to_unit(&mut inputs, TRAIN, 2);
    let inputs = inputs.into_iter().map(|x| x as f32).collect();
    ExampleTable { inputs, labels, features: 2, classes, train: TRAIN }
}

/// Standardizes each column with the mean and the standard deviation of the training rows (one that is the same in all of
/// them becomes 0), and then scales all by one factor that makes the mean square of the training inputs 1. `None` where
/// nothing differs.
fn standardized(mut inputs: Vec<f64>, train: usize, features: usize) -> Option<Vec<f32>> {
    for column in 0..features {
        let of_train = || inputs.iter().skip(column).step_by(features).take(train);
        let mean = of_train().sum::<f64>() / train as f64;
        let variance = of_train().map(|x| (x - mean) * (x - mean)).sum::<f64>() / train as f64;
        // What is left of equal numbers is rounding.
        let std = Some(variance.sqrt()).filter(|std| *std > 1e-12 * mean.abs());
        for x in inputs.iter_mut().skip(column).step_by(features) {
            *x = std.map_or(0.0, |std| (*x - mean) / std);
        }
    }
    scale_to_unit(&mut inputs, train, features);
    inputs[..train * features].iter().any(|x| *x != 0.0).then(|| inputs.into_iter().map(|x| x as f32).collect())
}

/// Scales all inputs by one factor so that their mean square over the first `train` rows is 1. The theory's q₀ is then
/// 1 for every table.
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
