//! The verdict `best`: for which value of the first sweep is held-out loss lowest, and for which highest?

use crate::lab::number::show;
use crate::study::finding::StudyFinding;
use crate::study::groups::whole;
use crate::study::plan::StudyPlan;
use crate::study::record::Record;

/// Says of each panel which value is best and which is worst.
pub(super) fn findings(plan: &StudyPlan, records: &[Record]) -> Vec<StudyFinding> {
    let best = |(panel, group): (String, Vec<usize>)| {
        // A network that blew up is worse than any other.
        let loss = |index: &usize| records[*index].held_out().unwrap_or(f64::INFINITY);
        let order = |one: &&usize, other: &&usize| loss(one).total_cmp(&loss(other));
        let (best, worst) = (group.iter().min_by(order)?, group.iter().max_by(order)?);
        if loss(best).is_infinite() {
            return Some(StudyFinding::new("best-none", [("panel", panel)]));
        }
        let values = [
            ("panel", panel),
            ("name", plan.axes[0].name.clone()),
            ("best", plan.label(*best, 0).to_owned()),
            ("low", show(loss(best))),
            ("worst", plan.label(*worst, 0).to_owned()),
            ("high", show(loss(worst))),
        ];
        Some(StudyFinding::new("best", values))
    };
    whole(plan, records, &[0]).filter_map(best).collect()
}
