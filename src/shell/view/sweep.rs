//! The section of the sweep over σ, which the reader opens: its button, its progress, its picture and what it found.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::note::note;

use super::frame::{Card, Easel, Legend, show_card};
use super::show::Show;
use crate::lab::curve::{RowLabel, Table};
use crate::lab::metric::RunId;
use crate::lab::number::show;
use crate::lab::prediction::sigma;
use crate::lab::spec::{Spec, data_shape};
use crate::lab::state::Edit;
use crate::lab::sweep::{NETWORKS, Share, Sweep, networks, sigmas, steps};
use crate::lab::view::Chart;
use crate::science::initial_loss::guess;
use crate::shell::figure;
use crate::shell::store::Store;

/// The section. It is open from the beginning where a link asks for its chart.
pub fn sweep(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let shown = Memo::new(move |_| lens.view.with(|view| view.shows_chart(Chart::Sweep)));
    let asked = lens.view.with_untracked(|view| view.chooses_charts());
    let open = RwSignal::new(asked);
    let section = move || {
        view! {
            <details
                class="theory"
                data-testid="sweep"
                open=asked
                on:toggle=move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"))
            >
                <summary>{lens.text("sweep.title")}</summary>
                {move || if open.get() { card(store, easel, lens) } else { ().into_any() }}
            </details>
        }
    };
    (move || if shown.get() { section().into_any() } else { ().into_any() }).into_any()
}

fn card(store: Store, easel: Easel, lens: Lens) -> AnyView {
    // The earlier sweep that the reader looks at; with none chosen it is the last one.
    let chosen = RwSignal::new(None::<RunId>);
    let present = Memo::new(move |_| {
        store.state.with(|state| {
            let earlier = state.kept.iter().find(|sweep| Some(sweep.run) == chosen.get());
            earlier.or(state.sweep.as_ref()).cloned()
        })
    });
    let running = Memo::new(move |_| store.state.with(|state| state.sweep.as_ref().is_some_and(Sweep::running)));
    let locked = lens.locks("play");
    let press = move |_| {
        chosen.set(None);
        lens.edit.run(if running.get_untracked() { Edit::Cancel } else { Edit::Sweep });
    };
    let name = move || {
        let lang = lens.lang.get();
        if running.get() {
            lang.text("sweep.cancel").to_owned()
        } else {
            lang.fill("sweep.run", &[("count", &NETWORKS.to_string())])
        }
    };
    let tools = view! {
        <progress
            max="1"
            hidden=move || !running.get()
            aria-label=lens.text("sweep.title")
            prop:value=move || present.with(|sweep| sweep.as_ref().map_or(0.0, share))
        ></progress>
        <button type="button" data-testid="sweep-run" disabled=move || locked.get() on:click=press>
            {name}
        </button>
        {earlier(store, chosen, lens)}
    };
    let words = Memo::new(move |_| present.with(|sweep| said(sweep.as_ref(), lens)));
    let table = move || present.with(|sweep| table(sweep.as_ref()));
    let draw = move |look: &figure::Look| {
        let (now, classes) = lens.spec.with_untracked(|spec| (sigma(spec).hidden, data_shape(spec).classes));
        present.with_untracked(|sweep| figure::sweep(sweep.as_ref(), now, guess(classes), look))
    };
    let card = Card {
        chart: Chart::Sweep,
        legend: Legend { keys: &["held-out", "guess-key", "band-claimed"], absent: None },
        tools: tools.into_any(),
        foot: note("sweep-words", Box::new(move || words.get())),
        table: Arc::new(table),
        summary: words,
        changes: Box::new(move || {
            present.track();
            lens.spec.track();
        }),
        figure: Box::new(draw),
    };
    show_card(card, easel, lens)
}

/// The list to choose from: the last sweep and those before it. It is there once there are any before it.
fn earlier(store: Store, chosen: RwSignal<Option<RunId>>, lens: Lens) -> AnyView {
    let known = Memo::new(move |_| {
        store.state.with(|state| {
            let all = state.sweep.iter().chain(state.kept.iter().rev());
            all.map(|sweep| (sweep.run, sweep.base.clone())).collect::<Vec<_>>()
        })
    });
    let some = Memo::new(move |_| known.with(|known| known.len() > 1));
    let options = move || {
        let lang = lens.lang.get();
        let option = |(run, base): (RunId, Spec)| {
            let shown = move || chosen.get() == Some(run);
            view! {
                <option value=run.to_string() prop:selected=shown>
                    {lang.differences(&networks(&base)[0])}
                </option>
            }
        };
        known.get().into_iter().map(option).collect_view()
    };
    view! {
        <Show when=move || some.get()>
            <label>
                <span class="quiet">{lens.text("sweep.kept")}</span>
                <select
                    data-testid="sweep-kept"
                    on:change=move |event| chosen.set(event_target_value(&event).parse().ok())
                >
                    {options}
                </select>
            </label>
        </Show>
    }
    .into_any()
}

/// The share of a sweep's steps that are made, from 0 to 1.
fn share(sweep: &Sweep) -> f64 {
    sweep.step as f64 / sweep.steps.max(1) as f64
}

/// Says what the sweep is about, how far it is, or what it found.
fn said(sweep: Option<&Sweep>, lens: Lens) -> String {
    let lang = lens.lang.get();
    let Some(sweep) = sweep else {
        let steps = lens.spec.with(|spec| steps(spec.network.model)).to_string();
        return lang.fill("sweep.before", &[("networks", &NETWORKS.to_string()), ("steps", &steps)]);
    };
    let (step, steps) = (sweep.step.to_string(), sweep.steps.to_string());
    let steps = [("step", step.as_str()), ("steps", steps.as_str())];
    let mut text = match sweep.band() {
        _ if sweep.running() => lang.fill("sweep.running", &steps),
        _ if !sweep.is_whole() => lang.fill("sweep.cancelled", &steps),
        None => lang.fill("sweep.none", &steps),
        Some(band) => {
            let [low, best, high] = [band.low, band.best, band.high].map(show);
            let key = if band.low == band.high { "sweep.only" } else { "sweep.found" };
            let found = lang.fill(key, &[("low", &low), ("best", &best), ("high", &high)]);
            let claim = sweep.claim().map(|claim| {
                let key = match claim.share() {
                    Share::Whole => "sweep.whole",
                    Share::Part => "sweep.part",
                    Share::Nothing => "sweep.nothing",
                };
                lang.tell(key, &claim.values())
            });
            format!("{found} {}", claim.unwrap_or_default())
        }
    };
    if lens.spec.with(networks) != networks(&sweep.base) {
        text = format!("{text} {}", lang.text("sweep.other"));
    }
    text
}

fn table(sweep: Option<&Sweep>) -> Table {
    let outcomes = sweep.map(|sweep| sweep.outcomes.as_slice()).unwrap_or_default();
    let rows = sigmas().into_iter().zip(outcomes).map(|(sigma, outcome)| {
        let held_out = outcome.held_out.map(|(loss, share)| (loss.0, share.0));
        let label = RowLabel::Number(show(sigma));
        (label, vec![Some(outcome.loss.0), held_out.map(|both| both.0), held_out.map(|both| both.1)])
    });
    Table::new(&["sigma", "loss", "held-out", "accuracy"], rows.collect())
}
