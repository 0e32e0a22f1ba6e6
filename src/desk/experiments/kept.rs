//! Keeps in this browser what experiments found, and what a long one can be continued from: a result and a record for
//! each experiment. Where storage is blocked nothing is kept, and nothing fails.

use std::collections::BTreeMap;

use idb::{KeyRange, Query, TransactionMode};
use js_sys::{Object, Reflect, Uint8Array};
use leptos::prelude::window;
use serde_wasm_bindgen::from_value;
use wasm_bindgen::{JsCast, JsValue};

use crate::port::page::plain;
use crate::shell::storage::{Kept, field};
use crate::study::answer::StudyAnswer;
use crate::study::sitting::{KeptRecord, KeptResult, ResultSummary};

const STORE: Kept = Kept::Experiments;
const RUNNING: &str = "init-lab/running";
/// The prefix of the keys of results, which lie in the same store as the records.
const RESULT: &str = "result/";
/// The version of a kept report's fields. Results of another version are ignored.
const VERSION: f64 = 1.0;

/// Keeps the checkpoint that an experiment can be continued from. Returns whether that worked.
pub(super) async fn keep(id: &str, record: &KeptRecord, bytes: &Uint8Array) -> bool {
    let value = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("file", record.file.as_str().into()),
        ("steps", (record.steps as f64).into()),
        ("at", record.at.into()),
        ("bytes", bytes.into()),
    ];
    for (name, field) in fields {
        Reflect::set(&value, &name.into(), &field).ok();
    }
    STORE.put(id, &value).await
}

/// The record that an experiment can be continued from, without the checkpoint's bytes.
pub(super) async fn record(id: &str) -> Option<KeptRecord> {
    let value = STORE.get(id).await?;
    let number = |name: &str| field(&value, name).as_f64();
    Some(KeptRecord { file: field(&value, "file").as_string()?, steps: number("steps")? as u64, at: number("at")? })
}

/// The bytes of the checkpoint that an experiment can be continued from.
pub(super) async fn bytes(id: &str) -> Option<Uint8Array> {
    field(&STORE.get(id).await?, "bytes").dyn_into().ok()
}

/// Deletes the checkpoint that an experiment could be continued from.
pub(super) async fn forget(id: &str) {
    STORE.delete(JsValue::from(id)).await;
}

/// The result of an experiment, if it has the version that this page can draw.
pub(super) async fn result(id: &str) -> Option<KeptResult> {
    let value = STORE.get(&place(id)).await.filter(is_ours)?;
    from_value(value).ok()
}

/// Keeps the result of an experiment.
pub(super) async fn keep_result(id: &str, result: &KeptResult) {
    let Some(value) = plain(result) else { return };
    Reflect::set(&value, &"version".into(), &VERSION.into()).ok();
    STORE.put(&place(id), &value).await;
}

/// The experiments of which this browser keeps a result, and what the gallery shows of each.
pub(super) async fn results() -> BTreeMap<String, ResultSummary> {
    let found = STORE.using(TransactionMode::ReadOnly, async |store| {
        // Records are left out, because they have megabytes.
        let theirs = || {
            let (first, last) = (JsValue::from(RESULT), JsValue::from(format!("{RESULT}\u{ffff}")));
            KeyRange::bound(&first, &last, None, None).map(Query::KeyRange)
        };
        let keys = store.get_all_keys(Some(theirs()?), None)?.await?;
        let values = store.get_all(Some(theirs()?), None)?.await?;
        Ok(keys.into_iter().zip(values).filter(|(_, value)| is_ours(value)).collect::<Vec<_>>())
    });
    let known = found.await.unwrap_or_default().into_iter();
    known
        .filter_map(|(key, value)| Some((key.as_string()?.strip_prefix(RESULT)?.to_owned(), summary(&value))))
        .collect()
}

/// What the gallery shows of a result, without its pictures and tables.
fn summary(value: &JsValue) -> ResultSummary {
    let report = field(value, "report");
    let number = |name: &str| field(&report, name).as_f64();
    let is_whole = number("done") == number("networks");
    ResultSummary {
        file: field(value, "file").as_string().unwrap_or_default(),
        answer: from_value::<Option<StudyAnswer>>(field(&report, "answer")).ok().flatten(),
        seconds: number("secondsSpent").filter(|seconds| is_whole && *seconds > 0.0),
    }
}

/// The experiment that this tab trained when it was reloaded.
pub(super) fn running() -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(RUNNING).ok().flatten()
}

/// Notes which experiment this tab trains, for a reload.
pub(super) fn set_running(id: Option<&str>) {
    let Some(storage) = window().session_storage().ok().flatten() else { return };
    // Where storage is blocked or full, the experiment does not go on after a reload.
    match id {
        Some(id) => storage.set_item(RUNNING, id).ok(),
        None => storage.remove_item(RUNNING).ok(),
    };
}

/// The reader's own version of a file, if there is one.
pub(super) fn version(id: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(&version_place(id)).ok().flatten()
}

/// Keeps the reader's own version of a file. Without storage it lasts as long as the page.
pub(super) fn keep_version(id: &str, text: Option<&str>) {
    let Some(storage) = window().local_storage().ok().flatten() else { return };
    match text {
        Some(text) => storage.set_item(&version_place(id), text).ok(),
        None => storage.remove_item(&version_place(id)).ok(),
    };
}

fn version_place(id: &str) -> String {
    format!("init-lab/experiment/{id}")
}

fn place(id: &str) -> String {
    format!("{RESULT}{id}")
}

fn is_ours(value: &JsValue) -> bool {
    field(value, "version").as_f64() == Some(VERSION)
}
