//! How many steps fit a slice.

use super::clock::now_ms;

/// A slice is as long as it has to be for what is not training to take at most this share of it …
const OVERHEAD_SHARE: f64 = 0.12;
/// … but no longer than this, in milliseconds: charts that change less than five times a second stutter.
const LONGEST_MS: f64 = 195.0;

/// Chooses the number of steps of each slice by how long those before took.
pub(super) struct Pacer {
    slice_ms: f64,
    most_steps: u64,
    step_ms: f64,
    /// What a slice takes beside its steps, as far as that is known.
    overhead_ms: f64,
}

impl Pacer {
    /// A pacer for slices that take so many milliseconds of wall time and have so many steps at most. The
    /// first slice is a single step.
    pub(super) fn new(slice_ms: f64, most_steps: u64) -> Self {
        Self { slice_ms, most_steps, step_ms: slice_ms, overhead_ms: 0.0 }
    }

    /// The number of steps that fit the next slice; at least one.
    pub(super) fn steps(&self) -> u64 {
        let wanted = (self.overhead_ms / OVERHEAD_SHARE).min(LONGEST_MS).max(self.slice_ms);
        (((wanted - self.overhead_ms) / self.step_ms).max(1.0) as u64).min(self.most_steps)
    }

    /// Takes in a slice of so many steps that began at `begun` and ends now, and the wall time of one of them that was
    /// not measured, where it is known. Answers the wall time of one of its steps in milliseconds, all in all.
    pub(super) fn record(&mut self, begun: f64, steps: u64, bare_ms: Option<f64>) -> f64 {
        let whole = now_ms() - begun;
        let step_ms = whole / steps.max(1) as f64;
        let bare_ms = bare_ms.unwrap_or(step_ms);
        // Half old, half new: one slow slice (kernels being compiled) must not stall the next ones.
        self.step_ms = 0.5 * (self.step_ms + bare_ms).max(1e-3);
        self.overhead_ms = 0.5 * (self.overhead_ms + (whole - bare_ms * steps as f64).max(0.0));
        step_ms
    }

    /// Forgets what was measured: the next steps are those of another network.
    pub(super) fn reset(&mut self) {
        *self = Self::new(self.slice_ms, self.most_steps);
    }
}
