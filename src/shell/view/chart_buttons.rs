//! The buttons of a chart beside its title.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::table::Numbers;
use crate::shell::spreadsheet::save_csv;

/// A button of a chart that shows something below it or puts it away: its name in test hooks and texts, and its icon.
pub fn toggle_button(
    hook: &'static str,
    [name, icon]: [&'static str; 2],
    on: RwSignal<bool>,
    hidden: Memo<bool>,
    lens: Lens,
) -> AnyView {
    let press = move || on.update(|on| *on = !*on);
    icon_button([name, icon], hook, Some(on), hidden, Box::new(press), lens)
}

/// The button that saves the numbers of a chart as a file.
pub fn file_button(hook: &'static str, file: Numbers, hidden: Memo<bool>, lens: Lens) -> AnyView {
    let press = move || save_csv(&format!("init-lab-{hook}"), &untrack(|| file()).for_programs());
    icon_button(["csv", "file"], hook, None, hidden, Box::new(press), lens)
}

/// A button without words; `expanded` is what it unfolds, if it does.
fn icon_button(
    [name, icon]: [&'static str; 2],
    hook: &'static str,
    expanded: Option<RwSignal<bool>>,
    hidden: Memo<bool>,
    press: Box<dyn Fn()>,
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
            aria-expanded=move || expanded.map(|on| on.get().to_string())
            on:click=move |_| press()
        >
            <Icon name=icon />
        </button>
    }
    .into_any()
}
