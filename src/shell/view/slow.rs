//! The button for a step in slow motion, and what happens in it, in words.

use std::time::Duration;

use leptos::prelude::*;

use super::Lens;
use super::show::Show;
use crate::lab::number::show;
use crate::lab::slow::SlowPhase;
use crate::lab::state::{Edit, Phase, State};
use crate::shell::effect::effect;

/// The button and the words beside it. Embedded labs have none.
pub fn slow_motion(state: RwSignal<State>, lens: Lens) -> AnyView {
    let offered = Memo::new(move |_| lens.view.with(|view| !view.embed && view.shows_part("step")));
    let (slow, locked) = (Memo::new(move |_| state.with(|state| state.slow)), lens.locks("step"));
    let possible = Memo::new(move |_| {
        state.with(|state| {
            // What is hidden until the student has predicted it is not told layer by layer either.
            state.frame.is_some() && !matches!(state.phase, Phase::Finished(_)) && !state.asks()
        })
    });
    effect(move || {
        if let Some(slow) = slow.get() {
            let timer =
                set_timeout_with_handle(move || lens.edit.run(Edit::Tick), Duration::from_millis(slow.pause())).ok();
            on_cleanup(move || timer.iter().for_each(TimeoutHandle::clear));
        }
    });
    let words = move || {
        let (lang, slow) = (lens.lang.get(), slow.get()?);
        state.with_untracked(|state| {
            let frame = state.frame.as_ref()?;
            let id = slow.layer(frame)?;
            let (layer, metric) = (lang.layer(id), frame.layer(id)?);
            let (key, value) = match slow.phase() {
                SlowPhase::Forward(_) => ("slow.forward", metric.activation_var),
                SlowPhase::Backward(_) => ("slow.backward", metric.gradient_rms),
                SlowPhase::Update => return None,
            };
            let value = value.map_or("–".to_owned(), |value| show(value.0));
            Some(lang.tell(key, &[("step", frame.step.to_string()), ("layer", layer), ("value", value)]))
        })
    };
    view! {
        <Show when=move || offered.get()>
            <button
                type="button"
                class="ghost slow"
                data-testid="slow"
                title=lens.text("slow.hint")
                disabled=move || locked.get() || !possible.get()
                aria-pressed=move || slow.with(Option::is_some).to_string()
                on:click=move |_| lens.edit.run(Edit::Slow(slow.with_untracked(Option::is_none)))
            >
                {lens.text("slow.button")}
            </button>
            <span class="slow-words" data-testid="slow-words">
                {words}
            </span>
        </Show>
    }
    .into_any()
}
