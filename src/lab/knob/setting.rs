//! Defines what a knob can be set to, and the one function that writes it as text.

/// A value of a knob, as a control sets it or a link's text states it.
///
/// A knob takes values of the form that its [`super::Kind`] names, and refuses all others.
#[derive(Clone, Debug, PartialEq)]
pub enum KnobSetting {
    /// One of the ids of a choice. If the choice can follow from other knobs, this is one of its ids too.
    Choice(&'static str),
    /// The state of a switch.
    Switch(bool),
    /// A number in the unit of the knob's range.
    Number(f64),
    /// The number or the formula follows from other knobs.
    Auto,
    /// A seed of 64 bits, which an f64 cannot hold exactly.
    Seed(u64),
    /// The numbers of units of hidden layers.
    Widths(Vec<usize>),
    /// A formula as it was written.
    Formula(String),
}

impl KnobSetting {
    /// Returns the canonical text, as it stands in links.
    pub fn text(self) -> String {
        match self {
            Self::Choice(id) => id.to_owned(),
            Self::Switch(on) => (if on { "on" } else { "off" }).to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Auto => "auto".to_owned(),
            Self::Seed(seed) => seed.to_string(),
            Self::Widths(list) if list.is_empty() => Self::Auto.text(),
            Self::Widths(list) => list.iter().map(usize::to_string).collect::<Vec<_>>().join("-"),
            Self::Formula(text) => text,
        }
    }
}
