//! The list of all runs of this tab.

use leptos::prelude::*;

use super::Lens;
use super::chips::swatch;
use super::show::Show;
use super::spark::spark;
use crate::lab::number::show;
use crate::lab::runs::KeptRun;
use crate::lab::state::{Edit, RunEdit, State};

/// The list of all runs of this tab, to be opened. Embedded labs have none.
pub fn run_list(state: RwSignal<State>, lens: Lens) -> AnyView {
    let any = Memo::new(move |_| state.with(|state| !state.lab.view.embed && !state.runs.list().is_empty()));
    let open = RwSignal::new(false);
    let rows =
        move || state.with(|state| state.runs.list().iter().rev().map(|run| row(run, state, lens)).collect_view());
    let table = move || {
        let head = ["runs.run", "runs.curve", "runs.steps", "runs.loss", "runs.accuracy"]
            .map(|key| view! { <th scope="col">{lens.text(key)}</th> });
        view! {
            <p>{lens.text("runs.list-note")}</p>
            <div class="data run-list" tabindex="0">
                <table data-testid="run-list">
                    <thead>
                        <tr>{head.into_iter().collect_view()}<td></td></tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    };
    view! {
        <Show when=move || any.get()>
            <details
                class="theory"
                data-testid="all-runs"
                on:toggle=move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"))
            >
                <summary>{lens.text("runs.list")}</summary>
                {move || if open.get() { table().into_any() } else { ().into_any() }}
            </details>
        </Show>
    }
    .into_any()
}

fn row(run: &KeptRun, state: &State, lens: Lens) -> AnyView {
    let (id, record) = (run.id, &run.record);
    let pin = state.lab.pins.iter().find(|pin| run.is_pinned_as(pin));
    let letter = pin.map(|pin| pin.letter);
    let lang = lens.lang.get();
    let name = lang.run(pin.map_or("", |pin| &pin.name), &record.spec);
    let loss = record.val_loss.last().or(record.loss.last()).map_or("–".to_owned(), |(_, loss)| show(loss));
    let accuracy =
        record.last_accuracy().map_or("–".to_owned(), |share| format!("{} %", show((100.0 * share).round())));
    let action = |key: &str, part: &str, edit: RunEdit| {
        let label = format!("{}: {name}", lang.text(key));
        view! {
            <button
                type="button"
                class="plain"
                data-testid=format!("kept-{id}-{part}")
                aria-label=label
                on:click=move |_| lens.edit.run(Edit::Run(edit.clone()))
            >
                {lang.text(key).to_owned()}
            </button>
        }
    };
    view! {
        <tr data-row=id>
            <th scope="row" title=lang.differences(&record.spec)>
                {letter
                    .map(|letter| {
                        view! {
                            {swatch(Some(letter))}
                            <b>{letter.capital()}</b>
                            " "
                        }
                    })}
                {name.clone()}
            </th>
            <td>{spark(&record.loss)}</td>
            <td>{record.step().map_or("–".to_owned(), |step| step.to_string())}</td>
            <td>{loss}</td>
            <td>{accuracy}</td>
            <td>
                {letter.is_none().then(|| action("runs.pin-kept", "pin", RunEdit::PinKept(id)))}
                {action("runs.open", "open", RunEdit::ReopenKept(id))}
                {action("runs.delete", "delete", RunEdit::Forget(id))}
            </td>
        </tr>
    }
    .into_any()
}
