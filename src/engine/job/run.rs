//! The lab's run: one network, trained while somebody looks.

use std::rc::Rc;

use burn::tensor::Device;

use super::{Job, JobReport, Slicing};
use crate::engine::batch::Data;
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::pacer::Pacer;
use crate::engine::session::{Session, Slice};
use crate::lab::metric::RunId;
use crate::lab::protocol::{Event, Failure, Why};
use crate::lab::spec::Spec;

/// Wall time of a slice: short enough for a live picture, long enough that its one read is cheap.
const SLICE_MS: f64 = 60.0;
/// Steps of a slice at most; each one's loss is kept on the device until the read.
const MOST_STEPS: u64 = 200;

/// A network, and how far it is to be trained.
pub(crate) struct Run {
    session: Session,
    mode: Mode,
    pacer: Pacer,
    /// What happened since the last report.
    events: Vec<Event>,
    over: bool,
}

/// What is to be done with the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Idle,
    Running,
    Steps(u64),
}

impl Run {
    /// Draws the weights and uploads them. The data is already on the device.
    pub(crate) fn build(run: RunId, spec: Spec, data: Rc<Data>, device: &Device) -> Self {
        let session = Session::build(run, spec, data, device);
        Self { session, mode: Mode::Idle, pacer: Pacer::new(SLICE_MS, MOST_STEPS), events: Vec::new(), over: false }
    }

    /// The network and its training.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// What happened since this was asked last.
    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// That the network was built, and its size.
    pub(crate) fn started(&self) -> Event {
        Event::Started { run: self.session.run(), shape: self.session.shape() }
    }

    /// Measures the network at its initialization.
    pub(crate) async fn start(&mut self) -> Result<(), Failure> {
        let slice = self.session.start().await?;
        self.take(slice, 0.0);
        Ok(())
    }

    /// Takes over the live knobs, if it is this run that is meant.
    pub(crate) fn tune(&mut self, run: RunId, spec: &Spec) {
        if self.session.run() == run {
            self.session.tune(spec);
        }
    }

    /// Trains on to the end.
    pub(crate) fn resume(&mut self) {
        self.mode = Mode::Running;
    }

    /// Trains so many steps.
    pub(crate) fn step(&mut self, count: u64) {
        self.mode = if count > 0 { Mode::Steps(count) } else { Mode::Idle };
    }

    /// Trains no further for now.
    pub(crate) fn pause(&mut self) -> Event {
        self.mode = Mode::Idle;
        Event::Paused { run: self.session.run(), step: self.session.step() }
    }

    /// That the run is over, and how it ended.
    pub(crate) fn finished(&self, why: Why) -> Event {
        Event::Finished { run: self.session.run(), step: self.session.step(), why }
    }

    async fn advance(&mut self) -> Result<(), Failure> {
        let session = &mut self.session;
        let wanted = match self.mode {
            Mode::Idle => return Ok(()),
            Mode::Running => session.left(),
            Mode::Steps(count) => count.min(session.left()),
        };
        if wanted == 0 {
            self.events.push(self.finished(Why::Done));
            self.mode = Mode::Idle;
            return Ok(());
        }
        let count = wanted.min(self.pacer.steps()).min(session.stretch());
        let last = self.mode == Mode::Steps(count) || count == session.left();
        let adapted = session.adapted();
        let begun = now_ms();
        let slice = session.advance(count as usize, last).await?;
        let step_ms = self.pacer.record(begun, count);
        if session.adapted() != adapted {
            // It has another size now.
            self.events.push(self.started());
        }
        if let Mode::Steps(asked) = self.mode {
            self.mode = Mode::Steps(asked - count);
        }
        self.take(slice, step_ms);
        if self.mode == Mode::Steps(0) {
            let paused = self.pause();
            self.events.push(paused);
        }
        Ok(())
    }

    fn take(&mut self, slice: Slice, step_ms: f64) {
        let Slice { mut frame, end } = slice;
        frame.step_ms = step_ms;
        self.events.push(Event::Frame(frame));
        if let Some(why) = end {
            self.events.push(self.finished(why));
            self.mode = Mode::Idle;
            self.over = true;
        }
    }
}

impl Job for Run {
    fn slice<'a>(&'a mut self, _: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance())
    }

    fn report(&mut self) -> JobReport {
        JobReport::Lab(self.take_events())
    }

    fn is_over(&self) -> bool {
        self.over
    }

    fn has_work(&self) -> bool {
        self.mode != Mode::Idle
    }
}
