//! The chart of distributions: of weights, pre-activations, activations or gradients, of one layer or of all.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::frame::{Card, Easel, Legend, show_card};
use crate::lab::histogram::{HistogramChoice, HistogramCurve, HistogramRow};
use crate::lab::metric::Content;
use crate::lab::view::Chart;
use crate::science::layer::LayerId;
use crate::shell::effect::effect;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The chart of distributions.
#[component]
pub fn Histograms(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let choice = RwSignal::new(HistogramChoice::default());
    // Theory changes with the network and the choice alone, so it is not computed again at every frame.
    let theory = Memo::new(move |_| {
        let choice = choice.get();
        lens.spec.with(|spec| store.prediction.with(|prediction| choice.theory(spec, prediction)))
    });
    let curve = Memo::new(move |_| {
        theory.with(|theory| store.state.with(|state| HistogramCurve::new(state, choice.get(), theory)))
    });
    let summary = Memo::new(move |_| {
        let (lang, remarks) = (lens.lang.get(), curve.with(HistogramCurve::remarks));
        let what = lang.text(&format!("histogram.of-{}", choice.get().content.id())).to_owned();
        std::iter::once(what).chain(remarks.iter().map(|remark| lang.remark(remark))).collect::<Vec<_>>().join(" ")
    });
    let absent = Memo::new(move |_| {
        let none = |has: fn(&HistogramRow) -> bool| curve.with(|curve| !curve.rows.iter().any(has));
        let start = none(|row| row.start.is_some()).then_some("at-start");
        let theory = none(|row| row.theory.is_some()).then_some("predicted");
        start.into_iter().chain(theory).collect()
    });
    let card = Card {
        chart: Chart::Histograms,
        legend: Legend { keys: &["now", "at-start", "predicted"], absent: Some(absent) },
        tools: (contents(choice, lens), roles(choice, lens), layers(choice, lens), units(choice, lens)).into_any(),
        foot: ().into_any(),
        table: Arc::new(move || curve.with(HistogramCurve::table)),
        summary,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(move |look: &Look| figure::histograms(&curve.get_untracked(), look)),
    };
    show_card(card, easel, lens)
}

/// The buttons that choose which numbers.
fn contents(choice: RwSignal<HistogramChoice>, lens: Lens) -> AnyView {
    let button = |content: Content| {
        view! {
            <button
                type="button"
                data-testid=format!("content-{}", content.id())
                aria-pressed=move || (choice.get().content == content).to_string()
                on:click=move |_| choice.update(|choice| choice.content = content)
            >
                {lens.words(format!("histogram.{}", content.id()))}
            </button>
        }
    };
    let buttons = Content::ALL.iter().copied().map(button).collect_view();
    view! {
        <div class="segments" role="group">
            {buttons}
        </div>
    }
    .into_any()
}

/// The list of matrices of a block, in a GPT.
fn roles(choice: RwSignal<HistogramChoice>, lens: Lens) -> AnyView {
    let roles = Memo::new(move |_| lens.spec.with(|spec| choice.get().roles(spec)));
    let names = move || {
        let (lang, roles) = (lens.lang.get(), roles.get());
        roles.iter().map(|role| lang.text(&format!("role.{}", role.id())).to_owned()).collect()
    };
    let place = move || {
        let shown = lens.spec.with(|spec| choice.get().shown_role(spec));
        roles.with(|roles| roles.iter().position(|role| Some(*role) == shown).unwrap_or(0))
    };
    let choose = move |place: usize| {
        if let Some(role) = roles.with_untracked(|roles| roles.get(place).copied()) {
            choice.update(|choice| choice.role = role);
        }
    };
    list("histogram-matrix", "histogram.matrix", Box::new(names), Box::new(place), Box::new(choose), lens)
}

/// The list of layers; the first entry is all of them.
fn layers(choice: RwSignal<HistogramChoice>, lens: Lens) -> AnyView {
    let layers = Memo::new(move |_| {
        let all = lens.spec.with(|spec| choice.get().matrices(spec));
        all.into_iter().map(|id| id.layer).collect::<Vec<LayerId>>()
    });
    let names = move || {
        let lang = lens.lang.get();
        let all = lang.text("histogram.all").to_owned();
        std::iter::once(all).chain(layers.get().into_iter().map(|layer| lang.layer(layer))).collect()
    };
    let place = move || {
        let chosen = choice.get().layer;
        layers.with(|layers| layers.iter().position(|layer| Some(*layer) == chosen).map_or(0, |place| place + 1))
    };
    let choose = move |place: usize| {
        let layer = place.checked_sub(1).and_then(|place| layers.with_untracked(|layers| layers.get(place).copied()));
        choice.update(|choice| choice.layer = layer);
    };
    list("histogram-layer", "histogram.layer", Box::new(names), Box::new(place), Box::new(choose), lens)
}

/// A list to choose from, which is gone where there is no choice. The functions are boxed, so that its code is compiled
/// once.
fn list(
    hook: &'static str,
    label: &'static str,
    names: Box<dyn Fn() -> Vec<String> + Send + Sync>,
    place: Box<dyn Fn() -> usize + Send + Sync>,
    choose: Box<dyn Fn(usize)>,
    lens: Lens,
) -> AnyView {
    let select = NodeRef::<leptos::html::Select>::new();
    let names = Memo::new(move |_| names());
    // After the options, which may just have been made: a list cannot choose what it does not have.
    effect(move || {
        names.track();
        let place = place();
        if let Some(select) = select.get() {
            select.set_selected_index(place as i32);
        }
    });
    let change = move |_| {
        if let Some(place) = select.get_untracked().and_then(|select| usize::try_from(select.selected_index()).ok()) {
            choose(place);
        }
    };
    let options = move || names.get().into_iter().map(|name| view! { <option>{name}</option> }).collect_view();
    view! {
        <select
            class="pick"
            data-testid=hook
            aria-label=lens.text(label)
            hidden=move || names.with(|names| names.len() < 2)
            node_ref=select
            on:change=change
        >
            {options}
        </select>
    }
    .into_any()
}

/// The switch between one axis for all layers and a unit for each.
fn units(choice: RwSignal<HistogramChoice>, lens: Lens) -> AnyView {
    view! {
        <label class="pick">
            <input
                type="checkbox"
                data-testid="histogram-units"
                prop:checked=move || choice.get().own_units
                on:change=move |event| choice.update(|choice| choice.own_units = event_target_checked(&event))
            />
            {lens.text("histogram.own")}
        </label>
    }
    .into_any()
}
