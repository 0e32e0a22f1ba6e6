//! How far a challenge is: a fold over the frames of the present run.

use super::completion::{RunClaim, agree};
use super::link::Lab;
use super::metric::{Frame, RunId};
use super::task::{Reached, Task};

/// What running the network of a code again has shown.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckOutcome {
    /// The run is not there yet.
    Running,
    /// The same numbers came out, or nearly: these, in the order of the conditions.
    Confirmed(Vec<f64>),
    /// Other numbers came out: these, in the order of the conditions.
    Different(Vec<f64>),
    /// The run ended before the step of the code.
    Ended,
}

/// A completion code whose run is made once more.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeCheck {
    /// What the code says.
    pub claim: RunClaim,
    /// What has come of it.
    pub outcome: CheckOutcome,
    run: RunId,
}

impl CodeCheck {
    /// A check that is made by a run that was just begun.
    pub fn new(claim: RunClaim, run: RunId) -> Self {
        Self { claim, run, outcome: CheckOutcome::Running }
    }

    /// Whether it waits for this run.
    fn awaits(&self, run: RunId) -> bool {
        self.run == run && self.outcome == CheckOutcome::Running
    }
}

/// What is known of the challenge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attempt {
    /// The first measurement of the present run that reached the goal.
    pub reached: Option<Reached>,
    /// The same of the last run before it that reached one.
    pub before: Option<Reached>,
    /// The code that is checked.
    pub check: Option<CodeCheck>,
}

impl Attempt {
    /// Takes in a measurement of the present run. A run whose live knobs were turned while it trained reaches nothing,
    /// because nobody could repeat it.
    pub(super) fn take(&mut self, frame: &Frame, lab: &Lab, tuned: bool) {
        if let Some(check) = self.check.as_mut().filter(|check| check.awaits(frame.run)) {
            let RunClaim { step, values, task, .. } = &check.claim;
            if let Some(found) = task.goal.values(frame).filter(|_| frame.step == *step) {
                let is_same = agree(&found, values);
                check.outcome = if is_same { CheckOutcome::Confirmed(found) } else { CheckOutcome::Different(found) };
            }
        }
        let Some(task) = &lab.task else { return };
        if self.reached.is_some() || tuned || !task.goal.holds(frame) || !task.breaches(&lab.spec).is_empty() {
            return;
        }
        self.reached = task.goal.values(frame).map(|values| Reached {
            task: task.clone(),
            spec: lab.spec.clone(),
            run: frame.run,
            step: frame.step,
            values,
        });
    }

    /// Notes that a run is over: what it was to show does not come any more.
    pub(super) fn end(&mut self, run: RunId) {
        if let Some(check) = self.check.as_mut().filter(|check| check.awaits(run)) {
            check.outcome = CheckOutcome::Ended;
        }
    }

    /// Begins a new run. What was reached is remembered, and what a run was to show is not to be had any more.
    pub(super) fn leave(&mut self) {
        self.before = self.reached.take().or(self.before.take());
        self.check = self.check.take().filter(|check| check.outcome != CheckOutcome::Running);
    }

    /// What was reached in this challenge: by the present run, or else by the last one that did.
    pub fn last(&self, task: &Task) -> Option<&Reached> {
        self.reached.iter().chain(&self.before).find(|reached| *reached.task == *task)
    }
}
