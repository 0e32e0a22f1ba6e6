//! The verdict: what the measurements say, the numbers they rest on, and a start that would do.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::Lens;
use super::show::Show;
use crate::lab::diagnosis::{Diagnosis, Moment, Sentence, Verdict as Found, diagnose};
use crate::lab::lang::Lang;
use crate::lab::remedy::{Remedy, Search};
use crate::lab::state::{Edit, State};
use crate::port::page::now;
use crate::shell::effect::effect;

/// How long the verdict must stand before it is announced: dragging a slider starts one run after another.
const REST: Duration = Duration::from_millis(700);

/// How long nothing must have been dragged before a remedy is looked for.
const PAUSE: Duration = Duration::from_millis(200);

/// How long the search for a remedy may keep the page busy without a break, in milliseconds.
const TURN: f64 = 8.0;

/// Shows the verdict in sentences, with a button where there is a remedy.
pub fn verdict(state: RwSignal<State>, lens: Lens) -> AnyView {
    let shown = lens.shows("diagnosis");
    // At the step that the reader looks at, the verdict is what it was there.
    let found =
        Memo::new(move |_| state.with(|state| state.then().map_or_else(|| diagnose(state), |then| diagnose(&then))));
    let waiting = Memo::new(move |_| state.with(|state| state.frame.is_none()));
    let qualified = Memo::new(move |_| found.with(|found| !found.verdict.is_fault() && !found.is_good()));
    let title = move || found.with(|found| heading(found, lens.lang.get()));
    // The first sentence is about now; why that is so stands one step further, open or not as the reader left it. Of a
    // blow-up the cause is what one has to know.
    let seen = |found: &Diagnosis| if found.verdict == Found::Diverged { found.sentences.len() } else { 1 };
    let first = move || found.with(|found| said(found.sentences.iter().take(seen(found)), lens.lang.get()));
    let reasons =
        Memo::new(move |_| found.with(|found| said(found.sentences.iter().skip(seen(found)), lens.lang.get())));
    let spoken = announce(state, found);
    mark_page(found);
    let fix = offer(state, found);
    // In a challenge the fix would be the answer, so it comes when the goal is reached; until then there are hints.
    let is_open = Memo::new(move |_| state.with(State::seeks));
    let apply = move |_| {
        if let Offer::Found(remedy) = fix.get_untracked() {
            lens.edit.run(Edit::Remedy(remedy.edits));
        }
    };
    view! {
        <Show when=move || shown.get()>
            <section
                class="verdict"
                class:waiting=move || waiting.get()
                class:qualified=move || qualified.get()
                data-testid="diagnosis"
                data-verdict=move || found.with(|found| found.verdict.id())
            >
                <div>
                    <h2>
                        <i aria-hidden="true"></i>
                        {title}
                    </h2>
                    <p>{first}</p>
                    <details data-testid="reasons" hidden=move || reasons.with(String::is_empty)>
                        <summary>{lens.text("verdict-why")}</summary>
                        <p>{move || reasons.get()}</p>
                    </details>
                </div>
                {move || match fix.get() {
                    _ if is_open.get() => ().into_any(),
                    Offer::Nothing => ().into_any(),
                    Offer::Searched => {
                        // What is below does not move when the button comes.
                        view! {
                            <div class="remedy coming" aria-hidden="true">
                                <button type="button" class="plain" disabled>
                                    "\u{a0}"
                                </button>
                                <p>"\u{a0}"</p>
                            </div>
                        }
                            .into_any()
                    }
                    Offer::Found(Remedy { label, effect, .. }) => {
                        view! {
                            <div class="remedy">
                                <button type="button" class="plain" data-testid="fix" on:click=apply>
                                    {move || lens.lang.get().remedy(&label)}
                                </button>
                                <p data-testid="fix-effect">{move || lens.lang.get().part(&effect)}</p>
                            </div>
                        }
                            .into_any()
                    }
                }}
            </section>
            <p class="unseen" role="status" data-testid="diagnosis-spoken">
                {move || {
                    let lang = lens.lang.get();
                    spoken
                        .with(|spoken| {
                            spoken.as_ref().map(|found| format!("{}. {}", heading(found, lang), body(found, lang)))
                        })
                }}
            </p>
        </Show>
    }
    .into_any()
}

/// Tells the style sheet what the verdict is about, for its own colour and that of the dot beside the engine's state.
fn mark_page(found: Memo<Diagnosis>) {
    let mark = Memo::new(move |_| {
        found.with(|found| match found.verdict.id() {
            id if id.starts_with("vanishing") => "vanishing",
            "forgets" | "symmetric" | "frozen" => "vanishing",
            id if id.starts_with("exploding") => "exploding",
            "diverged" => "exploding",
            "steady" | "normed" | "closed" if found.is_good() => "steady",
            _ => "none",
        })
    });
    effect(move || {
        if let Some(root) = document().document_element() {
            root.set_attribute("data-mark", mark.get()).ok();
        }
    });
}

fn heading(found: &Diagnosis, lang: Lang) -> String {
    lang.text(&format!("verdict.{}", found.heading)).to_owned()
}

fn body(found: &Diagnosis, lang: Lang) -> String {
    said(found.sentences.iter(), lang)
}

fn said<'a>(sentences: impl Iterator<Item = &'a Sentence>, lang: Lang) -> String {
    sentences.map(|sentence| lang.sentence(sentence)).collect::<Vec<_>>().join(" ")
}

/// What a screen reader says: the verdict at a run's start, at its end, and when it becomes another. The numbers in
/// it change at every frame, which nobody could listen to.
fn announce(state: RwSignal<State>, found: Memo<Diagnosis>) -> RwSignal<Option<Diagnosis>> {
    let spoken = RwSignal::new(None);
    let timer: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let moment = Memo::new(move |before: Option<&Option<Moment>>| {
        let now =
            found.with(|found| (found.verdict != Found::Waiting).then(|| state.with(|state| found.moment(state))));
        now.or_else(|| before.cloned().flatten())
    });
    effect(move || {
        if moment.with(Option::is_none) {
            return;
        }
        let say = move || {
            spoken.try_set(found.try_get_untracked());
        };
        let next = set_timeout_with_handle(say, REST).ok();
        if let Some(Some(before)) = timer.try_update_value(|timer| std::mem::replace(timer, next)) {
            before.clear();
        }
    });
    spoken
}

/// What stands beside the verdict.
#[derive(Clone)]
enum Offer {
    /// There is nothing to mend, or nothing that would do.
    Nothing,
    /// A start that would do is looked for.
    Searched,
    /// A start that would do better.
    Found(Remedy),
}

/// The start that would do better. It is looked for once for a run and its verdict, not at every frame, and only
/// after a drag has ended: about a hundred networks are tried with theory, a few at a time, so that the page keeps
/// answering.
fn offer(state: RwSignal<State>, found: Memo<Diagnosis>) -> RwSignal<Offer> {
    let fix = RwSignal::new(Offer::Nothing);
    let turn: StoredValue<u32> = StoredValue::new(0);
    let verdict = Memo::new(move |_| (state.with(|state| state.run), found.with(|found| found.verdict)));
    effect(move || {
        let (_, verdict) = verdict.get();
        fix.set(if verdict.wants_remedy() { Offer::Searched } else { Offer::Nothing });
        let own = turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        });
        if !verdict.wants_remedy() {
            return;
        }
        let is_wanted = move || turn.try_get_value() == own;
        let begin = move || {
            let search = state.try_with_untracked(|state| {
                let search = Search::new(state.spec(), verdict, state.initial.as_ref())?;
                Some(search.within(&state.lab.view.bounds))
            });
            let show = move |remedy: Option<Remedy>| drop(fix.try_set(remedy.map_or(Offer::Nothing, Offer::Found)));
            match search.flatten() {
                Some(search) => look_on(search, is_wanted, show),
                None => show(None),
            }
        };
        set_timeout(
            move || {
                if is_wanted() {
                    begin()
                }
            },
            PAUSE,
        );
    });
    fix
}

/// Goes on with a search for a moment, then lets whatever else waits have its turn, and goes on again. `show` is told what
/// was found, if it is still wanted.
pub fn look_on(
    mut search: Search,
    is_wanted: impl Fn() -> bool + Copy + 'static,
    show: impl Fn(Option<Remedy>) + Copy + 'static,
) {
    if !is_wanted() {
        return;
    }
    let begun = now();
    while search.is_open() && now() < begun + TURN {
        search.step();
    }
    if search.is_open() {
        set_timeout(move || look_on(search, is_wanted, show), Duration::ZERO);
    } else {
        show(search.found());
    }
}
