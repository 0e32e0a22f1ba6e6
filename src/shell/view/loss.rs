//! The chart of the losses by step.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::assumptions::first_loss;
use super::frame::{Card, Easel, Legend, show_card};
use super::past::past;
use super::summary::loss_summary;
use crate::lab::curve::LossCurve;
use crate::lab::record::RunRecord;
use crate::lab::view::Chart;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The chart of the losses by step.
#[component]
pub fn Loss(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    // The curves are too long to compare: their ends tell whether they changed, and so does the run, which is
    // another one whenever theory's first loss is. The memo has to be read and not only tracked: one that nobody
    // reads is not told of changes.
    let ends = Memo::new(move |_| {
        store.state.with(|state| {
            let RunRecord { loss, val_loss, .. } = &state.record;
            let others: Vec<_> =
                state.compared().into_iter().map(|(mark, record)| (mark, record.loss.last())).collect();
            let playhead = state.past.as_ref().map(|frame| frame.step);
            (state.run, loss.last(), val_loss.last(), state.spec().dataset(), others, playhead)
        })
    });
    let curve =
        move || store.state.with_untracked(|state| store.prediction.with_untracked(|p| LossCurve::new(state, p)));
    let table = move || {
        ends.with(|_| ());
        curve().table()
    };
    let summary = Memo::new(move |_| {
        ends.with(|_| ());
        loss_summary(&curve(), lens.lang.get())
    });
    // Until the reader chooses, the axis is the one that suits the losses.
    let chosen = RwSignal::new(None::<bool>);
    let is_log = Memo::new(move |_| {
        ends.with(|_| ());
        chosen.get().unwrap_or_else(|| figure::wants_log(&curve()))
    });
    let choice = move |log: bool, id: &'static str, key: &'static str| {
        view! {
            <button
                type="button"
                data-testid=id
                aria-pressed=move || (is_log.get() == log).to_string()
                on:click=move |_| chosen.set(Some(log))
            >
                {lens.text(key)}
            </button>
        }
    };
    let tools = view! {
        <div class="segments" role="group" aria-label=lens.text("axis.scale")>
            {choice(false, "loss-linear", "axis.linear")}
            {choice(true, "loss-log", "axis.log")}
        </div>
    };
    let legend = Legend { keys: &["train", "held-out", "guess-key"], absent: None };
    let figure = move |look: &Look| figure::loss(&curve(), is_log.get_untracked(), look);
    let card = Card {
        chart: Chart::Loss,
        legend,
        tools: tools.into_any(),
        foot: (first_loss(store, lens), past(store.state, easel.palette, lens)).into_any(),
        table: Arc::new(table),
        summary,
        changes: Box::new(move || {
            ends.with(|_| ());
            is_log.track();
        }),
        figure: Box::new(figure),
    };
    show_card(card, easel, lens)
}
