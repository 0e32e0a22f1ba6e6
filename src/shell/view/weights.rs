//! The chart of the spread of the attention weights by block.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::assumptions::rest;
use super::frame::{Card, Easel, Legend, show_card};
use crate::lab::curve::WeightCurve;
use crate::lab::number::show;
use crate::lab::view::Chart;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The chart of the spread of the attention weights by block.
#[component]
pub fn Weights(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let curve = Memo::new(move |_| store.state.with(WeightCurve::new));
    let table = move || curve.with(WeightCurve::table);
    let summary = Memo::new(move |_| {
        let start = curve.with(|curve| show(curve.start));
        lens.lang.get().fill("summary.weights", &[("start", &start)])
    });
    let legend = Legend { keys: &["q", "k", "v"], absent: None };
    let figure = move |look: &Look| figure::weights(&curve.get_untracked(), look);
    let card = Card {
        chart: Chart::Weights,
        legend,
        tools: ().into_any(),
        foot: rest(lens),
        table: Arc::new(table),
        summary,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(figure),
    };
    show_card(card, easel, lens)
}
