//! Writes the files of the site that are made from others: each language's texts, one JSON a program, and the list of
//! experiments, from TOML; and the data, packed for notebooks. Trunk calls it when a build ends; its argument is the site's folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use init_lab::lab::cells::MapTile;
use init_lab::lab::lang::Lang;
use serde::Serialize;

mod challenges;
mod front;
mod packed;
mod schemes;
mod table;

use packed::packed;
use table::{Failure, read, texts};

/// The tables of texts that the program of experiments and studio reads; the lab reads all but [`OWN`].
const DESK: &[&str] = &[
    "experiments",
    "studio",
    "chart",
    "group",
    "knob",
    "knob-of",
    "toy-knob",
    "goal",
    "goal-error",
    "option.device",
    "nav",
    "notice.range",
    "role",
    "spreadsheet",
    "transport",
];
/// The tables that the lab does not read: the desk's own, and what only pages without a program say.
const OWN: [&str; 3] = ["experiments", "studio", "cards"];

/// A row of the list of experiments.
#[derive(Serialize)]
struct Entry {
    id: String,
    title: toml::Value,
    note: toml::Value,
    /// The whole file, so that it can be run and changed without another request.
    text: String,
    /// What `make experiments` recorded of it.
    recorded: Option<serde_json::Value>,
}

fn main() -> Result<(), Failure> {
    let site = env::args().nth(1).or(env::var("TRUNK_STAGING_DIR").ok()).ok_or("say where the site is")?;
    let site = Path::new(&site);
    for folder in ["code", "lang", "studies"] {
        fs::create_dir_all(site.join(folder))?;
    }
    for lang in Lang::IDS {
        let all = texts(&fs::read_to_string(format!("static/lang/{lang}.toml"))?)?;
        Lang::from_id(lang).into_iter().for_each(|lang| lang.learn(all.clone()));
        let is_of = |key: &str, tables: &[&str]| {
            tables.iter().any(|table| key.strip_prefix(table).is_some_and(|rest| rest.starts_with('.')))
        };
        write(site, lang, "page", all.iter().filter(|(key, _)| !is_of(key, &OWN)))?;
        write(site, lang, "desk", all.iter().filter(|(key, _)| is_of(key, DESK) || !key.contains('.')))?;
    }
    for (name, file) in [("digits", "digits.bin"), ("chars", "text.txt")] {
        fs::write(site.join(format!("code/{name}.txt")), packed(&fs::read(format!("static/data/{file}"))?))?;
    }
    // Some hosts run what ends in .py instead of sending it.
    fs::copy("static/code/lab.py", site.join("code/lab.txt"))?;
    let order: Vec<String> =
        read("static/order.toml")?.remove("studies").ok_or("no list of experiments")?.try_into()?;
    let entries = order.into_iter().map(|id| {
        let path = format!("static/studies/{id}.toml");
        let (mut file, text) = (read(&path)?, fs::read_to_string(&path)?);
        let mut part = |name: &str| file.remove(name).ok_or(format!("{path} has no {name}"));
        let (title, note) = (part("title")?, part("note")?);
        let recorded = recorded(&id)?;
        Ok(Entry { id, title, note, text, recorded })
    });
    let entries = entries.collect::<Result<Vec<Entry>, Failure>>()?;
    fs::write(site.join("studies/index.json"), serde_json::to_string(&entries)?)?;
    fs::write(site.join("studies/tile.json"), serde_json::to_string(&tile()?)?)?;
    schemes::finish(site)?;
    challenges::finish(site)?;
    front::finish(site)
}

/// What the lab shows of the map.
fn tile() -> Result<MapTile, Failure> {
    let record = recorded("map")?.ok_or("the map was not recorded")?;
    let at =
        |path: &str| record.pointer(&format!("/result/{path}")).ok_or(format!("the record of the map has no {path}"));
    let text = |path: &str| Ok::<_, Failure>(at(path)?.as_str().ok_or(format!("{path} is no text"))?.to_owned());
    let value = |name: &str| text(&format!("answer/sentence/values/{name}"));
    let columns = at("sketch/cells/columns")?.as_u64().ok_or("the map has no columns")? as usize;
    let marks = text("sketch/cells/marks")?;
    let (all, learned, near, inside) = (value("all")?, value("learned")?, value("near")?, value("in")?);
    Ok(MapTile { columns, marks, all, learned, near, inside })
}

/// The record of an experiment, if there is one.
fn recorded(id: &str) -> Result<Option<serde_json::Value>, Failure> {
    let path = format!("static/recorded/{id}.json");
    if !Path::new(&path).exists() {
        return Ok(None);
    }
    let json = fs::read_to_string(&path)?;
    Ok(Some(serde_json::from_str(&json).map_err(|error| format!("{path}: {error}"))?))
}

fn write<'a>(
    site: &Path,
    lang: &str,
    program: &str,
    texts: impl Iterator<Item = (&'a String, &'a String)>,
) -> Result<(), Failure> {
    let texts: BTreeMap<_, _> = texts.collect();
    fs::write(site.join(format!("lang/{lang}.{program}.json")), serde_json::to_string(&texts)?)?;
    Ok(())
}
