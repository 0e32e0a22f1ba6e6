//! What is to be done when an event was taken in, and what of it this browser keeps.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::super::kept;
use super::ExperimentStore;
use crate::port::page::wall_clock;
use crate::study::sitting::{KeptRecord, ResultSummary};
use crate::study::sittings::DeskTask;

impl ExperimentStore {
    /// Keeps a checkpoint from the worker, under the experiment it belongs to.
    pub(super) fn keep(self, run: u32, steps: u64, bytes: Uint8Array) {
        let Some((id, file)) = self.sittings.with_untracked(|sittings| sittings.owner(run, steps).cloned()) else {
            return;
        };
        let record = KeptRecord { file, steps, at: wall_clock() };
        spawn_local(async move {
            if kept::keep(&id, &record, &bytes).await {
                self.sittings.update(|sittings| sittings.keep_record(&id, record));
            }
        });
    }

    pub(super) fn carry_out(self, tasks: Vec<DeskTask>) {
        for task in tasks {
            match task {
                DeskTask::Send(command) => self.send(command),
                DeskTask::Forget(id) => spawn_local(async move { kept::forget(&id).await }),
                DeskTask::ShowLine(line) => self.line.set(Some(line)),
                DeskTask::Keep(id) => {
                    let result = self.sittings.with_untracked(|sittings| sittings.result(&id, wall_clock()));
                    let Some(result) = result else { continue };
                    let summary = ResultSummary::of(&result);
                    self.results.update(|results| results.extend([(id.clone(), summary)]));
                    spawn_local(async move { kept::keep_result(&id, &result).await });
                }
            }
        }
    }
}
