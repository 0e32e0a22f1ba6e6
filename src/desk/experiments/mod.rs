//! The page of experiments: many networks trained in this tab, what they show, and what is found in them.
//!
//! The worker reads the file, trains, draws conclusions and reports its progress; this page shows the reports.

mod answer;
mod editor;
mod entry;
mod files;
mod findings;
mod gallery;
mod grid;
mod helpers;
mod kept;
mod later;
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
use crate::shell::loaded::at_once;
use crate::shell::view::show::Show;
use crate::shell::view::site::SitePart;
use later::{fetch_one, one};
use store::ExperimentStore;

/// The page of experiments. The gallery and the question of an experiment come first; how it went, and all that trains, is
/// fetched once they stand.
pub(super) fn experiments(site: DeskSite) -> AnyView {
    let store = ExperimentStore::new(site);
    let ready = RwSignal::new(false);
    // Whether the code came; none while it is on its way.
    let came = RwSignal::new(None);
    let fetch = move || {
        came.set(None);
        spawn_local(async move { came.set(Some(fetch_one().await.is_ok())) });
    };
    spawn_local(async move {
        store.begin_page().await;
        ready.set(true);
        fetch();
    });
    let shown = move || match came.get() {
        None => view! { <p role="status">{site.text("coming")}</p> }.into_any(),
        Some(true) => at_once(one(store)).unwrap_or_else(|| ().into_any()),
        Some(false) => view! {
            <p class="notice" role="alert">
                {site.text("unreachable")}
                " "
                <button type="button" data-testid="one-again" on:click=move |_| fetch()>
                    {site.text("try-again")}
                </button>
            </p>
        }
        .into_any(),
    };
    view! {
        {top_bar(site, SitePart::Experiments, move || lab_address(site.lang.get()))}
        <main id="main" tabindex="-1" hidden=move || !ready.get()>
            {head(store, ready)}
            <div class="one" hidden=move || store.is_gallery()>
                {shown}
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
            view! {
                <option value=id.clone() selected=id == shown.get()>
                    {name}
                </option>
            }
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
