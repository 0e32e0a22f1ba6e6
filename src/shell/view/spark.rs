//! A curve as small as a word, for a table of runs.

use leptos::prelude::*;

use crate::lab::series::Series;

/// The size of the picture, in its own units.
const SIZE: [f64; 2] = [80.0, 20.0];

/// A loss by step on a logarithmic axis, without numbers. What is not finite leaves a gap.
pub(super) fn spark(series: &Series) -> AnyView {
    let points: Vec<(f64, f64)> = series
        .points()
        .filter(|(_, loss)| *loss > 0.0 && loss.is_finite())
        .map(|(step, loss)| (step as f64, loss.ln()))
        .collect();
    let range = |values: Vec<f64>| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        move |value: f64| if high > low { (value - low) / (high - low) } else { 0.5 }
    };
    let x = range(points.iter().map(|point| point.0).collect());
    let y = range(points.iter().map(|point| point.1).collect());
    // More points than the picture has pixels would only make the page larger.
    let stride = points.len().div_ceil(80).max(1);
    let last = points.last().copied();
    let mut path = String::new();
    for (step, loss) in points.into_iter().step_by(stride).chain(last) {
        path.push(if path.is_empty() { 'M' } else { 'L' });
        path.push_str(&format!("{:.1} {:.1}", SIZE[0] * x(step), 1.0 + (SIZE[1] - 2.0) * (1.0 - y(loss))));
    }
    view! {
        <svg class="spark" viewBox=format!("0 0 {} {}", SIZE[0], SIZE[1]) aria-hidden="true">
            <path d=path />
        </svg>
    }
    .into_any()
}
