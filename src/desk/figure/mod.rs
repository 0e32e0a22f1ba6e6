//! Pictures of experiments as Plotly figures: data from the worker in, a figure out.
//!
//! Each file is one kind of picture, or a family of them; what they have in common is here.

mod color;
mod cost;
mod curves;
mod map;
mod overflow;
mod pairs;
pub(crate) mod schema;
mod watched;

use schema::{LegendPlace, StudyAxis, StudyFigure, StudyLayout, StudyLine, StudyShape, StudyTitle, StudyTrace};

use crate::lab::lang::Lang;
use crate::shell::figure::schema::{Config, Font, HoverLabel, Margin};
use crate::shell::figure::{CLEAR, FONT};
use crate::shell::palette::Palette;
use crate::study::file::{ChartKind, Scale};
use crate::study::picture::{AxisData, Curve, Picture};

/// Colours of curves; most colour-blind readers tell them apart too (Okabe and Ito).
const CURVES: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/// What a picture needs to know besides its data.
pub(crate) struct StudyLook {
    pub(crate) palette: Palette,
    pub(crate) lang: Lang,
    /// In CSS pixels.
    pub(crate) width: usize,
    /// In CSS pixels.
    pub(crate) height: usize,
    /// Whether σ is counted in units of He's, √(2 / width).
    pub(crate) scaled: bool,
}

/// What differs from kind to kind.
#[derive(Default)]
struct Parts {
    data: Vec<StudyTrace>,
    x: StudyAxis,
    y: StudyAxis,
    shapes: Vec<StudyShape>,
}

/// The figure of a picture.
pub(crate) fn figure(picture: &Picture, look: &StudyLook) -> StudyFigure {
    let Parts { data, x, y, shapes } = match picture.kind {
        ChartKind::Curves => curves::curves(picture, look),
        ChartKind::Map => map::map(picture, look),
        ChartKind::Losses => curves::losses(picture, look),
        ChartKind::Pairs => pairs::pairs(picture, look),
        ChartKind::Cost => cost::cost(picture, look),
        ChartKind::Overflow => overflow::overflow(picture, look),
        ChartKind::Training => watched::training(picture, look),
        ChartKind::Gradients => watched::gradients(picture, look),
        ChartKind::Spread => watched::by_block(picture, "std", look),
        ChartKind::Tails => watched::by_block(picture, "kurtosis", look),
        ChartKind::Histogram => watched::histogram(picture, look),
    };
    let palette = &look.palette;
    let layout = StudyLayout {
        width: look.width,
        height: look.height,
        barmode: "overlay",
        margin: Margin { l: 56, r: 14, t: 8, b: 44 },
        paper_bgcolor: CLEAR,
        plot_bgcolor: CLEAR,
        font: look.font(12.0),
        showlegend: data.iter().any(|trace| trace.showlegend),
        legend: LegendPlace { orientation: "h", y: 1.02, yanchor: "bottom", x: 0.0 },
        dragmode: false,
        hovermode: if picture.kind == ChartKind::Map { "closest" } else { "x unified" },
        hoverlabel: HoverLabel {
            bgcolor: palette.surface.clone(),
            bordercolor: palette.line.clone(),
            font: Font { family: FONT, size: 12.0, color: palette.ink.clone() },
        },
        xaxis: look.axis(x),
        yaxis: look.axis(y),
        shapes,
    };
    let config = Config { display_mode_bar: false, scroll_zoom: false, show_tips: false };
    StudyFigure { data, layout, config, opens: (picture.kind == ChartKind::Map).then_some(look.lang) }
}

impl StudyLook {
    /// A text of the page of experiments.
    fn say(&self, key: &str) -> String {
        self.lang.text(&format!("experiments.{key}")).to_owned()
    }

    /// The same with its places filled.
    fn tell(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.lang.fill(&format!("experiments.{key}"), values)
    }

    fn font(&self, size: f64) -> Font {
        Font { family: FONT, size, color: self.palette.muted.clone() }
    }

    /// An axis with what all of them have.
    fn axis(&self, own: StudyAxis) -> StudyAxis {
        let line = || self.palette.line.clone();
        let title = StudyTitle { font: Some(self.font(12.0)), standoff: 8, ..own.title };
        let exponentformat = if own.exponentformat.is_empty() { "power" } else { own.exponentformat };
        StudyAxis {
            title,
            exponentformat,
            zeroline: false,
            fixedrange: true,
            automargin: true,
            ticks: "outside",
            ticklen: 4,
            linecolor: line(),
            gridcolor: line(),
            tickcolor: line(),
            ..own
        }
    }

    /// The axis along, of the picture's sweep.
    fn along(&self, axis: &AxisData, in_units: bool) -> StudyAxis {
        let text = if in_units { self.tell("scaled", &[("name", &axis.name)]) } else { axis.name.clone() };
        let is_log = axis.scale == Scale::Log;
        // Names have places, numbers have values; a few numbers far apart are marked as they are.
        let marked = axis.labels.iter().any(|label| is_name(label)) || (is_log && axis.numbers.len() <= 6);
        StudyAxis {
            r#type: is_log.then_some("log"),
            dtick: is_log.then_some(1.0),
            tickvals: marked.then(|| axis.numbers.clone()),
            ticktext: marked.then(|| axis.labels.clone()),
            title: titled(text),
            ..StudyAxis::default()
        }
    }

    /// What a curve is of, and how many of its networks are not on it.
    fn name_of(&self, picture: &Picture, curve: &Curve) -> String {
        let name = match curve.label.as_str() {
            "pairs" => self.say("pair"),
            "mean" => self.say("mean"),
            "" => self.say(picture.measure.id()),
            label => label.to_owned(),
        };
        if curve.lost == 0 {
            return name;
        }
        self.tell("lost", &[("name", &name), ("lost", &curve.lost.to_string())])
    }
}

/// Whether a label is a name: no number, nor a word with one in it.
fn is_name(label: &str) -> bool {
    !label.is_empty() && !label.contains(|sign: char| sign.is_ascii_digit() || matches!(sign, '·' | '⁻' | '⁰'..='⁹'))
}

fn titled(text: String) -> StudyTitle {
    StudyTitle { text, ..StudyTitle::default() }
}

/// An axis with a name and lines across.
fn upwards(text: String) -> StudyAxis {
    StudyAxis { title: titled(text), showgrid: true, ..StudyAxis::default() }
}

/// A colour of [`CURVES`], over and over.
fn color(index: usize) -> String {
    CURVES[index % CURVES.len()].to_owned()
}

fn solid(color: &str, width: f64) -> StudyLine {
    StudyLine { color: color.to_owned(), width, ..StudyLine::default() }
}

fn dashed(color: &str, width: f64) -> StudyLine {
    StudyLine { dash: Some("dash"), ..solid(color, width) }
}

/// A curve with a place in the legend.
fn curve(x: Vec<f64>, y: Vec<Option<f64>>, name: String, line: StudyLine) -> StudyTrace {
    StudyTrace { x, y, mode: Some("lines"), name: Some(name), showlegend: true, line: Some(line), ..Default::default() }
}

/// What the legend says of a mark or a line, beside no curve of its own.
fn key(name: String) -> StudyTrace {
    let nowhere = StudyTrace { x: vec![f64::NAN], y: vec![None], ..Default::default() };
    StudyTrace { name: Some(name), showlegend: true, hoverinfo: Some("skip"), ..nowhere }
}

/// The edges of a band, of which the second fills what is between.
fn band(x: &[f64], [low, high]: &[Vec<f64>; 2], color: &str, fill: String) -> [StudyTrace; 2] {
    let edge = |values: &[f64]| StudyTrace {
        x: x.to_vec(),
        y: values.iter().copied().map(Some).collect(),
        mode: Some("lines"),
        line: Some(solid(color, 0.0)),
        hoverinfo: Some("skip"),
        ..Default::default()
    };
    [edge(low), StudyTrace { fill: Some("tonexty"), fillcolor: Some(fill), ..edge(high) }]
}

/// A level across the picture.
fn level(y: f64, line: StudyLine) -> StudyShape {
    StudyShape { r#type: "line", xref: Some("paper"), x0: 0.0, x1: 1.0, y0: y, y1: y, line, ..Default::default() }
}

/// The values of a curve as numbers; none before they are known.
fn numbers(curve: &Curve) -> impl Iterator<Item = Option<f64>> + '_ {
    curve.y.iter().map(|value| value.map(|number| number.0))
}

/// The same without what left f32.
fn finite(curve: &Curve) -> Vec<Option<f64>> {
    numbers(curve).map(|value| value.filter(|value| value.is_finite())).collect()
}

/// The same without what a logarithmic axis has no place for.
fn positive(curve: &Curve) -> Vec<Option<f64>> {
    finite(curve).into_iter().map(|value| value.filter(|value| *value > 0.0)).collect()
}
