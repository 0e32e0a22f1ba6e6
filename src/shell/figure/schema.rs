//! The small part of Plotly's figure schema that the charts use, as plain data.
//!
//! The `plotly` crate has types for all of it, and with them a fifth of the page's download
//! (50 kB of 250, measured): every trace and layout field that exists can then be serialized.
//! Names and meaning: <https://plotly.com/javascript/reference/>.

use serde::Serialize;

/// What `Plotly.react` takes.
#[derive(PartialEq, Serialize)]
pub struct Figure {
    /// The curves, first at the bottom.
    pub data: Vec<Trace>,
    /// Axes, margins, guides.
    pub layout: Layout,
    /// No tool bar, and no gesture taken from the page's own scrolling.
    pub config: Config,
}

/// A scatter trace.
#[derive(PartialEq, Serialize)]
pub struct Trace {
    /// Places.
    pub x: Vec<f64>,
    /// Values; `null` leaves a gap.
    pub y: Vec<Option<f64>>,
    /// `lines`, `markers` or `lines+markers`.
    pub mode: &'static str,
    /// The line's look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Line>,
    /// The dots' look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<Marker>,
    /// `tonexty` fills down to the trace before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<&'static str>,
    /// Colour of the area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fillcolor: Option<String>,
    /// `skip` is silent under the pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hoverinfo: Option<&'static str>,
    /// What the pointer reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hovertemplate: Option<String>,
}

impl Trace {
    /// A trace that is not drawn yet.
    pub fn new(x: Vec<f64>, y: Vec<Option<f64>>) -> Self {
        let (line, marker, fill, fillcolor, hoverinfo, hovertemplate) = Default::default();
        Self { x, y, mode: "lines", line, marker, fill, fillcolor, hoverinfo, hovertemplate }
    }

    /// As a line.
    pub fn line(self, color: &str, width: f64, dash: &'static str) -> Self {
        Self { line: Some(Line { color: color.to_owned(), width, dash }), ..self }
    }

    /// As dots, and as nothing else if it has no line.
    pub fn dots(self, color: &str, size: f64, symbol: &'static str, opacity: f64) -> Self {
        let mode = if self.line.is_some() { "lines+markers" } else { "markers" };
        Self { marker: Some(Marker { color: color.to_owned(), size, symbol, opacity }), mode, ..self }
    }

    /// What the pointer reads: a name, and the value in a d3 format.
    pub fn hover(self, name: &str, format: &str) -> Self {
        Self { hovertemplate: Some(format!("{name} %{{y:{format}}}<extra></extra>")), ..self }
    }

    /// Nothing under the pointer.
    pub fn silent(self) -> Self {
        Self { hoverinfo: Some("skip"), ..self }
    }

    /// The area down to the trace before.
    pub fn filled(self, color: &str) -> Self {
        Self { fill: Some("tonexty"), fillcolor: Some(color.to_owned()), ..self }
    }
}

/// A line's look.
#[derive(PartialEq, Serialize)]
pub struct Line {
    /// Its colour.
    pub color: String,
    /// In pixels.
    pub width: f64,
    /// `solid`, `dash` or `dot`.
    pub dash: &'static str,
}

/// A dot's look.
#[derive(PartialEq, Serialize)]
pub struct Marker {
    /// Its colour.
    pub color: String,
    /// In pixels.
    pub size: f64,
    /// Its form.
    pub symbol: &'static str,
    /// From 0 to 1.
    pub opacity: f64,
}

/// Letters.
#[derive(PartialEq, Serialize)]
pub struct Font {
    /// As in CSS.
    pub family: &'static str,
    /// In pixels.
    pub size: f64,
    /// Their colour.
    pub color: String,
}

/// Around the curves.
#[derive(PartialEq, Serialize)]
pub struct Layout {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// In pixels.
    pub margin: Margin,
    /// Behind everything.
    pub paper_bgcolor: &'static str,
    /// Behind the curves.
    pub plot_bgcolor: &'static str,
    /// Of all text that has no other.
    pub font: Font,
    /// The page has its own legend.
    pub showlegend: bool,
    /// Dragging does nothing.
    pub dragmode: bool,
    /// One box for all curves at a place.
    pub hovermode: &'static str,
    /// That box.
    pub hoverlabel: HoverLabel,
    /// Along the depth or the steps.
    pub xaxis: Axis,
    /// The quantity.
    pub yaxis: Axis,
    /// Guides.
    pub shapes: Vec<Shape>,
    /// Words at guides.
    pub annotations: Vec<Annotation>,
}

/// Room for axis texts.
#[derive(PartialEq, Serialize)]
pub struct Margin {
    /// Left.
    pub l: u32,
    /// Right.
    pub r: u32,
    /// Top.
    pub t: u32,
    /// Bottom.
    pub b: u32,
}

/// The box at the pointer.
#[derive(PartialEq, Serialize)]
pub struct HoverLabel {
    /// Behind its text.
    pub bgcolor: String,
    /// Its frame.
    pub bordercolor: String,
    /// Its text.
    pub font: Font,
}

/// One axis.
#[derive(PartialEq, Serialize)]
pub struct Axis {
    /// `linear` or `log`.
    pub r#type: &'static str,
    /// First and last; powers of ten on a logarithmic axis.
    pub range: [f64; 2],
    /// Nothing zooms.
    pub fixedrange: bool,
    /// No thicker line at zero.
    pub zeroline: bool,
    /// The axis itself.
    pub linecolor: String,
    /// Lines across.
    pub showgrid: bool,
    /// Their colour.
    pub gridcolor: String,
    /// `outside`.
    pub ticks: &'static str,
    /// In pixels.
    pub ticklen: u32,
    /// Their colour.
    pub tickcolor: String,
    /// Numbers stand upright.
    pub tickangle: u32,
    /// `allow`: the margins have room for the numbers. Otherwise Plotly measures each of them at
    /// every drawing, which was a quarter of its time.
    pub ticklabeloverflow: &'static str,
    /// The numbers' letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tickfont: Option<Font>,
    /// Distance of ticks; powers of ten on a logarithmic axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dtick: Option<f64>,
    /// Chosen places of ticks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tickvals: Option<Vec<f64>>,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticktext: Option<Vec<String>>,
    /// `power` writes 10⁻⁶.
    pub exponentformat: &'static str,
    /// The axis's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
}

/// An axis's name.
#[derive(PartialEq, Serialize)]
pub struct Title {
    /// The name.
    pub text: String,
    /// Its letters.
    pub font: Font,
}

/// A straight guide.
#[derive(PartialEq, Serialize)]
pub struct Shape {
    /// `line`.
    pub r#type: &'static str,
    /// `below` the curves.
    pub layer: &'static str,
    /// `paper`: from 0 to 1 over the width.
    pub xref: &'static str,
    /// Left end.
    pub x0: f64,
    /// Right end.
    pub x1: f64,
    /// In the axis's values.
    pub y0: f64,
    /// The same.
    pub y1: f64,
    /// Its look.
    pub line: Line,
}

/// A word at an end of a guide.
#[derive(PartialEq, Serialize)]
pub struct Annotation {
    /// The word.
    pub text: String,
    /// No arrow.
    pub showarrow: bool,
    /// `paper`.
    pub xref: &'static str,
    /// 1, or 0 at the left end.
    pub x: f64,
    /// `right`, or `left` there.
    pub xanchor: &'static str,
    /// A power of ten on a logarithmic axis.
    pub y: f64,
    /// `bottom`: above the guide; `top` below it.
    pub yanchor: &'static str,
    /// Where else it may stand.
    #[serde(skip)]
    pub moves: Moves,
    /// Its letters.
    pub font: Font,
}

/// Where a word may stand beside where it was put, to keep off curves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// At either end of its guide, above or below.
    Anywhere,
    /// Above or below.
    Upright,
    /// It means its place.
    Nowhere,
}

/// How Plotly behaves.
#[derive(PartialEq, Serialize)]
pub struct Config {
    /// No tool bar.
    #[serde(rename = "displayModeBar")]
    pub display_mode_bar: bool,
    /// The wheel scrolls the page.
    #[serde(rename = "scrollZoom")]
    pub scroll_zoom: bool,
    /// No hints.
    #[serde(rename = "showTips")]
    pub show_tips: bool,
}
