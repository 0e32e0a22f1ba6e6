//! A quantity by depth: theory as a line with its band, measurement as dots.

use plotly::common::{DashType, ExponentFormat, Fill, HoverInfo, Line, Marker, MarkerSymbol, Mode, Title};
use plotly::layout::{Axis, AxisType};
use plotly::{Plot, Scatter};

use super::{Look, axis, frame, guide, note, quiet};
use crate::lab::curve::{DepthCurve, Point, Quantity};
use crate::shell::palette::Palette;

/// The least and the largest size that f32 holds at full precision.
const F32: [(f64, &str); 2] = [(1.2e-38, "chart.f32-min"), (3.4e38, "chart.f32-max")];

/// A quantity by depth, on a logarithmic axis: theory as a line with its band, measurement as dots.
pub fn depth(curve: &DepthCurve, look: &Look) -> Plot {
    let Look { palette, lang, .. } = look;
    let places: Vec<f64> = curve.points.iter().map(|point| place(curve, point)).collect();
    let trace = |read: &dyn Fn(&Point) -> Option<f64>| {
        Scatter::new(places.clone(), curve.points.iter().map(|point| drawable(read(point))).collect::<Vec<_>>())
    };
    let thin = || Line::new().width(0.0).color(palette.band.clone());
    let mut plot = Plot::new();
    plot.add_trace(
        trace(&|point| point.band.map(|(low, _)| low)).mode(Mode::Lines).line(thin()).hover_info(HoverInfo::Skip),
    );
    plot.add_trace(
        trace(&|point| point.band.map(|(_, high)| high))
            .mode(Mode::Lines)
            .line(thin())
            .fill(Fill::ToNextY)
            .fill_color(palette.band.clone())
            .hover_info(HoverInfo::Skip),
    );
    plot.add_trace(
        trace(&|point| point.predicted)
            .mode(Mode::Lines)
            .line(Line::new().color(palette.accent.clone()).width(2.5))
            .hover_template(format!("{} %{{y:.3~g}}<extra></extra>", lang.text("chart.predicted"))),
    );
    plot.add_trace(
        trace(&|point| point.initial)
            .mode(Mode::Markers)
            .marker(dots(palette, curve).symbol(MarkerSymbol::CircleOpen).opacity(0.45))
            .hover_template(format!("{} %{{y:.3~g}}<extra></extra>", lang.text("chart.initial"))),
    );
    let opacity = if curve.stale { 0.35 } else { 1.0 };
    plot.add_trace(
        trace(&|point| point.measured)
            .mode(Mode::Markers)
            .marker(dots(palette, curve).opacity(opacity))
            .hover_template(format!("{} %{{y:.3~g}}<extra></extra>", lang.text("chart.measured"))),
    );
    let (low, high) = decades(curve);
    let mut layout = frame(look)
        .x_axis(depth_axis(curve, &places, look))
        .y_axis(
            axis(palette)
                .type_(AxisType::Log)
                .range(vec![low, high])
                .dtick(((high - low) / 7.0).ceil().max(1.0))
                .exponent_format(ExponentFormat::Power)
                .grid_color(palette.line.clone()),
        );
    if curve.quantity != Quantity::Gradient {
        layout.add_shape(guide(1.0, palette, DashType::Solid));
    }
    for (bound, key) in F32.into_iter().filter(|(bound, _)| (low..high).contains(&bound.log10())) {
        layout.add_shape(guide(bound, palette, DashType::Dot));
        layout.add_annotation(note(bound.log10(), lang.text(key), palette));
    }
    plot.set_layout(layout);
    plot.set_configuration(quiet());
    plot
}

fn dots(palette: &Palette, curve: &DepthCurve) -> Marker {
    Marker::new().color(palette.ink.clone()).size(if curve.points.len() > 50 { 5 } else { 8 })
}

/// Where a layer stands on the depth axis.
fn place(curve: &DepthCurve, point: &Point) -> f64 {
    let number = point.name.split_once('.').and_then(|(_, number)| number.parse().ok());
    number.unwrap_or(if point.name == "embedding" { 0.0 } else { last_number(curve) + 1.0 })
}

fn last_number(curve: &DepthCurve) -> f64 {
    curve.points.iter().filter(|point| point.name.contains('.')).count() as f64
}

/// A logarithmic axis has no place for zero, and Plotly's JSON none for infinity.
fn drawable(value: Option<f64>) -> Option<f64> {
    value.filter(|value| *value > 0.0 && value.is_finite())
}

/// The axis in powers of ten: all dots and the line, at least two decades.
fn decades(curve: &DepthCurve) -> (f64, f64) {
    let guide = (curve.quantity != Quantity::Gradient).then_some(1.0);
    let values = curve.points.iter().flat_map(|point| [point.measured, point.initial, point.predicted]);
    let logs = values.chain([guide]).filter_map(drawable).map(f64::log10);
    let (low, high) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low > high {
        return (-2.0, 1.0);
    }
    let margin = (0.06 * (high - low)).max(0.5);
    (low - margin, high + margin)
}

fn depth_axis(curve: &DepthCurve, places: &[f64], look: &Look) -> Axis {
    let known = |point: &Point| point.predicted.is_some() || point.measured.is_some();
    let shown: Vec<(f64, &Point)> =
        places.iter().copied().zip(&curve.points).filter(|(_, point)| known(point)).collect();
    let most = (look.width / 34).max(2);
    let stride = [1, 2, 5, 10, 20, 50].into_iter().find(|stride| curve.points.len() / stride < most).unwrap_or(100);
    let named = |point: &Point| !point.name.contains('.');
    let ends: Vec<f64> = shown.iter().filter(|(_, point)| named(point)).map(|(x, _)| *x).collect();
    let near_end = |x: f64| ends.iter().any(|end| (end - x).abs() * 2.0 < stride as f64);
    let ticks = shown.iter().filter(|(x, point)| {
        let number = *x as usize;
        named(point) || ((number == 1 || number.is_multiple_of(stride)) && !near_end(*x))
    });
    let (values, texts): (Vec<f64>, Vec<String>) = ticks
        .map(|(x, point)| {
            let text = if named(point) { look.lang.text(&format!("axis.{}", point.name)).to_owned() } else { x.to_string() };
            (*x, text)
        })
        .unzip();
    let first = shown.first().map_or(1.0, |(x, _)| *x);
    let last = shown.last().map_or(first, |(x, _)| *x);
    axis(&look.palette)
        .range(vec![first - 0.6, last + 0.6])
        .tick_values(values)
        .tick_text(texts)
        .title(Title::with_text(look.lang.text("chart.layer")))
        .show_grid(false)
}
