//! Writes ratios and shares as a person says them, where they are numbers.

use crate::lab::number::{round_to, show};

/// A quotient that is a number.
pub(super) fn quotient(above: f64, below: f64) -> Option<f64> {
    let ratio = above / below;
    (below != 0.0 && ratio.is_finite()).then_some(ratio)
}

/// Says how many times larger or smaller something is, in two digits.
pub(super) fn size(ratio: f64) -> Option<String> {
    digits(ratio, 2)
}

fn digits(ratio: f64, count: usize) -> Option<String> {
    let size = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    size.is_finite().then(|| show(round_to(size, count)))
}

/// A ratio as a person says it, "×3.2" or "÷39", in three digits: many are near 1.
pub(super) fn times(ratio: f64) -> Option<String> {
    Some(format!("{}{}", if ratio < 1.0 { "÷" } else { "×" }, digits(ratio, 3)?))
}

/// A share in two digits, as a percentage unless that would be tiny.
pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 1e-4 {
        return show(round_to(share, 2));
    }
    format!("{} %", show(round_to(100.0 * share, 2)))
}
