//! Says how the learning goes, from the losses of the run.

use super::Sentence;
use super::threshold::{AT_GUESSING, LEARNED, MOVED, PATIENCE};
use crate::lab::number::show;
use crate::lab::spec::{data_shape, first_shape};
use crate::lab::state::State;
use crate::science::initial_loss::guess;

/// Where the losses are heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// They are clearly below the first loss, guessing, and what knowing the shares of the classes alone would give.
    Learning,
    /// They are at what knowing the shares of the characters alone gives.
    Frequencies,
    /// They are just below the first loss and guessing.
    Beginning,
    /// They came down from a first loss that was worse than guessing, and are not below guessing.
    Settling,
    /// They are at guessing.
    Stuck,
    /// They are somewhere else, and do not change.
    Resting,
    /// They are above the first loss.
    Rising,
}

impl Heading {
    /// The key of its sentence below `diagnosis.`, and of the card's heading below `verdict.` where that is its own.
    pub fn key(self) -> &'static str {
        match self {
            Self::Learning => "learning",
            Self::Frequencies => "frequencies",
            Self::Beginning => "beginning",
            Self::Settling => "settling",
            Self::Stuck => "stuck",
            Self::Resting => "resting",
            Self::Rising => "rising",
        }
    }

    /// Where a mean loss `now` stands, from the first loss, the loss of guessing, and that of knowing nothing but how
    /// common each class is.
    pub fn of(first: f64, now: f64, guess: f64, shares: f64) -> Self {
        if now < LEARNED * first.min(shares) {
            Self::Learning
        } else if now < LEARNED * first.min(guess) {
            Self::Frequencies
        } else if now > (1.0 + MOVED) * first && now > guess {
            Self::Rising
        } else if (now / guess - 1.0).abs() <= AT_GUESSING {
            if first > (1.0 + AT_GUESSING + MOVED) * guess { Self::Settling } else { Self::Stuck }
        } else if now < guess && now < (1.0 - MOVED) * first {
            Self::Beginning
        } else if now > guess && now < (1.0 - MOVED) * first {
            Self::Settling
        } else {
            Self::Resting
        }
    }
}

/// The course of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Where it is heading.
    pub heading: Heading,
    first: f64,
    now: f64,
    guess: f64,
    shares: f64,
    classes: usize,
    step: u64,
}

impl Course {
    /// The course of the shown run, once there are enough steps for one. Of a run with a fine-tuning in the middle it is
    /// that of the present part.
    pub fn of(state: &State) -> Option<Self> {
        let frame = state.frame.as_ref()?;
        let classes = state.shape.as_ref()?.classes;
        let from = state.spec().adapt.step().filter(|at| frame.step >= *at).unwrap_or(0);
        if frame.step - from < PATIENCE {
            return None;
        }
        // The losses of single batches are noisy, so means over tenths of the curve are compared.
        let losses: Vec<f64> =
            state.record.loss.points().filter(|(step, _)| *step >= from).map(|(_, loss)| loss).collect();
        let part = &losses[losses.len() - (losses.len() / 10).max(1).min(losses.len())..];
        let (first, now) = (*losses.first()?, part.iter().sum::<f64>() / part.len() as f64);
        let guess = guess(classes);
        if !(first.is_finite() && now.is_finite()) {
            return None;
        }
        let shapes = [first_shape(state.spec()), data_shape(state.spec())];
        let shares = shapes.iter().find(|shape| shape.classes == classes).map_or(guess, |shape| shape.entropy);
        let heading = Heading::of(first, now, guess, shares);
        Some(Self { heading, first, now, guess, shares, classes, step: frame.step - from })
    }

    /// Whether the loss has clearly fallen, by more than what the shares of the classes give away.
    pub fn learns(&self) -> bool {
        self.heading == Heading::Learning
    }

    /// Whether it has clearly fallen at all.
    pub(crate) fn falls(&self) -> bool {
        matches!(self.heading, Heading::Learning | Heading::Frequencies)
    }

    /// The course in a sentence.
    pub fn sentence(&self) -> Sentence {
        let values = [
            ("first", show(self.first)),
            ("now", show(self.now)),
            ("guess", show(self.guess)),
            ("shares", show(self.shares)),
            ("classes", self.classes.to_string()),
            ("step", self.step.to_string()),
        ];
        Sentence::new(self.heading.key(), values)
    }
}
