//! What a frame has of single examples: ten digits, or the points of a plane. It is a pass of its own, which is read
//! with the rest of a slice.

use burn::tensor::Tensor;

use super::Session;
use super::digits::{DigitLook, DigitReading, guess};
use crate::engine::clock::now_ms;
use crate::lab::metric::{Frame, PlanePicture};
use crate::lab::plane;

/// What is still to be read.
pub(super) struct ExampleLook {
    digits: DigitLook,
    /// The logits in each cell of the plane, `[1, cells, classes]`.
    plane: Option<Tensor<3>>,
    /// How long the plane took, in milliseconds, where a device answers at once.
    plane_ms: f64,
}

/// What was read.
pub(super) struct ExampleReading {
    digits: DigitReading,
    /// What the network says in each cell.
    plane: Option<String>,
    /// How long that took.
    pub(super) plane_ms: f64,
}

impl Session {
    /// What was asked for of single examples, of the network as it is now.
    pub(super) fn examples(&self) -> ExampleLook {
        let digits = self.digits();
        let begun = now_ms();
        let plane = self.data.plane().filter(|_| self.inspected.looks_at_plane());
        let plane = plane.map(|batch| self.trainer.predict(batch));
        ExampleLook { digits, plane, plane_ms: now_ms() - begun }
    }
}

impl ExampleLook {
    /// Adds what is to be read to all that is read, and returns how many numbers it is.
    pub(super) fn finish(&self, parts: &mut Vec<Tensor<1>>) -> usize {
        let count = self.digits.finish(parts);
        let cells = self.plane.as_ref().map_or(0, |logits| logits.shape().num_elements());
        parts.extend(self.plane.as_ref().map(|logits| logits.clone().reshape([cells])));
        count + cells
    }

    /// What the numbers say.
    pub(super) fn read(self, numbers: &[f32]) -> ExampleReading {
        let [cells, classes] = self.plane.as_ref().map_or([0, 1], |logits| [logits.dims()[1], logits.dims()[2]]);
        let (digits, logits) = numbers.split_at(numbers.len() - cells * classes);
        let plane = self.plane.map(|_| plane::encode(logits.chunks(classes).map(guess)));
        ExampleReading { digits: self.digits.read(digits), plane, plane_ms: self.plane_ms }
    }
}

impl ExampleReading {
    /// Hands it to the frame that it belongs to.
    pub(super) fn put_in(self, frame: &mut Frame) {
        (frame.guesses, frame.path) = (self.digits.guesses, self.digits.path);
        frame.plane = self.plane.map(|cells| Box::new(PlanePicture { step: frame.step, cells }));
    }
}
