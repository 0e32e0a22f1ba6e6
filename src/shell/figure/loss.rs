//! Losses by step: measurement in ink, the loss of guessing in the colour of theory.

use super::schema::{Axis, Figure, Shape, Trace};
use super::{Look, leap, outward};
use crate::lab::curve::LossCurve;
use crate::lab::number::show;

/// A curve with more points than this shows no dots.
const DOTS: usize = 30;

/// Losses by step, beside the loss of guessing.
pub fn loss(curve: &LossCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let mut train = trace(&curve.train).hover(lang.text("chart.train"), ".4~g").line(&palette.muted, 1.0, "solid");
    if curve.train.len() < DOTS {
        train = train.dots(&palette.muted, 5.0, "circle", 1.0);
    }
    let mut held_out =
        trace(&curve.held_out).hover(lang.text("chart.held-out"), ".4~g").line(&palette.ink, 2.5, "solid");
    if curve.held_out.len() < DOTS {
        held_out = held_out.dots(&palette.ink, 6.0, "circle", 1.0);
    }
    let losses = || curve.train.iter().chain(&curve.held_out).map(|point| point.1).filter(|loss| loss.is_finite());
    let highest = losses().chain(curve.start).fold(curve.guess, f64::max);
    // A loss that blew up would press everything else onto the axis.
    let logarithmic = highest > 20.0 * curve.guess;
    let y_axis = if logarithmic {
        let lowest = losses().filter(|loss| *loss > 0.0).fold(curve.guess, f64::min);
        let [low, high] = outward(lowest.log10() - 0.3, highest.log10() + 0.3, 0.25);
        look.log_axis(low, high)
    } else {
        look.axis(outward(0.0, 1.1 * highest, leap(highest)), true)
    };
    let last = [&curve.train, &curve.held_out].into_iter().filter_map(|points| points.last());
    let right = last.map(|(step, _)| *step as f64).fold(10.0, f64::max);
    let [_, right] = outward(0.0, right, 4.0 * leap(right));
    let x_axis = Axis { title: look.title("chart.step"), ..look.axis([-0.01 * right, 1.02 * right], false) };
    let height = |loss: f64| if logarithmic { loss.log10() } else { loss };
    let note = look.note(height(curve.guess), lang.fill("chart.guess", &[("guess", &show(curve.guess))]));
    let mut guides = vec![(look.guide(curve.guess, &palette.accent, "dash"), Some(note))];
    if let Some(start) = curve.start {
        let note = look.left(height(start), lang.fill("chart.first", &[("loss", &show(start))]));
        // A piece at the left: it is about step 0 alone.
        guides.push((Shape { x1: 0.16, ..look.guide(start, &palette.accent, "dash") }, Some(note)));
    }
    look.figure(vec![train, held_out], [x_axis, y_axis], guides)
}

fn trace(points: &[(u64, f64)]) -> Trace {
    let (steps, losses) = points.iter().map(|(step, loss)| (*step as f64, loss.is_finite().then_some(*loss))).unzip();
    Trace::new(steps, losses)
}
