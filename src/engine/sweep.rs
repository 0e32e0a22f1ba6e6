//! A sweep: networks trained together, slice by slice, and how each of them fares.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::clock::now_ms;
use super::fleet::Fleet;
use crate::lab::metric::RunId;
use crate::lab::number::Number;
use crate::lab::protocol::Event;
use crate::lab::spec::Spec;
use crate::lab::sweep::Outcome;

/// Wall time of a slice; longer than a single run's, since nothing is drawn from step to step.
const SLICE_MS: f64 = 150.0;

/// Networks on their way to their last step.
pub struct Sweep {
    run: RunId,
    fleet: Fleet,
    steps: u64,
    step_ms: f64,
}

impl Sweep {
    /// Draws the weights of all networks and uploads them.
    pub fn build(run: RunId, specs: Vec<Spec>, data: Rc<Data>, device: &Device) -> Self {
        let steps = specs.first().map_or(0, |spec| spec.training.steps);
        Self { run, fleet: Fleet::build(specs, data, device), steps, step_ms: SLICE_MS }
    }

    /// Makes the steps of a slice. Answers what to tell, and whether that was the last.
    pub async fn slice(&mut self) -> (Event, bool) {
        let left = self.steps - self.fleet.step();
        let count = ((SLICE_MS / self.step_ms).clamp(1.0, 50.0) as u64).min(left);
        let begun = now_ms();
        let done = count == left;
        let stretch = match self.fleet.advance(count as usize, done).await {
            Ok(stretch) => stretch,
            Err(failure) => return (Event::Failed(failure), true),
        };
        let step_ms = (now_ms() - begun) / count.max(1) as f64;
        self.step_ms = 0.5 * (self.step_ms + step_ms).max(1e-3);
        let number = |value: f32| Number(f64::from(value));
        let last = stretch.losses.last().map(Vec::as_slice).unwrap_or_default();
        let outcome = |(index, loss): (usize, &f32)| {
            let held_out = stretch.held_out.as_ref().map(|all| (number(all[index].0), number(all[index].1)));
            Outcome { loss: number(*loss), held_out }
        };
        let outcomes = last.iter().enumerate().map(outcome).collect();
        (Event::Swept { run: self.run, step: self.fleet.step(), outcomes }, done)
    }
}
