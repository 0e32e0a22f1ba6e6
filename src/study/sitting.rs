//! What the page of experiments knows of one experiment, and what a browser keeps of it.

use serde::{Deserialize, Serialize};

use super::file::Bilingual;
use super::protocol::StudyReport;
use crate::lab::protocol::DeviceReport;

/// How far an experiment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SittingPhase {
    /// Nobody asked for it.
    #[default]
    Idle,
    /// It was asked for.
    Loading,
    /// It trains.
    Running,
    /// It waits.
    Held,
    /// Every network made all its steps.
    Over,
    /// It was stopped, or its worker died.
    Ended,
}

impl SittingPhase {
    /// Whether the worker has it.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Loading | Self::Running | Self::Held)
    }

    /// The name in keys of texts.
    pub fn id(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Loading => "loading",
            Self::Running => "running",
            Self::Held => "held",
            Self::Over => "over",
            Self::Ended => "ended",
        }
    }
}

/// What began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyBegun {
    /// The file's title.
    pub title: Bilingual,
    /// What to look at.
    pub note: Bilingual,
    /// Where it is computed.
    pub device: DeviceReport,
}

/// What went wrong: a key of the page's texts, what it is about, and the line of the file, from 1 (0 is none).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyTrouble {
    /// The key.
    pub key: String,
    /// The detail of its text.
    pub detail: String,
    /// Where in the file.
    pub line: usize,
}

/// What a watched experiment can be taken up from; the bytes stay where they are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRecord {
    /// The file.
    pub file: String,
    /// Updates made, of all its networks.
    pub steps: u64,
    /// When it was kept, in milliseconds since 1970.
    pub at: f64,
}

/// What an experiment came to, as a browser keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptResult {
    /// Over or ended.
    pub phase: SittingPhase,
    /// The file.
    pub file: String,
    /// The last report.
    pub report: StudyReport,
    /// What began.
    pub begun: Option<StudyBegun>,
    /// When, in milliseconds since 1970.
    pub at: f64,
}

/// One experiment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sitting {
    /// How far it is.
    pub phase: SittingPhase,
    /// The number of its last order.
    pub run: u32,
    /// The file that was run last.
    pub file: String,
    /// When it was kept, where that was before this page was opened.
    pub kept_at: Option<f64>,
    /// How it stands.
    pub report: Option<StudyReport>,
    /// What began.
    pub begun: Option<StudyBegun>,
    /// What went wrong.
    pub trouble: Option<StudyTrouble>,
    /// What it can be taken up from.
    pub record: Option<KeptRecord>,
}
