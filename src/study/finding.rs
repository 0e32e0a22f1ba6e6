//! What an experiment found: sentences made of its numbers, and of nothing else.

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::{Measure, Verdict};
use super::plan::Plan;
use super::protocol::Table;
use super::record::Record;
use super::{pairs, reach, slope};
use crate::lab::forecast::guessing;
use crate::lab::number::show;
use crate::lab::sweep::{Band, Claim, Share, band, claimed};

/// A sentence: a key of the page's texts and the values of its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The key.
    pub key: &'static str,
    /// By name.
    pub values: BTreeMap<&'static str, String>,
}

/// A difference is called one below this probability.
pub(super) const SIGNIFICANT: f64 = 0.05;

impl Finding {
    pub(super) fn new<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Self {
        Self { key, values: values.into() }
    }
}

/// What the file asks for, of the panels that are whole.
pub fn findings(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    match plan.file.verdict {
        // Found by their own means: `costs`, `overflow::findings`, `watch::findings`.
        Verdict::None | Verdict::Cost | Verdict::Overflow | Verdict::Watch => Vec::new(),
        Verdict::Slope => slope::findings(plan, records),
        Verdict::Band => bands(plan, records),
        Verdict::Best => bests(plan, records),
        Verdict::Paired => pairs::findings(plan, records),
        Verdict::Map => reach::findings(plan, records),
    }
}

fn bands(plan: &Plan, records: &[Record]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut claims = Vec::new();
    // What is claimed is claimed of σ.
    let is_sigma = plan.axes[0].knob.as_deref() == Some("std");
    for (panel, group) in whole(plan.panels(&[0]), records) {
        let value = |index: &usize| records[*index].measure(Measure::HeldOutLoss).filter(|loss| loss.is_finite());
        let points: Vec<(f64, Option<f64>)> =
            group.iter().map(|index| (plan.axes[0].numbers[plan.networks[*index].at[0]], value(index))).collect();
        let guess = guessing(&plan.networks[group[0]].spec);
        let claim = claimed(&points, guess).filter(|_| is_sigma);
        match band(&points, guess) {
            None => found.push(Finding::new("band-none", [("panel", panel)])),
            Some(band) => found.push(learns(plan, panel, band, claim.as_ref())),
        }
        claims.extend(claim);
    }
    if claims.len() > 1 {
        let count = |share| claims.iter().filter(|claim| claim.share() == share).count().to_string();
        let values = [
            ("settings", claims.len().to_string()),
            ("whole", count(Share::Whole)),
            ("part", count(Share::Part)),
            ("nothing", count(Share::Nothing)),
        ];
        found.push(Finding::new("band-all", values));
    }
    found
}

/// Where networks learn, and which part of what is claimed that is.
fn learns(plan: &Plan, panel: String, band: Band, claim: Option<&Claim>) -> Finding {
    let key = match claim.map(Claim::share) {
        None => "band-found",
        Some(Share::Whole) => "band-whole",
        Some(Share::Part) => "band-part",
        Some(Share::Nothing) => "band-nothing",
    };
    let [low, best, high] = [band.low, band.best, band.high].map(show);
    let name = plan.axes[0].name.clone();
    let values = [("panel", panel), ("name", name), ("low", low), ("best", best), ("high", high)];
    let mut finding = Finding::new(key, values);
    if let Some(claim) = claim {
        finding.values.extend(claim.values());
    }
    finding
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
        if loss(best).is_infinite() {
            return Some(Finding::new("best-none", [("panel", panel)]));
        }
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

/// The numbers behind what was found, for those who compute on.
pub fn table(plan: &Plan, records: &[Record]) -> Option<Table> {
    if plan.file.verdict == Verdict::Slope { Some(slope::table(plan, records)) } else { pairs::table(plan, records) }
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
