//! The buttons of a chart beside its title.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::table::Numbers;
use crate::shell::browser::download;

/// A button of a chart that shows something below it or puts it away: its name in test hooks and texts, and its icon.
pub fn toggle_button(
    hook: &'static str,
    [name, icon]: [&'static str; 2],
    on: RwSignal<bool>,
    hidden: Memo<bool>,
    lens: Lens,
) -> AnyView {
    let text = lens.words(format!("chart.{name}"));
    view! {
        <button
            type="button"
            class="ghost"
            data-testid=format!("{name}-{hook}")
            hidden=move || hidden.get()
            title=text.clone()
            aria-label=text
            aria-expanded=move || on.get().to_string()
            on:click=move |_| on.update(|on| *on = !*on)
        >
            <Icon name=icon />
        </button>
    }
    .into_any()
}

/// The button that saves the numbers of a chart as a file.
pub fn file_button(hook: &'static str, file: Numbers, hidden: Memo<bool>, lens: Lens) -> AnyView {
    view! {
        <button
            type="button"
            class="ghost"
            data-testid=format!("csv-{hook}")
            hidden=move || hidden.get()
            title=lens.text("chart.csv")
            aria-label=lens.text("chart.csv")
            on:click=move |_| download(&format!("init-lab-{hook}.csv"), "text/csv", &untrack(|| file()).csv())
        >
            <Icon name="file" />
        </button>
    }
    .into_any()
}
