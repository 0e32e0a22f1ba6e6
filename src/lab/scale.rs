//! Converts between a value and its position on a slider, and finds the value that a key press leads to.
//!
//! σ and the learning rate span decades, so their sliders are logarithmic. A hand is not more exact than three digits,
//! so no slider gives more.

use super::knob::Range;
use super::number::round_to;

/// The number of significant digits of a value that was dragged to.
const DIGITS: usize = 3;

impl Range {
    /// Returns the position of a value, from 0 (left) to 1 (right). Values beyond the slider get the position of its
    /// end.
    pub fn position(&self, value: f64) -> f64 {
        let share = if self.log {
            libm::log(value.max(f64::MIN_POSITIVE) / self.from) / libm::log(self.to / self.from)
        } else {
            (value - self.from) / (self.to - self.from)
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// Returns the value at a position, rounded to what a person would type.
    pub fn value_at(&self, position: f64) -> f64 {
        let share = position.clamp(0.0, 1.0);
        let value = if self.log {
            self.from * libm::pow(self.to / self.from, share)
        } else {
            self.from + (self.to - self.from) * share
        };
        self.tidy(value).clamp(self.from, self.to)
    }

    /// Returns the value after `steps` key presses. A step is about 2 % (coarse: 25 %) on a logarithmic slider, a
    /// hundredth (coarse: a tenth) of a linear one, and at least 1 for integers.
    pub fn nudge(&self, value: f64, steps: i32, coarse: bool) -> f64 {
        let wanted = if self.log {
            let decades = if coarse { 0.1 } else { 0.01 };
            value.max(self.from) * libm::pow(10.0, decades * f64::from(steps))
        } else {
            let part = if coarse { 0.1 } else { 0.01 };
            value + (self.to - self.from) * part * f64::from(steps)
        };
        let least = value + f64::from(steps.signum());
        let moved = match (self.whole, steps > 0) {
            (false, _) => wanted,
            (true, true) => wanted.max(least),
            (true, false) => wanted.min(least),
        };
        self.tidy(moved).clamp(self.min.max(self.from.min(value)), self.max)
    }

    fn tidy(&self, value: f64) -> f64 {
        if self.whole { libm::round(value) } else { round_to(value, DIGITS) }
    }
}
