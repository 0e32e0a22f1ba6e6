//! Everything the page knows, and the two functions that change it: [`State::edit`] for what a
//! person or a foreign page does, [`State::apply`] for what the worker reports. Both are pure and
//! answer with the commands to send, so that a whole session can be replayed in a test.

mod edits;
mod events;

use std::collections::VecDeque;

use super::knob::{Knob, KnobSetting};
use super::lang::Lang;
use super::link::Lab;
use super::metric::{Frame, RunId};
use super::notice::Notice;
use super::protocol::{Command, DeviceReport, Failure, NetworkSize, Progress, Why};
use super::series::Series;
use super::spec::{DeviceChoice, Spec};
use super::sweep::Sweep;
use super::view::Theme;

/// What a person, a link or a foreign page asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Set a knob at its control.
    Knob(&'static Knob, KnobSetting),
    /// Set a knob to what was typed.
    Typed(&'static Knob, String),
    /// Set several knobs at once and begin anew: the button beside the verdict.
    Remedy(Vec<(&'static str, KnobSetting)>),
    /// Load a prepared lab, or the plain one.
    Experiment(Option<&'static str>),
    /// Apply a link's differences on top, and begin a new run, paused (`initlab:set`).
    Set(String),
    /// Replace the whole lab by a link (the address bar).
    Open(String),
    /// Train.
    Play,
    /// Stop training.
    Pause,
    /// Train this many steps.
    Step(u64),
    /// The same run from its start: the same weights, the same batches.
    Reset,
    /// The next seed.
    Reseed,
    /// Nothing was dragged for a moment: training may begin again.
    Settled,
    /// Choose a language.
    Lang(Lang),
    /// Choose light or dark.
    Theme(Theme),
    /// Train the network on the page from many σ at once.
    Sweep,
    /// Give the sweep up; what it found stays.
    Cancel,
    /// Put the notices away.
    Dismiss,
}

/// What an edit needs done outside the state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reaction {
    /// To the worker, in order.
    pub commands: Vec<Command>,
    /// Send [`Edit::Settled`] after a moment without further edits.
    pub settle: bool,
}

/// Where the engine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineState {
    /// Its code is on the way.
    Loading,
    /// It listens.
    Ready,
    /// It died, and is not started again until something is changed.
    Dead,
}

/// Where the run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not measured yet.
    Waiting,
    /// Measured, and not training.
    Paused,
    /// Training.
    Running,
    /// Over.
    Finished(Why),
}

/// The page's state.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What a link restores.
    pub lab: Lab,
    /// The present run.
    pub run: RunId,
    /// The run's phase.
    pub phase: Phase,
    /// The student wants it to train (true also while the engine is still on its way).
    pub playing: bool,
    /// The engine.
    pub engine: EngineState,
    /// What the engine is busy with.
    pub progress: Option<Progress>,
    /// The device of the present run.
    pub device: Option<DeviceReport>,
    /// The network's size.
    pub shape: Option<NetworkSize>,
    /// The newest measurement of this run.
    pub frame: Option<Frame>,
    /// The measurement at initialization of this run.
    pub initial: Option<Frame>,
    /// The newest measurement at initialization of any run: what predicted gradients are anchored to, also
    /// while the next run is being built.
    pub anchor: Option<Frame>,
    /// The newest measurement of the run before, shown until this run has one, so that a drag
    /// does not flicker.
    pub stale: Option<Frame>,
    /// Training loss by step.
    pub loss: Series,
    /// Held-out loss by step.
    pub val_loss: Series,
    /// Share of held-out predictions that were right when it was last measured.
    pub accuracy: Option<f64>,
    /// The last sweep that was asked for.
    pub sweep: Option<Sweep>,
    /// Sweeps before it, of other networks, oldest first.
    pub kept: Vec<Sweep>,
    /// Input that could not be taken as it was.
    pub notices: Vec<Notice>,
    /// Why the engine died, if it did.
    pub failure: Option<Failure>,
    /// The GPU engine died on this page: stay on the CPU.
    pub cpu_only: bool,
    deaths: u32,
    /// Counts sweeps, so that a late word of an earlier one is not taken for the present one's.
    sweeps: RunId,
    /// Steps that were asked for, request by request; each ends with a frame of its own.
    asked: VecDeque<u64>,
    /// The worker is making the steps of one request.
    stepping: bool,
}

/// A spec that killed the engine this often is not tried again by itself.
const MOST_DEATHS: u32 = 2;

impl State {
    /// The lab of a link, before any engine.
    pub fn open(link: &str) -> Self {
        let (lab, notices) = Lab::default().open(link);
        Self {
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
            loss: Series::default(),
            val_loss: Series::default(),
            accuracy: None,
            sweep: None,
            kept: Vec::new(),
            notices,
            failure: None,
            cpu_only: false,
            deaths: 0,
            sweeps: 0,
            asked: VecDeque::new(),
            stepping: false,
        }
    }

    /// The network on the page.
    pub fn spec(&self) -> &Spec {
        &self.lab.spec
    }

    /// The language, where the link does not say: `fallback`, the browser's.
    pub fn lang(&self, fallback: Lang) -> Lang {
        self.lab.view.lang.unwrap_or(fallback)
    }

    /// Whether the worker is making steps, or will as soon as it can.
    pub fn running(&self) -> bool {
        self.phase == Phase::Running || self.playing
    }

    /// The measurement to draw: this run's, or while there is none, the run's before.
    pub fn shown(&self) -> Option<&Frame> {
        self.frame.as_ref().or(self.stale.as_ref())
    }

    /// A new run of the present spec. A run that was playing plays on once the hand rests.
    fn restart(&mut self) -> Reaction {
        self.begin();
        self.deaths = 0;
        let settle = self.playing;
        self.revive(|state| {
            let mut reaction = state.send([state.start()]);
            reaction.settle = settle;
            reaction
        })
    }

    fn begin(&mut self) {
        self.run += 1;
        self.give_up_sweep();
        self.phase = Phase::Waiting;
        self.asked.clear();
        self.stepping = false;
        self.stale = self.frame.take().or(self.stale.take());
        self.initial = None;
        self.shape = None;
        self.loss = Series::default();
        self.val_loss = Series::default();
        self.accuracy = None;
    }

    /// A sweep is of the network that stood there; what it found so far stays. Answers whether there
    /// was one.
    fn give_up_sweep(&mut self) -> bool {
        let running = self.sweep.as_mut().filter(|sweep| sweep.running());
        let was_running = running.map(|sweep| sweep.cancelled = true).is_some();
        if !self.awaits() {
            self.progress = None;
        }
        was_running
    }

    /// Whether anything is under way that the engine would tell of before there are numbers. Its word
    /// may come after what it is about was given up.
    fn awaits(&self) -> bool {
        self.phase == Phase::Waiting || self.sweep.as_ref().is_some_and(Sweep::running)
    }

    /// Runs `then` if there is an engine; wakes one that was given up.
    fn revive(&mut self, then: impl FnOnce(&mut Self) -> Reaction) -> Reaction {
        if self.engine == EngineState::Dead {
            self.engine = EngineState::Loading;
        }
        then(self)
    }

    /// The next request for steps, once the one before is done.
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

    /// The spec as the worker gets it.
    fn ordered(&self) -> Spec {
        let mut spec = self.lab.spec.clone();
        if self.cpu_only {
            spec.run.device = DeviceChoice::Cpu;
        }
        spec
    }

    /// What is said before the worker listens is lost; `engine_ready` says it again.
    fn send<const N: usize>(&self, commands: [Command; N]) -> Reaction {
        match self.engine {
            EngineState::Ready => Reaction { commands: commands.into(), settle: false },
            EngineState::Loading | EngineState::Dead => Reaction::default(),
        }
    }
}
