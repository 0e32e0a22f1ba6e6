//! Keeps the runs of this tab in the browser, so that a reload loses none of them.
//!
//! A run is kept under the tab's own name and its settings. It is written when it has changed, one run at a time, so
//! that the page is never busy for long. What tabs of a week ago left is deleted.

use std::collections::BTreeMap;
use std::time::Duration;

use idb::{KeyRange, Query, TransactionMode};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::storage::Kept;
use crate::lab::record::{RunRecord, StoredRun, link_of};
use crate::lab::spec::Dataset;
use crate::lab::state::{Edit, RunEdit, State};
use crate::port::page::{plain, wall_clock};
use crate::shell::effect::effect;

/// The key of the tab's name in its session storage.
const TAB: &str = "init-lab/tab";
/// How long changes are awaited before one is written.
const PAUSE: Duration = Duration::from_millis(1500);
/// For how long the runs of a tab are kept, in milliseconds: a week.
const LIFE: f64 = 6.048e8;

/// How far each run was when it was written, by its link.
type WrittenRuns = BTreeMap<String, RunReach>;

/// How far a run is, and whether it is over.
type RunReach = (Option<u64>, bool);

/// What is to be written of a run.
enum RunWrite {
    /// It came so far.
    Put(RunReach, Box<StoredRun>),
    /// It is gone.
    Delete,
}

/// Takes in the runs that this tab had before, and keeps those of now. Where there is no storage, nothing happens.
pub fn keep_runs(state: RwSignal<State>, edit: Callback<Edit>) {
    let Some(tab) = tab() else { return };
    let written = StoredValue::new_local(WrittenRuns::new());
    // What follows the runs belongs to the page, and not to what is drawn when storage answers.
    spawn_local(ScopedFuture::new_untracked(async move {
        let records = load(&tab).await;
        for record in &records {
            written.update_value(|written| {
                written.insert(link_of(&record.spec), reach(record));
            });
        }
        if !records.is_empty() {
            edit.run(Edit::Run(RunEdit::Restore(records)));
        }
        follow(state, tab, written);
    }));
}

/// The name of this tab, which is the time at which it first had the lab, so that old ones can be told.
fn tab() -> Option<String> {
    let storage = window().session_storage().ok().flatten()?;
    if let Some(tab) = storage.get_item(TAB).ok().flatten() {
        return Some(tab);
    }
    let tab = wall_clock().to_string();
    storage.set_item(TAB, &tab).ok()?;
    Some(tab)
}

async fn load(tab: &str) -> Vec<RunRecord> {
    let range = |first: String, last: String| {
        KeyRange::bound(&JsValue::from(first), &JsValue::from(last), None, None).map(Query::KeyRange)
    };
    if let Ok(old) = range("0".to_owned(), (wall_clock() - LIFE).to_string()) {
        Kept::Runs.delete(old).await;
    }
    let own = range(format!("{tab}/"), format!("{tab}/\u{ffff}"));
    let found = Kept::Runs.using(TransactionMode::ReadOnly, async |store| store.get_all(Some(own?), None)?.await).await;
    let stored = found.unwrap_or_default().into_iter().filter_map(|value| serde_wasm_bindgen::from_value(value).ok());
    let mut stored: Vec<StoredRun> = stored.collect();
    stored.sort_by(|one, other| one.at.total_cmp(&other.at));
    stored.into_iter().map(RunRecord::from).collect()
}

fn follow(state: RwSignal<State>, tab: String, written: StoredValue<WrittenRuns, LocalStorage>) {
    let tab = StoredValue::new_local(tab);
    let waiting = StoredValue::new(false);
    let changes = Memo::new(move |_| {
        state.with(|state| {
            let all = state.runs.list().iter().map(|run| (run.id, run.record.step()));
            (all.collect::<Vec<_>>(), state.run, state.record.step())
        })
    });
    effect(move || {
        // Read, and not only tracked: a memo that nobody reads is never computed, and so never changes.
        changes.with(|_| ());
        if !waiting.get_value() {
            waiting.set_value(true);
            set_timeout(move || write_next(state, tab, written, waiting), PAUSE);
        }
    });
}

/// Writes one run that has changed, or deletes one that is gone, and goes on if there is more.
fn write_next(
    state: RwSignal<State>,
    tab: StoredValue<String, LocalStorage>,
    written: StoredValue<WrittenRuns, LocalStorage>,
    waiting: StoredValue<bool>,
) {
    let Some(tab_name) = tab.try_get_value() else { return };
    let next = state.with_untracked(|state| written.with_value(|written| next(state, written)));
    let Some((link, change)) = next else { return waiting.set_value(false) };
    written.update_value(|written| {
        match &change {
            RunWrite::Put(reach, _) => written.insert(link.clone(), *reach),
            RunWrite::Delete => written.remove(&link),
        };
    });
    let key = format!("{tab_name}/{link}");
    spawn_local(async move {
        match change {
            RunWrite::Put(_, stored) => {
                if let Some(value) = plain(&stored) {
                    Kept::Runs.put(&key, &value).await;
                }
            }
            RunWrite::Delete => Kept::Runs.delete(Query::Key(JsValue::from(key))).await,
        }
        set_timeout(move || write_next(state, tab, written, waiting), PAUSE);
    });
}

/// What is to be written next: a run, or with none its deletion.
fn next(state: &State, written: &WrittenRuns) -> Option<(String, RunWrite)> {
    let present = state.present_record();
    // What was learned of the reader's own data means nothing without the file, which another may have replaced.
    let trained = |record: &&RunRecord| record.is_trained() && record.spec.run.data != Dataset::Own;
    let records: Vec<&RunRecord> = state.runs.list().iter().map(|run| &run.record).chain([&present]).collect();
    for record in records.iter().copied().filter(trained) {
        let link = link_of(&record.spec);
        // The present run may be behind the kept one of the same settings, which it repeats.
        if written.get(&link).is_none_or(|before| *before < reach(record)) {
            let stored = Box::new(StoredRun::new(record, wall_clock()));
            return Some((link, RunWrite::Put(reach(record), stored)));
        }
    }
    let links: Vec<String> = records.iter().map(|record| link_of(&record.spec)).collect();
    let gone = written.keys().find(|link| !links.contains(link))?;
    Some((gone.clone(), RunWrite::Delete))
}

fn reach(record: &RunRecord) -> RunReach {
    (record.step(), record.end.is_some())
}
