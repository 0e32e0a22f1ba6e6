//! When the lab's run is kept, and when its engine rests.

use std::time::Duration;

use leptos::prelude::*;

use super::sight::watch_sight;
use super::store::Store;
use crate::lab::state::Edit;
use crate::port::window::Parent;

/// How often a run is kept: so much training is lost at most when an engine dies.
const EVERY: Duration = Duration::from_secs(30);
/// How long a lab in another page has to be out of sight until its engine rests. A reader who only scrolls past should
/// not have to wait for it again.
const UNSEEN: Duration = Duration::from_secs(30);

/// Keeps the run from time to time; in another page, where many labs may stand, the engine rests while nobody sees the
/// lab.
pub fn keep_training(store: Store) {
    set_interval(move || store.edit(Edit::Keep), EVERY);
    let (Some(_), Some(root)) = (Parent::find(), document().document_element()) else { return };
    let timer = StoredValue::new(None::<TimeoutHandle>);
    watch_sight(&root, move |is_seen| {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
        if is_seen {
            store.edit(Edit::Wake);
        } else {
            rest_later(store, timer);
        }
        true
    });
}

/// Lets the engine rest after a while, and tries again where it had something to do.
fn rest_later(store: Store, timer: StoredValue<Option<TimeoutHandle>>) {
    let rest = move || {
        store.edit(Edit::Rest);
        rest_later(store, timer);
    };
    timer.set_value(set_timeout_with_handle(rest, UNSEEN).ok());
}
