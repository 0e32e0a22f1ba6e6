//! The lines that a GPT writes while it learns.

use leptos::prelude::*;

use super::Lens;
use super::sheet::{Sheet, show_sheet};
use crate::lab::examples::WrittenLine;
use crate::lab::view::Chart;
use crate::shell::store::Store;

/// The list of lines, the newest last.
pub fn lines(store: Store, lens: Lens) -> AnyView {
    let lines = Memo::new(move |_| store.state.with(|state| state.examples.lines.clone()));
    let summary = Memo::new(move |_| {
        let lang = lens.lang.get();
        store
            .state
            .with(|state| if state.examples.lines.is_empty() { state.examples.words(lang) } else { String::new() })
    });
    let row = move |line: WrittenLine| {
        let WrittenLine { step, text } = line;
        let label = move || lens.lang.get().tell("lines.step", &[("step", step.to_string())]);
        view! {
            <li>
                <span>{label}</span>
                <code>{text}</code>
            </li>
        }
    };
    let list = view! {
        <ol class="lines" data-testid="lines-list">
            <For each=move || lines.get() key=|line| (line.step, line.text.clone()) children=row />
        </ol>
    };
    let sheet =
        Sheet { chart: Chart::Lines, tools: ().into_any(), body: list.into_any(), summary, brief: true, table: None };
    show_sheet(sheet, lens)
}
