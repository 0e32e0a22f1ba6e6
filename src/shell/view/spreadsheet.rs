//! What takes a table to another program: a button that copies it, and what that program has before the decimals.

use leptos::html::Div;
use leptos::prelude::*;

use crate::lab::lang::Lang;
use crate::lab::spreadsheet::{DecimalMark, Spreadsheet};
use crate::shell::spreadsheet::{choose_decimals, copy_table, decimals};

/// The buttons below a table; `shown` is where it stands, and `hook` ends their names in test hooks.
pub fn spreadsheet_tools(
    hook: &str,
    table: impl Fn(Lang) -> Option<Spreadsheet> + 'static,
    shown: NodeRef<Div>,
    lang: Signal<Lang>,
) -> AnyView {
    let text = move |key: &'static str| move || lang.get().text(key);
    // Nothing was copied yet, it was, or the browser refused.
    let copied = RwSignal::new(None::<bool>);
    let copy = move |_| {
        let table = untrack(|| table(lang.get()));
        copied.set(table.zip(shown.get_untracked()).map(|(table, shown)| copy_table(&table, &shown)));
    };
    let told = move || match copied.get() {
        None => "",
        Some(true) => lang.get().text("spreadsheet.copied"),
        Some(false) => lang.get().text("spreadsheet.refused"),
    };
    let chosen = decimals();
    let choice = |mark: DecimalMark| {
        let chosen = chosen.clone();
        view! {
            <button
                type="button"
                data-testid=format!("decimals-{}-{hook}", mark.id())
                aria-pressed=move || (chosen.get() == mark).to_string()
                on:click=move |_| {
                    choose_decimals(mark);
                    copied.set(None);
                }
            >
                {mark.example()}
            </button>
        }
    };
    view! {
        <div class="spreadsheet">
            <button type="button" class="ghost" data-testid=format!("copy-{hook}") on:click=copy>
                {text("spreadsheet.copy")}
            </button>
            <div
                class="segments"
                role="group"
                aria-label=text("spreadsheet.decimals")
                title=text("spreadsheet.decimals")
            >
                {DecimalMark::ALL.iter().copied().map(choice).collect_view()}
            </div>
            <span role="status">{told}</span>
        </div>
    }
    .into_any()
}
