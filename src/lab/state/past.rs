//! Goes back in time, and makes a step in slow motion.

use std::sync::Arc;

use super::{Phase, Reaction, State};
use crate::lab::metric::Frame;
use crate::lab::protocol::Command;
use crate::lab::slow::{SlowPhase, SlowStep};

impl State {
    /// Goes back to a step of the present run, or with none to now. The newest measurement is now.
    pub(super) fn look(&mut self, step: Option<u64>) {
        let newest = self.record.step();
        self.past = step.filter(|step| Some(*step) < newest).and_then(|step| self.record.at(step).cloned());
    }

    /// Begins a step in slow motion, from now, or leaves one: then everything that is measured is shown again.
    pub(super) fn slow_down(&mut self, on: bool) -> Reaction {
        let is_over = matches!(self.phase, Phase::Finished(_));
        self.slow = self.frame.as_ref().filter(|_| on && !is_over).map(SlowStep::new);
        if self.slow.is_none() {
            return Reaction::default();
        }
        self.past = None;
        let playing = std::mem::take(&mut self.playing);
        if playing { self.send([Command::Pause]) } else { Reaction::default() }
    }

    /// Goes on with the step in slow motion. Its end is the update, which is a step of the worker.
    pub(super) fn tick(&mut self) -> Reaction {
        let Some(slow) = self.slow.map(SlowStep::next) else { return Reaction::default() };
        self.slow = Some(slow);
        if slow.phase() == SlowPhase::Update {
            self.slow = None;
            return self.step(1);
        }
        Reaction::default()
    }

    /// The state as it was at the step that the reader looks at, if that is not now.
    pub fn then(&self) -> Option<Self> {
        let past: &Arc<Frame> = self.past.as_ref()?;
        Some(Self {
            frame: Some(Frame::clone(past)),
            record: self.record.until(past.step),
            phase: Phase::Paused,
            past: None,
            sweep: None,
            kept: Vec::new(),
            runs: Default::default(),
            ..self.clone()
        })
    }
}
