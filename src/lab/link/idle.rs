//! Finds what a link says that does nothing: keys that are named to a reader, and values that an address leaves out.

use super::Lab;
use crate::lab::bounds::parts;
use crate::lab::effect::{Effect, names_a_law, reason, resolved};
use crate::lab::knob::{Change, Knob};
use crate::lab::notice::Notice;
use crate::lab::spec::Spec;

impl Lab {
    /// Returns a notice for each key of a link that does nothing in the resulting network. A key does nothing if its
    /// knob would have another value without it, and the network would still be the same without it and without the
    /// keys named before. Live knobs are skipped, because they may do something later.
    pub(super) fn idle(&self, mut pairs: Vec<(String, String)>, spec: &Spec) -> Vec<Notice> {
        let effect = Effect::lasting(spec);
        let mut notices = Vec::new();
        let keys: Vec<String> = pairs.iter().map(|(key, _)| key.clone()).collect();
        // A range does something whatever becomes of the value.
        let has_range = |knob: &Knob| pairs.iter().any(|(key, text)| key == knob.id && parts(knob, text).1.is_some());
        let knobs: Vec<&Knob> = keys.iter().filter_map(|key| Knob::find(key)).filter(|knob| !has_range(knob)).collect();
        for knob in knobs.into_iter().filter(|knob| knob.change == Change::Restart) {
            let rest: Vec<(String, String)> = pairs.iter().filter(|(key, _)| key != knob.id).cloned().collect();
            let without = self.with(&rest).0.spec;
            let given = pairs.iter().find(|(key, _)| key == knob.id && knob.is_overruled(spec));
            let value = given.map_or_else(|| resolved(knob, spec), |(_, value)| value.clone());
            let stands = names_a_law(knob, spec) || resolved(knob, &without) == value;
            if !stands && Effect::lasting(&without) == effect {
                notices.push(Notice::no_effect(knob.id, &value, reason(knob, spec), spec.start.scheme.id()));
                pairs = rest;
            }
        }
        notices
    }

    /// Returns the knobs that differ, except those that do nothing. The distribution of a matrix is kept because
    /// somebody chose it, even if another one has the same σ.
    pub(super) fn needed(&self, base: &Spec) -> Vec<&'static Knob> {
        let mut needed = self.differing(base);
        let effect = Effect::lasting(&self.spec);
        let idle = |knob: &&Knob| knob.change == Change::Restart && !names_a_law(knob, &self.spec);
        for knob in needed.clone().into_iter().filter(idle) {
            let rest: Vec<&'static Knob> = needed.iter().filter(|other| **other != knob).copied().collect();
            let mut spec = base.clone();
            for knob in &rest {
                // A value that comes from the table is never refused.
                knob.set(&mut spec, knob.stored(&self.spec)).ok();
            }
            if spec.settle().is_empty() && Effect::lasting(&spec) == effect {
                needed = rest;
            }
        }
        needed
    }
}
