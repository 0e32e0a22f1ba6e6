//! The verdict `best`: for which value of the first sweep is held-out loss lowest, and for which highest?

use crate::lab::number::show;
use crate::study::answer::StudyAnswer;
use crate::study::finding::StudyFinding;
use crate::study::forest::{Forest, ForestOutcome, ForestRow};
use crate::study::groups::{is_whole, whole};
use crate::study::plan::StudyPlan;
use crate::study::record::Record;

/// Says of each panel which value is best and which is worst.
pub(super) fn findings(plan: &StudyPlan, records: &[Record]) -> Vec<StudyFinding> {
    let best = |(panel, group): (String, Vec<usize>)| {
        let (best, worst) = ends(records, &group)?;
        let loss = |index: &usize| loss(records, *index);
        if loss(&best).is_infinite() {
            return Some(StudyFinding::new("best-none", [("panel", panel)]));
        }
        let values = [
            ("panel", panel),
            ("name", plan.axes[0].name.clone()),
            ("best", plan.label(best, 0).to_owned()),
            ("low", show(loss(&best))),
            ("worst", plan.label(worst, 0).to_owned()),
            ("high", show(loss(&worst))),
        ];
        Some(StudyFinding::new("best", values))
    };
    whole(plan, records, &[0]).filter_map(best).collect()
}

/// The loss of a network, where one that blew up is worse than any other.
fn loss(records: &[Record], index: usize) -> f64 {
    records[index].held_out().unwrap_or(f64::INFINITY)
}

/// The networks of the lowest and of the highest loss.
fn ends(records: &[Record], group: &[usize]) -> Option<(usize, usize)> {
    let order = |one: &usize, other: &usize| loss(records, *one).total_cmp(&loss(records, *other));
    group.iter().copied().min_by(order).zip(group.iter().copied().max_by(order))
}

/// Says which value is best how often. Where the values are numbers, the estimates are the best ones.
pub(super) fn answer(plan: &StudyPlan, records: &[Record]) -> Option<StudyAnswer> {
    let axis = &plan.axes[0];
    let mut wins = vec![0; axis.labels.len()];
    let row = |(row, group): (ForestRow, Vec<usize>)| {
        let Some((best, _)) = ends(records, &group).filter(|_| is_whole(records, &group)) else { return row };
        let lost = group.iter().filter(|index| loss(records, **index).is_infinite()).count();
        if lost == group.len() {
            return ForestRow { outcome: ForestOutcome::Diverged, lost: [lost, 0], ..row };
        }
        wins[plan.networks[best].at[0]] += 1;
        let estimate = Some([plan.number(best, 0); 3]);
        ForestRow { outcome: ForestOutcome::Learned, estimate, lost: [lost, 0], ..row }
    };
    let rows: Vec<ForestRow> = Forest::settings(plan, &[0]).into_iter().map(row).collect();
    let known = rows.iter().filter(|row| row.outcome != ForestOutcome::Waiting).count();
    if known == 0 {
        return Some(StudyAnswer::said(StudyFinding::new("answer-waiting", [])));
    }
    if axis.knob.is_some() && axis.numbers.iter().all(|number| *number > 0.0) {
        let forest = Forest {
            measure: None,
            name: axis.name.clone(),
            sides: Vec::new(),
            scale: axis.scale,
            reference: None,
            tried: Forest::tried(plan, 0),
            axes: Forest::axes(plan, &[0]),
            rows,
        };
        let sentence = StudyAnswer::middles(&forest, "answer-best-same", "answer-best-apart");
        let sentence = sentence.unwrap_or_else(|| StudyFinding::new("answer-diverged", []));
        return Some(StudyAnswer { sentence, forests: vec![forest] });
    }
    let most = wins.iter().copied().max().filter(|most| *most > 0)?;
    let names = |wanted: usize| {
        let named = axis.labels.iter().zip(&wins).filter(|(_, wins)| **wins == wanted);
        named.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" / ")
    };
    let key = if most == known { "answer-best-all" } else { "answer-best-most" };
    let values = [("best", names(most)), ("wins", most.to_string()), ("settings", known.to_string())];
    Some(StudyAnswer::said(StudyFinding::new(key, values)))
}
