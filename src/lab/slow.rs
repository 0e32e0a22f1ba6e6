//! One step in slow motion: the batch goes forward layer by layer, its gradient comes back, and then the weights move.

use super::metric::Frame;
use crate::science::layer::LayerId;

/// How far a step in slow motion is. It shows the measurement at hand, which is that of the batch whose gradients the
/// next update uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlowStep {
    /// How many layers the network has.
    layers: usize,
    /// How many layers were passed on the way forward and back.
    passed: usize,
}

/// What happens at a moment of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowPhase {
    /// The signal has come to this layer, by its place.
    Forward(usize),
    /// The gradient has come back to this layer, by its place.
    Backward(usize),
    /// The weights move.
    Update,
}

impl SlowStep {
    /// The beginning of a step of a network that was measured.
    pub fn new(frame: &Frame) -> Self {
        Self { layers: frame.layers.len(), passed: 0 }
    }

    /// The next moment.
    pub fn next(self) -> Self {
        Self { passed: self.passed + 1, ..self }
    }

    /// What happens now.
    pub fn phase(self) -> SlowPhase {
        match self.passed {
            passed if passed < self.layers => SlowPhase::Forward(passed),
            passed if passed < 2 * self.layers => SlowPhase::Backward(2 * self.layers - 1 - passed),
            _ => SlowPhase::Update,
        }
    }

    /// Whether a layer's signal was computed, or with `backward` its gradient.
    pub fn has(self, place: usize, backward: bool) -> bool {
        match self.phase() {
            SlowPhase::Forward(at) => !backward && place <= at,
            SlowPhase::Backward(at) => !backward || place >= at,
            SlowPhase::Update => true,
        }
    }

    /// The layer that the phase is about.
    pub fn layer(self, frame: &Frame) -> Option<LayerId> {
        match self.phase() {
            SlowPhase::Forward(at) | SlowPhase::Backward(at) => frame.layers.get(at).map(|layer| layer.id),
            SlowPhase::Update => None,
        }
    }

    /// How long a moment lasts, in milliseconds: a deep network does not take forever.
    pub fn pause(self) -> u64 {
        (4000 / (2 * self.layers as u64).max(1)).clamp(40, 250)
    }
}
