//! A run that outlives its engine: what it can be taken up from is kept by the page. So a worker that dies takes at most
//! half a minute of training with it, and a lab that nobody sees needs no worker.

use std::sync::Arc;

use super::{EngineState, Phase, Reaction, State};
use crate::lab::metric::{Frame, RunId};
use crate::lab::protocol::{Command, Why};
use crate::lab::spec::memory::parameters;

/// A run of more learned numbers is not kept: with their averages they take three times four bytes each, here and in the
/// worker.
const MOST_NUMBERS: usize = 1 << 22;

/// What a run can be taken up from.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptTraining {
    run: RunId,
    /// Updates made.
    pub step: u64,
    bytes: Arc<[u8]>,
}

/// What becomes of the training of a run when its engine ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Resting {
    kept: Option<KeptTraining>,
    /// Whether the engine ends as soon as the run is kept.
    ends: bool,
    /// Whether the frames that come first are of a run that is being taken up.
    takes_up: bool,
    /// The step from which the run goes on after its engine died, if it was kept.
    taken_up: Option<u64>,
    /// The step at which the last engine died.
    pub(super) died_at: u64,
}

impl Resting {
    /// Forgets what belongs to a run that is not the present one any more.
    pub(super) fn leave(&mut self) {
        *self = Self { died_at: self.died_at, ..Self::default() };
    }
}

impl State {
    /// What the present run can be taken up from.
    pub fn kept_training(&self) -> Option<&KeptTraining> {
        self.resting.kept.as_ref().filter(|kept| kept.run == self.run)
    }

    /// The step from which the run goes on after its engine died, if it was kept.
    pub fn taken_up(&self) -> Option<u64> {
        self.resting.taken_up
    }

    /// Has the run kept, if it was trained since it was kept last.
    pub(super) fn keep(&mut self) -> Reaction {
        let trained = self.trained();
        let is_new = trained > self.kept_training().map_or(0, |kept| kept.step);
        if is_new && self.can_be_kept() { self.send([Command::Keep]) } else { Reaction::default() }
    }

    /// Ends the engine, because nobody sees the lab; before, the run is kept, if it was trained. An engine that has
    /// something else to do stays.
    pub(super) fn rest(&mut self) -> Reaction {
        let is_busy = self.sweep.as_ref().is_some_and(|sweep| sweep.running())
            || self.runs.list().iter().any(|run| run.along)
            || self.roster.is_running()
            || self.playing
            || self.engine != EngineState::Ready;
        if is_busy {
            return Reaction::default();
        }
        let trained = self.trained();
        if trained == 0 || self.kept_training().is_some_and(|kept| kept.step == trained) || self.is_broken() {
            self.engine = EngineState::Resting;
            return Reaction::default();
        }
        self.resting.ends = self.can_be_kept();
        self.keep()
    }

    /// Starts the engine again that was ended by [`Self::rest`], and no other.
    pub(super) fn wake(&mut self) -> Reaction {
        self.resting.ends = false;
        // There is nothing to go on with after a divergence; a new run starts the engine.
        if self.engine == EngineState::Resting && !self.is_broken() {
            self.engine = EngineState::Loading;
        }
        Reaction::default()
    }

    /// Takes in what the run can be taken up from.
    pub(super) fn keep_training(&mut self, run: RunId, step: u64, bytes: Arc<[u8]>) {
        let ends = std::mem::take(&mut self.resting.ends);
        if run != self.run || bytes.is_empty() {
            return;
        }
        self.resting.kept = Some(KeptTraining { run, step, bytes });
        // It may have been woken or trained on since.
        if ends && self.engine == EngineState::Ready && !self.playing && self.trained() == step {
            self.engine = EngineState::Resting;
        }
    }

    /// Goes back to where the run was kept, so that the next engine takes it up there. Returns whether it was kept.
    pub(super) fn go_back_to_kept(&mut self) -> bool {
        let Some(step) = self.kept_training().map(|kept| kept.step) else { return false };
        self.record = self.record.until(step);
        self.resting.taken_up = Some(step);
        self.asked.clear();
        self.wait_for_engine();
        true
    }

    /// Waits for an engine with the run as it is.
    fn wait_for_engine(&mut self) {
        self.phase = Phase::Waiting;
        self.stepping = false;
        self.stale = self.frame.take().or(self.stale.take());
        self.looks.clear();
    }

    /// The command that takes up the run, which a new engine has just been told to start.
    pub(super) fn take_up(&mut self) -> Option<Command> {
        let KeptTraining { run, bytes, .. } = self.kept_training()?.clone();
        self.wait_for_engine();
        self.resting.takes_up = true;
        Some(Command::TakeUp { run, kept: bytes })
    }

    /// Whether a frame is only that of the start of a run that is being taken up, which nobody is shown or told.
    pub fn is_on_the_way(&self, frame: &Frame) -> bool {
        self.resting.takes_up && frame.step == 0
    }

    /// Passes over a frame that is on the way. Returns whether it was one.
    pub(super) fn pass_over(&mut self, frame: &Frame) -> bool {
        let is_on_the_way = self.is_on_the_way(frame);
        if is_on_the_way {
            self.initial = Some(frame.clone());
            self.anchor = Some(frame.clone());
        }
        self.resting.takes_up = false;
        is_on_the_way
    }

    /// Restarts the engine if it was given up or rests, and runs `then`.
    pub(super) fn revive(&mut self, then: impl FnOnce(&mut Self) -> Reaction) -> Reaction {
        if matches!(self.engine, EngineState::Dead | EngineState::Resting) {
            self.engine = EngineState::Loading;
        }
        then(self)
    }

    /// Returns commands for an engine that is ready. Others would be lost, so they are dropped; `engine_ready` sends
    /// them again.
    pub(super) fn send<const N: usize>(&self, commands: [Command; N]) -> Reaction {
        match self.engine {
            EngineState::Ready => Reaction { commands: commands.into(), settle: false },
            EngineState::Loading | EngineState::Resting | EngineState::Dead => Reaction::default(),
        }
    }

    /// The updates of the present run that were measured.
    fn trained(&self) -> u64 {
        self.record.step().unwrap_or(0)
    }

    fn can_be_kept(&self) -> bool {
        !self.is_broken() && parameters(self.spec()) <= MOST_NUMBERS
    }

    fn is_broken(&self) -> bool {
        matches!(self.phase, Phase::Finished(Why::Diverged { .. }))
    }
}
