//! Draws the pictures of theory alone. Its lines are in the colour of theory, and only the words are in ink, which is
//! the colour of measurement elsewhere.

use super::Look;
use super::schema::{Annotation, Axis, Figure, Moves, Trace};
use crate::lab::number::show;
use crate::lab::theory::{AttentionCurve, Cobweb, Insight, Plane};

/// The figure of an insight.
pub fn insight(insight: &Insight, look: &Look) -> Figure {
    match insight {
        Insight::Phase(plane) => phase(plane, look),
        Insight::Correlation(cobweb) => correlation(cobweb, look),
        Insight::Attention(curve) => attention(curve, look),
    }
}

/// Points as a line of a width, as dots of a size, or as both; 0 stands for none of them. Without a key the pointer
/// reads nothing from them.
fn mark(look: &Look, points: &[[f64; 2]], line: (f64, &'static str), dots: (f64, &'static str), key: &str) -> Trace {
    let color = &look.palette.accent;
    let y = points.iter().map(|point| Some(point[1]).filter(|y| y.is_finite()));
    let mut trace = Trace::new(points.iter().map(|point| point[0]).collect(), y.collect());
    if line.0 > 0.0 {
        trace = trace.line(color, line.0, line.1);
    }
    if dots.0 > 0.0 {
        trace = trace.dots(color, dots.0, dots.1, 1.0);
    }
    if key.is_empty() { trace.silent() } else { trace.hover(look.lang.text(key), ".3~g") }
}

const NONE: (f64, &str) = (0.0, "");

/// An axis over a range, with the name of this key.
fn axis(look: &Look, range: [f64; 2], key: &str) -> Axis {
    Axis { title: look.title(key), ..look.axis(range, true) }
}

/// The end of an axis that begins at 0: the usual one, or the next round number where the value does not fit.
fn end(usual: f64, value: f64) -> f64 {
    let mut end = usual;
    while value.is_finite() && 1.05 * value > end {
        end *= 2.0;
    }
    end
}

fn phase(plane: &Plane, look: &Look) -> Figure {
    let line: Vec<[f64; 2]> = plane.line.iter().map(|point| [point.weight_var.sqrt(), point.bias_var.sqrt()]).collect();
    // The dot of this start, and the place where the line begins.
    let first = line.first().copied().unwrap_or_default();
    let (right, top) = (end(3.0, plane.sigma_w.max(first[0])), end(0.5, plane.sigma_b.max(1.6 * first[1])));
    let here = [[plane.sigma_w, plane.sigma_b]];
    let data = vec![
        mark(look, &line, (2.5, "solid"), NONE, "chart.critical"),
        mark(look, &here, NONE, (12.0, "circle"), "chart.here"),
    ];
    let mut guides = Vec::new();
    if !line.is_empty() {
        let beyond = if plane.bounded { "chart.chaos" } else { "chart.explosion" };
        let word = |key: &str| look.lang.text(key).to_owned();
        for note in [look.left(0.9 * top, word("chart.order")), look.note(0.9 * top, word(beyond))] {
            // A word says what is at its side of the line.
            let note = Annotation { moves: Moves::Nowhere, ..note };
            guides.push((look.guide(0.0, &look.palette.line, "solid"), Some(note)));
        }
    }
    // The axis begins a little below 0, so that the dot at σ_b = 0 has room.
    let y_axis = axis(look, [-0.06 * top, top], "chart.sigma-b");
    look.figure(data, [axis(look, [0.0, right], "chart.sigma-w"), y_axis], guides)
}

fn correlation(cobweb: &Cobweb, look: &Look) -> Figure {
    // The stairs go from each c up or down to the map, and then across to the diagonal.
    let mut stairs = Vec::new();
    for pair in cobweb.steps.windows(2) {
        stairs.extend([[pair[0], pair[0]], [pair[0], pair[1]], [pair[1], pair[1]]]);
    }
    let first = stairs.first().copied().unwrap_or_default();
    let data = vec![
        mark(look, &[[0.0, 0.0], [1.0, 1.0]], (1.0, "dot"), NONE, ""),
        mark(look, &stairs, (1.0, "solid"), NONE, ""),
        mark(look, &cobweb.curve, (2.5, "solid"), NONE, "chart.map"),
        mark(look, &[[cobweb.fixed; 2]], NONE, (10.0, "circle-open"), "chart.fixed"),
        mark(look, &[first], NONE, (7.0, "circle"), "chart.inputs"),
    ];
    let axes = [axis(look, [-0.02, 1.04], "chart.before"), axis(look, [-0.05, 1.06], "chart.after")];
    look.figure(data, axes, Vec::new())
}

fn attention(curve: &AttentionCurve, look: &Look) -> Figure {
    let of = |index: usize| -> Vec<[f64; 2]> {
        curve.blocks.iter().zip(1..).map(|(block, l)| [f64::from(l), block[index]]).collect()
    };
    let data = vec![
        mark(look, &of(0), (2.0, "dot"), (7.0, "diamond"), "chart.spread"),
        mark(look, &of(1), (2.5, "solid"), (7.0, "circle"), "chart.entropy"),
    ];
    let last = curve.blocks.len() as f64;
    let dtick = Some((last / 8.0).ceil().max(1.0));
    let x_axis = Axis { dtick, ..axis(look, [0.5, last + 0.5], "chart.block") };
    let limit = curve.limit();
    // A spread beyond this leaves the picture: otherwise entropy would be a line along the bottom.
    let largest = curve.blocks.iter().map(|block| block[0]).fold(limit, f64::max).min(3.0 * limit.max(1.0));
    let text = look.lang.fill("chart.even", &[("t", &curve.context.to_string()), ("limit", &show(limit))]);
    let guide = (look.guide(limit, &look.palette.accent, "dash"), Some(look.note(limit, text)));
    look.figure(data, [x_axis, look.axis([0.0, 1.2 * largest], true)], vec![guide])
}
