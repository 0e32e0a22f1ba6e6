//! The chart of how sharply each head of attention looks.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::frame::{Card, Easel, Legend, show_card};
use crate::lab::heads::{HeadCurve, HeadPoint, HeadQuantity, expected};
use crate::lab::view::Chart;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The chart of the heads' entropies or largest weights by block.
pub fn heads(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let quantity = RwSignal::new(HeadQuantity::Entropy);
    // Theory changes with the knobs alone, and takes longer than a frame of training should.
    let theory = Memo::new(move |_| {
        let context = lens.spec.with(|spec| spec.network.context);
        store.prediction.with(|prediction| expected(prediction, context))
    });
    let curve = Memo::new(move |_| store.state.with(|state| HeadCurve::new(state, theory.get())));
    let choices = HeadQuantity::ALL.iter().map(|choice| {
        let (id, choice) = (choice.id(), *choice);
        view! {
            <button
                type="button"
                data-testid=format!("attention-{id}")
                aria-pressed=move || (quantity.get() == choice).to_string()
                on:click=move |_| quantity.set(choice)
            >
                {lens.words(format!("chart.attention-heads-{id}"))}
            </button>
        }
    });
    let absent = Memo::new(move |_| {
        let curve = curve.read();
        let none = |has: fn(&HeadPoint) -> bool| !curve.heads.iter().any(has);
        let initial = none(|head| head.initial.is_some()).then_some("initial");
        initial.into_iter().chain(curve.theory.is_empty().then_some("predicted")).collect()
    });
    let card = Card {
        chart: Chart::Heads,
        legend: Legend { keys: &["measured", "initial", "predicted"], absent: Some(absent) },
        tools: view! {
            <div class="segments" role="group">
                {choices.collect_view()}
            </div>
        }
        .into_any(),
        foot: ().into_any(),
        table: Arc::new(move || curve.with(|curve| curve.table(quantity.get()))),
        summary: Memo::new(move |_| curve.with(|curve| curve.words(lens.lang.get()))),
        changes: Box::new(move || {
            curve.with(|_| ());
            quantity.track();
        }),
        figure: Box::new(move |look: &Look| untrack(|| figure::heads(&curve.read(), quantity.get(), look))),
    };
    show_card(card, easel, lens)
}
