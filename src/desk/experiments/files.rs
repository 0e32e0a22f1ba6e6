//! The files of experiments: the site's, and the reader's own versions of them, with their titles and notes.

use leptos::prelude::*;

use super::entry::{ExperimentEntry, read};
use super::kept;
use super::store::ExperimentStore;

impl ExperimentStore {
    /// The file as it stands: the reader's own version, or the site's.
    pub(super) fn text(self) -> String {
        let id = self.sittings.with(|sittings| sittings.shown().to_owned());
        let own = self.versions.with(|versions| versions.get(&id).cloned());
        own.unwrap_or_else(|| self.entry(|entry| entry.text.clone()).unwrap_or_default())
    }

    /// Whether the reader's version differs from the site's.
    pub(super) fn is_changed(self) -> bool {
        let id = self.sittings.with(|sittings| sittings.shown().to_owned());
        self.versions.with(|versions| versions.contains_key(&id))
    }

    /// Keeps the reader's own version of the file. `None` goes back to the site's file.
    pub(super) fn write(self, text: Option<String>) {
        let id = self.sittings.with_untracked(|sittings| sittings.shown().to_owned());
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
        let id = self.sittings.with(|sittings| sittings.shown().to_owned());
        self.entries.with(|entries| entries.iter().find(|entry| entry.id == id).map(read))
    }

    /// The title of the run's experiment, or of the site's file where nothing ran.
    pub(super) fn title(self) -> String {
        let lang = self.site.lang.get();
        let begun = self.with_shown(|sitting| sitting.begun.as_ref().map(|begun| read(&begun.title, lang))).flatten();
        begun.or_else(|| self.entry(|entry| read(&entry.title, lang))).unwrap_or_default()
    }

    /// The note of the run's experiment, or of the site's file where nothing ran.
    pub(super) fn note(self) -> String {
        let lang = self.site.lang.get();
        let begun = self.with_shown(|sitting| sitting.begun.as_ref().map(|begun| read(&begun.note, lang))).flatten();
        begun.or_else(|| self.entry(|entry| read(&entry.note, lang))).unwrap_or_default()
    }

    /// The title of any experiment that was opened.
    pub(super) fn title_of(self, id: &str) -> String {
        let lang = self.site.lang.get();
        let begun = self.sittings.with(|sittings| {
            sittings.find(id).and_then(|sitting| sitting.begun.as_ref().map(|begun| read(&begun.title, lang)))
        });
        let entry = || {
            self.entries
                .with(|entries| entries.iter().find(|entry| entry.id == id).map(|entry| read(&entry.title, lang)))
        };
        begun.or_else(entry).unwrap_or_else(|| id.to_owned())
    }

    /// The name of an experiment in the list.
    pub(super) fn name_of(self, entry: &ExperimentEntry) -> String {
        let mark = if self.results.with(|results| results.contains(&entry.id)) { " ✓" } else { "" };
        format!("{}{mark}", read(&entry.title, self.site.lang.get()))
    }
}
