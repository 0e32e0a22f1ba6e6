//! Draws what the charts of a file ask for of trained networks.

use std::collections::BTreeMap;

use super::file::{ChartKind, EndMeasure, FileChart, Refusal, VerdictKind};
use super::groups::{held_out, is_whole, sides, split, wants_two};
use super::picture::{AxisData, CellData, Curve, Picture};
use super::plan::StudyPlan;
use super::record::Record;
use super::statistics::{half_interval, mean_and_std};
use crate::lab::forecast::{guessing, signal_depth};
use crate::lab::number::Number;
use crate::lab::sweep::learned;

/// A curve over more steps than this is thinned for a picture.
const MOST_POINTS: usize = 120;

/// Refuses a chart that lacks what it draws, and one that only a verdict draws.
pub(super) fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    let known = |name: &Option<String>| match name {
        Some(text) if plan.axis(name.as_deref()).is_none() => Err(Refusal::whole("no-such-sweep", text)),
        _ => Ok(()),
    };
    let wants = |name: &Option<String>, what: &str| {
        if name.is_some() { Ok(()) } else { Err(Refusal::whole("chart-lacks", what)) }
    };
    for FileChart { kind, x, y, by, over, .. } in &plan.file.charts {
        [x, y, by, over].into_iter().try_for_each(known)?;
        match kind {
            ChartKind::Curves => wants(x, "x")?,
            ChartKind::Map => wants(x, "x").and_then(|()| wants(y, "y"))?,
            ChartKind::Losses => wants(over, "over")?,
            ChartKind::Pairs => {
                wants(by, "by").and_then(|()| wants(over, "over"))?;
                plan.axis(by.as_deref()).map_or(Ok(()), |by| wants_two(plan, by))?;
            }
            _ => return Err(Refusal::whole("own-chart", "")),
        }
    }
    Ok(())
}

/// Draws an experiment as it stands.
pub fn pictures(plan: &StudyPlan, records: &[Record]) -> Vec<Picture> {
    plan.file.charts.iter().flat_map(|chart| drawn(chart, plan, records)).collect()
}

fn drawn(chart: &FileChart, plan: &StudyPlan, records: &[Record]) -> Vec<Picture> {
    let FileChart { kind, measure, .. } = *chart;
    let axis = |name: &Option<String>| plan.axis(name.as_deref());
    let [x, y, by, over] = [&chart.x, &chart.y, &chart.by, &chart.over].map(axis);
    let own: Vec<usize> = [x, y, by, over].into_iter().flatten().collect();
    let picture = |(panel, group): (String, Vec<usize>)| {
        let along = match kind {
            ChartKind::Losses => AxisData::named("step"),
            ChartKind::Pairs => AxisData::named("pair"),
            _ => AxisData::of(plan, x?),
        };
        let mut picture = Picture {
            panel,
            measure,
            y: y.map(|y| AxisData::of(plan, y)),
            guess: guessing(&plan.networks[group[0]].spec),
            ..Picture::new(kind, along)
        };
        match kind {
            ChartKind::Curves => picture.curves = curves(plan, records, &group, x?, by, measure),
            ChartKind::Map => {
                picture.cells = cells(plan, records, &group, [x?, y?], measure);
                picture.line = line(plan, &group, [x?, y?]);
            }
            ChartKind::Losses => picture.curves = losses(plan, records, &group, by),
            ChartKind::Pairs => picture.curves = differences(plan, records, &group, by?, measure),
            _ => return None,
        }
        Some(picture)
    };
    plan.panels(&own).into_iter().filter_map(picture).collect()
}

fn curves(
    plan: &StudyPlan,
    records: &[Record],
    group: &[usize],
    x: usize,
    by: Option<usize>,
    measure: EndMeasure,
) -> Vec<Curve> {
    let is_sigma = plan.axes[x].knob.as_deref() == Some("std");
    let curve = |(label, own): (String, Vec<usize>)| {
        let place = |index: &usize| plan.number(*index, x);
        let point = |index: &usize| (place(index), records[*index].measure(measure));
        let width = |index: &usize| plan.networks[*index].spec.network.width as f64;
        let guess = own.first().map_or(0.0, |index| guessing(&plan.networks[*index].spec));
        let is_judged = is_sigma && measure == EndMeasure::HeldOutLoss && is_whole(records, &own);
        Curve {
            learned: is_judged.then(|| learned(&held_out(plan, records, &own, x), guess)),
            scaled: is_sigma.then(|| own.iter().map(|index| place(index) * (width(index) / 2.0).sqrt()).collect()),
            ..Curve::through(label, own.iter().map(point))
        }
    };
    split(plan, group, by).into_iter().map(curve).collect()
}

fn cells(
    plan: &StudyPlan,
    records: &[Record],
    group: &[usize],
    axes: [usize; 2],
    measure: EndMeasure,
) -> Vec<CellData> {
    // A band is looked for in each row by itself, and whoever learns is judged by the best of the row then.
    let rows = (plan.file.verdict == VerdictKind::Band).then_some(axes[1]);
    let mut learners = BTreeMap::new();
    for (_, row) in split(plan, group, rows) {
        if measure == EndMeasure::HeldOutLoss && is_whole(records, &row) {
            let guess = guessing(&plan.networks[row[0]].spec);
            let own = learned(&held_out(plan, records, &row, axes[0]), guess);
            learners.extend(row.into_iter().zip(own));
        }
    }
    let cell = |index: &usize| {
        let network = &plan.networks[*index];
        CellData {
            at: axes.map(|axis| network.at[axis]),
            value: records[*index].measure(measure).map(Number),
            learned: learners.get(index).copied(),
            link: network.link.clone(),
        }
    };
    group.iter().map(cell).collect()
}

/// Draws theory's line over a map of σ (or anything else) and depth, as [place along, depth].
fn line(plan: &StudyPlan, group: &[usize], [x, y]: [usize; 2]) -> Vec<[Number; 2]> {
    let point = |(place, depth): (&f64, Option<f64>)| Some([Number(*place), Number(depth?)]);
    plan.axes[x].numbers.iter().zip(depths(plan, group, [x, y])).filter_map(point).collect()
}

/// Gives theory's depth at each place of the sweep along. The line that is drawn and the verdict that
/// counts networks by it must agree, so both ask here. It is none where theory says nothing, and
/// everywhere if the sweep up is not the depth.
pub(super) fn depths(plan: &StudyPlan, group: &[usize], [x, y]: [usize; 2]) -> Vec<Option<f64>> {
    let is_depth = plan.axes[y].knob.as_deref() == Some("depth");
    // Its deepest network stands for a column: neither χ₁ nor the line depends on the depth from two layers on.
    let column = |place: usize| {
        let own = group.iter().filter(move |index| plan.networks[**index].at[x] == place);
        own.max_by_key(|index| plan.networks[**index].spec.network.depth)
    };
    let depth = |place: usize| column(place).and_then(|index| signal_depth(&plan.networks[*index].spec));
    (0..plan.axes[x].numbers.len()).map(|place| if is_depth { depth(place) } else { None }).collect()
}

/// Draws the mean training loss and its confidence, over the steps that every network has made. A network
/// that left f32 has no mean with others: it is counted, and the curve is of the rest.
fn losses(plan: &StudyPlan, records: &[Record], group: &[usize], by: Option<usize>) -> Vec<Curve> {
    let curve = |(label, own): (String, Vec<usize>)| {
        let sound = |index: &&usize| records[**index].losses.iter().all(|loss| loss.is_finite());
        let lost = own.len() - own.iter().filter(sound).count();
        let own: Vec<usize> = own.iter().filter(sound).copied().collect();
        let made = own.iter().map(|index| records[*index].losses.len()).min().unwrap_or(0);
        let stride = made.div_ceil(MOST_POINTS).max(1);
        let (mut curve, mut band) = (Curve { label, lost, ..Curve::default() }, [Vec::new(), Vec::new()]);
        for step in (0..made).step_by(stride) {
            let all: Vec<f64> = own.iter().map(|index| f64::from(records[*index].losses[step])).collect();
            let (mean, std) = mean_and_std(&all).unwrap_or((all[0], 0.0));
            let half = half_interval(all.len(), std);
            curve.x.push(step as f64);
            curve.y.push(Some(Number(mean)));
            band[0].push(mean - half);
            band[1].push(mean + half);
        }
        // JSON has no numbers that are not finite.
        let sound = band.iter().flatten().all(|edge| edge.is_finite());
        Curve { band: sound.then_some(band), ..curve }
    };
    split(plan, group, by).into_iter().map(curve).collect()
}

/// Draws the second value of an axis minus the first, pair by pair, and their mean.
fn differences(plan: &StudyPlan, records: &[Record], group: &[usize], by: usize, measure: EndMeasure) -> Vec<Curve> {
    let [first, second] = sides(plan, records, group, by, measure);
    let known = || first.iter().zip(&second).map(|(a, b)| Some(b - a).filter(|d| d.is_finite()));
    let finite: Vec<f64> = known().flatten().collect();
    let ends = [0.5, known().count() as f64 + 0.5];
    let average = mean_and_std(&finite).map(|(mean, std)| {
        let half = half_interval(finite.len(), std);
        let band = Some([mean - half, mean + half].map(|edge| vec![edge; 2]));
        Curve { band, ..Curve::through("mean", ends.map(|end| (end, Some(mean)))) }
    });
    // A network that still trains does not count as one that left f32.
    let ready = |side: usize| group.iter().filter(move |index| plan.networks[**index].at[by] == side);
    let ends = |index: &usize| records[*index].end.is_some();
    let whole = ready(0).zip(ready(1)).filter(|(one, other)| ends(one) && ends(other)).count();
    let points = known().enumerate().map(|(place, difference)| (place as f64 + 1.0, difference));
    let dots = Curve { lost: whole - finite.len(), ..Curve::through("pairs", points) };
    [Some(dots), average].into_iter().flatten().collect()
}
