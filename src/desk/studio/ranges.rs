//! Sets the ranges in which readers may move the numbers of a lab, with a field beside each.

use leptos::prelude::*;

use super::super::site::DeskSite;
use super::draft::Draft;
use crate::lab::bounds::KnobBounds;
use crate::lab::knob::Knob;
use crate::lab::notice::Notice;
use crate::shell::view::show::Show;

/// The place of a field in a row that has none, so that boxes stand below each other.
pub(super) fn no_range(has_ranges: bool) -> AnyView {
    if has_ranges { view! { <span class="range"></span> }.into_any() } else { ().into_any() }
}

/// The field for the range of a knob, and what is to be said of the text in it.
pub(super) fn range_field(knob: &'static Knob, name: Memo<String>, draft: Draft, site: DeskSite) -> [AnyView; 2] {
    let id = knob.id;
    // What could not be read stays in the field until it is put right.
    let typed = RwSignal::new(None::<String>);
    let notice = RwSignal::new(None::<Notice>);
    let own = move || draft.lab.with(|lab| lab.view.bounds.of(knob).map(KnobBounds::text).unwrap_or_default());
    let usual = move || {
        let range = draft.lab.with(|lab| knob.range(&lab.spec));
        range.map(|range| format!("{}..{}", range.from, range.to))
    };
    let set = move |text: String| match draft.bound(knob, &text) {
        Ok(said) => {
            notice.set(said);
            typed.set(None);
        }
        Err(fault) => {
            notice.set(Some(fault));
            typed.set(Some(text));
        }
    };
    let is_refused = move || typed.with(Option::is_some);
    let is_hidden = move || draft.lab.with(|lab| !lab.view.shows_knob(knob));
    let place = format!("range-{id}-problem");
    let described = place.clone();
    let said = Memo::new(move |_| notice.with(|notice| notice.as_ref().map(|notice| site.lang.get().notice(notice))));
    let field = view! {
        <input
            class="range"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength="40"
            data-testid=format!("range-{id}")
            aria-label=move || format!("{}: {}", site.say("range"), name.get())
            aria-describedby=move || {
                if said.with(Option::is_some) { described.clone() } else { "range-hint".to_owned() }
            }
            aria-invalid=move || is_refused().to_string()
            placeholder=usual
            disabled=is_hidden
            prop:value=move || typed.get().unwrap_or_else(own)
            on:change=move |event| set(event_target_value(&event))
        />
    };
    let problem = view! {
        <Show when=move || said.with(Option::is_some)>
            <p class="hint problem" role="alert" id=place.clone() data-testid=place.clone()>
                {move || said.get()}
            </p>
        </Show>
    };
    [field.into_any(), problem.into_any()]
}
