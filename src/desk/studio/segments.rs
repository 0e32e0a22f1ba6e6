//! A choice of one of several options that stand side by side.

use leptos::prelude::*;

use super::super::site::DeskSite;

/// A group of radio buttons. Their ids are their values and the keys of their texts.
pub(super) struct Segments {
    /// The name that the buttons share. With an s added, it is the group's id.
    pub(super) name: &'static str,
    /// The id of the heading that names the choice.
    pub(super) heading: &'static str,
    /// The prefix of their ids in test hooks.
    pub(super) test_prefix: &'static str,
    /// The ids of the buttons.
    pub(super) ids: Vec<&'static str>,
    /// The id that is chosen at first.
    pub(super) first: &'static str,
}

/// The group of buttons. `choose` is called with the id that the reader chooses.
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
