//! Transformers that are watched while they train: what is seen of them, and that a break changes nothing.

use init_lab::engine::device::NoGpu;
use init_lab::engine::host::Host;
use init_lab::lab::protocol::Command;
use init_lab::study::file::ChartKind;
use init_lab::study::picture::{Part, Picture};
use init_lab::study::protocol::{Inbound, Outbound, StudyCommand, StudyEvent};
use init_lab::study::report::StudyReport;
use init_lab::study::table::Cell;
use init_lab::study::verdict::watch::{Chosen, Ending, next_look, next_text};

use crate::driven::{Engine, losses, ready, start};

const BASE: &str = "model=gpt&depth=2&width=16&heads=2&context=8&batch=4&lr=0.01&steps=30&device=cpu";

fn file(base: &str) -> String {
    format!(
        r#"
base = "{base}"
verdict = "watch"
[title]
en = "Two"
[note]
en = "A note."
[[sweep]]
name = "network"
settings = [{{ name = "AdamW", link = "wd=0.1&dropout=0.1&clip=0.5&warmup=20" }}, {{ name = "SGD", link = "opt=sgd&lr=0.1&wd=0" }}]
"#
    )
}

struct Desk {
    host: Host<NoGpu>,
    reports: Vec<StudyReport>,
    refused: Vec<String>,
    kept: Vec<Vec<u8>>,
}

impl Desk {
    fn open(text: String) -> Self {
        let mut desk = Self::closed();
        desk.turn(vec![StudyCommand::Study { run: 1, text }]);
        desk
    }

    fn closed() -> Self {
        Self { host: Host::new(NoGpu), reports: Vec::new(), refused: Vec::new(), kept: Vec::new() }
    }

    fn turn(&mut self, orders: Vec<StudyCommand>) -> bool {
        let Self { host, reports, refused, kept } = self;
        let orders = orders.into_iter().map(Inbound::from).collect();
        ready(host.turn(orders, &mut |message| match message {
            Outbound::Study(StudyEvent::Update(update)) => {
                let mut report = reports.last().cloned().unwrap_or_default();
                report.apply(*update);
                reports.push(report);
            }
            Outbound::Study(StudyEvent::Refused { why, .. }) => refused.push(why.key.into_owned()),
            Outbound::Study(StudyEvent::Begun { .. }) => {}
            Outbound::Study(event) => panic!("nobody lends watched networks: {event:?}"),
            Outbound::Checkpoint { bytes, .. } => kept.push(bytes),
            Outbound::Lab(event) => panic!("{event:?}"),
        }))
    }

    fn finish(&mut self) -> &StudyReport {
        while self.turn(Vec::new()) {}
        self.last()
    }

    /// Goes on until every network has come this far.
    fn reach(&mut self, step: u64) {
        while self.last().watch.as_ref().expect("watched").networks.iter().any(|network| network.step < step) {
            assert!(self.turn(Vec::new()));
            self.turn(vec![StudyCommand::Look(Chosen::default())]);
        }
    }

    fn last(&self) -> &StudyReport {
        self.reports.last().expect("a report")
    }
}

fn picture(report: &StudyReport, kind: ChartKind, panel: &str) -> Picture {
    let found = report.pictures.iter().find(|picture| picture.kind == kind && picture.panel == panel);
    found.unwrap_or_else(|| panic!("no {kind:?} {panel}")).clone()
}

/// The losses of a network as its picture has them, one a step while there are few.
fn trained(report: &StudyReport, network: &str) -> Vec<f64> {
    let training = picture(report, ChartKind::Training, "");
    let curve = training.curves.iter().find(|curve| curve.label == network && curve.part == Part::Own);
    curve.expect("a curve").y.iter().flatten().map(|loss| loss.0).collect()
}

#[test]
fn networks_train_side_by_side_and_show_their_weights() {
    let mut desk = Desk::open(file(BASE));
    let report = desk.finish();
    assert!(report.over && report.done == 2);
    let watch = report.watch.as_ref().expect("watched");
    assert_eq!(watch.networks.iter().map(|network| network.step).collect::<Vec<_>>(), [30, 30]);
    assert!(watch.networks.iter().all(|network| network.end == Some(Ending::Done)));
    assert_eq!(watch.looks, [0, 5, 10, 15, 20, 25, 30]);
    let spread = picture(report, ChartKind::Spread, "Q");
    let blocks: Vec<&str> = spread.curves.iter().map(|curve| curve.label.as_str()).collect();
    assert_eq!(blocks, ["1", "2", ""], "two blocks and theory");
    let std = spread.curves[0].y[0].expect("σ").0;
    // 256 draws of σ = 0.02: four standard errors.
    assert!((std / 0.02 - 1.0).abs() < 4.0 / 512_f64.sqrt(), "{std}");
    assert!((spread.curves[2].y[0].expect("theory").0 - 0.02).abs() < 1e-12);
    let histogram = picture(report, ChartKind::Histogram, "V 1");
    let [start, now] = &histogram.curves[..] else { panic!("{histogram:?}") };
    assert!(start.part == Part::Start && start.y != now.y, "thirty steps moved the weights");
    let gradients = picture(report, ChartKind::Gradients, "");
    assert_eq!(gradients.x.labels, ["embedding", "block.1", "block.2", "head"]);
    assert!(!watch.texts.is_empty() && watch.texts[0].step == 0 && watch.texts[0].text.chars().count() == 160);
    let found: Vec<&str> = report.findings.iter().map(|finding| finding.key.as_ref()).collect();
    assert!(found.contains(&"watch-rest") && found.contains(&"watch-loss"), "{found:?}");
}

#[test]
fn a_watched_network_has_the_losses_it_has_in_the_lab() {
    let mut desk = Desk::open(file(BASE));
    let watched = trained(desk.finish(), "SGD");
    let link = BASE.replace("lr=0.01", "opt=sgd&lr=0.1&wd=0");
    let mut engine = Engine::new();
    let events = engine.send([start(1, &link), Command::Resume]);
    let alone = losses(&events);
    assert_eq!(alone.len(), 31);
    assert_eq!(watched, alone);
}

#[test]
fn a_run_that_is_taken_up_goes_on_as_if_it_had_never_stopped() {
    let mut whole = Desk::open(file(BASE));
    let expected = whole.finish().clone();

    let mut first = Desk::open(file(BASE));
    first.reach(11);
    first.turn(vec![StudyCommand::Keep]);
    let kept = first.kept.pop().expect("what was kept");
    drop(first);

    let mut second = Desk::closed();
    second.turn(vec![StudyCommand::TakeUp { run: 2, kept }]);
    let begun = second.last().watch.as_ref().expect("watched").networks[0].step;
    assert!(begun >= 11, "{begun}");
    assert!(!trained(second.last(), "AdamW").is_empty(), "what was seen is there at once");
    let end = second.finish().clone();
    assert_eq!(end.run, 2);
    for network in ["AdamW", "SGD"] {
        assert_eq!(trained(&end, network), trained(&expected, network));
    }
    for kind in [ChartKind::Spread, ChartKind::Tails] {
        assert_eq!(picture(&end, kind, "K"), picture(&expected, kind, "K"));
    }
    assert_eq!(end.watch.expect("watched").texts, expected.watch.expect("watched").texts);
}

#[test]
fn a_network_writes_whenever_it_has_come_twice_as_far() {
    let mut desk = Desk::open(file(&BASE.replace("steps=30", "steps=120")));
    let texts = desk.finish().watch.clone().expect("watched").texts;
    assert_eq!(texts.iter().map(|text| text.step).collect::<Vec<_>>(), [0, 50, 100]);
    assert!(texts[1].text != texts[2].text);
}

#[test]
fn what_cannot_be_taken_up_is_refused() {
    let mut desk = Desk::open(file(BASE));
    desk.turn(vec![StudyCommand::Keep]);
    let good = desk.kept.pop().expect("what was kept");
    let mut other_form = good.clone();
    other_form[0] = 99;
    let mut desk = Desk::closed();
    for bytes in [Vec::new(), vec![1, 2, 3], good[..good.len() / 2].to_vec(), other_form] {
        desk.turn(vec![StudyCommand::TakeUp { run: 1, kept: bytes }]);
    }
    assert_eq!(desk.refused, ["kept-unreadable"; 4]);
    desk.turn(vec![StudyCommand::TakeUp { run: 1, kept: good }]);
    assert_eq!(desk.reports.len(), 1, "what is whole is taken");
}

#[test]
fn a_network_may_rest_and_another_be_looked_at() {
    let mut desk = Desk::open(file(&BASE.replace("steps=30", "steps=1000")));
    desk.turn(vec![StudyCommand::Rest { network: 1, rests: true }]);
    for _ in 0..40 {
        desk.turn(Vec::new());
    }
    desk.turn(vec![StudyCommand::Look(Chosen { network: 1, block: 1, look: None, data: false })]);
    let watch = desk.last().watch.clone().expect("watched");
    assert!(watch.networks[0].step > 5 && watch.networks[1].step == 0, "{:?}", watch.networks);
    assert!(watch.looks.is_empty() && desk.last().tables.is_empty());
    desk.turn(vec![StudyCommand::Look(Chosen { network: 0, block: 1, look: Some(0), data: true })]);
    let report = desk.last();
    let histogram = picture(report, ChartKind::Histogram, "Q 2");
    assert_eq!(histogram.curves[0].y, histogram.curves[1].y, "the first look is the start");
    let table = &report.tables[0];
    assert_eq!(table.columns.len(), 13);
    assert_eq!(table.rows[1][..3], [0.0, table_number(&table.rows[0][1]), 2.0].map(number));
    // Ended, it can still be looked at, and go on.
    assert!(!desk.turn(vec![StudyCommand::Finish]));
    assert!(desk.last().over && desk.kept.len() == 1);
    desk.turn(vec![StudyCommand::Look(Chosen::default())]);
    assert!(!desk.last().pictures.is_empty());
    assert!(desk.turn(vec![StudyCommand::Hold(false)]));
}

fn number(value: f64) -> Cell {
    Cell::Number(Some(init_lab::lab::number::Number(value)))
}

fn table_number(cell: &Cell) -> f64 {
    let Cell::Number(Some(number)) = cell else { panic!("{cell:?}") };
    number.0
}

#[test]
fn one_that_blows_up_ends_and_the_others_go_on() {
    let text = file(BASE).replace("lr=0.1&wd=0", "lr=100&wd=0&std=100&norm=none");
    let mut desk = Desk::open(text);
    let report = desk.finish();
    let watch = report.watch.as_ref().expect("watched");
    assert_eq!(watch.networks[0].end, Some(Ending::Done));
    assert!(matches!(watch.networks[1].end, Some(Ending::Diverged { .. })), "{:?}", watch.networks[1]);
}

#[test]
fn what_is_not_to_be_watched_is_refused() {
    let mut desk = Desk::closed();
    for text in [
        file("depth=2&width=16"),
        file(&BASE.replace("width=16", "width=256").replace("depth=2", "depth=24")),
        file(BASE) + "[[chart]]\nkind = \"losses\"\nover = \"network\"\n",
    ] {
        desk.turn(vec![StudyCommand::Study { run: 1, text }]);
    }
    assert_eq!(desk.refused, ["watch-gpt", "too-large", "watch-charts"]);
}

#[test]
fn looks_grow_rarer() {
    let looks: Vec<u64> =
        std::iter::successors(Some(0), |step| Some(next_look(*step))).take_while(|s| *s < 100_000).collect();
    assert_eq!(looks[..4], [0, 5, 10, 15]);
    assert!((100..150).contains(&looks.len()), "{}", looks.len());
    let texts: Vec<u64> = std::iter::successors(Some(0), |step| Some(next_text(*step))).take(6).collect();
    assert_eq!(texts, [0, 50, 100, 200, 400, 800]);
    assert_eq!([1, 49, 51, 99, 399].map(next_text), [50, 50, 100, 100, 400]);
}

/// No step at all: the start is what there is to see.
#[test]
fn a_network_without_steps_is_seen_at_its_start() {
    let text = format!("{}\n[[sweep]]\nname = \"steps\"\nknob = \"steps\"\nvalues = [0, 10]\n", file(BASE));
    let mut desk = Desk::open(text);
    let report = desk.finish();
    assert!(report.over && report.done == 4);
    let watch = report.watch.as_ref().expect("watched");
    let steps: Vec<u64> = watch.networks.iter().map(|network| network.step).collect();
    assert_eq!(steps, [0, 10, 0, 10]);
    assert!(watch.networks.iter().all(|network| network.end == Some(Ending::Done)));
    assert_eq!(watch.looks, [0], "of the first");
}
