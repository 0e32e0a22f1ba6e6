//! The chart of singular values, measured on demand.

use std::sync::Arc;

use leptos::prelude::*;

use super::Lens;
use super::frame::{Card, Easel, Legend, show_card};
use super::measure::measure;
use crate::lab::spectrum::{SpectrumChoice, SpectrumCurve};
use crate::lab::view::Chart;
use crate::shell::figure::{self, Look};
use crate::shell::store::Store;

/// The chart of the singular values of a matrix or of the Jacobian.
pub fn spectrum(store: Store, easel: Easel, lens: Lens) -> AnyView {
    let choices = Memo::new(move |_| lens.spec.with(SpectrumChoice::all));
    let place = RwSignal::new(0);
    let choice = Memo::new(move |_| choices.with(|all| all.get(place.get()).copied().unwrap_or(all[0])));
    // The state changes with every frame, and theory takes longer than to compare what was looked into.
    let looks = Memo::new(move |_| {
        store.state.with(|state| {
            let others = state.compared().into_iter().map(|(mark, record)| (mark, record.looks.clone()));
            (state.record.looks.clone(), others.collect::<Vec<_>>())
        })
    });
    let curve = Memo::new(move |_| {
        looks.with(|(own, others)| lens.spec.with(|spec| SpectrumCurve::new(spec, own, others, choice.get())))
    });
    let subject = Memo::new(move |_| choice.get().subject());
    let options = move || {
        let lang = lens.lang.get();
        let option = |(at, option): (usize, SpectrumChoice)| {
            view! {
                <option value=at.to_string() selected=option == choice.get_untracked()>
                    {option.name(lens.model(), lang)}
                </option>
            }
        };
        choices.get().into_iter().enumerate().map(option).collect_view()
    };
    let tools = view! {
        <select
            data-testid="spectrum-of"
            aria-label=lens.text("spectrum.of")
            on:change=move |event| place.set(event_target_value(&event).parse().unwrap_or_default())
        >
            {options}
        </select>
        {measure("spectrum", subject, store, lens)}
    };
    let summary = Memo::new(move |_| {
        let lang = lens.lang.get();
        let words = lens.spec.with(|spec| curve.with(|curve| curve.words(spec, lang)));
        store.state.with(|state| state.looks.absent(subject.get(), lang)).unwrap_or(words)
    });
    let absent = Memo::new(move |_| {
        curve.with(|curve| {
            let marks = [
                (curve.now.is_none(), "singular-now"),
                (curve.first.is_none(), "first-look"),
                (curve.law.is_none() && curve.expected.is_none(), "predicted"),
                (curve.now.as_ref().is_none_or(|(step, _)| *step == 0) || curve.random.is_none(), "random-now"),
            ];
            marks.into_iter().filter_map(|(absent, key)| absent.then_some(key)).collect()
        })
    });
    let keys = &["singular-now", "first-look", "predicted", "random-now"];
    let card = Card {
        chart: Chart::Spectrum,
        legend: Legend { keys, absent: Some(absent) },
        tools: tools.into_any(),
        foot: ().into_any(),
        table: Arc::new(move || curve.with(SpectrumCurve::table)),
        summary,
        changes: Box::new(move || curve.with(|_| ())),
        figure: Box::new(move |look: &Look| figure::spectrum(&curve.get_untracked(), look)),
    };
    show_card(card, easel, lens)
}
