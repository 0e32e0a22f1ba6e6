//! A file for each verdict: what its experiment must have, what is drawn and found, and its table.
//!
//! Here is the only place that knows which file a verdict has. Those of trained networks are asked
//! through it; `cost`, `overflow` and `watch` judge by measurements of their own, which the engine
//! hands them.

use super::answer::StudyAnswer;
use super::file::{Refusal, VerdictKind};
use super::finding::StudyFinding;
use super::plan::StudyPlan;
use super::record::Record;
use super::table::ResultTable;

mod band;
mod best;
pub mod cost;
mod map;
pub mod overflow;
mod paired;
mod slope;
pub mod watch;

/// What a verdict asks of its plan, and what it makes of networks that were trained.
struct Judge {
    check: fn(&StudyPlan) -> Result<(), Refusal>,
    findings: fn(&StudyPlan, &[Record]) -> Vec<StudyFinding>,
    table: fn(&StudyPlan, &[Record]) -> Option<ResultTable>,
    answer: fn(&StudyPlan, &[Record]) -> Option<StudyAnswer>,
}

fn judge(verdict: VerdictKind) -> Judge {
    let none = Judge { check: |_| Ok(()), findings: |_, _| Vec::new(), table: |_, _| None, answer: |_, _| None };
    match verdict {
        VerdictKind::None | VerdictKind::Cost => none,
        VerdictKind::Band => Judge { findings: band::findings, answer: band::answer, ..none },
        VerdictKind::Best => Judge { findings: best::findings, answer: best::answer, ..none },
        VerdictKind::Paired => {
            Judge { check: paired::check, findings: paired::findings, table: paired::table, answer: paired::answer }
        }
        VerdictKind::Map => Judge { check: map::check, findings: map::findings, answer: map::answer, ..none },
        VerdictKind::Slope => {
            Judge { check: slope::check, findings: slope::findings, table: slope::table, answer: slope::answer }
        }
        VerdictKind::Overflow => Judge { check: overflow::check, ..none },
        VerdictKind::Watch => Judge { check: watch::check, ..none },
    }
}

/// Refuses an experiment that lacks what its verdict is about.
pub(super) fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    (judge(plan.file.verdict).check)(plan)
}

/// What was found of trained networks, in the panels that are whole.
pub fn findings(plan: &StudyPlan, records: &[Record]) -> Vec<StudyFinding> {
    (judge(plan.file.verdict).findings)(plan, records)
}

/// The numbers behind what was found, for those who compute on.
pub fn table(plan: &StudyPlan, records: &[Record]) -> Option<ResultTable> {
    (judge(plan.file.verdict).table)(plan, records)
}

/// What trained networks answer, in one sentence, with the estimates behind it; none where there is nothing to say yet.
pub fn answer(plan: &StudyPlan, records: &[Record]) -> Option<StudyAnswer> {
    (judge(plan.file.verdict).answer)(plan, records)
}
