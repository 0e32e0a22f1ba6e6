//! The languages, and their texts by key.
//!
//! Two languages without plural rules in play need a table and a `{name}` place, not a framework.
//! Translators edit plain TOML, and a test compares the keys. The build makes a JSON file of it for
//! each language and program (`src/texts`), of which a page fetches what is read.

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

/// Keys and their texts, in the order of the keys. A map would bring the code that sorts to the page, while the files of
/// the site are sorted already.
static TABLES: [OnceLock<Vec<(String, String)>>; Lang::ALL.len()] = [const { OnceLock::new() }; Lang::ALL.len()];

impl Lang {
    /// Takes in the texts of this language, in the order of their keys. Only the first call has an effect.
    pub fn learn(self, texts: impl IntoIterator<Item = (String, String)>) {
        TABLES[self as usize].get_or_init(|| texts.into_iter().collect());
    }

    /// What its readers call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Vi => "Tiếng Việt",
        }
    }

    /// Whether its texts have come.
    pub fn is_learned(self) -> bool {
        TABLES[self as usize].get().is_some()
    }

    /// The text of a key, or the key itself, so that a missing one is seen and found.
    pub fn text(self, key: &str) -> &str {
        let table = TABLES[self as usize].get().map_or(&[][..], Vec::as_slice);
        let at = table.partition_point(|(other, _)| other.as_str() < key);
        table.get(at).filter(|(other, _)| other == key).map_or(key, |(_, text)| text)
    }

    /// The text of a key with its `{name}` places filled.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.text(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The same as [`Self::fill`], with values that were made for it.
    pub fn tell(self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.fill(key, &values)
    }
}
