//! Carries out what a person does in a small lab, which the page computes itself: nothing is sent to the worker.

use super::{Edit, EngineState, Phase, Reaction, State};
use crate::lab::metric::Measures;
use crate::lab::protocol::{Command, Why};
use crate::lab::spec::Toy;

impl State {
    /// Returns whether the page shows a small lab and no network.
    pub fn is_toy(&self) -> bool {
        self.lab.spec.is_toy()
    }

    /// Carries out an edit that means something else in a small lab, and returns whether it was one.
    pub(super) fn edit_toy(&mut self, edit: &Edit) -> bool {
        let steps = self.lab.spec.training.steps;
        let has_course = self.lab.spec.toy.kind == Some(Toy::Weight);
        match edit {
            Edit::Play if has_course => {
                if self.toy_step >= steps {
                    self.toy_step = 0;
                }
                self.playing = true;
            }
            Edit::Pause => self.playing = false,
            Edit::Step(more) if has_course => {
                self.playing = false;
                self.toy_step = self.toy_step.saturating_add(*more);
            }
            Edit::Reset if has_course => {
                self.playing = false;
                self.toy_step = 0;
            }
            // A course is over after some three seconds, however many steps it has.
            Edit::Tick if self.playing => self.toy_step = self.toy_step.saturating_add(1 + steps / 75),
            Edit::Play | Edit::Step(_) | Edit::Reset | Edit::Tick | Edit::Settled => {}
            Edit::Slow(_) | Edit::Look(_) | Edit::Sweep | Edit::Cancel | Edit::Inspect(_) | Edit::Run(_) => {}
            _ => return false,
        }
        true
    }

    /// Brings the state in order after an edit that left a small lab on the page, and returns what the worker is told:
    /// only that it may rest, where it had a network before.
    pub(super) fn settle_toy(&mut self, before: Option<Toy>, opens: bool) -> Reaction {
        let steps = self.lab.spec.training.steps;
        if opens || before != self.lab.spec.toy.kind {
            // A small lab opens with its whole course, which follows the sliders; to play it begins at its start.
            (self.toy_step, self.playing) = (steps, false);
        }
        self.toy_step = self.toy_step.min(steps);
        self.playing &= self.toy_step < steps;
        self.phase = match self.playing {
            true => Phase::Running,
            false if self.toy_step >= steps => Phase::Finished(Why::Done),
            false => Phase::Paused,
        };
        if before.is_none() && self.engine == EngineState::Ready {
            return self.send([Command::Cancel, Command::Measure(Measures::default()), Command::Pause]);
        }
        Reaction::default()
    }
}
