//! The verdict: what the measurements say, the numbers they rest on, and a start that would do.

use leptos::prelude::*;

use super::Lens;
use crate::lab::diagnosis::diagnose;
use crate::lab::remedy::remedy;
use crate::lab::state::{Edit, State};

/// The verdict in sentences, with a button where there is a remedy.
#[component]
pub fn Verdict(
    /// The page's state.
    state: RwSignal<State>,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let shown = lens.shows("diagnosis");
    let found = Memo::new(move |_| state.with(diagnose));
    let waiting = Memo::new(move |_| state.with(|state| state.frame.is_none()));
    let title = move || lens.lang.get().text(&format!("verdict.{}", found.with(|found| found.verdict.id()))).to_owned();
    let sentences = move || {
        let lang = lens.lang.get();
        found.with(|found| found.sentences.iter().map(|sentence| lang.sentence(sentence)).collect::<Vec<_>>().join(" "))
    };
    // A remedy is looked for once a run and verdict, not at every frame; and a button that is made anew
    // at each finding would lose the press that is under way.
    let verdict = Memo::new(move |_| (state.with(|state| state.run), found.with(|found| found.verdict)));
    let fix = Memo::new(move |_| {
        let (_, verdict) = verdict.get();
        lens.spec.with(|spec| state.with_untracked(|state| remedy(spec, verdict, state.initial.as_ref())))
    });
    let apply = move |_| {
        if let Some(remedy) = fix.get_untracked() {
            lens.edit.run(Edit::Remedy(remedy.edits));
        }
    };
    view! {
        <Show when=move || shown.get()>
            <section
                class="verdict"
                class:waiting=move || waiting.get()
                data-testid="diagnosis"
                data-verdict=move || found.with(|found| found.verdict.id())
                aria-live="polite"
            >
                <div>
                    <h2>{title}</h2>
                    <p>{sentences}</p>
                </div>
                {move || fix.get().map(|remedy| view! {
                    <button type="button" class="plain" data-testid="fix" on:click=apply>
                        {move || lens.lang.get().remedy(&remedy.label)}
                    </button>
                })}
            </section>
        </Show>
    }
}
