//! A run that is kept by the page and taken up by another engine, natively on the CPU.

use std::sync::Arc;

use crate::driven::{Engine, frames, losses, start};
use init_lab::lab::metric::Frame;
use init_lab::lab::protocol::{Command, Event, Why};

const MLP: &str = "depth=3&width=24&batch=16&init=kaiming-normal&lr=0.1&opt=momentum&steps=40&device=cpu";
const NORMED: &str = "depth=3&width=24&batch=16&norm=batch&opt=adam&lr=0.01&steps=40&device=cpu";
const GPT: &str = "model=gpt&depth=1&width=16&heads=2&context=8&batch=4&opt=adamw&dropout=0.1&steps=40&device=cpu";
const TOKENS: &str = "model=gpt&depth=1&width=16&heads=2&context=8&batch=4&adapt=tokens&adapt-at=7&steps=40&device=cpu";
const LORA: &str = "depth=3&width=24&batch=16&opt=adam&lr=0.01&adapt=lora&adapt-at=7&steps=40&device=cpu";

fn kept(events: &[Event]) -> (u64, Arc<[u8]>) {
    let found = events.iter().find_map(|event| match event {
        Event::Kept { step, kept, .. } => Some((*step, kept.clone())),
        _ => None,
    });
    found.expect("it was kept")
}

/// A frame without what depends on the clock, which decides where slices end.
fn numbers(frame: &Frame) -> Frame {
    Frame { step_ms: 0.0, losses: Vec::new(), val_loss: None, accuracy: None, ..frame.clone() }
}

/// What was kept at step 20 makes, in another engine, the numbers that the first one makes.
#[test]
fn a_run_that_is_taken_up_makes_the_numbers_it_would_have_made() {
    for link in [MLP, NORMED, GPT] {
        let mut first = Engine::new();
        first.send([start(1, link), Command::Step(20)]);
        let (step, bytes) = kept(&first.send([Command::Keep]));
        assert_eq!(step, 20);
        let onward = first.send([Command::Resume]);

        let mut second = Engine::new();
        let taken = second.send([start(7, link), Command::TakeUp { run: 7, kept: bytes }]);
        let steps: Vec<u64> = frames(&taken).iter().map(|frame| frame.step).collect();
        assert_eq!(steps, [0, 20], "{link}");
        let again = second.send([Command::Resume]);
        assert_eq!(losses(&again), losses(&onward), "{link}");
        let last = |events: &[Event]| numbers(frames(events).last().expect("a frame"));
        assert_eq!(Frame { run: 1, ..last(&again) }, last(&onward), "{link}");
        assert_eq!(again.last(), Some(&Event::Finished { run: 7, step: 40, why: Why::Done }));
    }
}

#[test]
fn a_run_that_was_over_is_over_when_it_is_taken_up() {
    let mut first = Engine::new();
    first.send([start(1, MLP), Command::Resume]);
    let (step, kept) = kept(&first.send([Command::Keep]));
    assert_eq!(step, 40);
    let events = Engine::new().send([start(1, MLP), Command::TakeUp { run: 1, kept }]);
    assert_eq!(events.last(), Some(&Event::Finished { run: 1, step: 40, why: Why::Done }));
}

#[test]
fn what_was_kept_of_another_run_leaves_the_run_where_it_is() {
    let mut first = Engine::new();
    first.send([start(1, MLP), Command::Step(3)]);
    let (_, kept) = kept(&first.send([Command::Keep]));
    for bytes in [kept, Arc::from(*b"no such thing")] {
        let events = Engine::new().send([start(1, GPT), Command::TakeUp { run: 1, kept: bytes }]);
        // The page waits for a second frame.
        assert_eq!(frames(&events).iter().map(|frame| frame.step).collect::<Vec<_>>(), [0, 0]);
    }
    assert!(Engine::new().send([Command::Keep]).is_empty(), "there is no run");
}

/// An adapted network has other tensors than those it begins with.
#[test]
fn an_adapted_run_is_taken_up_with_its_adapters_and_its_new_tokens() {
    for (link, at) in [(TOKENS, 5), (TOKENS, 7), (LORA, 7), (LORA, 20)] {
        let mut first = Engine::new();
        first.send([start(1, link), Command::Step(at)]);
        let (step, bytes) = kept(&first.send([Command::Keep]));
        assert_eq!(step, at);
        let onward = first.send([Command::Resume]);

        let mut second = Engine::new();
        let taken = second.send([start(1, link), Command::TakeUp { run: 1, kept: bytes }]);
        let sizes = taken.iter().filter(|event| matches!(event, Event::Started { .. })).count();
        assert_eq!(sizes, 1 + usize::from(at >= 7), "{link} is told its size once more");
        let again = second.send([Command::Resume]);
        assert_eq!(losses(&again), losses(&onward), "{link} from step {at}");
        let last = |events: &[Event]| numbers(frames(events).last().expect("a frame"));
        assert_eq!(last(&again), last(&onward), "{link} from step {at}");
    }
}
