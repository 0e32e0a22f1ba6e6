//! Three things to do first, each put away by doing it.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use crate::lab::derivation::Derivation;
use crate::lab::prediction::sigma;
use crate::shell::browser;
use crate::shell::effect::effect;
use crate::shell::store::Store;

/// What a reader is led to, by the key of its words.
const HINTS: [&str; 3] = ["level", "play", "scheme"];
/// Up to how many powers of ten the signal may change for its line to be level.
const LEVEL: f64 = 0.5;

/// The hints. They are gone once all was done or they were put away, and come back on no later visit.
pub fn hints(store: Store, lens: Lens) -> AnyView {
    let kept = browser::kept_hints();
    let done = HINTS.map(|hint| RwSignal::new(kept.iter().any(|kept| kept == hint)));
    let [level, play, scheme] = done;
    let first = lens.spec.with_untracked(|spec| (sigma(spec).hidden, spec.start.scheme));
    effect(move || {
        if level.get_untracked() && scheme.get_untracked() {
            return;
        }
        let found = lens.spec.with(|spec| store.prediction.with(|theory| Derivation::new(spec, theory)));
        let now = lens.spec.with_untracked(|spec| (sigma(spec).hidden, spec.start.scheme));
        if now.0 != first.0 && found.is_some_and(|found| found.exponent.abs() < LEVEL) {
            level.set(true);
        }
        if now.1 != first.1 {
            scheme.set(true);
        }
    });
    effect(move || {
        if store.state.with(|state| state.record.is_trained()) {
            play.set(true);
        }
    });
    Effect::new(move |before: Option<()>| {
        let names: Vec<&str> =
            HINTS.into_iter().zip(done).filter(|(_, done)| done.get()).map(|(hint, _)| hint).collect();
        if before.is_some() {
            browser::keep_hints(&names);
        }
    });
    let any = Memo::new(move |_| done.iter().any(|done| !done.get()));
    let items = HINTS.into_iter().zip(done).map(|(hint, done)| {
        view! {
            <li class:done=move || done.get() data-testid=format!("hint-{hint}")>
                {lens.words(format!("hints.{hint}"))}
                <span class="unseen">{move || done.get().then(|| lens.lang.get().text("hints.done").to_owned())}</span>
            </li>
        }
    });
    let items = items.collect_view();
    let put_away = move |_| done.iter().for_each(|done| done.set(true));
    view! {
        <div class="hints" data-testid="hints" hidden=move || !any.get()>
            <ol>{items}</ol>
            <button
                type="button"
                class="ghost"
                data-testid="hints-away"
                title=lens.text("hints.away")
                aria-label=lens.text("hints.away")
                on:click=put_away
            >
                <Icon name="close" />
            </button>
        </div>
    }
    .into_any()
}
