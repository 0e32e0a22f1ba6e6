//! A chart is a function of data: curves go in, a Plotly figure comes out. Nothing here touches the page.
//!
//! Each file is one kind of chart; what they have in common is here.

use super::palette::Palette;
use crate::lab::lang::Lang;

mod captioned;
mod compared;
mod depth;
mod heads;
mod histograms;
mod insight;
mod loss;
mod motion;
pub mod schema;
mod sharpness;
mod spectrum;
mod sweep;
mod toys;
mod updates;
mod weights;
mod words;

pub use depth::{decades, depth, guessed_depth, hidden_depth, share_of_width};
pub use heads::heads;
pub use histograms::histograms;
pub use insight::insight;
pub use loss::{loss, step_range, wants_log};
pub use motion::FigureChange;
pub use sharpness::sharpness;
pub use spectrum::spectrum;
pub use sweep::sweep;
pub use toys::{one_weight, product, score_size, softmax};
pub use updates::{update_courses, updates};
pub use weights::weights;

use schema::{
    Annotation, Axis, Config, Figure, Font, GuideLine, HoverLabel, Layout, Line, Margin, Moves, Title, Trace,
};

/// What a figure needs to know besides its data.
#[derive(Clone, Debug)]
pub struct Look {
    /// The colours of the theme.
    pub palette: Palette,
    /// The language of what is written in the chart.
    pub lang: Lang,
    /// The width of the whole figure, in CSS pixels.
    pub width: usize,
    /// The height of the whole figure, in CSS pixels.
    pub height: usize,
    /// Whether the limits of all number formats are drawn, and not only those of f32.
    pub formats: bool,
}

/// The fonts that a chart is written in, as in CSS.
pub const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";
/// The room that the axes' texts have around each picture, and above it words that have no place on it.
pub const MARGIN: Margin = Margin { l: 48, r: 14, t: 18, b: 38 };
/// The colour of what must not be seen.
pub const CLEAR: &str = "rgba(0,0,0,0)";

/// The smallest range around a range whose ends are multiples of a step. So an axis changes rarely, and while it
/// stays Plotly only has to move the curves.
fn outward(low: f64, high: f64, step: f64) -> [f64; 2] {
    [(low / step).floor() * step, (high / step).ceil() * step]
}

/// The step for an axis that reaches a value: 0.1 or 0.25 times its power of ten.
fn leap(value: f64) -> f64 {
    let decade = libm::pow(10.0, value.max(f64::MIN_POSITIVE).log10().floor());
    if value < 3.0 * decade { 0.1 * decade } else { 0.25 * decade }
}

impl Look {
    fn font(&self, size: f64) -> Font {
        Font { family: FONT, size, color: self.palette.muted.clone() }
    }

    /// A linear axis over a range; `grid` gives it lines across the picture, as the quantity's axis has.
    fn axis(&self, range: [f64; 2], grid: bool) -> Axis {
        let line = &self.palette.line;
        Axis {
            r#type: "linear",
            range,
            fixedrange: true,
            zeroline: false,
            linecolor: line.clone(),
            showgrid: grid,
            gridcolor: line.clone(),
            ticks: "outside",
            ticklen: 4,
            tickcolor: line.clone(),
            tickangle: 0,
            ticklabeloverflow: "allow",
            tickfont: None,
            dtick: None,
            tickvals: None,
            ticktext: None,
            exponentformat: "power",
            title: None,
        }
    }

    /// A logarithmic axis from one power of ten to another.
    fn log_axis(&self, low: f64, high: f64) -> Axis {
        // In a low picture seven numbers would lie over each other.
        let ticks = (self.plot()[1] / 20.0).floor().clamp(2.0, 7.0);
        let dtick = Some(((high - low) / ticks).ceil().max(1.0));
        // Plotly writes powers larger than other numbers, so they get a smaller font.
        Axis { r#type: "log", dtick, tickfont: Some(self.font(10.0)), ..self.axis([low, high], true) }
    }

    fn title(&self, key: &str) -> Option<Title> {
        Some(Title { text: self.lang.text(key).to_owned(), font: self.font(12.0) })
    }

    /// A level across the chart, as a line that is `solid`, `dash` or `dot`.
    fn guide(&self, y: f64, color: &str, dash: &'static str) -> GuideLine {
        let line = Line { color: color.to_owned(), width: if dash == "dash" { 1.5 } else { 1.0 }, dash };
        GuideLine { r#type: "line", layer: "below", xref: "paper", x0: 0.0, x1: 1.0, y0: y, y1: y, line }
    }

    /// A word at the right end of a guide. `height` is in the axis's own units, which on a logarithmic one is a power
    /// of ten.
    fn note(&self, height: f64, text: String) -> Annotation {
        Annotation {
            text,
            showarrow: false,
            xref: "paper",
            x: 1.0,
            xanchor: "right",
            yref: None,
            y: height,
            yshift: None,
            align: None,
            yanchor: "bottom",
            moves: Moves::Anywhere,
            font: self.font(11.0),
        }
    }

    /// The same word at the left end.
    fn left(&self, height: f64, text: String) -> Annotation {
        Annotation { x: 0.0, xanchor: "left", ..self.note(height, text) }
    }

    /// An upright line at the step that the reader looks at. An empty one holds its place, so that it can be moved
    /// without drawing anew.
    fn playhead(&self, step: Option<u64>, y_axis: &Axis) -> Trace {
        let ends = if y_axis.r#type == "log" { y_axis.range.map(|power| libm::pow(10.0, power)) } else { y_axis.range };
        let at = step.map_or(0.0, |step| step as f64);
        let heights = ends.map(|end| step.map(|_| end)).to_vec();
        Trace::new(vec![at, at], heights).line(&self.palette.ink, 1.0, "dash").silent()
    }

    /// The width and height of what is inside the axes, in pixels.
    fn plot(&self) -> [f64; 2] {
        let inside = |whole: usize, margins: u32| (whole as f64 - f64::from(margins)).max(1.0);
        [inside(self.width, MARGIN.l + MARGIN.r), inside(self.height, MARGIN.t + MARGIN.b)]
    }

    /// The figure of curves, axes and guides. It has no frame, no legend (the page has its own) and nothing that
    /// zooms.
    fn figure(
        &self,
        data: Vec<Trace>,
        [xaxis, yaxis]: [Axis; 2],
        guides: Vec<(GuideLine, Option<Annotation>)>,
    ) -> Figure {
        let (shapes, annotations): (Vec<_>, Vec<_>) = guides.into_iter().unzip();
        let mut annotations: Vec<Annotation> = annotations.into_iter().flatten().collect();
        words::place(&mut annotations, &data, [&xaxis, &yaxis], self.plot());
        let palette = &self.palette;
        let layout = Layout {
            width: self.width,
            height: self.height,
            margin: MARGIN,
            paper_bgcolor: CLEAR.to_owned(),
            plot_bgcolor: CLEAR,
            font: self.font(12.0),
            showlegend: false,
            legend: None,
            dragmode: false,
            hovermode: "x unified",
            hoverlabel: HoverLabel {
                bgcolor: palette.surface.clone(),
                bordercolor: palette.line.clone(),
                font: Font { family: FONT, size: 12.0, color: palette.ink.clone() },
            },
            xaxis,
            yaxis,
            shapes,
            annotations,
        };
        Figure { data, layout, config: Config { display_mode_bar: false, scroll_zoom: false, show_tips: false } }
    }
}
