//! The invariants of ARCHITECTURE.md that the compiler does not hold.

use std::fs;
use std::path::{Path, PathBuf};

use crate::imports::Imports;

#[test]
fn rings_do_not_reach_outwards() {
    forbid(
        "src/science",
        &["crate::lab", "crate::engine", "crate::shell", "crate::desk", "crate::port", "web_sys", "burn::", "leptos"],
    );
    forbid(
        "src/lab",
        &[
            "crate::engine",
            "crate::shell",
            "crate::desk",
            "crate::port",
            "web_sys",
            "js_sys",
            "burn::",
            "leptos",
            "async ",
        ],
    );
    forbid(
        "src/study",
        &["crate::engine", "crate::shell", "crate::desk", "crate::port", "web_sys", "burn::", "leptos", "async "],
    );
    forbid("src/engine", &["crate::shell", "crate::port", "web_sys", "js_sys", "wasm_bindgen", "leptos"]);
    forbid("src/shell", &["crate::engine", "crate::study", "crate::desk", "burn::", "burn_wgpu"]);
    forbid("src/desk", &["crate::engine", "burn::", "burn_wgpu"]);
}

/// What stands in a circle can only be understood, tested and moved as one.
#[test]
fn no_files_import_each_other_in_a_circle() {
    let rings = ["science", "lab", "study", "engine", "shell", "desk"].into_iter();
    let circles = |ring| {
        let sources: Vec<_> =
            files(&format!("src/{ring}")).into_iter().map(|path| (path.clone(), read(&path))).collect();
        Imports::read(&sources).circles()
    };
    let circles: Vec<String> = rings.flat_map(circles).collect();
    assert!(circles.is_empty(), "{} circles:\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn a_circle_is_found_through_children_but_not_between_them_and_their_parent() {
    let circles = |sources: &[(&str, &str)]| {
        let sources: Vec<_> = sources.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Vec::from_iter(Imports::read(&sources).circles())
    };
    let ring = ("src/lab/mod.rs", "pub mod a; pub mod b;");
    let family = [
        ring,
        ("src/lab/b.rs", "mod c; mod d; pub use c::C; // use super::a::A;"),
        ("src/lab/b/c.rs", "use super::{B, d::D};"),
        ("src/lab/b/d.rs", "use crate::lab::b::B; const A: &str = \"crate::lab::a\"; fn of<'a>(b: &'a B) {}"),
        ("src/lab/a.rs", "use super::b::{self, c::C as E};"),
    ];
    assert_eq!(circles(&family), [""; 0]);
    let direct = [ring, ("src/lab/a.rs", "use super::b::B;"), ("src/lab/b.rs", "fn b() { crate::lab::a::a::<u8>() }")];
    assert_eq!(circles(&direct), ["src/lab/a.rs → src/lab/b.rs → src/lab/a.rs"]);
    let through = [
        ring,
        ("src/lab/a.rs", "use super::b::B;"),
        ("src/lab/b.rs", "mod c;"),
        ("src/lab/b/c.rs", "use std::{fmt, fs}; use crate::lab::{a::{A}, b::B};"),
    ];
    assert_eq!(circles(&through), ["src/lab/a.rs → src/lab/b.rs → src/lab/b/c.rs → src/lab/a.rs"]);
}

#[test]
fn the_engine_never_blocks_on_the_device() {
    // Each of these waits for the GPU, and waiting panics in wasm (or, one_hot and sort, read inside).
    let blocking = [
        ".into_data()",
        ".to_data()",
        ".into_scalar",
        ".execute()",
        ".sync()",
        "one_hot(classes",
        ".one_hot",
        ".sort",
        ".argsort",
        "svd",
        ".nonzero()",
        ".argwhere()",
        ".mask_select(",
        ".to_device(",
        "into_record",
        ".median",
    ];
    forbid("src/engine", &blocking);
    forbid("src/adapter.rs", &blocking);
}

#[test]
fn a_slice_reads_the_device_once() {
    assert_eq!(read("src/engine/reading.rs").matches("into_data_async").count(), 1);
    let others: Vec<String> = files("src/engine").into_iter().filter(|path| !path.ends_with("reading.rs")).collect();
    let readers: Vec<&String> = others.iter().filter(|path| read(path).contains("_async()")).collect();
    assert_eq!(readers, ["src/engine/device.rs"], "beside the slice only the self-test reads");
    for run in ["session", "replicas"] {
        assert_eq!(read(&format!("src/engine/{run}.rs")).matches("read(parts)").count(), 1, "{run}");
    }
}

#[test]
fn every_initial_number_comes_from_science() {
    forbid("src/engine", &["Tensor::random", "random_like", "Initializer", "Distribution", "burn::nn", "rand::"]);
}

#[test]
fn clock_and_chance_have_one_home() {
    for path in all_sources() {
        let text = read(&path);
        if path != "src/engine/clock.rs" {
            for word in ["SystemTime", "Instant::now", "Date::now", "web_time"] {
                assert!(!text.contains(word), "{path} reads a clock: {word}");
            }
        }
        if !path.starts_with("src/port") {
            for word in ["Math::random", "getrandom", "random_uuid"] {
                assert!(!text.contains(word), "{path} draws by chance: {word}");
            }
        }
    }
}

#[test]
fn one_file_knows_plotly_and_one_folder_posts() {
    for path in all_sources() {
        let text = read(&path);
        if path != "src/shell/plot.rs" {
            assert!(!text.contains("js_namespace = Plotly") && !text.contains("\"Plotly\""), "{path} binds Plotly");
        }
        if !path.starts_with("src/port") {
            assert!(!text.contains("post_message"), "{path} posts a message");
        }
    }
}

#[test]
fn nothing_unsafe_or_evaluated() {
    for path in all_sources() {
        let text = read(&path);
        for word in ["inner_html", "set_inner_html", "js_sys::eval", "Function::new"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
        if path != "src/worker.rs" {
            assert!(!text.contains("unsafe "), "{path} is unsafe");
        }
    }
}

/// Code is late only if nothing of the first view reaches it: one `use` elsewhere brings all of it back.
#[test]
fn late_parts_have_one_door() {
    // What a door imports that the first view has too.
    for (folder, first, least) in [
        ("src/shell/view", ["frame", "guess"], 12),
        ("src/desk/experiments", ["store", ""], 6),
        ("src/desk/studio", ["draft", "super"], 2),
    ] {
        let door = format!("{folder}/later.rs");
        let late: Vec<String> = imports_of_siblings(&read(&door));
        let late: Vec<&String> = late.iter().filter(|part| !first.contains(&part.as_str())).collect();
        assert!(late.len() >= least, "{late:?}");
        let is_late = |path: &str| path == door || late.iter().any(|part| path == format!("{folder}/{part}.rs"));
        let ring = &folder[..folder.rfind('/').expect("a folder in a ring")];
        for path in files(ring).into_iter().filter(|path| !is_late(path)) {
            let text = read(&path);
            let siblings = if path.starts_with(folder) { imports_of_siblings(&text) } else { Vec::new() };
            for part in &late {
                let name = folder.rsplit('/').next().expect("a folder has a name");
                let reaches = siblings.contains(part) || text.contains(&format!("{name}::{part}::"));
                assert!(!reaches, "{path} brings {part} into the first view");
            }
            if ring == "src/shell" {
                for word in ["use super::kept", "shell::kept"] {
                    assert!(!text.contains(word), "{path} brings the keeping of runs into the first view");
                }
            }
        }
    }
}

/// The siblings that a file imports.
fn imports_of_siblings(text: &str) -> Vec<String> {
    let siblings = text.lines().filter_map(|line| line.strip_prefix("use super::"));
    let names = siblings.map(|rest| rest.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect());
    names.filter(|name: &String| name.starts_with(char::is_lowercase)).collect()
}

#[test]
fn files_stay_small() {
    for path in all_sources() {
        let lines = read(&path).lines().count();
        assert!(lines <= 300, "{path} has {lines} lines: is it still one thing?");
    }
}

/// Every colour has one home; each page beside the lab begins with the sheet that has it.
#[test]
fn every_page_has_its_colours_from_one_sheet() {
    let tokens = |path: &str| -> Vec<String> {
        let css = read(path);
        let lines = css.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
        lines.map(|(name, _)| name.to_owned()).collect()
    };
    let palette = tokens("static/css/tokens.css");
    assert!(palette.len() > 10, "{palette:?}");
    assert!(read("www/page.css").contains("@import url(\"tokens.css\");"));
    for page in ["lessons/en/index", "lessons/vi/variance", "schemes/en", "studio", "experiments"] {
        let page = read(&format!("www/{page}.html"));
        let first = page.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert!(first.is_some_and(|sheet| sheet.ends_with("page.css")), "{first:?} comes first");
    }
    let frame = tokens("www/page.css");
    for sheet in ["page", "lessons/lessons", "schemes/schemes", "studio/studio", "experiments/experiments"] {
        let own = tokens(&format!("www/{sheet}.css"));
        let again: Vec<_> =
            own.iter().filter(|name| palette.contains(name) || (sheet != "page" && frame.contains(name))).collect();
        assert!(again.is_empty(), "{sheet}.css says again what another sheet says: {again:?}");
    }
}

/// A style sheet that asks what stands in the stage or in a chart makes the browser match all of it anew with each dot.
#[test]
fn no_style_asks_what_stands_in_the_stage() {
    let sheets = fs::read_dir("static/css").expect("a folder").map(|sheet| sheet.expect("a file").path());
    for sheet in sheets {
        let css = fs::read_to_string(&sheet).expect("a sheet");
        for (before, _) in css.match_indices(":has(").map(|(at, _)| css.split_at(at)) {
            // The classes of the element that is asked about, as in `.stage:not(.x)`.
            let element = before.rsplit([' ', '>', '~', '+', ',', '\n']).next().unwrap_or(before);
            let asks = element.split(['.', ':', '[', '(']).find(|class| ["stage", "chart", "board"].contains(class));
            assert_eq!(asks, None, "{}: {element}:has(", sheet.display());
        }
    }
}

/// Whoever looks for a type finds one. Programs of their own (`src/bin`, `src/texts`) have names of their own.
#[test]
fn type_names_are_unique() {
    let mut homes = std::collections::BTreeMap::<String, Vec<String>>::new();
    for path in all_sources().into_iter().filter(|path| !path.starts_with("src/bin") && !path.starts_with("src/texts"))
    {
        for line in read(&path).lines() {
            // What a trait asks for has the trait's name for it.
            if line.starts_with(' ') && line.trim_start().starts_with("type ") {
                continue;
            }
            let line = line.trim_start();
            let line = line
                .strip_prefix("pub ")
                .or_else(|| Some(line.strip_prefix("pub(")?.split_once(") ")?.1))
                .unwrap_or(line);
            let kinds = ["struct ", "enum ", "trait ", "type "];
            let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else { continue };
            let name: String = rest.chars().take_while(|sign| sign.is_alphanumeric()).collect();
            if name.starts_with(char::is_uppercase) {
                homes.entry(name).or_default().push(path.clone());
            }
        }
    }
    assert!(homes.len() > 300, "{} types", homes.len());
    let twice: Vec<_> = homes.into_iter().filter(|(_, paths)| paths.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

fn forbid(place: &str, words: &[&str]) {
    for path in files(place) {
        for (number, line) in read(&path).lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            for word in words {
                assert!(!code.contains(word), "{path}:{} has `{word}`", number + 1);
            }
        }
    }
}

fn all_sources() -> Vec<String> {
    let all = files("src");
    assert!(all.len() > 30, "found only {} files", all.len());
    all
}

fn files(place: &str) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut waiting = vec![root.join(place)];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path.strip_prefix(&root).expect("inside").to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a source file")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
