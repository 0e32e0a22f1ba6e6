//! Whether a run's loss has risen too far, told of losses one by one.

use super::spec::{Spec, first_shape};
use crate::science::initial_loss::guess;

/// A loss that is so many times the lowest one before it counts as broken, even if it is finite.
const LOST: f64 = 3.0;

/// Whether a loss has risen above chance level and far above the lowest one, told of losses one by one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossWatch {
    /// The loss of guessing, in nats.
    guess: f64,
    /// The lowest loss so far, in nats; ∞ before there is any.
    lowest: f64,
    /// The step since which the loss is up there, if it is.
    since: Option<u64>,
}

impl LossWatch {
    /// Watches the losses of a run of this network.
    pub fn new(spec: &Spec) -> Self {
        Self { guess: guess(first_shape(spec).classes), lowest: f64::INFINITY, since: None }
    }

    /// Takes in the loss of the next step, in nats.
    pub fn take(&mut self, step: u64, loss: f64) {
        if loss > self.guess.max(LOST * self.lowest) {
            self.since = self.since.or(Some(step));
        } else if loss.is_finite() {
            // What came back down has not broken.
            self.since = None;
            self.lowest = self.lowest.min(loss);
        }
    }

    /// The step since which the loss is too high, if it is.
    pub fn since(&self) -> Option<u64> {
        self.since
    }

    /// The lowest loss so far, in nats; ∞ before there is any.
    pub fn lowest(&self) -> f64 {
        self.lowest
    }
}
