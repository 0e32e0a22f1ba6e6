//! Draws a quantity by depth: what theory says is a line with its band, what is measured are dots.

use super::schema::{Axis, Figure, Trace};
use super::{Look, outward};
use crate::lab::curve::{ComparedDepth, DepthCurve, Point, Quantity};
use crate::lab::guess::Guess;
use crate::lab::range::{Level, levels};
use crate::science::layer::LayerId;

/// The figure of a quantity by depth, on a logarithmic axis between these powers of ten, or of a share that may be 0 on a
/// linear one.
pub fn depth(curve: &DepthCurve, decades: [f64; 2], look: &Look) -> Figure {
    draw(curve, decades, Vec::new(), look)
}

/// The empty picture of a curve that is hidden, whose axis goes so many decades to either side of 1.
pub fn hidden_depth(curve: &DepthCurve, reach: f64, look: &Look) -> Figure {
    draw(&curve.hidden(), [-reach, reach], Vec::new(), look)
}

/// The figure with a student's guess and the one before.
pub fn guessed_depth(curve: &DepthCurve, guesses: &[Option<Guess>; 2], decades: [f64; 2], look: &Look) -> Figure {
    let styles = [
        (&look.palette.muted, 2.0, "dash", "chart.guessed"),
        (&look.palette.muted, 1.0, "dot", "chart.guessed-before"),
    ];
    let lines = styles.into_iter().zip(guesses).filter_map(|((color, width, dash, key), guess)| {
        let (x, y) = guess.as_ref()?.points().iter().map(|(n, log)| (*n as f64, Some(libm::pow(10.0, *log)))).unzip();
        Some(Trace::new(x, y).line(color, width, dash).hover(look.lang.text(key), ".2~g"))
    });
    draw(curve, decades, lines.collect(), look)
}

/// How far to the right a numbered layer stands in the picture of a curve that is hidden, from 0 to 1.
pub fn share_of_width(curve: &DepthCurve, number: usize) -> f64 {
    let layers = || curve.points.iter().map(|point| point.layer);
    let count = numbered(layers());
    let at = |layer: Option<LayerId>| layer.map_or(1.0, |layer| place(layer, count));
    let (first, last) = (at(layers().next()) - BESIDE, at(layers().next_back()) + BESIDE);
    (number as f64 - first) / (last - first)
}

/// The room beside the first and the last layer, in layers.
const BESIDE: f64 = 0.6;

fn draw(curve: &DepthCurve, [low, high]: [f64; 2], guesses: Vec<Trace>, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let count = numbered(curve.points.iter().map(|point| point.layer));
    let places: Vec<f64> = curve.points.iter().map(|point| place(point.layer, count)).collect();
    let trace = |read: fn(&Point) -> Option<f64>| {
        Trace::new(places.clone(), curve.points.iter().map(|point| drawn(curve.quantity, read(point))).collect())
    };
    let edge = |trace: Trace| trace.line(&palette.band, 0.0, "solid").silent();
    let size = if curve.points.len() > 50 { 5.0 } else { 8.0 };
    let opacity = if curve.stale { 0.35 } else { 1.0 };
    let mut data = vec![
        edge(trace(|point| point.band.map(|(low, _)| low))),
        edge(trace(|point| point.band.map(|(_, high)| high))).filled(&palette.band),
        trace(|point| point.predicted).line(&palette.accent, 2.5, "solid").hover(lang.text("chart.predicted"), ".3~g"),
    ];
    data.extend(curve.others.iter().map(|other| compared(curve.quantity, other, look)));
    data.extend([
        trace(|point| point.initial)
            .dots(&palette.ink, size, "circle-open", 0.45)
            .hover(lang.text("chart.initial"), ".3~g"),
        trace(|point| point.measured)
            .dots(&palette.ink, size, "circle", opacity)
            .hover(lang.text("chart.measured"), ".3~g"),
    ]);
    data.extend(guesses);
    let is_empty = curve.points.iter().all(|point| point.predicted.is_none() && point.measured.is_none());
    let is_known = |point: &&Point| is_empty || point.predicted.is_some() || point.measured.is_some();
    let shown: Vec<(f64, LayerId)> =
        curve.points.iter().filter(is_known).map(|point| (place(point.layer, count), point.layer)).collect();
    let mut x_axis = depth_axis(&shown, curve.points.len(), look);
    // A run that is compared may be deeper.
    let [first, last] = x_axis.range;
    let deepest = curve.others.iter().map(|other| first + other.points.len() as f64 - 1.0 + 2.0 * BESIDE);
    x_axis.range[1] = deepest.fold(last, f64::max);
    let mut guides = Vec::new();
    if curve.quantity == Quantity::Dead {
        return look.figure(data, [x_axis, look.axis([-0.04, 1.04], true)], guides);
    }
    if curve.quantity != Quantity::Gradient {
        guides.push((look.guide(1.0, &palette.muted, "solid"), None));
    }
    for Level { variance, upwards, square, formats } in levels() {
        // A gradient's size is the root of a mean square, while a variance is a square itself. That squares of
        // gradients may leave a format too, only the optimizer has to know.
        let is_gradient = curve.quantity == Quantity::Gradient;
        if curve.quantity == Quantity::Share {
            break; // A share has no unit, so no format could be too small for it.
        }
        let bound = if is_gradient { variance.sqrt() } else { variance };
        let is_wanted = look.formats || formats != "f16";
        if !(low..high).contains(&bound.log10()) || !is_wanted || (is_gradient && square) {
            continue;
        }
        let key = match (square, upwards) {
            (false, true) => "chart.number-max",
            (false, false) => "chart.number-min",
            (true, true) => "chart.square-max",
            (true, false) => "chart.square-min",
        };
        let text = lang.fill(key, &[("formats", formats)]);
        let note = if square { look.left(bound.log10(), text) } else { look.note(bound.log10(), text) };
        guides.push((look.guide(bound, &palette.muted, "dot"), Some(note)));
    }
    look.figure(data, [x_axis, look.log_axis(low, high)], guides)
}

/// The curve of another run, whose network may have another depth.
fn compared(quantity: Quantity, other: &ComparedDepth, look: &Look) -> Trace {
    let count = numbered(other.points.iter().map(|(layer, _)| *layer));
    let (x, y) = other.points.iter().map(|(layer, value)| (place(*layer, count), drawn(quantity, *value))).unzip();
    look.compared(other.mark, x, y, ".3~g")
}

/// Where a layer stands on the depth axis of a network with so many numbered layers.
pub(super) fn place(layer: LayerId, numbered: usize) -> f64 {
    match layer {
        LayerId::Embedding => 0.0,
        LayerId::Hidden(number) | LayerId::Block(number) => number as f64,
        LayerId::Output | LayerId::Head => numbered as f64 + 1.0,
    }
}

/// How many of some layers have a number.
pub(super) fn numbered(layers: impl Iterator<Item = LayerId>) -> usize {
    layers.filter_map(LayerId::number).max().unwrap_or(0)
}

/// The value if the quantity's axis has a place for it. The share of dead units is the one that is 0 where all is well,
/// and its axis has a place for that.
fn drawn(quantity: Quantity, value: Option<f64>) -> Option<f64> {
    if quantity == Quantity::Dead { value.filter(|value| value.is_finite()) } else { drawable(value) }
}

/// The value if it can be drawn: a logarithmic axis has no place for zero, and JSON none for infinity.
pub(super) fn drawable(value: Option<f64>) -> Option<f64> {
    value.filter(|value| *value > 0.0 && value.is_finite())
}

/// The ends of the axis as powers of ten: all dots and the line are between them, and at least two decades.
pub fn decades(curve: &DepthCurve, guesses: &[Option<Guess>]) -> [f64; 2] {
    let is_share = curve.quantity == Quantity::Share;
    let guide = (curve.quantity != Quantity::Gradient).then_some(1.0);
    let values = curve.points.iter().flat_map(|point| [point.measured, point.initial, point.predicted]);
    let guesses = guesses.iter().flatten().flat_map(|guess| guess.points().iter().map(|(_, log)| *log));
    let others = curve.others.iter().flat_map(|other| other.points.iter().map(|(_, value)| *value));
    let logs = values.chain(others).chain([guide]).filter_map(drawable).map(f64::log10).chain(guesses);
    let (low, high) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low > high {
        return [-2.0, 1.0];
    }
    // With fewer than two decades there would be one number on the axis, or none.
    let margin = (0.06 * (high - low)).max(0.3).max((2.2 - (high - low)) / 2.0);
    if is_share {
        // The axis of a share ends a little above 1, because no share is larger.
        return [(low - margin).min(-2.0), 0.1];
    }
    outward(low - margin, high + margin, 0.25)
}

/// The axis of the depth over these layers, which come with their places from input to output. `count` is the number of
/// the network's layers, by which ticks are thinned out.
pub(super) fn depth_axis(shown: &[(f64, LayerId)], count: usize, look: &Look) -> Axis {
    let is_numbered = |layer: LayerId| layer.number().is_some();
    let most = (look.width / 34).max(2);
    let stride = [1, 2, 5, 10, 20, 50].into_iter().find(|stride| count / stride < most).unwrap_or(100);
    let ends: Vec<f64> = shown.iter().filter(|(_, layer)| !is_numbered(*layer)).map(|(x, _)| *x).collect();
    let near_end = |x: f64| stride > 1 && ends.iter().any(|end| (end - x).abs() * 2.0 <= stride as f64);
    let ticks = shown.iter().filter(|(x, layer)| {
        let number = *x as usize;
        !is_numbered(*layer) || ((number == 1 || number.is_multiple_of(stride)) && !near_end(*x))
    });
    let (values, texts): (Vec<f64>, Vec<String>) = ticks
        .map(|(x, layer)| {
            let key = format!("axis.{}", layer.kind());
            (*x, if is_numbered(*layer) { x.to_string() } else { look.lang.text(&key).to_owned() })
        })
        .unzip();
    let first = shown.first().map_or(1.0, |(x, _)| *x);
    let last = shown.last().map_or(first, |(x, _)| *x);
    Axis {
        tickvals: Some(values),
        ticktext: Some(texts),
        title: look.title("chart.layer"),
        ..look.axis([first - BESIDE, last + BESIDE], false)
    }
}
