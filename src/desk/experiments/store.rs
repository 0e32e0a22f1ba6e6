//! Connects what is known of the experiments with the worker, this browser's storage and the page.

mod tasks;

use std::collections::{BTreeMap, BTreeSet};

use leptos::ev;
use leptos::prelude::*;
use serde_wasm_bindgen::from_value;
use wasm_bindgen_futures::spawn_local;
use web_sys::VisibilityState;

use super::entry::ExperimentEntry;
use super::helpers::Helpers;
use super::kept;
use super::worker::{DeskEvent, DeskWorker};
use crate::desk::site::DeskSite;
use crate::lab::protocol::Event;
use crate::shell::browser;
use crate::study::protocol::StudyCommand;
use crate::study::report::StudyReport;
use crate::study::sitting::{ResultSummary, Sitting};
use crate::study::sittings::Sittings;
use crate::study::verdict::watch::Chosen;

/// Handles on everything that the page knows.
#[derive(Clone, Copy)]
pub(super) struct ExperimentStore {
    pub(super) site: DeskSite,
    /// What is known of each experiment that was opened.
    pub(super) sittings: RwSignal<Sittings>,
    /// The site's experiments, in their order.
    pub(super) entries: RwSignal<Vec<ExperimentEntry>>,
    /// Whether the list of experiments could not be fetched.
    pub(super) unreachable: RwSignal<bool>,
    /// The reader's own versions of files, by id.
    pub(super) versions: RwSignal<BTreeMap<String, String>>,
    /// The experiments of which this browser keeps a result, with what the gallery shows of it.
    pub(super) results: RwSignal<BTreeMap<String, ResultSummary>>,
    /// Which network, block and step of the watched networks is looked at.
    pub(super) chosen: RwSignal<Chosen>,
    /// Which networks the reader asked to pause or to go on, until a report confirms it. Without this a report that was
    /// already on its way would undo the reader's choice for a moment.
    pub(super) wishes: RwSignal<BTreeMap<usize, bool>>,
    /// Whether the tables of numbers are open.
    pub(super) shows_data: RwSignal<bool>,
    /// The line of the file that is selected for the reader. It is selected again each time that this is set.
    pub(super) line: RwSignal<Option<usize>>,
    /// Whether σ is shown in units of He's.
    pub(super) scaled: RwSignal<bool>,
    /// How many workers train the present experiment.
    pub(super) workers: RwSignal<usize>,
    worker: StoredValue<Option<DeskWorker>, LocalStorage>,
    helpers: StoredValue<Option<Helpers>, LocalStorage>,
    /// The ids for which this browser's storage was already searched.
    looked_up: StoredValue<BTreeSet<String>>,
}

impl ExperimentStore {
    /// A store without an experiment. [`Self::begin_page`] opens the first one.
    pub(super) fn new(site: DeskSite) -> Self {
        let store = Self {
            site,
            sittings: RwSignal::default(),
            entries: RwSignal::default(),
            unreachable: RwSignal::new(false),
            versions: RwSignal::default(),
            results: RwSignal::default(),
            chosen: RwSignal::default(),
            wishes: RwSignal::default(),
            shows_data: RwSignal::new(false),
            line: RwSignal::new(None),
            scaled: RwSignal::new(false),
            workers: RwSignal::new(1),
            worker: StoredValue::new_local(None),
            helpers: StoredValue::new_local(None),
            looked_up: StoredValue::default(),
        };
        store.worker.set_value(Some(DeskWorker::new(move |events| store.fold(events))));
        let lead = move |command| store.with_worker(|worker| worker.send(command));
        let changed = move |workers| {
            if store.workers.get_untracked() != workers {
                store.workers.set(workers);
            }
        };
        store.helpers.set_value(Some(Helpers::new(lead, changed)));
        let watching = Memo::new(move |_| store.sittings.with(|sittings| sittings.watching().map(str::to_owned)));
        Effect::new(move |before: Option<()>| {
            let watching = watching.get();
            // On the first run it is not known yet which experiment goes on after a reload.
            if before.is_some() {
                kept::set_running(watching.as_deref());
            }
        });
        store
    }

    /// Fetches the list of experiments, opens the one of the address, and continues the one that this tab trained when
    /// it was reloaded.
    pub(super) async fn begin_page(self) {
        match browser::fetch_json("studies/index.json").await.map(from_value::<Vec<ExperimentEntry>>) {
            Ok(Ok(entries)) => self.entries.set(entries),
            Ok(Err(error)) => web_sys::console::warn_1(&error.into()),
            Err(error) => web_sys::console::warn_1(&error),
        }
        self.unreachable.set(self.entries.with_untracked(Vec::is_empty));
        let interrupted = kept::running();
        self.results.set(kept::results().await);
        self.open();
        self.listen();
        if let Some(id) = interrupted.filter(|id| self.knows(id)) {
            self.look_up(&id).await;
            let (is_kept, is_busy) = self.sittings.with_untracked(|sittings| {
                (sittings.find(&id).is_some_and(|sitting| sitting.record.is_some()), sittings.is_busy())
            });
            if is_kept && !is_busy {
                self.take_up(&id).await;
            }
        }
    }

    fn listen(self) {
        let _hash = window_event_listener(ev::hashchange, move |_| self.open());
        browser::on_visibility(move || {
            // The browser may discard a tab that is hidden.
            if document().visibility_state() == VisibilityState::Hidden {
                let task = self.sittings.with_untracked(Sittings::hide);
                self.carry_out(task.into_iter().collect());
            }
        });
    }

    fn knows(self, id: &str) -> bool {
        self.entries.with_untracked(|entries| entries.iter().any(|entry| entry.id == id))
    }

    /// Shows the experiment of the address, or the gallery. An experiment that is training goes on.
    fn open(self) {
        let next = browser::hash().trim_start_matches('#').to_owned();
        if !self.knows(&next) {
            return self.sittings.update(Sittings::leave);
        }
        if self.sittings.with_untracked(|sittings| sittings.shown() == next) {
            return;
        }
        if let Some(version) = kept::version(&next) {
            self.versions.update(|versions| drop(versions.insert(next.clone(), version)));
        }
        self.sittings.update(|sittings| sittings.open(&next));
        self.look_again();
        spawn_local(async move { self.look_up(&next).await });
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

    /// Returns the id of the experiment that is shown.
    pub(super) fn shown(self) -> String {
        self.sittings.with(|sittings| sittings.shown().to_owned())
    }

    /// Whether no experiment is shown, but the gallery.
    pub(super) fn is_gallery(self) -> bool {
        self.sittings.with(|sittings| sittings.shown().is_empty())
    }

    /// Reads the experiment that is shown.
    pub(super) fn with_shown<T>(self, read: impl FnOnce(&Sitting) -> T) -> Option<T> {
        self.sittings.with(|sittings| sittings.sitting().map(read))
    }

    /// Reads the last report of the experiment that is shown.
    pub(super) fn with_report<T>(self, read: impl FnOnce(&StudyReport) -> T) -> Option<T> {
        self.sittings.with(|sittings| sittings.sitting().and_then(|sitting| sitting.report.as_ref()).map(read))
    }

    /// Runs the file as it stands.
    pub(super) fn start(self) {
        let (id, text) = untrack(|| (self.shown(), self.text()));
        let run = self.order(&id, &text);
        self.send(StudyCommand::Study { run, text });
    }

    /// Continues the experiment that is shown from what is kept of it.
    pub(super) fn go_on(self) {
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
    pub(super) fn hold(self) {
        let tasks = self.sittings.try_update(Sittings::hold).unwrap_or_default();
        self.carry_out(tasks);
    }

    /// Ends the experiment that is shown.
    pub(super) fn finish(self) {
        self.send(StudyCommand::Finish);
    }

    /// Sends a command about watched networks, if the worker still has them.
    pub(super) fn ask(self, command: StudyCommand) {
        if self.sittings.with_untracked(Sittings::is_present) {
            self.send(command);
        }
    }

    fn send(self, command: StudyCommand) {
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
