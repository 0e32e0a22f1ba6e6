//! The question that the present settings ask, as a sentence: what a student reads first.

use leptos::prelude::*;

use super::Lens;
use super::frame::Easel;
use super::later::{LatePart, later};
use crate::lab::catalog;
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::prediction::sigma;
use crate::lab::spec::{Scheme, Spec};
use crate::shell::store::Store;

/// Shows the sentence and, in a prepared lab, what to look at.
#[component]
pub fn Question(store: Store, easel: Easel, lens: Lens) -> impl IntoView {
    let shown = lens.shows("question");
    let part = move |part: usize| move || lens.spec.with(|spec| sentence(spec, lens.lang.get()).swap_remove(part));
    let note = move || {
        let experiment = store.lab.with(|lab| lab.experiment).and_then(catalog::find)?;
        Some(lens.lang.get().advice(experiment.id))
    };
    // A prepared lab says itself what to do.
    let led = Memo::new(move |_| store.lab.with(|lab| lab.experiment.is_none() && !lab.view.embed));
    view! {
        <Show when=move || shown.get()>
            <div class="question">
                <h1 data-testid="question">
                    {part(0)}
                    <b>{part(1)}</b>
                    {part(2)}
                </h1>
                {move || note().map(|note| view! { <p class="note">{note}</p> })}
                <Show when=move || led.get()>{later(LatePart::Hints, store, easel, lens)}</Show>
            </div>
        </Show>
    }
}

/// The sentence in three parts: what stands before σ, σ itself, and what stands after it.
fn sentence(spec: &Spec, lang: Lang) -> Vec<String> {
    let std = show(sigma(spec).hidden);
    let start = match spec.start.scheme {
        Scheme::Zeros => lang.text("start.zeros").to_owned(),
        Scheme::Constant => lang.fill("start.constant", &[("std", &std)]),
        Scheme::Normal => lang.fill("start.sigma", &[("std", &std)]),
        scheme => {
            let name = lang.text(&format!("option.init.{}", scheme.id())).to_owned();
            lang.fill("start.scheme", &[("scheme", &name), ("std", &std)])
        }
    };
    let activation = lang.text(&format!("option.act.{}", spec.network.activation.id())).to_owned();
    let key = format!("question.{}{}", spec.network.model.id(), if spec.network.depth == 1 { "-one" } else { "" });
    let values = [
        ("depth", spec.network.depth.to_string()),
        ("width", spec.network.width.to_string()),
        ("activation", activation),
    ];
    let text = lang.tell(&key, &values);
    match text.split_once("{start}") {
        Some((before, after)) => vec![before.to_owned(), start, after.to_owned()],
        None => vec![text, start, String::new()],
    }
}
