//! What a knob can be set to, and the one place that makes text of it.

/// A value of a knob, as a control sets it and as a link's text means it.
///
/// A knob takes values of the form that its [`super::Kind`] names, and refuses all others.
#[derive(Clone, Debug, PartialEq)]
pub enum KnobSetting {
    /// One of the ids of a choice; where a choice follows from other knobs, that is an id of its own.
    Choice(&'static str),
    /// On or off.
    Switch(bool),
    /// A number, in the unit of its range.
    Number(f64),
    /// A number or a formula that follows from other knobs.
    Auto,
    /// 64 bits, more than a number holds.
    Seed(u64),
    /// A formula as it was written.
    Formula(String),
}

impl KnobSetting {
    /// The canonical text, as links have it.
    pub fn text(self) -> String {
        match self {
            Self::Choice(id) => id.to_owned(),
            Self::Switch(on) => (if on { "on" } else { "off" }).to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Auto => "auto".to_owned(),
            Self::Seed(seed) => seed.to_string(),
            Self::Formula(text) => text,
        }
    }
}
