//! What knobs take: ids, numbers of a range, and the rest.

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

pub(super) const fn real(min: f64, max: f64, from: f64, to: f64, unit: &'static str) -> Kind {
    Kind::Range(Range { min, max, from, to, log: true, whole: false, auto: false, unit })
}

pub(super) const fn from_zero(max: f64, to: f64, whole: bool, unit: &'static str) -> Kind {
    Kind::Range(Range { min: 0.0, max, from: 0.0, to, log: false, whole, auto: false, unit })
}

pub(super) const fn count(min: f64, max: f64, to: f64, log: bool, unit: &'static str) -> Kind {
    Kind::Range(Range { min, max, from: min, to, log, whole: true, auto: false, unit })
}
