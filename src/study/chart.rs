//! What is drawn of an experiment, as data: the page turns it into pictures and knows no more.

use serde::Serialize;

use super::file::{Chart, ChartKind, Measure, Scale};
use super::finding::{guessing, sides};
use super::overflow::Exits;
use super::plan::Plan;
use super::record::Record;
use super::statistics::{half_interval, mean_and_std};
use crate::lab::number::Number;
use crate::lab::prediction::{data_shape, sigma};
use crate::lab::spec::{Model, Norm, Scheme, Spec};
use crate::science::phase::phase;

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
    /// Theory's line over a map: what it says is as deep as the signal reaches.
    pub line: Vec<[f64; 2]>,
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
    /// 95 % confidence: below and above.
    pub band: Option<[Vec<f64>; 2]>,
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
        Curve {
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

/// How deep the signal reaches before a gradient has changed e⁶-fold: six times 1/|ln χ₁|, after
/// Schoenholz et al. (2017), whose own bound is for correlations; none where theory's simple form
/// does not hold: with norms, skip connections, or in a transformer.
pub fn signal_depth(spec: &Spec) -> Option<f64> {
    let own_biases = spec.scheme == Scheme::Pytorch && spec.bias.is_none();
    if spec.model != Model::Mlp || spec.norm != Norm::None || spec.residual || own_biases {
        return None;
    }
    let deviation = sigma(spec).hidden;
    let fan = if spec.depth > 1 { spec.width } else { data_shape(spec.data).features };
    let bias = spec.bias.unwrap_or(0.0);
    let weight_var = fan as f64 * deviation * deviation / (1.0 - spec.dropout);
    let phase = phase(spec.activation, weight_var, bias * bias)?;
    Some(6.0 * phase.gradient_depth())
}

/// Theory's line over a map of σ (or anything else) and depth: [place along, depth].
fn line(plan: &Plan, group: &[usize], [x, y]: [usize; 2]) -> Vec<[f64; 2]> {
    if plan.axes[y].knob.as_deref() != Some("depth") {
        return Vec::new();
    }
    // One network a column: neither χ₁ nor the line depends on the depth.
    let column = |place: usize| group.iter().rev().find(|index| plan.networks[**index].at[x] == place);
    let point = |place: usize| Some([plan.axes[x].numbers[place], signal_depth(&plan.networks[*column(place)?].spec)?]);
    (0..plan.axes[x].numbers.len()).filter_map(point).collect()
}

/// Mean training losses over steps with their confidence; steps that every network has made.
fn losses(plan: &Plan, records: &[Record], group: &[usize], by: Option<usize>) -> Vec<Curve> {
    let curve = |(label, own): (String, Vec<usize>)| {
        let made = own.iter().map(|index| records[*index].losses.len()).min().unwrap_or(0);
        let stride = made.div_ceil(MOST_POINTS).max(1);
        let (mut curve, mut band) = (Curve { label, ..Curve::default() }, [Vec::new(), Vec::new()]);
        for step in (0..made).step_by(stride) {
            let all: Vec<f64> = own.iter().map(|index| f64::from(records[*index].losses[step])).collect();
            let (mean, std) = mean_and_std(&all).unwrap_or((all[0], 0.0));
            let half = half_interval(all.len(), std);
            curve.x.push(step as f64);
            curve.y.push(Some(Number(mean)));
            band[0].push(mean - half);
            band[1].push(mean + half);
        }
        // JSON has no place for what is not finite; where a network blew up there is no band.
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
    let dots =
        Curve { label: "pairs".into(), x: (1..=known.len()).map(|n| n as f64).collect(), y: known, ..Curve::default() };
    [Some(dots), average].into_iter().flatten().collect()
}
