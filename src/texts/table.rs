//! TOML as the site's sources are written in it.

use std::collections::BTreeMap;
use std::fs;

/// What went wrong, for whoever builds the site.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// A file of the site's sources.
pub(crate) fn read(path: &str) -> Result<toml::Table, Failure> {
    let source = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    source.parse().map_err(|error| format!("{path}: {error}").into())
}

/// The texts of a language's file by their dotted keys, `table.key`.
pub(crate) fn texts(source: &str) -> Result<BTreeMap<String, String>, Failure> {
    let mut texts = BTreeMap::new();
    flatten("", source.parse()?, &mut texts)?;
    Ok(texts)
}

fn flatten(prefix: &str, table: toml::Table, into: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        match value {
            toml::Value::Table(inner) => flatten(&format!("{key}."), inner, into)?,
            toml::Value::String(text) => drop(into.insert(key, text)),
            _ => return Err(format!("{key} is no text").into()),
        }
    }
    Ok(())
}
