//! Pictures as data. The page draws them and knows nothing else of them.

use serde::{Deserialize, Serialize};

use super::file::{ChartKind, EndMeasure, Scale};
use super::plan::{StudyPlan, SweepAxis};
use crate::lab::number::Number;
use crate::science::overflow::Exit;

/// A picture. The parts that its kind does not have are empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// The kind of chart that it is a picture of.
    pub kind: ChartKind,
    /// What its networks have in common, in words.
    pub panel: String,
    /// The measure that is drawn.
    pub measure: EndMeasure,
    /// The horizontal axis.
    pub x: AxisData,
    /// The vertical axis of a map.
    pub y: Option<AxisData>,
    /// The curves, or the differences of pairs.
    pub curves: Vec<Curve>,
    /// The cells of a map.
    pub cells: Vec<CellData>,
    /// Theory's line over a map, as points [place along, depth]. The depth is how far it says that the signal reaches,
    /// which may be infinite.
    pub line: Vec<[Number; 2]>,
    /// The loss of guessing, in nats, as a level to compare losses with.
    pub guess: f64,
}

/// An axis of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxisData {
    /// The name of its sweep, or `step`, or `pair`.
    pub name: String,
    /// The key that its sweep sets, if it sets one.
    pub knob: Option<String>,
    /// How its values are spread.
    pub scale: Scale,
    /// The values along it.
    pub numbers: Vec<f64>,
    /// What each value is called.
    pub labels: Vec<String>,
}

/// A curve of a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What the curve is of, in words.
    pub label: String,
    /// The places of its points along the axis.
    pub x: Vec<f64>,
    /// The places in units of He's σ, √(2 / width), in which the curves of all widths lie on each other.
    pub scaled: Option<Vec<f64>>,
    /// The values of its points. There is none where a network blew up or still trains.
    pub y: Vec<Option<Number>>,
    /// Which of its networks learned. Only a curve of held-out losses over σ has it, once all are known.
    pub learned: Option<Vec<bool>>,
    /// The lower and the upper edge of its 95 % confidence band.
    pub band: Option<[Vec<f64>; 2]>,
    /// How many of its networks left f32 and are therefore not drawn.
    pub lost: usize,
    /// What tells it from other curves of its label.
    pub part: Part,
    /// Where numbers leave a format, in a picture of that kind.
    pub exits: Option<Exits>,
}

/// What tells a curve from others of its label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// It is what the picture is about.
    #[default]
    Own,
    /// It is the same on held-out data.
    HeldOut,
    /// It is the same at step 0.
    Start,
    /// It is what theory expects.
    Theory,
}

/// A cell of a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellData {
    /// Its places on the two axes.
    pub at: [usize; 2],
    /// The measure of its network; not finite where it blew up, and none before its end.
    pub value: Option<Number>,
    /// Whether its network learned. Only a map of held-out losses has it, once all are known.
    #[serde(default)]
    pub learned: Option<bool>,
    /// The link that opens its network in the lab.
    pub link: String,
}

/// The exits of a curve, in the order of its places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exits {
    /// What was measured; none where numbers stay inside, or where it is not known yet.
    pub measured: Vec<Option<Exit>>,
    /// What theory expects; none where numbers should stay inside.
    pub predicted: Vec<Option<Exit>>,
}

impl Picture {
    /// A picture of a kind, with nothing on it yet.
    pub(super) fn new(kind: ChartKind, x: AxisData) -> Self {
        let (curves, cells, line) = Default::default();
        Self { kind, panel: String::new(), measure: EndMeasure::default(), x, y: None, curves, cells, line, guess: 0.0 }
    }
}

impl Curve {
    /// A curve through points, some of which have no value.
    pub(super) fn through(label: impl Into<String>, points: impl IntoIterator<Item = (f64, Option<f64>)>) -> Self {
        let (x, y) = points.into_iter().map(|(x, y)| (x, y.map(Number))).unzip();
        Self { label: label.into(), x, y, ..Self::default() }
    }
}

impl AxisData {
    /// An axis that belongs to no sweep.
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.into(), knob: None, scale: Scale::Linear, numbers: Vec::new(), labels: Vec::new() }
    }

    pub(super) fn of(plan: &StudyPlan, axis: usize) -> Self {
        let SweepAxis { name, knob, scale, labels, numbers, .. } = plan.axes[axis].clone();
        Self { name, knob, scale, numbers, labels }
    }
}
