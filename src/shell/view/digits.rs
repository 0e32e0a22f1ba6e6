//! The strip of ten held-out digits, with what the network takes them for now.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::sheet::{Sheet, show_sheet};
use crate::lab::digits::{DigitGuesses, percent};
use crate::lab::examples::DIGITS;
use crate::lab::lang::Lang;
use crate::lab::state::Edit;
use crate::lab::view::Chart;
use crate::science::data::ten;
use crate::shell::effect::effect;
use crate::shell::pixels::draw_grey;
use crate::shell::store::Store;

/// The strip. Each digit is a button that lets it be followed through the layers, where the reader may add charts.
pub fn digits(store: Store, lens: Lens) -> AnyView {
    let guesses = Memo::new(move |_| store.state.with(DigitGuesses::new));
    let chosen = Memo::new(move |_| store.state.with(|state| state.examples.digit));
    let followed = Memo::new(move |_| lens.view.with(|view| view.shows_chart(Chart::Path)));
    let can_add = Memo::new(move |_| lens.view.with(|view| !view.embed && !view.chooses_charts()));
    let cell = move |digit: usize| {
        let press = move |_| {
            let again = followed.get_untracked() && chosen.get_untracked() == digit;
            lens.edit.run(Edit::Digit(digit));
            if can_add.get_untracked() && (again || !followed.get_untracked()) {
                let charts = lens.view.with_untracked(|view| {
                    lens.spec.with_untracked(|spec| view.charts_with(spec, Chart::Path, !again))
                });
                lens.edit.run(Edit::Charts(charts));
            }
        };
        let fate = move || guesses.with(|guesses| guesses.is_right(digit));
        view! {
            <button
                type="button"
                class="digit"
                class:right=move || fate() == Some(true)
                class:wrong=move || fate() == Some(false)
                data-testid=format!("digit-{digit}")
                disabled=move || !followed.get() && !can_add.get()
                aria-pressed=move || (followed.get() && chosen.get() == digit).to_string()
                title=lens.text("digits.follow")
                on:click=press
            >
                {picture(digit)}
                // What is seen is signs, which nobody would understand by ear.
                <b class="unseen">{move || guesses.with(|guesses| spoken(guesses, digit, lens.lang.get()))}</b>
                <span aria-hidden="true">{move || guesses.with(|guesses| answer(guesses, digit))}</span>
                <small aria-hidden="true">{move || guesses.with(|guesses| sure(guesses, digit))}</small>
            </button>
        }
    };
    let sheet = Sheet {
        chart: Chart::Digits,
        tools: ().into_any(),
        body: view! { <div class="digit-strip">{(0..DIGITS).map(cell).collect_view()}</div> }.into_any(),
        summary: Memo::new(move |_| guesses.with(|guesses| guesses.words(lens.lang.get()))),
        brief: true,
        table: Some(Arc::new(move || guesses.with(DigitGuesses::table))),
    };
    show_sheet(sheet, lens)
}

/// The picture of a digit, white on black.
pub fn picture(digit: usize) -> AnyView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    effect(move || {
        if let Some(canvas) = canvas.get() {
            draw_grey(&canvas, ten::picture(digit).into_iter(), 8);
        }
    });
    view! { <canvas aria-hidden="true" node_ref=canvas></canvas> }.into_any()
}

/// The network's answer, and by a sign whether it is right.
pub fn answer(guesses: &DigitGuesses, digit: usize) -> String {
    match guesses.guesses.get(digit) {
        None => String::new(),
        Some(guess) => match guess.class {
            None => "?".to_owned(),
            Some(class) => format!("{class}\u{2009}{}", if class == digit { "✓" } else { "✗" }),
        },
    }
}

/// How sure the network is of its answer.
pub fn sure(guesses: &DigitGuesses, digit: usize) -> String {
    guesses.guesses.get(digit).map(|guess| format!("{} %", percent(guess.probability.0))).unwrap_or_default()
}

/// The same for a screen reader.
fn spoken(guesses: &DigitGuesses, digit: usize, lang: Lang) -> String {
    let guess = guesses.guesses.get(digit);
    let class = guess.and_then(|guess| guess.class);
    let key = match (guess, class) {
        (None, _) => "digits.one",
        (Some(_), None) => "digits.one-open",
        (Some(_), Some(class)) if class == digit => "digits.one-right",
        (Some(_), Some(_)) => "digits.one-wrong",
    };
    let share = guess.map(|guess| percent(guess.probability.0)).unwrap_or_default();
    let class = class.map(|class| class.to_string()).unwrap_or_default();
    lang.tell(key, &[("digit", digit.to_string()), ("class", class), ("share", share)])
}
