//! Says which dots a chart cannot show, and why: a logarithmic axis has no place for 0.

use super::curve::{DepthCurve, Point};
use super::diagnosis::{Finding, Sentence, finding};
use super::state::State;
use crate::science::layer::LayerId;

/// The findings that explain a 0, by the names of their rules.
const REASONS: &[&str] = &[
    "zeros",
    "zeros-unmoved",
    "dead",
    "saturated",
    "silent",
    "closed",
    "vanishing-zero",
    "closed-output",
    "unreached-small",
    "frozen",
];

/// The dots that are missing because they are 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// How many there are.
    pub count: usize,
    /// The layers of the first and the last of them.
    pub ends: [LayerId; 2],
    /// The finding that explains them, where there is one.
    pub reason: Option<Sentence>,
}

/// The dots that a curve of the present run lacks.
pub fn gap(curve: &DepthCurve, state: &State) -> Option<Gap> {
    let frame = state.frame.as_ref()?;
    let is_zero = |point: &&Point| point.measured == Some(0.0);
    let zeros: Vec<LayerId> = curve.points.iter().filter(is_zero).map(|point| point.layer).collect();
    let ends = [*zeros.first()?, *zeros.last()?];
    let Finding { rule, sentence } = finding(state.spec(), frame);
    let reason = rule.filter(|rule| REASONS.contains(&rule.name)).map(|_| sentence);
    Some(Gap { count: zeros.len(), ends, reason })
}
