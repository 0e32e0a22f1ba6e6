//! What stands under σ: where on its track the signal dies, holds and explodes, and by what one layer multiplies it, factor
//! by factor.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement, HtmlElement};

use super::Lens;
use super::show::Show;
use crate::lab::derivation::{Derivation, Factor};
use crate::lab::knob::{Knob, KnobSetting, Range};
use crate::lab::spec::Spec;
use crate::lab::state::{Edit, State};
use crate::lab::zones::{SigmaStretch, SigmaZones};
use crate::shell::effect::effect;
use crate::shell::store::Store;

/// How long nothing that the zones depend on must have changed before they are found.
const PAUSE: Duration = Duration::from_millis(120);

/// The zones where there are none, or where they would give something away.
const NO_ZONES: SigmaZones = SigmaZones { stretches: Vec::new(), level: None };

/// The colours of σ's track and, except in another page, the names of its zones and the derivation.
pub fn derivation(store: Store, lens: Lens) -> AnyView {
    let found = follow_zones(lens);
    // Who is to predict the variance must not read it from the slider, and who is to find a σ must not find it there.
    let hides = Memo::new(move |_| lens.asks.get() || store.state.with(State::seeks));
    let zones = Memo::new(move |_| if hides.get() { NO_ZONES } else { found.get() });
    colour_track(zones, lens);
    let shown = Memo::new(move |_| {
        let is_shown = |knob: &Knob| lens.view.with(|view| !view.embed && view.shows_knob(knob));
        !lens.asks.get() && !lens.spec.with(Spec::is_toy) && Knob::find("std").is_some_and(is_shown)
    });
    let body = move || (names(zones, hides, lens), factors(store, zones, lens));
    view! { <Show when=move || shown.get()>{body()}</Show> }.into_any()
}

/// The zones, a moment after what they depend on has changed. They do not depend on σ, so dragging it computes nothing; of a
/// deep transformer they would take longer than a frame, so dragging something else does not wait for them.
fn follow_zones(lens: Lens) -> RwSignal<SigmaZones> {
    let zones = RwSignal::new(NO_ZONES);
    let key = Memo::new(move |_| (lens.spec.with(SigmaZones::key), sigma_range(lens)));
    Effect::new(move |before: Option<()>| {
        let (key, range) = key.get();
        let pause = if before.is_none() { Duration::ZERO } else { PAUSE };
        let find = move || {
            zones.try_set(range.map_or(NO_ZONES, |range| SigmaZones::within(&key, range)));
        };
        if let Ok(timer) = set_timeout_with_handle(find, pause) {
            on_cleanup(move || timer.clear());
        }
    });
    zones
}

/// The range of σ's slider.
fn sigma_range(lens: Lens) -> Option<Range> {
    Knob::find("std").and_then(|knob| lens.range(knob))
}

/// Gives the slider's track its colours, by a style of the document that the slider's own style reads.
fn colour_track(zones: Memo<SigmaZones>, lens: Lens) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    effect(move || {
        let Some(root) = &root else { return };
        let stops = zones.with(|zones| {
            if lens.spec.with(Spec::is_toy) {
                return String::new();
            }
            let stop = |stretch: &SigmaStretch| {
                let [from, to] = stretch.positions;
                format!("var(--{}) {} {}", stretch.zone.id(), on_track(from), on_track(to))
            };
            zones.stretches.iter().map(stop).collect::<Vec<_>>().join(", ")
        });
        let style = root.style();
        if stops.is_empty() {
            style.remove_property("--zones").ok();
        } else {
            style.set_property("--zones", &format!("linear-gradient(to right, {stops})")).ok();
        }
    });
}

/// Where the middle of the slider's thumb is at a position from 0 to 1.
fn on_track(position: f64) -> String {
    format!("calc(12px + (100% - 24px) * {position:.4})")
}

/// The names of the zones below the track, and a tick where the signal keeps its size.
fn names(zones: Memo<SigmaZones>, hides: Memo<bool>, lens: Lens) -> AnyView {
    let range = Memo::new(move |_| sigma_range(lens));
    let labels = move || {
        let lang = lens.lang.get();
        let label = |stretch: &SigmaStretch| {
            let [from, to] = stretch.positions;
            let id = stretch.zone.id();
            // A name that would be wider than its stretch is left out; the sentence for screen readers has it.
            (to - from > 0.14).then(|| {
                let style = format!("left: {:.1}%", 50.0 * (from + to));
                view! {
                    <span class=id style=style>
                        {lang.text(&format!("zones.short-{id}")).to_owned()}
                    </span>
                }
            })
        };
        zones.with(|zones| zones.stretches.iter().map(label).collect_view())
    };
    let tick = move || {
        let level = zones.with(|zones| zones.level)?;
        let place = 100.0 * range.get()?.position(level);
        Some(view! { <i style=format!("left: {place:.1}%")></i> })
    };
    let words = move || {
        let told = || zones.with(|zones| lens.spec.with(|spec| zones.words(spec, lens.lang.get())));
        (!hides.get()).then(told)
    };
    view! {
        <div class="zones" data-testid="zones">
            <div aria-hidden="true">{tick}{labels}</div>
            <p class="unseen">{words}</p>
        </div>
    }
    .into_any()
}

/// The factors with what they make of the signal, and the button that makes it 1.
fn factors(store: Store, zones: Memo<SigmaZones>, lens: Lens) -> AnyView {
    let found =
        Memo::new(move |_| lens.spec.with(|spec| store.prediction.with(|theory| Derivation::new(spec, theory))));
    let keys = move || {
        let keys =
            |found: &Derivation| found.factors.iter().map(|factor| (factor.knob, factor.key)).enumerate().collect();
        found.with(|found| found.as_ref().map(keys).unwrap_or_else(Vec::new))
    };
    let pointed = RwSignal::new(None::<usize>);
    let words = move || {
        let lang = lens.lang.get();
        found.with(|found| lens.spec.with(|spec| found.as_ref().map(|found| found.words(spec, lang))))
    };
    let told = Memo::new(move |_| {
        let (lang, at) = (lens.lang.get(), pointed.get()?);
        found.with(|found| {
            let factor = found.as_ref()?.factors.get(at)?;
            Some(lens.spec.with(|spec| factor.words(spec, lang)))
        })
    });
    let result = move || {
        found.with(|found| {
            let found = found.as_ref()?;
            let equals = if found.factors.len() > 1 { format!(" = {}", found.product_text()) } else { String::new() };
            let power = if found.varies { " … ".to_owned() } else { found.layers_text() };
            // A single layer has no power.
            let power = (found.layers > 1).then(|| format!("{power} → {}", found.whole_text()));
            Some(view! {
                <b>{equals}</b>
                <b>{power}</b>
            })
        })
    };
    let level = Memo::new(move |_| {
        let level = zones.with(|zones| zones.level)?;
        let is_there = found.with(|found| found.as_ref().is_some_and(|found| (found.product - 1.0).abs() < 0.01));
        let knob = Knob::find("std").filter(|knob| lens.view.with(|view| !view.locks_knob(knob)))?;
        (!is_there).then_some((knob, level))
    });
    let button = move || {
        level.get().map(|(knob, level)| {
            let text = move || lens.spec.with(|spec| Derivation::level_words(spec, level, lens.lang.get()));
            let press = move |_| lens.edit.run(Edit::Knob(knob, KnobSetting::Number(level)));
            view! {
                <button type="button" class="plain" data-testid="level" on:click=press>
                    {text}
                </button>
            }
        })
    };
    view! {
        <div class="derivation" data-testid="derivation" hidden=move || found.with(Option::is_none)>
            <p>
                <For each=keys key=|key| *key let:key>
                    {factor(key.0, key.1.0, found, pointed, lens)}
                </For>
                {result}
            </p>
            {button}
            <p class="words" data-testid="derivation-words" hidden=move || told.with(Option::is_none)>
                {move || told.get()}
            </p>
            <p class="unseen">{words}</p>
        </div>
    }
    .into_any()
}

/// A factor, which lights up its control while it is pointed at, and leads to it when it is pressed.
fn factor(
    at: usize,
    knob: &'static str,
    found: Memo<Option<Derivation>>,
    pointed: RwSignal<Option<usize>>,
    lens: Lens,
) -> AnyView {
    let read = move |read: fn(&Factor) -> String| {
        found.with(|found| found.as_ref().and_then(|found| found.factors.get(at)).map(read).unwrap_or_default())
    };
    let point = move |is_at: bool| {
        pointed.set(is_at.then_some(at));
        if let Some(control) = control_of(knob) {
            control.class_list().toggle_with_force("lit", is_at).ok();
        }
    };
    let words = move || {
        let lang = lens.lang.get();
        found.with(|found| {
            let factor = found.as_ref()?.factors.get(at)?;
            Some(lens.spec.with(|spec| factor.words(spec, lang)))
        })
    };
    let sign = move || if at == 0 { String::new() } else { read(|factor| factor.joint.sign().to_owned()) };
    view! {
        {sign}
        <button
            type="button"
            class="factor"
            data-testid=format!("factor-{knob}")
            aria-label=words
            on:pointerenter=move |_| point(true)
            on:pointerleave=move |_| point(false)
            on:focus=move |_| point(true)
            on:blur=move |_| point(false)
            on:click=move |_| go_to(knob)
        >
            {move || read(|factor| factor.text.clone())}
        </button>
    }
    .into_any()
}

fn control_of(knob: &str) -> Option<Element> {
    document().query_selector(&format!(".knob[data-knob=\"{knob}\"]")).ok().flatten()
}

/// Opens the tab and the groups around a control, and gives it the focus.
fn go_to(knob: &str) {
    let Some(control) = control_of(knob) else { return };
    if let Some(panel) = control.closest("[role=tabpanel][hidden]").ok().flatten()
        && let Some(tab) = document().query_selector(&format!("[aria-controls={}]", panel.id())).ok().flatten()
    {
        tab.unchecked_into::<HtmlElement>().click();
    }
    let mut around = control.closest("details").ok().flatten();
    while let Some(details) = around {
        around = details.parent_element().and_then(|parent| parent.closest("details").ok().flatten());
        details.unchecked_into::<HtmlDetailsElement>().set_open(true);
    }
    if let Some(input) = control.query_selector(&format!("#knob-{knob}")).ok().flatten() {
        input.unchecked_into::<HtmlElement>().focus().ok();
    }
}
