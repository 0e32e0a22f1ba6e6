//! Training: the workers, what they are told and what they tell. It begins once the code of one experiment is there.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::VisibilityState;

use super::super::helpers::Helpers;
use super::super::kept;
use super::super::worker::{DeskEvent, DeskWorker};
use super::ExperimentStore;
use crate::lab::protocol::Event;
use crate::shell::browser;
use crate::shell::effect::effect;
use crate::study::protocol::StudyCommand;
use crate::study::sittings::Sittings;

/// How long the file has to stay as it is before the worker is asked about it.
const QUIET: Duration = Duration::from_millis(800);

impl ExperimentStore {
    /// Makes the handles of the workers, reads from now on what this browser kept of each experiment that is opened, and
    /// continues the one that this tab trained when it was reloaded.
    pub(in super::super) fn begin_training(self) {
        self.worker.set_value(Some(DeskWorker::new(move |events| self.fold(events))));
        let lead = move |command| self.with_worker(|worker| worker.send(command));
        let changed = move |workers| {
            if self.workers.get_untracked() != workers {
                self.workers.set(workers);
            }
        };
        self.helpers.set_value(Some(Helpers::new(lead, changed)));
        let interrupted = kept::running();
        let watching = Memo::new(move |_| self.sittings.with(|sittings| sittings.watching().map(str::to_owned)));
        Effect::new(move |before: Option<()>| {
            let watching = watching.get();
            // On the first run it is not known yet which experiment goes on after a reload.
            if before.is_some() {
                kept::set_running(watching.as_deref());
            }
        });
        let shown = Memo::new(move |_| self.shown());
        effect(move || {
            let id = shown.get();
            if !id.is_empty() {
                untrack(|| self.look_again());
                spawn_local(async move { self.look_up(&id).await });
            }
        });
        self.estimate_soon();
        browser::on_visibility(move || {
            // The browser may discard a tab that is hidden.
            if document().visibility_state() == VisibilityState::Hidden {
                let task = self.sittings.with_untracked(Sittings::hide);
                self.carry_out(task.into_iter().collect());
            }
        });
        if let Some(id) = interrupted.filter(|id| self.knows(id)) {
            spawn_local(async move { self.take_up_again(&id).await });
        }
    }

    /// Has the worker estimate how long the experiment that is shown would take, once nobody has opened another or changed
    /// its file for a moment.
    fn estimate_soon(self) {
        let timer = StoredValue::new(None::<TimeoutHandle>);
        effect(move || {
            let file = self.text();
            if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                timer.clear();
            }
            let ask = move || {
                let command = self.sittings.try_update(|sittings| sittings.ask_estimate(&file)).flatten();
                command.into_iter().for_each(|command| self.send(command));
            };
            timer.set_value(set_timeout_with_handle(ask, QUIET).ok());
        });
    }

    /// How long an experiment would take here, in seconds, if it takes one worker so long.
    pub(in super::super) fn together(self, seconds: f64) -> f64 {
        self.helpers.get_value().map_or(seconds, |helpers| helpers.together(seconds))
    }

    async fn take_up_again(self, id: &str) {
        self.look_up(id).await;
        let (is_kept, is_busy) = self.sittings.with_untracked(|sittings| {
            (sittings.find(id).is_some_and(|sitting| sitting.record.is_some()), sittings.is_busy())
        });
        if is_kept && !is_busy {
            self.take_up(id).await;
        }
    }

    /// Sets what is looked at: the beginning in a new experiment, and the last choice in one that is opened again.
    fn look_again(self) {
        let chosen = self.with_report(|report| report.watch.as_ref().map(|watch| watch.chosen)).flatten();
        self.chosen.set(chosen.unwrap_or_default());
        self.wishes.set(BTreeMap::new());
    }

    /// Reads what this browser kept of an experiment.
    async fn look_up(self, id: &str) {
        if self.looked_up.try_update_value(|known| !known.insert(id.to_owned())).unwrap_or(true) {
            return;
        }
        let (record, result) = (kept::record(id).await, kept::result(id).await);
        self.sittings.update(|sittings| sittings.restore(id, record, result));
    }

    /// Runs the file as it stands.
    pub(in super::super) fn start(self) {
        let (id, text) = untrack(|| (self.shown(), self.text()));
        let run = self.order(&id, &text);
        self.send(StudyCommand::Study { run, text });
    }

    /// Continues the experiment that is shown from what is kept of it.
    pub(in super::super) fn go_on(self) {
        let id = untrack(|| self.shown());
        spawn_local(async move { self.take_up(&id).await });
    }

    async fn take_up(self, id: &str) {
        let file = self.sittings.with_untracked(|sittings| {
            sittings.find(id).and_then(|sitting| sitting.record.as_ref().map(|record| record.file.clone()))
        });
        let (Some(file), Some(bytes)) = (file, kept::bytes(id).await) else { return };
        if self.sittings.with_untracked(|sittings| sittings.shown() == id) {
            self.write(Some(file.clone()));
        }
        let run = self.order(id, &file);
        self.with_worker(|worker| worker.take_up(run, bytes));
    }

    fn order(self, id: &str, file: &str) -> u32 {
        let (run, tasks) = self.sittings.try_update(|sittings| sittings.begin(id, file)).unwrap_or_default();
        self.carry_out(tasks);
        self.look_again();
        self.with_helpers(|helpers| helpers.begin(run, file));
        run
    }

    /// Pauses the experiment that is shown, or lets it go on.
    pub(in super::super) fn hold(self) {
        let tasks = self.sittings.try_update(Sittings::hold).unwrap_or_default();
        self.carry_out(tasks);
    }

    /// Ends the experiment that is shown.
    pub(in super::super) fn finish(self) {
        self.send(StudyCommand::Finish);
    }

    /// Sends a command about watched networks, if the worker still has them.
    pub(in super::super) fn ask(self, command: StudyCommand) {
        if self.sittings.with_untracked(Sittings::is_present) {
            self.send(command);
        }
    }

    pub(super) fn send(self, command: StudyCommand) {
        self.with_helpers(|helpers| helpers.follow(&command));
        self.with_worker(|worker| worker.send(command));
    }

    fn with_helpers(self, run: impl FnOnce(&Helpers)) {
        if let Some(helpers) = self.helpers.get_value() {
            run(&helpers);
        }
    }

    fn with_worker(self, run: impl FnOnce(&DeskWorker)) {
        // The handle is cloned, because the worker's first event could come back here while the value is borrowed.
        if let Some(worker) = self.worker.get_value() {
            run(&worker);
        }
    }

    fn fold(self, events: Vec<DeskEvent>) {
        for event in events {
            match event {
                DeskEvent::Lab(Event::Ready) => self.with_worker(DeskWorker::ready),
                DeskEvent::Lab(Event::Failed(failure)) => {
                    self.with_helpers(Helpers::stop);
                    self.with_worker(DeskWorker::end);
                    let tasks = self.sittings.try_update(|sittings| sittings.die(failure)).unwrap_or_default();
                    self.carry_out(tasks);
                    return;
                }
                DeskEvent::Lab(_) => {}
                DeskEvent::Study(event) => {
                    self.with_helpers(|helpers| helpers.hear(&event));
                    let tasks = self.sittings.try_update(|sittings| sittings.hear(event)).unwrap_or_default();
                    self.carry_out(tasks);
                }
                DeskEvent::Checkpoint { run, steps, bytes } => self.keep(run, steps, bytes),
            }
        }
    }
}
