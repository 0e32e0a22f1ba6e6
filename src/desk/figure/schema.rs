//! The part of Plotly's figure schema that the pictures of experiments use, besides what they share with the lab's
//! charts. Names and meanings are those of <https://plotly.com/javascript/reference/>.

use serde::Serialize;

use crate::lab::lang::Lang;
use crate::shell::figure::schema::{Config, Font, HoverLabel, Margin};

/// A whole figure, as `Plotly.react` takes it.
#[derive(PartialEq, Serialize)]
pub(crate) struct StudyFigure {
    pub(crate) data: Vec<StudyTrace>,
    pub(crate) layout: StudyLayout,
    pub(crate) config: Config,
    /// The language in which a click on a point opens its network, or none where a click does nothing.
    #[serde(skip)]
    pub(crate) opens: Option<Lang>,
}

/// A trace of the figure. It is a scatter plot where it has no `type`.
#[derive(Default, PartialEq, Serialize)]
pub(crate) struct StudyTrace {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<&'static str>,
    /// The horizontal positions; a point at NaN is not drawn.
    pub(crate) x: Vec<f64>,
    /// The values; `null` leaves a gap.
    pub(crate) y: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    pub(crate) showlegend: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<StudyLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) marker: Option<StudyMarker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fill: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fillcolor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hoverinfo: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hovertemplate: Option<&'static str>,
    /// The texts that the hover template shows, one for each point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) hovertext: Vec<String>,
    /// Further texts of the points: what the hover template shows, or the link that a click opens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) customdata: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) base: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) width: Option<f64>,
}

/// The look of a line.
#[derive(Clone, Default, PartialEq, Serialize)]
pub(crate) struct StudyLine {
    pub(crate) color: String,
    pub(crate) width: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dash: Option<&'static str>,
    /// The shape between points; `hvh` makes steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shape: Option<&'static str>,
}

/// A value for all points, or one for each.
#[derive(Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Each<T> {
    All(T),
    Every(Vec<T>),
}

/// The look of marks or bars.
#[derive(Clone, Default, PartialEq, Serialize)]
pub(crate) struct StudyMarker {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) color: Option<Each<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) size: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) symbol: Option<Each<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<StudyLine>,
    /// The hatching of bars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pattern: Option<Hatching>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) scale: Option<ColorScale>,
}

/// The hatching of bars.
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct Hatching {
    pub(crate) shape: &'static str,
    pub(crate) fgcolor: String,
    /// The distance of its lines in pixels.
    pub(crate) size: u32,
    /// The share of the area that its lines cover.
    pub(crate) solidity: f64,
}

/// A colour scale, whose trace has a single point that is not drawn.
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct ColorScale {
    pub(crate) color: [f64; 1],
    pub(crate) cmin: f64,
    pub(crate) cmax: f64,
    pub(crate) showscale: bool,
    pub(crate) colorscale: Vec<(f64, String)>,
    pub(crate) colorbar: ColorBar,
}

/// The bar that shows a colour scale.
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct ColorBar {
    pub(crate) thickness: u32,
    pub(crate) outlinewidth: u32,
    pub(crate) title: ColorBarTitle,
    pub(crate) tickfont: FontSize,
}

/// The title of a colour bar.
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct ColorBarTitle {
    pub(crate) text: String,
    pub(crate) side: &'static str,
    pub(crate) font: FontSize,
}

/// A font of this size, with the figure's own family and colour.
#[derive(Clone, PartialEq, Serialize)]
pub(crate) struct FontSize {
    pub(crate) size: f64,
}

/// The layout around the curves.
#[derive(PartialEq, Serialize)]
pub(crate) struct StudyLayout {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) barmode: &'static str,
    pub(crate) margin: Margin,
    pub(crate) paper_bgcolor: &'static str,
    pub(crate) plot_bgcolor: &'static str,
    pub(crate) font: Font,
    pub(crate) showlegend: bool,
    pub(crate) legend: LegendPlace,
    pub(crate) dragmode: bool,
    pub(crate) hovermode: &'static str,
    pub(crate) hoverlabel: HoverLabel,
    pub(crate) xaxis: StudyAxis,
    pub(crate) yaxis: StudyAxis,
    pub(crate) shapes: Vec<StudyShape>,
}

/// The place of the legend, above the picture.
#[derive(PartialEq, Serialize)]
pub(crate) struct LegendPlace {
    pub(crate) orientation: &'static str,
    pub(crate) y: f64,
    pub(crate) yanchor: &'static str,
    pub(crate) x: f64,
}

/// The settings of one axis.
#[derive(Default, PartialEq, Serialize)]
pub(crate) struct StudyAxis {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<&'static str>,
    /// The first and the last value, as powers of ten on a logarithmic axis. Plotly chooses them where this is left
    /// out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) range: Option<[f64; 2]>,
    /// The kind of Plotly's own range; `tozero` makes it begin at 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rangemode: Option<&'static str>,
    /// The distance of ticks, in powers of ten on a logarithmic axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dtick: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nticks: Option<u32>,
    /// The format of the numbers, in the notation of d3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tickformat: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tickvals: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ticktext: Option<Vec<String>>,
    pub(crate) showgrid: bool,
    pub(crate) exponentformat: &'static str,
    pub(crate) title: StudyTitle,
    pub(crate) zeroline: bool,
    pub(crate) fixedrange: bool,
    pub(crate) automargin: bool,
    pub(crate) ticks: &'static str,
    pub(crate) ticklen: u32,
    pub(crate) linecolor: String,
    pub(crate) gridcolor: String,
    pub(crate) tickcolor: String,
}

/// The title of an axis.
#[derive(Default, PartialEq, Serialize)]
pub(crate) struct StudyTitle {
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) font: Option<Font>,
    pub(crate) standoff: u32,
}

/// A line or an area behind the curves.
#[derive(Default, PartialEq, Serialize)]
pub(crate) struct StudyShape {
    pub(crate) r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) layer: Option<&'static str>,
    /// The unit of x; `paper` goes from 0 to 1 over the width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) xref: Option<&'static str>,
    /// The unit of y; `paper` goes from 0 to 1 over the height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) yref: Option<&'static str>,
    pub(crate) x0: f64,
    pub(crate) x1: f64,
    pub(crate) y0: f64,
    pub(crate) y1: f64,
    pub(crate) line: StudyLine,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fillcolor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) opacity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<ShapeLabel>,
}

/// A word in an area.
#[derive(PartialEq, Serialize)]
pub(crate) struct ShapeLabel {
    pub(crate) text: String,
    pub(crate) textposition: &'static str,
    pub(crate) font: Font,
}
