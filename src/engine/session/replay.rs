//! Makes the last steps before a divergence, or before a loss that has risen too far, once more, and measures them one
//! by one, so that a reader can see how it came about.

use std::collections::VecDeque;

use super::{Session, Slice, Steps};
use crate::engine::optimizer::Rates;
use crate::engine::report::Report;
use crate::engine::tap::Taps;
use crate::engine::trainer::Trainer;
use crate::lab::loss_watch::LossWatch;
use crate::lab::metric::Frame;
use crate::lab::number::Number;
use crate::lab::protocol::{Failure, Pass, Why};
use crate::lab::spec::Spec;

/// So many steps before a divergence are measured one by one, as far as their weights are still known.
const LOOKED_AT: usize = 32;
/// The starts of so many slices are remembered at most.
const MOST_SLICES: usize = 4;
/// They are remembered of networks with at most so many learned numbers. Those of a larger one would take memory that
/// such a network needs itself, and its slices have few steps.
const MOST_NUMBERS: usize = 1 << 20;
/// After a loss has risen too far, so many steps more are measured one by one, as far as the slice has them.
const LOOKED_AFTER: u64 = 8;
/// A run is looked into so many times because its loss has risen. One that goes up and down would else be looked into
/// all the time.
const MOST_RISES: usize = 8;

/// What a slice began with.
pub(super) struct SliceStart {
    /// The network. Tensors are immutable, so that a copy costs nothing until the network moves on.
    pub(super) trainer: Trainer,
    /// The updates made.
    pub(super) step: u64,
    /// The rates of the steps of the slice.
    pub(super) rates: Vec<Rates>,
}

/// When a run's loss has risen too far.
pub(super) struct Rises {
    watch: LossWatch,
    /// How often the run was looked into because of it.
    looked_at: usize,
}

impl Rises {
    pub(super) fn new(spec: &Spec) -> Self {
        Self { watch: LossWatch::new(spec), looked_at: 0 }
    }

    /// Takes in the losses from a step on, and says since when they are too high, if they were not before and the run
    /// is to be looked into.
    pub(super) fn new_one(&mut self, first: u64, losses: &[Number]) -> Option<u64> {
        let before = self.watch.since();
        (first..).zip(losses).for_each(|(step, loss)| self.watch.take(step, loss.0));
        let since = self.watch.since().filter(|since| before != Some(*since) && self.looked_at < MOST_RISES)?;
        self.looked_at += 1;
        Some(since)
    }
}

impl Session {
    /// Remembers what the slice began with that was just made.
    pub(super) fn remember(&mut self, start: SliceStart) {
        if self.trainer.trainable() > MOST_NUMBERS {
            return;
        }
        self.starts.push_back(start);
        let covered =
            |starts: &VecDeque<SliceStart>| starts.iter().skip(1).map(|start| start.rates.len()).sum::<usize>();
        while self.starts.len() > MOST_SLICES || covered(&self.starts) >= LOOKED_AT {
            self.starts.pop_front();
        }
    }

    /// Runs the slice again that began so, up to the step whose loss was not finite, to see in which layer. The last
    /// steps are measured one by one, with those of the slices before if there are few.
    ///
    /// The step before is among them: if its gradients had broken, the weights were lost on the way back, and the
    /// forward pass of the next step only shows the damage.
    pub(super) async fn replay(&mut self, start: SliceStart, count: usize) -> Result<Slice, Failure> {
        let end = start.step + count as u64;
        let broken = self.broken;
        self.inspected.walk(false);
        let mut trail = Vec::new();
        for known in std::mem::take(&mut self.starts) {
            trail.extend(self.retrace(&known, end.saturating_sub(LOOKED_AT as u64)).await?);
        }
        self.broken = broken;
        (self.trainer, self.step) = (start.trainer, start.step);
        let (others, last) = (&start.rates[..count - 1], &start.rates[count - 1]);
        let (early, late) = others.split_at(others.len().saturating_sub(LOOKED_AT));
        let before = self.one_by_one(early, late).await?;
        // Pictures are shown of the newest step alone.
        self.inspected.walk(true);
        Ok(Slice { trail, before, ..self.replay_last(last).await? })
    }

    /// Where the loss has risen too far in the slice that was just made, and is still up there, the measurements of the
    /// steps around, one by one; else nothing. Then the network is where the slice has left it, to the last bit.
    pub(super) async fn look_back(&mut self, start: &SliceStart, losses: &[Number]) -> Result<Vec<Frame>, Failure> {
        let Some(at) = self.rises.new_one(start.step + 1, losses) else { return Ok(Vec::new()) };
        let (trainer, step, broken) = (self.trainer.clone(), self.step, self.broken);
        let frame = self.inspected.frame.take();
        self.inspected.walk(false);
        let first = (at + 1).saturating_sub(LOOKED_AT as u64);
        let starts = std::mem::take(&mut self.starts);
        let mut trail = Vec::new();
        for known in &starts {
            trail.extend(self.retrace(known, first).await?);
        }
        // The last step of the slice is told of anyway.
        let until = (at + LOOKED_AFTER - start.step).min(losses.len() as u64);
        let rates = start.rates[..until as usize].to_vec();
        let looked = SliceStart { trainer: start.trainer.clone(), step: start.step, rates };
        trail.extend(self.retrace(&looked, first).await?);
        (self.trainer, self.step, self.broken) = (trainer, step, broken);
        (self.starts, self.inspected.frame) = (starts, frame);
        Ok(trail)
    }

    /// Makes a slice once more whose last step was told of, and measures the others one by one, from a step on.
    async fn retrace(&mut self, start: &SliceStart, from: u64) -> Result<Vec<Frame>, Failure> {
        (self.trainer, self.step) = (start.trainer.clone(), start.step);
        let others = &start.rates[..start.rates.len().saturating_sub(1)];
        let (early, late) = others.split_at((from.saturating_sub(start.step) as usize).min(others.len()));
        if late.is_empty() {
            return Ok(Vec::new());
        }
        self.one_by_one(early, late).await
    }

    /// Makes some steps, and measures the last of them; then makes the others, and measures each.
    async fn one_by_one(&mut self, early: &[Rates], late: &[Rates]) -> Result<Vec<Frame>, Failure> {
        let mut frames = Vec::new();
        for rates in std::iter::once(early).filter(|early| !early.is_empty()).chain(late.chunks(1)) {
            let Steps { losses, taps, .. } = self.run_steps(rates, rates.len(), Taps::new(true));
            let reading = self.read(losses, taps, false).await?;
            self.step += rates.len() as u64;
            frames.push(self.slice(reading, None).frame);
        }
        Ok(frames)
    }

    async fn replay_last(&mut self, rates: &Rates) -> Result<Slice, Failure> {
        let Steps { losses, taps, .. } = self.run_steps(std::slice::from_ref(rates), 1, Taps::new(true));
        let reading = self.read(losses, taps, false).await?;
        self.step += 1;
        let end = self.diverged(&reading.report);
        Ok(self.slice(reading, Some(end)))
    }

    /// Where and in which pass the network left f32.
    pub(super) fn diverged(&self, report: &Report) -> Why {
        let broken = self.broken.filter(|(_, pass)| *pass == Pass::Backward).or_else(|| report.broken());
        let (layer, pass) = match broken {
            Some((layer, pass)) => (self.layers.get(layer).copied(), pass),
            None => (None, Pass::Forward),
        };
        Why::Diverged { step: self.step, layer, pass }
    }
}
