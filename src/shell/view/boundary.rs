//! The plane: what the network says at each of its points, and the points of the data over it.

use std::fmt::Write as _;
use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::frame::Easel;
use super::sheet::{Sheet, show_sheet};
use crate::lab::plane::{Boundary, COLUMNS, PlaneColors, PlanePoints, REACH, points};
use crate::lab::spec::data_shape;
use crate::lab::view::Chart;
use crate::shell::effect::effect;
use crate::shell::palette::Palette;
use crate::shell::pixels::{channels, draw_pixels};
use crate::shell::store::Store;

/// The colours of the classes among those of runs, which colour-blind readers tell apart.
const HUES: [usize; 3] = [3, 0, 1];
/// Half of the size of a point's sign, in the units of the data.
const SIGN: f64 = 0.055;

/// The picture, with the choice of the points over it.
pub fn boundary(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let which = RwSignal::new(PlanePoints::HeldOut);
    // The state changes with every frame, and the picture only a few times a second.
    let shown = Memo::new(move |_| store.state.with(Boundary::new));
    let source = Memo::new(move |_| lens.spec.with(|spec| spec.run));
    let classes = move || lens.spec.with(|spec| data_shape(spec).classes);
    let signs = Memo::new(move |_| paths(&points(source.get(), which.get()), classes()));
    let summary = Memo::new(move |_| shown.with(|shown| shown.words(lens.lang.get())));
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    effect(move || {
        let Some(canvas) = canvas.get() else { return };
        shown.with(|shown| {
            let bytes = easel.palette.with(|palette| shown.pixels(&colors(palette)));
            draw_pixels(&canvas, &bytes, COLUMNS, bytes.len() / (4 * COLUMNS));
        });
    });
    let sign = move |class: usize| {
        let d = move || signs.with(|signs| signs.get(class).cloned().unwrap_or_default());
        view! { <path class=format!("sign class-{class}") d=d></path> }
    };
    let key = move |class: usize| {
        let d = mark([0.0, 0.0], class, 1.0);
        view! {
            <li>
                <svg viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true">
                    <path class=format!("sign class-{class}") d=d></path>
                </svg>
                {move || lens.lang.get().tell("boundary.class", &[("class", class.to_string())])}
            </li>
        }
    };
    let around = format!("{} {} {} {}", -REACH, -REACH, 2.0 * REACH, 2.0 * REACH);
    let body = view! {
        <div class="plane">
            <div class="plane-picture">
                <canvas role="img" data-testid="plane" aria-label=move || summary.get() node_ref=canvas></canvas>
                <svg viewBox=around aria-hidden="true" data-testid="plane-points">
                    {move || (0..classes()).map(sign).collect_view()}
                </svg>
            </div>
            <ul class="plane-key">{move || (0..classes()).map(key).collect_view()}</ul>
        </div>
    };
    let sheet = Sheet {
        chart: Chart::Boundary,
        tools: choice(which, lens),
        body: body.into_any(),
        summary,
        brief: false,
        table: Some(Arc::new(move || shown.with(Boundary::table))),
    };
    show_sheet(sheet, lens)
}

/// The choice of the points.
fn choice(which: RwSignal<PlanePoints>, lens: Lens) -> AnyView {
    let option = |choice: &PlanePoints| {
        let (id, choice) = (choice.id(), *choice);
        view! {
            <button
                type="button"
                data-testid=format!("plane-{id}")
                aria-pressed=move || (which.get() == choice).to_string()
                on:click=move |_| which.set(choice)
            >
                {lens.words(format!("chart.boundary-{id}"))}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=lens.text("boundary.points")>
            {PlanePoints::ALL.iter().map(option).collect_view()}
        </div>
    }
    .into_any()
}

/// The colours of a theme.
fn colors(palette: &Palette) -> PlaneColors {
    PlaneColors {
        paper: channels(&palette.surface),
        ink: channels(&palette.ink),
        classes: HUES.map(|run| channels(&palette.runs[run])),
    }
}

/// The signs of the points, as one path for each class.
fn paths(points: &[([f64; 2], usize)], classes: usize) -> Vec<String> {
    let mut paths = vec![String::new(); classes];
    for (point, class) in points {
        if let Some(path) = paths.get_mut(*class) {
            path.push_str(&mark(*point, *class, SIGN));
        }
    }
    paths
}

/// The sign of a class at a point: a disc, a square or a triangle.
fn mark([x, y]: [f64; 2], class: usize, size: f64) -> String {
    let (y, twice) = (-y, 2.0 * size);
    let mut path = String::new();
    // Writing to a string cannot fail.
    match class % 3 {
        0 => write!(path, "M{:.3} {y:.3}a{size} {size} 0 1 0 {twice} 0a{size} {size} 0 1 0 {} 0Z", x - size, -twice),
        1 => write!(path, "M{:.3} {:.3}h{twice}v{twice}h{}Z", x - size, y - size, -twice),
        _ => write!(path, "M{x:.3} {:.3}l{} {}h{}Z", y - 1.3 * size, 1.2 * size, 2.2 * size, -2.4 * size),
    }
    .ok();
    path
}
