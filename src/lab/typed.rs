//! Reads what a person types where a number stands: arithmetic in the language of [`crate::science::formula`], such as
//! `√(2/128)`, `1/sqrt(fan_in)`, `10^-3` or `0,05`.
//!
//! Links and messages of other pages carry plain numbers, which [`Knob::parse`] reads and moves into range whatever
//! they are. What a person types and nobody could mean is refused instead, with the reason and the place.
//!
//! A comma is a decimal sign if a digit follows it, unless it stands between the arguments of `min` or `max`. As
//! `1,024` means 1024 to one reader and 1.024 to another, it is refused wherever the larger number could be meant: in a
//! knob of whole numbers, and where that number is within the knob's range. Code, links and tables write a point, which
//! is a decimal sign everywhere.

use super::knob::{Kind, Knob, KnobSetting, Range};
use super::notice::Notice;
use super::prediction::shown_site;
use super::spec::{Model, Role, Spec};
use crate::science::decimal;
use crate::science::formula::{Formula, FormulaError, MOST, Names};

/// The reason why a typed text is no value of a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypedProblem {
    /// The key of the reason, below `formula-error.` in the language files.
    pub key: &'static str,
    /// The number of characters before the place, or `None` if it is the value that is wrong and no place in the text.
    pub at: Option<usize>,
}

impl TypedProblem {
    fn of_value(key: &'static str) -> Self {
        Self { key, at: None }
    }

    fn at(key: &'static str, at: usize) -> Self {
        Self { key, at: Some(at) }
    }

    /// Returns what is said about the text that was typed.
    pub fn notice(self, knob: &Knob, text: &str) -> Notice {
        Notice::typed(knob.id, text, self.at, self.key)
    }
}

impl From<FormulaError> for TypedProblem {
    fn from(error: FormulaError) -> Self {
        Self::at(error.problem.key(), error.at)
    }
}

/// Returns the setting that a typed text means for a knob: for a number what [`read_number`] reads, or `auto` where the
/// number can follow from other knobs, and for all others what [`Knob::parse`] reads.
pub fn read_typed(text: &str, knob: &Knob, spec: &Spec) -> Result<KnobSetting, Notice> {
    match knob.kind {
        Kind::Range(range) if range.auto && text.trim() == "auto" => Ok(KnobSetting::Auto),
        Kind::Range(_) => {
            let number = read_number(text, knob, spec).map_err(|problem| problem.notice(knob, text));
            number.map(KnobSetting::Number)
        }
        // Who empties the field wants layers of one width again.
        Kind::Widths if text.trim().is_empty() => Ok(KnobSetting::Auto),
        _ => knob.parse(text),
    }
}

/// Returns the value of an expression that was typed for a knob of numbers, before [`Knob::set`] rounds it and moves it
/// into range.
///
/// The names stand for the sizes of the network on the page: fans are those of the knob's own matrix, or of the matrix
/// whose σ the lab shows, and the gain is that matrix's.
pub fn read_number(text: &str, knob: &Knob, spec: &Spec) -> Result<f64, TypedProblem> {
    let range = knob.range(spec);
    let text = with_points(text, range)?;
    let formula = Formula::parse(&text)?;
    if let Some(at) = nameless(spec).iter().find_map(|name| place_of(name, &text)) {
        return Err(TypedProblem::at("no-value", at));
    }
    let names = names(knob, spec).ok_or(TypedProblem::of_value("not-finite"))?;
    let value = formula.value(&names);
    if formula.divides_by_zero(&names) {
        Err(TypedProblem::of_value("division"))
    } else if !value.is_finite() {
        Err(TypedProblem::of_value("not-finite"))
    } else if value < 0.0 && range.is_some_and(|range| range.min >= 0.0) {
        Err(TypedProblem::of_value("negative"))
    } else {
        Ok(value)
    }
}

/// Returns the names that have no value here: a number is not of one layer, and only a transformer has heads.
fn nameless(spec: &Spec) -> &'static [&'static str] {
    match spec.network.model {
        Model::Mlp => &["layer", "heads"],
        Model::Gpt => &["layer"],
    }
}

/// Returns the number of characters before a name.
fn place_of(name: &str, text: &str) -> Option<usize> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let at = text
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with(is_name) && !text[at + name.len()..].starts_with(is_name))?;
    Some(text[..at].chars().count())
}

fn names(knob: &Knob, spec: &Spec) -> Option<Names> {
    let role = knob.id.split_once('.').and_then(|(_, role)| Role::from_id(role));
    let own = role.and_then(|role| spec.architecture().matrices().into_iter().find(|site| site.role == role));
    let site = own.or_else(|| shown_site(spec))?;
    Some(spec.init_of(site.role).names(&site))
}

/// Writes a point for each comma that is a decimal sign, which moves no other character.
fn with_points(text: &str, range: Option<Range>) -> Result<String, TypedProblem> {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() > MOST {
        // The formula's reader refuses it, so nobody needs to look for commas in what may be a whole book.
        return Ok(text.to_owned());
    }
    let mut points = letters.clone();
    // For each parenthesis that is open, whether the arguments of a function of several stand in it.
    let mut lists = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        match letter {
            '(' => lists.push(takes_several(&letters[..at])),
            ')' => drop(lists.pop()),
            ',' if lists.last() != Some(&true) && letters.get(at + 1).is_some_and(char::is_ascii_digit) => {
                if is_ambiguous(&letters, at, range) {
                    return Err(TypedProblem::at("comma", at));
                }
                points[at] = '.';
            }
            _ => {}
        }
    }
    Ok(points.into_iter().collect())
}

fn takes_several(before: &[char]) -> bool {
    let text: String = before.iter().collect();
    let text = text.trim_end();
    let name = text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
    matches!(name, Some("min" | "max"))
}

/// Returns whether the comma at this place could stand between thousands.
fn is_ambiguous(letters: &[char], at: usize, range: Option<Range>) -> bool {
    let is_part = |c: &&char| c.is_ascii_digit() || matches!(**c, '.' | ',');
    let before: String = letters[..at].iter().rev().take_while(is_part).collect();
    let after: String = letters[at + 1..].iter().take_while(is_part).collect();
    if [&before, &after].iter().any(|part| part.contains(['.', ','])) {
        return true;
    }
    let before: String = before.chars().rev().collect();
    let is_group = (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3;
    let thousands = decimal::read(&(before + &after)).unwrap_or(f64::INFINITY);
    is_group && range.is_some_and(|range| range.whole || thousands <= range.max)
}
