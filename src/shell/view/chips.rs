//! The runs that are compared: a chip for each, and what differs between them in words.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::menu::close_menu_of;
use super::show::Show;
use crate::lab::comparison::RunComparison;
use crate::lab::number::show;
use crate::lab::pin::{Letter, Pin, Settings};
use crate::lab::record::RunRecord;
use crate::lab::spec::Spec;
use crate::lab::state::{Edit, RunEdit, State};

/// What a chip shows.
#[derive(Clone, PartialEq)]
struct Chip {
    letter: Letter,
    name: String,
    spec: Spec,
    accuracy: Option<f64>,
    /// The pin's own switches; the present run has none unless it is pinned.
    pin: Option<PinState>,
    is_now: bool,
}

/// What can be switched of a pinned run.
#[derive(Clone, Copy, PartialEq)]
struct PinState {
    hidden: bool,
    along: bool,
}

impl Chip {
    /// The chips of the pinned runs and the present one, by letter; none if nothing is pinned.
    fn all(state: &State) -> Vec<Self> {
        if state.lab.pins.is_empty() {
            return Vec::new();
        }
        let present = Settings::of(state.spec());
        let of = |pin: &Pin| {
            let is_now = *pin.settings() == present;
            let kept = state.runs.of(pin.settings());
            let record = if is_now { Some(&state.record) } else { kept.map(|run| &run.record) };
            let along = kept.is_some_and(|run| run.along);
            Self {
                letter: pin.letter,
                name: pin.name.clone(),
                spec: pin.spec.clone(),
                accuracy: record.and_then(RunRecord::last_accuracy),
                pin: Some(PinState { hidden: pin.hidden, along }),
                is_now,
            }
        };
        let mut chips: Vec<Self> = state.lab.pins.iter().map(of).collect();
        if !chips.iter().any(|chip| chip.is_now) {
            let (letter, spec) = (state.letter(), state.spec().clone());
            let accuracy = state.record.last_accuracy();
            chips.push(Self { letter, name: String::new(), spec, accuracy, pin: None, is_now: true });
        }
        chips.sort_by_key(|chip| chip.letter);
        chips
    }
}

/// The row of chips, and below it what differs. In another page it is there only if something is pinned.
pub fn chips(state: RwSignal<State>, lens: Lens) -> AnyView {
    let chips = Memo::new(move |_| state.with(Chip::all));
    let (allowed, locked) = (lens.shows("pin"), lens.locks("pin"));
    let any = Memo::new(move |_| chips.with(|chips| !chips.is_empty()));
    let pinned = Memo::new(move |_| chips.with(|chips| chips.iter().any(|chip| chip.is_now && chip.pin.is_some())));
    let measured = Memo::new(move |_| state.with(|state| state.record.step().is_some()));
    let shown = Memo::new(move |_| {
        let asked = lens.view.with(|view| !view.embed || view.show.iter().any(|id| id == "pin"));
        allowed.get() && (any.get() || asked)
    });
    let words = move || {
        let lang = lens.lang.get();
        state.with(|state| {
            let pins = state.lab.pins.iter().filter(|pin| !pin.hidden);
            let of = |pin: &Pin| {
                let comparison = RunComparison::new(state, pin)?;
                let text = lang.comparison(&comparison, pin.letter, state.spec(), &pin.spec);
                Some(view! { <p>{text}</p> })
            };
            pins.filter_map(of).collect_view()
        })
    };
    let letters =
        move || chips.with(|chips| chips.iter().map(|chip| (chip.letter, chip.pin.is_some())).collect::<Vec<_>>());
    view! {
        <Show when=move || shown.get()>
            <div class="runs" role="group" aria-label=lens.text("runs.title") data-testid="runs">
                <ul>
                    <For each=letters key=|key| *key let:key>
                        {chip(key.0, chips, locked, lens)}
                    </For>
                </ul>
                <button
                    type="button"
                    class="ghost"
                    data-testid="pin"
                    title=lens.text("runs.pin-hint")
                    disabled=move || locked.get() || pinned.get() || !measured.get()
                    on:click=move |_| lens.edit.run(Edit::Run(RunEdit::Pin))
                >
                    <Icon name="pin" />
                    {lens.text("runs.pin")}
                </button>
                <div class="runs-words" data-testid="runs-words">
                    {words}
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// A run's chip. While the run trains only its words change, so that an open menu stays open.
fn chip(letter: Letter, chips: Memo<Vec<Chip>>, locked: Memo<bool>, lens: Lens) -> AnyView {
    let own = Memo::new(move |_| chips.with(|chips| chips.iter().find(|chip| chip.letter == letter).cloned()));
    let title = move || {
        own.with(|chip| {
            let Chip { name, spec, accuracy, .. } = chip.as_ref()?;
            let accuracy = accuracy.map(|share| format!(" · {} %", show((100.0 * share).round()))).unwrap_or_default();
            Some(lens.lang.get().run(name, spec) + &accuracy)
        })
    };
    let now = Memo::new(move |_| own.with(|chip| chip.as_ref().is_some_and(|chip| chip.is_now)));
    let pin = Memo::new(move |_| own.with(|chip| chip.as_ref().and_then(|chip| chip.pin)));
    let head = view! {
        {swatch(Some(letter))}
        <b>{letter.capital()}</b>
        <span>{title}</span>
        <i hidden=move || !now.get()>{lens.text("runs.now")}</i>
    };
    let body = if pin.with_untracked(Option::is_none) {
        view! {
            <span class="chip" class:now=move || now.get()>
                {head}
            </span>
        }
        .into_any()
    } else {
        let hidden = move || pin.get().is_some_and(|pin| pin.hidden);
        view! {
            <details class="chip" name="chips" data-menu="" class:now=move || now.get() class:hidden=hidden>
                <summary data-testid=format!("run-{}", letter.id())>{head}</summary>
                <div>{menu(letter, own, locked, lens)}</div>
            </details>
        }
        .into_any()
    };
    view! { <li>{body}</li> }.into_any()
}

/// What can be done with a pinned run.
fn menu(letter: Letter, own: Memo<Option<Chip>>, locked: Memo<bool>, lens: Lens) -> AnyView {
    let id = letter.id();
    let name = move || own.with(|chip| chip.as_ref().map(|chip| chip.name.clone()).unwrap_or_default());
    let switched =
        move |read: fn(&PinState) -> bool| own.with(|chip| chip.as_ref()?.pin.as_ref().map(read)) == Some(true);
    let (hidden, along) = (move || switched(|pin| pin.hidden), move || switched(|pin| pin.along));
    let is_now = move || own.with(|chip| chip.as_ref().is_some_and(|chip| chip.is_now));
    // The words of a switch are what pressing it does.
    let action =
        |part: &'static str, key: Box<dyn Fn() -> &'static str + Send + Sync>, edit: Box<dyn Fn() -> RunEdit>| {
            view! {
                <button
                    type="button"
                    data-testid=format!("run-{id}-{part}")
                    hidden=move || part != "remove" && is_now()
                    disabled=move || locked.get()
                    on:click=move |event| {
                        if matches!(part, "swap" | "open" | "remove") {
                            close_menu_of(&event);
                        }
                        lens.edit.run(Edit::Run(edit()));
                    }
                >
                    {move || lens.lang.get().text(key()).to_owned()}
                </button>
            }
        };
    view! {
        <label>
            <span>{lens.text("runs.name")}</span>
            <input
                type="text"
                maxlength="40"
                data-testid=format!("run-{id}-name")
                disabled=move || locked.get()
                prop:value=name
                on:change=move |event| lens.edit.run(Edit::Run(RunEdit::Name(letter, event_target_value(&event))))
                on:keydown=|event: KeyboardEvent| event.stop_propagation()
            />
        </label>
        {action("swap", Box::new(|| "runs.swap"), Box::new(move || RunEdit::Swap(letter)))}
        {action("open", Box::new(|| "runs.open"), Box::new(move || RunEdit::Reopen(letter)))}
        {action(
            "along",
            Box::new(move || if along() { "runs.alone" } else { "runs.along" }),
            Box::new(move || RunEdit::Along(letter, !untrack(along))),
        )}
        {action(
            "hide",
            Box::new(move || if hidden() { "runs.show" } else { "runs.hide" }),
            Box::new(move || RunEdit::Hide(letter, !untrack(hidden))),
        )}
        {action("remove", Box::new(|| "runs.remove"), Box::new(move || RunEdit::Unpin(letter)))}
    }
    .into_any()
}

/// A piece of a run's line, in its colour and kind.
pub(super) fn swatch(letter: Option<Letter>) -> AnyView {
    let class = letter.map_or("ghost", Letter::id);
    view! {
        <svg class=format!("swatch run-{class}") viewBox="0 0 26 8" aria-hidden="true">
            <path d="M1 4h24" />
        </svg>
    }
    .into_any()
}
