//! Draws the losses by step: what is measured is in ink, the loss of guessing in the colour of theory.

use super::schema::{Annotation, Axis, Figure, GuideLine, Moves, Trace};
use super::{Look, leap, outward};
use crate::lab::curve::LossCurve;
use crate::lab::number::show;

/// The figure of the losses by step, beside the loss of guessing.
pub fn loss(curve: &LossCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let hover = |trace: Trace, key| trace.hover(lang.text(key), ".4~g");
    let train = hover(trace(&curve.train), "chart.train").line(&palette.muted, 1.0, "solid");
    let held_out = hover(trace(&curve.held_out), "chart.held-out").line(&palette.ink, 2.5, "solid");
    // A dot stands where each curve is now: a curve of one point has nothing else to be seen.
    let ends: Vec<(u64, f64)> =
        [&curve.train, &curve.held_out].iter().filter_map(|points| points.last().copied()).collect();
    let heads = trace(&ends).dots(&palette.ink, 6.0, "circle", 1.0).silent();
    let losses = || curve.train.iter().chain(&curve.held_out).map(|point| point.1).filter(|loss| loss.is_finite());
    let highest = losses().chain(curve.start).fold(curve.guess, f64::max);
    // On a linear axis a loss that blew up would press everything else down to the bottom.
    let logarithmic = highest > 20.0 * curve.guess;
    let y_axis = if logarithmic {
        let lowest = losses().filter(|loss| *loss > 0.0).fold(curve.guess, f64::min);
        let [low, high] = outward(lowest.log10() - 0.3, highest.log10() + 0.3, 0.25);
        look.log_axis(low, high)
    } else {
        look.axis(outward(0.0, 1.1 * highest, leap(highest)), true)
    };
    let right = ends.iter().map(|(step, _)| *step as f64).fold(10.0, f64::max);
    let [_, right] = outward(0.0, right, 4.0 * leap(right));
    let x_axis = Axis { title: look.title("chart.step"), ..look.axis([-0.01 * right, 1.02 * right], false) };
    let height = |loss: f64| if logarithmic { loss.log10() } else { loss };
    let note = look.note(height(curve.guess), lang.fill("chart.guess", &[("guess", &show(curve.guess))]));
    let mut guides = vec![(look.guide(curve.guess, &palette.accent, "dash"), Some(note))];
    if let Some(start) = curve.start {
        let note = look.left(height(start), lang.fill("chart.first", &[("loss", &show(start))]));
        // The line is a short piece at the left, because it is about step 0 alone.
        let note = Annotation { moves: Moves::Upright, ..note };
        guides.push((GuideLine { x1: 0.16, ..look.guide(start, &palette.accent, "dash") }, Some(note)));
    }
    look.figure(vec![train, held_out, heads], [x_axis, y_axis], guides)
}

fn trace(points: &[(u64, f64)]) -> Trace {
    // One empty point holds the place of a curve that has none yet: Plotly leaves out a trace without points, and
    // would have to draw the chart anew when the first one comes.
    if points.is_empty() {
        return Trace::new(vec![0.0], vec![None]);
    }
    let (steps, losses) = points.iter().map(|(step, loss)| (*step as f64, loss.is_finite().then_some(*loss))).unzip();
    Trace::new(steps, losses)
}
