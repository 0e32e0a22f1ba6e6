//! What was found of a watched experiment, from the networks as they are now.

use super::track::{Chosen, NetworkLook, Track};
use crate::lab::forecast::{decay, equilibrium};
use crate::lab::number::show;
use crate::lab::prediction::sigma;
use crate::lab::spec::Spec;
use crate::science::shape::{NORMAL_NEAR_ZERO, Shape};
use crate::study::finding::StudyFinding;
use crate::study::permutation::rank_correlation;
use crate::study::plan::StudyPlan;
use crate::study::statistics::SIGNIFICANT;

/// The step before which nothing is said.
const EARLY: u64 = 20;

/// Says the losses of all networks, and what happened in the one that somebody chose, once there is
/// something to say.
pub fn findings(plan: &StudyPlan, tracks: &[&Track], chosen: Chosen) -> Vec<StudyFinding> {
    let loss = |(index, track): (usize, &&Track)| {
        let now = last(track)?;
        let values = [("panel", plan.name(index)), ("step", now.step.to_string()), ("loss", show(now.held_out))];
        Some(StudyFinding::new("watch-loss", values))
    };
    let mut found: Vec<StudyFinding> = tracks.iter().enumerate().filter_map(loss).collect();
    let Some(track) = tracks.get(chosen.network) else { return found };
    if let (Some(start), Some(now)) = (track.looks.first(), last(track)) {
        let panel = plan.name(chosen.network);
        found.extend(growth(&panel, start, now));
        found.push(shape(&panel, start, now));
        found.extend(rest(&panel, &plan.networks[chosen.network].spec, now));
    }
    found
}

/// Gives the last look, once there is something to say.
fn last(track: &Track) -> Option<&NetworkLook> {
    track.looks.last().filter(|look| look.step >= EARLY)
}

/// Says how much the blocks have grown, and whether that goes with depth.
///
/// The blocks of a network are no sample: each takes what the one before gives, and all share one
/// seed. So the rank correlation describes this network; beside it stands how many of all orders of its
/// blocks are as sorted, which is no probability of what other networks do.
fn growth(panel: &str, start: &NetworkLook, now: &NetworkLook) -> Option<StudyFinding> {
    let factors: Vec<f64> = start
        .shapes
        .iter()
        .zip(&now.shapes)
        .map(|(start, now)| mean(now, |s| s.std) / mean(start, |s| s.std))
        .collect();
    let (correlation, share) = rank_correlation(&factors)?;
    let key = match correlation {
        _ if share >= SIGNIFICANT => "watch-even",
        r if r < 0.0 => "watch-shallow",
        _ => "watch-deep",
    };
    let [first, last] = [factors.first()?, factors.last()?].map(|factor| show(*factor));
    let values = [
        ("panel", panel.to_owned()),
        ("first", first),
        ("last", last),
        ("blocks", factors.len().to_string()),
        ("correlation", show(correlation)),
        ("share", show(100.0 * share)),
    ];
    Some(StudyFinding::new(key, values))
}

/// Says how the tails and the middle changed, over all blocks.
fn shape(panel: &str, start: &NetworkLook, now: &NetworkLook) -> StudyFinding {
    let over = |look: &NetworkLook, of: fn(&Shape) -> f64| {
        look.shapes.iter().map(|shapes| mean(shapes, of)).sum::<f64>() / look.shapes.len().max(1) as f64
    };
    let percent = |share: f64| show(100.0 * share);
    let values = [
        ("panel", panel.to_owned()),
        ("before", show(over(start, |s| s.kurtosis))),
        ("kurtosis", show(over(now, |s| s.kurtosis))),
        ("near", percent(over(now, |s| s.near_zero))),
        ("normal", percent(NORMAL_NEAR_ZERO)),
    ];
    StudyFinding::new("watch-shape", values)
}

/// Says where decay and noise alone would have brought the weights, beside where they are.
fn rest(panel: &str, spec: &Spec, now: &NetworkLook) -> Option<StudyFinding> {
    let (law, calm) = (decay(spec)?, equilibrium(spec));
    let stds: Vec<f64> = now.shapes.iter().map(|shapes| mean(shapes, |s| s.std)).collect();
    let (low, high) = stds.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), std| (low.min(*std), high.max(*std)));
    let values = [
        ("panel", panel.to_owned()),
        ("low", show(low)),
        ("high", show(high)),
        ("now", show(law.rms(sigma(spec).hidden, now.step as f64))),
        ("rest", calm.map(|calm| show(calm.std)).unwrap_or_default()),
        ("time", calm.map(|calm| show(calm.steps)).unwrap_or_default()),
    ];
    Some(StudyFinding::new(if calm.is_some() { "watch-rest" } else { "watch-no-rest" }, values))
}

fn mean(shapes: &[Shape; 3], of: impl Fn(&Shape) -> f64) -> f64 {
    shapes.iter().map(of).sum::<f64>() / shapes.len() as f64
}
