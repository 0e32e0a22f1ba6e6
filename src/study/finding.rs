//! What an experiment found: sentences made of its numbers, and of nothing else.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chart::signal_depth;
use super::file::{Measure, Verdict};
use super::plan::Plan;
use super::protocol::{Cell, Table};
use super::record::Record;
use super::slope;
use super::statistics::{Paired, paired};
use crate::lab::number::{Number, show};
use crate::lab::prediction::data_shape;
use crate::lab::spec::Spec;
use crate::lab::sweep::{CLAIMED, band};
use crate::science::initial_loss::guess;

/// A sentence: a key of the page's texts and the values of its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The key.
    pub key: &'static str,
    /// By name.
    pub values: BTreeMap<&'static str, String>,
}

/// A pair counts as different below this probability.
pub(super) const SIGNIFICANT: f64 = 0.05;
/// A network has learned if it comes at least this share of the way from guessing to the best one.
const LEARNED: f64 = 0.5;
/// What pairs are compared by.
const COMPARED: [Measure; 3] = [Measure::TrainLoss, Measure::TrainAccuracy, Measure::HeldOutAccuracy];

impl Finding {
    pub(super) fn new<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Self {
        Self { key, values: values.into() }
    }
}

/// The loss of guessing for a network's data, in nats.
pub fn guessing(spec: &Spec) -> f64 {
    guess(data_shape(spec.data).classes)
}

/// What the file asks for, of the panels that are whole.
pub fn findings(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    match plan.file.verdict {
        // Found by their own means: `costs`, `overflow::findings`, `watch::findings`.
        Verdict::None | Verdict::Cost | Verdict::Overflow | Verdict::Watch => Vec::new(),
        Verdict::Slope => slope::findings(plan, records),
        Verdict::Band => bands(plan, records),
        Verdict::Best => bests(plan, records),
        Verdict::Paired => comparisons(plan, records),
        Verdict::Map => map(plan, records),
    }
}

fn bands(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    let mut found = Vec::new();
    let (mut inside, mut all) = (0, 0);
    // What is claimed is claimed of σ.
    let is_sigma = plan.axes[0].knob.as_deref() == Some("std");
    for (panel, group) in whole(plan.panels(&[0]), records) {
        let value = |index: &usize| records[*index].measure(Measure::HeldOutLoss).filter(|loss| loss.is_finite());
        let points: Vec<(f64, Option<f64>)> =
            group.iter().map(|index| (plan.axes[0].numbers[plan.networks[*index].at[0]], value(index))).collect();
        all += 1;
        let Some(band) = band(&points, guessing(&plan.networks[group[0]].spec)) else {
            found.push(Finding::new("band-none", [("panel", panel)]));
            continue;
        };
        let within = band.low >= CLAIMED[0] && band.high <= CLAIMED[1];
        inside += usize::from(within);
        let key = match (is_sigma, within) {
            (false, _) => "band-found",
            (true, true) => "band-inside",
            (true, false) => "band-outside",
        };
        let [low, best, high] = [band.low, band.best, band.high].map(show);
        let name = plan.axes[0].name.clone();
        found.push(Finding::new(key, [("panel", panel), ("name", name), ("low", low), ("best", best), ("high", high)]));
    }
    if all > 1 && is_sigma {
        found.push(Finding::new("band-all", [("inside", inside.to_string()), ("all", all.to_string())]));
    }
    found
}

fn bests(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    let axis = &plan.axes[0];
    let best = |(panel, group): (String, Vec<usize>)| {
        // A network that blew up is worse than any other.
        let loss = |index: &usize| match records[*index].measure(Measure::HeldOutLoss) {
            Some(loss) if loss.is_finite() => loss,
            _ => f64::INFINITY,
        };
        let order = |one: &&usize, other: &&usize| loss(one).total_cmp(&loss(other));
        let (best, worst) = (group.iter().min_by(order)?, group.iter().max_by(order)?);
        let label = |index: &usize| axis.labels[plan.networks[*index].at[0]].clone();
        let values = [
            ("panel", panel),
            ("name", axis.name.clone()),
            ("best", label(best)),
            ("low", show(loss(best))),
            ("worst", label(worst)),
            ("high", show(loss(worst))),
        ];
        Some(Finding::new("best", values))
    };
    whole(plan.panels(&[0]), records).filter_map(best).collect()
}

fn comparisons(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    let names = &plan.axes[0].labels;
    pairs(plan, records).into_iter().map(|(panel, measure, outcome)| compared(names, panel, measure, outcome)).collect()
}

fn compared(names: &[String], panel: String, measure: Measure, outcome: Option<Paired>) -> Finding {
    let (first, second) = (names[0].clone(), names[1].clone());
    let Some(outcome) = outcome else {
        return Finding::new("pairs-none", [("panel", panel), ("first", first), ("second", second)]);
    };
    let less = outcome.mean < 0.0;
    let keys = match measure {
        Measure::TrainLoss => ["pairs-loss-same", "pairs-loss-lower", "pairs-loss-higher"],
        Measure::TrainAccuracy => ["pairs-seen-same", "pairs-seen-lower", "pairs-seen-higher"],
        _ => ["pairs-share-same", "pairs-share-lower", "pairs-share-higher"],
    };
    let key = keys[if outcome.p >= SIGNIFICANT { 0 } else { 2 - usize::from(less) }];
    let values = [
        ("panel", panel),
        ("first", first),
        ("second", second),
        ("mean", show(outcome.mean.abs())),
        ("low", show(outcome.interval[0])),
        ("high", show(outcome.interval[1])),
        ("t", show(outcome.t)),
        ("p", show(outcome.p)),
        ("permutation", show(outcome.permutation)),
        ("pairs", outcome.pairs.to_string()),
    ];
    Finding::new(key, values)
}

/// The first axis's two values compared over the second axis, panel by panel, by each measure.
fn pairs(plan: &Plan, records: &[Record]) -> Vec<(String, Measure, Option<Paired>)> {
    let mut all = Vec::new();
    for (panel, group) in whole(plan.panels(&[0, 1]), records) {
        for measure in COMPARED {
            let [first, second] = sides(plan, records, &group, 0, measure);
            all.push((panel.clone(), measure, paired(&first, &second)));
        }
    }
    all
}

/// The measures of the networks of a panel at the two values of an axis, in the same order.
pub fn sides(plan: &Plan, records: &[Record], group: &[usize], axis: usize, measure: Measure) -> [Vec<f64>; 2] {
    [0, 1].map(|side| {
        let own = group.iter().filter(|index| plan.networks[**index].at[axis] == side);
        own.map(|index| records[*index].measure(measure).unwrap_or(f64::NAN)).collect()
    })
}

/// The comparisons as numbers, for those who compute on.
pub fn table(plan: &Plan, records: &[Record]) -> Option<Table> {
    match plan.file.verdict {
        Verdict::Paired => {}
        Verdict::Slope => return Some(slope::table(plan, records)),
        _ => return None,
    }
    let columns = ["panel", "measure", "pairs", "mean", "std", "t", "p", "low", "high", "effect", "permutation"];
    let number = |value: f64| Cell::Number(Some(Number(value)));
    let row = |(panel, measure, outcome): (String, Measure, Option<Paired>)| {
        let numbers = outcome
            .map(|o| [o.pairs as f64, o.mean, o.std, o.t, o.p, o.interval[0], o.interval[1], o.effect, o.permutation]);
        let cells = numbers.map_or(vec![Cell::Number(None); 9], |numbers| numbers.map(number).into());
        [vec![Cell::Text(panel), Cell::Text(measure.id().to_owned())], cells].concat()
    };
    let rows = pairs(plan, records).into_iter().map(row).collect();
    Some(Table { id: "pairs", columns: columns.map(str::to_owned).into(), rows })
}

fn map(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (panel, group) in whole(plan.panels(&[0, 1]), records) {
        let loss = |index: usize| records[index].measure(Measure::HeldOutLoss).filter(|loss| loss.is_finite());
        let guess = guessing(&plan.networks[group[0]].spec);
        let best = group.iter().filter_map(|index| loss(*index)).fold(guess, f64::min);
        let learned = |index: &usize| loss(*index).is_some_and(|loss| guess - loss >= LEARNED * (guess - best));
        let count = |indices: &[usize]| indices.iter().filter(|index| learned(index)).count().to_string();
        let within = |index: &usize| {
            let spec = &plan.networks[*index].spec;
            signal_depth(spec).is_some_and(|depth| spec.depth as f64 <= depth)
        };
        let (near, far): (Vec<usize>, Vec<usize>) = group.iter().partition(|index| within(index));
        let size = |indices: &[usize]| indices.len().to_string();
        found.push(Finding::new(
            "map-learned",
            [("panel", panel.clone()), ("learned", count(&group)), ("all", size(&group))],
        ));
        if group.iter().any(|index| signal_depth(&plan.networks[*index].spec).is_some()) {
            let values = [
                ("panel", panel),
                ("in", count(&near)),
                ("near", size(&near)),
                ("out", count(&far)),
                ("far", size(&far)),
            ];
            found.push(Finding::new("map-theory", values));
        }
    }
    found
}

/// What the largest number of networks costs beside one: `times` has (networks, milliseconds).
pub fn costs(device: &str, times: &[(usize, f64)]) -> Option<Finding> {
    let (&(one, alone), &(many, together)) = (times.first()?, times.last()?);
    let (times, gain) = (together / alone, (many as f64 * alone) / (one as f64 * together));
    let values =
        [("device", device.to_owned()), ("many", many.to_string()), ("times", show(times)), ("gain", show(gain))];
    (many > one).then(|| Finding::new("cost", values))
}

/// The groups of which every network made all its steps.
pub(super) fn whole(
    panels: Vec<(String, Vec<usize>)>,
    records: &[Record],
) -> impl Iterator<Item = (String, Vec<usize>)> {
    panels.into_iter().filter(|(_, group)| group.iter().all(|index| records[*index].end.is_some()))
}
