//! Ratios and shares as a person says them, where they are numbers.

use crate::lab::number::{round_to, show};

/// A quotient that is a number.
pub(super) fn quotient(above: f64, below: f64) -> Option<f64> {
    let ratio = above / below;
    (below != 0.0 && ratio.is_finite()).then_some(ratio)
}

/// How many times larger or smaller, in two digits.
pub(super) fn size(ratio: f64) -> Option<String> {
    let size = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    size.is_finite().then(|| show(round_to(size, 2)))
}

/// A ratio as a person says it: "×3.2" or "÷39".
pub(super) fn times(ratio: f64) -> Option<String> {
    Some(format!("{}{}", if ratio < 1.0 { "÷" } else { "×" }, size(ratio)?))
}

/// A share as a percentage in two digits.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", show(round_to(100.0 * share, 2)))
}
