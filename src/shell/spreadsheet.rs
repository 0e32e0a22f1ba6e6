//! Gives a table to the reader's other programs, with what they take for a number.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ClipboardEvent, HtmlDocument, Node};

use super::browser::{download, keep, kept, select};
use crate::lab::spreadsheet::{DecimalMark, Spreadsheet};

/// Under this key the reader's choice is kept, for every page of the site.
const DECIMALS: &str = "init-lab/decimals";

thread_local! {
    /// In another page's frame nothing can be kept, and the choice is that of the page.
    static CHOSEN: ArcRwSignal<DecimalMark> = ArcRwSignal::new(
        kept(DECIMALS).and_then(|id| DecimalMark::from_id(&id)).unwrap_or_default(),
    );
}

/// What the reader's spreadsheet has before the decimals.
pub fn decimals() -> ArcRwSignal<DecimalMark> {
    CHOSEN.with(Clone::clone)
}

/// Sets what the reader's spreadsheet has before the decimals, now and for later visits.
pub fn choose_decimals(mark: DecimalMark) {
    decimals().set(mark);
    keep(DECIMALS, mark.id());
}

/// Lets the reader save a table under a name, without its ending.
pub fn save_csv(name: &str, table: &Spreadsheet) {
    download(&format!("{name}.csv"), "text/csv", &table.csv(decimals().get_untracked()));
}

/// Puts a table on the clipboard, for spreadsheets and for texts. `shown` is it on the page, with fewer digits. Returns
/// whether the browser allowed it.
///
/// It goes by the event of copying and not by the clipboard's own interface, which frames on other sites have only
/// where their host allows it.
pub fn copy_table(table: &Spreadsheet, shown: &Node) -> bool {
    let mark = decimals().get_untracked();
    let kinds = [("text/plain", table.tabbed(mark)), ("text/html", table.html(mark))];
    let give = Closure::<dyn Fn(ClipboardEvent)>::new(move |event: ClipboardEvent| {
        let Some(data) = event.clipboard_data() else { return };
        if kinds.iter().all(|(kind, text)| data.set_data(kind, text).is_ok()) {
            event.prevent_default();
        }
    });
    let page = document();
    let listener = give.as_ref().unchecked_ref();
    // A browser copies nothing where nothing is selected.
    select(shown);
    let listens = page.add_event_listener_with_callback("copy", listener).is_ok();
    let copied = page.unchecked_ref::<HtmlDocument>().exec_command("copy").unwrap_or(false);
    let _ = page.remove_event_listener_with_callback("copy", listener);
    let copied = listens && copied;
    if copied && let Ok(Some(selection)) = window().get_selection() {
        selection.remove_all_ranges().ok();
    }
    copied
}
