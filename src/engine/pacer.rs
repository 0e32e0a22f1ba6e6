//! How many steps fit a slice.

use super::clock::now_ms;

/// Chooses the number of steps of each slice by how long those before took.
pub(super) struct Pacer {
    slice_ms: f64,
    most_steps: u64,
    step_ms: f64,
}

impl Pacer {
    /// A pacer for slices that take so many milliseconds of wall time and have so many steps at most. The
    /// first slice is a single step.
    pub(super) fn new(slice_ms: f64, most_steps: u64) -> Self {
        Self { slice_ms, most_steps, step_ms: slice_ms }
    }

    /// The number of steps that fit the next slice; at least one.
    pub(super) fn steps(&self) -> u64 {
        ((self.slice_ms / self.step_ms).max(1.0) as u64).min(self.most_steps)
    }

    /// Takes in a slice of so many steps that began at `begun` and ends now. Answers the wall time of one
    /// of its steps in milliseconds.
    pub(super) fn record(&mut self, begun: f64, steps: u64) -> f64 {
        let step_ms = (now_ms() - begun) / steps.max(1) as f64;
        // Half old, half new: one slow slice (kernels being compiled) must not stall the next ones.
        self.step_ms = 0.5 * (self.step_ms + step_ms).max(1e-3);
        step_ms
    }

    /// Forgets what was measured: the next steps are those of another network.
    pub(super) fn reset(&mut self) {
        self.step_ms = self.slice_ms;
    }
}
