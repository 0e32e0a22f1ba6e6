//! Writes and reads the lab as a link, `#v=1&key=value&…`, which lists only what differs from the defaults.
//!
//! The address bar, `initlab:set` messages and experiment files all pass through [`Lab::apply`]. Nothing in a link can
//! fail: what is not valid is left out and named in a [`Notice`].

mod bounded;
mod fragment;
mod idle;
mod pinned;

use fragment::{pairs, written};
pub(crate) use pinned::{changed, differences};

use std::sync::Arc;

use super::bounds::parts;
use super::catalog::{self, Experiment};
use super::knob::{KNOBS, Knob};
use super::lang::Lang;
use super::notice::Notice;
use super::pin::{Letter, Pin};
use super::spec::{Spec, memory};
use super::task::Task;
use super::view::{Chart, PredictFirst, Theme, View, parse_charts, parse_ids};

/// Everything that a link restores.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    /// The prepared lab whose values are the base that the link differs from.
    pub experiment: Option<&'static str>,
    /// The network and its training.
    pub spec: Spec,
    /// How the lab is shown.
    pub view: View,
    /// The settings that this network is compared with, in the order of their letters.
    pub pins: Vec<Pin>,
    /// The challenge, if there is one.
    pub task: Option<Arc<Task>>,
    /// The completion code that is to be run again, as it was typed, or nothing.
    pub code: String,
}

impl Default for Lab {
    fn default() -> Self {
        let (spec, view) = (Spec::mlp(), View::default());
        Self { experiment: None, spec, view, pins: Vec::new(), task: None, code: String::new() }
    }
}

/// What `embed` is where the lab is a slide.
const SLIDE: &str = "slide";

/// The largest number of notices, because nobody reads more.
const MOST_NOTICES: usize = 8;

impl Lab {
    /// Returns the lab that a whole link describes, and what could not be taken.
    pub fn from_link(hash: &str) -> (Self, Vec<Notice>) {
        Self::default().apply(hash)
    }

    /// Returns this lab with the differences of a link applied.
    ///
    /// The order of the keys does not matter: the experiment is applied first, then the model, because each brings its
    /// defaults along, and then the rest. If a key is given twice, the last one counts.
    pub fn apply(&self, hash: &str) -> (Self, Vec<Notice>) {
        let (pairs, mut notices) = pairs(hash);
        let (lab, more) = self.with(&pairs);
        notices.extend(more);
        notices.truncate(MOST_NOTICES);
        (lab, notices)
    }

    /// Does what [`Self::apply`] does, with more notices for a person: which keys do nothing in the resulting network,
    /// and whether it takes much memory.
    pub fn open(&self, hash: &str) -> (Self, Vec<Notice>) {
        let (lab, mut notices) = self.apply(hash);
        notices.extend(self.idle(pairs(hash).0, &lab.spec));
        if !lab.spec.is_toy() {
            notices.extend(memory::warning(&lab.spec));
        }
        notices.truncate(MOST_NOTICES);
        (lab, notices)
    }

    /// Returns this lab with these differences applied, in which every key is unique.
    fn with(&self, pairs: &[(String, String)]) -> (Self, Vec<Notice>) {
        let mut lab = self.clone();
        let mut notices = Vec::new();
        let find = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        if let Some(version) = find("v")
            && version != "1"
        {
            notices.push(Notice::version(version));
        }
        if let Some(id) = find("x") {
            match catalog::find(id) {
                Some(experiment) => {
                    lab.experiment = Some(experiment.id);
                    Self { spec: lab.spec, pins: lab.pins, task: lab.task, .. } = Self::from_link(experiment.link).0;
                }
                None => notices.push(Notice::bad_value("x", id)),
            }
        }
        if let Some(id) = find("model") {
            match lab.spec.with_kind(id) {
                Some(spec) => lab.spec = spec,
                None => notices.push(Notice::bad_value("model", id)),
            }
        }
        // The block is set before the other keys, because it sets defaults that these may change again.
        if let Some(id) = find("block") {
            lab.set("block", id, &mut notices);
        }
        for (key, value) in pairs {
            // How a list of widths is read depends on the data.
            let comes_apart = matches!(key.as_str(), "v" | "x" | "model" | "block" | "goal" | "from" | "widths");
            if !comes_apart && Letter::from_id(key).is_none() {
                lab.set(key, value, &mut notices);
            }
        }
        // What is known of the reader's own data is in no link, and a prepared lab does not have it.
        lab.spec.own.clone_from(&self.spec.own);
        find("widths").into_iter().for_each(|list| lab.set("widths", list, &mut notices));
        let is_quiet = |knob: &Knob| find(knob.id).is_some_and(|text| parts(knob, text).0.is_none());
        notices.extend(lab.settle_but(is_quiet));
        // What is compared is written as the differences from this network, so it is read when all of it is known.
        for (key, value) in pairs {
            if let Some(letter) = Letter::from_id(key) {
                lab.pin(letter, value, &mut notices);
            }
        }
        lab.challenge(find("goal"), find("from"), &mut notices);
        (lab, notices)
    }

    /// Returns the link that restores exactly this lab, including the values of knobs that have no effect at present.
    pub fn link(&self) -> String {
        written(self.entries())
    }

    /// Returns the link for other readers, which restores this lab's network and view without the values that have no
    /// effect.
    pub fn address(&self) -> String {
        written(self.entries_with(Self::needed))
    }

    /// Returns the keys and values of [`Self::link`] in its order, before they are percent-encoded.
    pub fn entries(&self) -> Vec<(&'static str, String)> {
        self.entries_with(Self::differing)
    }

    fn entries_with(&self, knobs: fn(&Self, &Spec) -> Vec<&'static Knob>) -> Vec<(&'static str, String)> {
        let mut entries = vec![("v", "1".to_owned())];
        let (mut base, mut prepared_pins, mut prepared_task) = (Spec::mlp(), Vec::new(), None);
        if let Some(experiment) = self.experiment.and_then(catalog::find) {
            entries.push(("x", experiment.id.to_owned()));
            Self { spec: base, pins: prepared_pins, task: prepared_task, .. } = Self::from_link(experiment.link).0;
        }
        base.own.clone_from(&self.spec.own);
        if let Some(other) = other_kind(&self.spec, &base) {
            entries.push(("model", self.spec.kind().to_owned()));
            base = other;
        }
        if let Some(block) =
            Knob::find("block").filter(|block| block.applies(&self.spec) && block.differs(&self.spec, &base))
        {
            entries.push((block.id, block.link_value(&self.spec)));
            // A choice that comes from the table is never refused.
            block.set(&mut base, block.get(&self.spec)).ok();
        }
        let knobs = knobs(self, &base);
        entries.extend(KNOBS.iter().filter_map(|knob| bounded::entry(self, knob, knobs.contains(&knob))));
        let view = &self.view;
        entries.extend(view.lang.map(|lang| ("lang", lang.id().to_owned())));
        if view.theme != Theme::Auto {
            entries.push(("theme", view.theme.id().to_owned()));
        }
        let switches = [("embed", view.embed && !view.slide), ("autoplay", view.autoplay), ("formats", view.formats)];
        entries.extend(view.slide.then(|| ("embed", SLIDE.to_owned())));
        entries.extend(switches.into_iter().filter(|(_, on)| *on).map(|(key, _)| (key, "1".to_owned())));
        entries.extend(view.predict.map(|predict| ("predict", predict.id().to_owned())));
        if !view.charts.is_empty() {
            let ids: Vec<&str> = view.charts.iter().map(|chart| Chart::id(*chart)).collect();
            entries.push(("charts", ids.join(",")));
        }
        entries.extend(pinned::entries(self, &prepared_pins));
        entries.extend(pinned::challenge(self, prepared_task.as_ref()));
        entries.extend((!self.code.is_empty()).then(|| ("code", self.code.clone())));
        let lists = [("show", &view.show), ("hide", &view.hide), ("lock", &view.lock)];
        entries.extend(lists.into_iter().filter(|(_, ids)| !ids.is_empty()).map(|(key, ids)| (key, ids.join(","))));
        entries
    }

    fn differing(&self, base: &Spec) -> Vec<&'static Knob> {
        KNOBS.iter().filter(|knob| knob.differs(&self.spec, base)).collect()
    }

    fn set(&mut self, key: &str, value: &str, notices: &mut Vec<Notice>) {
        if let Some(knob) = Knob::find(key) {
            return self.set_knob(knob, value, notices);
        }
        let view = &mut self.view;
        let refused = match key {
            "lang" => Lang::from_id(value).map(|lang| view.lang = Some(lang)).is_none(),
            "theme" => Theme::from_id(value).map(|theme| view.theme = theme).is_none(),
            "embed" => {
                let embed = if value == SLIDE { Some(true) } else { switch(value) };
                embed.map(|on| (view.embed, view.slide) = (on, value == SLIDE)).is_none()
            }
            "autoplay" => switch(value).map(|on| view.autoplay = on).is_none(),
            "formats" => switch(value).map(|on| view.formats = on).is_none(),
            "code" => {
                self.code = value.trim().to_owned();
                false
            }
            "predict" => {
                let predict = PredictFirst::from_id(value);
                view.predict = predict;
                predict.is_none() && value != "0"
            }
            "charts" => {
                let (charts, unknown) = parse_charts(value);
                notices.extend(unknown);
                view.charts = charts;
                false
            }
            "show" | "hide" | "lock" => {
                let (ids, unknown) = parse_ids(key, value);
                notices.extend(unknown);
                match key {
                    "show" => view.show = ids,
                    "hide" => view.hide = ids,
                    _ => view.lock = ids,
                }
                false
            }
            _ => {
                notices.push(Notice::unknown_key(key));
                false
            }
        };
        if refused {
            notices.push(Notice::bad_value(key, value));
        }
    }
}

/// Returns the spec with which a prepared lab begins.
pub fn prepared(experiment: &Experiment) -> Spec {
    Lab::from_link(experiment.link).0.spec
}

/// Returns the base with the defaults of the kind that `spec` is, if that is another one.
fn other_kind(spec: &Spec, base: &Spec) -> Option<Spec> {
    if spec.kind() == base.kind() { None } else { base.with_kind(spec.kind()) }
}

fn switch(value: &str) -> Option<bool> {
    match value {
        "1" | "on" => Some(true),
        "0" | "off" => Some(false),
        _ => None,
    }
}
