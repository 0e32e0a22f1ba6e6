//! Losses by step: measurement in ink, the loss of guessing in the colour of theory.

use plotly::common::{DashType, ExponentFormat, Line, Marker, Mode, Title};
use plotly::layout::{AxisType, RangeMode, ShapeLine};
use plotly::{Plot, Scatter};

use super::{Look, axis, frame, guide, note, quiet};
use crate::lab::curve::LossCurve;
use crate::lab::number::show;

/// Losses by step, beside the loss of guessing.
pub fn loss(curve: &LossCurve, look: &Look) -> Plot {
    let Look { palette, lang, .. } = look;
    let trace = |points: &[(u64, f64)]| {
        let (steps, losses): (Vec<f64>, Vec<Option<f64>>) =
            points.iter().map(|(step, loss)| (*step as f64, loss.is_finite().then_some(*loss))).unzip();
        Scatter::new(steps, losses)
    };
    let hover = |key: &str| format!("{} %{{y:.4~g}}<extra></extra>", lang.text(key));
    let mut plot = Plot::new();
    plot.add_trace(
        trace(&curve.train)
            .mode(if curve.train.len() > 1 { Mode::Lines } else { Mode::Markers })
            .line(Line::new().color(palette.muted.clone()).width(1.0))
            .marker(Marker::new().color(palette.muted.clone()).size(5))
            .hover_template(hover("chart.train")),
    );
    plot.add_trace(
        trace(&curve.held_out)
            .mode(if curve.held_out.len() > 30 { Mode::Lines } else { Mode::LinesMarkers })
            .line(Line::new().color(palette.ink.clone()).width(2.5))
            .marker(Marker::new().color(palette.ink.clone()).size(6))
            .hover_template(hover("chart.held-out")),
    );
    let last = [&curve.train, &curve.held_out].iter().filter_map(|c| c.last()).map(|p| p.0).max().unwrap_or(0);
    let highest = curve.train.iter().chain(&curve.held_out).map(|p| p.1).filter(|l| l.is_finite()).fold(0.0, f64::max);
    // A loss that blew up would press everything else onto the axis.
    let logarithmic = highest > 20.0 * curve.guess;
    let y_axis = axis(palette).grid_color(palette.line.clone()).range_mode(RangeMode::ToZero);
    let y_axis = if logarithmic {
        y_axis.type_(AxisType::Log).exponent_format(ExponentFormat::Power)
    } else {
        y_axis.range(vec![0.0, 1.15 * highest.max(curve.guess)])
    };
    let right = (last as f64).max(10.0);
    let mut layout = frame(look).y_axis(y_axis).x_axis(
        axis(palette)
            .range(vec![-0.01 * right, 1.02 * right])
            .title(Title::with_text(lang.text("chart.step")))
            .show_grid(false),
    );
    layout.add_shape(guide(curve.guess, palette, DashType::Dash).line(
        ShapeLine::new().color(palette.accent.clone()).width(1.5).dash(DashType::Dash),
    ));
    let height = if logarithmic { curve.guess.log10() } else { curve.guess };
    let text = lang.fill("chart.guess", &[("guess", &show(curve.guess))]);
    layout.add_annotation(note(height, &text, palette));
    plot.set_layout(layout);
    plot.set_configuration(quiet());
    plot
}
