//! The chart of the sharpness over steps, measured on demand.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::frame::{Card, Easel, Legend, show_card};
use super::measure::measure;
use crate::lab::inspection::Subject;
use crate::lab::sharpness::SharpnessCurve;
use crate::lab::view::Chart;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The chart of the sharpness.
pub fn sharpness(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let curve = Memo::new(move |_| store.state.with(SharpnessCurve::new));
    let summary = Memo::new(move |_| {
        let lang = lens.lang.get();
        let absent = store.state.with(|state| state.looks.absent(Subject::Sharpness, lang));
        absent.unwrap_or_else(|| curve.with(|curve| curve.words(lang)))
    });
    let card = Card {
        chart: Chart::Sharpness,
        legend: Legend { keys: &["measured", "bound"], absent: None },
        tools: measure("sharpness", Memo::new(|_| Subject::Sharpness), store, lens),
        foot: ().into_any(),
        table: Arc::new(move || curve.with(SharpnessCurve::table)),
        summary,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(move |look: &Look| figure::sharpness(&curve.get_untracked(), look)),
    };
    show_card(card, easel, lens)
}
