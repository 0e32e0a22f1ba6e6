//! The page of experiments: many networks trained in this tab, what they show, and what is found in them.
//!
//! The worker reads the file, trains, draws conclusions and reports its progress; this page shows the reports.

mod answer;
mod editor;
mod entry;
mod files;
mod gallery;
mod grid;
mod helpers;
mod kept;
mod numbers;
mod pictures;
mod run;
mod sentence;
mod sketch;
mod store;
mod watch;
mod worker;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::site::{DeskSite, top_bar};
use crate::lab::lang::Lang;
use crate::shell::browser;
use crate::shell::view::site::SitePart;
use crate::study::finding::StudyFinding;
use sentence::sentence;
use store::ExperimentStore;

/// The page of experiments.
pub(super) fn experiments(site: DeskSite) -> AnyView {
    let store = ExperimentStore::new(site);
    let ready = RwSignal::new(false);
    spawn_local(async move {
        store.begin_page().await;
        ready.set(true);
    });
    view! {
        {top_bar(site, SitePart::Experiments, move || lab_address(site.lang.get()))}
        <main id="main" tabindex="-1" hidden=move || !ready.get()>
            {head(store, ready)}
            <div class="one" hidden=move || store.is_gallery()>
                {answer::panel(store)} <p class="lead" id="note">{move || store.note()}</p>
                {run::panel(store)} {watch::networks(store)}
                {pictures::units(store)} {pictures::pictures(store)} {watch::texts(store)} {findings(store)}
                {numbers::panel(store)} {editor::panel(store)}
            </div>
            <div class="one" hidden=move || !store.is_gallery()>
                {gallery::gallery(store)}
            </div>
        </main>
    }
    .into_any()
}

/// The address of the lab that this page was opened from, in this page's language.
fn lab_address(lang: Lang) -> String {
    let link = browser::search_value("lab").unwrap_or_default();
    let pairs = form_urlencoded::parse(link.as_bytes()).filter(|(key, _)| key != "v" && key != "lang");
    form_urlencoded::Serializer::new(String::from("./#v=1")).extend_pairs(pairs).append_pair("lang", lang.id()).finish()
}

/// The address of a network in the lab, in this page's language.
fn in_lab(link: &str, lang: Lang) -> String {
    format!("./{link}&lang={}", lang.id())
}

/// The way back to all experiments, their list, and the question of the one that is shown, or the name of the page above
/// all of them.
fn head(store: ExperimentStore, ready: RwSignal<bool>) -> AnyView {
    let site = store.site;
    // Before the address is read, nothing is shown yet, and that is no gallery.
    let is_gallery = move || ready.get() && store.is_gallery();
    let shown = Memo::new(move |_| store.shown());
    let options = move || {
        let option = |entry: &entry::ExperimentEntry| {
            let (id, name) = (entry.id.clone(), store.name_of(entry));
            view! { <option value=id.clone() selected=id == shown.get()>{name}</option> }
        };
        store.entries.with(|entries| entries.iter().map(option).collect_view())
    };
    let choose = move |event| {
        window().location().set_hash(&event_target_value(&event)).ok();
    };
    view! {
        <div class="choose">
            <a href="#" data-testid="all-experiments" hidden=is_gallery>
                {site.text("all-experiments")}
            </a>
            <label>
                <span class="unseen">{site.text("page")}</span>
                <select id="choices" data-testid="choices" prop:value=move || shown.get() on:change=choose>
                    <Show when=is_gallery>
                        <option value="" selected=true>
                            {site.text("choose")}
                        </option>
                    </Show>
                    {options}
                </select>
            </label>
        </div>
        <header class="intro">
            <h1 id="title" data-testid="title">
                {move || if is_gallery() { site.say("page") } else { store.title() }}
            </h1>
        </header>
    }
    .into_any()
}

/// The findings of the experiment, in sentences. They are open where no answer stands above them.
fn findings(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let sentences = Memo::new(move |_| {
        let sentence = |finding: &StudyFinding| sentence(site, finding);
        store.with_report(|report| report.findings.iter().map(sentence).collect::<Vec<_>>()).unwrap_or_default()
    });
    let rows = move || sentences.get().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    let open = Memo::new(move |_| store.with_report(|report| report.answer.is_none()).unwrap_or(false));
    view! {
        <section class="panel" id="found" hidden=move || sentences.with(Vec::is_empty)>
            <details data-testid="statistics" prop:open=move || open.get()>
                <summary>{site.text("found")}</summary>
                <ul id="findings" data-testid="findings">
                    {rows}
                </ul>
            </details>
        </section>
    }
    .into_any()
}
