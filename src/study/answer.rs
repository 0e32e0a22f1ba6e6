//! What an experiment answers: one sentence in plain words, and the estimates that it is made of.

use serde::{Deserialize, Serialize};

use super::finding::StudyFinding;
use super::forest::Forest;
use crate::lab::number::show;

/// What an experiment answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyAnswer {
    /// The answer in one sentence.
    pub sentence: StudyFinding,
    /// The estimates behind it, of one measure each; there are none where a sentence is all there is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forests: Vec<Forest>,
}

impl StudyAnswer {
    /// An answer that is a sentence alone.
    pub(super) fn said(sentence: StudyFinding) -> Self {
        Self { sentence, forests: Vec::new() }
    }

    /// An answer in the words of this key, with the values of a finding.
    pub(super) fn retold(key: &'static str, finding: &StudyFinding) -> Self {
        Self::said(StudyFinding { key: key.into(), values: finding.values.clone() })
    }

    /// Says, in the words of one of these keys, where the middles of the estimates lie: all at one value, or from
    /// one setting's to another's. None where no setting has an estimate.
    pub(super) fn middles(forest: &Forest, same: &'static str, apart: &'static str) -> Option<StudyFinding> {
        let middle = |estimate: [f64; 3]| estimate[1];
        let known = || forest.rows.iter().filter_map(|row| Some((row.estimate.map(middle)?, &row.label)));
        let order = |one: &(f64, &String), other: &(f64, &String)| one.0.total_cmp(&other.0);
        let ((low, lowest), (high, highest)) = (known().min_by(order)?, known().max_by(order)?);
        let mut sentence = StudyFinding::new(if low == high { same } else { apart }, [("name", forest.name.clone())]);
        sentence.fill([("low", show(low)), ("lowest", lowest.clone())]);
        sentence.fill([("high", show(high)), ("highest", highest.clone())]);
        sentence.fill([("settings", forest.rows.len().to_string())]);
        Some(sentence)
    }
}
