//! What the page of experiments knows of one experiment, and what a browser keeps of it.

use serde::{Deserialize, Serialize};

use super::answer::StudyAnswer;
use super::file::Bilingual;
use super::report::StudyReport;
use crate::lab::protocol::DeviceReport;

/// How far an experiment has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SittingPhase {
    /// Nobody has asked for it.
    #[default]
    Idle,
    /// It was asked for, and has not begun yet.
    Loading,
    /// Its networks train.
    Running,
    /// It waits until it may go on.
    Held,
    /// Every network made all its steps.
    Over,
    /// It was stopped, or its worker died.
    Ended,
}

impl SittingPhase {
    /// Whether the worker has it to do.
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

/// What the worker says of an experiment that begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyBegun {
    /// The file's title.
    pub title: Bilingual,
    /// What to look at.
    pub note: Bilingual,
    /// The device on which it is computed.
    pub device: DeviceReport,
}

/// What went wrong with an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyTrouble {
    /// The key of the sentence among the page's texts.
    pub key: String,
    /// What the sentence is about, for its place `{detail}`.
    pub detail: String,
    /// The line of the file, from 1; it is 0 where it is about no line.
    pub line: usize,
}

/// What is known of the bytes that a watched experiment can be taken up from. They stay where they are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRecord {
    /// The file.
    pub file: String,
    /// How many updates were made, of all its networks together.
    pub steps: u64,
    /// When it was kept, in milliseconds since 1970.
    pub at: f64,
}

/// The result of an experiment, as a browser keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptResult {
    /// How it came to its end, which is over or ended.
    pub phase: SittingPhase,
    /// The file.
    pub file: String,
    /// The last report of the worker.
    pub report: StudyReport,
    /// What began.
    pub begun: Option<StudyBegun>,
    /// When it was kept, in milliseconds since 1970.
    pub at: f64,
}

/// What a gallery shows of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultSummary {
    /// The file.
    pub file: String,
    /// Its answer, if it has one.
    pub answer: Option<StudyAnswer>,
    /// How long it computed, in seconds, if it came to its end and this was measured.
    pub seconds: Option<f64>,
}

impl ResultSummary {
    /// The summary of a result.
    pub fn of(result: &KeptResult) -> Self {
        let StudyReport { done, networks, seconds_spent, answer, .. } = &result.report;
        let seconds = (done == networks && *seconds_spent > 0.0).then_some(*seconds_spent);
        Self { file: result.file.clone(), answer: answer.clone(), seconds }
    }
}

/// How long an experiment would take, as the worker found it by training some of its networks for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudyEstimate {
    /// How many networks it has.
    pub networks: usize,
    /// The updates of all of them together.
    pub updates: u64,
    /// The time that one worker takes, in seconds.
    pub seconds: f64,
}

/// What is known of one experiment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sitting {
    /// How far it has come.
    pub phase: SittingPhase,
    /// The number of its last order.
    pub run: u32,
    /// The file that was run last.
    pub file: String,
    /// When it was kept, where that was before this page was opened.
    pub kept_at: Option<f64>,
    /// How it stands, once it has begun.
    pub report: Option<StudyReport>,
    /// What began.
    pub begun: Option<StudyBegun>,
    /// What went wrong, if something did.
    pub trouble: Option<StudyTrouble>,
    /// What it can be taken up from, if anything was kept.
    pub record: Option<KeptRecord>,
    /// How long it would take, and the file of which that was estimated.
    pub estimate: Option<(String, StudyEstimate)>,
}
