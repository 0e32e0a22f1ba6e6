//! The small pictures of cards, as SVG that the page itself draws: shapes to recognize, which a reader of screens is spared.

use leptos::prelude::*;

use crate::lab::cells::cell_paths;
use crate::shell::view::tile::cells;
use crate::study::forest::Forest;
use crate::study::recorded::RecordedResult;
use crate::study::sketch::{SIDE, StudySketch};

/// The width of a sketch; its height is [`SIDE`].
const WIDTH: f64 = 160.0;
/// The free space at its edges.
const EDGE: f64 = 6.0;

/// The picture of what was recorded: the sketch, or the estimates of its answer.
pub(super) fn picture(result: &RecordedResult) -> Option<AnyView> {
    match (&result.sketch, result.answer.forests.first()) {
        (Some(StudySketch::Cells { columns, marks, .. }), _) => {
            Some(frame(cells(cell_paths(*columns, marks, [WIDTH, SIDE], EDGE))))
        }
        (Some(StudySketch::Lines(lines)), _) => Some(curves(lines)),
        (None, Some(forest)) => Some(estimates(forest)),
        (None, None) => None,
    }
}

fn frame(shapes: AnyView) -> AnyView {
    view! {
        <svg class="sketch" viewBox=format!("0 0 {WIDTH} {SIDE}") aria-hidden="true">
            {shapes}
        </svg>
    }
    .into_any()
}

fn curves(lines: &[Vec<[u8; 2]>]) -> AnyView {
    let scale = (WIDTH - 2.0 * EDGE) / SIDE;
    let place = |[x, y]: &[u8; 2]| {
        let up = SIDE - EDGE - f64::from(*y) * (SIDE - 2.0 * EDGE) / SIDE;
        format!("{:.1},{up:.1}", EDGE + scale * f64::from(*x))
    };
    let line = |(index, points): (usize, &Vec<[u8; 2]>)| {
        let points = points.iter().map(place).collect::<Vec<_>>().join(" ");
        view! { <polyline class=format!("curve c{index}") points=points></polyline> }
    };
    frame(lines.iter().enumerate().map(line).collect_view().into_any())
}

/// The estimates of the answer, with the range that they are compared with.
fn estimates(forest: &Forest) -> AnyView {
    let plot = forest.plot();
    let x = |share: f64| EDGE + (WIDTH - 2.0 * EDGE) * share;
    let step = (SIDE - 2.0 * EDGE) / plot.rows.len().max(1) as f64;
    let reference = plot.reference.map(|[low, high]| {
        let width = (x(high) - x(low)).max(0.6);
        view! {
            <rect
                class="reference"
                x=format!("{:.1}", x(low))
                y="0"
                width=format!("{width:.1}")
                height=SIDE.to_string()
            ></rect>
        }
    });
    let row = |(index, marks): (usize, &Option<[f64; 3]>)| {
        let [low, middle, high] = (*marks)?.map(x);
        let y = format!("{:.1}", EDGE + step * (index as f64 + 0.5));
        let outcome = forest.rows.get(index).map_or("", |row| row.outcome.id());
        Some(view! {
            <line
                class=format!("interval {outcome}")
                x1=format!("{low:.1}")
                x2=format!("{high:.1}")
                y1=y.clone()
                y2=y.clone()
            ></line>
            <circle class=format!("middle {outcome}") cx=format!("{middle:.1}") cy=y r="2.6"></circle>
        })
    };
    let rows = plot.rows.iter().enumerate().filter_map(row).collect_view();
    frame(
        view! {
            {reference}
            {rows}
        }
        .into_any(),
    )
}
