//! The loop between commands and events: one unit of work a turn, so that whoever drives it can
//! look for new commands in between. Pausing is not being driven on; dropping is cancelling.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::clock::now_ms;
use super::demand::largest;
use super::device::{Devices, OpenGpu, on_cpu};
use super::race::Races;
use super::session::{Session, Slice};
use super::sweep::Sweep;
use crate::lab::protocol::{Command, Device as Kind, DeviceReason, DeviceReport, Event, Failure, Progress, Why};
use crate::lab::spec::{DeviceChoice, Spec};

/// Wall time of a slice: short enough for a live picture, long enough that its one read is cheap.
const SLICE_MS: f64 = 60.0;
/// Steps of a slice at most; each one's loss is kept on the device until the read.
const MOST_STEPS: f64 = 200.0;
/// Networks from this size on are announced, because drawing their weights takes a while.
const LARGE: usize = 400_000;

/// What the host is to do with its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Idle,
    Running,
    Steps(u64),
}

/// One engine.
pub struct Host<G> {
    devices: Devices<G>,
    races: Races,
    report: Option<DeviceReport>,
    session: Option<Session>,
    sweep: Option<Sweep>,
    data: Option<Rc<Data>>,
    mode: Mode,
    step_ms: f64,
}

impl<G: OpenGpu> Host<G> {
    /// An engine without a run.
    pub fn new(gpu: G) -> Self {
        Self {
            devices: Devices::new(gpu),
            races: Races::default(),
            report: None,
            session: None,
            sweep: None,
            data: None,
            mode: Mode::Idle,
            step_ms: SLICE_MS,
        }
    }

    /// The present run.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Carries out commands, or else one slice of training. Answers whether there is more to do.
    ///
    /// Everything before the last `Start` concerns runs that nobody looks at any more.
    pub async fn turn(&mut self, commands: Vec<Command>, emit: &mut impl FnMut(Event)) -> bool {
        if commands.is_empty() {
            self.work(emit).await;
        }
        let last_start = commands.iter().rposition(|command| matches!(command, Command::Start { .. }));
        for command in commands.into_iter().skip(last_start.unwrap_or(0)) {
            self.obey(command, emit).await;
        }
        self.mode != Mode::Idle || self.sweep.is_some()
    }

    /// One slice of whatever is under way; a sweep goes first.
    async fn work(&mut self, emit: &mut impl FnMut(Event)) {
        let Some(sweep) = &mut self.sweep else { return self.slice(emit).await };
        let (event, done) = sweep.slice().await;
        if done {
            self.sweep = None;
        }
        emit(event);
    }

    async fn obey(&mut self, command: Command, emit: &mut impl FnMut(Event)) {
        match command {
            Command::Start { run, spec } => {
                self.mode = Mode::Idle;
                // The old run's memory is free before the new one takes its own.
                self.session = None;
                self.sweep = None;
                self.devices.release();
                let device = self.choose(&spec, 1, emit).await;
                if spec.network.depth * spec.network.width * spec.network.width > LARGE {
                    emit(Event::Progress(Progress::Building));
                }
                let data = self.data(&spec, &device);
                let mut session = Session::build(run, spec, data, &device);
                emit(Event::Started { run, shape: session.shape() });
                let slice = session.start().await;
                self.session = Some(session);
                self.step_ms = SLICE_MS;
                self.finish(slice, 0.0, emit);
            }
            Command::Tune { run, spec } => {
                if let Some(session) = self.session.as_mut().filter(|session| session.run() == run) {
                    session.tune(&spec);
                }
            }
            Command::Resume if self.session.is_some() => self.mode = Mode::Running,
            Command::Step(count) if self.session.is_some() => {
                self.mode = if count > 0 { Mode::Steps(count) } else { Mode::Idle };
            }
            Command::Pause => self.pause(emit),
            Command::Stop => {
                if let Some(session) = self.session.take() {
                    emit(Event::Finished { run: session.run(), step: session.step(), why: Why::Stopped });
                }
                self.mode = Mode::Idle;
            }
            Command::Sweep { run, specs } => {
                let Some(first) = specs.first() else { return };
                self.sweep = None;
                let device = self.choose(first, specs.len(), emit).await;
                emit(Event::Progress(Progress::Building));
                let data = self.data(first, &device);
                self.sweep = Some(Sweep::build(run, specs, data, &device));
            }
            Command::Cancel => self.sweep = None,
            Command::Ping => emit(Event::Alive),
            // A run that is over cannot go on.
            Command::Resume | Command::Step(_) => {}
        }
    }

    /// The device for so many networks trained as one.
    async fn choose(&mut self, spec: &Spec, networks: usize, emit: &mut impl FnMut(Event)) -> Device {
        if self.devices.must_open(spec.run.device) {
            emit(Event::Progress(Progress::StartingWebGpu));
        }
        let needed = self.devices.in_need();
        let (mut device, mut report) = self.devices.choose(spec.run.device, largest(spec, networks)).await;
        if spec.run.device == DeviceChoice::Auto && report.device == Kind::WebGpu && Races::concern(spec) {
            let cpu = self.devices.cpu().clone();
            let cpu_wins = match self.races.known(spec) {
                Some(cpu_wins) => cpu_wins,
                None => {
                    emit(Event::Progress(Progress::Comparing));
                    self.races.run(spec, &cpu, &device).await
                }
            };
            if cpu_wins {
                if !needed {
                    self.devices.release();
                }
                (device, report) = (cpu, on_cpu(DeviceReason::CpuFaster));
            } else {
                report.reason = Some(DeviceReason::GpuFaster);
            }
        }
        if self.report.as_ref() != Some(&report) {
            // The first network on a GPU compiles its kernels.
            emit(Event::Device(report.clone()));
            // It lies on the device that was used before.
            self.data = None;
            emit(Event::Progress(Progress::Building));
            self.report = Some(report);
        }
        device
    }

    /// The data of a spec on the device, which stays there from run to run.
    fn data(&mut self, spec: &Spec, device: &Device) -> Rc<Data> {
        match &self.data {
            Some(data) if data.fits(spec) => Rc::clone(data),
            _ => Rc::clone(self.data.insert(Rc::new(Data::load(spec, device)))),
        }
    }

    async fn slice(&mut self, emit: &mut impl FnMut(Event)) {
        let Some(session) = self.session.as_mut() else { return };
        let wanted = match self.mode {
            Mode::Idle => return,
            Mode::Running => session.left(),
            Mode::Steps(count) => count.min(session.left()),
        };
        if wanted == 0 {
            emit(Event::Finished { run: session.run(), step: session.step(), why: Why::Done });
            self.mode = Mode::Idle;
            return;
        }
        let room = (SLICE_MS / self.step_ms).clamp(1.0, MOST_STEPS) as u64;
        let count = wanted.min(room).min(session.stretch());
        let last = matches!(self.mode, Mode::Steps(asked) if asked == count) || count == session.left();
        let adapted = session.adapted();
        let begun = now_ms();
        let slice = session.advance(count as usize, last).await;
        let step_ms = (now_ms() - begun) / count as f64;
        // Half old, half new: one slow slice (kernels being compiled) must not stall the next ones.
        self.step_ms = 0.5 * (self.step_ms + step_ms).max(1e-3);
        if session.adapted() != adapted {
            // It has another size now.
            emit(Event::Started { run: session.run(), shape: session.shape() });
        }
        if let Mode::Steps(asked) = self.mode {
            self.mode = Mode::Steps(asked - count);
        }
        self.finish(slice, step_ms, emit);
        if self.mode == Mode::Steps(0) {
            self.pause(emit);
        }
    }

    fn finish(&mut self, slice: Result<Slice, Failure>, step_ms: f64, emit: &mut impl FnMut(Event)) {
        match slice {
            Ok(Slice { mut frame, end }) => {
                frame.step_ms = step_ms;
                let (run, step) = (frame.run, frame.step);
                emit(Event::Frame(frame));
                if let Some(why) = end {
                    emit(Event::Finished { run, step, why });
                    self.mode = Mode::Idle;
                    self.session = None;
                }
            }
            Err(failure) => {
                emit(Event::Failed(failure));
                self.mode = Mode::Idle;
                self.session = None;
            }
        }
    }

    fn pause(&mut self, emit: &mut impl FnMut(Event)) {
        self.mode = Mode::Idle;
        if let Some(session) = &self.session {
            emit(Event::Paused { run: session.run(), step: session.step() });
        }
    }
}
