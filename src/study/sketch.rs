//! A picture of an experiment in a few hundred characters, for a card: shapes to recognize, and no numbers to read.

use serde::{Deserialize, Serialize};

use super::file::{ChartKind, EndMeasure, Scale};
use super::forest::Forest;
use super::picture::{CellData, Curve, Part, Picture};
use super::report::StudyReport;

/// The largest coordinate of a point.
pub const SIDE: f64 = 100.0;
/// The largest number of points of a line.
const MOST_POINTS: usize = 30;
/// The largest number of lines.
const MOST_LINES: usize = 6;

/// The shapes of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudySketch {
    /// The cells of a map.
    Cells {
        /// The number of cells side by side.
        columns: usize,
        /// The names of the sweeps to the right and up.
        names: [String; 2],
        /// A sign for each cell, from the lowest row up: a digit from 0 (as bad as guessing) to 9, `o` where a network
        /// did not learn, `x` where it left f32, and `.` where it was not run.
        marks: String,
    },
    /// The curves of a chart, as points from 0 to [`SIDE`], to the right and up.
    Lines(Vec<Vec<[u8; 2]>>),
}

impl StudySketch {
    /// Draws the first picture of a report that has anything to draw. There is none where the answer's own estimates
    /// are a picture already.
    pub fn of(report: &StudyReport) -> Option<Self> {
        let first = report.pictures.first()?;
        match first.kind {
            ChartKind::Map => Some(cells(first)),
            _ if report.answer.as_ref().is_some_and(|answer| answer.forests.iter().any(has_intervals)) => None,
            _ => Some(lines(first)).filter(|sketch| *sketch != Self::Lines(Vec::new())),
        }
    }
}

/// Whether a forest is worth drawing: it has several settings, and intervals with a length.
fn has_intervals(forest: &Forest) -> bool {
    forest.rows.len() > 1 && forest.rows.iter().filter_map(|row| row.estimate).any(|[low, _, high]| low < high)
}

fn cells(picture: &Picture) -> StudySketch {
    let is_loss = picture.measure.id().ends_with("loss");
    let mark = |cell: &CellData| {
        let Some(value) = cell.value.map(|number| number.0) else { return '.' };
        if !value.is_finite() {
            return 'x';
        }
        if cell.learned == Some(false) {
            return 'o';
        }
        let share = if is_loss { 1.0 - value / picture.guess } else { value };
        char::from_digit((9.0 * share.clamp(0.0, 1.0)).round() as u32, 10).unwrap_or('0')
    };
    let mut cells: Vec<&CellData> = picture.cells.iter().collect();
    cells.sort_by_key(|cell| [cell.at[1], cell.at[0]]);
    let up = picture.y.as_ref().map(|axis| axis.name.clone()).unwrap_or_default();
    let names = [picture.x.name.clone(), up];
    StudySketch::Cells { columns: picture.x.labels.len(), names, marks: cells.into_iter().map(mark).collect() }
}

fn lines(picture: &Picture) -> StudySketch {
    let is_log = picture.measure.is_size() && picture.kind == ChartKind::Curves || picture.kind == ChartKind::Cost;
    let is_loss = picture.measure.id().ends_with("loss") || picture.kind == ChartKind::Losses;
    // Losses far above that of guessing all lie at the upper edge, as in the chart.
    let top = 1.3 * picture.guess;
    let up = |value: f64| match () {
        () if is_log => (value > 0.0 && value.is_finite()).then(|| libm::log10(value)),
        () if is_loss && top > 0.0 => Some(if value.is_nan() { top } else { value.min(top) }),
        () => value.is_finite().then_some(value),
    };
    let is_wide = picture.x.scale == Scale::Log || picture.kind == ChartKind::Cost;
    let along = |x: f64| if is_wide { libm::log10(x) } else { x };
    let points = |curve: &Curve| -> Vec<[f64; 2]> {
        let values: Vec<Option<f64>> = match &curve.exits {
            Some(exits) => exits.measured.iter().map(|exit| exit.map(|exit| exit.layer as f64)).collect(),
            None => curve.y.iter().map(|value| value.map(|number| number.0)).collect(),
        };
        let all = curve.x.iter().zip(values).filter_map(|(x, value)| Some([along(*x), up(value?)?]));
        let all: Vec<[f64; 2]> = all.filter(|point| point[0].is_finite()).collect();
        all.iter().copied().step_by(all.len().div_ceil(MOST_POINTS).max(1)).collect()
    };
    let own = picture.curves.iter().filter(|curve| curve.part == Part::Own && curve.label != "mean");
    let lines: Vec<Vec<[f64; 2]>> = own.map(points).filter(|line| line.len() > 1).take(MOST_LINES).collect();
    let edge = |axis: usize, fixed: Option<[f64; 2]>| {
        fixed.unwrap_or_else(|| {
            let all = lines.iter().flatten().map(|point| point[axis]);
            all.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)])
        })
    };
    let is_share = matches!(picture.measure, EndMeasure::TrainAccuracy | EndMeasure::HeldOutAccuracy);
    let fixed = match () {
        () if is_loss && top > 0.0 => Some([0.0, top]),
        () if is_share && picture.kind == ChartKind::Curves => Some([0.0, 1.0]),
        () => None,
    };
    let edges = [edge(0, None), edge(1, fixed)];
    let place = |value: f64, [low, high]: [f64; 2]| {
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        (SIDE * share.clamp(0.0, 1.0)).round() as u8
    };
    let point = |point: &[f64; 2]| [place(point[0], edges[0]), place(point[1], edges[1])];
    StudySketch::Lines(lines.iter().map(|line| line.iter().map(point).collect()).collect())
}
