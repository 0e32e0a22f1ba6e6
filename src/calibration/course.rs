//! Trains networks, and says how the training went.

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use burn::tensor::Device;

use crate::engine::batch::Data;
use crate::engine::replicas::ReplicaTrainer;
use crate::engine::session::{Session, Slice};
use crate::lab::spec::Spec;

/// The number of last losses that are averaged, because single batches are noisy.
const LAST: usize = 30;
/// The number of steps between two reads.
const SLICE: u64 = 50;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingCourse {
    /// The mean training loss of the last steps, in nats; NaN if one of them was not finite.
    pub loss: f64,
    /// The loss on held-out data after the last step, in nats.
    pub held_out: f64,
}

/// Trains networks that differ only in their rates, as one. There is no result if the engine failed.
pub fn train(specs: &[Spec]) -> Option<Vec<TrainingCourse>> {
    let first = specs.first()?;
    let device = Device::flex();
    let data = Rc::new(Data::load(first, &device));
    let mut trainer = ReplicaTrainer::build(specs.to_vec(), data, &device);
    let mut losses: Vec<Vec<f32>> = Vec::new();
    let mut held_out = Vec::new();
    while trainer.step() < first.training.steps {
        let count = SLICE.min(first.training.steps - trainer.step());
        let last = trainer.step() + count == first.training.steps;
        let slice = now(trainer.advance(count as usize, last))?.ok()?;
        losses.extend(slice.losses);
        held_out = slice.held_out.unwrap_or_default();
    }
    let end = &losses[losses.len().saturating_sub(LAST)..];
    let course = |(index, (held_out, _)): (usize, &(f32, f32))| {
        let sum: f64 = end.iter().map(|step| f64::from(step[index])).sum();
        let loss = sum / end.len() as f64;
        TrainingCourse { loss: if loss.is_finite() { loss } else { f64::NAN }, held_out: f64::from(*held_out) }
    };
    Some(held_out.iter().enumerate().map(course).collect())
}

/// Builds a network and measures it at step 0, as the lab does.
pub fn first(run: u32, spec: &Spec) -> Option<(Session, Slice)> {
    let device = Device::flex();
    let data = Rc::new(Data::load(spec, &device));
    let mut session = Session::build(run, spec.clone(), data, &device);
    let slice = now(session.start())?.ok()?;
    Some((session, slice))
}

/// The result of a future on the CPU, where nothing waits, so that it is ready when it is first polled.
fn now<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
