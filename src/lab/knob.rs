//! The knob table: one row a control, used by slider, link, message, hide, lock, unit and default.
//!
//! A knob's value is text with one canonical form. Slider, address bar and foreign pages all write
//! through [`Knob::write`], so there is one parser and one set of ranges.

mod access;
mod roles;
mod table;

pub use roles::{MODEL, ROLE_SCHEMES};
pub use table::KNOBS;

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

/// What a knob takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One of these ids.
    Choice(&'static [&'static str]),
    /// `on` or `off`.
    Switch,
    /// A number.
    Range(Range),
    /// An unsigned integer of 64 bits.
    Seed,
    /// A formula: [`crate::science::formula`]; or `auto`.
    Formula,
}

/// A number's range, its slider's scale and its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Smallest value taken.
    pub min: f64,
    /// Largest value taken.
    pub max: f64,
    /// The slider's left end, where it is narrower than the range.
    pub from: f64,
    /// The slider's right end.
    pub to: f64,
    /// Logarithmic slider.
    pub log: bool,
    /// Integers only.
    pub whole: bool,
    /// Takes `auto` too: the scheme's own value.
    pub auto: bool,
    /// Key of the unit's translation; empty for a pure number.
    pub unit: &'static str,
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
    /// One click away instead of on top.
    pub rare: bool,
    read: fn(&Spec) -> String,
    write: fn(&mut Spec, Parsed),
    applies: fn(&Spec) -> bool,
    /// Nobody set it: it follows from other knobs.
    follows: fn(&Spec) -> bool,
}

/// What a knob takes, and how it reads and writes its field.
type Access = (Kind, fn(&Spec) -> String, fn(&mut Spec, Parsed));

/// A value that fits the knob's kind and range.
#[derive(Clone, Debug)]
enum Parsed {
    Choice(&'static str),
    Switch(bool),
    Number(f64),
    Auto,
    Seed(u64),
    Text(String),
}

const fn real(min: f64, max: f64, from: f64, to: f64, unit: &'static str) -> Kind {
    Kind::Range(Range { min, max, from, to, log: true, whole: false, auto: false, unit })
}

const fn from_zero(max: f64, to: f64, whole: bool, unit: &'static str) -> Kind {
    Kind::Range(Range { min: 0.0, max, from: 0.0, to, log: false, whole, auto: false, unit })
}

const fn count(min: f64, max: f64, to: f64, log: bool, unit: &'static str) -> Kind {
    Kind::Range(Range { min, max, from: min, to, log, whole: true, auto: false, unit })
}

impl Knob {
    /// The knob of this id.
    pub fn find(id: &str) -> Option<&'static Knob> {
        KNOBS.iter().find(|knob| knob.id == id)
    }

    /// The value in its canonical form.
    pub fn read(&self, spec: &Spec) -> String {
        (self.read)(spec)
    }

    /// Whether a link from `base` to `spec` has to name this knob.
    pub fn differs(&self, spec: &Spec, base: &Spec) -> bool {
        self.link_value(spec) != self.link_value(base)
    }

    /// The value as a link carries it: `auto` where the number read follows from other knobs.
    pub fn link_value(&self, spec: &Spec) -> String {
        if (self.follows)(spec) { "auto".to_owned() } else { self.read(spec) }
    }

    /// The value as a number, for sliders.
    pub fn number(&self, spec: &Spec) -> f64 {
        decimal::read(&self.read(spec)).unwrap_or(f64::NAN)
    }

    /// Whether the knob means anything for this spec.
    pub fn applies(&self, spec: &Spec) -> bool {
        (self.applies)(spec)
    }

    /// The ids that can be chosen for this spec; empty for what is no choice.
    pub fn options(&self, spec: &Spec) -> Vec<&'static str> {
        match self.kind {
            Kind::Choice(_) if self.id == "data" => spec.datasets().iter().map(|data| data.id()).collect(),
            Kind::Choice(_) if self.id == "init" => spec.schemes().map(|scheme| scheme.id()).collect(),
            Kind::Choice(_) if self.id == "norm" => spec.norms().map(|norm| norm.id()).collect(),
            Kind::Choice(_) if self.id == "pos" => spec.norm_positions().map(|at| at.id()).collect(),
            Kind::Choice(_) if self.id == "adapt" => spec.adaptations().iter().map(|kind| kind.id()).collect(),
            Kind::Choice(ids) => ids.to_vec(),
            _ => Vec::new(),
        }
    }

    /// The range for this spec: the table's, narrowed to the model's.
    pub fn range(&self, spec: &Spec) -> Option<Range> {
        let Kind::Range(mut range) = self.kind else { return None };
        let most = match self.id {
            "depth" => spec.network.max_depth() as f64,
            "width" => spec.network.max_width() as f64,
            _ => range.max,
        };
        range.max = range.max.min(most);
        range.to = range.to.min(most);
        Some(range)
    }

    /// Sets the value from text.
    ///
    /// A number out of range is moved to its bound, with a notice. Errors: what the knob does not
    /// take at all; the spec is then unchanged. Rules between knobs are `Spec::settle`'s.
    pub fn write(&self, spec: &mut Spec, text: &str) -> Result<Option<Notice>, Notice> {
        let (parsed, notice) = self.parse(text, self.range(spec))?;
        (self.write)(spec, parsed);
        Ok(notice)
    }

    fn parse(&self, text: &str, narrowed: Option<Range>) -> Result<(Parsed, Option<Notice>), Notice> {
        let text = text.trim();
        let refuse = || Notice::bad_value(self.id, text);
        match self.kind {
            Kind::Choice(ids) => {
                let id = ids.iter().find(|id| **id == text).ok_or_else(refuse)?;
                Ok((Parsed::Choice(id), None))
            }
            Kind::Switch => match text {
                "on" => Ok((Parsed::Switch(true), None)),
                "off" => Ok((Parsed::Switch(false), None)),
                _ => Err(refuse()),
            },
            Kind::Seed => text.parse().map(|seed| (Parsed::Seed(seed), None)).map_err(|_| refuse()),
            Kind::Formula if text == "auto" => Ok((Parsed::Auto, None)),
            Kind::Formula => match Formula::parse(text) {
                Ok(_) => Ok((Parsed::Text(text.to_owned()), None)),
                Err(error) => Err(Notice::formula(text, error.at, error.problem.key())),
            },
            Kind::Range(range) if range.auto && text == "auto" => Ok((Parsed::Auto, None)),
            Kind::Range(range) => {
                let asked = decimal::read(text).ok_or_else(refuse)?;
                let rounded = if range.whole { libm::round(asked) } else { asked };
                // What the model has room for, said once.
                let range = narrowed.unwrap_or(range);
                let used = rounded.clamp(range.min, range.max);
                let notice = (used != asked).then(|| Notice::clamped(self.id, show(asked), show(used)));
                Ok((Parsed::Number(used), notice))
            }
        }
    }
}

/// A spec with these knobs set.
pub(crate) fn applied(spec: &Spec, edits: &[(&'static str, String)]) -> (Spec, Vec<Notice>) {
    let mut spec = spec.clone();
    let mut notices = Vec::new();
    for (key, text) in edits {
        match Knob::find(key).map(|knob| knob.write(&mut spec, text)) {
            Some(Ok(notice)) => notices.extend(notice),
            Some(Err(notice)) => notices.push(notice),
            None => notices.push(Notice::unknown_key(key)),
        }
    }
    notices.extend(spec.settle());
    (spec, notices)
}
