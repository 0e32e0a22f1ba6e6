//! The button by which something is measured on demand, and how far that is.

use leptos::prelude::*;

use super::Lens;
use crate::lab::inspection::Subject;
use crate::lab::state::{Edit, EngineState};
use crate::shell::store::Store;

/// The button of a chart with this hook. While a look is under way it does nothing, but keeps the focus.
pub fn measure(hook: &'static str, subject: Memo<Subject>, store: Store, lens: Lens) -> AnyView {
    let ready =
        Memo::new(move |_| store.state.with(|state| state.engine == EngineState::Ready && state.frame.is_some()));
    let share = Memo::new(move |_| store.state.with(|state| state.looks.share(subject.get())));
    let busy = move || share.get().is_some();
    let press = move |_| {
        if share.get_untracked().is_none() {
            lens.edit.run(Edit::Inspect(subject.get_untracked()));
        }
    };
    view! {
        <progress
            max="1"
            hidden=move || !busy()
            aria-label=lens.text("inspect.busy")
            prop:value=move || share.get().unwrap_or_default()
        ></progress>
        <button
            type="button"
            data-testid=format!("measure-{hook}")
            disabled=move || !ready.get()
            aria-busy=move || busy().to_string()
            on:click=press
        >
            {move || lens.lang.get().text(if busy() { "inspect.busy" } else { "inspect.measure" }).to_owned()}
        </button>
    }
    .into_any()
}
