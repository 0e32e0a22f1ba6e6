//! The picture of a plane is what the network says in each cell, and to look at it changes nothing.

use crate::driven::{Engine, frames, losses, start};
use crate::weighed::{plain_pass, weights};
use init_lab::lab::metric::{ClassGuess, Frame, Measures};
use init_lab::lab::plane::{SIDE, decode, middle};
use init_lab::lab::protocol::{Command, Event};

const LOOK: Measures =
    Measures { histograms: false, units: false, heads: false, guesses: false, path: false, lines: false, plane: true };
const NOTHING: Measures = Measures { plane: false, ..LOOK };

/// What a frame says in each cell.
fn cells(frame: &Frame) -> Vec<ClassGuess> {
    let picture = frame.plane.as_ref().expect("a picture");
    assert_eq!(picture.step, frame.step);
    decode(&picture.cells)
}

/// The first frame of a network that is looked at.
fn first(link: &str) -> Frame {
    let events = Engine::new().send([Command::Measure(LOOK), start(1, &format!("{link}&device=cpu"))]);
    frames(&events)[0].clone()
}

#[test]
fn each_cell_is_the_softmax_of_a_pass_in_f64() {
    let relu: fn(f64) -> f64 = |z| z.max(0.0);
    let cases = [
        ("data=circles&depth=3&width=24&batch=32&init=kaiming-normal&lr=0.1", relu, false),
        ("data=xor&depth=2&width=20&batch=32&act=tanh&init=xavier-normal&lr=0.1&residual=on", f64::tanh, true),
        ("data=spirals&depth=4&width=30&batch=32&init=kaiming-normal&opt=adam&lr=0.01", relu, false),
    ];
    for (link, activation, residual) in cases {
        let mut engine = Engine::new();
        let mut events = engine.send([Command::Measure(LOOK), start(1, &format!("{link}&device=cpu"))]);
        for steps in [0, 60] {
            if steps > 0 {
                events = engine.send([Command::Step(steps)]);
            }
            let shown = cells(frames(&events).last().expect("a frame"));
            let rows = (0..SIDE * SIDE).map(|cell| middle(cell).to_vec()).collect();
            let outputs = plain_pass(rows, &weights(&engine), activation, residual);
            let logits = outputs.last().expect("layers");
            assert_eq!(shown.len(), logits.len(), "{link}");
            for (guess, logits) in shown.iter().zip(logits) {
                let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
                assert!((guess.probability.0 - 1.0 / sum).abs() < 0.5 / 255.0 + 1e-4, "{link}: {guess:?} {logits:?}");
                // Where two are nearly equal, either may be the larger in f32.
                let class = guess.class.expect("an answer");
                assert!((logits[class] - largest).abs() <= 1e-5 * largest.abs(), "{link}: {guess:?} {logits:?}");
            }
        }
    }
}

/// After training the picture has what the data has: the inner ring inside, squares of one sign on one diagonal.
#[test]
fn a_network_that_has_learned_shows_the_shape_of_its_data() {
    let learned = |link: &str| {
        let mut engine = Engine::new();
        engine.send([Command::Measure(LOOK), start(1, &format!("{link}&opt=adam&lr=0.01&device=cpu"))]);
        cells(frames(&engine.send([Command::Step(300)])).last().expect("a frame"))
    };
    let rings = learned("data=circles&depth=2&width=32&init=kaiming-normal");
    let squares = learned("data=xor&depth=2&width=32&init=kaiming-normal");
    for cell in 0..SIDE * SIDE {
        let [x, y] = middle(cell);
        let radius = x.hypot(y);
        // The rings have radius 0.9 and 1.8 in the units of the data.
        if radius < 0.9 || (1.75..2.0).contains(&radius) {
            assert_eq!(rings[cell].class, Some(usize::from(radius > 1.0)), "({x}, {y})");
        }
        if x.abs().min(y.abs()) > 0.3 && x.abs().max(y.abs()) < 1.6 {
            assert_eq!(squares[cell].class, Some(usize::from(x * y < 0.0)), "({x}, {y})");
        }
    }
}

#[test]
fn to_look_at_a_plane_changes_no_number_of_the_run() {
    for link in [
        "data=circles&depth=3&width=24&batch=16&init=kaiming-normal&opt=momentum&dropout=0.2&norm=batch&device=cpu",
        "data=spirals&depth=3&width=24&batch=16&init=kaiming-normal&adapt=lora&adapt-at=9&device=cpu",
    ] {
        let (mut plain, mut watched) = (Engine::new(), Engine::new());
        watched.send([Command::Measure(LOOK)]);
        for command in [start(1, link), Command::Step(3), Command::Step(20)] {
            let (one, other) = (plain.send([command.clone()]), watched.send([command]));
            assert_eq!(losses(&one), losses(&other), "{link}");
            let last = |events: &[Event]| frames(events).last().map(|frame| (frame.layers.clone(), frame.val_loss));
            assert_eq!(last(&one), last(&other), "{link}");
            assert!(frames(&one).iter().all(|frame| frame.plane.is_none()));
            assert!(frames(&other).last().is_some_and(|frame| frame.plane.is_some()), "{link}");
        }
        assert_eq!(weights(&plain), weights(&watched), "{link}");
    }
}

#[test]
fn a_run_that_waits_answers_with_the_picture_of_its_step() {
    let link = "data=xor&depth=3&width=24&batch=16&init=kaiming-normal&norm=batch&dropout=0.1&device=cpu";
    let (mut late, mut watched) = (Engine::new(), Engine::new());
    watched.send([Command::Measure(LOOK), start(1, link)]);
    late.send([start(1, link), Command::Step(7)]);
    let expected = watched.send([Command::Step(7)]);
    let expected = *frames(&expected).last().expect("a frame");
    let events = late.send([Command::Measure(LOOK)]);
    let [Event::Frame(frame)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((frame.step, &frame.plane), (7, &expected.plane));
    assert_eq!(losses(&late.send([Command::Step(5)])), losses(&watched.send([Command::Step(5)])));
    // Nobody pays for a picture that is not there.
    late.send([Command::Measure(NOTHING)]);
    assert!(frames(&late.send([Command::Step(5)])).iter().all(|frame| frame.plane.is_none()));
}

#[test]
fn a_network_without_an_answer_has_none_in_the_picture() {
    let zeros = cells(&first("data=circles&depth=3&width=16&init=zeros"));
    assert!(zeros.iter().all(|cell| cell.class.is_none() && (cell.probability.0 - 0.5).abs() < 1e-2));
    let broken = cells(&first("data=spirals&depth=60&width=64&std=50"));
    assert!(broken.iter().all(|cell| cell.class.is_none() && cell.probability.0.is_nan()));
}

#[test]
fn other_data_has_no_plane() {
    for link in ["depth=2&width=8", "model=gpt&depth=1&width=16&heads=2&context=8&batch=4"] {
        assert_eq!(first(link).plane, None, "{link}");
    }
}
