//! Holds everything that the page knows, and the two functions that change it: [`State::edit`] for what a person or
//! another page does, and [`State::apply`] for what the worker reports. Both are pure and return the commands to send,
//! so that a whole session can be replayed in a test.

mod challenge;
mod compare;
mod edits;
mod edits_later;
mod events;
mod own;
mod past;
mod phase;
mod reaction;
mod restart;
mod resting;
mod shown;
mod toys;

pub use compare::RunEdit;
pub use edits_later::LaterEdits;
pub use own::OwnFiles;
pub use phase::{EngineState, Phase};
pub use reaction::Reaction;
pub use resting::KeptTraining;
use resting::Resting;

use std::collections::VecDeque;
use std::sync::Arc;

use super::attempt::Attempt;
use super::completion::RunClaim;
use super::examples::Examples;
use super::guess::{Guess, Guesses};
use super::inspection::{LookRequests, Subject};
use super::knob::{Knob, KnobSetting};
use super::lang::Lang;
use super::link::Lab;
use super::metric::{Frame, RunId};
use super::notice::Notice;
use super::own::OwnEdit;
use super::protocol::{Command, DeviceReport, Failure, NetworkSize, Progress};
use super::record::RunRecord;
use super::roster::{Roster, RosterEdit};
use super::runs::Runs;
use super::slow::SlowStep;
use super::spec::{DeviceChoice, Spec};
use super::sweep::Sweep;
use super::view::{Chart, Theme};

/// What a person, a link or another page asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Set a knob at its control.
    Knob(&'static Knob, KnobSetting),
    /// Set a knob to the text that was typed, which may be arithmetic where a number stands.
    Typed(&'static Knob, String),
    /// Set several knobs at once and begin a new run, as the button beside the verdict does.
    Remedy(Vec<(&'static str, KnobSetting)>),
    /// Load a prepared lab, or the default one.
    Experiment(Option<&'static str>),
    /// Apply the differences of a link and begin a new run, paused (`initlab:set`).
    Set(String),
    /// Replace the whole lab by that of a link (the address bar).
    Open(String),
    /// Begin or continue training.
    Play,
    /// Stop training.
    Pause,
    /// Train this number of steps.
    Step(u64),
    /// Begin the same run again, with the same weights and the same batches.
    Reset,
    /// Begin a new run with the next seed.
    Reseed,
    /// Continue training, because nothing was changed for a moment.
    Settled,
    /// Choose a language.
    Lang(Lang),
    /// Choose a light or dark theme.
    Theme(Theme),
    /// Choose which measured charts stand on the page, in their order; none means the standard ones.
    Charts(Vec<Chart>),
    /// Draw the limits of all number formats, or only those that training itself meets.
    Formats(bool),
    /// Do something with the runs of this page.
    Run(RunEdit),
    /// Do something with the reader's own data.
    Own(OwnEdit),
    /// Make one step in slow motion, or leave it.
    Slow(bool),
    /// Go on with the step in slow motion.
    Tick,
    /// Go back to a step of the present run, or with none to now.
    Look(Option<u64>),
    /// Train the network on the page with many values of σ at once.
    Sweep,
    /// Cancel the sweep; its results stay.
    Cancel,
    /// Look into the network as it is now.
    Inspect(Subject),
    /// Follow one of the ten digits through the network.
    Digit(usize),
    /// Run the network of a completion code again, as far as the code says.
    Verify(Box<RunClaim>),
    /// Do something with many completion codes.
    Roster(RosterEdit),
    /// Take in the student's guess of the variance and show what it is, or hide it again for another guess.
    Guess(Option<Guess>),
    /// Have the run kept, so that another engine can take it up.
    Keep,
    /// End the engine, because nobody sees the lab.
    Rest,
    /// Start the engine again, because somebody sees the lab.
    Wake,
    /// Dismiss the notices.
    Dismiss,
}

/// The state of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Everything that a link restores.
    pub lab: Lab,
    /// The number of the present run.
    pub run: RunId,
    /// The phase of the present run.
    pub phase: Phase,
    /// Whether the student wants the run to train, even if the engine is not ready yet.
    pub playing: bool,
    /// The state of the engine.
    pub engine: EngineState,
    /// What the engine is busy with, if it says so.
    pub progress: Option<Progress>,
    /// The device on which the present run trains.
    pub device: Option<DeviceReport>,
    /// The size of the network.
    pub shape: Option<NetworkSize>,
    /// The newest measurement of the present run.
    pub frame: Option<Frame>,
    /// The measurement of the present run at step 0.
    pub initial: Option<Frame>,
    /// The newest measurement at step 0 of any run. Predicted gradients are scaled to it, even while the next run is
    /// being built.
    pub anchor: Option<Frame>,
    /// The newest measurement of the previous run, which is shown until the present run has one, so that the charts do
    /// not flicker during a drag.
    pub stale: Option<Frame>,
    /// What is remembered of the present run.
    pub record: RunRecord,
    /// The other runs of this page.
    pub runs: Runs,
    /// The reader's own data.
    pub own: OwnFiles,
    /// The earlier measurement of the present run that the reader looks at.
    pub past: Option<Arc<Frame>>,
    /// The step that is being made in slow motion.
    pub slow: Option<SlowStep>,
    /// The last sweep that was asked for.
    pub sweep: Option<Sweep>,
    /// Earlier sweeps of other networks, oldest first.
    pub kept: Vec<Sweep>,
    /// What was looked into, of the present run.
    pub looks: LookRequests,
    /// What single examples show of the present run.
    pub examples: Examples,
    /// The student's guesses of the variance.
    pub guesses: Guesses,
    /// How far the challenge is, and what is run again for a code.
    pub attempt: Box<Attempt>,
    /// Many completion codes, whose runs are made one after another.
    pub roster: Box<Roster>,
    /// Notices about input that could not be taken as it was.
    pub notices: Vec<Notice>,
    /// Why the engine died, if it did.
    pub failure: Option<Failure>,
    /// Whether to stay on the CPU, because an engine died on this page.
    pub cpu_only: bool,
    /// The step up to which a small lab shows its course.
    pub toy_step: u64,
    deaths: u32,
    resting: Resting,
    /// The number of the last run that was begun, beside the present one or in its place.
    issued: RunId,
    /// The number of the last sweep, so that a late report of an earlier one is not taken for the present one's.
    sweeps: RunId,
    /// The numbers of steps that were asked for, by request; each request ends with a frame.
    asked: VecDeque<u64>,
    /// Whether the worker is making the steps of a request.
    stepping: bool,
}

/// After this number of deaths of the engine, a spec is not tried again without an edit.
const MOST_DEATHS: u32 = 2;

impl State {
    /// Returns the state for a link, before there is an engine.
    pub fn open(link: &str) -> Self {
        let (lab, notices) = Lab::default().open(link);
        let spec = lab.spec.clone();
        let mut state = Self {
            playing: false,
            lab,
            run: 1,
            phase: Phase::Waiting,
            engine: EngineState::Loading,
            progress: None,
            device: None,
            shape: None,
            frame: None,
            initial: None,
            anchor: None,
            stale: None,
            record: RunRecord::new(spec),
            runs: Runs::default(),
            own: OwnFiles::default(),
            past: None,
            slow: None,
            sweep: None,
            kept: Vec::new(),
            looks: LookRequests::default(),
            examples: Examples::default(),
            guesses: Guesses::default(),
            attempt: Box::default(),
            roster: Box::default(),
            notices,
            failure: None,
            cpu_only: false,
            toy_step: 0,
            deaths: 0,
            resting: Resting::default(),
            issued: 1,
            sweeps: 0,
            asked: VecDeque::new(),
            stepping: false,
        };
        state.adopt_pins();
        if state.is_toy() {
            state.settle_toy(None, true);
        }
        state
    }

    /// Returns the spec of the network on the page.
    pub fn spec(&self) -> &Spec {
        &self.lab.spec
    }

    /// Returns whether the worker is making steps, or will as soon as it can.
    pub fn running(&self) -> bool {
        self.phase == Phase::Running || self.playing
    }

    /// Returns the measurement to draw: that of the step that the reader looks at, or else the newest of the present
    /// run, or else that of the previous one.
    pub fn shown(&self) -> Option<&Frame> {
        self.past.as_deref().or(self.frame.as_ref()).or(self.stale.as_ref())
    }

    /// Returns the command for the next request for steps, if the engine is ready and the request before is done.
    fn next_steps(&mut self) -> Option<Command> {
        if self.engine != EngineState::Ready || self.stepping {
            return None;
        }
        let steps = self.asked.pop_front()?;
        self.stepping = true;
        if self.frame.is_some() {
            self.phase = Phase::Running;
        }
        Some(Command::Step(steps))
    }

    fn start(&self) -> Command {
        Command::Start { run: self.run, spec: self.ordered() }
    }

    /// Returns the spec for the worker, on the CPU if an engine died on this page.
    fn ordered(&self) -> Spec {
        let mut spec = self.lab.spec.clone();
        if self.cpu_only {
            spec.run.device = DeviceChoice::Cpu;
        }
        spec
    }
}
