//! The pictures of theory alone: its lines are in its colour, and nothing is in ink but the words.

use super::Look;
use super::schema::{Axis, Figure, Trace};
use crate::lab::number::show;
use crate::lab::theory::{AttentionCurve, Cobweb, Insight, Plane};

/// The picture of an insight.
pub fn insight(insight: &Insight, look: &Look) -> Figure {
    match insight {
        Insight::Phase(plane) => phase(plane, look),
        Insight::Correlation(cobweb) => correlation(cobweb, look),
        Insight::Attention(curve) => attention(curve, look),
    }
}

/// A trace of points.
fn trace(points: &[[f64; 2]]) -> Trace {
    let y = points.iter().map(|point| Some(point[1]).filter(|y| y.is_finite()));
    Trace::new(points.iter().map(|point| point[0]).collect(), y.collect())
}

/// The end of an axis that begins at 0: the usual one, or the next round number that has room.
fn end(usual: f64, value: f64) -> f64 {
    let mut end = usual;
    while value.is_finite() && 1.05 * value > end {
        end *= 2.0;
    }
    end
}

fn phase(plane: &Plane, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    // This start, and where the line begins.
    let first = plane.line.first().map_or([0.0; 2], |point| [point.weight_var.sqrt(), point.bias_var.sqrt()]);
    let (right, top) = (end(3.0, plane.sigma_w.max(first[0])), end(0.5, plane.sigma_b.max(1.6 * first[1])));
    let line = plane.line.iter().map(|point| [point.weight_var.sqrt(), point.bias_var.sqrt()]);
    let critical =
        trace(&line.collect::<Vec<_>>()).line(&palette.accent, 2.5, "solid").hover(lang.text("chart.critical"), ".3~g");
    let here = trace(&[[plane.sigma_w, plane.sigma_b]])
        .dots(&palette.accent, 12.0, "circle", 1.0)
        .hover(lang.text("chart.here"), ".3~g");
    let x_axis = Axis { title: look.title("chart.sigma-w"), ..look.axis([0.0, right], true) };
    // Room for the dot at σ_b = 0.
    let y_axis = Axis { title: look.title("chart.sigma-b"), ..look.axis([-0.06 * top, top], true) };
    let beyond = if plane.bounded { "chart.chaos" } else { "chart.explosion" };
    let notes =
        [look.left(0.9 * top, lang.text("chart.order").to_owned()), look.note(0.9 * top, lang.text(beyond).to_owned())];
    let ground = || look.guide(0.0, &palette.line, "solid");
    let guides = notes.into_iter().filter(|_| !plane.line.is_empty()).map(|note| (ground(), Some(note)));
    look.figure(vec![critical, here], [x_axis, y_axis], guides.collect())
}

fn correlation(cobweb: &Cobweb, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let map = trace(&cobweb.curve).line(&palette.accent, 2.5, "solid");
    let diagonal = trace(&[[0.0, 0.0], [1.0, 1.0]]).line(&palette.muted, 1.0, "dot").silent();
    // From each c up or down to the map, then across to the diagonal.
    let mut stairs = Vec::new();
    for pair in cobweb.steps.windows(2) {
        stairs.extend([[pair[0], pair[0]], [pair[0], pair[1]], [pair[1], pair[1]]]);
    }
    let first = stairs.first().copied().unwrap_or_default();
    let stairs = trace(&stairs).line(&palette.accent, 1.0, "solid").silent();
    let fixed = trace(&[[cobweb.fixed; 2]]).dots(&palette.accent, 10.0, "circle-open", 1.0);
    let fixed = fixed.hover(lang.text("chart.fixed"), ".3~g");
    let first = trace(&[first]).dots(&palette.accent, 7.0, "circle", 1.0);
    let x_axis = Axis { title: look.title("chart.before"), ..look.axis([-0.02, 1.04], false) };
    let y_axis = Axis { title: look.title("chart.after"), ..look.axis([-0.05, 1.06], true) };
    let map = map.hover(lang.text("chart.map"), ".3~g");
    let first = first.hover(lang.text("chart.inputs"), ".3~g");
    look.figure(vec![diagonal, stairs, map, fixed, first], [x_axis, y_axis], Vec::new())
}

fn attention(curve: &AttentionCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let of = |index: usize| {
        let points = curve.blocks.iter().zip(1..).map(|(block, l)| [f64::from(l), block[index]]);
        trace(&points.collect::<Vec<_>>())
    };
    let spread = of(0).line(&palette.accent, 2.0, "dot").dots(&palette.accent, 7.0, "diamond", 1.0);
    let spread = spread.hover(lang.text("chart.spread"), ".3~g");
    let entropy = of(1).line(&palette.accent, 2.5, "solid").dots(&palette.accent, 7.0, "circle", 1.0);
    let entropy = entropy.hover(lang.text("chart.entropy"), ".3~g");
    let last = curve.blocks.len() as f64;
    let dtick = Some((last / 8.0).ceil().max(1.0));
    let x_axis = Axis { dtick, title: look.title("chart.block"), ..look.axis([0.5, last + 0.5], false) };
    let limit = curve.limit();
    // A spread beyond this leaves the picture: entropy would be a line on the ground.
    let largest = curve.blocks.iter().map(|block| block[0]).fold(limit, f64::max).min(3.0 * limit.max(1.0));
    let text = lang.fill("chart.even", &[("t", &curve.context.to_string()), ("limit", &show(limit))]);
    let guide = (look.guide(limit, &palette.accent, "dash"), Some(look.note(limit, text)));
    look.figure(vec![spread, entropy], [x_axis, look.axis([0.0, 1.2 * largest], true)], vec![guide])
}
