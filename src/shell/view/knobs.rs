//! The controls, generated from the knob table: a new row there is a new control here.

use leptos::prelude::*;

use super::Lens;
use super::choice::{Choice, Seed, Switch};
use super::formula::FormulaBox;
use super::opener::gallery_button;
use super::show::Show;
use super::sigma::Sigma;
use super::slider::Slider;
use crate::lab::gallery::GalleryKind;
use crate::lab::knob::KnobPlace::{self, Rare};
use crate::lab::knob::{Group, KNOBS, Kind, Knob};

/// A knob, whatever its kind, if it is on the page and means anything for this network.
#[component]
fn Control(
    /// The row of the knob table.
    knob: &'static Knob,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let shown = shown(knob, lens);
    let locked = Memo::new(move |_| lens.view.with(|view| view.locks_knob(knob)));
    let control = move || match knob.kind {
        Kind::Choice(_) => view! { <Choice knob=knob locked=locked lens=lens /> }.into_any(),
        Kind::Switch => view! { <Switch knob=knob locked=locked lens=lens /> }.into_any(),
        Kind::Formula => view! { <FormulaBox knob=knob locked=locked lens=lens /> }.into_any(),
        Kind::Seed | Kind::Widths => view! { <Seed knob=knob locked=locked lens=lens /> }.into_any(),
        // The number that the lab is about is σ.
        Kind::Range(_) if knob.place == KnobPlace::First => {
            view! { <Sigma knob=knob locked=locked lens=lens /> }.into_any()
        }
        Kind::Range(_) => {
            let value = Memo::new(move |_| lens.spec.with(|spec| knob.number(spec)));
            view! { <Slider knob=knob value=value locked=locked lens=lens /> }.into_any()
        }
    };
    view! { <Show when=move || shown.get()>{control()}</Show> }
}

/// The controls that stand beside play.
#[component]
pub fn FirstControls(
    /// Which gallery is open.
    gallery: RwSignal<Option<GalleryKind>>,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let offers = move || {
        let scheme = Knob::find("init");
        let applies = lens.spec.with(|spec| scheme.is_some_and(|knob| knob.applies(spec)));
        applies
            && lens
                .view
                .with(|view| !view.embed && scheme.is_some_and(|knob| view.shows_knob(knob) && !view.locks_knob(knob)))
    };
    view! {
        {controls(|knob| knob.place == KnobPlace::First, lens)}
        <Show when=offers>{gallery_button(GalleryKind::Schemes, gallery, lens)}</Show>
    }
}

/// What a group holds: the controls of these places, and the rare ones one click further.
pub fn group_body(group: Group, places: &'static [KnobPlace], lens: Lens) -> AnyView {
    let is_common = move |knob: &Knob| knob.group == group && places.contains(&knob.place);
    let is_rare = move |knob: &Knob| knob.group == group && knob.place == Rare;
    let common = any_shown(KNOBS.iter().filter(move |knob| is_common(knob)), lens);
    let rare = any_shown(KNOBS.iter().filter(move |knob| is_rare(knob)), lens);
    let named = lens.view.with_untracked(|view| KNOBS.iter().any(|knob| is_rare(knob) && view.names_knob(knob)));
    view! {
        <div class="rows">{controls(is_common, lens)}</div>
        <Show when=move || rare.get()>
            // A click more is for what would be in the way; alone they are not.
            <Show
                when=move || common.get()
                fallback=move || view! { <div class="rows">{controls(is_rare, lens)}</div> }
            >
                <details class="rare" open=named>
                    <summary>{lens.text("group.more")}</summary>
                    <div class="rows">{controls(is_rare, lens)}</div>
                </details>
            </Show>
        </Show>
    }
    .into_any()
}

/// The controls of these rows of the knob table.
pub fn controls(is_one: impl Fn(&Knob) -> bool, lens: Lens) -> AnyView {
    let rows = KNOBS.iter().filter(|knob| is_one(knob));
    rows.map(|knob| view! { <Control knob=knob lens=lens /> }).collect_view().into_any()
}

/// Whether one of these knobs is on the page.
pub fn any_shown(knobs: impl Iterator<Item = &'static Knob>, lens: Lens) -> Memo<bool> {
    let shown: Vec<Memo<bool>> = knobs.map(|knob| shown(knob, lens)).collect();
    Memo::new(move |_| shown.iter().any(Memo::get))
}

fn shown(knob: &'static Knob, lens: Lens) -> Memo<bool> {
    Memo::new(move |_| lens.view.with(|view| view.shows_knob(knob)) && lens.spec.with(|spec| knob.applies(spec)))
}
