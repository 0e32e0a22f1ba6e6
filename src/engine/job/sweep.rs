//! The lab's sweep: networks that are trained together, slice by slice, and how each of them fares.

use std::rc::Rc;

use burn::tensor::Device;

use super::{Job, JobReport, Slicing};
use crate::engine::batch::Data;
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::group::TrainingGroup;
use crate::engine::pacer::Pacer;
use crate::engine::replicas::ReplicaSlice;
use crate::lab::metric::RunId;
use crate::lab::number::Number;
use crate::lab::protocol::{Event, Failure, Progress};
use crate::lab::spec::Spec;
use crate::lab::sweep::Outcome;

/// Wall time of a slice; longer than a single run's, since nothing is drawn from step to step.
const SLICE_MS: f64 = 150.0;
/// Steps of a slice at most.
const MOST_STEPS: u64 = 50;

/// Networks on their way to their last step.
pub(crate) struct SweepJob {
    run: RunId,
    training: TrainingGroup,
    /// Which part of the weights is drawn, in per cent, as long as they are being drawn.
    drawn: Option<u8>,
    steps: u64,
    pacer: Pacer,
    /// What the last slice brought.
    slice: ReplicaSlice,
}

impl SweepJob {
    /// Begins with all networks. Their weights are drawn in the first slices.
    pub(crate) fn build(run: RunId, specs: Vec<Spec>, data: Rc<Data>, device: &Device) -> Self {
        let steps = specs.first().map_or(0, |spec| spec.training.steps);
        let training = TrainingGroup::new(specs, data, device);
        Self {
            run,
            training,
            drawn: Some(0),
            steps,
            pacer: Pacer::new(SLICE_MS, MOST_STEPS),
            slice: ReplicaSlice::default(),
        }
    }

    async fn advance(&mut self) -> Result<(), Failure> {
        self.drawn = self.training.draw();
        if self.drawn.is_some() {
            return Ok(());
        }
        let left = self.steps - self.training.step();
        let count = self.pacer.steps().min(left);
        let begun = now_ms();
        self.slice = self.training.advance(count, count == left).await?;
        self.pacer.record(begun, count, None);
        Ok(())
    }
}

impl Job for SweepJob {
    fn slice<'a>(&'a mut self, _: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance())
    }

    fn report(&mut self) -> JobReport {
        if let Some(percent) = self.drawn {
            return JobReport::Lab(vec![Event::Progress(Progress::Drawing(percent))]);
        }
        let number = |value: f32| Number(f64::from(value));
        let ReplicaSlice { losses, held_out, .. } = &self.slice;
        let outcome = |(index, loss): (usize, &f32)| {
            let held_out = held_out.as_ref().map(|all| (number(all[index].0), number(all[index].1)));
            Outcome { loss: number(*loss), held_out }
        };
        let outcomes = losses.last().into_iter().flatten().enumerate().map(outcome).collect();
        JobReport::Lab(vec![Event::Swept { run: self.run, step: self.training.step(), outcomes }])
    }

    /// The last slice is the one that measures on held-out data.
    fn is_over(&self) -> bool {
        self.slice.held_out.is_some()
    }
}
