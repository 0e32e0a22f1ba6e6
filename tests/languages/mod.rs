//! The texts of each language, as a program of the site gets them.

use std::collections::BTreeMap;

use init_lab::lab::lang::Lang;

#[path = "../../src/texts/table.rs"]
#[allow(dead_code, reason = "the site's files need more of it")]
mod table;

/// What a language's file says.
pub(crate) fn texts(lang: Lang) -> BTreeMap<String, String> {
    let path = format!("{}/static/lang/{}.toml", env!("CARGO_MANIFEST_DIR"), lang.id());
    table::texts(&std::fs::read_to_string(path).expect("a file of texts")).expect("texts")
}
