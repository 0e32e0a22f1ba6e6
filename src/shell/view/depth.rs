//! The charts of a quantity by depth: the variance, the gradient, and what still tells inputs apart.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::frame::{Card, Easel, Legend, show_card, show_covered_card};
use super::guess::GuessBoard;
use super::later::{LatePart, later};
use super::marks::{HeldAxis, absent_marks, depth_curve};
use super::note::note;
use super::show::Show;
use super::summary::{depth_summary, word};
use crate::lab::curve::{DepthCurve, Quantity, Table};
use crate::lab::spec::Model;
use crate::lab::view::Chart;
use crate::shell::effect::effect;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The marks of the variance's legend; those of guesses are there only where a link asks for them.
const MARKS: &[&str] = &["measured", "initial", "predicted", "band", "guessed", "guessed-before"];

/// The chart of the variance by depth, after or before the activation.
#[component]
pub fn Variance(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let quantity = RwSignal::new(Quantity::Activation);
    // A guess is about the layers' outputs.
    let is_about = move || quantity.get() == Quantity::Activation;
    let curve = Memo::new(move |_| depth_curve(store, quantity.get()));
    let table = move || store.state.with(|state| store.prediction.with(|p| Table::variance(state, p)));
    let choices = [Quantity::Activation, Quantity::Preactivation].map(|choice| {
        view! {
            <button
                type="button"
                data-testid=format!("quantity-{}", choice.id())
                title=move || lens.lang.get().text(&format!("chart.{}-hint", word(choice, lens.model()))).to_owned()
                aria-pressed=move || (quantity.get() == choice).to_string()
                on:click=move |_| quantity.set(choice)
            >
                {move || lens.lang.get().text(&format!("chart.{}", word(choice, lens.model()))).to_owned()}
            </button>
        }
    });
    let board = GuessBoard::new(store, lens);
    let axis = HeldAxis::new(easel);
    let asks = board.asks;
    effect(move || {
        if asks.get() {
            quantity.set(Quantity::Activation);
        }
    });
    let tools = view! {
        <div class="segments" role="group" hidden=move || asks.get()>
            {choices.into_iter().collect_view()}
        </div>
    };
    let marks = absent_marks(curve);
    let absent_keys = Memo::new(move |_| {
        let mut keys = if asks.get() { MARKS.to_vec() } else { marks.get() };
        let guesses =
            board.guesses.with(|guesses| [&guesses[0], &guesses[1]].map(|guess| guess.is_some() && is_about()));
        let named = ["guessed", "guessed-before"].into_iter().zip(guesses);
        keys.extend(named.filter(|(_, is_drawn)| !is_drawn || asks.get()).map(|(key, _)| key));
        keys
    });
    let figure = move |look: &Look| {
        untrack(|| {
            let curve = curve.read();
            if asks.get() {
                return figure::hidden_depth(&curve, board.reach.get(), look);
            }
            if !is_about() {
                return figure::depth(&curve, axis.around(figure::decades(&curve, &[])), look);
            }
            let guesses = board.guesses.read();
            figure::guessed_depth(&curve, &guesses, axis.around(figure::decades(&curve, &*guesses)), look)
        })
    };
    let missing = missing(store, curve, lens);
    let summary = Memo::new(move |_| {
        if asks.get() {
            return lens.lang.get().text("guess.hidden").to_owned();
        }
        curve.with(|curve| depth_summary(curve, lens)) + &missing.get()
    });
    // Few links ask for a guess.
    let over = move || asks.get().then(|| later(LatePart::GuessOver(board), store, easel, lens));
    let guesses = Memo::new(move |_| lens.view.with(|view| view.predict.is_some()));
    let guess = move || guesses.get().then(|| later(LatePart::GuessFoot(board), store, easel, lens));
    let known = move || (absent("gap-variance", missing), later(LatePart::Assumptions, store, easel, lens)).into_any();
    let foot = (guess, view! { <Show when=move || !asks.get()>{known()}</Show> }).into_any();
    let card = Card {
        chart: Chart::Variance,
        legend: Legend { keys: MARKS, absent: Some(absent_keys) },
        tools: tools.into_any(),
        foot,
        table: Arc::new(table),
        summary,
        changes: Box::new(move || {
            curve.with(|_| ());
            board.guesses.with(|_| ());
            board.reach.track();
            asks.track();
            axis.track();
        }),
        figure: Box::new(figure),
    };
    show_covered_card(card, over.into_any(), asks, easel, lens)
}

/// The chart of the gradient's size by depth.
#[component]
pub fn Gradient(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let curve = Memo::new(move |_| depth_curve(store, Quantity::Gradient));
    let table = move || store.state.with(|state| store.prediction.with(|p| Table::gradient(state, p)));
    // Theory knows a transformer's gradients better than a perceptron's (docs/coverage.md).
    let marks = absent_marks(curve);
    let undrawn = Memo::new(move |_| {
        let model = lens.spec.with(|spec| spec.network.model);
        let other = if model == Model::Gpt { "rough-band" } else { "band" };
        marks.with(|marks| marks.iter().copied().chain([other]).collect())
    });
    let legend = Legend { keys: &["measured", "initial", "predicted", "band", "rough-band"], absent: Some(undrawn) };
    let axis = HeldAxis::new(easel);
    let figure = move |look: &Look| {
        curve.with_untracked(|curve| figure::depth(curve, axis.around(figure::decades(curve, &[])), look))
    };
    let missing = missing(store, curve, lens);
    let summary = Memo::new(move |_| curve.with(|curve| depth_summary(curve, lens)) + &missing.get());
    let known = Memo::new(move |_| curve.with(|curve| curve.points.iter().any(|point| point.predicted.is_some())));
    let anchor =
        move || if known.get() { lens.lang.get().text("chart.gradient-anchor").to_owned() } else { String::new() };
    let anchored = note("gradient-anchor", Box::new(anchor));
    let card = Card {
        chart: Chart::Gradient,
        legend,
        tools: ().into_any(),
        foot: (absent("gap-gradient", missing), anchored).into_any(),
        table: Arc::new(table),
        summary,
        changes: Box::new(move || {
            curve.with(|_| ());
            axis.track();
        }),
        figure: Box::new(figure),
    };
    show_card(card, easel, lens)
}

/// The chart of what still tells inputs apart, by depth.
#[component]
pub fn Share(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let curve = Memo::new(move |_| depth_curve(store, Quantity::Share));
    let table = move || store.state.with(|state| store.prediction.with(|p| Table::share(state, p)));
    let legend = Legend { keys: &["measured", "initial", "predicted"], absent: Some(absent_marks(curve)) };
    let axis = HeldAxis::new(easel);
    let figure = move |look: &Look| {
        curve.with_untracked(|curve| figure::depth(curve, axis.around(figure::decades(curve, &[])), look))
    };
    let missing = missing(store, curve, lens);
    let summary = Memo::new(move |_| curve.with(|curve| depth_summary(curve, lens)) + &missing.get());
    let card = Card {
        chart: Chart::Share,
        legend,
        tools: ().into_any(),
        foot: absent("gap-share", missing),
        table: Arc::new(table),
        summary,
        changes: Box::new(move || {
            curve.with(|_| ());
            axis.track();
        }),
        figure: Box::new(figure),
    };
    show_card(card, easel, lens)
}

/// Says which dots are missing because they are 0, and why they are 0.
fn missing(store: Store, curve: Memo<DepthCurve>, lens: Lens) -> Memo<String> {
    Memo::new(move |_| {
        let code = store.late.get().and(store.code.get_value());
        let gap = code.and_then(|code| curve.with(|curve| store.state.with(|state| (code.gap)(curve, state))));
        gap.map(|gap| format!(" {}", lens.lang.get().gap(&gap))).unwrap_or_default()
    })
}

fn absent(id: &'static str, missing: Memo<String>) -> AnyView {
    note(id, Box::new(move || missing.with(|text| text.trim_start().to_owned())))
}
