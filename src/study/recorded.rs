//! What the site itself recorded of its experiments: `make experiments` runs them natively and writes a file for each.
//! A page shows it until a reader's own browser has a result.

use serde::{Deserialize, Serialize};

use super::answer::StudyAnswer;
use super::sketch::StudySketch;

/// The recorded file of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedStudy {
    /// The fingerprint of the file that was run.
    pub fingerprint: String,
    /// The number of its networks.
    pub networks: usize,
    /// What it came to; none where it was not run.
    pub result: Option<RecordedResult>,
}

/// What an experiment came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedResult {
    /// How long it computed, in seconds.
    pub seconds: f64,
    /// Its answer.
    pub answer: StudyAnswer,
    /// Its picture, where the answer has none of its own.
    pub sketch: Option<StudySketch>,
}

/// Tells files apart (FNV-1a, 64 bits), so that a test finds a result whose file was changed since.
pub fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// How many times as long experiments take here as where they were recorded: the median over those that were run to
/// their end here, each as its seconds here and there. None where there is none.
pub fn pace(times: &[(f64, f64)]) -> Option<f64> {
    let mut ratios: Vec<f64> =
        times.iter().filter(|(here, there)| *here > 0.0 && *there > 0.0).map(|(here, there)| here / there).collect();
    ratios.sort_by(f64::total_cmp);
    let middle = ratios.len().checked_sub(1)?;
    Some((ratios[middle / 2] + ratios[middle.div_ceil(2)]) / 2.0)
}
