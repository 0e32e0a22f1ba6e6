//! Experiments as files: every file of the site is one, and what is none says where and why.
#![cfg(feature = "study")]
#![allow(missing_docs)]

use std::fs;

use init_lab::study::chart::{pictures, signal_depth};
use init_lab::study::file::{ChartKind, File, Refusal, Verdict};
use init_lab::study::finding::findings;
use init_lab::study::plan::Plan;
use init_lab::study::record::{End, Record};

const SMALL: &str = r#"
base = "depth=2&width=16&steps=20"
verdict = "band"
[title]
en = "Small"
[note]
en = "A note."
[[sweep]]
name = "σ"
knob = "std"
from = 0.01
to = 1
points = 3
scale = "log"
[[sweep]]
name = "optimizer"
settings = [{ name = "SGD", link = "opt=sgd" }, { name = "Adam", link = "opt=adam&lr=0.001" }]
[[chart]]
kind = "curves"
x = "σ"
"#;

fn plan(text: &str) -> Result<Plan, Refusal> {
    File::read(text).and_then(Plan::new)
}

#[test]
fn every_file_of_the_site_is_an_experiment_in_both_languages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static/studies");
    let mut seen = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a file");
        let plan = plan(&text).unwrap_or_else(|refusal| panic!("{path:?}: {refusal:?}"));
        assert!(!plan.file.title.vi.is_empty() && !plan.file.note.vi.is_empty(), "{path:?}");
        assert!(!plan.file.charts.is_empty() || plan.file.verdict == Verdict::Cost, "{path:?}");
        seen.push((path.file_stem().expect("a name").to_string_lossy().into_owned(), plan.networks.len()));
    }
    seen.sort();
    let counts: Vec<(&str, usize)> = seen.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let expected = [
        ("attention", 21),
        ("cost", 64),
        ("default", 21),
        ("dropout", 81),
        ("e1", 180),
        ("e2", 120),
        ("lsuv", 15),
        ("map", 256),
        ("mup", 60),
        ("norms", 55),
        ("optimizers", 44),
        ("rescue", 8),
        ("residual-scale", 18),
        ("symmetry", 21),
        ("tanh-gain", 36),
    ];
    assert_eq!(counts, expected);
    // The page lists them all.
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/experiments/page.js")).expect("the page");
    for (name, _) in counts {
        assert!(page.contains(&format!("'{name}'")), "{name}");
    }
}

#[test]
fn every_combination_is_a_network_with_a_link_of_its_own() {
    let plan = plan(SMALL).expect("an experiment");
    let all: Vec<(f64, &str)> =
        plan.networks.iter().map(|network| (network.spec.std, network.spec.optimizer.id())).collect();
    assert_eq!(all, [(0.01, "sgd"), (0.01, "adam"), (0.1, "sgd"), (0.1, "adam"), (1.0, "sgd"), (1.0, "adam")]);
    assert_eq!(plan.networks[3].link, "#v=1&std=0.1&depth=2&width=16&opt=adam&lr=0.001&steps=20");
    let panels: Vec<(String, Vec<usize>)> = plan.panels(&[0]);
    assert_eq!(panels, [("SGD".to_owned(), vec![0, 2, 4]), ("Adam".to_owned(), vec![1, 3, 5])]);
}

#[test]
fn coarse_cells_come_first() {
    let text = include_str!("../static/studies/map.toml");
    let plan = plan(text).expect("the map");
    let count = |level| plan.networks.iter().filter(|network| network.level == level).count();
    assert_eq!([count(0), count(1), count(2)], [16, 48, 192]);
}

#[test]
fn what_is_no_experiment_says_why() {
    let refused = |from: &str, to: &str| plan(&SMALL.replacen(from, to, 1)).expect_err(to);
    assert_eq!(refused("points = 3", "points = three").line, 13, "the line of what cannot be read");
    for (from, to, key) in [
        ("verdict = \"band\"", "verdict = \"wonderful\"", "no-file"),
        ("base =", "basis =", "no-file"),
        ("depth=2&width=16", "depth=2&wdith=16", "link"),
        ("depth=2&width=16", "depth=2&width=5000", "link"),
        ("knob = \"std\"", "knob = \"stdd\"", "link"),
        ("to = 1\n", "to = 0.001\n", "sweep-range"),
        ("from = 0.01\n", "from = 0\n", "sweep-range"),
        ("points = 3", "points = 600", "too-many"),
        ("to = 1\n", "", "sweep-lacks"),
        ("x = \"σ\"", "x = \"sigma\"", "no-such-sweep"),
        ("x = \"σ\"", "", "chart-lacks"),
        ("verdict = \"band\"", "verdict = \"paired\"", "not-two"),
        ("kind = \"curves\"\nx = \"σ\"", "kind = \"pairs\"\nby = \"σ\"\nover = \"optimizer\"", "not-two"),
        ("kind = \"curves\"", "kind = \"cost\"", "cost-chart"),
        ("steps=20", "steps=20&adapt=lora", "adapts"),
    ] {
        assert_eq!(refused(from, to).key, key, "{to}");
    }
    assert_eq!(plan(&"#".repeat(100_000)).expect_err("too long").key, "too-long");
}

#[test]
fn a_band_is_found_in_what_was_measured() {
    let plan = plan(SMALL).expect("an experiment");
    let mut records = vec![Record::default(); 6];
    assert!(findings(&plan, &records).is_empty(), "nothing was measured");
    // Of the three with SGD only the middle one learned; with Adam the first two did.
    for (index, loss) in [2.3, 0.4, 0.3, 0.5, f32::NAN, 2.4].into_iter().enumerate() {
        let pair = (loss, 0.5);
        records[index] = Record { losses: vec![2.3, loss], end: Some(End { held_out: pair, seen: pair }) };
    }
    let found = findings(&plan, &records);
    let said: Vec<(&str, Option<&String>)> =
        found.iter().map(|finding| (finding.key, finding.values.get("high"))).collect();
    let tenth = String::from("0.1");
    assert_eq!(said, [("band-inside", Some(&tenth)), ("band-inside", Some(&tenth)), ("band-all", None)]);
    let drawn = pictures(&plan, &records);
    assert_eq!(drawn.len(), 2);
    assert_eq!(drawn[0].kind, ChartKind::Curves);
    // In units of He's σ for 16 units.
    let scaled = drawn[0].curves[0].scaled.as_ref().expect("σ along");
    assert!((scaled[1] - 0.1 * 8.0_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn the_best_value_is_read_off_and_what_blew_up_is_the_worst() {
    let plan = plan(&SMALL.replace("\"band\"", "\"best\"")).expect("an experiment");
    let mut records = vec![Record::default(); 6];
    for (index, loss) in [2.3, 0.4, 0.3, 0.5, f32::NAN, 2.4].into_iter().enumerate() {
        records[index] = Record { losses: vec![2.3], end: Some(End { held_out: (loss, 0.5), seen: (loss, 0.5) }) };
    }
    let said: Vec<[String; 3]> = findings(&plan, &records)
        .iter()
        .map(|finding| ["panel", "best", "worst"].map(|name| finding.values[name].clone()))
        .collect();
    assert_eq!(said, [["SGD", "0.1", "1"], ["Adam", "0.01", "1"]].map(|texts| texts.map(str::to_owned)));
}

#[test]
fn theory_reaches_deepest_at_the_edge_of_chaos() {
    let plan = plan(include_str!("../static/studies/map.toml")).expect("the map");
    let line = &pictures(&plan, &vec![Record::default(); 256])[0].line;
    assert_eq!(line.len(), 16);
    let deepest = line.iter().max_by(|a, b| a[1].total_cmp(&b[1])).expect("a line");
    // σ√64 = 1: among the sixteen, the nearest to 0.125.
    assert!((deepest[0] - 0.125).abs() < 0.01, "{deepest:?}");
    let spec = |link: &str| init_lab::lab::link::Lab::from_link(link).0.spec;
    assert!(signal_depth(&spec("act=tanh&norm=layer")).is_none(), "norms change what theory's line is about");
}
