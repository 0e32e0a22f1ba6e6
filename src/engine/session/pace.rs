//! What looking costs beside training, so that it stays a small part of it.

use super::super::clock::now_ms;

/// While training runs, the held-out loss is measured at most every so many steps.
const VALIDATE_EVERY: u64 = 10;
/// … and takes at most this share of the time. A part of the held-out data would cost less and could be measured more
/// often, but its loss is another number: the curve would jump from part to part.
const VALIDATION_SHARE: f64 = 0.06;

/// When held-out data was looked at, and how long that takes.
#[derive(Default)]
pub(super) struct HeldOutPace {
    /// The step and the time of the last look.
    last: Option<(u64, f64)>,
    /// How long a look takes, in milliseconds of wall time, where a device answers at once. A GPU does not; it is only
    /// asked every so many steps.
    took: f64,
}

impl HeldOutPace {
    /// Whether held-out data may be looked at again, at a step.
    pub(super) fn is_due(&self, step: u64) -> bool {
        self.last.is_none_or(|(before, at)| {
            step >= before + VALIDATE_EVERY && (now_ms() - at) * VALIDATION_SHARE >= self.took
        })
    }

    /// Held-out data was looked at, which took so many milliseconds.
    pub(super) fn record(&mut self, step: u64, took: f64) {
        (self.last, self.took) = (Some((step, now_ms())), took);
    }
}
