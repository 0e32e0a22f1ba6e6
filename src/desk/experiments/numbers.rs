//! Shows the numbers of an experiment as tables to read, and as files to compute with.

use js_sys::JSON;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::in_lab;
use super::store::ExperimentStore;
use super::watch::choose;
use crate::lab::number::{Number, show};
use crate::lab::spreadsheet::{Spreadsheet, SpreadsheetCell};
use crate::port::page::plain;
use crate::shell::browser::download;
use crate::shell::plot::missing;
use crate::shell::spreadsheet::save_csv;
use crate::shell::view::spreadsheet::spreadsheet_tools;
use crate::study::finding::StudyFinding;
use crate::study::picture::Picture;
use crate::study::report::StudyReport;
use crate::study::table::{Cell, ResultTable};

/// The tables, which open at a click. The worker sends numbers of watched networks only while they are open.
pub(super) fn panel(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let known = Memo::new(move |_| store.with_report(|report| !report.tables.is_empty()));
    let empty = move || !known.get().unwrap_or(false);
    let tables = Memo::new(move |_| {
        let is_open = store.shows_data.get();
        is_open.then(|| store.with_report(|report| report.tables.clone())).flatten().unwrap_or_default()
    });
    let toggle = move |event| {
        store.shows_data.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
        choose(store, |_| ());
    };
    let first = move || untrack(|| store.with_report(|report| report.tables.first().map(spreadsheet))).flatten();
    let save = move |_| {
        if let Some(table) = first() {
            save_csv(&untrack(|| store.shown()), &table);
        }
    };
    let (shown, is_missing) = (NodeRef::new(), missing());
    let save_json = move |_| {
        let text =
            untrack(|| store.with_shown(|sitting| sitting.report.as_ref().map(|report| json(report, &sitting.file))));
        download(
            &format!("{}.json", untrack(|| store.shown())),
            "application/json",
            &text.flatten().unwrap_or_default(),
        );
    };
    view! {
        <section class="panel" id="data" hidden=move || known.get().is_none()>
            <details data-testid="data" open=move || is_missing.get() on:toggle=toggle>
                <summary>{site.text("data")}</summary>
                <div class="buttons">
                    <button type="button" id="csv" data-testid="csv" disabled=empty on:click=save>
                        {site.text("csv")}
                    </button>
                    <button type="button" id="json" data-testid="json" disabled=empty on:click=save_json>
                        {site.text("json")}
                    </button>
                </div>
                {spreadsheet_tools("table", move |_| first(), shown, store.site.lang.into())}
                <div id="tables" node_ref=shown>
                    {move || tables.get().into_iter().map(|one| table(one, store)).collect_view()}
                </div>
            </details>
        </section>
    }
    .into_any()
}

/// A table to read, in which the links of networks open them in the lab.
fn table(table: ResultTable, store: ExperimentStore) -> AnyView {
    let ResultTable { id, columns, rows } = table;
    let lang = store.site.lang.get();
    // Names that come from the file are no keys of texts, and stay as they are.
    let word = |name: &str| {
        let key = format!("experiments.{name}");
        let text = lang.text(&key);
        if text == key { name.to_owned() } else { text.to_owned() }
    };
    let cell = |cell: Cell| match cell {
        Cell::Text(text) if text.starts_with("#v=") => {
            view! { <a href=in_lab(&text, lang)>{store.site.say("open")}</a> }.into_any()
        }
        Cell::Text(text) => text.into_any(),
        Cell::Number(value) => value.map(|Number(value)| show(value)).into_any(),
    };
    let row = |row: Vec<Cell>| {
        let cells = row.into_iter().map(|one| view! { <td>{cell(one)}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    };
    let title = word(&id);
    let label = title.clone();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table data-testid=format!("table-{id}")>
                <caption>{title}</caption>
                <thead>
                    <tr>{columns.iter().map(|name| view! { <th scope="col">{word(name)}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The networks as a table for other programs.
fn spreadsheet(table: &ResultTable) -> Spreadsheet {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => SpreadsheetCell::Text(text.clone()),
        Cell::Number(value) => SpreadsheetCell::Number(value.map(|Number(value)| value)),
    };
    let titles = table.columns.iter().cloned().map(SpreadsheetCell::Text).collect();
    Spreadsheet([titles].into_iter().chain(table.rows.iter().map(|row| row.iter().map(cell).collect())).collect())
}

/// The whole report as JSON, together with the file that it came from.
fn json(report: &StudyReport, file: &str) -> String {
    #[derive(Serialize)]
    struct Everything<'a> {
        file: &'a str,
        findings: &'a [StudyFinding],
        tables: &'a [ResultTable],
        pictures: &'a [Picture],
    }
    let StudyReport { findings, tables, pictures, .. } = report;
    let text = plain(&Everything { file, findings, tables, pictures })
        .and_then(|value| JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from(2)).ok());
    text.map(|text| String::from(text) + "\n").unwrap_or_default()
}
