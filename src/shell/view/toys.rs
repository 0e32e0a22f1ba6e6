//! The small labs: their charts, and what is said of them in the place of the verdict.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Lens;
use super::diagnosis::verdict;
use super::frame::{Card, Easel, Legend, show_card};
use super::knobs::controls;
use super::show::Show;
use super::tabs::tabs;
use crate::lab::knob::{Knob, KnobPlace, KnobSetting};
use crate::lab::lang::Lang;
use crate::lab::link::Lab;
use crate::lab::number::show;
use crate::lab::spec::{Spec, Toy};
use crate::lab::state::Edit;
use crate::lab::toy::{ChainCurve, OneWeightCurve, Remark, ScoreCurve};
use crate::lab::view::Chart;
use crate::science::toy::chain::Chain;
use crate::shell::effect::effect;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// How long a step of a course that is played takes.
const TICK: Duration = Duration::from_millis(40);

/// How long what is said must stand before it is spoken.
const REST: Duration = Duration::from_millis(700);

/// Keeps the small labs going: multiplies matrices between frames, and plays the course of the one weight.
pub fn run_toys(store: Store) {
    let wanted = Memo::new(move |_| {
        store.spec.with(|spec| {
            (spec.toy.kind == Some(Toy::Chain)).then_some((spec.network.width, spec.run.seed, spec.network.depth))
        })
    });
    let chain = StoredValue::new_local(None::<Chain>);
    // Only the newest setting is multiplied on; an older one ends at its next turn.
    let turn = StoredValue::new(0_u32);
    effect(move || {
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let Some((n, seed, most)) = wanted.get() else { return };
        chain.update_value(|chain| match chain {
            Some(chain) if chain.is_of(n, seed) => chain.set_most(most),
            chain => *chain = Some(Chain::new(n, seed, most)),
        });
        multiply(store, chain, turn, turn.get_value());
    });
    effect(move || {
        if store.spec.with(Spec::is_toy) {
            store.tell_ready();
        }
    });
    let playing = Memo::new(move |_| store.state.with(|state| state.is_toy() && state.playing));
    effect(move || {
        if playing.get()
            && let Ok(timer) = set_interval_with_handle(move || store.edit(Edit::Tick), TICK)
        {
            on_cleanup(move || timer.clear());
        }
    });
}

/// Multiplies for some milliseconds, shows what has come, and goes on after the next frame.
fn multiply(store: Store, chain: StoredValue<Option<Chain>, LocalStorage>, turn: StoredValue<u32>, mine: u32) {
    let mut is_done = true;
    chain.update_value(|chain| {
        if let Some(chain) = chain {
            chain.advance();
            is_done = chain.is_done();
            store.chain.set(chain.sizes().to_vec());
        }
    });
    if !is_done {
        request_animation_frame(move || {
            if turn.try_get_value() == Some(mine) {
                multiply(store, chain, turn, mine);
            }
        });
    }
}

/// What is said of the lab: of a network the verdict, of a small lab what its numbers come to.
pub fn verdict_or_remark(store: Store, lens: Lens) -> AnyView {
    let is_toy = Memo::new(move |_| lens.spec.with(Spec::is_toy));
    (move || if is_toy.get() { remark(store, lens) } else { verdict(store.state, lens) }).into_any()
}

/// A part that is about runs, which a small lab has none of.
pub fn of_networks(lens: Lens, part: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let is_toy = Memo::new(move |_| lens.spec.with(Spec::is_toy));
    (move || if is_toy.get() { ().into_any() } else { part() }).into_any()
}

/// The knobs that are not always in sight: of a network in tabs; of a small lab, which has few, all of them.
pub fn tabs_or_controls(lab: Memo<Lab>, lens: Lens) -> AnyView {
    let is_toy = Memo::new(move |_| lens.spec.with(Spec::is_toy));
    let all = move || {
        let rest = controls(|knob| !matches!(knob.place, KnobPlace::First | KnobPlace::Open), lens);
        view! { <div class="open rows">{rest}</div> }.into_any()
    };
    (move || if is_toy.get() { all() } else { tabs(lab, lens) }).into_any()
}

fn remark(store: Store, lens: Lens) -> AnyView {
    let shown = lens.shows("diagnosis");
    let found = Memo::new(move |_| said(store, lens.lang.get()));
    let title = move || lens.lang.get().text(&found.with(|found| format!("toy.{}", found.id))).to_owned();
    effect(move || {
        if let Some(root) = document().document_element() {
            root.set_attribute("data-mark", found.with(|found| found.mark)).ok();
        }
    });
    // A screen reader says it once it stands: while a slider is dragged or a course is played it changes all the time.
    let spoken = RwSignal::new(String::new());
    effect(move || {
        let text = format!("{}. {}", title(), found.with(|found| found.words.clone()));
        if let Ok(timer) = set_timeout_with_handle(move || drop(spoken.try_set(text)), REST) {
            on_cleanup(move || timer.clear());
        }
    });
    view! {
        <Show when=move || shown.get()>
            <section
                class="verdict"
                data-testid="diagnosis"
                data-verdict=move || found.with(|found| found.id)
                class:qualified=move || found.with(|found| found.mark == "none")
            >
                <div>
                    <h2>
                        <i aria-hidden="true"></i>
                        {title}
                    </h2>
                    <p>{move || found.with(|found| found.words.clone())}</p>
                </div>
                {move || level(store, lens)}
            </section>
            <p class="unseen" role="status" data-testid="diagnosis-spoken">
                {move || spoken.get()}
            </p>
        </Show>
    }
    .into_any()
}

/// What is said now; of a network that came in the same moment, nothing.
fn said(store: Store, lang: Lang) -> Remark {
    store.spec.with(|spec| match spec.toy.kind {
        Some(Toy::Chain) => store.chain.with(|sizes| ChainCurve::new(spec, sizes)).remark(lang),
        Some(Toy::Weight) => OneWeightCurve::new(spec, store.state.with(|state| state.toy_step)).remark(lang),
        Some(Toy::Scores) => ScoreCurve::new(spec).remark(lang),
        None => Remark { id: "none", mark: "none", words: String::new() },
    })
}

/// The button that sets the σ at which the mean square of a product stays what it is.
fn level(store: Store, lens: Lens) -> Option<AnyView> {
    let level = store.spec.with(|spec| {
        let level = ChainCurve::new(spec, &[]).level();
        (spec.toy.kind == Some(Toy::Chain) && (spec.start.std / level - 1.0).abs() > 1e-3).then_some(level)
    })?;
    let std = Knob::find("std").filter(|std| lens.view.with(|view| view.shows_knob(std) && !view.locks_knob(std)))?;
    let press = move |_| lens.edit.run(Edit::Knob(std, KnobSetting::Number(level)));
    let name = move || lens.lang.get().tell("toy.chain-level", &[("level", show(level))]);
    let button = view! {
        <div class="remedy">
            <button type="button" class="plain" data-testid="level" on:click=press>
                {name}
            </button>
        </div>
    };
    Some(button.into_any())
}

/// The size of a product by its number of factors.
pub fn product(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let curve = Memo::new(move |_| store.spec.with(|spec| store.chain.with(|sizes| ChainCurve::new(spec, sizes))));
    let words = Memo::new(move |_| curve.with(|curve| curve.remark(lens.lang.get()).words));
    let card = Card {
        chart: Chart::Product,
        legend: Legend { keys: &["measured", "typical", "mean-of-all"], absent: None },
        tools: ().into_any(),
        foot: ().into_any(),
        table: Arc::new(move || curve.with(ChainCurve::table)),
        summary: words,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(move |look: &Look| figure::product(&curve.read_untracked(), look)),
    };
    show_card(card, easel, lens)
}

/// One weight over steps.
pub fn one_weight(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let step = Memo::new(move |_| store.state.with(|state| state.toy_step));
    let curve = Memo::new(move |_| store.spec.with(|spec| OneWeightCurve::new(spec, step.get())));
    let words = Memo::new(move |_| curve.with(|curve| curve.remark(lens.lang.get()).words));
    let card = Card {
        chart: Chart::Course,
        legend: Legend { keys: &["toy-sgd", "toy-momentum", "toy-adam", "toy-adamw"], absent: None },
        tools: ().into_any(),
        foot: ().into_any(),
        table: Arc::new(move || curve.with(OneWeightCurve::table)),
        summary: words,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(move |look: &Look| figure::one_weight(&curve.read_untracked(), look)),
    };
    show_card(card, easel, lens)
}

/// The spread of scores, or the softmaxes of some of them.
pub fn scores(chart: Chart, store: Store, easel: Easel, lens: Lens) -> AnyView {
    let curve = Memo::new(move |_| store.spec.with(ScoreCurve::new));
    let words = Memo::new(move |_| curve.with(|curve| curve.remark(lens.lang.get()).words));
    let is_softmax = chart == Chart::Softmax;
    let keys: &[&str] = if is_softmax { &["softmax-before", "softmax-after"] } else { &["measured", "root"] };
    let table = move || curve.with(|curve| if is_softmax { curve.shares() } else { curve.sizes() });
    let draw = move |look: &Look| {
        let curve = curve.read_untracked();
        if is_softmax { figure::softmax(&curve, look) } else { figure::score_size(&curve, look) }
    };
    let card = Card {
        chart,
        legend: Legend { keys, absent: None },
        tools: ().into_any(),
        foot: ().into_any(),
        table: Arc::new(table),
        summary: words,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(draw),
    };
    show_card(card, easel, lens)
}
