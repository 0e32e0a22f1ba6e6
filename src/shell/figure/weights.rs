//! The spread of Q, K and V by block: three marks in ink, and the σ they started with.

use plotly::common::{DashType, Line, Marker, MarkerSymbol, Mode, Title};
use plotly::layout::ShapeLine;
use plotly::{Plot, Scatter};

use super::{Look, axis, frame, guide, note, quiet};
use crate::lab::curve::WeightCurve;

/// Standard deviation of the attention weights by block.
pub fn weights(curve: &WeightCurve, look: &Look) -> Plot {
    let Look { palette, lang, .. } = look;
    let places: Vec<f64> = curve.blocks.iter().map(|(block, _)| *block as f64).collect();
    let mut plot = Plot::new();
    let looks = [
        ("chart.q", MarkerSymbol::Circle, DashType::Solid, &palette.ink),
        ("chart.k", MarkerSymbol::SquareOpen, DashType::Dash, &palette.ink),
        ("chart.v", MarkerSymbol::Diamond, DashType::Dot, &palette.muted),
    ];
    for (index, (key, symbol, dash, color)) in looks.into_iter().enumerate() {
        let stds = curve.blocks.iter().map(|(_, stds)| stds[index].filter(|std| std.is_finite()));
        plot.add_trace(
            Scatter::new(places.clone(), stds.collect::<Vec<_>>())
                .mode(Mode::LinesMarkers)
                .line(Line::new().color(color.clone()).width(1.5).dash(dash))
                .marker(Marker::new().color(color.clone()).size(7).symbol(symbol))
                .hover_template(format!("{} %{{y:.4~g}}<extra></extra>", lang.text(key))),
        );
    }
    let known = curve.blocks.iter().flat_map(|(_, stds)| stds).flatten().chain([&curve.start]);
    let known = known.copied().filter(|std| std.is_finite());
    let (low, high) = known.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), std| (low.min(std), high.max(std)));
    let margin = (0.15 * (high - low)).max(0.1 * high).max(1e-6);
    let last = curve.blocks.len() as f64;
    let mut layout = frame(look)
        .x_axis(
            axis(palette)
                .range(vec![0.5, last + 0.5])
                .dtick((last / 8.0).ceil())
                .tick0(1.0)
                .title(Title::with_text(lang.text("chart.block")))
                .show_grid(false),
        )
        .y_axis(axis(palette).range(vec![(low - margin).max(0.0), high + margin]).grid_color(palette.line.clone()));
    layout.add_shape(guide(curve.start, palette, DashType::Dash).line(
        ShapeLine::new().color(palette.accent.clone()).width(1.5).dash(DashType::Dash),
    ));
    layout.add_annotation(note(curve.start, lang.text("chart.start"), palette));
    plot.set_layout(layout);
    plot.set_configuration(quiet());
    plot
}
