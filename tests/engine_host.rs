//! The host's loop, natively on the CPU: what a page would see of a run.

use std::collections::BTreeSet;

use crate::driven::{Engine, frames, losses, spec, start};
use init_lab::lab::link::Lab;
use init_lab::lab::protocol::{Command, Event, Pass, Why};
use init_lab::lab::spec::Role;
use init_lab::science::layer::{LayerId, MatrixId};

const MLP: &str = "depth=3&width=24&batch=16&init=kaiming-normal&lr=0.1&device=cpu";
const GPT: &str = "model=gpt&depth=1&width=16&heads=2&context=8&batch=4&device=cpu";

#[test]
fn a_run_begins_with_its_start() {
    for link in [MLP, GPT] {
        let events = Engine::new().send([start(1, link)]);
        assert!(matches!(events[0], Event::Device(_)), "{events:?}");
        assert!(events.iter().any(|event| matches!(event, Event::Started { run: 1, .. })));
        let frames = frames(&events);
        assert_eq!(frames.len(), 1);
        let frame = frames[0];
        assert_eq!((frame.run, frame.step), (1, 0));
        assert!(frame.val_loss.is_some() && frame.accuracy.is_some());
        assert!(frame.weights.iter().all(|w| w.update_ratio.is_none()), "nothing was updated yet");
    }
}

#[test]
fn layers_and_weights_have_their_names() {
    let events = Engine::new().send([start(1, MLP)]);
    let frame = frames(&events)[0].clone();
    let names: Vec<String> = frame.layers.iter().map(|layer| layer.id.to_string()).collect();
    assert_eq!(names, ["hidden.1", "hidden.2", "hidden.3", "output"]);
    let weights: Vec<String> = frame.weights.iter().map(|weight| weight.id.to_string()).collect();
    assert_eq!(weights, names);
    let events = Engine::new().send([start(1, GPT)]);
    let frame = frames(&events)[0].clone();
    let names: Vec<String> = frame.layers.iter().map(|layer| layer.id.to_string()).collect();
    assert_eq!(names, ["embedding", "block.1", "head"]);
    assert!(frame.layers[0].preactivation_var.is_none());
    assert!(frame.layers[1].gradient_rms.is_some() && frame.layers[2].gradient_rms.is_none());
    let head = MatrixId { layer: LayerId::Head, role: Role::Head };
    assert!(frame.weights.iter().any(|weight| weight.id.to_string() == "block.1.q"));
    assert_eq!(frame.weight(head), None);
    let events = Engine::new().send([start(1, &format!("{GPT}&block=llama&tied=off"))]);
    let frame = frames(&events)[0].clone();
    // What is looked up is found: the engine lists layers and matrices in the order of their ids.
    for layer in &frame.layers {
        assert_eq!(frame.layer(layer.id), Some(layer));
    }
    for weight in &frame.weights {
        assert_eq!(frame.weight(weight.id), Some(weight));
    }
    assert_eq!(frame.weights.last().map(|weight| weight.id), Some(head));
}

#[test]
fn every_step_command_ends_with_the_frame_of_its_last_step() {
    let mut engine = Engine::new();
    engine.send([start(1, MLP)]);
    for (count, total) in [(1, 1), (7, 8), (300, 308)] {
        let events = engine.send([Command::Step(count)]);
        let last = *frames(&events).last().expect("a frame");
        assert_eq!(last.step, total);
        assert!(last.val_loss.is_some(), "the frame that was asked for is whole");
        assert!(matches!(events.last(), Some(Event::Paused { step, .. }) if *step == total));
        let losses: usize = frames(&events).iter().map(|frame| frame.losses.len()).sum();
        assert_eq!(losses as u64, count, "each step's loss comes once");
        assert!(last.weights.iter().all(|w| w.update_ratio.is_some_and(|ratio| ratio.0 > 0.0)));
    }
}

#[test]
fn an_engine_says_that_it_lives() {
    let mut engine = Engine::new();
    assert_eq!(engine.send([Command::Ping]), [Event::Alive], "before any run");
    engine.send([start(1, MLP)]);
    let events = engine.send([Command::Resume, Command::Ping]);
    assert_eq!(events[0], Event::Alive, "before the next slice");
    assert!(matches!(events.last(), Some(Event::Finished { .. })), "and the run goes on to its end");
}

#[test]
fn the_same_steps_give_the_same_losses_however_sliced() {
    let mut one = Engine::new();
    one.send([start(1, MLP)]);
    let singly: Vec<f64> = (0..12).flat_map(|_| losses(&one.send([Command::Step(1)]))).collect();
    let mut other = Engine::new();
    other.send([start(1, MLP)]);
    assert_eq!(singly, losses(&other.send([Command::Step(12)])));
}

#[test]
fn small_batches_are_overfitted() {
    let cases = [
        (
            "depth=3&width=48&batch=16&init=kaiming-normal&opt=adam&lr=0.003&data=spirals&steps=4000&device=cpu",
            1500,
            0.3,
        ),
        ("model=gpt&depth=1&width=32&heads=2&context=16&batch=8&lr=0.01&init=normal&std=0.1&device=cpu", 150, 2.6),
    ];
    for (link, steps, goal) in cases {
        let mut engine = Engine::new();
        let first = frames(&engine.send([start(1, link)]))[0].loss.0;
        let events = engine.send([Command::Step(steps)]);
        let curve = losses(&events);
        let end = curve.iter().rev().take(20).sum::<f64>() / 20.0;
        assert!(end < goal && end < 0.75 * first, "{link}: {first} to {end}");
    }
}

#[test]
fn of_several_starts_only_the_last_is_built() {
    let mut engine = Engine::new();
    let events = engine.send([start(1, MLP), Command::Resume, start(2, MLP), start(3, MLP)]);
    let runs: Vec<u32> = frames(&events).iter().map(|frame| frame.run).collect();
    assert_eq!(runs, [3]);
}

#[test]
fn a_run_ends_at_its_steps() {
    let mut engine = Engine::new();
    engine.send([start(1, &format!("{MLP}&steps=25"))]);
    let events = engine.send([Command::Resume]);
    let end = events.last().expect("an end");
    assert_eq!(*end, Event::Finished { run: 1, step: 25, why: Why::Done });
    assert_eq!(frames(&events).last().expect("a frame").step, 25);
}

#[test]
fn divergence_names_step_layer_and_pass() {
    // 40 layers at r = nσ²/2 = 32: f32 ends near layer 51 forward, but products of gradient and
    // activation end earlier; at σ = 3 the forward pass itself ends.
    let link = |std: f64| format!("depth=60&width=64&batch=8&init=normal&std={std}&device=cpu");
    let events = Engine::new().send([start(1, &link(2.0))]);
    let Some(Event::Finished { step: 0, why: Why::Diverged { step: 0, layer, pass }, .. }) = events.last() else {
        panic!("{:?}", events.last());
    };
    assert_eq!(*pass, Pass::Forward);
    // r = 128: |z| passes 3.4e38 where ½·l·ln 128 + ln √(2 ln(Bn)) = ln F_max, l ≈ 36.
    assert!(matches!(layer, Some(LayerId::Hidden(34..=38))), "{layer:?}");

    let mut engine = Engine::new();
    engine.send([start(1, "depth=4&width=32&batch=16&init=kaiming-normal&lr=60&device=cpu")]);
    let events = engine.send([Command::Step(400)]);
    let Some(Event::Finished { why: Why::Diverged { step, layer, .. }, .. }) = events.last() else {
        panic!("{:?}", events.last());
    };
    assert!(*step > 0 && layer.is_some());
    let curve = losses(&events);
    assert_eq!(curve.len() as u64, *step, "every loss up to the bad one is there");
    assert!(!curve.last().expect("a loss").is_finite() && curve[..curve.len() - 1].iter().all(|l| l.is_finite()));
    // The steps before it are measured one by one, as far as they belong to the same slice.
    let steps: Vec<u64> = frames(&events).iter().map(|frame| frame.step).collect();
    assert!(steps.is_sorted_by(|one, next| one < next), "{steps:?}");
    let late = &steps[steps.len().saturating_sub(3)..];
    assert!(late.ends_with(&[step - 2, step - 1, *step]), "{steps:?}");
}

/// The steps that were measured, in order.
fn measured(events: &[Event]) -> Vec<u64> {
    let trails = events.iter().filter_map(|event| match event {
        Event::Trail { frames, run: 1 } => Some(frames.as_slice()),
        _ => None,
    });
    let told = frames(events).into_iter().map(|frame| frame.step);
    let known: BTreeSet<u64> = trails.flatten().map(|frame| frame.step).chain(told).collect();
    known.into_iter().collect()
}

/// A run goes over the steps around once more when its loss rises far above chance level and stays finite, and goes on
/// as it would have.
#[test]
fn the_steps_before_a_loss_that_rises_are_known_one_by_one() {
    const LINK: &str = "depth=6&width=32&batch=16&init=kaiming-normal&lr=0.5&opt=adam&device=cpu&steps=400";
    let run = |counts: &[u64]| {
        let mut engine = Engine::new();
        let mut events = engine.send([start(1, LINK)]);
        for count in counts {
            events.extend(engine.send([Command::Step(*count)]));
        }
        events
    };
    let events = run(&[100; 4]);
    let risen = losses(&events).iter().position(|loss| *loss > 10.0).expect("it rises") as u64;
    eprintln!("{risen} {:?}", measured(&events));
    assert!(losses(&events).iter().all(|loss| loss.is_finite()));
    let known = measured(&events);
    assert!((risen.saturating_sub(20).max(1)..risen + 4).all(|step| known.contains(&step)), "{known:?}");
    // A run that is measured at every step has no slices, and nothing to look into.
    assert_eq!(losses(&events), losses(&run(&[1; 400])));
}

/// A run goes over its last steps once more when it diverges, those of the slice before too, and nothing it had told
/// changes by that.
#[test]
fn the_steps_before_a_divergence_are_known_one_by_one() {
    const LINK: &str = "depth=12&width=32&batch=16&init=kaiming-normal&act=gelu&lr=0.1&opt=momentum&device=cpu";
    let mut engine = Engine::new();
    let mut events = engine.send([start(1, LINK)]);
    while !matches!(events.last(), Some(Event::Finished { .. })) && events.len() < 500 {
        events.extend(engine.send([Command::Step(10)]));
    }
    let Some(Event::Finished { why: Why::Diverged { step, .. }, .. }) = events.last() else {
        panic!("{:?}", events.last());
    };
    assert!(*step > 12, "a slice is before that of the divergence: {step}");
    let known = measured(&events);
    let late = &known[known.len() - 16..];
    assert!(late.windows(2).all(|pair| pair[1] == pair[0] + 1), "{known:?}");
    assert_eq!(losses(&events).len() as u64, *step + 1, "no loss is told of twice");
}

#[test]
fn runs_that_are_compared_train_together_and_as_they_would_alone() {
    const OTHER: &str = "depth=3&width=16&batch=8&init=kaiming-normal&steps=60&device=cpu";
    const LINK: &str = "depth=3&width=16&batch=8&init=xavier-normal&steps=40&device=cpu";
    let alone = |run, link| {
        let mut engine = Engine::new();
        let mut events = engine.send([start(run, link)]);
        events.extend(engine.send([Command::Resume]));
        events
    };
    let of = |events: &[Event], number: u32| -> Vec<Event> {
        let is_its = |event: &&Event| match event {
            Event::Frame(frame) => frame.run == number,
            Event::Finished { run, .. } => *run == number,
            _ => false,
        };
        events.iter().filter(is_its).cloned().collect()
    };
    let mut engine = Engine::new();
    let mut events = engine.send([start(1, LINK), Command::Accompany { run: 2, spec: spec(OTHER) }]);
    assert_eq!(frames(&events).iter().map(|frame| (frame.run, frame.step)).collect::<Vec<_>>(), [(1, 0), (2, 0)]);
    events.extend(engine.send([Command::Resume]));
    for (run, link, steps) in [(1, LINK, 40), (2, OTHER, 60)] {
        let events = of(&events, run);
        assert_eq!(losses(&events), losses(&alone(run, link)), "{run}");
        assert_eq!(events.last(), Some(&Event::Finished { run, step: steps, why: Why::Done }));
    }
    // While both train, only the one that is behind is given a slice out of turn.
    let mut steps = [0, 0];
    for frame in frames(&events).into_iter().filter(|frame| frame.step > 0) {
        if frame.run == 2 && steps[0] < 40 {
            assert!(steps[1] < steps[0], "{steps:?}");
        }
        steps[frame.run as usize - 1] = frame.step;
    }
    // A new start drops both, and what was dismissed trains no further.
    engine.send([start(3, LINK), Command::Accompany { run: 4, spec: spec(OTHER) }, Command::Dismiss { run: 4 }]);
    let events = engine.send([Command::Step(5)]);
    assert!(frames(&events).iter().all(|frame| frame.run == 3));
    engine.send([Command::Accompany { run: 5, spec: spec(OTHER) }, start(6, LINK)]);
    let events = engine.send([Command::Step(5)]);
    assert!(frames(&events).iter().all(|frame| frame.run == 6));
}

#[test]
fn statistics_do_not_leave_the_range_before_the_network_does() {
    // Activations near 1e25 and 1e-25: their squares are outside f32.
    for (std, depth) in [(2.0, 24), (1e-3, 12)] {
        let link = format!("depth={depth}&width=64&batch=8&init=normal&std={std}&device=cpu");
        let events = Engine::new().send([start(1, &link)]);
        let frame = frames(&events)[0];
        for layer in &frame.layers {
            let variance = layer.preactivation_var.expect("measured").0;
            assert!(variance.is_finite() && variance > 0.0, "σ = {std}, {}: {variance}", layer.id);
        }
        let last = frame.layers[depth - 1].preactivation_var.expect("measured").0;
        assert!(!(1e-38..1e38).contains(&last), "the case must leave f32 in squares: {last}");
    }
}

#[test]
fn learning_rate_changes_live() {
    let mut engine = Engine::new();
    engine.send([start(1, MLP)]);
    engine.send([Command::Step(3)]);
    let (mut lab, _) = Lab::from_link(MLP);
    lab.spec.training.lr = 1e-7;
    let events = engine.send([Command::Tune { run: 1, spec: lab.spec }, Command::Step(1)]);
    let ratio = frames(&events)[0].weights[1].update_ratio.expect("updated").0;
    assert!(ratio < 1e-5, "update ratio {ratio} with a tiny rate");
}
