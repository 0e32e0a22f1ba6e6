//! Holds between which numbers a reader may move a knob, where a teacher chose less than the knob takes.
//!
//! A link says it where the knob's value stands: `std=0.01..0.3`, or with a value `std=0.088@0.01..0.3`. Range and value
//! share the key, because a key that is given twice counts once. An end that is left out is the knob's own, and `..` is
//! the whole of what the knob takes.

use super::knob::{KNOBS, Kind, Knob, KnobSetting, Range};
use super::notice::Notice;
use super::number::show;
use super::spec::Spec;
use crate::science::decimal;

/// What stands between the two ends of a range.
const BETWEEN: &str = "..";

/// The ends of the range in which a reader may move a knob.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnobBounds {
    knob: &'static Knob,
    least: f64,
    most: f64,
}

impl KnobBounds {
    /// Reads the range of a knob, and returns it with what was adjusted. There is none if the text is empty or allows
    /// all that the knob takes.
    pub fn read(knob: &'static Knob, text: &str) -> Result<(Option<Self>, Option<Notice>), Notice> {
        let text = text.trim();
        let Kind::Range(own) = knob.kind else { return Err(Notice::bad_value(knob.id, text)) };
        if text.is_empty() {
            return Ok((None, None));
        }
        let fault = |key| Notice::bounds(key, knob.id, text, [own.min, own.max].map(show));
        let end = |part: &str, open: f64| if part.trim().is_empty() { Some(open) } else { decimal::read(part.trim()) };
        let ends = text.split_once(BETWEEN).and_then(|(low, high)| Some((end(low, own.min)?, end(high, own.max)?)));
        let (low, high) = ends.ok_or_else(|| fault("range.format"))?;
        // Between 5.5 and 8.5 a whole number is one from 6 to 8.
        let (low, high) = if own.whole { (libm::ceil(low), libm::floor(high)) } else { (low, high) };
        if low >= high {
            return Err(fault("range.order"));
        }
        let [least, most] = [low, high].map(|number| number.clamp(own.min, own.max));
        if least >= most {
            return Err(fault("range.outside"));
        }
        let notice = ((least, most) != (low, high)).then(|| fault("range.beyond"));
        let is_whole = (least, most) == (own.min, own.max);
        Ok(((!is_whole).then_some(Self { knob, least, most }), notice))
    }

    /// Returns the range as a link has it.
    pub fn text(&self) -> String {
        format!("{}{BETWEEN}{}", self.least, self.most)
    }

    /// Returns the part of a range that is allowed, which is the whole of the slider. A network may support less than
    /// the knob takes, and then the nearest number that it supports is allowed.
    fn within(&self, range: Range) -> Range {
        let [min, max] = [self.least, self.most].map(|number| number.clamp(range.min, range.max));
        Range { min, max, from: min, to: max, ..range }
    }
}

/// The ranges of all knobs that have one, in the order of the table, so that two links that say the same are equal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoundedKnobs {
    list: Vec<KnobBounds>,
}

impl BoundedKnobs {
    /// Gives a knob a range, or with none all that it takes.
    pub fn put(&mut self, knob: &'static Knob, bounds: Option<KnobBounds>) {
        self.list.retain(|other| other.knob != knob);
        let place = |knob: &Knob| KNOBS.iter().position(|other| other == knob);
        if let Some(bounds) = bounds {
            // A sort would be two kilobytes of the page for a list that is nearly always one row long.
            let next = self.list.iter().position(|other| place(other.knob) > place(knob));
            self.list.insert(next.unwrap_or(self.list.len()), bounds);
        }
    }

    /// Returns the range that was chosen for a knob, if one was.
    pub fn of(&self, knob: &Knob) -> Option<&KnobBounds> {
        self.list.iter().find(|bounds| bounds.knob == knob)
    }

    /// Returns the range in which a reader may move a knob of numbers.
    pub fn range(&self, knob: &Knob, spec: &Spec) -> Option<Range> {
        let range = knob.range(spec)?;
        Some(self.of(knob).map_or(range, |bounds| bounds.within(range)))
    }

    /// Returns a setting moved into the knob's range, with a notice if it was outside.
    pub fn limit(&self, knob: &Knob, spec: &Spec, setting: KnobSetting) -> (KnobSetting, Option<Notice>) {
        let KnobSetting::Number(asked) = setting else { return (setting, None) };
        match self.nearest(knob, spec, asked) {
            Some((used, notice)) => (KnobSetting::Number(used), Some(notice)),
            None => (setting, None),
        }
    }

    /// Moves every knob of a spec into its range, and returns which ones were outside, with a notice for each. A knob that
    /// plays no part stays as it is.
    pub fn keep(&self, spec: &mut Spec) -> Vec<(&'static Knob, Notice)> {
        let mut moved = Vec::new();
        for knob in self.list.iter().map(|bounds| bounds.knob) {
            if !knob.applies(spec) || knob.is_overruled(spec) {
                continue;
            }
            if let Some((used, notice)) = self.nearest(knob, spec, knob.number(spec)) {
                // A number between the knob's own ends is never refused.
                knob.set(spec, KnobSetting::Number(used)).ok();
                moved.push((knob, notice));
            }
        }
        moved
    }

    /// Returns the nearest number of the knob's range to one that lies outside of it, and a notice that names both.
    fn nearest(&self, knob: &Knob, spec: &Spec, asked: f64) -> Option<(f64, Notice)> {
        self.of(knob)?;
        let range = self.range(knob, spec)?;
        let used = asked.clamp(range.min, range.max);
        // A knob that is no number here, as one that follows from others, is not outside.
        (used != asked && !asked.is_nan())
            .then(|| (used, Notice::bounded(knob.id, show(asked), show(used), [range.min, range.max].map(show))))
    }
}

/// Returns the value and the range that a link's text says of a knob, either of which may be missing.
pub(crate) fn parts<'a>(knob: &Knob, text: &'a str) -> (Option<&'a str>, Option<&'a str>) {
    match (knob.kind, text.split_once('@')) {
        (Kind::Range(_), Some((value, range))) => (Some(value), Some(range)),
        (Kind::Range(_), None) if text.contains(BETWEEN) => (None, Some(text)),
        _ => (Some(text), None),
    }
}
