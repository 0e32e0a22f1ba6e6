//! The controls, generated from the knob table: a new row there is a new control here.

use leptos::prelude::*;

use super::Lens;
use super::card::SchemeCard;
use super::choice::{Choice, Seed, Switch};
use super::formula::FormulaBox;
use super::sigma::Sigma;
use super::slider::Slider;
use crate::lab::knob::KnobPlace::{self, Common, Rare};
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
        Kind::Seed => view! { <Seed knob=knob locked=locked lens=lens /> }.into_any(),
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
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let first = KNOBS.iter().filter(|knob| knob.place == KnobPlace::First);
    first.map(|knob| view! { <Control knob=knob lens=lens /> }).collect_view()
}

/// A group of controls under its name; the rare ones one click further.
#[component]
pub fn Controls(
    /// The group.
    group: Group,
    /// Whether it comes up open even if the link names none of its knobs.
    open: bool,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let rows = move |place| KNOBS.iter().filter(move |knob| (knob.group, knob.place) == (group, place));
    let any = move |place| {
        let shown: Vec<Memo<bool>> = rows(place).map(|knob| shown(knob, lens)).collect();
        Memo::new(move |_| shown.iter().any(Memo::get))
    };
    let (common, rare) = (any(Common), any(Rare));
    let named = move |place| lens.view.with_untracked(|view| rows(place).any(|knob| view.names_knob(knob)));
    let controls = move |place| rows(place).map(|knob| view! { <Control knob=knob lens=lens /> }).collect_view();
    view! {
        <Show when=move || common.get() || rare.get()>
            <details class="group" data-group=group.id() open=open || named(Common) || named(Rare)>
                <summary>{lens.words(format!("group.{}", group.id()))}</summary>
                {(group == Group::Start).then(|| view! { <SchemeCard lens=lens /> })}
                <div class="rows">{controls(Common)}</div>
                <Show when=move || rare.get()>
                    // A click more is for what would be in the way; alone they are not.
                    <Show
                        when=move || common.get()
                        fallback=move || view! { <div class="rows">{controls(Rare)}</div> }
                    >
                        <details class="rare" open=named(Rare)>
                            <summary>{lens.text("group.more")}</summary>
                            <div class="rows">{controls(Rare)}</div>
                        </details>
                    </Show>
                </Show>
            </details>
        </Show>
    }
}

fn shown(knob: &'static Knob, lens: Lens) -> Memo<bool> {
    Memo::new(move |_| lens.view.with(|view| view.shows_knob(knob)) && lens.spec.with(|spec| knob.applies(spec)))
}
