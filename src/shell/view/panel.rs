//! The panel below the buttons: which knobs are always in sight, and how the others are reached.

use leptos::prelude::*;

use super::Lens;
use super::frame::Easel;
use super::knobs::{any_shown, controls, group_body};
use super::later::{LatePart, later};
use super::show::Show;
use crate::lab::knob::KnobPlace::{Common, First, Open};
use crate::lab::knob::{Group, KNOBS};
use crate::shell::store::Store;

/// The controls that decide what becomes of σ, which the whole lab always has in sight.
pub fn open_controls(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let any = any_shown(KNOBS.iter().filter(|knob| knob.place == Open), lens);
    view! {
        <Show when=move || any.get() && is_whole(lens)>
            <div class="open rows">
                {controls(|knob| knob.place == Open, lens)} {later(LatePart::Card, store, easel, lens)}
            </div>
        </Show>
    }
    .into_any()
}

/// The other controls. The whole lab has them in tabs. Of a lab in another page, or one of which a link shows a part,
/// somebody chose what is to be in sight, and it stands in groups.
pub fn more_controls(open: bool, store: Store, easel: Easel, lens: Lens) -> AnyView {
    let whole = Memo::new(move |_| is_whole(lens));
    let groups = move || Group::ALL.map(|group| folded(group, open, store, easel, lens)).into_iter().collect_view();
    view! {
        <Show when=move || whole.get() fallback=groups>
            {later(LatePart::Tabs, store, easel, lens)}
        </Show>
    }
    .into_any()
}

/// Whether nobody chose what of the lab is shown.
fn is_whole(lens: Lens) -> bool {
    lens.view.with(|view| !view.embed && view.show.is_empty())
}

/// A group of controls under its name, to be folded away.
fn folded(group: Group, open: bool, store: Store, easel: Easel, lens: Lens) -> AnyView {
    let rows = move || KNOBS.iter().filter(move |knob| knob.group == group && knob.place != First);
    let any = any_shown(rows(), lens);
    let named = lens.view.with_untracked(|view| rows().any(|knob| view.names_knob(knob)));
    view! {
        <Show when=move || any.get()>
            <details class="group" data-group=group.id() open=open || named>
                <summary>{lens.words(format!("group.{}", group.id()))}</summary>
                {(group == Group::Start).then(|| later(LatePart::Card, store, easel, lens))}
                {group_body(group, &[Open, Common], lens)}
            </details>
        </Show>
    }
    .into_any()
}
