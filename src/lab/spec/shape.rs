//! Holds the sizes of the data that a network learns.

use std::f64::consts::{LN_2, LN_10};

use super::{Adapt, Dataset, Model, OwnShape, Spec};
use crate::science::data::likeness::Profile;

/// The sizes of a data set that theory and the page need without loading it; a test compares them with the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataShape {
    /// The number of training examples (MLP).
    pub examples: usize,
    /// The number of features of one input (MLP).
    pub features: usize,
    /// The number of classes (MLP) or of distinct characters (GPT).
    pub classes: usize,
    /// The probability that two random characters of the text are equal, Σ p² (GPT).
    pub coincidence: f64,
    /// The cross-entropy of a model that knows only how common each character is, −Σ p·ln p, in nats. Other classes count
    /// as equally common.
    pub entropy: f64,
}

const LN_3: f64 = 1.098_612_288_668_109_8;

/// Returns the shape of a data set that is part of the program, as a model has it; the reader's own has that of its
/// file.
fn shipped(data: Dataset, model: Model) -> DataShape {
    match data {
        Dataset::Chars if model == Model::Mlp => {
            DataShape { examples: 8000, features: 225, classes: 75, coincidence: 0.0, entropy: 3.015825434019 }
        }
        Dataset::Digits => DataShape { examples: 1437, features: 64, classes: 10, coincidence: 0.0, entropy: LN_10 },
        Dataset::Spirals => DataShape { examples: 600, features: 2, classes: 3, coincidence: 0.0, entropy: LN_3 },
        Dataset::Circles | Dataset::Xor => {
            DataShape { examples: 600, features: 2, classes: 2, coincidence: 0.0, entropy: LN_2 }
        }
        Dataset::Chars | Dataset::Own => {
            DataShape { examples: 0, features: 0, classes: 75, coincidence: 0.071108328326, entropy: 3.032078403499 }
        }
    }
}

/// Returns the shape of the data of a spec.
pub fn data_shape(spec: &Spec) -> DataShape {
    spec.own_shape().map_or_else(|| shipped(spec.dataset(), spec.network.model), |own| own.data)
}

/// Returns the shape with which a run begins: if capital letters become new tokens later, the text has none yet.
pub fn first_shape(spec: &Spec) -> DataShape {
    match (spec.adapt.kind, data_shape(spec)) {
        (Adapt::Tokens, shape) => {
            DataShape { classes: 50, coincidence: 0.072704951289, entropy: 2.948790070795, ..shape }
        }
        (Adapt::Off | Adapt::Lora, shape) => shape,
    }
}

impl Spec {
    /// Returns what is known of the reader's own data, if that is what is learned.
    pub fn own_shape(&self) -> Option<&OwnShape> {
        self.own.of(self.network.model).filter(|_| self.run.data == Dataset::Own)
    }

    /// Returns whether the reader's own data is asked for and there is none.
    pub fn lacks_data(&self) -> bool {
        self.run.data == Dataset::Own && self.own_shape().is_none() && !self.is_toy()
    }

    /// Returns the data set that is learned: as long as there is none of the reader's own, the model's usual one.
    pub fn dataset(&self) -> Dataset {
        if self.lacks_data() { Self::default_for(self.network.model).run.data } else { self.run.data }
    }

    /// Returns the name of that data as this model has it: of the text a perceptron has examples.
    pub fn data_id(&self) -> &'static str {
        match (self.dataset(), self.network.model) {
            (Dataset::Chars, Model::Mlp) => "ngrams",
            (data, _) => data.id(),
        }
    }

    /// Returns whether this network learns from the same data as another.
    pub fn learns_like(&self, other: &Self) -> bool {
        self.dataset() == other.dataset() && self.own_shape() == other.own_shape()
    }

    /// Returns what theory needs to know about the rows of the data, or of the first half of its classes.
    pub fn profile(&self, half: bool) -> Profile {
        match self.own_shape() {
            Some(own) => Profile::clone(&own.profiles[usize::from(half)]),
            None if half => self.dataset().half().clone(),
            None => self.dataset().profile().clone(),
        }
    }

    /// Returns how many of the training examples the network has, the first ones, where that is not all of them.
    pub fn examples(&self) -> Option<usize> {
        let few = self.run.examples;
        (self.network.model == Model::Mlp && (1..data_shape(self).examples).contains(&few)).then_some(few)
    }

    /// Returns how many examples or texts a batch has: all that there are, where that is fewer than were asked for.
    pub fn batch(&self) -> usize {
        self.examples().map_or(self.training.batch, |few| few.min(self.training.batch))
    }
}
