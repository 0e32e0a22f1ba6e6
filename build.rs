//! Reads the prepared labs of `static/experiments`, so that no program has to read TOML.
//!
//! They become a table in Rust, `PREPARED`, that `lab::catalog` includes.

use std::path::Path;
use std::{env, fs};

type Failure = Box<dyn std::error::Error>;

const FOLDER: &str = "static/experiments";
const ORDER: &str = "static/order.toml";

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed={ORDER}");
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH")? == "wasm32" {
        // What `scripts/split.sh` cuts the programs of the pages by.
        for program in ["page", "desk"] {
            println!("cargo::rustc-link-arg-bin={program}=--emit-relocs");
        }
    }
    let order = read(ORDER)?;
    let ids = order["experiments"].as_array().ok_or("order.toml lists no prepared labs")?;
    let mut rows = String::new();
    for id in ids {
        let id = id.as_str().ok_or("order.toml lists something that is no name")?;
        let lab = read(&format!("{FOLDER}/{id}.toml"))?;
        let text =
            |key: &str| lab.get(key).and_then(toml::Value::as_str).ok_or_else(|| format!("{id}.toml has no {key}"));
        let (link, group) = (text("link")?, text("group")?);
        let course = lab.get("course").and_then(toml::Value::as_str);
        rows += &format!("    Experiment {{ id: {id:?}, link: {link:?}, group: {group:?}, course: {course:?} }},\n");
    }
    let table = format!("/// Every prepared lab, in the menu's order.\nconst PREPARED: &[Experiment] = &[\n{rows}];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("prepared.rs"), table)?;
    Ok(())
}

fn read(path: &str) -> Result<toml::Table, Failure> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    text.parse().map_err(|error| format!("{path}: {error}").into())
}
