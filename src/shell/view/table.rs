//! Shows a chart's numbers as a table, for screen readers and for whoever wants them exactly.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::spreadsheet::spreadsheet_tools;
use crate::lab::curve::Table;
use crate::lab::number::show;

/// Makes the table of a chart. It is called only while the table is looked at.
pub type Numbers = Arc<dyn Fn() -> Table + Send + Sync>;

/// The table of one chart.
#[component]
pub fn Data(id: &'static str, caption: Memo<String>, table: Numbers, lens: Lens) -> impl IntoView {
    let (now, copied) = (table.clone(), table.clone());
    let shown = NodeRef::new();
    let head = move || {
        let (lang, Table { columns, others, .. }) = (lens.lang.get(), now());
        let titles = columns.iter().map(|key| lang.text(&format!("table.{key}")).to_owned());
        let others = others.into_iter().map(|mark| lang.mark(mark));
        titles.chain(others).map(|title| view! { <th scope="col">{title}</th> }).collect_view()
    };
    let body = move || {
        let lang = lens.lang.get();
        let rows = table().rows.into_iter().map(|(label, values)| {
            let cells = values.into_iter().map(|value| view! { <td>{value.map_or("–".to_owned(), show)}</td> });
            view! {
                <tr data-row=label.id()>
                    <th scope="row">{lang.row(&label)}</th>
                    {cells.collect_view()}
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <div class="data" tabindex="0" node_ref=shown>
            <table data-testid=format!("data-{id}")>
                <caption>{move || caption.get()}</caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        {spreadsheet_tools(id, move |lang| Some(copied().in_words(lang)), shown, lens.lang.into())}
    }
}
