//! The verdict on real networks: the cases that fooled a verdict of two ends of one curve.

use crate::driven::Engine;
use init_lab::lab::diagnosis::{Diagnosis, Verdict, diagnose};
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::state::State;

/// The verdict at the start and after each of these requests for steps.
fn run(link: &str, requests: &[u64]) -> Vec<Diagnosis> {
    let mut state = State::open(&format!("{link}&device=cpu"));
    assert_eq!(state.notices, [], "{link}");
    let mut engine = Engine::new();
    let mut seen = Vec::new();
    let mut commands = state.apply(Event::Ready);
    for next in requests.iter().map(Some).chain([None]) {
        let events: Vec<Event> = commands.drain(..).flat_map(|command| engine.send([command])).collect();
        for event in events {
            assert_eq!(state.apply(event), []);
        }
        seen.push(diagnose(&state));
        commands.extend(next.map(|steps| Command::Step(*steps)));
    }
    seen
}

/// The verdict at step 0, with the rule that found it.
fn start(link: &str) -> (Verdict, &'static str) {
    let diagnosis = run(link, &[]).remove(0);
    (diagnosis.verdict, diagnosis.sentences[0].key)
}

#[test]
fn starts_are_called_what_they_are() {
    let small = "width=64&batch=16";
    for (link, verdict, key) in [
        (format!("depth=20&{small}&std=0.02"), Verdict::Vanishing, "vanishing"),
        (format!("depth=20&{small}&std=0.5"), Verdict::Exploding, "exploding"),
        (format!("depth=20&{small}&init=kaiming-normal"), Verdict::Steady, "steady"),
        // The numbers end in f32's zeros, and no ratio is infinite.
        ("depth=100&width=128&batch=8&std=0.01".into(), Verdict::Vanishing, "vanishing-zero"),
        // Var h says .0092, the gradient all.
        ("init=pytorch".into(), Verdict::VanishingGradient, "vanishing-gradient"),
        // Neither does, but all inputs look alike.
        ("init=pytorch&depth=10".into(), Verdict::Forgets, "forgets"),
        (format!("depth=20&{small}&act=sigmoid&init=xavier-normal"), Verdict::VanishingGradient, "vanishing-gradient"),
        // cs231n's: nearly all saturated, and the gradient grows all the same.
        ("depth=10&width=500&act=tanh&std=1&batch=32".into(), Verdict::ExplodingGradient, "saturated-gradient"),
        ("x=tanh".into(), Verdict::Steady, "gradient-grows"),
        ("x=tanh&depth=80&batch=16".into(), Verdict::ExplodingGradient, "exploding-gradient"),
        ("x=e2".into(), Verdict::Steady, "fades"),
        (format!("depth=20&{small}&norm=layer&std=0.5"), Verdict::Normed, "normed-up"),
        (format!("depth=26&{small}&norm=layer&std=0.5"), Verdict::Hindered, "uneven"),
        (format!("depth=20&{small}&residual=on&init=kaiming-normal"), Verdict::Exploding, "exploding"),
    ] {
        assert_eq!(start(&link), (verdict, key), "{link}");
    }
}

#[test]
fn equal_units_are_called_equal() {
    for (link, key) in [
        ("init=zeros&depth=3", "zeros"),
        ("init=zeros&depth=1&act=sigmoid", "symmetric"),
        ("init=constant&std=0.0078125", "symmetric"),
        ("init=constant&std=0.02&depth=6", "symmetric"),
        ("model=gpt&depth=2&width=32&context=16&init=zeros", "zeros-unmoved"),
    ] {
        assert_eq!(start(link), (Verdict::Symmetric, key), "{link}");
    }
    // The last biases learn, and the units stay what they are.
    let learned = run("init=zeros&depth=3&lr=0.1", &[40]);
    assert_eq!(learned.last().map(|diagnosis| diagnosis.verdict), Some(Verdict::Symmetric), "{learned:?}");
    assert_ne!(start("init=identity&depth=6").0, Verdict::Symmetric);
}

#[test]
fn closed_branches_are_no_explosion() {
    for link in [
        "depth=30&width=64&batch=16&residual=on&init=rezero",
        "depth=20&width=64&batch=16&residual=on&init=layer-scale",
        "model=gpt&depth=3&width=32&context=16&init=rezero",
        "model=gpt&depth=3&width=32&context=16&init=fixup",
        "model=gpt&depth=3&width=32&context=16&init=fixup&tied=off",
    ] {
        assert_eq!(start(link).0, Verdict::Closed, "{link}");
    }
}

#[test]
fn norms_of_a_transformer_are_no_explosion() {
    for link in ["model=gpt", "model=gpt&pos=post", "model=gpt&std=0.1&depth=12&context=16"] {
        let (verdict, key) = start(link);
        assert!(!verdict.is_fault(), "{link}: {key}");
    }
}

/// Without skip connections attention mixes positions until they are one; with large weights it picks one each.
#[test]
fn attention_that_mixes_all_or_picks_one_is_named() {
    let small = "model=gpt&width=32&context=32&batch=4";
    let averaged = format!("{small}&init=xavier-normal&residual=off");
    for optimizer in ["sgd", "adamw"] {
        let link = format!("{averaged}&depth=20&opt={optimizer}");
        assert_eq!(start(&link), (Verdict::Forgets, "forgets-positions"), "{link}");
    }
    assert_eq!(start(&format!("{averaged}&depth=2")), (Verdict::Forgets, "averages"));
    assert_ne!(start(&format!("{averaged}&depth=1")).0, Verdict::Forgets);
    assert_eq!(start(&format!("{small}&std=2&depth=4")), (Verdict::Frozen, "one-hot"));
}

/// Behind one block Adam makes large again what biases bury: all of these learn.
#[test]
fn what_biases_bury_is_not_lost_behind_one_block() {
    let small = "model=gpt&depth=1&residual=off&width=32&context=16&batch=8&init=normal&opt=adam&wd=0";
    for biases in ["std=0.0037&bias=0.21", "std=0.0051&bias=2.2"] {
        let (verdict, key) = start(&format!("{small}&{biases}"));
        assert!(!verdict.is_fault(), "{biases}: {key}");
    }
}

/// Squares of gradients of 10²⁴ overflow, and Adam divides by their root: no NaN, and nothing ever moves.
#[test]
fn an_overflowed_adam_is_named() {
    let seen = run("std=2&opt=adam&batch=16", &[1]);
    assert_eq!(
        (seen[0].verdict, seen[1].verdict, seen[1].sentences[0].key),
        (Verdict::Exploding, Verdict::Frozen, "frozen")
    );
}

/// A stream without norms grows while a GPT learns, and that is no explosion.
#[test]
fn growth_that_comes_of_learning_is_no_explosion() {
    let seen = run("model=gpt&norm=none&depth=3&width=32&context=32&batch=4&lr=0.003", &[40]);
    assert_eq!(seen[1].verdict, Verdict::Steady, "{:?}", seen[1]);
}

/// Until a run that is too fast ends, its last frames are no good news, and then the rate is the cause.
#[test]
fn a_rate_that_is_too_large_is_called_so() {
    let seen = run("depth=4&width=32&batch=16&init=kaiming-normal&lr=3", &[1; 60]);
    let end = seen.iter().position(|found| found.verdict == Verdict::Diverged).expect("it blows up");
    let keys: Vec<&str> = seen[end].sentences.iter().map(|sentence| sentence.key).collect();
    assert_eq!(keys[1..], ["cause-rate"], "{keys:?}");
    assert!(!seen[end - 1].is_good(), "{:?}", seen[end - 1]);
}

#[test]
fn a_sigma_that_is_too_large_is_called_so() {
    let seen = run("std=0.345&batch=16", &[3]);
    let end = seen.last().expect("a verdict");
    assert_eq!((end.verdict, end.sentences[1].key), (Verdict::Diverged, "cause-sigma"));
}

/// At σ = 0.02 Adam's steps kill every ReLU: all gradients are 0, and it is said why.
#[test]
fn dead_units_are_named() {
    let seen = run("opt=adam&lr=0.01&std=0.02", &[100]);
    let [start, now] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!((start.verdict, now.verdict, now.sentences[0].key), (Verdict::Vanishing, Verdict::Frozen, "dead"));
    assert_eq!(now.sentences[1].key, "began");
}
