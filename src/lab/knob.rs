//! Holds the knob table: one row for each control, from which slider, link, message, hide, lock, unit and default all
//! follow.
//!
//! A knob's value is a [`KnobSetting`], which has one canonical text. Controls set it directly; the address bar, typed
//! fields and other pages write text, which [`Knob::parse`] reads. Both end in [`Knob::set`], so there is one parser
//! and one set of ranges. What is special about a knob stands in its row.

mod access;
mod kind;
mod roles;
mod setting;
mod table;
mod widths;

pub use kind::{Kind, Range};
pub use roles::{MODEL, ROLE_SCHEMES};
pub use setting::KnobSetting;
pub use table::KNOBS;

use std::fmt;

use super::notice::Notice;
use super::number::show;
use super::spec::Spec;
use crate::science::decimal;
use crate::science::formula::Formula;

/// What changing a knob does to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The change takes effect in the present run.
    Tune,
    /// The change begins a new run.
    Restart,
}

/// The group of controls that a knob belongs to; a group can be hidden or locked by its name as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The first weights of the network.
    Start,
    /// The first weights of single kinds of matrices in a transformer (GPT).
    Matrices,
    /// The architecture of the network.
    Network,
    /// How the network learns.
    Optimizer,
    /// What the network learns, from which seed, and on which device.
    Run,
}

impl Group {
    /// All groups, in the page's order.
    pub const ALL: [Self; 5] = [Self::Start, Self::Matrices, Self::Network, Self::Optimizer, Self::Run];

    /// Returns the name of the group in `show`, `hide` and `lock`, and in translations.
    pub fn id(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Matrices => "matrices",
            Self::Network => "network",
            Self::Optimizer => "optimizer",
            Self::Run => "run",
        }
    }
}

/// How prominently a control is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnobPlace {
    /// Beside the play button, within reach of the thumb, because the lab is about it. The only number there is σ.
    First,
    /// Always in sight, because it decides what becomes of σ. In a lab of which a link shows a part, at the top of its
    /// group.
    Open,
    /// At the top of its group.
    Common,
    /// In its group, behind one more click.
    Rare,
}

/// One row of the knob table.
#[derive(Clone, Copy)]
pub struct Knob {
    /// The key in links, and the name in `show`, `hide`, `lock` and test ids.
    pub id: &'static str,
    /// The group of controls to which the knob belongs.
    pub group: Group,
    /// The values that the knob takes.
    pub kind: Kind,
    /// Whether a change takes effect in the present run or begins a new one.
    pub change: Change,
    /// How prominently the control is placed.
    pub place: KnobPlace,
    get: fn(&Spec) -> KnobSetting,
    set: fn(&mut Spec, KnobSetting),
    applies: fn(&Spec) -> bool,
    /// Whether the value plays a part in a spec to which the knob applies.
    counts: fn(&Spec) -> bool,
    /// Whether nobody set the value, so that it follows from other knobs.
    follows: fn(&Spec) -> bool,
    /// The ids that this model supports, if it does not support all ids of the kind.
    offers: Option<fn(&Spec) -> Vec<&'static str>>,
    /// The largest number that this model supports.
    most: fn(&Spec) -> f64,
    /// What else changes when a person uses the control; a link instead names everything that it changes.
    implies: fn(&mut Spec),
}

/// Two knobs are equal if their ids are, because no two rows share an id.
impl PartialEq for Knob {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl fmt::Debug for Knob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id)
    }
}

/// The values that a knob takes, and the functions that read and write its field.
type Access = (Kind, fn(&Spec) -> KnobSetting, fn(&mut Spec, KnobSetting));

/// Returns a row in which everything optional has its default.
const fn row(id: &'static str, group: Group, change: Change, access: Access, applies: fn(&Spec) -> bool) -> Knob {
    let (kind, get, set) = access;
    Knob {
        id,
        group,
        kind,
        change,
        place: KnobPlace::Common,
        get,
        set,
        applies,
        counts: |_| true,
        follows: |_| false,
        offers: None,
        most: |_| f64::INFINITY,
        implies: |_| {},
    }
}

impl Knob {
    /// Returns the knob with this id, or `None` if there is none.
    pub fn find(id: &str) -> Option<&'static Knob> {
        KNOBS.iter().find(|knob| knob.id == id)
    }

    /// Returns the value that the knob has in a spec.
    pub fn get(&self, spec: &Spec) -> KnobSetting {
        (self.get)(spec)
    }

    /// Returns the value that the knob has in a spec, as text.
    pub fn read(&self, spec: &Spec) -> String {
        self.get(spec).text()
    }

    /// Returns whether a link from `base` to `spec` has to name this knob.
    pub fn differs(&self, spec: &Spec, base: &Spec) -> bool {
        self.stored(spec) != self.stored(base) && !self.is_overruled(spec)
    }

    /// Returns whether a list of widths says what this knob would.
    pub(crate) fn is_overruled(&self, spec: &Spec) -> bool {
        matches!(self.id, "depth" | "width") && !spec.widths().is_empty()
    }

    /// Returns the setting that restores this knob: [`KnobSetting::Auto`] if its value follows from other knobs.
    pub fn stored(&self, spec: &Spec) -> KnobSetting {
        if self.follows(spec) { KnobSetting::Auto } else { self.get(spec) }
    }

    /// Returns the value as a link carries it, which is [`Self::stored`] as text.
    pub fn link_value(&self, spec: &Spec) -> String {
        self.stored(spec).text()
    }

    /// Returns whether the value follows from other knobs.
    pub fn follows(&self, spec: &Spec) -> bool {
        (self.follows)(spec)
    }

    /// Returns the value as a number, for sliders, or NaN if it is not a number.
    pub fn number(&self, spec: &Spec) -> f64 {
        if let KnobSetting::Number(number) = self.get(spec) { number } else { f64::NAN }
    }

    /// Returns whether the knob means anything for this spec.
    pub fn applies(&self, spec: &Spec) -> bool {
        spec.toy_takes(self.id).unwrap_or_else(|| (self.applies)(spec))
    }

    /// Returns whether only small labs have this knob.
    pub(crate) fn is_of_toys(&self) -> bool {
        matches!(self.id, "zero-grad" | "w-start" | "w-target")
    }

    /// Returns whether the value plays a part in this spec, if the knob applies.
    pub(crate) fn counts(&self, spec: &Spec) -> bool {
        (self.counts)(spec)
    }

    /// Returns the ids that can be chosen for this spec; the list is empty if the knob is no choice.
    pub fn options(&self, spec: &Spec) -> Vec<&'static str> {
        match (self.kind, self.offers) {
            (Kind::Choice(_), Some(offers)) => offers(spec),
            (Kind::Choice(ids), None) => ids.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Returns the range for this spec: that of the table, limited to what the model supports.
    pub fn range(&self, spec: &Spec) -> Option<Range> {
        let Kind::Range(range) = self.kind else { return None };
        let most = (self.most)(spec);
        Some(Range { max: range.max.min(most), to: range.to.min(most), ..range })
    }

    /// Sets the value.
    ///
    /// A number out of range is moved to the nearest bound, and a notice says so. A setting that the knob does not take
    /// is an error and leaves the spec unchanged. Rules between knobs are applied by `Spec::settle`.
    pub fn set(&self, spec: &mut Spec, mut setting: KnobSetting) -> Result<Option<Notice>, Notice> {
        let mut notice = None;
        match (self.kind, &mut setting) {
            (Kind::Range(range), KnobSetting::Number(number)) if !number.is_nan() => {
                // The range is limited to what the model supports, so that one notice names the final bound.
                let range = self.range(spec).unwrap_or(range);
                let asked = *number;
                *number = if range.whole { libm::round(asked) } else { asked }.clamp(range.min, range.max);
                notice = (*number != asked).then(|| Notice::clamped(self.id, show(asked), show(*number)));
            }
            (Kind::Formula, KnobSetting::Formula(text)) => {
                Formula::parse(text).map_err(|error| Notice::formula(text, error.at, error.problem.key()))?;
            }
            (Kind::Widths, KnobSetting::Widths(list)) => notice = widths::fit(spec, list),
            (Kind::Choice(ids), KnobSetting::Choice(id)) if ids.contains(id) => {}
            (Kind::Range(range), KnobSetting::Auto) if range.auto => {}
            (Kind::Switch, KnobSetting::Switch(_)) => {}
            (Kind::Seed, KnobSetting::Seed(_)) | (Kind::Formula | Kind::Widths, KnobSetting::Auto) => {}
            _ => return Err(Notice::bad_value(self.id, &setting.text())),
        }
        (self.set)(spec, setting);
        Ok(notice)
    }

    /// Sets the value as a person does at the control, together with what this implies for other knobs.
    pub(crate) fn turn(&self, spec: &mut Spec, setting: KnobSetting) -> Result<Option<Notice>, Notice> {
        let notice = self.set(spec, setting)?;
        (self.implies)(spec);
        Ok(notice)
    }

    /// Sets the value from text. Text that the knob does not take is an error and leaves the spec unchanged.
    pub fn write(&self, spec: &mut Spec, text: &str) -> Result<Option<Notice>, Notice> {
        self.set(spec, self.parse(text)?)
    }

    /// Returns the setting that a text means for this knob, before [`Self::set`] checks ranges and formulas.
    ///
    /// It is an error if the text is not one of the ids, or is no number, switch or seed where the knob takes one.
    pub fn parse(&self, text: &str) -> Result<KnobSetting, Notice> {
        let text = text.trim();
        let setting = match self.kind {
            Kind::Choice(ids) => ids.iter().find(|id| **id == text).map(|id| KnobSetting::Choice(id)),
            Kind::Switch => match text {
                "on" => Some(KnobSetting::Switch(true)),
                "off" => Some(KnobSetting::Switch(false)),
                _ => None,
            },
            Kind::Seed => text.parse().ok().map(KnobSetting::Seed),
            Kind::Widths => return widths::read(text).ok_or_else(|| Notice::widths("widths-format", text)),
            Kind::Formula if text == "auto" => Some(KnobSetting::Auto),
            Kind::Formula => Some(KnobSetting::Formula(text.to_owned())),
            Kind::Range(range) if range.auto && text == "auto" => Some(KnobSetting::Auto),
            Kind::Range(_) => decimal::read(text).map(KnobSetting::Number),
        };
        setting.ok_or_else(|| Notice::bad_value(self.id, text))
    }
}

/// Returns a spec with these knobs set and the rules between knobs applied, with a notice for each adjustment.
pub(crate) fn applied(spec: &Spec, edits: &[(&'static str, KnobSetting)]) -> (Spec, Vec<Notice>) {
    let mut spec = spec.clone();
    let mut notices = Vec::new();
    for (key, setting) in edits {
        match Knob::find(key).map(|knob| knob.set(&mut spec, setting.clone())) {
            Some(Ok(notice)) => notices.extend(notice),
            Some(Err(notice)) => notices.push(notice),
            None => notices.push(Notice::unknown_key(key)),
        }
    }
    notices.extend(spec.settle());
    (spec, notices)
}
