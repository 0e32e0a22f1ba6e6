//! What pages and worker say to each other: reports travel as what has changed, and messages as they always did.
#![cfg(feature = "study")]
use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Command, Event};
use init_lab::science::seed::Stream;
use init_lab::study::answer::StudyAnswer;
use init_lab::study::file::{ChartKind, EndMeasure, Scale};
use init_lab::study::finding::StudyFinding;
use init_lab::study::picture::{AxisData, CellData, Curve, Picture};
use init_lab::study::protocol::{Inbound, Outbound, StudyCommand, StudyEvent};
use init_lab::study::report::{Reporter, StudyReport, StudyUpdate};
use init_lab::study::table::{Cell, ResultTable};
use init_lab::study::verdict::watch::{Chosen, Watched};

/// So few values that neighbours in a sequence of reports are often alike.
const VALUES: [f64; 4] = [0.5, 2.0, f64::NAN, f64::INFINITY];

fn number(stream: &mut Stream) -> Number {
    Number(VALUES[stream.below(VALUES.len())])
}

fn list<T>(stream: &mut Stream, item: impl Fn(&mut Stream) -> T) -> Vec<T> {
    (0..stream.below(4)).map(|_| item(stream)).collect()
}

fn picture(stream: &mut Stream) -> Picture {
    let x =
        AxisData { name: "σ".into(), knob: None, scale: Scale::Linear, numbers: vec![1.0, 2.0], labels: Vec::new() };
    let curve = Curve { x: vec![1.0], y: vec![Some(number(stream))], ..Curve::default() };
    let cell = CellData { at: [0, 1], value: Some(number(stream)), learned: None, link: String::new() };
    Picture {
        kind: ChartKind::Curves,
        panel: String::new(),
        measure: EndMeasure::default(),
        x,
        y: None,
        curves: vec![curve],
        cells: vec![cell],
        line: Vec::new(),
        guess: 2.3,
    }
}

fn finding(stream: &mut Stream) -> StudyFinding {
    let values = [("best".into(), number(stream).0.to_string())].into();
    StudyFinding { key: "band-only".into(), values }
}

fn table(stream: &mut Stream) -> ResultTable {
    let row = |stream: &mut Stream| vec![Cell::Text("0.1".into()), Cell::Number(Some(number(stream)))];
    ResultTable { id: "networks".into(), columns: vec!["σ".into(), "loss".into()], rows: list(stream, row) }
}

fn watched(stream: &mut Stream) -> Watched {
    let (networks, texts) = Default::default();
    let looks = list(stream, |stream| stream.below(2) as u64);
    Watched { networks, chosen: Chosen::default(), blocks: 2, looks, texts, step_ms: Some(0.5) }
}

fn report(run: u32, stream: &mut Stream) -> StudyReport {
    StudyReport {
        run,
        done: stream.below(9),
        networks: 9,
        share: stream.below(3) as f64 / 2.0,
        seconds_left: [None, Some(1.5)][stream.below(2)],
        seconds_spent: stream.below(2) as f64,
        over: stream.below(2) == 1,
        answer: (stream.below(2) == 1).then(|| StudyAnswer { sentence: finding(stream), forests: Vec::new() }),
        pictures: list(stream, picture),
        findings: list(stream, finding),
        tables: list(stream, table),
        watch: (stream.below(2) == 1).then(|| watched(stream)),
    }
}

/// There and back as JSON.
fn sent(update: &StudyUpdate) -> StudyUpdate {
    let message: Outbound = StudyEvent::Update(Box::new(update.clone())).into();
    let text = serde_json::to_string(&message).expect("it is written");
    match serde_json::from_str::<Outbound>(&text).expect("it is read") {
        Outbound::Study(StudyEvent::Update(update)) => *update,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_has_changed_makes_the_report_that_the_worker_has() {
    let mut stream = Stream::new(1, "reports");
    let mut page = StudyReport::default();
    for run in 1..=20 {
        // The page goes on from what it knows of another run, as the worker does not.
        let mut reporter = Reporter::default();
        for _ in 0..30 {
            let report = report(run, &mut stream);
            page.apply(sent(&reporter.update(report.clone())));
            assert_eq!(page, report);
        }
    }
}

#[test]
fn what_has_not_changed_is_not_told_again() {
    let mut stream = Stream::new(2, "reports");
    let mut reporter = Reporter::default();
    for run in 0..50 {
        let mut report = report(run, &mut stream);
        reporter.update(report.clone());
        report.share = 0.75;
        let update = reporter.update(report.clone());
        let told = [
            update.answer.changed.len(),
            update.pictures.changed.len(),
            update.findings.changed.len(),
            update.tables.changed.len(),
            update.watch.changed.len(),
        ];
        assert_eq!((told, update.share), ([0; 5], 0.75), "not even where a network blew up: {report:?}");
        if let Some(last) = report.tables.last_mut() {
            last.rows.push(vec![Cell::Text("new".into())]);
            let changed = reporter.update(report.clone()).tables.changed;
            let last = report.tables.len() - 1;
            assert_eq!(changed, [(last, report.tables[last].clone())], "and of a list only what has");
        }
    }
}

#[test]
fn a_message_is_what_it_contains() {
    let texts: [(Outbound, _); 2] = [
        (Event::Ready.into(), r#""Ready""#),
        (Event::Paused { run: 3, step: 7 }.into(), r#"{"Paused":{"run":3,"step":7}}"#),
    ];
    for (message, text) in texts {
        assert_eq!(serde_json::to_string(&message).expect("it is written"), text);
        assert_eq!(serde_json::from_str::<Outbound>(text).expect("it is read"), message);
        assert!(serde_json::from_str::<Event>(text).is_ok(), "the lab's page reads no other");
    }
    let texts = [
        (Inbound::from(Command::Ping), r#""Ping""#),
        (Command::Step(5).into(), r#"{"Step":5}"#),
        (StudyCommand::Finish.into(), r#""finish""#),
        (StudyCommand::Hold(true).into(), r#"{"hold":true}"#),
        (StudyCommand::Study { run: 1, text: "a".into() }.into(), r#"{"study":{"run":1,"text":"a"}}"#),
    ];
    for (message, text) in texts {
        assert_eq!(serde_json::to_string(&message).expect("it is written"), text);
        assert_eq!(serde_json::from_str::<Inbound>(text).expect("it is read"), message);
    }
}
