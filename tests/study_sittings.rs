//! What the page of experiments knows, as transcripts of what is done and said.
#![cfg(feature = "study")]
use init_lab::lab::protocol::{Device, DeviceReport, Failure};
use init_lab::study::file::{Bilingual, Refusal};
use init_lab::study::protocol::{StudyCommand, StudyEvent};
use init_lab::study::report::{Reporter, StudyReport};
use init_lab::study::sitting::{KeptRecord, KeptResult, ResultSummary, SittingPhase, StudyEstimate};
use init_lab::study::sittings::{DeskTask, Sittings};
use init_lab::study::verdict::watch::{Chosen, Watched};

fn text(en: &str) -> Bilingual {
    Bilingual { en: en.to_owned(), vi: String::new() }
}

fn begun(run: u32) -> StudyEvent {
    let device = DeviceReport { device: Device::Cpu, adapter: "flex".to_owned(), software: false, reason: None };
    StudyEvent::Begun { run, title: text("A title"), note: text("A note"), device }
}

fn report(run: u32, done: usize, over: bool) -> StudyReport {
    StudyReport { run, done, networks: 9, share: done as f64 / 9.0, over, ..StudyReport::default() }
}

/// What a worker says that has not reported before.
fn update(report: StudyReport) -> StudyEvent {
    StudyEvent::Update(Box::new(Reporter::default().update(report)))
}

fn told(run: u32, done: usize, over: bool) -> StudyEvent {
    update(report(run, done, over))
}

fn watched(run: u32) -> StudyEvent {
    let (networks, looks, texts) = Default::default();
    let watch = Watched { networks, chosen: Chosen::default(), blocks: 2, looks, texts, step_ms: None };
    update(StudyReport { watch: Some(watch), ..report(run, 0, false) })
}

fn phase(sittings: &Sittings, id: &str) -> SittingPhase {
    sittings.find(id).expect("it was opened").phase
}

/// Two experiments were opened, the second is shown, and the first trains.
fn two() -> Sittings {
    let mut sittings = Sittings::default();
    sittings.open("e1");
    assert_eq!(sittings.begin("e1", "one"), (1, vec![]));
    assert_eq!(sittings.hear(begun(1)), []);
    assert_eq!(sittings.hear(told(1, 3, false)), []);
    sittings.open("e2");
    sittings
}

#[test]
fn an_estimate_is_asked_for_once_a_file_and_only_while_the_worker_has_nothing_to_do() {
    let mut sittings = Sittings::default();
    sittings.open("e1");
    let asked = StudyCommand::Estimate { run: 1, text: "one".to_owned() };
    assert_eq!(sittings.ask_estimate("one"), Some(asked));
    let estimate = StudyEstimate { networks: 6, updates: 360, seconds: 4.5 };
    let estimated = StudyEvent::Estimated { run: 1, estimate };
    sittings.open("e2");
    // The answer belongs to the experiment that was shown, with the file that it had.
    assert_eq!(sittings.hear(estimated.clone()), []);
    let estimate = |sittings: &Sittings, id: &str| sittings.find(id).and_then(|sitting| sitting.estimate.clone());
    let (file, of_one) = estimate(&sittings, "e1").expect("an estimate");
    assert_eq!((file.as_str(), of_one.networks, of_one.updates, of_one.seconds), ("one", 6, 360, 4.5));
    assert_eq!(estimate(&sittings, "e2"), None);
    assert_eq!(sittings.hear(estimated), [], "it was answered");
    sittings.open("e1");
    assert_eq!(sittings.ask_estimate("one"), None, "it is known");
    assert!(sittings.ask_estimate("another file").is_some());
    sittings.begin("e1", "one");
    assert!(estimate(&sittings, "e1").is_some(), "a run changes nothing about it");
    assert_eq!(sittings.ask_estimate("another file"), None);
    sittings.open("e2");
    assert_eq!(sittings.ask_estimate("two"), None, "the worker has something to do");
}

#[test]
fn an_experiment_begins_trains_and_is_kept_when_it_is_over() {
    let mut sittings = Sittings::default();
    sittings.open("e1");
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Idle);
    sittings.begin("e1", "one");
    assert!(sittings.is_busy() && sittings.is_present());
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Loading);
    sittings.hear(begun(1));
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Running);
    assert_eq!(sittings.hold(), [DeskTask::Send(StudyCommand::Hold(true))]);
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Held);
    assert_eq!(sittings.hold(), [DeskTask::Send(StudyCommand::Hold(false))]);
    assert_eq!(sittings.hear(told(1, 9, true)), [DeskTask::Keep("e1".to_owned())]);
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Over);
    assert!(!sittings.is_busy());
    let kept = sittings.result("e1", 7.0).expect("it came to something");
    assert_eq!((kept.phase, kept.file.as_str(), kept.at), (SittingPhase::Over, "one", 7.0));
}

#[test]
fn another_that_is_looked_at_stops_nothing_and_one_that_is_run_ends_the_first() {
    let mut sittings = two();
    assert!(!sittings.is_present());
    let elsewhere = sittings.elsewhere().expect("the first trains");
    assert_eq!((elsewhere.id.as_str(), elsewhere.progress), ("e1", Some((3, 9))));
    assert_eq!(sittings.begin("e2", "two"), (2, vec![DeskTask::Send(StudyCommand::Finish)]));
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Ended);
    assert_eq!(sittings.elsewhere(), None);
    // The first one's last word comes late, and is kept all the same.
    assert_eq!(sittings.hear(told(1, 4, true)), [DeskTask::Keep("e1".to_owned())]);
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Ended);
    assert_eq!(phase(&sittings, "e2"), SittingPhase::Loading);
}

#[test]
fn words_of_an_older_order_change_nothing() {
    let mut sittings = two();
    sittings.open("e1");
    sittings.begin("e1", "one, again");
    for event in [begun(1), told(1, 9, true), told(77, 9, true)] {
        assert_eq!(sittings.hear(event), []);
    }
    let sitting = sittings.sitting().expect("it is shown");
    assert_eq!((sitting.phase, &sitting.report, sitting.file.as_str()), (SittingPhase::Loading, &None, "one, again"));
}

#[test]
fn what_is_refused_says_where_and_can_be_run_again() {
    let mut sittings = Sittings::default();
    sittings.open("e1");
    sittings.begin("e1", "knob = width");
    let why = Refusal { line: 13, key: "no-file".into(), detail: "a string".to_owned() };
    assert_eq!(sittings.hear(StudyEvent::Refused { run: 1, why }), [DeskTask::ShowLine(13)]);
    let trouble = sittings.sitting().and_then(|sitting| sitting.trouble.clone()).expect("it is told");
    assert_eq!((trouble.key.as_str(), trouble.line), ("no-file", 13));
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Idle);
    sittings.begin("e1", "better");
    assert_eq!(sittings.sitting().and_then(|sitting| sitting.trouble.clone()), None);
    // A link that the lab does not take has the page's own words.
    let why = Refusal { line: 0, key: "link".into(), detail: "stops".to_owned() };
    sittings.hear(StudyEvent::Refused { run: 2, why });
    assert_eq!(sittings.sitting().and_then(|sitting| sitting.trouble.clone()).expect("told").key, "bad-link");
}

#[test]
fn what_another_version_kept_is_let_go_of() {
    let mut sittings = Sittings::default();
    sittings.open("watch");
    sittings.restore("watch", Some(KeptRecord { file: "w".to_owned(), steps: 10, at: 1.0 }), None);
    let (run, _) = sittings.begin("watch", "w");
    assert!(sittings.sitting().expect("shown").record.is_some(), "it stays until there is another");
    let why = Refusal::whole("kept-unreadable", "");
    assert_eq!(sittings.hear(StudyEvent::Refused { run, why }), [DeskTask::Forget("watch".to_owned())]);
    assert_eq!(sittings.sitting().expect("shown").record, None);
}

#[test]
fn a_death_takes_along_what_was_under_way_and_nothing_else() {
    let mut sittings = two();
    assert_eq!(sittings.die(Failure::Gone), [DeskTask::Keep("e1".to_owned())]);
    let elsewhere = sittings.elsewhere().expect("it is told");
    assert_eq!(elsewhere.trouble.expect("why").key, "vanished");
    assert_eq!(phase(&sittings, "e1"), SittingPhase::Ended);
    // Whoever looks at it, or runs another, has been told.
    let mut seen = sittings.clone();
    seen.open("e1");
    seen.open("e2");
    assert_eq!(seen.elsewhere(), None);
    sittings.begin("e2", "two");
    sittings.hear(told(2, 9, true));
    assert_eq!(sittings.elsewhere(), None);
    // A worker that had nothing to do dies in silence.
    assert_eq!(sittings.die(Failure::Panic("late".to_owned())), []);
    assert_eq!(sittings.find("e2").expect("there").trouble, None);
}

#[test]
fn what_a_browser_kept_is_shown_unless_it_was_begun_anew() {
    let kept = KeptResult {
        phase: SittingPhase::Over,
        file: "old".to_owned(),
        report: report(4, 9, true),
        begun: None,
        at: 5.0,
    };
    let mut sittings = Sittings::default();
    sittings.open("e1");
    sittings.restore("e1", None, Some(kept.clone()));
    let sitting = sittings.sitting().expect("shown");
    assert_eq!((sitting.phase, sitting.kept_at, sitting.file.as_str()), (SittingPhase::Over, Some(5.0), "old"));
    let mut sittings = Sittings::default();
    sittings.open("e1");
    sittings.begin("e1", "new");
    sittings.restore("e1", None, Some(kept));
    assert_eq!(sittings.sitting().expect("shown").file, "new");
}

#[test]
fn in_the_gallery_no_experiment_is_shown_and_each_goes_on() {
    let mut sittings = two();
    sittings.leave();
    assert!(sittings.shown().is_empty() && sittings.sitting().is_none() && !sittings.is_present());
    assert_eq!(sittings.elsewhere().map(|elsewhere| elsewhere.id), Some("e1".to_owned()));
    assert_eq!(sittings.hear(told(1, 9, true)), [DeskTask::Keep("e1".to_owned())]);
    assert_eq!((phase(&sittings, "e1"), sittings.elsewhere()), (SittingPhase::Over, None));
    sittings.open("e1");
    assert_eq!(sittings.sitting().expect("shown").phase, SittingPhase::Over);
}

#[test]
fn a_card_has_the_time_of_whole_results_alone() {
    let kept = |done: usize, seconds_spent: f64| {
        let report = StudyReport { seconds_spent, ..report(1, done, true) };
        KeptResult { phase: SittingPhase::Over, file: "f".to_owned(), report, begun: None, at: 1.0 }
    };
    assert_eq!(ResultSummary::of(&kept(9, 4.5)).seconds, Some(4.5));
    assert_eq!(ResultSummary::of(&kept(8, 4.5)).seconds, None, "it was stopped");
    assert_eq!(ResultSummary::of(&kept(9, 0.0)).seconds, None, "nobody measured it");
}

#[test]
fn a_hidden_tab_keeps_what_it_has() {
    let mut sittings = two();
    assert_eq!(sittings.hide(), Some(DeskTask::Keep("e1".to_owned())));
    assert_eq!(sittings.result("e1", 1.0).expect("three are trained").phase, SittingPhase::Ended);
    assert_eq!(sittings.watching(), None);
    let (run, _) = sittings.begin("e2", "two");
    assert_eq!(sittings.hide(), None, "nothing is known yet");
    assert_eq!(sittings.result("e2", 1.0), None);
    sittings.hear(begun(run));
    sittings.hear(watched(run));
    assert_eq!(sittings.hide(), Some(DeskTask::Send(StudyCommand::Keep)));
    assert_eq!(sittings.watching(), Some("e2"));
    assert_eq!(sittings.result("e2", 1.0), None, "it has its record");
    assert_eq!(sittings.owner(run, 10), Some(&("e2".to_owned(), "two".to_owned())));
    assert_eq!((sittings.owner(run, 0), sittings.owner(99, 10)), (None, None));
    sittings.hold();
    assert_eq!((sittings.hide(), sittings.watching()), (None, None));
}
