//! A run that is kept, and taken up again.

use burn::tensor::Tensor;

use super::{Session, Slice};
use crate::engine::checkpoint::Checkpoint;
use crate::engine::tap::Taps;
use crate::lab::protocol::{Failure, Why};

impl Session {
    /// Where the run stands, to go on from later. This is a read of the device of its own.
    pub async fn checkpoint(&self) -> Result<Checkpoint, Failure> {
        Checkpoint::of(self.step, &self.trainer).await
    }

    /// Goes on from a checkpoint of a run of the same spec. Returns whether it is one.
    pub fn go_on(&mut self, checkpoint: &Checkpoint) -> bool {
        let fits = self.restore(checkpoint);
        if fits {
            self.measure_last(&mut Taps::new(false));
        }
        fits
    }

    /// Where the run stands, as bytes for [`Self::take_up`].
    pub async fn kept(&self) -> Result<Option<Vec<u8>>, Failure> {
        Ok(postcard::to_allocvec(&self.checkpoint().await?).ok())
    }

    /// Goes on from what was kept of a run of the same spec, and measures the step where it stands; `None` if it is not
    /// of such a run.
    pub async fn take_up(&mut self, kept: &[u8]) -> Result<Option<Slice>, Failure> {
        let checkpoint = postcard::from_bytes(kept).ok().filter(|checkpoint| self.restore(checkpoint));
        if checkpoint.is_none() {
            return Ok(None);
        }
        let mut taps = self.inspected.training(self.step, true);
        let loss = self.measure_last(&mut taps);
        self.trainer.record_weights(&mut taps);
        let reading = self.read(vec![loss], taps, true).await?;
        let end = (self.left() == 0).then_some(Why::Done);
        Ok(Some(self.slice(reading, end)))
    }

    fn restore(&mut self, checkpoint: &Checkpoint) -> bool {
        let Some(kept) = checkpoint.upload(&self.spec, &self.device) else { return false };
        self.step = checkpoint.step();
        self.trainer.restore(kept);
        true
    }

    /// Measures the batch that was seen last, whose gradients are those of the next update. Returns its loss.
    fn measure_last(&mut self, taps: &mut Taps) -> Tensor<1> {
        let batch = self.data.batches(self.step, 1).remove(0);
        self.trainer.measure(&batch, taps)
    }
}
