//! A network that does not train on, for a look that takes longer than a slice.

use burn::tensor::Device;

use super::Session;
use crate::engine::batch::Batch;
use crate::engine::sampler::Sampler;
use crate::engine::trainer::Trainer;
use crate::lab::metric::RunId;
use crate::lab::spec::Optimizer;

/// What a network was at a step, and what it saw there. Its tensors are those of the run until that moves on.
#[derive(Clone)]
pub(in crate::engine) struct StillNetwork {
    pub(in crate::engine) run: RunId,
    pub(in crate::engine) step: u64,
    pub(in crate::engine) seed: u64,
    pub(in crate::engine) trainer: Trainer,
    /// The batch of the step.
    pub(in crate::engine) batch: Batch,
    pub(in crate::engine) held_out: Batch,
    pub(in crate::engine) device: Device,
    pub(in crate::engine) optimizer: Optimizer,
    /// η of the next step.
    pub(in crate::engine) rate: f64,
    /// The steps that the optimizer has made.
    pub(in crate::engine) updates: u64,
}

impl Session {
    /// A line for the network to write, as it is now; `None` for one that knows no characters.
    pub(in crate::engine) fn line(&self) -> Option<Sampler> {
        let vocabulary = self.data.vocabulary(self.adapted());
        (!vocabulary.is_empty()).then(|| Sampler::line(&self.spec, vocabulary, &self.device))
    }

    /// The network as it is now.
    pub(in crate::engine) fn still(&self) -> StillNetwork {
        let (rule, begun) = self.rule();
        let updates = self.step - begun;
        StillNetwork {
            run: self.run,
            step: self.step,
            seed: self.spec.run.seed,
            trainer: self.trainer.clone(),
            batch: self.data.batches(self.step, 1).remove(0),
            held_out: self.data.held_out(self.adapted()).clone(),
            device: self.device.clone(),
            optimizer: rule.optimizer,
            rate: rule.rate((updates + 1) as f64),
            updates,
        }
    }
}
