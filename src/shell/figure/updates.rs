//! Draws how far updates move weights: by matrix on the axis of the depth, and by step.

use super::depth::{depth_axis, drawable, numbered, place};
use super::schema::{Annotation, Axis, Figure, GuideLine, Trace};
use super::{Look, leap, outward};
use crate::lab::range::LOST_UPDATES;
use crate::lab::runs::RunMark;
use crate::lab::updates::{MatrixUpdate, RULE, UpdateCurve, UpdateHistory, course};
use crate::science::layer::{LayerId, MatrixId};
use crate::science::site::Role;

/// The mark of each kind of matrix. Q, K and V have those of the chart of the weights.
fn symbol(role: Role) -> &'static str {
    match role {
        Role::Hidden | Role::Output | Role::Query => "circle",
        Role::Key => "square-open",
        Role::Value => "diamond",
        Role::AttentionOut => "triangle-up",
        Role::MlpIn => "triangle-down-open",
        Role::MlpUp => "pentagon-open",
        Role::MlpOut => "triangle-down",
        Role::Token | Role::Head => "star",
        Role::Position => "star-open",
    }
}

/// The figure of the ratio by matrix. A perceptron has one matrix a layer, so that its prediction is a line; a block has
/// several, so that theirs are short dashes behind the marks.
pub fn updates(curve: &UpdateCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let mut layers: Vec<LayerId> = curve.matrices.iter().map(|matrix| matrix.id.layer).collect();
    layers.dedup();
    let count = numbered(layers.iter().copied());
    let trace = |matrices: &[&MatrixUpdate], read: fn(&MatrixUpdate) -> Option<f64>| {
        let x = matrices.iter().map(|matrix| place(matrix.id.layer, count) + shift(matrix.id.role)).collect();
        Trace::new(x, matrices.iter().map(|matrix| drawable(read(matrix))).collect())
    };
    let all: Vec<&MatrixUpdate> = curve.matrices.iter().collect();
    let theory = if all.iter().all(|matrix| shift(matrix.id.role) == 0.0) {
        trace(&all, |matrix| matrix.predicted)
    } else {
        dashes(&all, count)
    };
    let mut data = vec![theory.line(&palette.accent, 2.5, "solid").hover(lang.text("chart.predicted"), ".2~g")];
    data.extend(curve.others.iter().map(|(mark, ratios)| compared(*mark, ratios, look)));
    let (size, opacity) = (if layers.len() > 50 { 5.0 } else { 8.0 }, if curve.stale { 0.35 } else { 1.0 });
    for role in curve.roles() {
        let matrices: Vec<&MatrixUpdate> = all.iter().copied().filter(|matrix| matrix.id.role == role).collect();
        let key = match role {
            Role::Hidden | Role::Output => "chart.measured".to_owned(),
            _ => format!("role.{}", role.id()),
        };
        let marks = trace(&matrices, |matrix| matrix.measured);
        data.push(marks.dots(&palette.ink, size, symbol(role), opacity).hover(lang.text(&key), ".2~g"));
    }
    let values = curve.matrices.iter().flat_map(|matrix| [matrix.measured, matrix.predicted]);
    let others = curve.others.iter().flat_map(|(_, ratios)| ratios.iter().map(|(_, ratio)| Some(*ratio)));
    let (y_axis, guides) = ratio_axis(values.chain(others), look);
    let shown: Vec<(f64, LayerId)> = layers.iter().map(|layer| (place(*layer, count), *layer)).collect();
    let mut x_axis = depth_axis(&shown, layers.len(), look);
    // A run that is compared may be deeper.
    let [_, right] = &mut x_axis.range;
    let deepest = data.iter().flat_map(|trace| &trace.x).fold(*right, |right, x| right.max(x + 0.5));
    *right = deepest;
    look.figure(data, [x_axis, y_axis], guides)
}

/// The ratios of another run: a line where a layer has one matrix, and a mark for each where it has several.
fn compared(mark: RunMark, ratios: &[(MatrixId, f64)], look: &Look) -> Trace {
    let count = numbered(ratios.iter().map(|(id, _)| id.layer));
    let point = |(id, ratio): &(MatrixId, f64)| (place(id.layer, count) + shift(id.role), drawable(Some(*ratio)));
    let (x, y) = ratios.iter().map(point).unzip();
    if ratios.iter().all(|(id, _)| shift(id.role) == 0.0) {
        look.compared(mark, x, y, ".2~g")
    } else {
        look.compared_marks(mark, x, y, ".2~g")
    }
}

/// A short dash at the prediction of each matrix.
fn dashes(matrices: &[&MatrixUpdate], count: usize) -> Trace {
    const HALF: f64 = 0.05;
    let dash = |matrix: &&MatrixUpdate| {
        let (x, y) = (place(matrix.id.layer, count) + shift(matrix.id.role), drawable(matrix.predicted));
        [(x - HALF, y), (x + HALF, y), (x + HALF, None)]
    };
    let (x, y) = matrices.iter().flat_map(dash).unzip();
    Trace::new(x, y)
}

/// How far to the side of its block a matrix stands, in blocks, so that marks of equal height are told apart.
fn shift(role: Role) -> f64 {
    match role {
        Role::Query => -0.3,
        Role::Key => -0.18,
        Role::Value => -0.06,
        Role::AttentionOut => 0.06,
        Role::MlpIn => 0.18,
        Role::MlpUp => 0.24,
        Role::MlpOut => 0.3,
        Role::Hidden | Role::Output | Role::Token | Role::Position | Role::Head => 0.0,
    }
}

/// The figure of the ratio of the followed layers by step.
pub fn update_courses(history: &UpdateHistory, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let lines = [(&palette.ink, 2.5, "solid"), (&palette.muted, 2.0, "dash"), (&palette.ink, 2.0, "dot")];
    let data = lines.into_iter().enumerate().map(|(index, (color, width, dash))| {
        // One empty point holds the place of a curve that has none: Plotly leaves out a trace without points.
        let Some((layer, points)) = history.line(index) else { return Trace::new(vec![1.0], vec![None]).silent() };
        let (x, y) = points.iter().map(|(step, ratio)| (*step as f64, drawable(Some(*ratio)))).unzip();
        Trace::new(x, y).line(color, width, dash).hover(&lang.layer(*layer), ".2~g")
    });
    let own: Vec<Trace> = data.collect();
    // Which layer a line of another run is of, its dash says, as it does of this run's.
    let others = history.others.iter().flat_map(|(mark, courses)| {
        let line = |index: usize| course(courses, index).map(|(_, points)| (index, points));
        (0..3).filter_map(line).map(|(index, points)| {
            let (x, y) = points.iter().map(|(step, ratio)| (*step as f64, drawable(Some(*ratio)))).unzip();
            look.compared(*mark, x, y, ".2~g").dashed(lines[index].2)
        })
    });
    let mut data: Vec<Trace> = others.chain(own).collect();
    let all = || history.others.iter().map(|(_, courses)| courses).chain([&history.curves]);
    let points = || all().flatten().flat_map(|(_, points)| points);
    let right = points().map(|(step, _)| *step as f64).fold(10.0, f64::max);
    let [_, right] = outward(0.0, right, 4.0 * leap(right));
    let x_axis = Axis { title: look.title("chart.step"), ..look.axis([-0.01 * right, 1.02 * right], false) };
    let (y_axis, guides) = ratio_axis(points().map(|(_, ratio)| Some(*ratio)), look);
    data.push(look.playhead(history.playhead, &y_axis));
    look.figure(data, [x_axis, y_axis], guides)
}

/// The axis of ratios, which has all values and the rule of thumb, with a line at the rule.
fn ratio_axis(values: impl Iterator<Item = Option<f64>>, look: &Look) -> (Axis, Vec<(GuideLine, Option<Annotation>)>) {
    let logs = values.filter_map(drawable).map(f64::log10);
    let ends = (RULE.log10() - 1.0, RULE.log10() + 1.0);
    let (low, high) = logs.fold(ends, |(low, high), log| (low.min(log), high.max(log)));
    let [low, high] = outward(low - 0.2, high + 0.2, 0.25);
    let note = look.note(RULE.log10(), look.lang.text("chart.rule").to_owned());
    let rule = (look.guide(RULE, &look.palette.muted, "dash"), Some(note));
    let lost = LOST_UPDATES.into_iter().filter(|(ratio, _)| look.formats && (low..high).contains(&ratio.log10()));
    let lost = lost.map(|(ratio, format)| {
        let text = look.lang.fill("chart.lost-update", &[("format", format)]);
        (look.guide(ratio, &look.palette.muted, "dot"), Some(look.left(ratio.log10(), text)))
    });
    (look.log_axis(low, high), [rule].into_iter().chain(lost).collect())
}
