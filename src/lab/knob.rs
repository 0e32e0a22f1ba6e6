//! The knob table: one row a control, used by slider, link, message, hide, lock, unit and default.
//!
//! A knob's value is a [`KnobSetting`], which has one canonical text. Controls set it as it is; address
//! bar, typed fields and foreign pages write text, and [`Knob::parse`] reads it. Both end in [`Knob::set`],
//! so there is one parser and one set of ranges. What is special about a knob stands in its row.

mod access;
mod kind;
mod roles;
mod setting;
mod table;

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
    /// Takes effect live.
    Tune,
    /// Begins a new run.
    Restart,
}

/// Where the control stands; a group can be hidden or locked by its name as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The first weights.
    Start,
    /// The first weights of single kinds of matrices (GPT).
    Matrices,
    /// The architecture.
    Network,
    /// How it learns.
    Optimizer,
    /// What it learns, from which seed, and where.
    Run,
}

impl Group {
    /// In the page's order.
    pub const ALL: [Self; 5] = [Self::Start, Self::Matrices, Self::Network, Self::Optimizer, Self::Run];

    /// The name in `show`, `hide` and `lock`, and in translations.
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

/// Where a control stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnobPlace {
    /// Beside play, within the thumb's reach: the lab is about it. A number there is σ.
    First,
    /// On top of its group.
    Common,
    /// One click further in its group.
    Rare,
}

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Knob {
    /// The key in links, and the name in `show`, `hide`, `lock` and test ids.
    pub id: &'static str,
    /// Its group in the page.
    pub group: Group,
    /// What it takes.
    pub kind: Kind,
    /// What a change does.
    pub change: Change,
    /// Where it stands.
    pub place: KnobPlace,
    get: fn(&Spec) -> KnobSetting,
    set: fn(&mut Spec, KnobSetting),
    applies: fn(&Spec) -> bool,
    /// Its value plays a part, where it applies.
    counts: fn(&Spec) -> bool,
    /// Nobody set it: it follows from other knobs.
    follows: fn(&Spec) -> bool,
    /// The ids that a model has, where these are not all of the kind's.
    offers: Option<fn(&Spec) -> Vec<&'static str>>,
    /// The largest number that a model has room for.
    most: fn(&Spec) -> f64,
    /// What else a hand on the control means; a link says all that it means.
    implies: fn(&mut Spec),
}

/// Every row has its id to itself.
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

/// What a knob takes, and how it reads and writes its field.
type Access = (Kind, fn(&Spec) -> KnobSetting, fn(&mut Spec, KnobSetting));

/// A row with nothing special about it.
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
    /// The knob of this id.
    pub fn find(id: &str) -> Option<&'static Knob> {
        KNOBS.iter().find(|knob| knob.id == id)
    }

    /// The value.
    pub fn get(&self, spec: &Spec) -> KnobSetting {
        (self.get)(spec)
    }

    /// The value as text.
    pub fn read(&self, spec: &Spec) -> String {
        self.get(spec).text()
    }

    /// Whether a link from `base` to `spec` has to name this knob.
    pub fn differs(&self, spec: &Spec, base: &Spec) -> bool {
        self.stored(spec) != self.stored(base)
    }

    /// The value that restores this knob: [`KnobSetting::Auto`] where the one read follows from other knobs.
    pub fn stored(&self, spec: &Spec) -> KnobSetting {
        if self.follows(spec) { KnobSetting::Auto } else { self.get(spec) }
    }

    /// The value as a link carries it: [`Self::stored`] as text.
    pub fn link_value(&self, spec: &Spec) -> String {
        self.stored(spec).text()
    }

    /// Whether the number or formula read follows from other knobs.
    pub fn follows(&self, spec: &Spec) -> bool {
        (self.follows)(spec)
    }

    /// The value as a number, for sliders; NaN for what is none.
    pub fn number(&self, spec: &Spec) -> f64 {
        if let KnobSetting::Number(number) = self.get(spec) { number } else { f64::NAN }
    }

    /// Whether the knob means anything for this spec.
    pub fn applies(&self, spec: &Spec) -> bool {
        (self.applies)(spec)
    }

    /// Whether the value plays a part in this spec, where the knob applies.
    pub(crate) fn counts(&self, spec: &Spec) -> bool {
        (self.counts)(spec)
    }

    /// The ids that can be chosen for this spec; empty for what is no choice.
    pub fn options(&self, spec: &Spec) -> Vec<&'static str> {
        match (self.kind, self.offers) {
            (Kind::Choice(_), Some(offers)) => offers(spec),
            (Kind::Choice(ids), None) => ids.to_vec(),
            _ => Vec::new(),
        }
    }

    /// The range for this spec: the table's, narrowed to the model's.
    pub fn range(&self, spec: &Spec) -> Option<Range> {
        let Kind::Range(range) = self.kind else { return None };
        let most = (self.most)(spec);
        Some(Range { max: range.max.min(most), to: range.to.min(most), ..range })
    }

    /// Sets the value.
    ///
    /// A number out of range is moved to its bound, with a notice. Errors: what the knob does not take at
    /// all; the spec is then unchanged. Rules between knobs are `Spec::settle`'s.
    pub fn set(&self, spec: &mut Spec, mut setting: KnobSetting) -> Result<Option<Notice>, Notice> {
        let mut notice = None;
        match (self.kind, &mut setting) {
            (Kind::Range(range), KnobSetting::Number(number)) if !number.is_nan() => {
                // What the model has room for, said once.
                let range = self.range(spec).unwrap_or(range);
                let asked = *number;
                *number = if range.whole { libm::round(asked) } else { asked }.clamp(range.min, range.max);
                notice = (*number != asked).then(|| Notice::clamped(self.id, show(asked), show(*number)));
            }
            (Kind::Formula, KnobSetting::Formula(text)) => {
                Formula::parse(text).map_err(|error| Notice::formula(text, error.at, error.problem.key()))?;
            }
            (Kind::Choice(ids), KnobSetting::Choice(id)) if ids.contains(id) => {}
            (Kind::Range(range), KnobSetting::Auto) if range.auto => {}
            (Kind::Switch, KnobSetting::Switch(_)) => {}
            (Kind::Seed, KnobSetting::Seed(_)) | (Kind::Formula, KnobSetting::Auto) => {}
            _ => return Err(Notice::bad_value(self.id, &setting.text())),
        }
        (self.set)(spec, setting);
        Ok(notice)
    }

    /// Sets the value as a person does at the control: with what else that means.
    pub(crate) fn turn(&self, spec: &mut Spec, setting: KnobSetting) -> Result<Option<Notice>, Notice> {
        let notice = self.set(spec, setting)?;
        (self.implies)(spec);
        Ok(notice)
    }

    /// Sets the value from text. Errors: what the knob does not take at all; the spec is then unchanged.
    pub fn write(&self, spec: &mut Spec, text: &str) -> Result<Option<Notice>, Notice> {
        self.set(spec, self.parse(text)?)
    }

    /// What a text means to this knob, before [`Self::set`] looks at ranges and formulas.
    ///
    /// Errors: an id that is no choice, and what is no number, switch or seed.
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
            Kind::Formula if text == "auto" => Some(KnobSetting::Auto),
            Kind::Formula => Some(KnobSetting::Formula(text.to_owned())),
            Kind::Range(range) if range.auto && text == "auto" => Some(KnobSetting::Auto),
            Kind::Range(_) => decimal::read(text).map(KnobSetting::Number),
        };
        setting.ok_or_else(|| Notice::bad_value(self.id, text))
    }
}

/// A spec with these knobs set.
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
