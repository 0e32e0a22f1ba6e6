//! Trains as far as a goal asks, and runs the network of a completion code again.

use super::{Reaction, State};
use crate::lab::attempt::{CheckOutcome, CodeCheck};
use crate::lab::completion::RunClaim;
use crate::lab::protocol::Command;
use crate::lab::roster::{Roster, RosterEdit};

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

    /// Runs many completion codes, one after another.
    pub(super) fn edit_roster(&mut self, edit: RosterEdit) -> Reaction {
        match edit {
            RosterEdit::Begin(text) => {
                let stamp = self.roster.stamp + 1;
                *self.roster = Roster::read(&text, &self.lab);
                self.roster.stamp = stamp;
                self.next_code()
            }
            RosterEdit::GoOn => self.next_code(),
            RosterEdit::Stop => {
                self.roster.stop();
                self.attempt.check = None;
                self.playing = false;
                self.asked.clear();
                self.send([Command::Pause])
            }
        }
    }

    fn next_code(&mut self) -> Reaction {
        let Some(claim) = self.roster.next() else { return Reaction::default() };
        let reaction = self.verify(claim);
        // The run of the code before has ended by now, which stops nothing.
        self.roster.begin();
        reaction
    }

    /// Notes what the run of a code has shown, and begins the next one if many were asked for.
    pub(super) fn check_on(&mut self) -> Vec<Command> {
        let outcome = self.attempt.check.as_ref().map(|check| &check.outcome);
        match outcome.filter(|outcome| self.roster.is_running() && **outcome != CheckOutcome::Running) {
            None => Vec::new(),
            Some(outcome) => {
                self.roster.take(outcome.clone());
                self.next_code().commands
            }
        }
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
