//! Draws a measure over a sweep, and the loss over steps.

use super::schema::{Each, ShapeLabel, StudyAxis, StudyMarker, StudyShape, StudyTrace};
use super::{Parts, StudyLook, band, color, curve, dashed, finite, key, level, numbers, solid, titled, upwards};
use crate::lab::number::show;
use crate::lab::sweep::CLAIMED;
use crate::study::picture::{Curve, Picture};

/// Draws a measure over a sweep, with a curve for each value of a second sweep.
pub(super) fn curves(picture: &Picture, look: &StudyLook) -> Parts {
    let in_units = look.scaled && picture.curves.iter().any(|curve| curve.scaled.is_some());
    let is_loss = picture.measure.id().ends_with("loss");
    let is_size = picture.measure.is_size();
    let all = picture.curves.iter().flat_map(numbers).flatten();
    let sizes: Vec<f64> = all.filter(|value| *value > 0.0 && value.is_finite()).collect();
    // Values that are not finite, or far worse than guessing, are drawn at the upper edge.
    let top = if is_size { sizes.iter().copied().fold(f64::NEG_INFINITY, f64::max) } else { 1.6 * picture.guess };
    let place = |value: f64| match value {
        _ if is_size && !value.is_finite() => Some(top),
        _ if is_loss && (value.is_nan() || value >= top) => Some(top),
        _ => value.is_finite().then_some(value),
    };
    let mut data: Vec<StudyTrace> = picture
        .curves
        .iter()
        .enumerate()
        .map(|(index, one)| StudyTrace {
            x: one.scaled.clone().filter(|_| in_units).unwrap_or_else(|| one.x.clone()),
            y: numbers(one).map(|value| value.and_then(place)).collect(),
            customdata: numbers(one).map(|value| value.map(show).unwrap_or_default()).collect(),
            mode: Some("lines+markers"),
            marker: Some(marker(color(index), 7.0, Each::Every(symbols(one)))),
            hovertemplate: Some("%{customdata}"),
            ..curve(Vec::new(), Vec::new(), look.name_of(picture, one), solid(&color(index), 2.0))
        })
        .collect();
    if picture.curves.iter().any(|curve| curve.learned.is_some()) {
        let mark = |(name, symbol)| {
            let marker = Some(marker(look.palette.muted.clone(), 7.0, Each::All(symbol)));
            StudyTrace { mode: Some("markers"), marker, ..key(look.say(name)) }
        };
        data.extend([("learns", "circle"), ("learns-not", "circle-open")].map(mark));
    }
    if is_loss {
        let ends = data.iter().flat_map(|trace| trace.x.iter().copied()).filter(|x| !x.is_nan());
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let line = dashed(&look.palette.accent, 1.5);
        let guess = curve(vec![low, high], vec![Some(picture.guess); 2], look.say("guess"), line);
        data.push(StudyTrace { hoverinfo: Some("skip"), ..guess });
    }
    let is_sigma = picture.x.knob.as_deref() == Some("std") && !in_units;
    let name = titled(look.say(picture.measure.id()));
    let y = match () {
        () if is_size => powers(&sizes, StudyAxis { title: name, showgrid: true, ..StudyAxis::default() }),
        () => StudyAxis {
            range: Some(if is_loss { [0.0, 1.05 * top] } else { [0.0, 1.02] }),
            tickformat: (!is_loss).then_some(".0%"),
            title: name,
            showgrid: true,
            ..StudyAxis::default()
        },
    };
    Parts {
        data,
        shapes: is_sigma.then(|| claimed(look)).into_iter().collect(),
        x: look.along(&picture.x, in_units),
        y,
    }
}

/// Draws the training loss over steps: the means, and bands of 95 % confidence.
pub(super) fn losses(picture: &Picture, look: &StudyLook) -> Parts {
    let data = picture.curves.iter().enumerate().flat_map(|(index, one)| {
        let color = color(index);
        let y = finite(one);
        // A curve without a single point would be missing in the legend too.
        let (x, y) = if y.iter().any(Option::is_some) { (one.x.clone(), y) } else { (vec![f64::NAN], vec![None]) };
        let mean = curve(x, y, look.name_of(picture, one), solid(&color, 2.0));
        let edges = one.band.as_ref().map(|edges| band(&one.x, edges, &color, format!("{color}33")));
        edges.into_iter().flatten().chain([StudyTrace { hovertemplate: Some("%{y:.4~g}"), ..mean }])
    });
    let y = StudyAxis { range: Some([0.0, 1.3 * picture.guess]), ..upwards(look.say("train-loss")) };
    let x = StudyAxis { title: titled(look.say("step")), ..StudyAxis::default() };
    Parts { data: data.collect(), shapes: vec![level(picture.guess, dashed(&look.palette.accent, 1.5))], x, y }
}

pub(super) fn marker(color: String, size: f64, symbol: Each<&'static str>) -> StudyMarker {
    StudyMarker { color: Some(Each::All(color)), size: Some(size), symbol: Some(symbol), ..StudyMarker::default() }
}

/// The marks of a curve: a cross where numbers left f32, and an open circle where the network did not learn.
fn symbols(curve: &Curve) -> Vec<&'static str> {
    let learned = |at: usize| curve.learned.as_ref().and_then(|learned| learned.get(at)).copied();
    let symbol = |(at, value): (usize, Option<f64>)| match value {
        Some(value) if !value.is_finite() => "x",
        _ if learned(at) == Some(false) => "circle-open",
        _ => "circle",
    };
    numbers(curve).enumerate().map(symbol).collect()
}

/// The range of σ that is often said to be safe, which the reader is to judge.
fn claimed(look: &StudyLook) -> StudyShape {
    let [x0, x1] = CLAIMED;
    let label = ShapeLabel { text: look.say("claimed"), textposition: "top left", font: look.font(11.0) };
    StudyShape {
        r#type: "rect",
        layer: Some("below"),
        yref: Some("paper"),
        x0,
        x1,
        y0: 0.0,
        y1: 1.0,
        fillcolor: Some(look.palette.accent.clone()),
        opacity: Some(0.1),
        label: Some(label),
        ..StudyShape::default()
    }
}

/// A logarithmic axis for these values. It covers a power of ten at least, so that a nearly flat curve looks flat. Its
/// ticks are at 1, 2 and 5 of each power, or only at the powers where there are many.
fn powers(values: &[f64], axis: StudyAxis) -> StudyAxis {
    let logs = values.iter().map(|value| value.log10());
    let (low, high) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low > high {
        return StudyAxis { r#type: Some("log"), ..axis };
    }
    let half = (0.56 * (high - low)).max(0.5);
    let range = [(low + high) / 2.0 - half, (low + high) / 2.0 + half];
    let digits: &[f64] = if high - low > 3.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let decades = range[0].floor() as i32..range[1].ceil() as i32;
    let ticks: Vec<f64> =
        decades.flat_map(|power| digits.iter().map(move |digit| digit * libm::pow(10.0, f64::from(power)))).collect();
    let ticktext = Some(ticks.iter().copied().map(show).collect());
    StudyAxis { r#type: Some("log"), range: Some(range), tickvals: Some(ticks), ticktext, ..axis }
}
