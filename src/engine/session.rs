//! A run: a network, its data, and the slices of training that bring frames back.

mod digits;
mod examples;
mod inspection;
mod kept;
mod pace;
mod replay;
mod still;

use std::collections::VecDeque;
use std::rc::Rc;

use burn::tensor::{Device, Tensor};

pub(super) use still::StillNetwork;

use super::batch::Data;
use super::clock::now_ms;
use super::fused::is_on_cpu;
use super::initial::initial;
use super::optimizer::{Rates, UpdateRule, schedule};
use super::reading;
use super::replicas::{Evaluation, ReplicaSlice};
use super::report::{Report, note_units};
use super::tap::Taps;
use super::trainer::Trainer;
use crate::lab::metric::{Frame, RunId};
use crate::lab::number::Number;
use crate::lab::protocol::{Failure, NetworkSize, Pass, Why};
use crate::lab::spec::{Spec, TrainingSpec};
use crate::science::architecture::Architecture;
use crate::science::layer::LayerId;
use examples::ExampleReading;
use inspection::{Inspected, finish};
use pace::HeldOutPace;
use replay::{Rises, SliceStart};

/// A network being trained.
pub struct Session {
    run: RunId,
    spec: Spec,
    net: Architecture,
    layers: Vec<LayerId>,
    trainer: Trainer,
    data: Rc<Data>,
    device: Device,
    step: u64,
    held_out: HeldOutPace,
    broken: Option<(usize, Pass)>,
    starts: VecDeque<SliceStart>,
    rises: Rises,
    inspected: Inspected,
}

/// What a slice brought.
pub struct Slice {
    /// Where it diverged, or its loss rose too far, the measurements of steps that were not told of.
    pub trail: Vec<Frame>,
    /// Where it diverged, the measurements of the steps before, in their order.
    pub before: Vec<Frame>,
    /// The measurement at its last step.
    pub frame: Frame,
    /// Why the run is over, if it is.
    pub end: Option<Why>,
    /// The wall time of a step without what is measured, in milliseconds, where the device makes a step when it is asked
    /// to and not when its result is read.
    pub bare_ms: Option<f64>,
}

/// Steps that were made.
struct Steps {
    losses: Vec<Tensor<1>>,
    taps: Taps,
    bare_ms: Option<f64>,
}

/// One read of the device: everything of a slice in one vector.
struct SliceReading {
    losses: Vec<f32>,
    held_out: Option<(f32, f32)>,
    /// How long the held-out pass took, in milliseconds.
    held_out_ms: f64,
    report: Report,
    examples: ExampleReading,
}

impl Session {
    /// Draws the weights and uploads them. The data is already on the device.
    pub fn build(run: RunId, spec: Spec, data: Rc<Data>, device: &Device) -> Self {
        let values = initial(&spec);
        Self::with_values(run, spec, values, data, device)
    }

    /// Uploads the first values of each tensor, which were drawn. The data is already on the device.
    pub(super) fn with_values(run: RunId, spec: Spec, values: Vec<Vec<f32>>, data: Rc<Data>, device: &Device) -> Self {
        Self {
            run,
            net: spec.architecture(),
            layers: spec.architecture().layers(),
            trainer: Trainer::with_values(&spec, values, device),
            data,
            device: device.clone(),
            step: 0,
            held_out: HeldOutPace::default(),
            broken: None,
            starts: VecDeque::new(),
            rises: Rises::new(&spec),
            inspected: Inspected::default(),
            spec,
        }
    }

    /// The number of the run.
    pub fn run(&self) -> RunId {
        self.run
    }

    /// The number of updates made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// How many steps are left until the run is done.
    pub fn left(&self) -> u64 {
        self.spec.training.steps.saturating_sub(self.step)
    }

    /// The sizes of the network and of its data.
    pub fn shape(&self) -> NetworkSize {
        self.data.shape(self.adapted(), self.trainer.trainable(), self.trainer.fingerprint().to_owned())
    }

    /// Whether its second part has begun.
    pub fn adapted(&self) -> bool {
        self.trainer.adapted()
    }

    /// How many steps one slice may make: it ends where the network is adapted, so that this step has a frame.
    pub fn stretch(&self) -> u64 {
        self.adapts_at().map_or(u64::MAX, |at| at - self.step)
    }

    /// The step at which the network will be adapted; `None` if it was, or never is.
    fn adapts_at(&self) -> Option<u64> {
        self.spec.adapt.step().filter(|_| !self.adapted())
    }

    /// The network, for tests that compare weights.
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    /// How the network does, as an experiment asks. This is a read of the device of its own.
    pub(super) async fn judge(&self) -> Result<ReplicaSlice, Failure> {
        ReplicaSlice::read(1, Vec::new(), Some(Evaluation::of(&self.trainer, &self.data, self.adapted()))).await
    }

    /// Takes over the live knobs.
    pub(crate) fn tune(&mut self, spec: &Spec) {
        let TrainingSpec { lr, warmup, schedule, clip, wd, decay, steps, .. } = spec.training;
        let training = &mut self.spec.training;
        *training = TrainingSpec { lr, warmup, schedule, clip, wd, decay, steps, ..*training };
    }

    /// Measures the network at initialization.
    pub async fn start(&mut self) -> Result<Slice, Failure> {
        let batch = self.data.batches(0, 1).remove(0);
        let mut taps = self.inspected.training(0, true);
        let loss = self.trainer.measure(&batch, &mut taps);
        self.trainer.record_weights(&mut taps);
        let reading = self.read(vec![loss], taps, true).await?;
        let end = (!reading.losses[0].is_finite()).then(|| self.diverged(&reading.report));
        let slice = self.slice(reading, end);
        self.rises.new_one(0, &slice.frame.losses);
        Ok(slice)
    }

    /// Makes `count` steps, at most [`Self::stretch`], and measures at the last; `exact` asks for
    /// held-out numbers too.
    pub async fn advance(&mut self, count: usize, exact: bool) -> Result<Slice, Failure> {
        debug_assert!(count as u64 <= self.stretch());
        let snapshot = self.trainer.clone();
        let (rule, begun) = self.rule();
        let exact = exact || self.stretch() == count as u64;
        let rates = schedule(&[rule], self.step - begun, count, &self.device);
        let rates: Vec<Rates> = rates.into_iter().map(|rates| rates.decaying(self.spec.training.decay)).collect();
        let taps = self.inspected.training(self.step + count as u64, exact);
        let Steps { losses, taps, bare_ms } = self.run_steps(&rates, count, taps);
        let due = self.held_out.is_due(self.step + count as u64);
        let reading = self.read(losses, taps, exact || due).await?;
        let start = SliceStart { trainer: snapshot, step: self.step, rates };
        if let Some(bad) = reading.losses.iter().position(|loss| !loss.is_finite()) {
            return self.replay(start, bad + 1).await;
        }
        self.step += count as u64;
        let end = (self.left() == 0).then_some(Why::Done);
        let slice = self.slice(reading, end);
        let trail = self.look_back(&start, &slice.frame.losses).await?;
        self.remember(start);
        Ok(Slice { bare_ms, trail, ..slice })
    }

    /// The present rule, and the step from which its steps count: each part of a run has an optimizer of its own.
    fn rule(&self) -> (UpdateRule, u64) {
        let begun = if self.adapted() { self.spec.adapt.at } else { 0 };
        let end = self.adapts_at().map_or(self.spec.training.steps, |at| at.min(self.spec.training.steps));
        (UpdateRule { steps: end.saturating_sub(begun), ..UpdateRule::of(&self.spec) }, begun)
    }

    /// Makes so many steps, and measures the last with these taps.
    fn run_steps(&mut self, rates: &[Rates], count: usize, wanted: Taps) -> Steps {
        let batches = self.data.batches(self.step + 1, count);
        let last = self.adapts_at().map(|at| at - self.step);
        let mut losses = Vec::with_capacity(count);
        let (mut taps, mut wanted) = (Taps::new(false), Some(wanted));
        let (begun, mut others_ms) = (now_ms(), 0.0);
        for (index, (batch, rates)) in batches.iter().zip(rates).enumerate() {
            if index + 1 == count {
                taps = wanted.take().unwrap_or_default();
                others_ms = now_ms() - begun;
            }
            self.trainer.update(rates, &mut taps);
            if last == Some(index as u64 + 1) {
                self.trainer.adapt(&self.spec, &self.device);
            }
            losses.push(self.trainer.measure(batch, &mut taps));
        }
        // What the last step's taps recorded is reduced later, so that alone it is as good as one without.
        let bare_ms = if count > 1 { others_ms / (count - 1) as f64 } else { now_ms() - begun };
        let bare_ms = losses.first().filter(|loss| is_on_cpu(loss)).map(|_| bare_ms);
        self.trainer.record_weights(&mut taps);
        Steps { losses, taps, bare_ms }
    }

    /// The slice's single read.
    async fn read(&self, losses: Vec<Tensor<1>>, taps: Taps, held_out: bool) -> Result<SliceReading, Failure> {
        let count = losses.len();
        let mut parts = losses;
        let mut units = self.inspected.held_out();
        let begun = now_ms();
        if held_out {
            let batch = self.data.held_out(self.adapted());
            parts.extend(self.trainer.judge(batch, &mut units));
        }
        let held_out_ms = now_ms() - begun;
        let examples = self.examples();
        let looks = examples.finish(&mut parts);
        let (recorded, rows) = finish(taps, &mut parts);
        let (units, _) = finish(units, &mut parts);
        let numbers = reading::read(parts).await?;
        let (losses, rest) = numbers.split_at(count);
        let (validation, rest) = rest.split_at(if held_out { 2 } else { 0 });
        let (looks, rest) = rest.split_at(looks);
        let (rows, shares) = rest.split_at(rows);
        let (statistics, inspection) = recorded.read_all(1, rows);
        let mut report = Report::read(&self.net, &self.layers, statistics);
        (report.histograms, report.heads) = (inspection.histograms, inspection.heads);
        note_units(&mut report.layers, &units.inspection(shares).units);
        let held_out = held_out.then(|| (validation[0], validation[1]));
        Ok(SliceReading { losses: losses.to_vec(), held_out, held_out_ms, report, examples: examples.read(looks) })
    }

    fn slice(&mut self, reading: SliceReading, end: Option<Why>) -> Slice {
        let SliceReading { losses, held_out, held_out_ms, report, examples } = reading;
        self.broken = report.broken();
        if held_out.is_some() {
            self.held_out.record(self.step, held_out_ms);
        }
        let number = |value: f32| Number(f64::from(value));
        let losses: Vec<Number> = losses.into_iter().map(number).collect();
        let mut frame = Frame {
            run: self.run,
            step: self.step,
            loss: losses.last().copied().unwrap_or(Number(f64::NAN)),
            val_loss: held_out.map(|(loss, _)| number(loss)),
            accuracy: held_out.map(|(_, share)| number(share)),
            losses,
            layers: report.layers,
            weights: report.weights,
            frozen_share: report.frozen_share.map(Number),
            histograms: Vec::new(),
            start_histograms: Vec::new(),
            guesses: Vec::new(),
            path: Vec::new(),
            plane: None,
            heads: Vec::new(),
            step_ms: 0.0,
        };
        self.inspected.frame = Some(frame.clone());
        (frame.histograms, frame.heads) = (report.histograms, report.heads);
        self.inspected.drew(examples.plane_ms);
        examples.put_in(&mut frame);
        Slice { trail: Vec::new(), before: Vec::new(), frame, end, bare_ms: None }
    }
}
