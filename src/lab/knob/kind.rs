//! Defines the kinds of values that knobs take: ids, numbers within a range, and others.

/// The kind of values that a knob takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A choice of one of these ids.
    Choice(&'static [&'static str]),
    /// On or off, as `on` or `off` in text.
    Switch,
    /// A number within a range.
    Range(Range),
    /// An unsigned integer of 64 bits, which is a seed.
    Seed,
    /// The numbers of units of hidden layers, or `auto` where they are equal.
    Widths,
    /// A formula, as [`crate::science::formula`] defines it, or `auto`.
    Formula,
}

/// The range of a number, the scale of its slider, and its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The smallest value that is taken.
    pub min: f64,
    /// The largest value that is taken.
    pub max: f64,
    /// The left end of the slider, which may be narrower than the range.
    pub from: f64,
    /// The right end of the slider.
    pub to: f64,
    /// Whether the slider is logarithmic.
    pub log: bool,
    /// Whether only integers are taken.
    pub whole: bool,
    /// Whether `auto` is taken too, which means the scheme's own value.
    pub auto: bool,
    /// The key of the unit's translation, which is empty for a pure number.
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
