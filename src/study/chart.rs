//! What is drawn of an experiment, as data: the page turns it into pictures and knows no more.

use serde::Serialize;

use super::file::{Chart, ChartKind, Measure, Scale};
use super::overflow::Exits;
use super::pairs::sides;
use super::plan::Plan;
use super::reach::depths;
use super::record::Record;
use super::statistics::{half_interval, mean_and_std};
use crate::lab::forecast::guessing;
use crate::lab::number::Number;
use crate::lab::sweep::learned;

/// One picture. What it does not have is empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// What it is.
    pub kind: ChartKind,
    /// What its networks have in common.
    pub panel: String,
    /// What is drawn.
    pub measure: Measure,
    /// Along.
    pub x: AxisData,
    /// Up, of a map.
    pub y: Option<AxisData>,
    /// Curves, or the differences.
    pub curves: Vec<Curve>,
    /// Cells of a map.
    pub cells: Vec<CellData>,
    /// Theory's line over a map: what it says is as deep as the signal reaches, which may be infinite.
    pub line: Vec<[Number; 2]>,
    /// The loss of guessing, in nats.
    pub guess: f64,
}

/// An axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AxisData {
    /// The sweep's name, or `step`, or `pair`.
    pub name: String,
    /// Its key, if it is one.
    pub knob: Option<String>,
    /// How it is spread.
    pub scale: Scale,
    /// Its values.
    pub numbers: Vec<f64>,
    /// What they are called.
    pub labels: Vec<String>,
}

/// A curve.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Curve {
    /// What it is of.
    pub label: String,
    /// Places.
    pub x: Vec<f64>,
    /// The same in units of He's σ, √(2 / width): there the curves of all widths fall together.
    pub scaled: Option<Vec<f64>>,
    /// Values; none where a network blew up or is not ready.
    pub y: Vec<Option<Number>>,
    /// Which of its networks learned, of held-out losses over σ once all are known.
    pub learned: Option<Vec<bool>>,
    /// 95 % confidence: below and above.
    pub band: Option<[Vec<f64>; 2]>,
    /// Networks of it that left f32 and so are not drawn.
    pub lost: usize,
    /// What it is beside others of its label.
    pub part: Part,
    /// Where numbers leave a format, of a picture of that kind.
    pub exits: Option<Exits>,
}

/// What a curve is beside others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What the picture is about.
    #[default]
    Own,
    /// The same on held-out data.
    HeldOut,
    /// The same at step 0.
    Start,
    /// What theory expects.
    Theory,
}

/// A cell of a map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellData {
    /// Its places on the axes.
    pub at: [usize; 2],
    /// Not finite where the network blew up; none before its end.
    pub value: Option<Number>,
    /// What opens it in the lab.
    pub link: String,
}

/// More steps than this are thinned for a picture.
const MOST_POINTS: usize = 120;

/// The pictures of an experiment as it stands.
pub fn pictures(plan: &Plan, records: &[Record]) -> Vec<Picture> {
    plan.file.charts.iter().flat_map(|chart| drawn(chart, plan, records)).collect()
}

fn drawn(chart: &Chart, plan: &Plan, records: &[Record]) -> Vec<Picture> {
    let axis = |name: &Option<String>| plan.axis(name.as_deref());
    let [x, y, by, over] = [&chart.x, &chart.y, &chart.by, &chart.over].map(axis);
    let own: Vec<usize> = [x, y, by, over].into_iter().flatten().collect();
    let picture = |(panel, group): (String, Vec<usize>)| {
        let (curves, cells, line) = match (chart.kind, x, y, by) {
            (ChartKind::Curves, Some(x), ..) => {
                (curves(plan, records, &group, x, by, chart.measure), Vec::new(), Vec::new())
            }
            (ChartKind::Map, Some(x), Some(y), _) => {
                (Vec::new(), cells(plan, records, &group, [x, y], chart.measure), line(plan, &group, [x, y]))
            }
            (ChartKind::Losses, ..) => (losses(plan, records, &group, by), Vec::new(), Vec::new()),
            (ChartKind::Pairs, _, _, Some(by)) => {
                (differences(plan, records, &group, by, chart.measure), Vec::new(), Vec::new())
            }
            _ => return None,
        };
        Some(Picture {
            kind: chart.kind,
            panel,
            measure: chart.measure,
            x: match (chart.kind, x) {
                (ChartKind::Losses, _) => AxisData::named("step"),
                (ChartKind::Pairs, _) => AxisData::named("pair"),
                (_, Some(x)) => AxisData::of(plan, x),
                _ => return None,
            },
            y: y.map(|y| AxisData::of(plan, y)),
            curves,
            cells,
            line,
            guess: guessing(&plan.networks[group[0]].spec),
        })
    };
    plan.panels(&own).into_iter().filter_map(picture).collect()
}

/// The time of a step over the number of networks, device by device: `(name, [(networks, ms)])`.
pub fn costs(times: &[(String, Vec<(usize, f64)>)]) -> Picture {
    let curve = |(device, times): &(String, Vec<(usize, f64)>)| Curve {
        label: device.clone(),
        x: times.iter().map(|(networks, _)| *networks as f64).collect(),
        y: times.iter().map(|(_, ms)| Some(Number(*ms))).collect(),
        ..Curve::default()
    };
    Picture { curves: times.iter().map(curve).collect(), ..Picture::new(ChartKind::Cost, AxisData::named("networks")) }
}

impl Picture {
    /// One of a kind, with nothing on it yet.
    pub(super) fn new(kind: ChartKind, x: AxisData) -> Self {
        let (curves, cells, line) = Default::default();
        Self { kind, panel: String::new(), measure: Measure::default(), x, y: None, curves, cells, line, guess: 0.0 }
    }
}

impl AxisData {
    /// One that belongs to no sweep.
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.into(), knob: None, scale: Scale::Linear, numbers: Vec::new(), labels: Vec::new() }
    }

    pub(super) fn of(plan: &Plan, axis: usize) -> Self {
        let axis = &plan.axes[axis];
        let (name, knob, labels, numbers) =
            (axis.name.clone(), axis.knob.clone(), axis.labels.clone(), axis.numbers.clone());
        Self { name, knob, scale: axis.scale, numbers, labels }
    }
}

/// Networks of a group by their value on an axis, with its label; all in one where there is none.
pub(super) fn split(plan: &Plan, group: &[usize], by: Option<usize>) -> Vec<(String, Vec<usize>)> {
    let Some(by) = by else { return vec![(String::new(), group.to_vec())] };
    let axis = &plan.axes[by];
    let own = |value: usize| group.iter().copied().filter(|index| plan.networks[*index].at[by] == value).collect();
    axis.labels.iter().enumerate().map(|(value, label)| (label.clone(), own(value))).collect()
}

fn curves(
    plan: &Plan,
    records: &[Record],
    group: &[usize],
    x: usize,
    by: Option<usize>,
    measure: Measure,
) -> Vec<Curve> {
    let axis = &plan.axes[x];
    let curve = |(label, own): (String, Vec<usize>)| {
        let place = |index: &usize| axis.numbers[plan.networks[*index].at[x]];
        let width = |index: &usize| plan.networks[*index].spec.width as f64;
        let is_sigma = axis.knob.as_deref() == Some("std");
        let ends: Option<Vec<(f64, Option<f64>)>> = own
            .iter()
            .map(|index| Some((place(index), Some(records[*index].measure(measure)?).filter(|loss| loss.is_finite()))))
            .collect();
        let guess = own.first().map_or(0.0, |index| guessing(&plan.networks[*index].spec));
        Curve {
            learned: ends.filter(|_| is_sigma && measure == Measure::HeldOutLoss).map(|ends| learned(&ends, guess)),
            label,
            x: own.iter().map(place).collect(),
            scaled: is_sigma.then(|| own.iter().map(|index| place(index) * (width(index) / 2.0).sqrt()).collect()),
            y: own.iter().map(|index| records[*index].measure(measure).map(Number)).collect(),
            ..Curve::default()
        }
    };
    split(plan, group, by).into_iter().map(curve).collect()
}

fn cells(plan: &Plan, records: &[Record], group: &[usize], axes: [usize; 2], measure: Measure) -> Vec<CellData> {
    let cell = |index: &usize| {
        let network = &plan.networks[*index];
        CellData {
            at: axes.map(|axis| network.at[axis]),
            value: records[*index].measure(measure).map(Number),
            link: network.link.clone(),
        }
    };
    group.iter().map(cell).collect()
}

/// Theory's line over a map of σ (or anything else) and depth: [place along, depth].
fn line(plan: &Plan, group: &[usize], [x, y]: [usize; 2]) -> Vec<[Number; 2]> {
    let point = |(place, depth): (&f64, Option<f64>)| Some([Number(*place), Number(depth?)]);
    plan.axes[x].numbers.iter().zip(depths(plan, group, [x, y])).filter_map(point).collect()
}

/// Mean training losses over steps with their confidence; steps that every network has made. Those
/// that left f32 have no mean with others: they are counted, and the curve is of the rest.
fn losses(plan: &Plan, records: &[Record], group: &[usize], by: Option<usize>) -> Vec<Curve> {
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
        // JSON has no place for what is not finite.
        let sound = band.iter().flatten().all(|edge| edge.is_finite());
        Curve { band: sound.then_some(band), ..curve }
    };
    split(plan, group, by).into_iter().map(curve).collect()
}

/// The second value of an axis minus the first, pair by pair.
fn differences(plan: &Plan, records: &[Record], group: &[usize], by: usize, measure: Measure) -> Vec<Curve> {
    let [first, second] = sides(plan, records, group, by, measure);
    let known: Vec<Option<Number>> =
        first.iter().zip(&second).map(|(a, b)| Some(b - a).filter(|d| d.is_finite()).map(Number)).collect();
    let finite: Vec<f64> = known.iter().flatten().map(|number| number.0).collect();
    let mean = mean_and_std(&finite).map(|(mean, std)| (mean, half_interval(finite.len(), std)));
    let flat = |value: f64| vec![value; 2];
    let ends = vec![0.5, known.len() as f64 + 0.5];
    let average = mean.map(|(mean, half)| Curve {
        label: "mean".into(),
        x: ends,
        y: vec![Some(Number(mean)); 2],
        band: Some([flat(mean - half), flat(mean + half)]),
        ..Curve::default()
    });
    // What is not ready is not lost.
    let ready = |side: usize| group.iter().filter(move |index| plan.networks[**index].at[by] == side);
    let ends = |index: &usize| records[*index].end.is_some();
    let whole = ready(0).zip(ready(1)).filter(|(one, other)| ends(one) && ends(other)).count();
    let places = (1..=known.len()).map(|n| n as f64).collect();
    let dots = Curve { label: "pairs".into(), x: places, y: known, lost: whole - finite.len(), ..Curve::default() };
    [Some(dots), average].into_iter().flatten().collect()
}
