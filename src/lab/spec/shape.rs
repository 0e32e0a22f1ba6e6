//! Sizes of the data that a network learns.

use std::f64::consts::LN_10;

use super::{Adapt, Dataset, Spec};

/// Sizes of a dataset that theory and the page need without loading it; a test compares them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataShape {
    /// Numbers of one input (MLP).
    pub features: usize,
    /// Classes, or distinct characters.
    pub classes: usize,
    /// Chance that two characters of the text agree, Σ p².
    pub coincidence: f64,
    /// The loss of knowing nothing but how common each character is, −Σ p·ln p, in nats. Classes are
    /// as good as equally common.
    pub entropy: f64,
}

const LN_3: f64 = 1.098_612_288_668_109_8;

/// The shape of a dataset.
pub fn data_shape(data: Dataset) -> DataShape {
    match data {
        Dataset::Digits => DataShape { features: 64, classes: 10, coincidence: 0.0, entropy: LN_10 },
        Dataset::Spirals => DataShape { features: 2, classes: 3, coincidence: 0.0, entropy: LN_3 },
        Dataset::Chars => DataShape { features: 0, classes: 75, coincidence: 0.071108328326, entropy: 3.032078403499 },
    }
}

/// The shape of what a run begins with: a text whose capital letters are new tokens has none yet.
pub fn first_shape(spec: &Spec) -> DataShape {
    match (spec.adapt.kind, data_shape(spec.run.data)) {
        (Adapt::Tokens, shape) => {
            DataShape { classes: 50, coincidence: 0.072704951289, entropy: 2.948790070795, ..shape }
        }
        (Adapt::Off | Adapt::Lora, shape) => shape,
    }
}
