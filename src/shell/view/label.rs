//! The name of a knob, which says on hover what it does, and whether a teacher locked it.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::show::Show;

/// The label of the input with the id `knob-<id>`.
#[component]
pub fn Label(id: &'static str, locked: Memo<bool>, lens: Lens) -> impl IntoView {
    view! {
        <label class="name" for=format!("knob-{id}") title=lens.hint(id)>
            {lens.label(id)}
            <Show when=move || locked.get()>
                <Icon name="lock" />
            </Show>
        </label>
    }
}
