//! The lab's run: one network, trained while somebody looks.

use std::rc::Rc;

use burn::tensor::Device;

use super::{Job, JobReport, Slicing};
use crate::engine::batch::Data;
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::initial::InitialDraw;
use crate::engine::pacer::Pacer;
use crate::engine::session::{Session, Slice};
use crate::engine::writer::LineWriter;
use crate::lab::metric::{Frame, Measures, RunId};
use crate::lab::protocol::{Command, Event, Failure, Why};
use crate::lab::spec::Spec;

/// Wall time of a slice: short enough for a live picture, long enough that its one read is cheap.
const SLICE_MS: f64 = 60.0;
/// While it trains, a slice of writing comes after so many milliseconds of training: lines are a by-product.
const WRITING_EVERY_MS: f64 = 500.0;
/// Steps of a slice at most; each one's loss is kept on the device until the read.
const MOST_STEPS: u64 = 200;

/// A network, and how far it is to be trained.
pub(crate) struct Run {
    session: Session,
    mode: Mode,
    pacer: Pacer,
    /// What happened since the last report.
    events: Vec<Event>,
    /// Whether the network does not train on.
    over: bool,
    /// Whether it cannot even be looked at any more. One that made all its steps can.
    gone: bool,
    /// Whether the last frame is to be told once more, with what was asked for since.
    again: bool,
    /// The first weights, which are drawn again for it, slice by slice.
    first_weights: Option<InitialDraw>,
    /// Whether the network was measured at its start.
    begun: bool,
    /// What writes the lines of a GPT.
    writer: LineWriter,
    /// For how long it trained since the last slice of writing, in milliseconds.
    unwritten_ms: f64,
    /// The wall time of a step in the last slice, in milliseconds.
    step_ms: f64,
    /// Whether the page asked for its end.
    dropped: bool,
}

/// What is to be done with the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Idle,
    Running,
    Steps(u64),
}

impl Run {
    /// Uploads the first values of each tensor. The data is already on the device.
    pub(crate) fn build(run: RunId, spec: Spec, values: Vec<Vec<f32>>, data: Rc<Data>, device: &Device) -> Self {
        let session = Session::with_values(run, spec, values, data, device);
        let pacer = Pacer::new(SLICE_MS, MOST_STEPS);
        Self {
            session,
            mode: Mode::Idle,
            pacer,
            events: Vec::new(),
            over: false,
            gone: false,
            again: false,
            first_weights: None,
            begun: false,
            writer: LineWriter::default(),
            unwritten_ms: 0.0,
            step_ms: 0.0,
            dropped: false,
        }
    }

    /// The network and its training.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// The network of a run that is gone, unless the page has dropped it.
    pub(crate) fn ended(self) -> Option<Session> {
        (!self.dropped).then_some(self.session)
    }

    /// That the network was built, and its size.
    pub(crate) fn started(&self) -> Event {
        Event::Started { run: self.session.run(), shape: self.session.shape() }
    }

    /// From now on measures this too.
    pub(crate) fn measure(&mut self, measures: Measures) {
        self.again |= self.session.measure_too(measures);
        self.writer.switch(measures.lines);
        // Before the network is measured at its start nothing is to be told of it.
        if self.begun {
            self.writer.offer(&self.session, true);
        }
    }

    /// Measures the network at its initialization.
    pub(crate) async fn start(&mut self) -> Result<(), Failure> {
        let slice = self.session.start().await?;
        self.begun = true;
        self.record(slice, 0.0);
        Ok(())
    }

    /// Goes on from what was kept of this run. If it was kept of another, the run stays where it is, and tells of that
    /// step once more.
    pub(crate) async fn take_up(&mut self, kept: &[u8]) -> Result<(), Failure> {
        let adapted = self.session.adapted();
        match self.session.take_up(kept).await? {
            Some(slice) => {
                if self.session.adapted() != adapted {
                    self.events.push(self.started());
                }
                self.record(slice, 0.0);
            }
            None => self.again = true,
        }
        Ok(())
    }

    /// Carries out a command that concerns the present run; others do nothing.
    pub(crate) fn obey(&mut self, command: Command) {
        self.dropped |= command == Command::Stop;
        if self.over {
            self.gone |= self.dropped;
            return;
        }
        match command {
            Command::Tune { run, spec } if run == self.session.run() => self.session.tune(&spec),
            Command::Resume => self.mode = Mode::Running,
            Command::Step(count) => self.mode = if count > 0 { Mode::Steps(count) } else { Mode::Idle },
            Command::Pause => self.pause(),
            Command::Stop => self.finish(Why::Stopped),
            _ => {}
        }
    }

    /// Whether it does not train on.
    pub(crate) fn is_done(&self) -> bool {
        self.over
    }

    /// Trains if another run does.
    pub(crate) fn follow(&mut self, other: &Self) {
        if other.mode == Mode::Running && !self.over {
            self.mode = Mode::Running;
        }
    }

    /// A slice: of training, now and then of writing, or a measurement that was asked for since the last one, which has a
    /// read of its own.
    async fn advance(&mut self) -> Result<(), Failure> {
        if self.again {
            self.first_weights = self.first_weights.take().or_else(|| self.session.first_weights());
            if self.first_weights.as_mut().is_some_and(|draw| !draw.advance_for(SLICE_MS)) {
                return Ok(());
            }
            self.again = false;
            if let Some(mut frame) = self.session.measure_again(self.first_weights.take()).await? {
                frame.step_ms = self.step_ms;
                self.events.push(Event::Frame(frame));
            }
            return Ok(());
        }
        if self.writer.is_writing() && (self.mode == Mode::Idle || self.unwritten_ms >= WRITING_EVERY_MS) {
            self.unwritten_ms = 0.0;
            self.events.extend(self.writer.advance(SLICE_MS).await?);
            // Training may have stopped while an earlier line was being written.
            if self.mode == Mode::Idle && !self.gone {
                self.writer.offer(&self.session, true);
            }
            return Ok(());
        }
        let session = &mut self.session;
        let wanted = match self.mode {
            Mode::Idle => return Ok(()),
            Mode::Running => session.left(),
            Mode::Steps(count) => count.min(session.left()),
        };
        if wanted == 0 {
            // The knob of steps was turned to fewer than were made; turned back, the run can go on.
            self.events.push(self.finished(Why::Done));
            self.mode = Mode::Idle;
            return Ok(());
        }
        let count = wanted.min(self.pacer.steps()).min(session.stretch());
        let last = self.mode == Mode::Steps(count) || count == session.left();
        let adapted = session.adapted();
        let begun = now_ms();
        let slice = session.advance(count as usize, last).await?;
        let step_ms = self.pacer.record(begun, count, slice.bare_ms);
        self.unwritten_ms += step_ms * count as f64;
        // An adapted network has another size.
        if session.adapted() != adapted {
            self.events.push(self.started());
        }
        if let Mode::Steps(asked) = self.mode {
            self.mode = Mode::Steps(asked - count);
        }
        self.record(slice, step_ms);
        if self.mode == Mode::Steps(0) {
            self.pause();
        }
        Ok(())
    }

    fn record(&mut self, slice: Slice, step_ms: f64) {
        let Slice { trail, before, frame, end, .. } = slice;
        self.step_ms = step_ms;
        self.events.extend(before.into_iter().chain([frame]).map(|frame| Event::Frame(Frame { step_ms, ..frame })));
        // They stand between frames, so they come when those are known.
        if !trail.is_empty() {
            self.events.push(Event::Trail { run: self.session.run(), frames: trail });
        }
        let is_end = end.is_some();
        if let Some(why) = end {
            self.finish(why);
        }
        // One that broke has nothing to write.
        if !self.gone {
            self.writer.offer(&self.session, is_end);
        }
    }

    fn pause(&mut self) {
        self.mode = Mode::Idle;
        self.writer.offer(&self.session, true);
        self.events.push(Event::Paused { run: self.session.run(), step: self.session.step() });
    }

    fn finish(&mut self, why: Why) {
        self.gone = why != Why::Done;
        self.events.push(self.finished(why));
        (self.mode, self.over) = (Mode::Idle, true);
    }

    fn finished(&self, why: Why) -> Event {
        Event::Finished { run: self.session.run(), step: self.session.step(), why }
    }
}

impl Job for Run {
    fn slice<'a>(&'a mut self, _: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance())
    }

    fn report(&mut self) -> JobReport {
        JobReport::Lab(std::mem::take(&mut self.events))
    }

    fn is_over(&self) -> bool {
        self.gone
    }

    fn has_work(&self) -> bool {
        self.mode != Mode::Idle || self.again || self.writer.is_writing()
    }
}
