//! A file for each verdict: what its experiment must have, what is drawn and found, and its table.
//!
//! Here is the only place that knows which file a verdict has. Those of trained networks are asked
//! through it; `cost`, `overflow` and `watch` judge by measurements of their own, which the engine
//! hands them.

use super::file::{Refusal, Verdict};
use super::finding::Finding;
use super::plan::Plan;
use super::record::Record;
use super::table::Table;

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
    check: fn(&Plan) -> Result<(), Refusal>,
    findings: fn(&Plan, &[Record]) -> Vec<Finding>,
    table: fn(&Plan, &[Record]) -> Option<Table>,
}

fn judge(verdict: Verdict) -> Judge {
    let none = Judge { check: |_| Ok(()), findings: |_, _| Vec::new(), table: |_, _| None };
    match verdict {
        Verdict::None | Verdict::Cost => none,
        Verdict::Band => Judge { findings: band::findings, ..none },
        Verdict::Best => Judge { findings: best::findings, ..none },
        Verdict::Paired => Judge { check: paired::check, findings: paired::findings, table: paired::table },
        Verdict::Map => Judge { check: map::check, findings: map::findings, ..none },
        Verdict::Slope => Judge { check: slope::check, findings: slope::findings, table: slope::table },
        Verdict::Overflow => Judge { check: overflow::check, ..none },
        Verdict::Watch => Judge { check: watch::check, ..none },
    }
}

/// Refuses an experiment that lacks what its verdict is about.
pub(super) fn check(plan: &Plan) -> Result<(), Refusal> {
    (judge(plan.file.verdict).check)(plan)
}

/// What was found of trained networks, in the panels that are whole.
pub fn findings(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    (judge(plan.file.verdict).findings)(plan, records)
}

/// The numbers behind what was found, for those who compute on.
pub fn table(plan: &Plan, records: &[Record]) -> Option<Table> {
    (judge(plan.file.verdict).table)(plan, records)
}
