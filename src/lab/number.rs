//! Converts numbers for messages and for people. JSON has no NaN or infinity, which are results worth showing here.
//!
//! A number that is not finite becomes the string `"NaN"`, `"Infinity"` or `"-Infinity"`, both in messages to other
//! pages and between worker and page.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::science::decimal;

/// A number that JSON can carry even if it is not finite.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub f64);

/// NaN equals itself here, so that a diverged network that stays as it is does not count as a change.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.0.is_nan() && other.0.is_nan()
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() {
            serializer.serialize_f64(self.0)
        } else if self.0.is_nan() {
            serializer.serialize_str("NaN")
        } else if self.0 > 0.0 {
            serializer.serialize_str("Infinity")
        } else {
            serializer.serialize_str("-Infinity")
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrName)
    }
}

impl Number {
    /// The number that is not finite, of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "NaN" => Some(Self(f64::NAN)),
            "Infinity" => Some(Self(f64::INFINITY)),
            "-Infinity" => Some(Self(f64::NEG_INFINITY)),
            _ => None,
        }
    }
}

/// Reads a number. Serde's `untagged` would copy it first, and bring the code for copies of anything.
struct NumberOrName;

impl Visitor<'_> for NumberOrName {
    type Value = Number;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a number, or the name of one that is not finite")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
        Ok(Number(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Number, E> {
        Ok(Number(value as f64))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Number, E> {
        Ok(Number(value as f64))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Number, E> {
        Number::named(name).ok_or_else(|| E::custom("not a number"))
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

/// Carries 64 bits as a string of digits, because JavaScript's numbers hold only 53.
pub mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de};

    /// Writes the number as digits, for `#[serde(with)]`.
    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads the number from digits, for `#[serde(with)]`. Text that is no unsigned integer of 64 bits is an error.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Formats a number for a person: few digits, an exponent where it saves zeros, and `∞` and `NaN` as such.
pub fn show(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".into() } else { "−∞".into() };
    }
    let size = value.abs();
    if size == 0.0 {
        "0".into()
    } else if !(1e-3..1e5).contains(&size) {
        let text = format!("{value:.2e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        format!("{}·10{}", trim(digits), superscript(exponent))
    } else {
        let decimals = (3 - libm::floor(libm::log10(size)) as i32 - 1).clamp(0, 6) as usize;
        trim(&format!("{value:.decimals$}"))
    }
}

/// Formats a place on a line for a person, who wrote π as such.
pub(super) fn show_place(value: f64) -> String {
    if (value - std::f64::consts::PI).abs() < 1e-9 { "π".into() } else { show(value) }
}

/// Formats 10^`exponent` for a person: as a whole power of ten from a thousand times or a thousandth on, so that it may
/// lie beyond every number, and else in two digits.
pub fn power_of_ten(exponent: f64) -> String {
    if !exponent.is_finite() || exponent.abs() < 3.0 {
        return show(round_to(libm::pow(10.0, exponent), 2));
    }
    format!("10{}", superscript(&format!("{exponent:.0}")))
}

/// Rounds to `digits` significant digits, so that a slider gives numbers that a person would type.
pub fn round_to(value: f64, digits: usize) -> f64 {
    decimal::read(&format!("{value:.*e}", digits.saturating_sub(1))).unwrap_or(value)
}

fn trim(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// Raises digits, and a minus sign before them.
pub(super) fn superscript(exponent: &str) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    exponent
        .chars()
        .map(|c| match c.to_digit(10) {
            Some(digit) => DIGITS[digit as usize],
            None => '⁻',
        })
        .collect()
}
