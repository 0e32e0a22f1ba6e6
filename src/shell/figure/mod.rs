//! A chart is a function of data: curves in, a Plotly figure out. Nothing here touches the page.
//!
//! Each file is one kind of chart; what they have in common is here.

use plotly::common::{Anchor, DashType, Font, Label};
use plotly::configuration::DisplayModeBar;
use plotly::layout::{
    Annotation, Axis, DragMode, HoverMode, Margin, Shape, ShapeLayer, ShapeLine, ShapeType, TicksDirection,
};
use plotly::{Configuration, Layout};

use super::palette::Palette;
use crate::lab::text::Lang;

mod depth;
mod loss;
mod weights;

pub use depth::depth;
pub use loss::loss;
pub use weights::weights;

/// What a figure needs to know besides its data.
#[derive(Clone, Debug)]
pub struct Look {
    /// Colours of the theme.
    pub palette: Palette,
    /// Language of what is written in the chart.
    pub lang: Lang,
    /// In CSS pixels.
    pub width: usize,
    /// In CSS pixels.
    pub height: usize,
}

const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";

fn axis(palette: &Palette) -> Axis {
    Axis::new()
        .fixed_range(true)
        .zero_line(false)
        .line_color(palette.line.clone())
        .tick_color(palette.line.clone())
        .ticks(TicksDirection::Outside)
        .tick_length(4)
}

/// What all charts have in common: no frame, no legend (the page has its own), nothing that zooms.
fn frame(look: &Look) -> Layout {
    let palette = &look.palette;
    Layout::new()
        .width(look.width)
        .height(look.height)
        .margin(Margin::new().left(48).right(14).top(10).bottom(40))
        .paper_background_color("rgba(0,0,0,0)")
        .plot_background_color("rgba(0,0,0,0)")
        .font(Font::new().family(FONT).size(12).color(palette.muted.clone()))
        .show_legend(false)
        .drag_mode(DragMode::False)
        .hover_mode(HoverMode::XUnified)
        .hover_label(
            Label::new()
                .background_color(palette.surface.clone())
                .border_color(palette.line.clone())
                .font(Font::new().family(FONT).size(12).color(palette.ink.clone())),
        )
}

fn guide(y: f64, palette: &Palette, dash: DashType) -> Shape {
    Shape::new()
        .shape_type(ShapeType::Line)
        .layer(ShapeLayer::Below)
        .x_ref("paper")
        .x0(0.0)
        .x1(1.0)
        .y_ref("y")
        .y0(y)
        .y1(y)
        .line(ShapeLine::new().color(palette.muted.clone()).width(1.0).dash(dash))
}

/// A word at the right end of a guide; `height` in the axis's own units, a power of ten on a
/// logarithmic one.
fn note(height: f64, text: &str, palette: &Palette) -> Annotation {
    Annotation::new()
        .text(text)
        .show_arrow(false)
        .x_ref("paper")
        .x(1.0)
        .x_anchor(Anchor::Right)
        .y_ref("y")
        .y(height)
        .y_anchor(Anchor::Bottom)
        .font(Font::new().family(FONT).size(11).color(palette.muted.clone()))
}

/// No tool bar, and no gesture taken from the page's own scrolling.
fn quiet() -> Configuration {
    Configuration::new().display_mode_bar(DisplayModeBar::False).scroll_zoom(false).show_tips(false).responsive(false)
}
