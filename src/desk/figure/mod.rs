//! Makes Plotly figures of the pictures of experiments, which come from the worker as data.
//!
//! Each file draws one kind of picture, or a family of them; this one has what they share.

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

/// The colours of curves, which most colour-blind readers can tell apart too (Okabe and Ito).
const CURVES: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/// What a figure depends on besides its picture's data.
pub(crate) struct StudyLook {
    pub(crate) palette: Palette,
    pub(crate) lang: Lang,
    /// The width of the figure in CSS pixels.
    pub(crate) width: usize,
    /// The height of the figure in CSS pixels.
    pub(crate) height: usize,
    /// Whether σ is shown in units of He's, √(2 / width).
    pub(crate) scaled: bool,
}

/// The parts of a figure that differ between kinds of pictures.
#[derive(Default)]
struct Parts {
    data: Vec<StudyTrace>,
    x: StudyAxis,
    y: StudyAxis,
    shapes: Vec<StudyShape>,
}

/// Makes the figure of a picture.
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

    /// A text of the page of experiments, with its places filled.
    fn tell(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.lang.fill(&format!("experiments.{key}"), values)
    }

    fn font(&self, size: f64) -> Font {
        Font { family: FONT, size, color: self.palette.muted.clone() }
    }

    /// An axis with the settings that all axes share.
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

    /// The horizontal axis, of the picture's sweep.
    fn along(&self, axis: &AxisData, in_units: bool) -> StudyAxis {
        let text = if in_units { self.tell("scaled", &[("name", &axis.name)]) } else { axis.name.clone() };
        let is_log = axis.scale == Scale::Log;
        // Names and a few numbers far apart are marked one by one; other numbers get the axis's own ticks.
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

    /// The name of a curve in the legend, with the number of its networks that are missing from it.
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

/// Whether a label is a name, which contains no digit.
fn is_name(label: &str) -> bool {
    !label.is_empty() && !label.contains(|sign: char| sign.is_ascii_digit() || matches!(sign, '·' | '⁻' | '⁰'..='⁹'))
}

fn titled(text: String) -> StudyTitle {
    StudyTitle { text, ..StudyTitle::default() }
}

/// A vertical axis with a title and grid lines.
fn upwards(text: String) -> StudyAxis {
    StudyAxis { title: titled(text), showgrid: true, ..StudyAxis::default() }
}

/// The colour of a curve. After the last colour of [`CURVES`] they repeat.
fn color(index: usize) -> String {
    CURVES[index % CURVES.len()].to_owned()
}

fn solid(color: &str, width: f64) -> StudyLine {
    StudyLine { color: color.to_owned(), width, ..StudyLine::default() }
}

fn dashed(color: &str, width: f64) -> StudyLine {
    StudyLine { dash: Some("dash"), ..solid(color, width) }
}

/// A curve with an entry in the legend.
fn curve(x: Vec<f64>, y: Vec<Option<f64>>, name: String, line: StudyLine) -> StudyTrace {
    StudyTrace { x, y, mode: Some("lines"), name: Some(name), showlegend: true, line: Some(line), ..Default::default() }
}

/// An entry of the legend for a mark or a line that is not a curve of its own.
fn key(name: String) -> StudyTrace {
    let nowhere = StudyTrace { x: vec![f64::NAN], y: vec![None], ..Default::default() };
    StudyTrace { name: Some(name), showlegend: true, hoverinfo: Some("skip"), ..nowhere }
}

/// The two edges of a band, where the second one fills the area between them.
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

/// A horizontal line across the picture.
fn level(y: f64, line: StudyLine) -> StudyShape {
    StudyShape { r#type: "line", xref: Some("paper"), x0: 0.0, x1: 1.0, y0: y, y1: y, line, ..Default::default() }
}

/// The values of a curve; `None` stands for those that are not known yet.
fn numbers(curve: &Curve) -> impl Iterator<Item = Option<f64>> + '_ {
    curve.y.iter().map(|value| value.map(|number| number.0))
}

/// The values of a curve without those that left f32.
fn finite(curve: &Curve) -> Vec<Option<f64>> {
    numbers(curve).map(|value| value.filter(|value| value.is_finite())).collect()
}

/// The values of a curve without those that a logarithmic axis cannot show.
fn positive(curve: &Curve) -> Vec<Option<f64>> {
    finite(curve).into_iter().map(|value| value.filter(|value| *value > 0.0)).collect()
}
