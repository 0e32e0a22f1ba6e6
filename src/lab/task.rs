//! A challenge as it was set, the goal and the network that it begins with, and a run that reached it.

use std::sync::Arc;

use super::goal::Goal;
use super::knob::Knob;
use super::metric::RunId;
use super::spec::Spec;

/// A goal, and the network with which it was set.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What is to be reached.
    pub goal: Goal,
    /// The network and its training as they were when the goal was set.
    pub start: Spec,
}

impl Task {
    /// The knobs that were turned although the goal asks to leave them.
    pub fn breaches(&self, spec: &Spec) -> Vec<&'static Knob> {
        self.goal.breaches(&self.start, spec)
    }
}

/// A run that reached a goal, at the first measurement at which it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// The challenge.
    pub task: Arc<Task>,
    /// The network and its training.
    pub spec: Spec,
    /// The run.
    pub run: RunId,
    /// The step of the measurement.
    pub step: u64,
    /// The numbers of the goal's conditions, in their order.
    pub values: Vec<f64>,
}
