//! Histograms, dead and saturated units: what is counted is what is there, and to look changes no number of a run.

use crate::driven::{Engine, frames, losses, spec, start};
use burn::tensor::{Device, Tensor};
use init_lab::engine::batch::{Data, Inputs};
use init_lab::engine::tap::{InspectedTaps, Taps};
use init_lab::engine::trainer::Trainer;
use init_lab::lab::metric::{Content, Frame, Measures, TensorHistogram};
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::spec::Activation;
use init_lab::science::histogram::{BINS_PER_STD, HISTOGRAM_BINS, NEAR_ZERO, REACH};
use init_lab::science::layer::LayerId;
use init_lab::science::seed::Stream;

const ALL: Measures =
    Measures { histograms: true, units: true, heads: false, guesses: false, path: false, lines: false, plane: false };
const MLP: &str = "depth=3&width=24&batch=16&init=kaiming-normal&lr=0.1&device=cpu";
const GPT: &str = "model=gpt&depth=2&width=16&heads=2&context=8&batch=4&device=cpu";

fn histograms() -> Taps {
    Taps::new(false).inspecting(Measures { histograms: true, ..Measures::default() })
}

fn inspection(taps: Taps) -> InspectedTaps {
    let (recorded, parts) = taps.finish();
    let numbers: Vec<f32> =
        parts.into_iter().flat_map(|part| part.into_data().try_into_vec::<f32>().expect("f32")).collect();
    recorded.inspection(&numbers)
}

fn counted(all: &[Vec<f32>]) -> Vec<TensorHistogram> {
    let mut taps = histograms();
    for (index, numbers) in all.iter().enumerate() {
        let id = LayerId::Hidden(index + 1).matrix();
        let tensor = Tensor::<1>::from_data(numbers.as_slice(), &Device::flex()).reshape([1, 1, numbers.len()]);
        taps.count(Content::Weights, id, || tensor);
    }
    inspection(taps).histograms
}

/// The plain histogram in f64: counts below, in and above the bins, exact zeros, and numbers near zero.
fn plain(numbers: &[f32]) -> ([f64; 2], Vec<u32>, [u32; 2], u32, u32) {
    let all: Vec<f64> = numbers.iter().map(|x| f64::from(*x)).collect();
    let n = all.len() as f64;
    let mean = all.iter().sum::<f64>() / n;
    let std = (all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
    let (mut counts, mut outside) = (vec![0; HISTOGRAM_BINS], [0; 2]);
    let near = NEAR_ZERO * (mean * mean + std * std).sqrt();
    for x in all.iter().filter(|x| **x != 0.0) {
        let bin = ((x - mean) / std * BINS_PER_STD as f64).floor() as i64 + (REACH * BINS_PER_STD) as i64;
        match bin {
            ..0 => outside[0] += 1,
            bin if bin < HISTOGRAM_BINS as i64 => counts[bin as usize] += 1,
            _ => outside[1] += 1,
        }
    }
    let zeros = all.iter().filter(|x| **x == 0.0).count() as u32;
    let near = all.iter().filter(|x| x.abs() < near || **x == 0.0).count() as u32;
    ([mean, std], counts, outside, zeros, near)
}

/// Counts may differ by the few numbers that f32 and f64 see on either side of an edge.
fn is_close(what: &str, counted: u32, plain: u32) {
    assert!(counted.abs_diff(plain) <= 2, "{what}: {counted} counted, {plain} there");
}

#[test]
fn counts_are_those_of_a_plain_histogram_at_any_scale() {
    let mut stream = Stream::new(1, "histograms");
    // So many that they are counted in several parts, the last of which is not full.
    let normal: Vec<f64> = (0..10_001).map(|_| stream.normal()).collect();
    let heavy: Vec<f64> = normal.iter().map(|x| x * x * x).collect();
    let shifted: Vec<f64> = normal.iter().map(|x| 5.0 + 0.01 * x).collect();
    let half: Vec<f64> = normal.iter().map(|x| x.max(0.0)).collect();
    for scale in [1.0, 1e-30, 1e30, 3e-38] {
        let all =
            [&normal, &heavy, &shifted, &half].map(|x| x.iter().map(|x| (scale * x) as f32).collect::<Vec<f32>>());
        for (histogram, numbers) in counted(&all).iter().zip(&all) {
            let what = format!("{} at {scale}", histogram.id);
            let ([mean, std], counts, outside, zeros, near) = plain(numbers);
            let allowed = 1e-5 * std + 1e-7 * mean.abs();
            assert!((histogram.mean.0 - mean).abs() <= allowed, "{what}: {} is not {mean}", histogram.mean.0);
            assert!((histogram.std.0 - std).abs() <= 1e-4 * std, "{what}: {} is not {std}", histogram.std.0);
            for (counted, plain) in histogram.counts.iter().zip(counts) {
                is_close(&what, *counted, plain);
            }
            (0..2).for_each(|side| is_close(&what, histogram.outside[side], outside[side]));
            is_close(&what, histogram.near_zero, near);
            assert_eq!(histogram.zeros, zeros, "{what}");
            let sum: u32 = histogram.counts.iter().chain(&histogram.outside).sum();
            assert_eq!((sum + zeros) as usize, numbers.len(), "{what}: each number is counted once");
            assert_eq!(histogram.saturated, None, "weights do not saturate");
        }
    }
}

#[test]
fn numbers_without_a_spread_or_a_value_have_a_histogram_all_the_same() {
    let of = |value: f32| vec![value; 5000];
    let mut broken = of(1.0);
    broken[7] = f32::NAN;
    let mut endless = of(1.0);
    endless[7] = f32::INFINITY;
    let all = counted(&[of(0.0), of(-3e-20), of(2e30), broken, endless]);
    assert_eq!((all[0].zeros, all[0].near_zero, all[0].counts.iter().sum::<u32>()), (5000, 5000, 0));
    for (histogram, value) in all[1..3].iter().zip([-3e-20_f32, 2e30]) {
        assert_eq!(histogram.counts[HISTOGRAM_BINS / 2], 5000, "all in the bin at the mean");
        assert_eq!(histogram.std.0, 0.0);
        assert!((histogram.mean.0 / f64::from(value) - 1.0).abs() < 1e-6);
        let distribution = histogram.distribution().expect("finite");
        assert_eq!((distribution.tails(), distribution.near_zero), (0.0, 0.0));
    }
    for histogram in &all[3..] {
        assert!(!histogram.std.0.is_finite());
        assert_eq!(histogram.distribution(), None, "nothing is said of numbers that left f32");
    }
}

#[test]
fn every_matrix_has_its_histograms_and_heads_are_apart() {
    let names = |link: &str, content: Content| -> Vec<String> {
        let mut engine = Engine::new();
        let events = engine.send([Command::Measure(ALL), start(1, link)]);
        let frame = frames(&events)[0];
        let own = frame.histograms.iter().filter(|histogram| histogram.content == content);
        own.map(|histogram| histogram.id.to_string()).collect()
    };
    let layers = ["hidden.1", "hidden.2", "hidden.3", "output"];
    assert_eq!(names(MLP, Content::Weights), layers);
    assert_eq!(names(MLP, Content::Gradients), layers);
    assert_eq!(names(MLP, Content::Preactivations), layers);
    assert_eq!(names(MLP, Content::Activations), layers[..3]);
    let weights = names(GPT, Content::Weights);
    assert!(["block.1.q", "block.1.k", "block.2.v"].iter().all(|name| weights.iter().any(|own| own == name)));
    assert_eq!(names(GPT, Content::Gradients), weights);
    let inner = |block: usize| ["q", "k", "v", "mlp-in"].map(|role| format!("block.{block}.{role}"));
    let all: Vec<String> = inner(1).into_iter().chain(inner(2)).chain(["head".to_owned()]).collect();
    assert_eq!(names(GPT, Content::Preactivations), all);
    assert_eq!(names(GPT, Content::Activations), ["block.1.mlp-in", "block.2.mlp-in"]);
}

/// A frame without what is there only on request and without wall time.
fn bare(frame: &Frame) -> Frame {
    let mut frame = Frame {
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 0.0,
        ..frame.clone()
    };
    for layer in &mut frame.layers {
        (layer.dead_units, layer.saturated_share) = (None, None);
    }
    frame
}

#[test]
fn to_look_changes_no_number_of_a_run() {
    let noisy = format!("{MLP}&dropout=0.3&norm=batch&act=tanh");
    for link in [MLP, GPT, &noisy] {
        let (mut plain, mut watched) = (Engine::new(), Engine::new());
        let before = plain.send([start(1, link)]);
        let after = watched.send([Command::Measure(ALL), start(1, link)]);
        let steps = |engine: &mut Engine| (0..12).flat_map(|_| engine.send([Command::Step(1)])).collect::<Vec<Event>>();
        let (before, after) = ([before, steps(&mut plain)].concat(), [after, steps(&mut watched)].concat());
        assert_eq!(losses(&before), losses(&after), "{link}");
        for (before, after) in frames(&before).into_iter().zip(frames(&after)) {
            assert!(before.histograms.is_empty() && !after.histograms.is_empty(), "{link}");
            assert_eq!(bare(before), bare(after), "{link}");
            let text = serde_json::to_string(before).expect("a frame");
            for key in ["istograms", "deadUnits", "saturatedShare"] {
                assert!(!text.contains(key), "{key} in a frame that nobody asked it of");
            }
            let told: Frame = serde_json::from_str(&serde_json::to_string(after).expect("a frame")).expect("a frame");
            for (told, sent) in told.histograms.iter().zip(&after.histograms) {
                let parts =
                    |h: &TensorHistogram| (h.content, h.id, h.entries, h.counts.clone(), h.outside, h.saturated);
                assert_eq!(parts(told), parts(sent), "it comes as it was sent");
            }
        }
    }
}

#[test]
fn a_run_that_waits_answers_with_the_frame_of_its_step() {
    let noisy = format!("{MLP}&dropout=0.3&norm=batch&act=tanh");
    // These are adapted at the step that is looked at.
    let lora = format!("{MLP}&adapt=lora&adapt-at=15");
    let tokens = format!("{GPT}&adapt=tokens&adapt-at=15");
    for link in [MLP, GPT, &noisy, &lora, &tokens] {
        let mut watched = Engine::new();
        let first = watched.send([Command::Measure(ALL), start(1, link)]);
        let first = frames(&first)[0].clone();
        let at = watched.send([Command::Step(15)]);
        let expected = (*frames(&at).last().expect("a frame")).clone();

        let mut late = Engine::new();
        late.send([start(1, link)]);
        late.send([Command::Step(15)]);
        let events = late.send([Command::Measure(ALL)]);
        let [Event::Frame(frame)] = &events[..] else { panic!("{events:?}") };
        assert_eq!(frame.step, 15);
        assert!(frame.losses.is_empty(), "its losses were told already");
        assert_eq!(frame.histograms, expected.histograms, "{link}: the same pass, with the same masks");
        assert_eq!(frame.start_histograms, first.histograms, "{link}: and those of the start");
        assert_eq!(frame.layers, expected.layers, "{link}");
        assert_eq!(late.send([Command::Measure(ALL)]), [], "nothing is new");
        assert_eq!(late.send([Command::Measure(Measures::default())]), []);
        let again = late.send([Command::Measure(ALL)]);
        assert_eq!(frames(&again)[0].start_histograms, [], "the page has them");
        // And the run goes on as if nobody had looked.
        assert_eq!(losses(&late.send([Command::Step(5)])), losses(&watched.send([Command::Step(5)])), "{link}");
    }
}

#[test]
fn what_is_shown_stays_so_in_the_next_run_and_after_the_last_step() {
    let mut engine = Engine::new();
    engine.send([start(1, MLP)]);
    // Of several starts only the last is built, but what is to be measured is heard.
    let events = engine.send([Command::Measure(ALL), start(2, MLP), start(3, &format!("{MLP}&steps=20"))]);
    assert!(!frames(&events)[0].histograms.is_empty());
    engine.send([Command::Measure(Measures::default()), Command::Resume]);
    let events = engine.send([Command::Measure(ALL)]);
    let [Event::Frame(frame)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((frame.run, frame.step), (3, 20), "a network that is done can still be looked at");
    assert_eq!(engine.send([Command::Resume, Command::Step(3)]), [], "but it does not train on");
    assert_eq!(engine.send([Command::Stop, Command::Measure(Measures::default()), Command::Measure(ALL)]), []);
}

#[test]
fn a_run_that_trains_answers_too() {
    let mut engine = Engine::new();
    engine.send([start(1, MLP)]);
    let events = engine.send([Command::Resume, Command::Measure(ALL)]);
    assert!(
        !frames(&events)[0].histograms.is_empty() && !frames(&events)[0].start_histograms.is_empty()
            || frames(&events)[0].step == 0
    );
    let last = *frames(&events).last().expect("a frame");
    assert!(!last.histograms.is_empty(), "the last frame is whole");
    assert!(last.layers[0].dead_units.is_some());
}

/// φ(z) of each hidden layer by hand: `[layer][row][unit]`.
fn by_hand(link: &str, activation: Activation) -> Vec<Vec<Vec<f64>>> {
    let spec = spec(link);
    let device = Device::flex();
    let data = Data::load(&spec, &device);
    let trainer = Trainer::new(&spec, &device);
    let values = |tensor: Tensor<3>| -> (usize, Vec<f32>) {
        let columns = tensor.dims()[2];
        (columns, tensor.into_data().try_into_vec().expect("f32"))
    };
    let Inputs::Rows(rows) = &data.held_out(false).inputs else { panic!("a table") };
    let (features, inputs) = values(rows.clone());
    let mut h: Vec<Vec<f64>> = inputs.chunks(features).map(|row| row.iter().map(|x| f64::from(*x)).collect()).collect();
    let mut layers = Vec::new();
    for pair in trainer.weights().chunks(2).take(spec.network.depth) {
        let ((columns, w), (_, b)) = (values(pair[0].clone()), values(pair[1].clone()));
        let unit = |row: &[f64], j: usize| {
            let z = row.iter().enumerate().map(|(i, x)| x * f64::from(w[i * columns + j])).sum::<f64>();
            activation.apply(z + f64::from(b[j]))
        };
        h = h.iter().map(|row| (0..columns).map(|j| unit(row, j)).collect()).collect();
        layers.push(h.clone());
    }
    layers
}

#[test]
fn dead_and_saturated_are_what_a_count_by_hand_finds() {
    let measured = |link: &str| {
        let events = Engine::new().send([Command::Measure(ALL), start(1, link)]);
        frames(&events)[0].layers.clone()
    };
    // Biases far below 0 kill units.
    let relu = "depth=3&width=32&batch=16&init=kaiming-normal&bias=2&device=cpu";
    let hand = by_hand(relu, Activation::Relu);
    let mut died = 0;
    for (layer, rows) in measured(relu).iter().zip(&hand) {
        let dead = (0..32).filter(|unit| rows.iter().all(|row| row[*unit] == 0.0)).count();
        died += dead;
        assert_eq!(layer.dead_units.map(|share| (share.0 * 32.0).round() as usize), Some(dead), "{}", layer.id);
        assert_eq!(layer.saturated_share, None);
    }
    assert!(died > 0, "the case must have dead units");
    for (act, activation) in [("tanh", Activation::Tanh), ("sigmoid", Activation::Sigmoid)] {
        let link = format!("depth=2&width=32&batch=16&act={act}&init=normal&std=0.6&device=cpu");
        let [low, high] = activation.saturation().expect("it saturates");
        for (layer, rows) in measured(&link).iter().zip(by_hand(&link, activation)) {
            let all: Vec<f64> = rows.concat();
            let share = all.iter().filter(|y| **y < low || **y > high).count() as f64 / all.len() as f64;
            let measured = layer.saturated_share.expect("it saturates").0;
            assert!((measured - share).abs() < 2e-4 && share > 0.01, "{act} {}: {measured}, not {share}", layer.id);
            assert_eq!(layer.dead_units, None);
        }
    }
    let gelu = measured("depth=2&width=32&batch=16&act=gelu&device=cpu");
    assert!(gelu.iter().all(|layer| layer.dead_units.is_none() && layer.saturated_share.is_none()));
}

/// What leaves f32 ends the run as it always did.
#[test]
fn a_run_that_diverges_does_so_with_histograms_too() {
    let link = "depth=4&width=32&batch=16&init=kaiming-normal&lr=60&device=cpu";
    let ends = [Measures::default(), ALL].map(|measures| {
        let mut engine = Engine::new();
        engine.send([Command::Measure(measures), start(1, link)]);
        let events = engine.send([Command::Step(400)]);
        events.last().cloned()
    });
    assert_eq!(ends[0], ends[1]);
    assert!(matches!(ends[0], Some(Event::Finished { .. })), "{ends:?}");
    let endless = "depth=60&width=64&batch=8&init=normal&std=2&device=cpu";
    let events = Engine::new().send([Command::Measure(ALL), start(1, endless)]);
    let frame = frames(&events)[0];
    assert!(frame.histograms.iter().any(|histogram| histogram.distribution().is_none()));
    assert!(matches!(events.last(), Some(Event::Finished { .. })));
}
