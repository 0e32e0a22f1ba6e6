//! The small part of Plotly's figure schema that the charts use, as plain data.
//!
//! The `plotly` crate has types for all of it, and with them a fifth of the page's download
//! (50 kB of 250, measured): every trace and layout field that exists can then be serialized.
//! Names and meaning of the fields are Plotly's: <https://plotly.com/javascript/reference/>. Where a
//! field has a comment, it says what the charts use it for.
#![allow(missing_docs, reason = "the fields are those of Plotly's reference")]

use serde::Serialize;

/// A figure, which is what `Plotly.react` takes.
#[derive(PartialEq, Serialize)]
pub struct Figure {
    /// The curves; the first is drawn below the others.
    pub data: Vec<Trace>,
    pub layout: Layout,
    /// There is no tool bar, and no gesture that the page needs for its own scrolling is taken from it.
    pub config: Config,
}

/// A curve, as a trace of type `scatter`.
#[derive(PartialEq, Serialize)]
pub struct Trace {
    pub x: Vec<f64>,
    /// The values; `null` leaves a gap.
    pub y: Vec<Option<f64>>,
    /// One of `lines`, `markers` and `lines+markers`.
    pub mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<Marker>,
    /// With `tonexty` the area down to the trace before is filled, with `toself` what each part of the curve encloses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fillcolor: Option<String>,
    /// With `skip` the pointer reads nothing from the curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hoverinfo: Option<&'static str>,
    /// What the pointer reads, in d3's format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hovertemplate: Option<String>,
    /// The name in the legend of a saved picture; the page has a legend of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub showlegend: Option<bool>,
}

impl Trace {
    /// A trace with points, which is neither a line nor dots yet.
    pub fn new(x: Vec<f64>, y: Vec<Option<f64>>) -> Self {
        let (line, marker, fill, fillcolor, hoverinfo, hovertemplate, name, showlegend) = Default::default();
        Self { x, y, mode: "lines", line, marker, fill, fillcolor, hoverinfo, hovertemplate, name, showlegend }
    }

    /// The same trace, drawn as a line.
    pub fn line(self, color: &str, width: f64, dash: &'static str) -> Self {
        Self { line: Some(Line { color: color.to_owned(), width, dash }), ..self }
    }

    /// The same line with other dashes.
    pub fn dashed(self, dash: &'static str) -> Self {
        Self { line: self.line.map(|line| Line { dash, ..line }), ..self }
    }

    /// The same line, with a dot of its colour at each point, so that a single one is seen.
    pub fn dotted(self, size: f64) -> Self {
        let color = self.line.as_ref().map(|line| line.color.clone()).unwrap_or_default();
        self.dots(&color, size, "circle", 1.0)
    }

    /// The same trace, drawn as dots too, or as dots alone if it has no line.
    pub fn dots(self, color: &str, size: f64, symbol: &'static str, opacity: f64) -> Self {
        let mode = if self.line.is_some() { "lines+markers" } else { "markers" };
        Self { marker: Some(Marker { color: color.to_owned(), size, symbol, opacity }), mode, ..self }
    }

    /// The same trace, from which the pointer reads a name, and the value in a d3 format.
    pub fn hover(self, name: &str, format: &str) -> Self {
        Self { hovertemplate: Some(format!("{name} %{{y:{format}}}<extra></extra>")), ..self }
    }

    /// The same trace, from which the pointer reads nothing.
    pub fn silent(self) -> Self {
        Self { hoverinfo: Some("skip"), ..self }
    }

    /// The same trace, with what each of its parts encloses filled.
    pub fn enclosing(self, color: &str) -> Self {
        Self { fill: Some("toself"), fillcolor: Some(color.to_owned()), ..self }
    }

    /// The same trace, with the area down to the trace before it filled.
    pub fn filled(self, color: &str) -> Self {
        Self { fill: Some("tonexty"), fillcolor: Some(color.to_owned()), ..self }
    }
}

#[derive(PartialEq, Serialize)]
pub struct Line {
    pub color: String,
    pub width: f64,
    /// One of `solid`, `dash` and `dot`.
    pub dash: &'static str,
}

#[derive(PartialEq, Serialize)]
pub struct Marker {
    pub color: String,
    pub size: f64,
    pub symbol: &'static str,
    pub opacity: f64,
}

#[derive(PartialEq, Serialize)]
pub struct Font {
    pub family: &'static str,
    pub size: f64,
    pub color: String,
}

#[derive(PartialEq, Serialize)]
pub struct Layout {
    pub width: usize,
    pub height: usize,
    pub margin: Margin,
    pub paper_bgcolor: String,
    pub plot_bgcolor: &'static str,
    /// The font of all text that has no other.
    pub font: Font,
    /// This is off on the page, which has its own legend, and on in a saved picture.
    pub showlegend: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legend: Option<CaptionLegend>,
    /// This is off: dragging does nothing.
    pub dragmode: bool,
    /// All curves at a place share one box at the pointer.
    pub hovermode: &'static str,
    pub hoverlabel: HoverLabel,
    /// The axis of the depth or the steps.
    pub xaxis: Axis,
    /// The axis of the quantity.
    pub yaxis: Axis,
    pub shapes: Vec<GuideLine>,
    /// The words at guides.
    pub annotations: Vec<Annotation>,
}

/// Where the legend of a saved picture stands; 0 and 1 are the ends of the axes.
#[derive(PartialEq, Serialize)]
pub struct CaptionLegend {
    /// With `h` the names stand side by side.
    pub orientation: &'static str,
    pub x: f64,
    pub y: f64,
    pub yanchor: &'static str,
}

/// The room for the axes' texts, in pixels.
#[derive(PartialEq, Serialize)]
pub struct Margin {
    pub l: u32,
    pub r: u32,
    pub t: u32,
    pub b: u32,
}

#[derive(PartialEq, Serialize)]
pub struct HoverLabel {
    pub bgcolor: String,
    pub bordercolor: String,
    pub font: Font,
}

#[derive(PartialEq, Serialize)]
pub struct Axis {
    /// One of `linear` and `log`.
    pub r#type: &'static str,
    /// The first and the last value; on a logarithmic axis they are powers of ten.
    pub range: [f64; 2],
    /// This is on: nothing zooms.
    pub fixedrange: bool,
    /// This is off: there is no thicker line at zero.
    pub zeroline: bool,
    pub linecolor: String,
    pub showgrid: bool,
    pub gridcolor: String,
    pub ticks: &'static str,
    pub ticklen: u32,
    pub tickcolor: String,
    /// This is 0: numbers stand upright.
    pub tickangle: u32,
    /// This is `allow`, because the margins have room for the numbers. Otherwise Plotly measures each of them at
    /// every drawing, which was a quarter of its time.
    pub ticklabeloverflow: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tickfont: Option<Font>,
    /// The distance from one tick to the next; on a logarithmic axis it is in powers of ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dtick: Option<f64>,
    /// The places of ticks, where they are chosen one by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tickvals: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticktext: Option<Vec<String>>,
    /// With `power` a small number is written as 10⁻⁶.
    pub exponentformat: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
}

#[derive(PartialEq, Serialize)]
pub struct Title {
    pub text: String,
    pub font: Font,
}

/// A guide, which is a straight line across the picture.
#[derive(PartialEq, Serialize)]
pub struct GuideLine {
    pub r#type: &'static str,
    /// With `below` it is drawn below the curves.
    pub layer: &'static str,
    /// With `paper` the places along the width go from 0 to 1.
    pub xref: &'static str,
    pub x0: f64,
    pub x1: f64,
    /// The height is in values of the axis.
    pub y0: f64,
    pub y1: f64,
    pub line: Line,
}

/// A word at an end of a guide.
#[derive(PartialEq, Serialize)]
pub struct Annotation {
    pub text: String,
    pub showarrow: bool,
    pub xref: &'static str,
    /// 1 is the right end and 0 the left one.
    pub x: f64,
    /// This is `right`, and `left` at the left end.
    pub xanchor: &'static str,
    /// With `paper` the height goes from 0 to 1; without it, it is one of the axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yref: Option<&'static str>,
    /// The height; on a logarithmic axis it is a power of ten.
    pub y: f64,
    /// How far it is moved up, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yshift: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub align: Option<&'static str>,
    /// With `bottom` the word stands above the guide, with `top` below it.
    pub yanchor: &'static str,
    /// Where else it may stand, to keep off curves.
    #[serde(skip)]
    pub moves: Moves,
    pub font: Font,
}

/// Where a word may stand beside where it was put, to keep off curves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// It may stand at either end of its guide, above or below it.
    Anywhere,
    /// It may stand above or below its guide.
    Upright,
    /// It has to stay, because it means the place where it stands.
    Nowhere,
}

#[derive(PartialEq, Serialize)]
pub struct Config {
    /// This is off: there is no tool bar.
    #[serde(rename = "displayModeBar")]
    pub display_mode_bar: bool,
    /// This is off: the wheel scrolls the page.
    #[serde(rename = "scrollZoom")]
    pub scroll_zoom: bool,
    #[serde(rename = "showTips")]
    pub show_tips: bool,
}
