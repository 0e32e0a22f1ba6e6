//! Pictures as data: the page draws them and knows no more.

use serde::{Deserialize, Serialize};

use super::file::{ChartKind, EndMeasure, Scale};
use super::plan::{StudyPlan, SweepAxis};
use crate::lab::number::Number;
use crate::science::overflow::Exit;

/// One picture. What it does not have is empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// What it is.
    pub kind: ChartKind,
    /// What its networks have in common.
    pub panel: String,
    /// What is drawn.
    pub measure: EndMeasure,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellData {
    /// Its places on the axes.
    pub at: [usize; 2],
    /// Not finite where the network blew up; none before its end.
    pub value: Option<Number>,
    /// What opens it in the lab.
    pub link: String,
}

/// The exits of a curve, in the order of its places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exits {
    /// None where numbers stay inside, or it is not known yet.
    pub measured: Vec<Option<Exit>>,
    /// None where they should stay inside.
    pub predicted: Vec<Option<Exit>>,
}

impl Picture {
    /// One of a kind, with nothing on it yet.
    pub(super) fn new(kind: ChartKind, x: AxisData) -> Self {
        let (curves, cells, line) = Default::default();
        Self { kind, panel: String::new(), measure: EndMeasure::default(), x, y: None, curves, cells, line, guess: 0.0 }
    }
}

impl Curve {
    /// One through points, some of which have no value.
    pub(super) fn through(label: impl Into<String>, points: impl IntoIterator<Item = (f64, Option<f64>)>) -> Self {
        let (x, y) = points.into_iter().map(|(x, y)| (x, y.map(Number))).unzip();
        Self { label: label.into(), x, y, ..Self::default() }
    }
}

impl AxisData {
    /// One that belongs to no sweep.
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.into(), knob: None, scale: Scale::Linear, numbers: Vec::new(), labels: Vec::new() }
    }

    pub(super) fn of(plan: &StudyPlan, axis: usize) -> Self {
        let SweepAxis { name, knob, scale, labels, numbers, .. } = plan.axes[axis].clone();
        Self { name, knob, scale, numbers, labels }
    }
}
