//! A number by hand: a slider for the feel of it, a field for the exact value, one unit for both.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::Lens;
use super::icon::Icon;
use super::label::Label;
use super::show::Show;
use crate::lab::knob::{Kind, Knob, KnobSetting, Range};
use crate::lab::notice::Notice;
use crate::lab::number::{round_to, show};
use crate::lab::spec::{Model, Spec};
use crate::lab::state::Edit;
use crate::shell::effect::effect;

/// Places on a slider: fine enough for every pixel of a wide one.
const PLACES: f64 = 1000.0;

/// A row with a label, a slider and a field.
#[component]
pub fn Slider(
    /// The row of the knob table.
    knob: &'static Knob,
    /// What is shown and edited; the knob's own value, but for σ.
    value: Memo<f64>,
    /// Whether it can be moved.
    locked: Memo<bool>,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let id = knob.id;
    // Knobs of this kind always have a range; without one there would be nothing to show.
    let range = move || lens.range(knob).unwrap_or(EMPTY);
    let range_now = move || untrack(range);
    let set = move |number: f64| lens.edit.run(Edit::Knob(knob, KnobSetting::Number(number)));
    let place = move || (range().position(value.get()) * PLACES).round();
    let key = move |event: KeyboardEvent| {
        let (steps, coarse) = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => (1, event.shift_key()),
            "ArrowLeft" | "ArrowDown" => (-1, event.shift_key()),
            "PageUp" => (1, true),
            "PageDown" => (-1, true),
            _ => return,
        };
        event.prevent_default();
        set(range_now().nudge(value.get_untracked(), steps, coarse));
    };
    let spoken = move || {
        let unit = unit(lens, range(), value.get());
        format!("{} {unit}", show(value.get())).trim_end().to_owned()
    };
    view! {
        <div class="knob slider" class:locked=move || locked.get() data-knob=id>
            <Label id=id locked=locked lens=lens />
            <Auto knob=knob locked=locked lens=lens />
            <Field knob=knob value=value locked=locked lens=lens />
            <input
                type="range"
                id=format!("knob-{id}")
                data-testid=format!("knob-{id}")
                min="0"
                max=PLACES.to_string()
                step="1"
                disabled=move || locked.get()
                aria-valuetext=spoken
                style=move || format!("--place: {:.1}%", place() / PLACES * 100.0)
                prop:value=move || place().to_string()
                on:input=move |event| {
                    let place = event_target::<HtmlInputElement>(&event).value_as_number();
                    if place.is_finite() {
                        set(range_now().value_at(place / PLACES));
                    }
                }
                on:keydown=key
            />
        </div>
    }
}

/// The exact value, typed, as a number or as arithmetic.
///
/// What cannot be read stays in the field, with what is wrong below it, until it is put right or the value changes.
#[component]
fn Field(knob: &'static Knob, value: Memo<f64>, locked: Memo<bool>, lens: Lens) -> impl IntoView {
    let id = knob.id;
    let place = format!("knob-{id}-problem");
    let input = NodeRef::<leptos::html::Input>::new();
    let problem = RwSignal::new(None::<Notice>);
    let is_refused = Memo::new(move |_| problem.with(Option::is_some));
    let range = move || lens.range(knob).unwrap_or(EMPTY);
    // What was typed gives way to what is.
    let restore = move || {
        problem.set(None);
        if let Some(input) = input.get_untracked() {
            input.set_value(&plain(value.get_untracked()));
        }
    };
    effect(move || {
        value.track();
        if is_refused.get_untracked() {
            restore();
        }
    });
    let commit = move |typed: String| {
        if typed.trim() == plain(value.get_untracked()) {
            problem.set(None);
            return;
        }
        match lens.problem(&typed, knob) {
            None => {
                lens.edit.run(Edit::Typed(knob, typed));
                restore();
            }
            found => problem.set(found),
        }
    };
    // A message that is no longer true goes at once; a new one waits until all is typed.
    let type_in = move |typed: String| {
        if is_refused.get_untracked() && lens.problem(&typed, knob).is_none() {
            problem.set(None);
        }
    };
    let described = place.clone();
    let words = move || {
        let lang = lens.lang.get();
        problem.with(|problem| problem.as_ref().map(|notice| lang.notice(notice)))
    };
    view! {
        <span class="field">
            <input
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                node_ref=input
                data-testid=format!("knob-{id}-number")
                aria-label=lens.label(id)
                aria-invalid=move || is_refused.get().to_string()
                aria-describedby=move || is_refused.get().then(|| described.clone())
                disabled=move || locked.get()
                prop:value=move || plain(value.get())
                on:input=move |event| type_in(event_target_value(&event))
                on:change=move |event| commit(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        restore();
                    }
                }
            />
            <span class="unit">{move || unit(lens, range(), value.get())}</span>
        </span>
        <Show when=move || is_refused.get()>
            <p class="problem" role="alert" id=place.clone() data-testid=place.clone()>
                {words}
            </p>
        </Show>
    }
}

/// Back to the value that follows from the other knobs, where there is one.
#[component]
fn Auto(knob: &'static Knob, locked: Memo<bool>, lens: Lens) -> impl IntoView {
    let can_follow = matches!(knob.kind, Kind::Range(range) if range.auto);
    let own = Memo::new(move |_| can_follow && lens.spec.with(|spec| !knob.follows(spec)));
    view! {
        <Show when=move || own.get() && !locked.get()>
            <button
                type="button"
                class="ghost auto"
                data-testid=format!("knob-{}-auto", knob.id)
                title=lens.text("knob-auto")
                aria-label=lens.text("knob-auto")
                on:click=move |_| lens.edit.run(Edit::Knob(knob, KnobSetting::Auto))
            >
                <Icon name="auto" />
            </button>
        </Show>
    }
}

const EMPTY: Range = Range { min: 0.0, max: 1.0, from: 0.0, to: 1.0, log: false, whole: false, auto: false, unit: "" };

fn unit(lens: Lens, range: Range, value: f64) -> &'static str {
    match range.unit {
        _ if lens.spec.with(Spec::is_toy) => "",
        "layers" if lens.model() == Model::Gpt => lens.lang.get().text("unit.blocks"),
        "" => "",
        "characters" => lens.lang.get().text("unit.characters"),
        "subset" if value == 0.0 => lens.lang.get().text("unit.all"),
        "examples" => lens.lang.get().text("unit.examples"),
        "subset" => lens.lang.get().text("unit.subset"),
        "layers" => lens.lang.get().text("unit.layers"),
        "per-step" => lens.lang.get().text("unit.per-step"),
        "steps" => lens.lang.get().text("unit.steps"),
        "units" => lens.lang.get().text("unit.units"),
        _ => "",
    }
}

/// A number as a person would type it.
fn plain(value: f64) -> String {
    let rounded = round_to(value, 4);
    let size = rounded.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) { format!("{rounded:e}") } else { rounded.to_string() }
}
