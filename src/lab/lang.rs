//! The languages, and their texts by key.
//!
//! Two languages without plural rules in play need a table and a `{name}` place, not a framework;
//! the files are plain TOML that a translator can edit, and a test compares their keys. They are
//! files of the site: the page fetches those that are read, and tests give them themselves.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::science::choice::choices;

choices! {
    /// A language of the page.
    pub enum Lang {
        /// English.
        En "en",
        /// Tiếng Việt.
        Vi "vi",
    }
}

/// Texts by their keys.
pub type TextTable = BTreeMap<String, String>;

static TABLES: [OnceLock<TextTable>; 2] = [const { OnceLock::new() }; 2];

impl Lang {
    /// Takes in the texts of this language, from its file in `static/lang`. Once is enough.
    pub fn learn(self, source: &str) {
        TABLES[self as usize].get_or_init(|| read(source));
    }

    /// Whether its texts have come.
    pub fn is_learned(self) -> bool {
        TABLES[self as usize].get().is_some()
    }

    /// The text of a key, or the key itself, so that a missing one is seen and found.
    pub fn text(self, key: &str) -> &str {
        let text = TABLES[self as usize].get().and_then(|table| table.get(key));
        text.map_or(key, String::as_str)
    }

    /// The text of a key with its `{name}` places filled.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.text(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The same with values made for it.
    pub fn tell(self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.fill(key, &values)
    }
}

/// Reads the part of TOML that texts are written in: comments, `[tables]` and one-line strings
/// without escapes.
/// Keys come out dotted, `table.key`.
///
/// The whole language takes 25 kB of the page's 250; a test holds every file to both readers.
pub fn read(source: &str) -> TextTable {
    let mut texts = BTreeMap::new();
    let mut table = String::new();
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            table = format!("{name}.");
        } else if let Some((key, value)) = line.split_once('=')
            && let Some(text) = value.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'))
        {
            texts.insert(format!("{table}{}", key.trim()), text.to_owned());
        }
    }
    texts
}
