//! Draws the sharpness over steps: each measurement a dot in ink, and the bound that the learning rate sets.

use super::schema::{Axis, Figure, Trace};
use super::{Look, leap, outward};
use crate::lab::inspection::LossSharpness;
use crate::lab::runs::RunMark;
use crate::lab::sharpness::SharpnessCurve;

/// Beyond this ratio of the largest to the smallest the axis is logarithmic.
const WIDE: f64 = 20.0;

/// The figure of the sharpness.
pub fn sharpness(curve: &SharpnessCurve, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let values: Vec<(f64, f64)> = curve.points.iter().map(|(step, point)| (*step as f64, point.value.0)).collect();
    let bounds = curve.bounds();
    let others = || curve.others.iter().flat_map(|(_, points)| points);
    let all = || {
        let known = values.iter().map(|(_, value)| *value).chain(others().map(|(_, point)| point.value.0));
        known.chain(bounds.iter().map(|(_, bound)| *bound))
    };
    let highest = all().fold(f64::MIN_POSITIVE, f64::max);
    let lowest = all().filter(|value| *value > 0.0).fold(highest, f64::min);
    let logarithmic = highest > WIDE * lowest;
    let y_axis = if logarithmic {
        let [low, high] = outward(lowest.log10() - 0.2, highest.log10() + 0.2, 0.5);
        look.log_axis(low, high)
    } else {
        let least = all().fold(0.0, f64::min);
        look.axis(outward(1.1 * least, 1.15 * highest, leap(highest)), true)
    };
    let steps = values.iter().map(|(step, _)| *step).chain(others().map(|(step, _)| *step as f64));
    let last = steps.chain(curve.playhead.map(|step| step as f64)).fold(10.0, f64::max);
    let [_, right] = outward(0.0, 1.05 * last, 4.0 * leap(last));
    // The bound holds from one measurement to the next, and after the last.
    let mut steps: Vec<f64> = bounds.iter().map(|(step, _)| *step as f64).collect();
    let mut heights: Vec<Option<f64>> = bounds.iter().map(|(_, bound)| Some(*bound)).collect();
    steps.insert(0, 0.0);
    heights.insert(0, heights[0]);
    steps.push(right);
    heights.push(heights[heights.len() - 1]);
    let bound = Trace::new(steps, heights).line(&palette.accent, 1.5, "dash").hover(lang.text("chart.bound"), ".4~g");
    let (x, y): (Vec<f64>, Vec<Option<f64>>) = if values.is_empty() {
        (vec![0.0], vec![None])
    } else {
        values.iter().map(|(step, value)| (*step, Some(*value).filter(|value| !logarithmic || *value > 0.0))).unzip()
    };
    let measured = Trace::new(x, y)
        .line(&palette.ink, 1.5, "solid")
        .dots(&palette.ink, 8.0, "circle", 1.0)
        .hover(lang.text("chart.measured"), ".4~g");
    let x_axis = Axis { title: look.title("chart.step"), ..look.axis([-0.02 * right, 1.02 * right], false) };
    let is_there = |value: &f64| !logarithmic || *value > 0.0;
    let compared = |(mark, points): &(RunMark, Vec<(u64, LossSharpness)>)| {
        let (x, y) = points.iter().map(|(step, point)| (*step as f64, Some(point.value.0).filter(is_there))).unzip();
        look.compared(*mark, x, y, ".4~g").dotted(6.0)
    };
    let mut data: Vec<Trace> = curve.others.iter().map(compared).collect();
    data.extend([bound, measured, look.playhead(curve.playhead, &y_axis)]);
    look.figure(data, [x_axis, y_axis], Vec::new())
}
