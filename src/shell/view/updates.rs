//! The chart of how far updates move weights, by matrix or by step.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::note::note;

use super::frame::{Card, Easel, Legend, show_card};
use crate::lab::updates::{UpdateCurve, UpdateHistory};
use crate::lab::view::Chart;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The marks of the legend: of matrices, by the id of their role, and of the courses of layers.
const MARKS: &[&str] = &[
    "measured",
    "mark-token",
    "mark-q",
    "mark-k",
    "mark-v",
    "mark-out",
    "mark-mlp-in",
    "mark-mlp-up",
    "mark-mlp-out",
    "predicted",
    "first-layer",
    "middle-layer",
    "last-layer",
];

/// The chart of the ratio of updates to weights.
pub fn updates(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let by_step = RwSignal::new(false);
    let curve = Memo::new(move |_| store.state.with(|state| store.prediction.with(|p| UpdateCurve::new(state, p))));
    // The courses are too long to compare, but their last steps tell whether they grew.
    let grown = Memo::new(move |_| {
        store.state.with(|state| {
            let others = state.compared().into_iter();
            let others: Vec<_> = others.map(|(mark, record)| (mark, record.updates.last_step())).collect();
            let playhead = state.past.as_ref().map(|frame| frame.step);
            (state.run, state.record.updates.last_step(), others, playhead)
        })
    });
    let history = move || {
        grown.with(|_| ());
        store.state.with_untracked(UpdateHistory::new)
    };
    let absent = Memo::new(move |_| absent_marks(&curve.read(), by_step.get(), &history()));
    let words = Memo::new(move |_| {
        let lang = lens.lang.get();
        if by_step.get() { history().words(lang) } else { curve.with(|curve| curve.words(lang)) }
    });
    let choices = [("matrix", false), ("step", true)].map(|(name, steps)| {
        view! {
            <button
                type="button"
                data-testid=format!("updates-{name}")
                aria-pressed=move || (by_step.get() == steps).to_string()
                on:click=move |_| by_step.set(steps)
            >
                {lens.words(format!("chart.by-{name}"))}
            </button>
        }
    });
    let table = move || if by_step.get() { history().table() } else { curve.with(UpdateCurve::table) };
    let figure = move |look: &Look| {
        untrack(|| {
            if by_step.get() { figure::update_courses(&history(), look) } else { figure::updates(&curve.read(), look) }
        })
    };
    let theory = move || if by_step.get() { String::new() } else { curve.with(|curve| curve.note(lens.lang.get())) };
    let card = Card {
        chart: Chart::Updates,
        legend: Legend { keys: MARKS, absent: Some(absent) },
        tools: view! {
            <div class="segments" role="group">
                {choices.into_iter().collect_view()}
            </div>
        }
        .into_any(),
        foot: note("updates-theory", Box::new(theory)),
        table: Arc::new(table),
        summary: words,
        changes: Box::new(move || {
            curve.with(|_| ());
            grown.with(|_| ());
            by_step.track();
        }),
        figure: Box::new(figure),
    };
    show_card(card, easel, lens)
}

/// The keys of the marks that the picture does not have now.
fn absent_marks(curve: &UpdateCurve, by_step: bool, history: &UpdateHistory) -> Vec<&'static str> {
    let roles = curve.roles();
    let is_absent = |key: &str| match key {
        "first-layer" => !by_step || history.line(0).is_none(),
        "middle-layer" => !by_step || history.line(1).is_none(),
        "last-layer" => !by_step || history.line(2).is_none(),
        _ if by_step => true,
        "predicted" => curve.matrices.iter().all(|matrix| matrix.predicted.is_none()),
        _ => match key.strip_prefix("mark-") {
            Some(id) => !roles.iter().any(|role| role.id() == id),
            None => roles.iter().any(|role| role.id() == "q"),
        },
    };
    MARKS.iter().copied().filter(|key| is_absent(key)).collect()
}
