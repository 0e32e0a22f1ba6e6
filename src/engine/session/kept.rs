//! A run that is kept, and taken up again.

use super::Session;
use crate::engine::checkpoint::Checkpoint;
use crate::engine::tap::Taps;
use crate::lab::protocol::Failure;

impl Session {
    /// Where the run stands, to go on from later. This is a read of the device of its own.
    pub async fn checkpoint(&self) -> Result<Checkpoint, Failure> {
        Checkpoint::of(self.step, &self.trainer).await
    }

    /// Goes on from a checkpoint of a run of the same spec. Returns whether it is one.
    pub fn go_on(&mut self, checkpoint: &Checkpoint) -> bool {
        let Some(kept) = checkpoint.upload(self.trainer.parameters(), &self.device) else { return false };
        self.step = checkpoint.step();
        self.trainer.restore(self.step, kept.weights, kept.state, kept.running);
        // The gradients of the next update are those of the batch that was seen last.
        let batch = self.data.batches(self.step, 1).remove(0);
        self.trainer.measure(&batch, &mut Taps::new(false));
        true
    }
}
