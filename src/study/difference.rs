//! Checks that an experiment compares something: its networks differ, and every key of its file does something.

use super::file::Refusal;
use super::plan::StudyPlan;
use crate::lab::effect::{Effect, is_ignored, resolved};
use crate::lab::knob::Knob;
use crate::lab::spec::Spec;

/// Refuses, by name, a key of the base that no network asks for, and two networks that are the same,
/// seed included: a difference between them would be exactly 0, and would say nothing.
pub fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    let keys = plan.file.base.trim_start_matches('#').split('&');
    let mut knobs = keys.filter_map(|pair| Knob::find(pair.split('=').next()?));
    if let Some(knob) = knobs.find(|knob| plan.networks.iter().all(|network| is_idle(knob, &network.spec))) {
        return Err(Refusal::whole("idle-key", knob.id));
    }
    let effects: Vec<Effect> = plan.networks.iter().map(|network| Effect::of(&network.spec)).collect();
    let twin = |index: usize| effects[..index].iter().position(|other| *other == effects[index]);
    match (1..effects.len()).find_map(|index| Some((twin(index)?, index))) {
        Some((one, other)) => Err(Refusal::whole("same-network", format!("{} / {}", plan.name(one), plan.name(other)))),
        None => Ok(()),
    }
}

fn is_idle(knob: &Knob, spec: &Spec) -> bool {
    is_ignored(knob, spec) && resolved(knob, spec) != resolved(knob, &Spec::default_for(spec.network.model))
}
