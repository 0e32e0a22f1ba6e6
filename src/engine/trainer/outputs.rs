//! What each layer makes of a batch, with nothing left out.

use burn::tensor::Tensor;

use super::Trainer;
use crate::engine::batch::Batch;
use crate::engine::dropout::Masks;
use crate::engine::tap::Taps;
use crate::engine::tape::Tape;

impl Trainer {
    /// The output of every layer, from the first hidden one to the logits, `[R, N, n]` each, of a held-out pass.
    pub(in crate::engine) fn outputs(&self, batch: &Batch) -> Vec<Tensor<3>> {
        let (mut tape, weights) = self.unrecorded();
        let mut outputs = Taps::outputs();
        self.forward(&mut tape, &weights, batch, &mut Masks::none(), &mut outputs);
        outputs.gathered()
    }

    /// The layers' outputs for a training batch, whose own moments count, to be compared with a pass that has masks.
    pub(super) fn unmasked(&self, batch: &Batch) -> Taps {
        let (mut tape, weights) = Tape::off(&self.weights);
        let mut outputs = Taps::outputs();
        self.forward(&mut tape, &weights, batch, &mut Masks::none(), &mut outputs);
        outputs
    }
}
