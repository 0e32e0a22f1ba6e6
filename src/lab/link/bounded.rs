//! Reads and writes what a link says of a knob: its value, the range in which a reader may move it, or both.

use super::Lab;
use crate::lab::bounds::{KnobBounds, parts};
use crate::lab::knob::Knob;
use crate::lab::notice::Notice;

/// Returns the key and the text of a knob, if there is something to say of it.
pub(super) fn entry(lab: &Lab, knob: &Knob, differs: bool) -> Option<(&'static str, String)> {
    let value = differs.then(|| knob.link_value(&lab.spec));
    let range = lab.view.bounds.of(knob).map(KnobBounds::text);
    match (value, range) {
        (Some(value), Some(range)) => Some((knob.id, format!("{value}@{range}"))),
        (value, range) => Some((knob.id, value.or(range)?)),
    }
}

impl Lab {
    /// Takes in what a link says of a knob. A value alone leaves the knob's range, and a range alone its value, which is
    /// moved into the range once the rest of the link is known.
    pub(super) fn set_knob(&mut self, knob: &'static Knob, text: &str, notices: &mut Vec<Notice>) {
        let (value, range) = parts(knob, text);
        match range.map(|range| KnobBounds::read(knob, range)) {
            None => {}
            Some(Ok((bounds, notice))) => {
                self.view.bounds.put(knob, bounds);
                notices.extend(notice);
            }
            Some(Err(notice)) => notices.push(notice),
        }
        let Some(value) = value else { return };
        let set = knob.parse(value).and_then(|setting| {
            let (setting, moved) = self.view.bounds.limit(knob, &self.spec, setting);
            notices.extend(moved);
            knob.set(&mut self.spec, setting)
        });
        match set {
            Ok(notice) => notices.extend(notice),
            Err(notice) => notices.push(notice),
        }
    }

    /// Applies the rules between knobs and moves each knob into its range, and returns a notice for each adjustment.
    pub fn settle(&mut self) -> Vec<Notice> {
        self.settle_but(|_| false)
    }

    /// Does the same, and says nothing of some knobs that are moved: who gives a knob a range without a value asked for
    /// no other value.
    pub(super) fn settle_but(&mut self, is_quiet: impl Fn(&Knob) -> bool) -> Vec<Notice> {
        let mut notices = self.spec.settle();
        let moved = self.view.bounds.keep(&mut self.spec);
        if !moved.is_empty() {
            notices.extend(moved.into_iter().filter(|(knob, _)| !is_quiet(knob)).map(|(_, notice)| notice));
            notices.extend(self.spec.settle());
        }
        notices
    }
}
