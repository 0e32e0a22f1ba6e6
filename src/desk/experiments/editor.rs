//! The panel of the experiment's file, in which it can be read, changed and run.

use leptos::prelude::*;

use super::store::ExperimentStore;
use crate::shell::effect::effect;

/// The panel with the file, which opens at a click.
pub(super) fn panel(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let details = NodeRef::<leptos::html::Details>::new();
    let area = NodeRef::<leptos::html::Textarea>::new();
    let busy = Memo::new(move |_| store.with_shown(|sitting| sitting.phase.is_busy()).unwrap_or(false));
    let changed = Memo::new(move |_| store.is_changed());
    let text = Memo::new(move |_| store.text());
    // Shows the reader the line that cannot be read.
    effect(move || {
        let Some(line) = store.line.get() else { return };
        if let (Some(details), Some(area)) = (details.get_untracked(), area.get_untracked()) {
            details.set_open(true);
            if line > 0 {
                let [from, to] = place(&area.value(), line);
                area.focus().ok();
                area.set_selection_range(from, to).ok();
            }
        }
    });
    view! {
        <section class="panel">
            <details id="file" data-testid="file" node_ref=details>
                <summary>{site.text("file")}</summary>
                <p class="hint">{site.text("file-note")}</p>
                <label class="unseen" for="text">
                    {site.text("file")}
                </label>
                <textarea
                    id="text"
                    data-testid="text"
                    rows="24"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    node_ref=area
                    prop:value=move || text.get()
                    on:input=move |event| store.write(Some(event_target_value(&event)))
                ></textarea>
                <div class="buttons">
                    <button
                        type="button"
                        id="run-file"
                        data-testid="run-file"
                        disabled=move || busy.get()
                        on:click=move |_| store.start()
                    >
                        {site.text("run-file")}
                    </button>
                    <button
                        type="button"
                        id="original"
                        data-testid="original"
                        disabled=move || !changed.get()
                        on:click=move |_| store.write(None)
                    >
                        {site.text("original")}
                    </button>
                </div>
            </details>
        </section>
    }
    .into_any()
}

/// The selection that covers a line, counted from 1: its start and its end, counted as the browser counts characters.
fn place(text: &str, line: usize) -> [u32; 2] {
    let length = |text: &str| text.encode_utf16().count() as u32;
    let before: u32 = text.split('\n').take(line - 1).map(|line| length(line) + 1).sum();
    let own = text.split('\n').nth(line - 1).map_or(0, length);
    [before, before + own]
}
