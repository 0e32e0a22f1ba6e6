//! Networks that learn a reader's own table or text.

use crate::driven;
use crate::driven::{Engine, frames, losses, start};
use crate::owned::{flowers, lines};
use init_lab::lab::own::OwnReport;
use init_lab::lab::protocol::{Command, Event, NetworkSize};
use init_lab::lab::spec::Model;
use init_lab::science::data::own::OwnFaultKind;

const MLP: &str = "data=own&depth=2&width=24&init=kaiming-normal&opt=adam&lr=0.01&device=cpu";
const GPT: &str = "model=gpt&data=own&depth=1&width=16&heads=2&context=16&batch=4&lr=0.01&device=cpu";

fn take(model: Model, text: &str) -> Command {
    Command::TakeData { model, bytes: text.as_bytes().into() }
}

fn report(events: &[Event]) -> OwnReport {
    let of =
        |event: &Event| if let Event::Data { result: Ok(report), .. } = event { Some(report.clone()) } else { None };
    events.iter().find_map(of).expect("a report")
}

fn shape(events: &[Event]) -> NetworkSize {
    let of = |event: &Event| if let Event::Started { shape, .. } = event { Some(shape.clone()) } else { None };
    events.iter().find_map(of).expect("a start")
}

#[test]
fn a_table_is_learned() {
    let mut engine = Engine::new();
    let events = engine.send([take(Model::Mlp, &flowers()), start(1, MLP)]);
    let found = report(&events);
    assert_eq!((found.examples, found.held_out, found.features, found.classes), (48, 12, 2, 3));
    assert_eq!(
        (found.columns, found.labels),
        (vec!["height".into(), "weight".into()], vec!["iris".into(), "rose".into(), "tulip".into()])
    );
    let size = shape(&events);
    assert_eq!((size.examples, size.held_out, size.classes), (48, 12, 3));
    // 2·24 + 24, 24·24 + 24 and 24·3 + 3.
    assert_eq!(size.parameters, 72 + 600 + 75);
    let last = engine.send([Command::Step(200)]);
    let last = frames(&last).last().copied().expect("a frame").clone();
    assert!(last.loss.0 < 0.05, "{:?}", last.loss);
    assert!(last.accuracy.is_some_and(|share| share.0 > 0.99), "{:?}", last.accuracy);
}

#[test]
fn every_way_to_start_and_adapt_takes_a_table() {
    for more in ["init=lsuv", "norm=batch", "adapt=lora&adapt-at=3", "examples=2", "dropout=0.2", "batch=512"] {
        let mut engine = Engine::new();
        engine.send([take(Model::Mlp, &flowers()), start(1, &format!("{MLP}&{more}"))]);
        let events = engine.send([Command::Step(6)]);
        assert_eq!(frames(&events).last().map(|frame| frame.step), Some(6), "{more}");
        assert!(losses(&events).iter().all(|loss| loss.is_finite()), "{more}");
    }
}

/// What it learns is the text's: it starts near guessing among its characters, and soon does better than knowing only
/// how common each is.
#[test]
fn a_text_is_learned_with_its_own_characters() {
    let mut engine = Engine::new();
    let events = engine.send([take(Model::Gpt, &lines(400)), start(1, GPT)]);
    let found = report(&events);
    let mut distinct: Vec<char> = lines(400).chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(found.classes, distinct.len());
    assert_eq!(shape(&events).classes, distinct.len());
    let first = losses(&events)[0];
    assert!((first - (distinct.len() as f64).ln()).abs() < 0.1, "{first}");
    let last = *losses(&engine.send([Command::Step(150)])).last().expect("a loss");
    assert!(last < found.entropy - 0.3, "{last} {}", found.entropy);
    // The longest context still has a window of the part that is held out.
    let short: String = lines(400).chars().take(3000).collect();
    let events = engine.send([take(Model::Gpt, &short), start(2, &GPT.replace("context=16", "context=256"))]);
    assert!(losses(&events)[0].is_finite());
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_run_alone() {
    let run = |offered: &str| {
        let mut engine = Engine::new();
        let mut events = engine.send([take(Model::Mlp, &flowers()), start(1, MLP), Command::Step(5)]);
        let heard = engine.send([take(Model::Mlp, offered)]);
        let [Event::Data { result, .. }] = &heard[..] else { panic!("{heard:?}") };
        let kind = result.as_ref().err().map(|fault| fault.kind);
        events.extend(engine.send([Command::Step(5)]));
        // The next run has the table that can be read.
        let next = engine.send([start(2, MLP)]);
        (losses(&events), shape(&next).examples, kind)
    };
    let (undisturbed, ..) = run(&flowers());
    let (losses, examples, kind) = run("1,2\n3,4\n");
    assert_eq!((losses, examples, kind), (undisturbed, 48, Some(OwnFaultKind::FewRows)));
}

/// Another table, or none: a worker answers with what it has and never fails.
#[test]
fn what_a_run_learns_is_what_the_worker_has() {
    let mut engine = Engine::new();
    assert_eq!(shape(&engine.send([start(1, MLP)])).examples, 1437);
    assert_eq!(shape(&engine.send([start(2, GPT)])).classes, 75);
    let three: String = flowers().lines().map(|line| format!("{},{line}\n", line.len())).collect();
    assert_eq!(shape(&engine.send([take(Model::Mlp, &flowers()), start(3, MLP)])).parameters, 747);
    let names = three.replacen("18,", "size,", 1);
    assert_eq!(shape(&engine.send([take(Model::Mlp, &names), start(4, MLP)])).parameters, 747 + 24);
    let sweep = Command::Sweep { run: 1, specs: vec![driven::spec(&format!("{MLP}&steps=3"))] };
    let swept = engine.send([sweep]);
    assert!(swept.iter().any(|event| matches!(event, Event::Swept { step: 3, .. })), "{swept:?}");
    assert_eq!(shape(&engine.send([Command::DropData(Model::Mlp), start(5, MLP)])).examples, 1437);
}
