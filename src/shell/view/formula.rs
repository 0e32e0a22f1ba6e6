//! The box for the student's own formula for σ. It is read at every key, and taken when it is whole.
//!
//! A formula that cannot be read stays in the box, with a mark under the place where reading
//! stopped; the network keeps the last one that could.

use leptos::prelude::*;

use super::Lens;
use super::label::Label;
use crate::lab::knob::{Group, Knob};
use crate::lab::state::Edit;
use crate::science::formula::{Formula, FormulaError, Names};
use crate::shell::effect::effect;

/// Shows the box, and below it what is wrong with what is in it.
#[component]
pub fn FormulaBox(knob: &'static Knob, locked: Memo<bool>, lens: Lens) -> impl IntoView {
    let id = knob.id;
    // Each box has a message of its own; that of the whole model has the id which docs/contract.md promises.
    let place = match knob.group {
        Group::Matrices => format!("formula-problem-{id}"),
        _ => "formula-problem".to_owned(),
    };
    let value = Memo::new(move |_| lens.spec.with(|spec| knob.read(spec)));
    let typed = RwSignal::new(value.get_untracked());
    effect(move || typed.set(value.get()));
    let error: Memo<Option<FormulaError>> = Memo::new(move |_| typed.with(|text| Formula::parse(text).err()));
    let problem = move || {
        error.get().map(|error| {
            let lang = lens.lang.get();
            (" ".repeat(error.at) + "▴", lang.text(&format!("formula-error.{}", error.problem.key())).to_owned())
        })
    };
    let type_in = move |text: String| {
        typed.set(text.clone());
        if error.get_untracked().is_none() {
            lens.edit.run(Edit::Typed(knob, text));
        }
    };
    view! {
        <div class="knob choice formula-box" class:locked=move || locked.get() data-knob=id>
            <Label id=id locked=locked lens=lens />
            <input
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                maxlength="120"
                id=format!("knob-{id}")
                data-testid=format!("knob-{id}")
                disabled=move || locked.get()
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=place.clone()
                prop:value=move || typed.get()
                on:input=move |event| type_in(event_target_value(&event))
            />
            <div class="problem" id=place.clone() data-testid=place role="status">
                {move || {
                    problem()
                        .map(|(mark, words)| {
                            view! {
                                <pre aria-hidden="true">{mark}</pre>
                                <p>{words}</p>
                            }
                        })
                }}
            </div>
            <p class="names" hidden=move || error.get().is_some()>
                {Names::ALL.join(", ")}
            </p>
        </div>
    }
}
