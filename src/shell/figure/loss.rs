//! Draws the losses by step: what is measured is in ink, the loss of guessing in the colour of theory.

use super::schema::{Annotation, Axis, Figure, GuideLine, Moves, Trace};
use super::{Look, leap, outward};
use crate::lab::curve::{ComparedLoss, LossCurve};
use crate::lab::number::show;

/// Whether the losses of a curve are too far apart for a linear axis: one that blew up would press everything else down
/// to the bottom.
pub fn wants_log(curve: &LossCurve) -> bool {
    highest(curve) > 20.0 * curve.guess
}

/// The largest of the numbers that a picture of the losses shows.
fn highest(curve: &LossCurve) -> f64 {
    let others = curve.others.iter().flat_map(|other| &other.points);
    let losses = curve.train.iter().chain(&curve.held_out).chain(others).map(|point| point.1);
    losses.filter(|loss| loss.is_finite()).chain(curve.start).fold(curve.guess, f64::max)
}

/// The figure of the losses by step, beside the loss of guessing, on a linear or a logarithmic axis.
pub fn loss(curve: &LossCurve, logarithmic: bool, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let hover = |trace: Trace, key| trace.hover(lang.text(key), ".4~g");
    let train = hover(trace(&curve.train), "chart.train").line(&palette.muted, 1.0, "solid");
    let held_out = hover(trace(&curve.held_out), "chart.held-out").line(&palette.ink, 2.5, "solid");
    // A dot stands where each curve is now: a curve of one point has nothing else to be seen.
    let ends: Vec<(u64, f64)> =
        [&curve.train, &curve.held_out].iter().filter_map(|points| points.last().copied()).collect();
    let heads = trace(&ends).dots(&palette.ink, 6.0, "circle", 1.0).silent();
    let others = || curve.others.iter().flat_map(|other| &other.points);
    let losses = || {
        curve.train.iter().chain(&curve.held_out).chain(others()).map(|point| point.1).filter(|loss| loss.is_finite())
    };
    let highest = highest(curve);
    let y_axis = if logarithmic {
        let lowest = losses().filter(|loss| *loss > 0.0).fold(curve.guess, f64::min);
        let [low, high] = outward(lowest.log10() - 0.3, highest.log10() + 0.3, 0.25);
        look.log_axis(low, high)
    } else {
        look.axis(outward(0.0, 1.1 * highest, leap(highest)), true)
    };
    let curves = [&curve.train, &curve.held_out].into_iter().chain(curve.others.iter().map(|other| &other.points));
    let range = step_range(curves.filter_map(|points| points.last()).map(|(step, _)| *step).max().unwrap_or(0));
    let x_axis = Axis { title: look.title("chart.step"), ..look.axis(range, false) };
    let height = |loss: f64| if logarithmic { loss.log10() } else { loss };
    let note = look.note(height(curve.guess), lang.fill("chart.guess", &[("guess", &show(curve.guess))]));
    let mut guides = vec![(look.guide(curve.guess, &palette.accent, "dash"), Some(note))];
    if let Some(start) = curve.start {
        let note = look.left(height(start), lang.fill("chart.first", &[("loss", &show(start))]));
        // The line is a short piece at the left, because it is about step 0 alone. The word stands behind its end: above
        // it the loss begins.
        const END: f64 = 0.12;
        let note = Annotation { x: END + 0.02, moves: Moves::Upright, ..note };
        guides.push((GuideLine { x1: END, ..look.guide(start, &palette.accent, "dash") }, Some(note)));
    }
    let mut data: Vec<Trace> = curve.others.iter().map(|other| compared(other, look)).collect();
    data.extend([train, held_out, heads]);
    data.push(look.playhead(curve.playhead, &y_axis));
    look.figure(data, [x_axis, y_axis], guides)
}

/// The ends of the axis of a picture whose last step is this one. What stands below the picture has them too.
pub fn step_range(last: u64) -> [f64; 2] {
    let last = (last as f64).max(10.0);
    let [_, right] = outward(0.0, last, 4.0 * leap(last));
    [-0.01 * right, 1.02 * right]
}

fn compared(other: &ComparedLoss, look: &Look) -> Trace {
    let (steps, losses) = points(&other.points);
    look.compared(other.mark, steps, losses, ".4~g")
}

fn points(points: &[(u64, f64)]) -> (Vec<f64>, Vec<Option<f64>>) {
    points.iter().map(|(step, loss)| (*step as f64, loss.is_finite().then_some(*loss))).unzip()
}

fn trace(points: &[(u64, f64)]) -> Trace {
    // One empty point holds the place of a curve that has none yet: Plotly leaves out a trace without points, and
    // would have to draw the chart anew when the first one comes.
    if points.is_empty() {
        return Trace::new(vec![0.0], vec![None]);
    }
    let (steps, losses) = self::points(points);
    Trace::new(steps, losses)
}
