//! What is remembered of a run: its network, its losses, and the measurements of its layers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::history::History;
use super::inspection::Looks;
use super::link::Lab;
use super::loss_watch::LossWatch;
use super::metric::Frame;
use super::movement::UpdateSeries;
use super::number::Number;
use super::protocol::Why;
use super::series::Series;
use super::spec::Spec;

/// How many losses are kept one by one: a curve that is long keeps only some of its points.
const FIRST_LOSSES: usize = 64;

/// Everything that the charts need to show a run again, without its network.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// The network and its training, as they were set last.
    pub spec: Spec,
    /// The measurements of its layers.
    pub history: History,
    /// The training loss by step, in nats.
    pub loss: Series,
    /// The training losses of the first steps, one by one from step 0 on, for whoever makes the same steps elsewhere.
    pub first_losses: Vec<f64>,
    /// Whether the training loss has risen too far, told of every step.
    pub watch: LossWatch,
    /// The held-out loss by step, in nats.
    pub val_loss: Series,
    /// How far updates moved the weights of a few layers, by step.
    pub updates: UpdateSeries,
    /// The held-out accuracy by step, from 0 to 1.
    pub accuracy: Series,
    /// What was looked into on demand.
    pub looks: Looks,
    /// How it ended, if it did.
    pub end: Option<Why>,
    /// Whether a live knob was turned while it trained, so that the same spec would not give the same numbers again.
    pub tuned: bool,
}

impl RunRecord {
    /// The record of a run of which nothing is measured yet.
    pub fn new(spec: Spec) -> Self {
        Self {
            watch: LossWatch::new(&spec),
            spec,
            history: History::default(),
            loss: Series::default(),
            first_losses: Vec::new(),
            val_loss: Series::default(),
            updates: UpdateSeries::default(),
            accuracy: Series::default(),
            looks: Looks::default(),
            end: None,
            tuned: false,
        }
    }

    /// Takes in a measurement. What is known of earlier steps is not taken in again: the same spec gives the same
    /// numbers, and a record must not become shorter because its run is repeated.
    pub fn take(&mut self, frame: &Frame) {
        let first = (frame.step + 1).saturating_sub(frame.losses.len() as u64);
        for (step, loss) in (first..).zip(&frame.losses) {
            let is_next = step == self.first_losses.len() as u64 && step < FIRST_LOSSES as u64;
            // What comes after a loss that is not finite is no comparison either.
            self.first_losses.extend(Some(loss.0).filter(|loss| is_next && loss.is_finite()));
        }
        if self.step().is_some_and(|known| frame.step < known) {
            return;
        }
        for (step, loss) in (first..).zip(&frame.losses) {
            if push_later(&mut self.loss, step, loss.0) {
                self.watch.take(step, loss.0);
            }
        }
        for (series, value) in [(&mut self.val_loss, frame.val_loss), (&mut self.accuracy, frame.accuracy)] {
            value.into_iter().for_each(|value| _ = push_later(series, frame.step, value.0));
        }
        self.updates.push(&self.spec, frame);
        self.history.push(frame);
    }

    /// Takes in measurements of steps between those that are known, one by one where a run broke. They stay.
    pub fn fill(&mut self, frames: &[Frame]) {
        self.history.insert(frames);
    }

    /// The number of updates before the newest measurement.
    pub fn step(&self) -> Option<u64> {
        self.history.last().map(|frame| frame.step)
    }

    /// Whether it was trained, and not only measured at its start.
    pub fn is_trained(&self) -> bool {
        self.step().is_some_and(|step| step > 0)
    }

    /// The newest measurement of a step that is not later than this one.
    pub fn at(&self, step: u64) -> Option<&Arc<Frame>> {
        self.history.at(step)
    }

    /// The held-out accuracy when it was last measured, from 0 to 1.
    pub fn last_accuracy(&self) -> Option<f64> {
        self.accuracy.last().map(|(_, share)| share)
    }

    /// Whether it has come to its end: all steps are made, or it diverged.
    pub fn is_over(&self) -> bool {
        self.end.is_some() && (self.end != Some(Why::Done) || self.step() >= Some(self.spec.training.steps))
    }

    /// This record as it was at a step: what came later is left out.
    pub fn until(&self, step: u64) -> Self {
        let cut = |series: &Series| series.until(step);
        let is_known = self.watch.since().is_some_and(|since| since <= step);
        Self {
            watch: if is_known { self.watch } else { watched(&self.spec, &cut(&self.loss)) },
            history: self.history.frames().filter(|frame| frame.step <= step).map(Arc::as_ref).collect(),
            loss: cut(&self.loss),
            first_losses: self.first_losses.iter().take(step as usize + 1).copied().collect(),
            val_loss: cut(&self.val_loss),
            updates: self.updates.until(step),
            accuracy: cut(&self.accuracy),
            looks: self.looks.until(step),
            end: None,
            ..self.clone()
        }
    }
}

/// A record as a browser keeps it: with some of its frames, and its network as a link, which later versions can read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    /// When it was stored, in milliseconds since 1970: the order of the list.
    pub at: f64,
    link: String,
    frames: Vec<Frame>,
    loss: Series,
    #[serde(default)]
    first_losses: Vec<Number>,
    val_loss: Series,
    updates: UpdateSeries,
    accuracy: Series,
    #[serde(default)]
    looks: Looks,
    end: Option<Why>,
    tuned: bool,
}

/// How many frames are stored of a run: enough for a playhead, and written within a frame of the page.
const STORED_FRAMES: usize = 32;

impl StoredRun {
    /// A record to be stored at this time.
    pub fn new(record: &RunRecord, at: f64) -> Self {
        let RunRecord { spec, history, loss, first_losses, val_loss, updates, accuracy, looks, end, tuned, .. } =
            record.clone();
        let first_losses = first_losses.into_iter().map(Number).collect();
        let frames = history.with_few_histograms(0).sample(STORED_FRAMES).into_iter().cloned().collect();
        Self { at, link: link_of(&spec), frames, loss, first_losses, val_loss, updates, accuracy, looks, end, tuned }
    }
}

impl From<StoredRun> for RunRecord {
    fn from(stored: StoredRun) -> Self {
        let StoredRun { link, frames, loss, first_losses, val_loss, updates, accuracy, looks, end, tuned, .. } = stored;
        let first_losses = first_losses.into_iter().map(|loss| loss.0).collect();
        let spec = Lab::from_link(&link).0.spec;
        let history = frames.iter().collect();
        let watch = watched(&spec, &loss);
        Self { spec, history, loss, watch, first_losses, val_loss, updates, accuracy, looks, end, tuned }
    }
}

/// What is to be said of losses of which only some are known any more.
fn watched(spec: &Spec, loss: &Series) -> LossWatch {
    let mut watch = LossWatch::new(spec);
    loss.points().for_each(|(step, loss)| watch.take(step, loss));
    watch
}

/// The link of a network alone, which is the name of its run in a browser's storage.
pub fn link_of(spec: &Spec) -> String {
    Lab { spec: spec.clone(), ..Lab::default() }.link()
}

/// Adds a point, unless the curve is known up to there. Returns whether it was added.
fn push_later(series: &mut Series, step: u64, value: f64) -> bool {
    let is_later = series.last().is_none_or(|(known, _)| step > known);
    if is_later {
        series.push(step, value);
    }
    is_later
}
