//! Finds the knobs that were turned although the goal asks to leave them.

use super::Goal;
use crate::lab::effect::Effect;
use crate::lab::knob::{KNOBS, Knob};
use crate::lab::spec::Spec;

impl Goal {
    /// The knobs that are not as they were at the start, may not change, and change something in this network.
    pub fn breaches(&self, start: &Spec, spec: &Spec) -> Vec<&'static Knob> {
        let turned = |knob: &&'static Knob| !self.allows(knob) && knob.differs(spec, start);
        let mut turned = KNOBS.iter().filter(turned).peekable();
        if turned.peek().is_none() {
            return Vec::new();
        }
        let effect = Effect::of(spec);
        let matters = |knob: &&'static Knob| {
            let mut without = spec.clone();
            // A value that comes from the table is never refused.
            knob.set(&mut without, knob.stored(start)).ok();
            without.settle();
            Effect::of(&without) != effect
        };
        turned.filter(matters).collect()
    }
}
