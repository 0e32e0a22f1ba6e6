//! Writes and reads what a network is compared with: `b=init=kaiming-normal;lr=0.1` are differences from the network of
//! the link itself, with `;` between them, and `name=` gives them a name.

use std::sync::Arc;

use super::{Lab, MOST_NOTICES, other_kind};
use crate::lab::bounds::parts;
use crate::lab::goal::Goal;
use crate::lab::knob::{KNOBS, Knob};
use crate::lab::notice::Notice;
use crate::lab::pin::{Letter, MOST_PINS, Pin, tidy};
use crate::lab::spec::Spec;
use crate::lab::task::Task;

/// Returns the name and the settings of a pin as differences from the lab's own network.
fn written(pin: &Pin, lab: &Lab) -> String {
    let name = (!pin.name.is_empty()).then(|| ("name", pin.name.clone()));
    let all = name.into_iter().chain(differences(&pin.spec, &lab.spec));
    let text = all.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(";");
    // An empty value would take the pin off, so one without differences names what both have.
    if text.is_empty() { format!("init={}", pin.spec.start.scheme.id()) } else { text }
}

/// Returns the keys and values of all pins, and an empty value for each pin of the prepared lab that is not there.
pub(super) fn entries(lab: &Lab, prepared: &[Pin]) -> Vec<(&'static str, String)> {
    if lab.pins == prepared {
        return Vec::new();
    }
    let has = |letter: Letter| lab.pins.iter().any(|pin| pin.letter == letter);
    let gone = prepared.iter().map(|pin| pin.letter).filter(|letter| !has(*letter));
    let gone = gone.map(|letter| (letter.id(), String::new()));
    lab.pins.iter().map(|pin| (pin.letter.id(), written(pin, lab))).chain(gone).collect()
}

/// Returns the keys and values by which a network differs from another one.
pub(crate) fn differences(spec: &Spec, base: &Spec) -> Vec<(&'static str, String)> {
    let (mut base, mut pairs) = (base.clone(), Vec::new());
    if let Some(other) = other_kind(spec, &base) {
        base = other;
        pairs.push(("model", spec.kind().to_owned()));
    }
    if let Some(block) = Knob::find("block").filter(|block| block.applies(spec) && block.differs(spec, &base)) {
        pairs.push((block.id, block.link_value(spec)));
        // A choice that comes from the table is never refused.
        block.set(&mut base, block.get(spec)).ok();
    }
    pairs.extend(KNOBS.iter().filter(|knob| knob.differs(spec, &base)).map(|knob| (knob.id, knob.link_value(spec))));
    pairs
}

/// Returns the network of a text of differences, and what could not be taken.
pub(crate) fn changed(text: &str, base: &Spec) -> (Spec, Vec<Notice>) {
    let mut notices = Vec::new();
    let (_, spec) = read(text, base, &mut notices);
    (spec, notices)
}

/// Returns the keys and values of the challenge, if it is not that of the prepared lab: the goal, and what was otherwise
/// when it was set.
pub(super) fn challenge(lab: &Lab, prepared: Option<&Arc<Task>>) -> Vec<(&'static str, String)> {
    if lab.task.as_ref() == prepared {
        return Vec::new();
    }
    let Some(task) = &lab.task else { return vec![("goal", String::new())] };
    let from = differences(&task.start, &lab.spec);
    let from = from.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(";");
    let from = (!from.is_empty()).then_some(("from", from));
    std::iter::once(("goal", task.goal.text())).chain(from).collect()
}

/// Returns the name and the network of a pin's text.
fn read(text: &str, base: &Spec, notices: &mut Vec<Notice>) -> (String, Spec) {
    let all = text.split(';').filter(|part| !part.trim().is_empty());
    let pairs = all.map(|part| part.split_once('=').unwrap_or((part, "")));
    let mut pairs: Vec<(String, String)> =
        pairs.map(|(key, value)| (key.trim().to_owned(), value.to_owned())).collect();
    let mut name = String::new();
    pairs.retain(|(key, value)| {
        let is_name = key == "name";
        if is_name {
            name = tidy(value);
        }
        // A link within a link has knobs, but no view and no pins of its own.
        let knob = Knob::find(key);
        let is_knob = key == "model" || knob.is_some();
        let has_range = knob.is_some_and(|knob| parts(knob, value).1.is_some());
        if has_range {
            notices.push(Notice::bad_value(key, value));
        } else if !is_name && !is_knob {
            notices.push(Notice::unknown_key(key));
        }
        is_knob && !has_range
    });
    let (lab, more) = Lab { spec: base.clone(), ..Lab::default() }.with(&pairs);
    let more: Vec<Notice> = more.into_iter().filter(|notice| !notices.contains(notice)).collect();
    notices.extend(more);
    (name, lab.spec)
}

impl Lab {
    /// Takes in a pin of a link, in place of one with the same letter. Without a value it is taken off.
    pub(super) fn pin(&mut self, letter: Letter, text: &str, notices: &mut Vec<Notice>) {
        self.pins.retain(|pin| pin.letter != letter);
        if text.trim().is_empty() {
            return;
        }
        if self.pins.len() >= MOST_PINS {
            notices.push(Notice::pins(MOST_PINS));
            return;
        }
        let (name, spec) = read(text, &self.spec, notices);
        notices.truncate(MOST_NOTICES);
        if spec.is_toy() {
            // A small lab is no run, so it cannot be trained beside one.
            notices.push(Notice::bad_value(letter.id(), text));
            return;
        }
        Pin::new(letter, name, spec).join(&mut self.pins);
    }

    /// Takes in the challenge of a link. It begins with the network of the link itself, unless the link says how that
    /// was when the goal was set. Without a value the challenge is taken off.
    pub(super) fn challenge(&mut self, goal: Option<&str>, from: Option<&str>, notices: &mut Vec<Notice>) {
        match goal.map(|text| (text.trim(), Goal::parse(text))) {
            None => {}
            Some(("", _)) => self.task = None,
            Some((_, Ok(goal))) => self.task = Some(Arc::new(Task { goal, start: self.spec.clone() })),
            Some((_, Err(fault))) => {
                self.task = None;
                notices.push(Notice::goal(&fault.part, fault.problem.id()));
            }
        }
        if let (Some(task), Some(from)) = (&mut self.task, from) {
            Arc::make_mut(task).start = read(from, &self.spec, notices).1;
        }
    }
}
