//! A measure of a frame with the values that a sentence may show of it.

use super::SentenceValue;

/// One measure of a frame, and what a sentence may say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The number that is compared with the threshold.
    pub value: f64,
    /// Values for a sentence's places.
    pub shown: Vec<(&'static str, SentenceValue)>,
}

/// A reading of which nothing is shown but the sentence.
pub(super) fn bare(value: f64) -> Reading {
    reading(value, [])
}

/// A reading with the values for a sentence's places.
pub(super) fn reading<const N: usize>(value: f64, shown: [(&'static str, SentenceValue); N]) -> Reading {
    Reading { value, shown: shown.into() }
}
