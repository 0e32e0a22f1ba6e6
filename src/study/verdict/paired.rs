//! The verdict `paired`: do the two values of the first sweep differ, over pairs of the second?

mod answer;

pub(super) use answer::answer;

use crate::lab::number::show;
use crate::study::file::{EndMeasure, Refusal};
use crate::study::finding::StudyFinding;
use crate::study::groups::{sides, wants_two, whole};
use crate::study::permutation::least_share;
use crate::study::plan::StudyPlan;
use crate::study::record::Record;
use crate::study::statistics::{Means, Paired, SIGNIFICANT, Worse, holm, paired};
use crate::study::table::{Cell, ResultTable};

/// The measures by which pairs are compared.
const COMPARED: [EndMeasure; 3] = [EndMeasure::TrainLoss, EndMeasure::TrainAccuracy, EndMeasure::HeldOutAccuracy];

/// Two values compared in one panel by one measure.
struct Comparison {
    panel: String,
    measure: EndMeasure,
    outcome: Option<Paired>,
    /// The permutation's probability after Holm, over all comparisons of the file.
    holm: f64,
}

/// Refuses what has not two values, or no sweep over which they make pairs.
pub(super) fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    if plan.axes.len() < 2 { Err(Refusal::whole("verdict-lacks", "2")) } else { wants_two(plan, 0) }
}

/// Counts the comparisons that a file makes once all its networks are trained, which are Holm's family: were
/// only those at hand counted, a finding could be withdrawn as more come in.
fn family(plan: &StudyPlan) -> usize {
    plan.panels(&[0, 1]).len() * COMPARED.len()
}

/// Compares the first axis's two values over the second axis, panel by panel, by each measure.
fn comparisons(plan: &StudyPlan, records: &[Record]) -> Vec<Comparison> {
    let mut all = Vec::new();
    for (panel, group) in whole(plan, records, &[0, 1]) {
        for measure in COMPARED {
            let [first, second] = sides(plan, records, &group, 0, measure);
            let worse = if measure == EndMeasure::TrainLoss { Worse::Larger } else { Worse::Smaller };
            let outcome = paired(&first, &second, worse);
            all.push(Comparison { panel: panel.clone(), measure, outcome, holm: 1.0 });
        }
    }
    let shares: Vec<f64> = all.iter().map(|one| one.outcome.map_or(1.0, |outcome| outcome.permutation)).collect();
    for (one, after) in all.iter_mut().zip(holm(&shares, family(plan))) {
        one.holm = after;
    }
    all
}

/// Says what each comparison came to, and then how all are to be read together.
pub(super) fn findings(plan: &StudyPlan, records: &[Record]) -> Vec<StudyFinding> {
    let names = &plan.axes[0].labels;
    let all = comparisons(plan, records);
    let mut found = Vec::new();
    for one in &all {
        let Some(outcome) = &one.outcome else {
            let values = [("panel", one.panel.clone()), ("first", names[0].clone()), ("second", names[1].clone())];
            found.push(StudyFinding::new("pairs-none", values));
            continue;
        };
        if outcome.lost == [0, 0] {
            found.extend(outcome.means.map(|means| by_means(names, one, outcome, &means)));
        } else {
            // This is said once a panel, because who blew up did so by every measure.
            found.extend((one.measure == COMPARED[0]).then(|| lost(names, one, outcome)));
            found.push(by_ranks(names, one, outcome));
        }
    }
    found.extend(together(plan, &all));
    found
}

fn values(names: &[String], one: &Comparison, outcome: &Paired) -> [(&'static str, String); 6] {
    [
        ("panel", one.panel.clone()),
        ("first", names[0].clone()),
        ("second", names[1].clone()),
        ("pairs", outcome.pairs.to_string()),
        ("p", show(outcome.permutation)),
        ("holm", show(one.holm)),
    ]
}

fn interval(means: &Means) -> [(&'static str, String); 2] {
    [("low", show(means.interval[0])), ("high", show(means.interval[1]))]
}

/// Chooses among three sentences: open, less or more.
fn which(one: &Comparison, direction: f64) -> usize {
    match direction {
        _ if one.holm >= SIGNIFICANT => 0,
        direction if direction < 0.0 => 1,
        _ => 2,
    }
}

/// Says by how much the sides differ, where all networks came to their end.
fn by_means(names: &[String], one: &Comparison, outcome: &Paired, means: &Means) -> StudyFinding {
    let keys = match one.measure {
        _ if means.std == 0.0 && means.mean == 0.0 => ["pairs-equal"; 3],
        EndMeasure::TrainLoss => ["pairs-loss-open", "pairs-loss-lower", "pairs-loss-higher"],
        EndMeasure::TrainAccuracy => ["pairs-seen-open", "pairs-seen-lower", "pairs-seen-higher"],
        _ => ["pairs-share-open", "pairs-share-lower", "pairs-share-higher"],
    };
    let mut finding = StudyFinding::new(keys[which(one, outcome.direction)], values(names, one, outcome));
    finding.fill(interval(means));
    finding.fill([("mean", show(means.mean.abs())), ("measure", one.measure.id().to_owned())]);
    finding
}

/// Says how many networks of each side left f32.
fn lost(names: &[String], one: &Comparison, outcome: &Paired) -> StudyFinding {
    let mut finding = StudyFinding::new("pairs-lost", values(names, one, outcome));
    let [first, second] = outcome.lost.map(|count| count.to_string());
    finding.fill([("lost-first", first), ("lost-second", second)]);
    finding
}

/// Says which side is better where some networks left f32: a difference has a rank then, and only those of
/// whole pairs have a size.
fn by_ranks(names: &[String], one: &Comparison, outcome: &Paired) -> StudyFinding {
    let better = if one.measure == EndMeasure::TrainLoss { -outcome.direction } else { outcome.direction };
    let keys = if outcome.means.is_some() {
        ["ranks-open", "ranks-worse", "ranks-better"]
    } else {
        ["ranks-open-alone", "ranks-worse-alone", "ranks-better-alone"]
    };
    let mut finding = StudyFinding::new(keys[which(one, better)], values(names, one, outcome));
    finding.fill([("measure", one.measure.id().to_owned())]);
    if let Some(means) = &outcome.means {
        finding.fill(interval(means));
        finding.fill([("mean", show(means.mean)), ("finite", means.count.to_string())]);
    }
    finding
}

/// Says that there are many comparisons, and whether there are pairs enough to find anything.
fn together(plan: &StudyPlan, all: &[Comparison]) -> Vec<StudyFinding> {
    let Some(pairs) = all.iter().filter_map(|one| Some(one.outcome?.pairs)).min() else { return Vec::new() };
    let tests = family(plan);
    let least = |pairs: usize| least_share(pairs) * tests as f64;
    let mut found = Vec::new();
    if least(pairs) >= SIGNIFICANT {
        let needed = (pairs..64).find(|pairs| least(*pairs) < SIGNIFICANT);
        let values = [
            ("pairs", pairs.to_string()),
            ("least", show(least_share(pairs))),
            ("tests", tests.to_string()),
            ("needed", needed.map_or("–".into(), |needed| needed.to_string())),
        ];
        found.push(StudyFinding::new("pairs-few", values));
    }
    found.push(StudyFinding::new("pairs-family", [("tests", tests.to_string())]));
    found
}

/// Makes a row of each comparison.
pub(super) fn table(plan: &StudyPlan, records: &[Record]) -> Option<ResultTable> {
    let counts = ["panel", "measure", "pairs", "lost-first", "lost-second", "finite"];
    let numbers = ["mean", "std", "t", "p", "low", "high", "effect", "permutation", "holm"];
    let columns = [&counts[..], &numbers].concat();
    let row = |one: Comparison| {
        let mut cells = vec![Cell::text(one.panel), Cell::text(one.measure.id())];
        let Some(outcome) = one.outcome else {
            cells.resize(columns.len(), Cell::Number(None));
            return cells;
        };
        cells.extend([outcome.pairs, outcome.lost[0], outcome.lost[1]].map(|count| Cell::number(count as f64)));
        cells.push(Cell::number(outcome.means.map_or(0, |means| means.count) as f64));
        let means = outcome.means.map(|m| [m.mean, m.std, m.t, m.p, m.interval[0], m.interval[1], m.effect]);
        cells.extend(means.map_or([const { Cell::Number(None) }; 7], |numbers| numbers.map(Cell::number)));
        cells.extend([outcome.permutation, one.holm].map(Cell::number));
        cells
    };
    let rows: Vec<Vec<Cell>> = comparisons(plan, records).into_iter().map(row).collect();
    Some(ResultTable::new("pairs", columns, rows))
}
