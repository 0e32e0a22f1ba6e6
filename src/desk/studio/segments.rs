//! One of several, side by side.

use leptos::prelude::*;

use super::super::site::DeskSite;

/// A group of radio buttons, known by ids that are their values and the keys of their texts.
pub(super) struct Segments {
    /// What the buttons share; with an s, the group's id.
    pub(super) name: &'static str,
    /// The id of the heading that says what is chosen.
    pub(super) heading: &'static str,
    /// What comes before their ids in test hooks.
    pub(super) test_prefix: &'static str,
    /// The ids.
    pub(super) ids: Vec<&'static str>,
    /// The one that is chosen at first.
    pub(super) first: &'static str,
}

/// The group; `choose` hears which one is chosen from then on.
pub(super) fn segments(segments: Segments, site: DeskSite, choose: impl Fn(&'static str) + Copy + 'static) -> AnyView {
    let Segments { name, heading, test_prefix, ids, first } = segments;
    let buttons = ids.into_iter().map(|id| {
        view! {
            <label>
                <input
                    type="radio"
                    name=name
                    value=id
                    data-testid=format!("{test_prefix}{id}")
                    checked=id == first
                    on:change=move |_| choose(id)
                />
                <span>{site.text(id)}</span>
            </label>
        }
    });
    view! {
        <div class="segments" role="radiogroup" aria-labelledby=heading id=format!("{name}s")>
            {buttons.collect_view()}
        </div>
    }
    .into_any()
}
