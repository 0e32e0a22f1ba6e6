//! What a teacher saves as a file instead of copying it.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::super::site::{DeskSite, learn};
use super::draft::Draft;
use crate::lab::lang::Lang;
use crate::lab::message::PreviewMeasurement;
use crate::lab::package::ScormPackage;
use crate::lab::poster::{Poster, PosterChart};
use crate::lab::snippet::{Embedding, POSTER, Snippet};
use crate::lab::view::Chart;
use crate::shell::browser;

/// The package for learning platforms that keep scores, which is visible with what is pasted there.
pub(super) fn scorm_box(draft: Draft, site: DeskSite) -> AnyView {
    let has_goal = Memo::new(move |_| draft.lab.with(|lab| lab.task.is_some()));
    let save = move |lang| {
        if let Some(package) = draft.with_embedding(|embedding| ScormPackage::of(embedding, lang)) {
            browser::download_bytes(&package.name, "application/zip", &package.bytes);
        }
    };
    saved_box("scorm", move || draft.kind.get() == Snippet::Lms.id(), has_goal, save, draft, site)
}

/// The recorded picture, which is visible with the texts that show it.
pub(super) fn poster_box(draft: Draft, site: DeskSite) -> AnyView {
    let is_measured = Memo::new(move |_| draft.measured.with(Option::is_some));
    let is_shown = move || {
        let shows = |snippet: &Snippet| snippet.has_poster() && snippet.kind().id() == draft.kind.get();
        Snippet::ALL.iter().any(shows)
    };
    let save = move |lang| {
        let draw = |measured: &PreviewMeasurement| draft.with_embedding(|embedding| drawn(embedding, measured, lang));
        if let Some(picture) = draft.measured.with_untracked(|measured| measured.as_ref().map(draw)) {
            browser::download(POSTER, "image/svg+xml", &picture);
        }
    };
    saved_box("poster", is_shown, is_measured, save, draft, site)
}

/// The picture of the first chart that the lab shows and that a picture can have.
fn drawn(embedding: &Embedding, measured: &PreviewMeasurement, lang: Lang) -> String {
    let view = &embedding.lab.view;
    let chart = if view.predict.is_some() {
        PosterChart::Covered
    } else if view.shows_chart(Chart::Gradient) && !view.shows_chart(Chart::Variance) {
        PosterChart::Gradient
    } else {
        PosterChart::Variance
    };
    let address = Snippet::Link.text(embedding);
    let PreviewMeasurement { step, layers } = measured;
    Poster { title: embedding.title, address: &address, chart, step: *step, layers }.svg(lang)
}

/// A note and a button; `save` gets the language of those who will read the file. Texts and test hooks follow from `name`.
fn saved_box(
    name: &'static str,
    is_shown: impl Fn() -> bool + Send + 'static,
    can_be_saved: Memo<bool>,
    save: impl Fn(Lang) + Copy + 'static,
    draft: Draft,
    site: DeskSite,
) -> AnyView {
    let note = move || site.say(&format!("{name}-{}", if can_be_saved.get() { "note" } else { "needs" }));
    let press = move |_| {
        spawn_local(async move {
            let own = site.lang.get_untracked();
            let wanted = draft.lab.with_untracked(|lab| lab.view.lang).unwrap_or(own);
            save(if learn(wanted).await { wanted } else { own });
        });
    };
    let note_id = format!("{name}-note");
    view! {
        <div class="output saved" hidden=move || !is_shown()>
            <p class="hint" id=note_id.clone() role="status" data-testid=note_id.clone()>
                {note}
            </p>
            <button
                type="button"
                data-testid=format!("save-{name}")
                aria-describedby=note_id
                disabled=move || !can_be_saved.get()
                on:click=press
            >
                {site.text(name)}
            </button>
        </div>
    }
    .into_any()
}
