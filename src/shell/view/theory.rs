//! The section of theory that stands beside no measurement, below the charts. The reader opens it;
//! while it is closed, nothing of it is computed.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::note::note;

use super::frame::{Card, Easel, Legend, show_card};
use crate::lab::theory::{Insight, absent, has_chart};
use crate::lab::view::Chart;
use crate::shell::figure;
use crate::shell::store::Store;

/// The section; where a link asks for its charts, they stand open, without it.
pub fn theory(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let asked = Memo::new(move |_| lens.view.with(|view| view.chooses_charts()));
    let offered = Memo::new(move |_| lens.view.with(|view| view.offers_theory()) && any(lens));
    let open = RwSignal::new(false);
    let section = move || {
        if asked.get() {
            return insights(store, easel, lens);
        }
        if !offered.get() {
            return ().into_any();
        }
        view! {
            <details
                class="theory"
                data-testid="theory"
                on:toggle=move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"))
            >
                <summary>{lens.text("theory.title")}</summary>
                <div class="insights">
                    {move || if open.get() { insights(store, easel, lens) } else { ().into_any() }}
                </div>
            </details>
        }
        .into_any()
    };
    section.into_any()
}

/// Whether the view shows one of the charts, whether or not theory has anything to say of this network.
fn any(lens: Lens) -> bool {
    let applies = |chart: &Chart| lens.spec.with(|spec| chart.applies(spec));
    lens.view.with(|view| Chart::THEORY.iter().any(|chart| applies(chart) && view.shows_chart(*chart)))
}

/// The charts, or the reason why there are none.
fn insights(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let why = move || match lens.spec.with(absent) {
        Some(key) if any(lens) => lens.lang.get().text(key).to_owned(),
        _ => String::new(),
    };
    let cards = Chart::THEORY.map(|chart| {
        let shown = Memo::new(move |_| {
            lens.view.with(|view| view.shows_chart(chart)) && lens.spec.with(|spec| has_chart(chart, spec))
        });
        move || if shown.get() { card(chart, store, easel, lens) } else { ().into_any() }
    });
    (cards.into_iter().collect_view(), note("theory-absent", Box::new(why))).into_any()
}

fn card(chart: Chart, store: Store, easel: Easel, lens: Lens) -> AnyView {
    let insight = move || lens.spec.with(|spec| store.prediction.with(|theory| Insight::new(chart, spec, theory)));
    let keys: &[&str] = match chart {
        Chart::Phase => &["here", "critical"],
        Chart::Correlation => &["map", "stairs"],
        _ => &["spread", "entropy"],
    };
    let words = Memo::new(move |_| insight().words(lens.lang.get()));
    let card = Card {
        chart,
        legend: Legend { keys, absent: None },
        tools: ().into_any(),
        foot: note("insight", Box::new(move || words.get())),
        table: Arc::new(move || insight().table()),
        summary: words,
        changes: Box::new(move || lens.spec.with(|_| ())),
        figure: Box::new(move |look| untrack(|| figure::insight(&insight(), look))),
    };
    show_card(card, easel, lens)
}
