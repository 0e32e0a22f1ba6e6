//! `make experiments`: runs the site's experiments natively, by the code that runs them in a browser, and records what
//! each comes to.
//!
//! `experiments STUDIES TARGET [ID…]` runs the experiments of these ids, or all whose record is missing or is of another
//! file, and writes a file for each into TARGET. One that is watched has no end and is recorded without a result.

use std::path::Path;
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use std::{env, fs};

use init_lab::engine::clock::now_ms;
use init_lab::engine::device::NoGpu;
use init_lab::engine::host::Host;
use init_lab::lab::number::round_to;
use init_lab::study::experiment::read;
use init_lab::study::file::VerdictKind;
use init_lab::study::protocol::{Outbound, StudyCommand, StudyEvent};
use init_lab::study::recorded::{RecordedResult, RecordedStudy, fingerprint};
use init_lab::study::report::StudyReport;
use init_lab::study::sketch::StudySketch;
use serde_json::Value;

/// The digits that a recorded number keeps: as many as a card can show.
const DIGITS: usize = 4;

/// What went wrong, for whoever records.
type RecorderFailure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [studies, target, ids @ ..] = &arguments[..] else {
        eprintln!("experiments STUDIES TARGET [ID…]");
        return ExitCode::FAILURE;
    };
    match record_all(Path::new(studies), Path::new(target), ids) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn record_all(studies: &Path, target: &Path, ids: &[String]) -> Result<(), RecorderFailure> {
    let mut all: Vec<String> = ids.to_vec();
    if all.is_empty() {
        for entry in fs::read_dir(studies)? {
            let path = entry?.path();
            if let Some(id) = path.file_stem().filter(|_| path.extension().is_some_and(|ending| ending == "toml")) {
                all.push(id.to_string_lossy().into_owned());
            }
        }
        all.sort();
    }
    for id in all {
        let text = fs::read_to_string(studies.join(format!("{id}.toml")))?;
        let file = target.join(format!("{id}.json"));
        if ids.is_empty() && is_recorded(&file, &text) {
            continue;
        }
        let study = record(&text).map_err(|error| format!("{id}: {error}"))?;
        if let Some(result) = &study.result {
            eprintln!("{id}: {} networks, {:.1} s", study.networks, result.seconds);
        }
        let mut value = serde_json::to_value(&study)?;
        shorten(&mut value);
        fs::write(&file, serde_json::to_string(&value)? + "\n")?;
    }
    Ok(())
}

/// Says whether a file has a result of this text, or of a text that has none.
fn is_recorded(file: &Path, text: &str) -> bool {
    let known = fs::read_to_string(file).ok().and_then(|json| serde_json::from_str::<RecordedStudy>(&json).ok());
    known.is_some_and(|known| known.fingerprint == fingerprint(text))
}

/// Runs an experiment to its end.
fn record(text: &str) -> Result<RecordedStudy, RecorderFailure> {
    let plan = read(text).map_err(|refusal| format!("{refusal:?}"))?;
    let study = RecordedStudy { fingerprint: fingerprint(text), networks: plan.networks.len(), result: None };
    if plan.file.verdict == VerdictKind::Watch {
        return Ok(study);
    }
    let mut host = Host::new(NoGpu);
    let (mut report, mut failure) = (StudyReport::default(), None);
    let mut hear = |message: Outbound| match message {
        Outbound::Study(StudyEvent::Update(update)) => report.apply(*update),
        Outbound::Study(StudyEvent::Begun { .. }) | Outbound::Checkpoint { .. } => {}
        Outbound::Study(_) | Outbound::Lab(_) => failure = Some(format!("{message:?}")),
    };
    let begun = now_ms();
    let mut orders = vec![StudyCommand::Study { run: 1, text: text.to_owned() }.into()];
    while now(host.turn(std::mem::take(&mut orders), &mut hear)).ok_or("the CPU waited")? {}
    let seconds = (now_ms() - begun) / 1000.0;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    let sketch = StudySketch::of(&report);
    let answer = report.answer.ok_or("it has no answer")?;
    Ok(RecordedStudy { result: Some(RecordedResult { seconds, answer, sketch }), ..study })
}

/// The result of a future on the CPU, where nothing waits, so that it is ready when it is first polled.
fn now<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Rounds all numbers that are not whole.
fn shorten(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(|number| round_to(number, DIGITS));
            *value = rounded.and_then(serde_json::Number::from_f64).map_or(Value::Null, Value::Number);
        }
        Value::Array(all) => all.iter_mut().for_each(shorten),
        Value::Object(all) => all.values_mut().for_each(shorten),
        _ => {}
    }
}
