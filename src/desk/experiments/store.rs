//! Connects what is known of the experiments with the worker, this browser's storage and the page.

mod tasks;
mod training;

use std::collections::{BTreeMap, BTreeSet};

use leptos::ev;
use leptos::prelude::*;
use serde_wasm_bindgen::from_value;

use super::entry::ExperimentEntry;
use super::helpers::Helpers;
use super::kept;
use super::worker::DeskWorker;
use crate::desk::site::DeskSite;
use crate::shell::browser;
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
    /// A store without an experiment. [`Self::begin_page`] opens the first one, and `begin_training` lets it be run.
    pub(super) fn new(site: DeskSite) -> Self {
        Self {
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
        }
    }

    /// Fetches the list of experiments, and opens the one of the address.
    pub(super) async fn begin_page(self) {
        match browser::fetch_json("studies/index.json").await.map(from_value::<Vec<ExperimentEntry>>) {
            Ok(Ok(entries)) => self.entries.set(entries),
            Ok(Err(error)) => web_sys::console::warn_1(&error.into()),
            Err(error) => web_sys::console::warn_1(&error),
        }
        self.unreachable.set(self.entries.with_untracked(Vec::is_empty));
        self.results.set(kept::results().await);
        self.open();
        let _hash = window_event_listener(ev::hashchange, move |_| self.open());
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
}
