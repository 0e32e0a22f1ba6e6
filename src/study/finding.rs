//! What an experiment found: sentences made of its numbers, and of nothing else.

use std::collections::BTreeMap;

use serde::Serialize;

/// A sentence: a key of the page's texts and the values of its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StudyFinding {
    /// The key.
    pub key: &'static str,
    /// By name.
    pub values: BTreeMap<&'static str, String>,
}

impl StudyFinding {
    pub(super) fn new<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Self {
        Self { key, values: values.into() }
    }
}
