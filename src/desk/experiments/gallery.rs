//! The gallery of experiments: what each found, what it looks like, and what it costs to run it here.

use leptos::prelude::*;

use super::entry::{ExperimentEntry, read};
use super::sentence::sentence;
use super::sketch::picture;
use super::store::ExperimentStore;
use crate::desk::site::DeskSite;

/// The cards of all experiments.
pub(super) fn gallery(store: ExperimentStore) -> AnyView {
    let site = store.site;
    let cards = move || store.entries.with(|entries| entries.iter().map(|entry| card(store, entry)).collect_view());
    view! {
        <p class="lead">{site.text("gallery-note")}</p>
        <p class="notice" role="alert" hidden=move || !store.unreachable.get()>
            {site.text("unreachable")}
        </p>
        <ul class="gallery" data-testid="gallery">
            {cards}
        </ul>
    }
    .into_any()
}

fn card(store: ExperimentStore, entry: &ExperimentEntry) -> AnyView {
    let site = store.site;
    let id = entry.id.clone();
    let (title, note) = (read(&entry.title, site.lang.get()), read(&entry.note, site.lang.get()));
    let recorded = entry.recorded.as_ref();
    let result = recorded.and_then(|recorded| recorded.result.as_ref());
    let own = store.own_answer(entry);
    let is_own = own.is_some();
    let words =
        own.or_else(|| result.map(|result| result.answer.clone())).map(|answer| sentence(site, &answer.sentence));
    let source = if is_own { "own" } else { "recorded" };
    let found = match words {
        Some(words) => {
            let origin = site.say(if is_own { "found-here" } else { "found-recorded" });
            view! {
                <p class="found" data-source=source>
                    {words}
                    " "
                    <span class="origin">{origin}</span>
                </p>
            }
            .into_any()
        }
        None => view! { <p class="found hint">{first_sentence(&note)}</p> }.into_any(),
    };
    let place = StoredValue::new(entry.clone());
    let cost = move || place.with_value(|entry| cost(store, entry));
    let running = {
        let id = id.clone();
        move || {
            let is_busy =
                store.sittings.with(|sittings| sittings.find(&id).is_some_and(|sitting| sitting.phase.is_busy()));
            is_busy.then(|| site.say("card-running"))
        }
    };
    view! {
        <li class="card panel" data-testid=format!("card-{id}")>
            <div class="thumbnail">{result.and_then(picture)}</div>
            <h2>
                <a href=format!("#{id}")>{title}</a>
            </h2>
            {found}
            <p class="hint cost">{running} " " {cost}</p>
        </li>
    }
    .into_any()
}

/// What it costs to run an experiment: as long as it took here; else as long as it should take here, judged by those that
/// were run here; else as long as it took where it was recorded.
pub(super) fn cost(store: ExperimentStore, entry: &ExperimentEntry) -> String {
    let site = store.site;
    let Some(recorded) = &entry.recorded else { return String::new() };
    let networks = recorded.networks.to_string();
    let Some(result) = &recorded.result else { return site.tell("card-endless", &[("networks", &networks)]) };
    let (key, seconds) = match (store.own_seconds(entry), store.pace()) {
        (Some(seconds), _) => ("card-took", seconds),
        (None, Some(pace)) => ("card-takes", pace * result.seconds),
        (None, None) => ("card-took-there", result.seconds),
    };
    site.tell(key, &[("networks", &networks), ("time", &time(site, seconds))])
}

/// A time for a person: seconds, or minutes from ninety seconds on.
pub(super) fn time(site: DeskSite, seconds: f64) -> String {
    if seconds < 90.0 {
        site.tell("time-seconds", &[("time", &seconds.ceil().max(1.0).to_string())])
    } else {
        site.tell("time-minutes", &[("time", &(seconds / 60.0).round().to_string())])
    }
}

/// The beginning of a note, which says what the experiment is about.
fn first_sentence(note: &str) -> String {
    // A point inside a number ends no sentence.
    let end = note.find(". ").into_iter().chain(note.find("? ")).min();
    end.map_or(note, |end| &note[..=end]).to_owned()
}
