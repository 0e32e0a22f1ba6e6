//! The question that the present settings ask, as a sentence: what a student reads first.

use leptos::prelude::*;

use super::Lens;
use super::frame::Easel;
use super::later::{LatePart, later};
use super::show::Show;
use crate::lab::catalog;
use crate::lab::question::question;
use crate::shell::store::Store;

/// Shows the sentence and, in a prepared lab, what to look at.
#[component]
pub fn Question(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let shown = lens.shows("question");
    let part =
        move |part: usize| move || lens.spec.with(|spec| std::mem::take(&mut question(spec, lens.lang.get())[part]));
    let note = move || {
        let experiment = store.lab.with(|lab| lab.experiment).and_then(catalog::find)?;
        Some(lens.lang.get().advice(experiment.id))
    };
    // A prepared lab says itself what to do.
    let led =
        Memo::new(move |_| store.lab.with(|lab| lab.experiment.is_none() && !lab.view.embed && !lab.spec.is_toy()));
    view! {
        <Show when=move || shown.get()>
            <div class="question">
                <h1 data-testid="question">{part(0)} <b>{part(1)}</b> {part(2)}</h1>
                {move || note().map(|note| view! { <p class="note">{note}</p> })}
                <Show when=move || led.get()>{later(LatePart::Hints, store, easel, lens)}</Show>
            </div>
        </Show>
    }
}
