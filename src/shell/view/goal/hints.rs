//! Hints for a challenge, one at a time. They follow from the verdict and from what would do, within what the goal
//! allows.

use leptos::prelude::*;

use super::super::Lens;
use super::super::diagnosis::look_on;
use crate::lab::clue::{CLUES, clues};
use crate::lab::diagnosis::diagnose;
use crate::lab::lang::Lang;
use crate::lab::remedy::{Remedy, Search};
use crate::lab::state::State;
use crate::shell::effect::effect;

/// The button, and the hints that were asked for. Another network or another verdict begins again with the first.
pub(super) fn hints(state: RwSignal<State>, lens: Lens) -> AnyView {
    let shown = RwSignal::new(0);
    let remedy = RwSignal::new(None::<Remedy>);
    let verdict = Memo::new(move |_| state.with(|state| (state.run, diagnose(state).verdict)));
    let searched = StoredValue::new(None);
    effect(move || {
        verdict.get();
        shown.set(0);
        remedy.set(None);
    });
    let next = move |_| {
        shown.update(|count| *count = (*count + 1).min(CLUES));
        let now = verdict.get_untracked();
        if searched.get_value() == Some(now) {
            return;
        }
        searched.set_value(Some(now));
        let search = state.with_untracked(|state| {
            let search = Search::new(state.spec(), now.1, state.initial.as_ref())?;
            Some(search.within(&state.lab.view.bounds))
        });
        if let Some(search) = search {
            look_on(search, move || verdict.try_get_untracked() == Some(now), move |found| drop(remedy.try_set(found)));
        }
    };
    let told = move |lang: Lang| {
        let verdict = verdict.get().1;
        state.with_untracked(|state| {
            let task = state.lab.task.as_ref()?;
            Some(remedy.with(|remedy| clues(task, state.spec(), verdict, remedy.as_ref(), lang)))
        })
    };
    let items = move || {
        let count = shown.get();
        let told = if count > 0 { told(lens.lang.get()) } else { None };
        told.into_iter().flatten().take(count).map(|hint| view! { <li>{hint}</li> }).collect_view()
    };
    let all = move || shown.get() == CLUES;
    view! {
        <div class="clues">
            <ol aria-live="polite" data-testid="goal-hints">
                {items}
            </ol>
            <button type="button" class="plain" data-testid="goal-hint" hidden=all on:click=next>
                {move || lens.lang.get().text(if shown.get() == 0 { "goal.hint" } else { "goal.next" }).to_owned()}
            </button>
        </div>
    }
    .into_any()
}
