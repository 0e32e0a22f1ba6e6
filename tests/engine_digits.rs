//! Ten digits in a perceptron, and the lines of a GPT: they are what the network says, and to look changes nothing.

use crate::driven::{Engine, frames, losses, spec, start, turn};
use crate::weighed::{plain_pass, weights};
use burn::tensor::{Device, Int, Tensor};
use init_lab::engine::batch::text_batch;
use init_lab::engine::trainer::Trainer;
use init_lab::lab::digits::decode;
use init_lab::lab::examples::DIGITS;
use init_lab::lab::metric::{DigitLayer, Frame, Measures};
use init_lab::lab::protocol::{Command, Event};
use init_lab::science::data::chars::chars;
use init_lab::science::data::digits::digits;
use init_lab::science::layer::LayerId;
use init_lab::science::seed::Stream;

const NOTHING: Measures =
    Measures { histograms: false, units: false, heads: false, guesses: false, path: false, lines: false, plane: false };
const LOOK: Measures = Measures { guesses: true, path: true, ..NOTHING };
const LINES: Measures = Measures { lines: true, ..NOTHING };
const GPT: &str = "model=gpt&depth=1&width=16&heads=2&context=8&batch=4&device=cpu";

fn root_mean_square(numbers: impl Iterator<Item = f64> + Clone) -> f64 {
    (numbers.clone().map(|x| x * x).sum::<f64>() / numbers.count() as f64).sqrt()
}

#[track_caller]
fn near(one: f64, other: f64, tolerance: f64) {
    assert!((one - other).abs() <= tolerance * other.abs().max(1e-300), "{one} {other}");
}

/// The ten digits, as a network reads them.
fn ten() -> Vec<Vec<f64>> {
    let table = digits();
    let input = |row: usize| table.inputs[row * 64..(row + 1) * 64].iter().map(|x| f64::from(*x)).collect();
    table.first_held_out().into_iter().map(input).collect()
}

#[test]
fn guesses_and_pictures_are_those_of_a_pass_in_f64() {
    let relu: fn(f64) -> f64 = |z| z.max(0.0);
    let cases = [
        ("depth=5&width=24&batch=32&init=kaiming-normal&lr=0.1", relu, false),
        ("depth=4&width=20&batch=32&act=tanh&init=xavier-normal&lr=0.1&residual=on", f64::tanh, true),
        ("depth=6&width=16&batch=32&std=0.001", relu, false),
        ("depth=3&width=150&batch=32&init=kaiming-normal", relu, false),
    ];
    for (link, activation, residual) in cases {
        let mut engine = Engine::new();
        let mut events = engine.send([Command::Measure(LOOK), start(1, &format!("{link}&device=cpu"))]);
        for steps in [0, 15] {
            if steps > 0 {
                events = engine.send([Command::Step(steps)]);
            }
            let frame = *frames(&events).last().expect("a frame");
            let outputs = plain_pass(ten(), &weights(&engine), activation, residual);
            let (logits, hidden) = outputs.split_last().expect("layers");
            assert_eq!((frame.step, frame.guesses.len()), (steps, DIGITS), "{link}");
            for (guess, logits) in frame.guesses.iter().zip(logits) {
                let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
                near(guess.probability.0, 1.0 / sum, 1e-4);
                // Where two are nearly equal, either may be the larger in f32.
                let class = guess.class.expect("an answer");
                assert!((logits[class] - largest).abs() <= 1e-5 * largest.abs(), "{link}: {guess:?} {logits:?}");
            }
            assert_eq!(frame.path.len(), hidden.len(), "the last frame of what was asked for is whole");
            for (index, (layer, rows)) in frame.path.iter().zip(hidden).enumerate() {
                assert_eq!(layer.id, LayerId::Hidden(index + 1));
                check(layer, rows);
            }
        }
    }
}

/// A layer's pictures are the differences from the mean over the ten digits.
#[track_caller]
fn check(layer: &DigitLayer, rows: &[Vec<f64>]) {
    let units = rows[0].len().min(128);
    let mean = |unit: usize| rows.iter().map(|row| row[unit]).sum::<f64>() / DIGITS as f64;
    let all: Vec<f64> = rows.iter().flat_map(|row| (0..units).map(|unit| row[unit] - mean(unit))).collect();
    let peak = all.iter().fold(0.0, |peak: f64, d| peak.max(d.abs()));
    let rms = root_mean_square(rows.iter().flat_map(|row| row[..units].iter().copied()));
    near(layer.rms.0, rms, 1e-4);
    // Where all rows look alike, what is left of them has the rounding of f32.
    let rounding = 1e-6 * rms / peak;
    near(layer.peak.0, peak, 1e-4 + rounding);
    near(layer.difference.0, root_mean_square(all.iter().copied()), 1e-4 + rounding);
    let cells = decode(&layer.cells);
    assert_eq!(cells.len(), DIGITS * units);
    for (cell, d) in cells.iter().zip(&all) {
        assert!((cell - d / peak).abs() < 0.5 / 127.0 + 1e-3 + 2.0 * rounding, "{cell} {}", d / peak);
    }
}

/// Frames without what nobody else would have.
fn bare(frame: &Frame) -> Frame {
    Frame { guesses: Vec::new(), path: Vec::new(), step_ms: 0.0, ..frame.clone() }
}

#[test]
fn to_look_at_digits_or_lines_changes_no_number_of_the_run() {
    for (link, measures) in [
        ("depth=3&width=24&batch=16&init=kaiming-normal&opt=momentum&dropout=0.2&norm=batch&device=cpu", LOOK),
        ("depth=3&width=24&batch=16&init=kaiming-normal&adapt=lora&adapt-at=9&device=cpu", LOOK),
        (GPT, LINES),
    ] {
        let (mut plain, mut watched) = (Engine::new(), Engine::new());
        watched.send([Command::Measure(measures)]);
        for command in [start(1, link), Command::Step(3), Command::Step(20)] {
            let (one, other) = (plain.send([command.clone()]), watched.send([command]));
            assert_eq!(losses(&one), losses(&other), "{link}");
            let last = |events: &[Event]| frames(events).last().map(|frame| (bare(frame).layers, frame.val_loss));
            assert_eq!(last(&one), last(&other), "{link}");
            assert!(frames(&one).iter().all(|frame| frame.guesses.is_empty() && frame.path.is_empty()));
            let has_guesses = |frame: &&Frame| frame.guesses.len() == if measures.guesses { DIGITS } else { 0 };
            assert!(frames(&other).iter().all(has_guesses), "{link}");
        }
        assert_eq!(weights(&plain), weights(&watched), "{link}");
    }
}

#[test]
fn a_run_that_waits_answers_with_the_digits_of_its_step() {
    let link = "depth=3&width=24&batch=16&init=kaiming-normal&norm=batch&dropout=0.1&device=cpu";
    let (mut late, mut watched) = (Engine::new(), Engine::new());
    watched.send([Command::Measure(LOOK), start(1, link)]);
    late.send([start(1, link), Command::Step(7)]);
    let expected = watched.send([Command::Step(7)]);
    let expected = *frames(&expected).last().expect("a frame");
    let events = late.send([Command::Measure(LOOK)]);
    let [Event::Frame(frame)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((frame.step, &frame.guesses, &frame.path), (7, &expected.guesses, &expected.path));
    assert_eq!(losses(&late.send([Command::Step(5)])), losses(&watched.send([Command::Step(5)])));
    // Who asks for the guesses alone has no pictures.
    let guesses = Measures { guesses: true, ..NOTHING };
    let events = Engine::new().send([Command::Measure(guesses), start(1, link)]);
    assert!(frames(&events)[0].guesses.len() == DIGITS && frames(&events)[0].path.is_empty());
}

#[test]
fn a_signal_dies_in_size_and_lives_in_share_and_a_start_from_zeros_has_no_answer() {
    let first = |link: &str| {
        let events = Engine::new().send([Command::Measure(LOOK), start(1, &format!("{link}&device=cpu"))]);
        frames(&events)[0].clone()
    };
    let share = |layer: &DigitLayer| (layer.difference.0 / layer.rms.0).powi(2);
    let [dies, holds] = ["std=0.02", "init=kaiming-normal"].map(|start| first(&format!("depth=20&width=128&{start}")));
    let last = |frame: &Frame| frame.path.last().expect("a layer").clone();
    assert_eq!(dies.path.len(), 20);
    assert!(
        last(&dies).difference.0 < 1e-10 && last(&holds).difference.0 > 0.05,
        "{} {}",
        last(&dies).difference.0,
        last(&holds).difference.0
    );
    // ReLU has no scale of its own, so that the shares are equal.
    near(share(&last(&dies)), share(&last(&holds)), 1e-3);
    let zeros = first("depth=3&width=16&init=zeros");
    assert!(zeros.guesses.iter().all(|guess| guess.class.is_none() && (guess.probability.0 - 0.1).abs() < 1e-12));
    assert!(zeros.path.iter().all(|layer| layer.peak.0 == 0.0 && decode(&layer.cells).iter().all(|cell| *cell == 0.0)));
    let broken = first("depth=60&width=64&std=50");
    assert!(broken.guesses.iter().all(|guess| guess.class.is_none() && guess.probability.0.is_nan()));
    assert!(!last(&broken).peak.0.is_finite() && last(&broken).cells.is_empty() && !broken.path[0].cells.is_empty());
    assert_eq!(broken.path.len(), 24, "of a deep network some layers are shown");
    assert_eq!([broken.path[0].id, last(&broken).id], [LayerId::Hidden(1), LayerId::Hidden(60)]);
}

/// A run that breaks is looked at step by step; its pictures are those of the step where it broke, and of no other.
#[test]
fn a_run_that_breaks_shows_where_its_digits_were_lost() {
    let link = "depth=6&width=32&batch=32&init=kaiming-normal&opt=momentum&lr=100&device=cpu";
    let mut engine = Engine::new();
    engine.send([Command::Measure(LOOK), start(1, link)]);
    let events = engine.send([Command::Resume]);
    let all = frames(&events);
    let last = all.last().expect("a frame");
    assert!(!last.loss.0.is_finite() && last.guesses.iter().any(|guess| guess.class.is_none()));
    assert!(last.path.last().expect("layers").cells.is_empty());
    assert!(
        all[..all.len() - 1].iter().rev().take(1).all(|frame| frame.path.is_empty() && frame.guesses.len() == DIGITS)
    );
    let trails =
        events.iter().filter_map(|event| if let Event::Trail { frames, .. } = event { Some(frames) } else { None });
    assert!(trails.flatten().all(|frame| frame.path.is_empty()));
}

#[test]
fn other_data_has_no_digits() {
    for link in ["depth=2&width=8&data=spirals&device=cpu", GPT] {
        let events = Engine::new().send([Command::Measure(LOOK), start(1, link), Command::Step(2)]);
        assert!(frames(&events).iter().all(|frame| frame.guesses.is_empty() && frame.path.is_empty()), "{link}");
    }
}

fn lines(events: &[Event]) -> Vec<(u64, String)> {
    let line = |event: &Event| {
        if let Event::Written(1, line) = event { Some((line.step, line.text.clone())) } else { None }
    };
    events.iter().filter_map(line).collect()
}

/// The line of a network, character by character, each from the softmax over its last window.
fn plain_line(trainer: &Trainer, context: usize, seed: u64) -> String {
    let vocabulary = chars().vocabulary;
    let end = vocabulary.iter().position(|c| *c == '\n').expect("lines");
    let device = Device::flex();
    let classes = Tensor::<1, Int>::arange(0..vocabulary.len() as i64, &device);
    let (mut tokens, mut stream) = (vec![end], Stream::new(seed, "text/line"));
    for _ in 0..60 {
        // A window that is too short is filled up behind, where a causal network does not look.
        let from = tokens.len().saturating_sub(context);
        let mut ids: Vec<i32> = tokens[from..].iter().map(|token| *token as i32).collect();
        let at = ids.len() - 1;
        ids.resize(context, 7);
        let ids = Tensor::<1, Int>::from_data(ids.as_slice(), &device);
        let logits = trainer.predict(&text_batch(ids.clone(), ids, 1, &classes)).to_data();
        let logits = logits.try_into_vec::<f32>().expect("f32");
        let own = &logits[at * vocabulary.len()..(at + 1) * vocabulary.len()];
        let weights: Vec<f64> = own.iter().map(|logit| (f64::from(*logit) / 0.8).exp()).collect();
        let mut left = stream.uniform() * weights.iter().sum::<f64>();
        tokens.push(
            weights
                .iter()
                .position(|weight| {
                    left -= weight;
                    left < 0.0
                })
                .unwrap_or(weights.len() - 1),
        );
    }
    tokens[1..].iter().map(|token| vocabulary[*token]).collect()
}

#[test]
fn a_gpt_writes_a_line_at_the_start_and_whenever_it_stops() {
    let mut engine = Engine::new();
    let events = engine.send([Command::Measure(LINES), start(1, GPT)]);
    let (context, seed) = (spec(GPT).network.context, spec(GPT).run.seed);
    let written = |engine: &Engine| plain_line(engine.0.session().expect("a run").trainer(), context, seed);
    assert_eq!(lines(&events), [(0, written(&engine))]);
    let later = engine.send([Command::Step(12)]);
    assert_eq!(lines(&later), [(12, written(&engine))], "of the network as it is where it stops");
    assert_ne!(lines(&events)[0].1, lines(&later)[0].1, "the chance is the same, the network is not");
    assert_eq!(lines(&engine.send([Command::Measure(LINES)])), [], "it has written this");
    // Who asks later, or again, has the line of that step; who does not ask has none.
    engine.send([Command::Measure(NOTHING)]);
    assert_eq!(lines(&engine.send([Command::Step(3)])), []);
    assert_eq!(lines(&engine.send([Command::Measure(LINES)])), [(15, written(&engine))]);
    let whole = Engine::new().send([Command::Measure(LINES), start(1, &format!("{GPT}&steps=5")), Command::Resume]);
    assert_eq!(lines(&whole).iter().map(|(step, _)| *step).collect::<Vec<_>>(), [0, 5], "at the end too");
    let tokens = format!("{GPT}&adapt=tokens&adapt-at=4");
    let small = Engine::new().send([Command::Measure(LINES), start(1, &tokens)]);
    assert!(lines(&small)[0].1.chars().all(|c| !c.is_ascii_uppercase()), "it knows no capitals yet");
    assert_eq!(lines(&Engine::new().send([Command::Measure(LINES), start(1, "depth=2&width=8&device=cpu")])), []);
}

#[test]
fn writing_takes_turns_with_training() {
    let mut engine = Engine::new();
    let (_, mut events) = turn(&mut engine.0, [Command::Measure(LINES), start(1, GPT), Command::Resume]);
    for _ in 0..400 {
        events.extend(turn(&mut engine.0, []).1);
        if lines(&events).len() == 2 {
            break;
        }
    }
    let lines = lines(&events);
    assert_eq!(lines[0].0, 0);
    if let Some((step, _)) = lines.get(1) {
        assert!(*step >= 50, "{step}");
    }
    assert!(frames(&events).len() > 3, "it trains meanwhile");
}
