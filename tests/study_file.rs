//! Experiments as files: every file of the site is one, and what is none says where and why.
#![cfg(feature = "study")]
use std::fs;

use init_lab::lab::forecast::signal_depth;
use init_lab::science::overflow::{Exit, Way};
use init_lab::study::chart::pictures;
use init_lab::study::experiment::read as plan;
use init_lab::study::file::{ChartKind, VerdictKind};
use init_lab::study::plan::{PlannedNetwork, StudyPlan};
use init_lab::study::record::{End, Record};
use init_lab::study::table::Cell;
use init_lab::study::verdict::overflow::{self, Passage};
use init_lab::study::verdict::{findings, table};

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

#[test]
fn every_file_of_the_site_is_an_experiment_in_both_languages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static/studies");
    let mut seen = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a file");
        let plan = plan(&text).unwrap_or_else(|refusal| panic!("{path:?}: {refusal:?}"));
        assert!(!plan.file.title.vi.is_empty() && !plan.file.note.vi.is_empty(), "{path:?}");
        let draws_itself = matches!(plan.file.verdict, VerdictKind::Cost | VerdictKind::Overflow | VerdictKind::Watch);
        assert!(plan.file.charts.is_empty() == draws_itself, "{path:?}");
        seen.push((path.file_stem().expect("a name").to_string_lossy().into_owned(), plan.networks.len()));
    }
    seen.sort();
    let counts: Vec<(&str, usize)> = seen.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let expected = [
        ("attention", 21),
        ("coordinates", 50),
        ("cost", 64),
        ("default", 21),
        ("dropout", 81),
        ("e1", 180),
        ("e2", 120),
        ("e3", 5),
        ("lora", 45),
        ("lsuv", 15),
        ("map", 256),
        ("mup", 60),
        ("norms", 77),
        ("optimizers", 44),
        ("overflow", 13),
        ("rescue", 16),
        ("residual-scale", 18),
        ("symmetry", 21),
        ("tanh-gain", 36),
        ("tokens", 20),
    ];
    assert_eq!(counts, expected);
    // The page lists them all.
    let order = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/static/order.toml")).expect("the list");
    let order: toml::Table = order.parse().expect("TOML");
    let mut listed: Vec<&str> =
        order["studies"].as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect();
    listed.sort_unstable();
    assert_eq!(listed, counts.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

#[test]
fn every_combination_is_a_network_with_a_link_of_its_own() {
    let plan = plan(SMALL).expect("an experiment");
    let all: Vec<(f64, &str)> =
        plan.networks.iter().map(|network| (network.spec.start.std, network.spec.training.optimizer.id())).collect();
    assert_eq!(all, [(0.01, "sgd"), (0.01, "adam"), (0.1, "sgd"), (0.1, "adam"), (1.0, "sgd"), (1.0, "adam")]);
    assert_eq!(plan.networks[3].link, "#v=1&std=0.1&depth=2&width=16&opt=adam&lr=0.001&steps=20");
    let panels: Vec<(String, Vec<usize>)> = plan.panels(&[0]);
    assert_eq!(panels, [("SGD".to_owned(), vec![0, 2, 4]), ("Adam".to_owned(), vec![1, 3, 5])]);
}

#[test]
fn the_largest_groups_come_first_among_those_that_are_as_coarse() {
    let plan =
        plan(&fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/static/studies/map.toml")).expect("a file"))
            .expect("an experiment");
    let levels: Vec<usize> = plan.networks.iter().map(|network| network.level).collect();
    let first = |level: usize| levels.iter().position(|at| *at == level).expect("a network of this level");
    let [coarse, fine] = [first(0), first(1)];
    let other = levels.iter().rposition(|at| *at == 1).expect("another network");
    let groups = vec![vec![fine], vec![other], vec![coarse]];
    let work = |network: usize| if network == other { 5.0 } else { 1.0 };
    assert_eq!(plan.most_work_first(groups, work), [[coarse], [other], [fine]]);
}

/// Notes say how much larger Kaiming's draws are than Xavier's, and how much a gradient changes up to the line.
#[test]
fn the_numbers_in_notes_are_those_of_their_networks() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static/studies");
    let note = |name: &str| fs::read_to_string(format!("{folder}/{name}.toml")).expect("a file");
    for name in ["e2", "rescue"] {
        let plan = plan(&note(name)).expect("an experiment");
        let side = |side: usize| {
            let spec = &plan.networks.iter().find(|network| network.at[0] == side).expect("a network").spec;
            let moments = spec.architecture().matrices().into_iter().map(|site| spec.plan().second_moment(&site));
            moments.collect::<Vec<f64>>()
        };
        let ratios: Vec<f64> = side(1).iter().zip(side(0)).map(|(kaiming, xavier)| (kaiming / xavier).sqrt()).collect();
        assert!((ratios[1] - 2.0_f64.sqrt()).abs() < 1e-9, "{name}: {ratios:?}");
        for ratio in [ratios[0], ratios[ratios.len() - 1]].map(|ratio| format!("{ratio:.2}")) {
            let text = note(name);
            assert!(text.matches(&ratio).count() >= 2, "{name}: {ratio}");
        }
    }
    assert!(note("map").contains("20-fold (e³") && (3.0_f64.exp() - 20.0).abs() < 0.5);
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
        // A small lab is no network that is trained.
        ("depth=2&width=16", "model=chain", "link"),
        ("knob = \"std\"", "knob = \"stdd\"", "link"),
        ("to = 1\n", "to = 0.001\n", "sweep-range"),
        ("from = 0.01\n", "from = 0\n", "sweep-range"),
        ("points = 3", "points = 600", "too-many"),
        ("to = 1\n", "", "sweep-lacks"),
        ("x = \"σ\"", "x = \"sigma\"", "no-such-sweep"),
        ("x = \"σ\"", "", "chart-lacks"),
        ("verdict = \"band\"", "verdict = \"paired\"", "not-two"),
        ("kind = \"curves\"\nx = \"σ\"", "kind = \"pairs\"\nby = \"σ\"\nover = \"optimizer\"", "not-two"),
        ("kind = \"curves\"", "kind = \"cost\"", "own-chart"),
        ("kind = \"curves\"", "kind = \"overflow\"", "own-chart"),
        ("depth=2&width=16&steps=20\"\nverdict = \"band\"", "norm=layer\"\nverdict = \"overflow\"", "not-plain"),
        ("depth=2&width=16&steps=20\"\nverdict = \"band\"", "init=zeros\"\nverdict = \"overflow\"", "not-plain"),
        ("verdict = \"band\"", "verdict = \"slope\"", "slope-lacks"),
    ] {
        assert_eq!(refused(from, to).key, key, "{to}");
    }
    assert_eq!(plan(&"#".repeat(100_000)).expect_err("too long").key, "too-long");
}

#[test]
fn a_network_compared_with_itself_is_refused_by_name() {
    let paired = |base: &str, one: &str, other: &str| {
        let text = format!(
            "base = \"{base}\"\nverdict = \"paired\"\n[title]\nen = \"a\"\n[note]\nen = \"b\"\n\
             [[sweep]]\nname = \"arm\"\nsettings = [{{ name = \"one\", link = \"{one}\" }}, {{ name = \"other\", link = \"{other}\" }}]\n\
             [[sweep]]\nname = \"seed\"\nknob = \"seed\"\nfrom = 1\nto = 10\npoints = 10\n"
        );
        plan(&text).map(|plan| plan.networks.len()).map_err(|refusal| (refusal.key.into_owned(), refusal.detail))
    };
    let twins = Err(("same-network".to_owned(), "one, seed 1 / other, seed 1".to_owned()));
    for (base, one, other) in [
        ("model=gpt", "std.head=0.01", "std.head=0.02"),
        ("norm=layer", "pos=pre", "pos=post"),
        ("init=kaiming-normal", "std=0.01", "std=0.02"),
        ("", "opt=adam", "opt=adamw"),
        ("model=gpt&init=fixup", "writes=none", "writes=sqrt"),
        ("init=lecun-normal", "gain=1", "gain=2"),
        ("", "", "fan=out"),
    ] {
        assert_eq!(paired(base, one, other), twins, "{base}: {one} {other}");
    }
    for base in ["model=gpt&steps=100", "model=gpt&init.position=normal&steps=100"] {
        assert_eq!(paired(base, "std.position=0.01", "std.position=0.02"), Ok(20), "{base}");
    }
    assert_eq!(paired("norm=layer&residual=on", "pos=pre", "pos=post"), Ok(20));
    assert_eq!(paired("gain=2", "init=xavier-normal", "init=normal"), Ok(20), "one arm asks for the gain");
    assert_eq!(paired("fan=out", "std=0.1", "std=0.2"), Err(("idle-key".to_owned(), "fan".to_owned())));
}

#[test]
fn a_band_is_found_in_what_was_measured() {
    let plan = plan(SMALL).expect("an experiment");
    let mut records = vec![Record::default(); 6];
    assert!(findings(&plan, &records).is_empty(), "nothing was measured");
    // Of the three with SGD only the middle one learned; with Adam the first two did.
    for (index, loss) in [2.3, 0.4, 0.3, 0.5, f32::NAN, 2.4].into_iter().enumerate() {
        let pair = (loss, 0.5);
        records[index] =
            Record { losses: vec![2.3, loss], end: Some(End { held_out: pair, seen: pair, sizes: [1.0; 2] }) };
    }
    let found = findings(&plan, &records);
    let said: Vec<(&str, Option<&String>)> =
        found.iter().map(|finding| (finding.key.as_ref(), finding.values.get("high"))).collect();
    let tenth = String::from("0.1");
    assert_eq!(said, [("band-part", Some(&tenth)), ("band-whole", Some(&tenth)), ("band-all", None)]);
    let parts = ["parts", "learned", "tried"].map(|name| found[0].values[name].as_str());
    assert_eq!(parts, ["0.1", "1", "2"], "of 0.01 to 0.1, SGD learns at 0.1 alone");
    let counts = ["settings", "whole", "part", "nothing"].map(|name| found[2].values[name].as_str());
    assert_eq!(counts, ["2", "1", "1", "0"]);
    let drawn = pictures(&plan, &records);
    assert_eq!(drawn.len(), 2);
    assert_eq!(drawn[0].kind, ChartKind::Curves);
    // The chart has the optimizers as one curve after another: what learned is judged by all of it.
    assert_eq!(drawn[0].curves[0].learned, Some(vec![false, true, false]));
    assert_eq!(drawn[1].curves[0].learned, Some(vec![true, true, false]));
    // In units of He's σ for 16 units.
    let scaled = drawn[0].curves[0].scaled.as_ref().expect("σ along");
    assert!((scaled[1] - 0.1 * 8.0_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn the_best_value_is_read_off_and_what_blew_up_is_the_worst() {
    let plan = plan(&SMALL.replace("\"band\"", "\"best\"")).expect("an experiment");
    let mut records = vec![Record::default(); 6];
    for (index, loss) in [2.3, 0.4, 0.3, 0.5, f32::NAN, 2.4].into_iter().enumerate() {
        let pair = (loss, 0.5);
        records[index] = Record { losses: vec![2.3], end: Some(End { held_out: pair, seen: pair, sizes: [1.0; 2] }) };
    }
    let said: Vec<[String; 3]> = findings(&plan, &records)
        .iter()
        .map(|finding| ["panel", "best", "worst"].map(|name| finding.values[name].clone()))
        .collect();
    assert_eq!(said, [["SGD", "0.1", "1"], ["Adam", "0.01", "1"]].map(|texts| texts.map(str::to_owned)));
    for record in &mut records {
        record.end = record.end.map(|end| End { held_out: (f32::NAN, 0.1), ..end });
    }
    assert!(findings(&plan, &records).iter().all(|finding| finding.key == "best-none"), "nobody is best of the lost");
}

#[test]
fn theory_reaches_deepest_at_the_edge_of_chaos() {
    let plan = plan(include_str!("../static/studies/map.toml")).expect("the map");
    let line = &pictures(&plan, &vec![Record::default(); 256])[0].line;
    assert_eq!(line.len(), 16);
    let deepest = line.iter().max_by(|a, b| a[1].0.total_cmp(&b[1].0)).expect("a line");
    // σ√64 = 1: among the sixteen, the nearest to 0.125.
    assert!((deepest[0].0 - 0.125).abs() < 0.01, "{deepest:?}");
    let spec = |link: &str| init_lab::lab::link::Lab::from_link(link).0.spec;
    assert!(signal_depth(&spec("act=tanh&norm=layer")).is_none(), "norms change what theory's line is about");
}

/// The line that is drawn is the one that networks are counted by, also where it has no end.
#[test]
fn networks_are_counted_by_the_line_that_is_drawn() {
    // Linear layers of width 64: χ₁ = 64·σ² is 1 at σ = 1/8, and beyond it the variance has no end.
    let text = include_str!("../static/studies/map.toml")
        .replace("act=tanh", "act=linear")
        .replace("from = 0.05\nto = 0.4\npoints = 16", "values = [0.1, 0.125, 0.3]")
        .replace("from = 2\nto = 47\npoints = 16", "values = [1, 5, 90]");
    let plan = plan(&text).expect("a map");
    let record = |network: &PlannedNetwork| {
        let loss = if network.spec.network.depth < 10 { 0.2 } else { 2.3 };
        Record { losses: vec![loss], end: Some(End { held_out: (loss, 0.5), seen: (loss, 0.5), sizes: [1.0; 2] }) }
    };
    let records: Vec<Record> = plan.networks.iter().map(record).collect();
    let drawn = &pictures(&plan, &records)[0].line;
    let line: Vec<[f64; 2]> = drawn.iter().map(|point| point.map(|number| number.0)).collect();
    assert_eq!((line.len(), line[1]), (2, [0.125, f64::INFINITY]), "{line:?}");
    assert!(line[0][1].is_finite() && line[0][1] > 1.0, "{line:?}");
    let told = serde_json::to_string(&drawn).expect("JSON");
    assert!(told.contains("\"Infinity\"") && !told.contains("null"), "the page must hear of no end: {told}");
    let found = findings(&plan, &records);
    assert_eq!(found[1].key, "map-theory");
    let near = |network: &PlannedNetwork| {
        let line = line.iter().find(|point| point[0] == network.spec.start.std).map(|point| point[1]);
        line.is_some_and(|line| network.spec.network.depth as f64 <= line)
    };
    let near: Vec<&PlannedNetwork> = plan.networks.iter().filter(|network| near(network)).collect();
    let learned = near.iter().filter(|network| network.spec.network.depth < 10).count();
    let counts = ["near", "in", "far"].map(|name| found[1].values[name].parse::<usize>().expect("a count"));
    assert_eq!(counts, [near.len(), learned, 6 - near.len()]);
    assert_eq!(
        (found[2].key.as_ref(), found[2].values["silent"].as_str()),
        ("map-silent", "3"),
        "it explodes: no fixed point"
    );
    assert!(
        near.iter().any(|network| network.spec.network.depth == 90),
        "nothing is too deep where the line has no end"
    );
    // Where the sweep up is not the depth there is no line, and nobody is counted by it.
    let other = text.replace(
        "name = \"depth\"\nknob = \"depth\"\nvalues = [1, 5, 90]",
        "name = \"depth\"\nknob = \"batch\"\nvalues = [8, 16, 32]",
    );
    let other = self::plan(&other).expect("a map");
    assert!(pictures(&other, &records)[0].line.is_empty());
    assert_eq!(findings(&other, &records).len(), 1);
}

const PAIRS: &str = r#"
base = "depth=2&width=16&steps=20"
verdict = "paired"
[title]
en = "Pairs"
[note]
en = "A note."
[[sweep]]
name = "scheme"
settings = [{ name = "A", link = "init=xavier-normal" }, { name = "B", link = "init=kaiming-normal" }]
[[sweep]]
name = "seed"
knob = "seed"
from = 1
to = 8
points = 8
[[chart]]
kind = "losses"
by = "scheme"
over = "seed"
[[chart]]
kind = "pairs"
by = "scheme"
over = "seed"
measure = "train-loss"
"#;

/// What A and B come to, seed by seed; a loss that is not finite has a right share of NaN.
fn pairs(text: &str, losses: impl Fn(usize, u64) -> f32) -> (StudyPlan, Vec<Record>) {
    let plan = plan(text).expect("an experiment");
    let record = |network: &PlannedNetwork| {
        let loss = losses(network.at[0], network.spec.run.seed);
        let both = (loss, 1.0 / (1.0 + loss));
        Record { losses: vec![2.3, loss], end: Some(End { held_out: both, seen: both, sizes: [1.0; 2] }) }
    };
    let records = plan.networks.iter().map(record).collect();
    (plan, records)
}

#[test]
fn a_difference_is_called_one_only_if_it_stands_among_all_that_are_asked_for() {
    let keys = |text: &str, losses: &dyn Fn(usize, u64) -> f32| -> Vec<String> {
        let (plan, records) = pairs(text, losses);
        findings(&plan, &records).iter().map(|finding| finding.key.to_string()).collect()
    };
    let noise = |seed: u64| 0.01 * seed as f32;
    let better = |side: usize, seed: u64| 0.9 + noise(seed) - side as f32 * (0.3 + noise(seed * seed % 5));
    let all = ["pairs-loss-lower", "pairs-seen-higher", "pairs-share-higher", "pairs-family"];
    assert_eq!(keys(PAIRS, &better), all);
    // Four pairs can come to 0.125 at best, six to 0.031, of which there are three.
    let few = |count: usize| PAIRS.replace("to = 8\npoints = 8", &format!("to = {count}\npoints = {count}"));
    let open = ["pairs-loss-open", "pairs-seen-open", "pairs-share-open", "pairs-few", "pairs-family"];
    assert_eq!(keys(&few(4), &better), open);
    assert_eq!(keys(&few(6), &better), open);
    let (plan, records) = pairs(&few(6), better);
    let found = findings(&plan, &records);
    let values = ["pairs", "least", "tests", "needed"].map(|name| found[3].values[name].as_str());
    assert_eq!(values, ["6", "0.0312", "3", "7"]);
    assert!(
        found[0].values.contains_key("low") && found[0].values.contains_key("high"),
        "open is not none: an interval"
    );
    assert_eq!(keys(&few(20), &better), all, "twenty pairs are not too few");
    // Nothing differs to the last bit: are these two networks or one?
    let same = |_: usize, seed: u64| 0.9 + noise(seed);
    assert_eq!(keys(PAIRS, &same)[..2], ["pairs-equal", "pairs-equal"]);
}

#[test]
fn pairs_in_which_one_blew_up_are_counted_and_drawn_as_missing() {
    // B is better in five pairs and left f32 in three.
    let losses = |side: usize, seed: u64| match (side, seed) {
        (1, 6..) => f32::NAN,
        (0, _) => 0.9 + 0.01 * seed as f32,
        _ => 0.5 - 0.02 * seed as f32,
    };
    let (plan, records) = pairs(PAIRS, losses);
    let found = findings(&plan, &records);
    let keys: Vec<&str> = found.iter().map(|finding| finding.key.as_ref()).collect();
    assert_eq!(keys, ["pairs-lost", "ranks-open", "ranks-open", "ranks-open", "pairs-family"]);
    let lost = ["pairs", "lost-first", "lost-second"].map(|name| found[0].values[name].as_str());
    assert_eq!(lost, ["8", "0", "3"]);
    assert_eq!([&found[1].values["finite"], &found[1].values["measure"]], ["5", "train-loss"]);
    let rows = table(&plan, &records).expect("numbers");
    let at = |name: &str| rows.columns.iter().position(|column| column == name).expect(name);
    assert_eq!(rows.rows[0].len(), rows.columns.len());
    assert_eq!(rows.rows[0][at("lost-second")], Cell::Number(Some(init_lab::lab::number::Number(3.0))));
    let drawn = pictures(&plan, &records);
    let lost = |picture: usize| drawn[picture].curves.iter().map(|curve| curve.lost).collect::<Vec<_>>();
    assert_eq!(lost(0), [0, 3]);
    assert_eq!(lost(1), [3, 0], "three pairs have no dot");
    assert!(drawn[0].curves[1].y.iter().all(|mean| mean.is_some_and(|mean| mean.0.is_finite())), "the rest has a mean");
    // All of A blew up: B is better, though there is no mean difference.
    let (plan, records) = pairs(PAIRS, |side, seed| if side == 0 { f32::INFINITY } else { 0.5 + seed as f32 });
    let found = findings(&plan, &records);
    let keys: Vec<&str> = found.iter().map(|finding| finding.key.as_ref()).collect();
    assert_eq!(keys[..2], ["pairs-lost", "ranks-better-alone"]);
}

#[test]
fn the_power_of_a_size_is_found_and_the_start_can_be_looked_at() {
    let plan = plan(include_str!("../static/studies/coordinates.toml")).expect("the coordinate check");
    let start = &plan.networks[0];
    assert_eq!((start.spec.training.steps, start.spec.network.width), (0, 32));
    assert!(start.link.ends_with("steps=1"), "the lab makes a step at least: {}", start.link);
    // Logits grow as the width to a power that rises with the steps, hidden layers fall as its root.
    let record = |network: &PlannedNetwork| {
        let (width, steps) = (network.spec.network.width as f64, network.spec.training.steps as f64);
        let sizes = [width.powf(-0.5), 3.0 * width.powf(steps / 8.0)];
        Record { losses: vec![2.3], end: Some(End { held_out: (1.0, 0.5), seen: (1.0, 0.5), sizes }) }
    };
    let records: Vec<Record> = plan.networks.iter().map(record).collect();
    let found = findings(&plan, &records);
    let said: Vec<[&str; 3]> = found
        .iter()
        .map(|found| [found.key.as_ref(), found.values["panel"].as_str(), found.values["powers"].as_str()])
        .collect();
    assert_eq!(said.len(), 10);
    let both = |power: &str| format!("width^{power} ± 0.00 (Kaiming), width^{power} ± 0.00 (μP)");
    assert_eq!(said[3], ["slope-logit-size", "steps 4", &both("0.50")]);
    assert_eq!(said[5], ["slope-hidden-size", "steps 0", &both("-0.50")]);
    assert_eq!(table(&plan, &records).expect("exponents").rows.len(), 20);
    // One network that is not ready keeps its picture out; one that blew up is left out of the line.
    let mut partial = records.clone();
    partial[0].end = None;
    assert!(findings(&plan, &partial)[0].values["powers"].ends_with("(μP)"));
    let mut broken = records;
    broken[0].end = broken[0].end.map(|end| End { sizes: [f64::NAN; 2], ..end });
    let told = findings(&plan, &broken);
    assert_eq!(
        told.last().map(|finding| (finding.key.as_ref(), finding.values["lost"].as_str())),
        Some(("slope-lost", "2"))
    );
    assert!(found.iter().all(|finding| finding.key != "slope-lost"));
    let Cell::Number(Some(points)) = &table(&plan, &broken).expect("exponents").rows[0][5] else { panic!("a number") };
    assert_eq!(points.0, 4.0);
}

#[test]
fn what_left_a_format_is_counted_and_held_against_theory() {
    let text = SMALL.replace("\"band\"", "\"overflow\"").replace("points = 3", "points = 4");
    let text = text.split("[[sweep]]\nname = \"optimizer\"").next().expect("one sweep");
    let plan = plan(text).expect("an experiment");
    let exit = |way, layer| Some(Exit { way, layer });
    let passage = |predicted: Option<Exit>, measured: Option<Exit>| Passage {
        predicted: vec![predicted, None, None],
        measured: Some(vec![measured, None, None]),
    };
    let mut passages = vec![
        passage(exit(Way::Underflow, 1), exit(Way::Underflow, 1)),
        passage(None, None),
        passage(exit(Way::Overflow, 2), None),
        passage(exit(Way::Overflow, 2), exit(Way::Overflow, 1)),
    ];
    let found = overflow::findings(&plan, &passages);
    let keys: Vec<&str> = found.iter().map(|finding| finding.key.as_ref()).collect();
    assert_eq!(keys, ["overflow-theory", "overflow-unlike", "overflow-count", "overflow-count"]);
    let values = ["format", "all", "over", "under", "depth", "off", "worst"].map(|name| found[0].values[name].as_str());
    assert_eq!(values, ["f16", "4", "1", "1", "2", "1", "1"]);
    assert_eq!(found[1].values["list"], plan.axes[0].labels[2]);
    let picture = &overflow::pictures(&plan, &passages)[0];
    let layers: Vec<Option<f64>> = picture.curves[0].y.iter().map(|y| y.map(|number| number.0)).collect();
    assert_eq!(layers, [Some(1.0), Some(f64::INFINITY), Some(f64::INFINITY), Some(1.0)], "inside is beyond any layer");
    assert_eq!(overflow::table(&plan, &passages).rows.len(), 12);
    passages[3].measured = None;
    assert!(overflow::findings(&plan, &passages).is_empty(), "not before all are known");
}
