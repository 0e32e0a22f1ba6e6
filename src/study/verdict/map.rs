//! The verdict `map`: which cells learn, and what did theory's line say of them?

use crate::lab::forecast::guessing;
use crate::lab::sweep::learned;
use crate::study::answer::StudyAnswer;
use crate::study::chart::depths;
use crate::study::file::Refusal;
use crate::study::finding::StudyFinding;
use crate::study::groups::{held_out, whole};
use crate::study::plan::StudyPlan;
use crate::study::record::Record;

/// Refuses what has no second axis.
pub(super) fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    if plan.axes.len() < 2 { Err(Refusal::whole("verdict-lacks", "2")) } else { Ok(()) }
}

/// Says how many networks learned, and how many did on either side of theory's line.
pub(super) fn findings(plan: &StudyPlan, records: &[Record]) -> Vec<StudyFinding> {
    let mut found = Vec::new();
    for (panel, group) in whole(plan, records, &[0, 1]) {
        let guess = guessing(&plan.networks[group[0]].spec);
        let learned = learned(&held_out(plan, records, &group, 0), guess);
        let learners: Vec<&usize> =
            group.iter().zip(learned).filter(|(_, learned)| *learned).map(|(index, _)| index).collect();
        let count = |indices: &[usize]| indices.iter().filter(|index| learners.contains(index)).count().to_string();
        let size = |indices: &[usize]| indices.len().to_string();
        let values = [("panel", panel.clone()), ("learned", count(&group)), ("all", size(&group))];
        found.push(StudyFinding::new("map-learned", values));
        let depths = depths(plan, &group, [0, 1]);
        let line = |index: &usize| depths[plan.networks[*index].at[0]];
        let (told, silent): (Vec<usize>, Vec<usize>) = group.iter().partition(|index| line(index).is_some());
        if told.is_empty() {
            continue;
        }
        let within =
            |index: &usize| line(index).is_some_and(|depth| plan.networks[*index].spec.network.depth as f64 <= depth);
        let (near, far): (Vec<usize>, Vec<usize>) = told.iter().partition(|index| within(index));
        let values = [
            ("panel", panel.clone()),
            ("in", count(&near)),
            ("near", size(&near)),
            ("out", count(&far)),
            ("far", size(&far)),
        ];
        found.push(StudyFinding::new("map-theory", values));
        if !silent.is_empty() {
            found.push(StudyFinding::new("map-silent", [("panel", panel), ("silent", size(&silent))]));
        }
    }
    found
}

/// Says of the first panel how many networks learned, and what theory's line is worth.
pub(super) fn answer(plan: &StudyPlan, records: &[Record]) -> Option<StudyAnswer> {
    let all = findings(plan, records);
    let Some(first) = all.first() else {
        return Some(StudyAnswer::said(StudyFinding::new("answer-waiting", [])));
    };
    let of_line = all.iter().find(|finding| finding.key == "map-theory");
    let Some(of_line) = of_line.filter(|one| one.values["panel"] == first.values["panel"]) else {
        return Some(StudyAnswer::said(first.clone()));
    };
    let mut sentence = StudyFinding { key: "answer-map".into(), values: of_line.values.clone() };
    sentence.fill(["learned", "all"].map(|place| (place, first.values[place].clone())));
    Some(StudyAnswer::said(sentence))
}
