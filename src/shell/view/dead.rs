//! The chart of dead units, or of saturated activations, by depth.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::frame::{Card, Easel, Legend, show_card};
use super::marks::{absent_marks, depth_curve};
use crate::lab::curve::{Quantity, Table};
use crate::lab::number::show;
use crate::lab::view::Chart;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The chart of dead units, or of saturated activations, by depth.
#[component]
pub fn Dead(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let curve = Memo::new(move |_| depth_curve(store, Quantity::Dead));
    let table = move || store.state.with(|state| store.prediction.with(|p| Table::dead(state, p)));
    let legend = Legend { keys: &["measured", "initial", "predicted"], absent: Some(absent_marks(curve)) };
    let figure =
        move |look: &Look| curve.with_untracked(|curve| figure::depth(curve, figure::decades(curve, &[]), look));
    let summary = Memo::new(move |_| {
        let lang = lens.lang.get();
        let activation = lens.spec.with(|spec| spec.architecture().activation);
        let kind = match activation.saturation() {
            Some(_) => "saturated",
            None if activation.can_die() => "dead",
            None => return lang.text("units.neither").to_owned(),
        };
        let seen = match curve.with(|curve| curve.most()) {
            Some((layer, share)) if share > 0.0 => {
                let values = [("layer", lang.layer(layer)), ("share", show(100.0 * share))];
                lang.tell(&format!("units.{kind}-most"), &values)
            }
            Some(_) => lang.text(&format!("units.{kind}-none")).to_owned(),
            None => String::new(),
        };
        let lacks_start = curve.with(|curve| store.state.with(|state| curve.lacks_start(state)));
        let start = if lacks_start { lang.text("units.no-start") } else { "" };
        format!("{} {seen} {start}", lang.text(&format!("units.{kind}"))).trim_end().to_owned()
    });
    let card = Card {
        chart: Chart::Dead,
        legend,
        tools: ().into_any(),
        foot: ().into_any(),
        table: Arc::new(table),
        summary,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(figure),
    };
    show_card(card, easel, lens)
}
