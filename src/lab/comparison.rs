//! How the present run differs from another one: in its settings, in its loss, and in the size of its signal.

use super::effect::is_ignored;
use super::knob::{KNOBS, Knob};
use super::number::Number;
use super::pin::{Pin, is_same_run};
use super::record::RunRecord;
use super::spec::Spec;
use super::state::State;
use crate::science::layer::LayerId;

/// The present run beside a pinned one.
#[derive(Clone, Debug, PartialEq)]
pub struct RunComparison {
    /// The knobs that are set otherwise, and matter in both networks.
    pub knobs: Vec<&'static Knob>,
    /// The losses, if both are measured.
    pub losses: Option<ComparedNumbers>,
    /// The variance in the last hidden layer that both have, as a multiple of that of the other run.
    pub ratio: Option<(LayerId, f64)>,
}

/// A number of the present run and of another one, each with the step where it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComparedNumbers {
    /// The step and the number of the present run.
    pub now: (u64, f64),
    /// Those of the other run: at the same step, or at the nearest one before that it has.
    pub then: (u64, f64),
}

impl RunComparison {
    /// Compares the present run with a pinned one; there is nothing to say of a run with itself.
    pub fn new(state: &State, pin: &Pin) -> Option<Self> {
        if is_same_run(state.spec(), &pin.spec) {
            return None;
        }
        let record = state.runs.of(pin.settings()).map(|run| &run.record);
        let numbers = record.map(|record| (losses(state, record), ratio(state, record)));
        let (losses, ratio) = numbers.unwrap_or_default();
        Some(Self { knobs: changes(state.spec(), &pin.spec), losses, ratio })
    }
}

/// The knobs that differ. Those that one of the networks ignores are left out where others say why: under another scheme
/// σ follows from it.
fn changes(now: &Spec, then: &Spec) -> Vec<&'static Knob> {
    let differ = || KNOBS.iter().filter(|knob| knob.differs(now, then));
    let matter: Vec<&Knob> = differ().filter(|knob| !is_ignored(knob, now) && !is_ignored(knob, then)).collect();
    if matter.is_empty() { differ().collect() } else { matter }
}

fn losses(state: &State, record: &RunRecord) -> Option<ComparedNumbers> {
    let now = state.shown().filter(|_| state.record.step().is_some())?;
    let then = record.at(now.step)?;
    Some(ComparedNumbers { now: (now.step, now.loss.0), then: (then.step, then.loss.0) })
}

fn ratio(state: &State, record: &RunRecord) -> Option<(LayerId, f64)> {
    let now = state.shown().filter(|_| state.record.step().is_some())?;
    let then = record.at(now.step)?;
    let hidden = now.layers.iter().filter(|layer| layer.id.number().is_some());
    let both = hidden.filter_map(|layer| {
        let Number(now) = layer.activation_var?;
        let Number(then) = then.layer(layer.id)?.activation_var?;
        Some((layer.id, now / then)).filter(|(_, ratio)| ratio.is_finite() && *ratio > 0.0)
    });
    both.reduce(|_, deeper| deeper)
}
