//! Checks many completion codes: a field for the lines of a class, and a table of what their runs gave.

use leptos::prelude::*;

use super::super::Lens;
use super::super::show::Show;
use crate::lab::roster::{MOST_CODES, Roster, RosterEdit, RosterRow};
use crate::lab::state::{Edit, State};
use crate::shell::browser::download;

/// The columns of the table, by the keys of their names.
const COLUMNS: [&str; 6] =
    ["roster.line", "roster.name", "roster.challenge", "roster.claimed", "roster.found", "roster.result"];

/// The field, and the table once there are lines.
pub(super) fn many(state: RwSignal<State>, lens: Lens) -> AnyView {
    let typed = RwSignal::new(String::new());
    let change = move |edit: RosterEdit| lens.edit.run(Edit::Roster(edit));
    // While a network trains, the state changes with every frame, and the table with every run. It is read and not only
    // tracked, because a memo that nobody reads is not computed.
    let stamp = Memo::new(move |_| state.with(|state| (state.roster.stamp, state.roster.rows.len())));
    let about = move |read: fn(&Roster) -> bool| {
        Memo::new(move |_| {
            stamp.get();
            state.with_untracked(|state| read(&state.roster))
        })
    };
    let has_rows = about(|roster| !roster.rows.is_empty());
    let is_running = about(Roster::is_running);
    let has_more = about(|roster| roster.is_stopped && roster.done() < roster.runs.len());
    let is_empty = Memo::new(move |_| typed.with(|text| text.trim().is_empty()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        change(RosterEdit::Begin(typed.get_untracked()));
    };
    let save = move |_| {
        let text = state.with_untracked(|state| state.roster.csv(lens.lang.get_untracked()));
        download("init-lab-codes.csv", "text/csv", &text);
    };
    let progress = move || {
        stamp.get();
        let lang = lens.lang.get();
        state.with_untracked(|state| {
            let Roster { runs, cut, .. } = &*state.roster;
            let done = state.roster.done().to_string();
            let told = lang.tell("roster.progress", &[("done", done), ("runs", runs.len().to_string())]);
            let counts = [("cut", cut.to_string()), ("most", MOST_CODES.to_string())];
            if *cut == 0 { told } else { format!("{told} {}", lang.tell("roster.cut", &counts)) }
        })
    };
    let button = move |key: &'static str, edit: fn() -> RosterEdit| {
        let id = key.replace('.', "-");
        view! {
            <button type="button" data-testid=id on:click=move |_| change(edit())>
                {lens.text(key)}
            </button>
        }
    };
    let results = move || {
        view! {
            <div class="row">
                <span role="status" data-testid="roster-progress">
                    {progress}
                </span>
                <Show when=move || is_running.get()>{button("roster.stop", || RosterEdit::Stop)}</Show>
                <Show when=move || has_more.get()>{button("roster.go-on", || RosterEdit::GoOn)}</Show>
                <button type="button" data-testid="roster-csv" on:click=save>
                    {lens.text("roster.csv")}
                </button>
            </div>
            {table(stamp, state, lens)}
        }
    };
    view! {
        <details class="roster" data-testid="roster">
            <summary>{lens.text("roster.open")}</summary>
            <form on:submit=submit>
                <label for="roster-codes">{lens.text("roster.hint")}</label>
                <textarea
                    id="roster-codes"
                    rows="4"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    data-testid="roster-codes"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                ></textarea>
                <button type="submit" data-testid="roster-run" disabled=move || is_empty.get() || is_running.get()>
                    {lens.text("roster.run")}
                </button>
            </form>
            <Show when=move || has_rows.get()>{results()}</Show>
        </details>
    }
    .into_any()
}

/// The table, a row for each line.
fn table(stamp: Memo<(usize, usize)>, state: RwSignal<State>, lens: Lens) -> AnyView {
    let head = COLUMNS.map(|key| view! { <th scope="col">{lens.text(key)}</th> }).into_iter().collect_view();
    let row = move |at: usize, row: &RosterRow, roster: &Roster| {
        let told = lens.lang.get().roster_row(roster, row);
        let name = row.name.clone();
        view! {
            <tr data-testid=format!("roster-{}", at + 1) data-result=told.result>
                <td>{at + 1}</td>
                <th scope="row">{name}</th>
                <td>{told.challenge}</td>
                <td>{told.claimed}</td>
                <td>{told.found}</td>
                <td>{told.why}</td>
            </tr>
        }
    };
    let rows = move || {
        stamp.get();
        state.with_untracked(|state| {
            let roster = &*state.roster;
            roster.rows.iter().enumerate().map(|(at, one)| row(at, one, roster)).collect_view()
        })
    };
    view! {
        <div class="data" tabindex="0" role="region" aria-label=lens.text("roster.table")>
            <table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
