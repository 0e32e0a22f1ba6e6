//! Holds the sizes of the data that a network learns.

use std::f64::consts::{LN_2, LN_10};

use super::{Adapt, Dataset, Spec};

/// The sizes of a data set that theory and the page need without loading it; a test compares them with the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataShape {
    /// The number of features of one input (MLP).
    pub features: usize,
    /// The number of classes (MLP) or of distinct characters (GPT).
    pub classes: usize,
    /// The probability that two random characters of the text are equal, Σ p².
    pub coincidence: f64,
    /// The cross-entropy of a model that knows only how common each character is, −Σ p·ln p, in nats. Classes count as
    /// equally common.
    pub entropy: f64,
}

const LN_3: f64 = 1.098_612_288_668_109_8;

/// Returns the shape of a data set.
pub fn data_shape(data: Dataset) -> DataShape {
    match data {
        Dataset::Digits => DataShape { features: 64, classes: 10, coincidence: 0.0, entropy: LN_10 },
        Dataset::Spirals => DataShape { features: 2, classes: 3, coincidence: 0.0, entropy: LN_3 },
        Dataset::Circles | Dataset::Xor => DataShape { features: 2, classes: 2, coincidence: 0.0, entropy: LN_2 },
        Dataset::Chars => DataShape { features: 0, classes: 75, coincidence: 0.071108328326, entropy: 3.032078403499 },
    }
}

/// Returns the shape with which a run begins: if capital letters become new tokens later, the text has none yet.
pub fn first_shape(spec: &Spec) -> DataShape {
    match (spec.adapt.kind, data_shape(spec.run.data)) {
        (Adapt::Tokens, shape) => {
            DataShape { classes: 50, coincidence: 0.072704951289, entropy: 2.948790070795, ..shape }
        }
        (Adapt::Off | Adapt::Lora, shape) => shape,
    }
}
