//! What an experiment found: sentences made of its numbers, and of nothing else.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A sentence, as a key of the page's texts and the values of its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyFinding {
    /// The key of the sentence among the page's texts.
    pub key: Cow<'static, str>,
    /// What stands in each place, by its name.
    pub values: BTreeMap<Cow<'static, str>, String>,
}

impl StudyFinding {
    pub(super) fn new<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Self {
        Self { key: key.into(), values: values.map(|(place, value)| (place.into(), value)).into() }
    }

    /// Fills further places of the sentence.
    pub(super) fn fill(&mut self, values: impl IntoIterator<Item = (&'static str, String)>) {
        self.values.extend(values.into_iter().map(|(place, value)| (place.into(), value)));
    }
}
