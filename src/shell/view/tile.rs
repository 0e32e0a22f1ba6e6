//! The map of networks by depth and σ, as the site recorded it: a tile below the charts that leads to the experiments.

use leptos::prelude::*;
use serde_wasm_bindgen::from_value;
use wasm_bindgen_futures::spawn_local;

use super::Lens;
use crate::lab::cells::{CellPath, MapTile, cell_paths};
use crate::shell::browser;
use crate::shell::effect::effect;

/// The sides of the picture.
const SIZE: [f64; 2] = [176.0, 99.0];
/// The free space at its edges.
const EDGE: f64 = 6.0;

/// The tile, once its numbers have come; without them the lab lacks nothing.
pub fn tile(lens: Lens) -> AnyView {
    let map = RwSignal::new(None::<MapTile>);
    let shown = Memo::new(move |_| lens.view.with(|view| !view.embed && view.show.is_empty()));
    // A lab in another page has no tile, and asks for none.
    effect(move || {
        if shown.get() && map.with_untracked(Option::is_none) {
            spawn_local(async move {
                if let Ok(file) = browser::fetch_json("studies/tile.json").await {
                    map.try_set(from_value(file).ok());
                }
            });
        }
    });
    (move || map.get().filter(|_| shown.get()).map(|map| card(map, lens))).into_any()
}

fn card(map: MapTile, lens: Lens) -> AnyView {
    let paths = cells(cell_paths(map.columns, &map.marks, SIZE, EDGE));
    let words = move || {
        let values = [
            ("all", map.all.as_str()),
            ("learned", map.learned.as_str()),
            ("near", map.near.as_str()),
            ("inside", map.inside.as_str()),
        ];
        lens.lang.get().fill("tile.words", &values)
    };
    view! {
        <section class="tile" data-testid="map-tile">
            <svg viewBox=format!("0 0 {} {}", SIZE[0], SIZE[1]) aria-hidden="true">
                {paths}
            </svg>
            <div>
                <h2>
                    <a href=move || {
                        format!("experiments.html?lang={}#map", lens.lang.get().id())
                    }>{lens.text("tile.title")}</a>
                </h2>
                <p>{words}</p>
                <p class="hint">{lens.text("tile.axes")}</p>
            </div>
        </section>
    }
    .into_any()
}

/// The cells of a map, as the shapes of an SVG.
pub fn cells(paths: Vec<CellPath>) -> AnyView {
    let path = |cells: CellPath| {
        let (class, strength) = (cells.class(), cells.strength());
        view! { <path class=class d=cells.path fill-opacity=strength></path> }
    };
    paths.into_iter().map(path).collect_view().into_any()
}
