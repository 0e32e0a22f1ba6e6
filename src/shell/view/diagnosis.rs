//! The verdict: what the measurements say, the numbers they rest on, and a start that would do.

use leptos::prelude::*;

use super::Lens;
use crate::lab::diagnosis::diagnose;
use crate::lab::number::show;
use crate::lab::prediction::sigma;
use crate::lab::spec::{Scheme, Spec};
use crate::lab::state::{Edit, State};

/// The σ that GPT-2 starts with.
const GPT2_STD: f64 = 0.02;

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
    // By id: a button that is made anew at each finding would lose the press that is under way.
    let fix = Memo::new(move |_| found.with(|found| found.fix.map_or("", Scheme::id)));
    let label = move |scheme: Scheme| {
        let lang = lens.lang.get();
        let name = lang.text(&format!("option.init.{}", scheme.id())).to_owned();
        let std = lens.spec.with(|spec| sigma(&mended(spec, scheme)).hidden);
        lang.fill("verdict.fix", &[("scheme", &name), ("std", &show(std))])
    };
    let apply = move |_| {
        if let Some(scheme) = Scheme::from_id(fix.get_untracked()) {
            if scheme.uses_std() {
                lens.edit.run(Edit::Knob("std", GPT2_STD.to_string()));
            }
            lens.edit.run(Edit::Knob("init", scheme.id().to_owned()));
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
                {move || Scheme::from_id(fix.get()).map(|scheme| view! {
                    <button type="button" class="plain" data-testid="fix" on:click=apply>{label(scheme)}</button>
                })}
            </section>
        </Show>
    }
}

/// The spec with the remedy applied, to tell its σ before anybody presses the button.
fn mended(spec: &Spec, scheme: Scheme) -> Spec {
    let std = if scheme.uses_std() { GPT2_STD } else { spec.std };
    Spec { scheme, std, gain: None, ..spec.clone() }
}
