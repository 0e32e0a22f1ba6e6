//! The files of experiments: the site's, and the reader's own versions of them, with their titles and notes.

use leptos::prelude::*;

use super::entry::{ExperimentEntry, read};
use super::kept;
use super::store::ExperimentStore;
use crate::study::answer::StudyAnswer;
use crate::study::file::Bilingual;
use crate::study::recorded::{RecordedResult, pace};
use crate::study::sitting::{ResultSummary, StudyBegun};

impl ExperimentStore {
    /// The file as it stands: the reader's own version, or the site's.
    pub(super) fn text(self) -> String {
        let id = self.shown();
        let own = self.versions.with(|versions| versions.get(&id).cloned());
        own.unwrap_or_else(|| self.entry(|entry| entry.text.clone()).unwrap_or_default())
    }

    /// Whether the reader's version differs from the site's.
    pub(super) fn is_changed(self) -> bool {
        let id = self.shown();
        self.versions.with(|versions| versions.contains_key(&id))
    }

    /// Keeps the reader's own version of the file. `None` goes back to the site's file.
    pub(super) fn write(self, text: Option<String>) {
        let id = untrack(|| self.shown());
        let original = untrack(|| self.entry(|entry| entry.text.clone()));
        let own = text.filter(|text| Some(text) != original.as_ref());
        kept::keep_version(&id, own.as_deref());
        self.versions.update(|versions| match own {
            Some(own) => drop(versions.insert(id, own)),
            None => drop(versions.remove(&id)),
        });
    }

    /// Reads the site's experiment that is shown.
    fn entry<T>(self, read: impl FnOnce(&ExperimentEntry) -> T) -> Option<T> {
        self.entry_of(&self.shown(), read)
    }

    pub(super) fn entry_of<T>(self, id: &str, read: impl FnOnce(&ExperimentEntry) -> T) -> Option<T> {
        self.entries.with(|entries| entries.iter().find(|entry| entry.id == id).map(read))
    }

    /// The title of the experiment that is shown.
    pub(super) fn title(self) -> String {
        self.title_of(&self.shown())
    }

    /// The title of an experiment that was opened: the run's, or the site's where nothing ran.
    pub(super) fn title_of(self, id: &str) -> String {
        self.told(id, |begun| &begun.title, |entry| &entry.title).unwrap_or_else(|| id.to_owned())
    }

    /// The note of the experiment that is shown: the run's, or the site's where nothing ran.
    pub(super) fn note(self) -> String {
        self.told(&self.shown(), |begun| &begun.note, |entry| &entry.note).unwrap_or_default()
    }

    /// A text of an experiment, in the language of the page.
    fn told(
        self,
        id: &str,
        of_run: fn(&StudyBegun) -> &Bilingual,
        of_site: fn(&ExperimentEntry) -> &Bilingual,
    ) -> Option<String> {
        let lang = self.site.lang.get();
        let begun = self.sittings.with(|sittings| {
            let begun = sittings.find(id).and_then(|sitting| sitting.begun.as_ref());
            begun.map(|begun| read(of_run(begun), lang))
        });
        begun.or_else(|| self.entry_of(id, |entry| read(of_site(entry), lang)))
    }

    /// The name of an experiment in the list.
    pub(super) fn name_of(self, entry: &ExperimentEntry) -> String {
        let mark = if self.results.with(|results| results.contains_key(&entry.id)) { " ✓" } else { "" };
        format!("{}{mark}", read(&entry.title, self.site.lang.get()))
    }

    /// What the site recorded of an experiment, if it ran it.
    pub(super) fn recorded(self, id: &str) -> Option<RecordedResult> {
        self.entry_of(id, |entry| entry.recorded.as_ref().and_then(|recorded| recorded.result.clone())).flatten()
    }

    /// Reads what this browser keeps of the site's own file; a result of the reader's version is about something else.
    fn kept_of<T>(self, entry: &ExperimentEntry, read: impl FnOnce(&ResultSummary) -> Option<T>) -> Option<T> {
        self.results.with(|results| results.get(&entry.id).filter(|result| result.file == entry.text).and_then(read))
    }

    /// The answer that the experiment gave here.
    pub(super) fn own_answer(self, entry: &ExperimentEntry) -> Option<StudyAnswer> {
        self.kept_of(entry, |result| result.answer.clone())
    }

    /// How long the experiment took here, in seconds.
    pub(super) fn own_seconds(self, entry: &ExperimentEntry) -> Option<f64> {
        self.kept_of(entry, |result| result.seconds)
    }

    /// How many times as long experiments take here as where they were recorded, judged by those that were run here.
    pub(super) fn pace(self) -> Option<f64> {
        let times = |entry: &ExperimentEntry| {
            let there = entry.recorded.as_ref()?.result.as_ref()?.seconds;
            Some((self.own_seconds(entry)?, there))
        };
        self.entries.with(|entries| pace(&entries.iter().filter_map(times).collect::<Vec<_>>()))
    }
}
