//! Trains as far as a goal asks, and runs the network of a completion code again.

use super::{Reaction, State};
use crate::lab::attempt::CodeCheck;
use crate::lab::completion::RunClaim;
use crate::lab::protocol::Command;

impl State {
    /// Returns the command that trains on. Where the goal names a step that is still to come, it goes just so far, so
    /// that there is a measurement of that very step.
    pub(super) fn onward(&mut self) -> Command {
        let now = self.frame.as_ref().map_or(0, |frame| frame.step);
        match self.last_step().filter(|last| *last > now) {
            Some(last) => {
                self.stepping = true;
                Command::Step(last - now)
            }
            None => Command::Resume,
        }
    }

    /// Returns the last step at which the goal can be reached, if there is one.
    pub(super) fn last_step(&self) -> Option<u64> {
        self.lab.task.as_ref().and_then(|task| task.goal.last_step())
    }

    /// Begins the run that a completion code tells of, and makes as many steps as it says.
    pub(super) fn verify(&mut self, claim: RunClaim) -> Reaction {
        self.lab.experiment = claim.experiment;
        self.lab.task = Some(claim.task.clone());
        self.lab.spec = claim.spec.clone();
        self.lab.pins.clear();
        self.lab.code.clear();
        self.notices.clear();
        self.playing = false;
        let mut reaction = self.restart();
        let steps = claim.step;
        self.attempt.check = Some(CodeCheck::new(claim, self.run));
        if steps > 0 {
            reaction.commands.extend(self.step(steps).commands);
        }
        reaction
    }
}
