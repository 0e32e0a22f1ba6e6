//! One of a few, on or off, and a seed: the knobs that are no slider.

use leptos::prelude::*;

use super::Lens;
use super::label::Label;
use crate::lab::knob::{Kind, Knob, KnobSetting};
use crate::lab::state::Edit;
use crate::shell::effect::effect;

/// A list to choose from.
#[component]
pub fn Choice(
    /// The row of the knob table.
    knob: &'static Knob,
    /// Whether it can be changed.
    locked: Memo<bool>,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let id = knob.id;
    let options = Memo::new(move |_| lens.spec.with(|spec| knob.options(spec)));
    let chosen = Memo::new(move |_| lens.spec.with(|spec| knob.read(spec)));
    let select = NodeRef::<leptos::html::Select>::new();
    let choose = move || {
        let place = select.get_untracked().and_then(|select| usize::try_from(select.selected_index()).ok());
        if let Some(id) = place.and_then(|place| options.with_untracked(|options| options.get(place).copied())) {
            lens.edit.run(Edit::Knob(knob, KnobSetting::Choice(id)));
        }
    };
    // After the options, which may just have been made: a list cannot choose what it does not have.
    effect(move || {
        options.track();
        lens.lang.track();
        let chosen = chosen.get();
        if let Some(select) = select.get() {
            select.set_value(&chosen);
        }
    });
    view! {
        <div class="knob choice" class:locked=move || locked.get() data-knob=id>
            <Label id=id locked=locked lens=lens />
            <select
                id=format!("knob-{id}")
                data-testid=format!("knob-{id}")
                node_ref=select
                disabled=move || locked.get()
                on:change=move |_| choose()
            >
                {move || {
                    let chosen = chosen.get_untracked();
                    options
                        .get()
                        .into_iter()
                        .map(|option| {
                            let selected = option == chosen;
                            let label = move || lens.lang.get().option(id, option);
                            view! {
                                <option value=option selected=selected>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}

/// On or off.
#[component]
pub fn Switch(
    /// The row of the knob table.
    knob: &'static Knob,
    /// Whether it can be changed.
    locked: Memo<bool>,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let id = knob.id;
    let on = Memo::new(move |_| lens.spec.with(|spec| knob.get(spec) == KnobSetting::Switch(true)));
    view! {
        <div class="knob switch" class:locked=move || locked.get() data-knob=id>
            <Label id=id locked=locked lens=lens />
            <input
                type="checkbox"
                role="switch"
                id=format!("knob-{id}")
                data-testid=format!("knob-{id}")
                disabled=move || locked.get()
                prop:checked=move || on.get()
                on:change=move |event| {
                    lens.edit.run(Edit::Knob(knob, KnobSetting::Switch(event_target_checked(&event))));
                }
            />
        </div>
    }
}

/// A whole number of 64 bits, or a list of widths, which no slider could hold.
#[component]
pub fn Seed(
    /// The row of the knob table.
    knob: &'static Knob,
    /// Whether it can be changed.
    locked: Memo<bool>,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let id = knob.id;
    let is_list = knob.kind == Kind::Widths;
    // Layers of one width have no list.
    let value = Memo::new(move |_| {
        let text = lens.spec.with(|spec| knob.read(spec));
        if is_list && text == "auto" { String::new() } else { text }
    });
    let input = NodeRef::<leptos::html::Input>::new();
    let commit = move |typed: String| {
        lens.edit.run(Edit::Typed(knob, typed));
        if let Some(input) = input.get_untracked() {
            input.set_value(&value.get_untracked());
        }
    };
    view! {
        <div class="knob choice" class:locked=move || locked.get() data-knob=id>
            <Label id=id locked=locked lens=lens />
            <input
                type="text"
                inputmode=if is_list { "text" } else { "numeric" }
                placeholder=is_list.then_some("512-256-128")
                autocomplete="off"
                id=format!("knob-{id}")
                data-testid=format!("knob-{id}")
                node_ref=input
                disabled=move || locked.get()
                prop:value=move || value.get()
                on:change=move |event| commit(event_target_value(&event))
            />
        </div>
    }
}
