//! The slider of σ, the knob that the lab is about. It can always be moved, whatever the scheme.
//!
//! A scheme with a formula has a σ too; its slider then stands at the number that the formula gives,
//! and dragging it leaves the formula behind (which is `State`'s rule, not this file's).

use leptos::prelude::*;

use super::Lens;
use super::slider::Slider;
use crate::lab::knob::{Knob, Range};
use crate::lab::number::show;
use crate::lab::prediction::sigma;

/// A decade is not named where it would lie over the number of an end, this part of the slider from it.
const ROOM: f64 = 0.12;

/// The numbers below the slider: the decades, and the ends where the slider has others.
fn marks(range: Range) -> Vec<f64> {
    let decades = [0.001, 0.01, 0.1, 1.0];
    if decades.iter().all(|mark| (range.from..=range.to).contains(mark)) {
        return decades.to_vec();
    }
    let clear = |mark: &f64| (ROOM..=1.0 - ROOM).contains(&range.position(*mark));
    [range.from, range.to].into_iter().chain(decades.into_iter().filter(clear)).collect()
}

/// The slider of σ, with decades to read it by and the formula that it comes from.
#[component]
pub fn Sigma(knob: &'static Knob, locked: Memo<bool>, lens: Lens) -> impl IntoView {
    let value = Memo::new(move |_| lens.spec.with(|spec| sigma(spec).hidden));
    let decades = move || {
        let range = lens.range(knob);
        let marks =
            range.into_iter().flat_map(|range| marks(range).into_iter().map(move |mark| (mark, range.position(mark))));
        let shown = |(mark, place): (f64, f64)| {
            view! { <span style=format!("--place: {:.1}%", place * 100.0)>{mark}</span> }
        };
        marks.map(shown).collect_view()
    };
    let formula = move || {
        let lang = lens.lang.get();
        lens.spec.with(|spec| {
            let formula = lang.text(&format!("formula.{}", spec.start.scheme.id())).to_owned();
            let sigma = sigma(spec);
            let mut text = formula;
            if !spec.start.scheme.uses_std() {
                text = format!("{text} = {}", show(sigma.hidden));
            }
            if let Some(gain) = spec.followed_gain() {
                let activation = lang.text(&format!("option.act.{}", spec.network.activation.id())).to_owned();
                let values = [("formula", text.as_str()), ("gain", &show(gain)), ("activation", &activation)];
                text = lang.fill("sigma.gain", &values);
            }
            match sigma.first {
                Some(first) => lang.fill("sigma.first", &[("formula", &text), ("first", &show(first))]),
                None => text,
            }
        })
    };
    view! {
        <div class="sigma">
            <Slider knob=knob value=value locked=locked lens=lens />
            <div class="decades" aria-hidden="true">
                {decades}
            </div>
            <p class="formula" data-testid="sigma">
                {formula}
            </p>
        </div>
    }
}
