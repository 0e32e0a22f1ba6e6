//! The experiments of the site, as the site's list describes them.

use serde::Deserialize;

use crate::lab::lang::Lang;
use crate::study::file::Bilingual;
use crate::study::recorded::RecordedStudy;

/// An experiment of the site.
#[derive(Clone, Deserialize)]
pub(super) struct ExperimentEntry {
    /// The id of the experiment in links.
    pub(super) id: String,
    pub(super) title: Bilingual,
    pub(super) note: Bilingual,
    /// The text of its file.
    pub(super) text: String,
    /// What the site recorded of it.
    pub(super) recorded: Option<RecordedStudy>,
}

/// A text in a language, or in English where it is not translated.
pub(super) fn read(text: &Bilingual, lang: Lang) -> String {
    match lang {
        Lang::Vi if !text.vi.is_empty() => text.vi.clone(),
        _ => text.en.clone(),
    }
}
