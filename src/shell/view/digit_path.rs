//! A digit on its way through the network: a picture for each hidden layer.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::digits::{answer, picture, sure};
use super::sheet::{Sheet, show_sheet};
use crate::lab::curve::Table;
use crate::lab::digits::{DigitGuesses, DigitPicture, DigitRoute, DigitScale};
use crate::lab::examples::DIGITS;
use crate::lab::state::Edit;
use crate::lab::view::Chart;
use crate::shell::effect::effect;
use crate::shell::pixels::draw_grey;
use crate::shell::store::Store;

/// How many units stand beside each other in a picture.
const COLUMNS: usize = 8;

/// The digit that the reader chose, its pictures, and what the network makes of it in the end.
pub fn digit_path(store: Store, lens: Lens) -> AnyView {
    let scale = RwSignal::new(DigitScale::Input);
    let digit = Memo::new(move |_| store.state.with(|state| state.examples.digit));
    // The state changes with every frame, and a picture only a few times a second.
    let path = Memo::new(move |_| store.state.with(|state| state.examples.path.clone()));
    let route =
        Memo::new(move |_| path.with(|path| path.as_ref().map(|path| DigitRoute::new(digit.get(), path, scale.get()))));
    let guesses = Memo::new(move |_| store.state.with(DigitGuesses::new));
    let count = Memo::new(move |_| route.with(|route| route.as_ref().map_or(0, |route| route.pictures.len())));
    let summary = Memo::new(move |_| {
        let lang = lens.lang.get();
        let words = route.with(|route| match route {
            Some(route) => (route.words(lang), Some(route.step)),
            None => (lang.text("digits.none").to_owned(), None),
        });
        match words {
            (words, Some(step)) if store.state.with(|state| state.past.is_some()) => {
                format!("{} {words}", lang.tell("digits.older", &[("step", step.to_string())]))
            }
            (words, _) => words,
        }
    });
    let body = view! {
        <div class="digit-path" role="group" aria-label=move || summary.get()>
            <figure class="ends">
                {move || picture(digit.get())} <figcaption>
                    <b>{move || digit.get()}</b>
                </figcaption>
            </figure>
            {move || (0..count.get()).map(|place| layer(place, route, lens)).collect_view()}
            <figure class="ends">
                <figcaption>
                    {lens.text("digits.answer")} <b>{move || guesses.with(|guesses| answer(guesses, digit.get()))}</b>
                    {move || guesses.with(|guesses| sure(guesses, digit.get()))}
                </figcaption>
            </figure>
        </div>
    };
    let empty = || Table::new(&[], Vec::new());
    let sheet = Sheet {
        chart: Chart::Path,
        tools: view! {
            {choose(digit, lens)}
            {scales(scale, lens)}
        }
        .into_any(),
        body: body.into_any(),
        summary,
        brief: false,
        table: Some(Arc::new(move || route.with(|route| route.as_ref().map_or_else(empty, DigitRoute::table)))),
    };
    show_sheet(sheet, lens)
}

/// The choice of a digit, which arrow keys go through.
fn choose(digit: Memo<usize>, lens: Lens) -> AnyView {
    let option = move |choice: usize| {
        view! {
            <label>
                <input
                    type="radio"
                    name="digit"
                    data-testid=format!("follow-{choice}")
                    prop:checked=move || digit.get() == choice
                    on:change=move |_| lens.edit.run(Edit::Digit(choice))
                />
                <span>{choice}</span>
            </label>
        }
    };
    view! {
        <div class="segments" role="radiogroup" aria-label=lens.text("digits.choose")>
            {(0..DIGITS).map(option).collect_view()}
        </div>
    }
    .into_any()
}

/// The choice of the scale.
fn scales(scale: RwSignal<DigitScale>, lens: Lens) -> AnyView {
    let option = |choice: &DigitScale| {
        let (id, choice) = (choice.id(), *choice);
        view! {
            <button
                type="button"
                data-testid=format!("digit-scale-{id}")
                aria-pressed=move || (scale.get() == choice).to_string()
                on:click=move |_| scale.set(choice)
            >
                {lens.words(format!("chart.digit-path-{id}"))}
            </button>
        }
    };
    view! {
        <div class="segments" role="group">
            {DigitScale::ALL.iter().map(option).collect_view()}
        </div>
    }
    .into_any()
}

/// The picture of a layer.
fn layer(place: usize, route: Memo<Option<DigitRoute>>, lens: Lens) -> AnyView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    effect(move || {
        let Some(canvas) = canvas.get() else { return };
        route.with(|route| {
            let Some(picture) = route.as_ref().and_then(|route| route.pictures.get(place)) else { return };
            let levels = picture.pixels.iter().map(|pixel| 0.5 + 0.5 * pixel);
            draw_grey(&canvas, levels, COLUMNS.min(picture.pixels.len()));
        });
    });
    let told = move |tell: &dyn Fn(&DigitRoute, &DigitPicture) -> String| {
        route.with(|route| {
            let route = route.as_ref()?;
            Some(tell(route, route.pictures.get(place)?))
        })
    };
    let number = |_: &DigitRoute, picture: &DigitPicture| {
        picture.layer.number().map(|number| number.to_string()).unwrap_or_default()
    };
    let lost = move || route.with(|route| route.as_ref().is_some_and(|route| route.is_lost(place)));
    view! {
        <figure class:lost=lost title=move || told(&|_, picture| lens.lang.get().layer(picture.layer))>
            <canvas aria-hidden="true" node_ref=canvas></canvas>
            <figcaption>
                <b>{move || told(&number)}</b>
                {move || told(&DigitRoute::caption)}
            </figcaption>
        </figure>
    }
    .into_any()
}
