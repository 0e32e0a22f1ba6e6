//! What experiments answer: sentences and estimates of results that are made up here, and the site's recorded ones.
#![cfg(feature = "study")]
use std::fs;

use init_lab::lab::lang::Lang;
use init_lab::study::answer::StudyAnswer;
use init_lab::study::chart::pictures;
use init_lab::study::experiment::read;
use init_lab::study::file::VerdictKind;
use init_lab::study::forest::{Forest, ForestOutcome};
use init_lab::study::picture::CellData;
use init_lab::study::plan::{PlannedNetwork, StudyPlan};
use init_lab::study::record::{End, Record};
use init_lab::study::recorded::{RecordedStudy, fingerprint, pace};
use init_lab::study::report::StudyReport;
use init_lab::study::sketch::StudySketch;
use init_lab::study::verdict::answer;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn site(id: &str) -> (String, StudyPlan) {
    let text = fs::read_to_string(format!("{ROOT}/static/studies/{id}.toml")).expect("a file");
    let plan = read(&text).expect("an experiment");
    (text, plan)
}

/// Ends of networks whose losses a function gives; one that is not finite is of a network that left f32.
fn records(plan: &StudyPlan, loss: impl Fn(&PlannedNetwork) -> Option<f32>) -> Vec<Record> {
    let record = |network: &PlannedNetwork| match loss(network) {
        None => Record::default(),
        Some(loss) => {
            let end = End { held_out: (loss, 0.5), seen: (loss, 0.5), sizes: [1.0, 1.0] };
            Record { losses: vec![loss; 10], end: Some(end) }
        }
    };
    plan.networks.iter().map(record).collect()
}

fn value<'a>(answer: &'a StudyAnswer, place: &str) -> &'a str {
    &answer.sentence.values[place]
}

/// E2 with made-up losses: a seed's own part, and what Kaiming gains at a depth.
fn pairs(gain: impl Fn(u32) -> f32) -> (StudyPlan, Vec<Record>) {
    let (_, plan) = site("e2");
    let losses = records(&plan, |network| {
        let kaiming = network.at[0] == 1;
        let depth = network.spec.network.depth as u32;
        let noise = 0.001 * (network.at[1] as f32 + if kaiming { 0.5 } else { 0.0 });
        Some(1.0 + noise - if kaiming { gain(depth) } else { 0.0 })
    });
    (plan, losses)
}

#[test]
fn pairs_answer_who_wins_where_and_by_how_much() {
    let (plan, losses) = pairs(|depth| if depth == 16 { 0.5 } else { 0.25 });
    let all = answer(&plan, &losses).expect("an answer");
    assert_eq!(all.sentence.key, "answer-wins-often");
    assert_eq!([value(&all, "winner"), value(&all, "wins"), value(&all, "settings")], ["Kaiming", "6", "6"]);
    assert!(value(&all, "where").starts_with("depth 16"), "{all:?}");
    assert_eq!(value(&all, "size"), "0.499");
    let losses_forest = &all.forests[0];
    assert_eq!(losses_forest.axes.iter().map(|axis| axis.name.as_str()).collect::<Vec<_>>(), ["depth", "optimizer"]);
    assert_eq!(losses_forest.rows.iter().map(|row| row.at.clone()).collect::<Vec<_>>()[1], [0, 1]);
    for row in &losses_forest.rows {
        let [low, middle, high] = row.estimate.expect("an estimate");
        assert!(low <= middle && middle <= high && middle < 0.0, "{row:?}");
        assert_eq!(row.outcome, ForestOutcome::Second);
    }
    // Accuracies are the same everywhere, so that nobody wins by them.
    assert!(all.forests[1].rows.iter().all(|row| row.outcome == ForestOutcome::Open));
}

#[test]
fn pairs_that_point_both_ways_are_both_told() {
    let (plan, losses) = pairs(|depth| if depth == 2 { -0.1 } else { 0.3 });
    let all = answer(&plan, &losses).expect("an answer");
    assert_eq!(all.sentence.key, "answer-both");
    assert_eq!([value(&all, "second-wins"), value(&all, "first-wins")], ["4", "2"]);
    assert!(value(&all, "first-where").starts_with("depth 2"));
}

#[test]
fn what_was_not_run_and_what_diverged_are_told_apart() {
    let (plan, mut losses) = pairs(|_| 0.3);
    for (network, record) in plan.networks.iter().zip(&mut losses) {
        match (network.spec.network.depth, network.at[3]) {
            (16, 0) => *record = Record::default(),
            (16, _) => {
                let end = record.end.as_mut().expect("an end");
                end.held_out.0 = f32::NAN;
            }
            _ => {}
        }
    }
    let all = answer(&plan, &losses).expect("an answer");
    let outcomes: Vec<&str> = all.forests[0].rows.iter().map(|row| row.outcome.id()).collect();
    assert_eq!(outcomes, ["second", "second", "second", "second", "waiting", "diverged"]);
    assert_eq!(value(&all, "settings"), "5", "only what is complete is counted");
    let nothing = answer(&plan, &records(&plan, |_| None)).expect("an answer");
    assert_eq!(nothing.sentence.key, "answer-waiting");
}

#[test]
fn bands_answer_with_the_range_that_learns_beside_the_claimed_one() {
    let (_, plan) = site("e1");
    // Whoever is near He's σ learns.
    let losses = records(&plan, |network| {
        let he = (2.0 / network.spec.network.width as f64).sqrt();
        let far = (network.spec.start.std / he).log10().abs();
        Some(if far < 0.5 { 0.2 + far as f32 } else { 2.3 })
    });
    let all = answer(&plan, &losses).expect("an answer");
    assert_eq!(all.sentence.key, "answer-claim-apart");
    assert!(
        value(&all, "lowest").starts_with("width 512") && value(&all, "highest").starts_with("width 32"),
        "{all:?}"
    );
    let [forest] = &all.forests[..] else { panic!("one forest") };
    assert_eq!((forest.reference, forest.tried), (Some([0.01, 0.1]), Some([0.001, 3.0])));
    assert_eq!(forest.rows.len(), 12);
    assert!(forest.rows.iter().all(|row| row.outcome == ForestOutcome::Learned));
    // The map of the same networks marks those that did not learn.
    let map = pictures(&plan, &losses).into_iter().find(|picture| !picture.cells.is_empty()).expect("a map");
    let of = |wanted: bool| map.cells.iter().filter(|cell| cell.learned == Some(wanted)).count();
    assert!(of(true) > 0 && of(false) > 0 && of(true) + of(false) == map.cells.len());
}

#[test]
fn the_best_value_is_answered_as_a_number_or_as_a_name() {
    let (_, plan) = site("mup");
    let losses = records(&plan, |network| Some((network.at[0] as f32 - network.at[1] as f32).abs()));
    let numbers = answer(&plan, &losses).expect("an answer");
    assert_eq!(numbers.sentence.key, "answer-best-apart");
    assert_eq!(numbers.forests[0].rows.len(), 6);
    let (_, plan) = site("default");
    let losses = records(&plan, |network| Some(if network.at[0] == 2 { 0.1 } else { 2.0 }));
    let names = answer(&plan, &losses).expect("an answer");
    assert_eq!((names.sentence.key.as_ref(), value(&names, "best")), ("answer-best-all", "Kaiming"));
}

#[test]
fn the_marks_of_a_plot_lie_within_it_and_in_their_order() {
    let (plan, losses) = pairs(|depth| 0.01 * depth as f32);
    for forest in answer(&plan, &losses).expect("an answer").forests {
        let plot = forest.plot();
        for [low, middle, high] in plot.rows.iter().flatten() {
            assert!(0.0 <= *low && low <= middle && middle <= high && *high <= 1.0, "{plot:?}");
        }
        assert!((2..=8).contains(&plot.ticks.len()) || forest.rows.iter().all(is_zero), "{:?}", plot.ticks);
        assert!(plot.ticks.iter().all(|(place, _)| (0.0..=1.0).contains(place)), "{:?}", plot.ticks);
    }
    fn is_zero(row: &init_lab::study::forest::ForestRow) -> bool {
        row.estimate == Some([0.0; 3])
    }
}

#[test]
fn a_sketch_has_a_sign_for_each_cell() {
    let (_, plan) = site("map");
    let losses = records(&plan, |network| match network.at[1] {
        0 => Some(0.1),
        1 => Some(2.3),
        2 => Some(f32::NAN),
        _ => Some(0.5),
    });
    let report = StudyReport { pictures: pictures(&plan, &losses), ..StudyReport::default() };
    let Some(StudySketch::Cells { columns, names, marks }) = StudySketch::of(&report) else { panic!("a map") };
    assert_eq!((columns, marks.len(), names), (16, 256, ["σ", "depth"].map(str::to_owned)));
    assert_eq!([&marks[..1], &marks[16..17], &marks[32..33], &marks[48..49]], ["9", "o", "x", "7"]);
    let mut waiting = losses;
    waiting[255] = Record::default();
    let report = StudyReport { pictures: pictures(&plan, &waiting), ..StudyReport::default() };
    let Some(StudySketch::Cells { marks, .. }) = StudySketch::of(&report) else { panic!("a map") };
    // Who learned is known once all are: then it is said by the best of all.
    assert!(marks.ends_with('.') && !marks.contains('o'), "{marks}");
    let cells: &Vec<CellData> = &report.pictures[0].cells;
    assert!(cells.iter().all(|cell| cell.learned.is_none()));
}

#[test]
fn the_pace_of_a_browser_is_the_median_of_its_experiments() {
    assert_eq!(pace(&[]), None);
    assert_eq!(pace(&[(0.0, 3.0)]), None);
    assert_eq!(pace(&[(2.0, 1.0)]), Some(2.0));
    assert_eq!(pace(&[(2.0, 1.0), (12.0, 3.0)]), Some(3.0));
    assert_eq!(pace(&[(2.0, 1.0), (9.0, 1.0), (3.0, 1.0)]), Some(3.0));
}

#[test]
fn every_experiment_has_a_small_record_of_its_present_file() {
    let order: toml::Table =
        fs::read_to_string(format!("{ROOT}/static/order.toml")).expect("a list").parse().expect("TOML");
    let texts = |lang: &&str| {
        let text = fs::read_to_string(format!("{ROOT}/static/lang/{lang}.toml")).expect("texts");
        text.parse::<toml::Table>().expect("TOML")["experiments"].clone()
    };
    let languages: Vec<toml::Value> = Lang::IDS.iter().map(texts).collect();
    for id in order["studies"].as_array().expect("a list").iter().filter_map(toml::Value::as_str) {
        let (text, plan) = site(id);
        let json = fs::read_to_string(format!("{ROOT}/static/recorded/{id}.json"))
            .unwrap_or_else(|error| panic!("{id}: {error}; make experiments"));
        assert!(json.len() <= 4096, "{id} has {} bytes", json.len());
        let known: RecordedStudy = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(known.fingerprint, fingerprint(&text), "{id} was changed since; make experiments IDS={id}");
        assert_eq!(known.networks, plan.networks.len(), "{id}");
        let Some(result) = known.result else {
            assert_eq!(plan.file.verdict, VerdictKind::Watch, "{id} has no result");
            continue;
        };
        assert!(result.seconds > 0.0, "{id}");
        let waits = |forest: &Forest| forest.count(ForestOutcome::Waiting);
        assert!(result.answer.forests.iter().all(|forest| waits(forest) == 0), "{id} was not run to its end");
        for texts in &languages {
            let sentence = texts[result.answer.sentence.key.as_ref()].as_str().expect("a text");
            let filled = result
                .answer
                .sentence
                .values
                .iter()
                .fold(sentence.to_owned(), |text, (place, value)| text.replace(&format!("{{{place}}}"), value));
            assert!(!filled.contains('{'), "{id}: {filled}");
        }
    }
}
