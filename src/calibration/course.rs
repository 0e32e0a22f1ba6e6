//! How a training went.

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use burn::tensor::Device;

use crate::engine::batch::Data;
use crate::engine::replicas::ReplicaTrainer;
use crate::engine::session::{Session, Slice};
use crate::lab::spec::Spec;

/// The last losses are averaged over so many steps: single batches are noisy.
const LAST: usize = 30;
/// Steps between two reads.
const SLICE: u64 = 50;

/// The end of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingCourse {
    /// Mean training loss of the last steps, in nats; NaN if one of them was not finite.
    pub loss: f64,
    /// Loss on held-out data after the last step.
    pub held_out: f64,
}

/// Trains networks that differ in their rates only, as one. `None` if the engine could not.
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

/// A network at its start, measured as the lab does.
pub fn first(run: u32, spec: &Spec) -> Option<(Session, Slice)> {
    let device = Device::flex();
    let data = Rc::new(Data::load(spec, &device));
    let mut session = Session::build(run, spec.clone(), data, &device);
    let slice = now(session.start())?.ok()?;
    Some((session, slice))
}

/// On the CPU nothing waits: a future is ready when it is first polled.
fn now<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
