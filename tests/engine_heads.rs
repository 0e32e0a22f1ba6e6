//! Attention by head: what is measured is what the softmax says, and to look changes no number of a run.

use crate::driven;
use crate::driven::{Engine, frames, losses, start};
use burn::tensor::{Device, Tensor};
use init_lab::engine::tap::Taps;
use init_lab::lab::heads::expected;
use init_lab::lab::metric::{Frame, HeadMetric, Measures};
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event};
use init_lab::science::layer::LayerId;
use init_lab::science::seed::Stream;

const HEADS: Measures =
    Measures { histograms: false, units: false, heads: true, guesses: false, path: false, lines: false, plane: false };
const GPT: &str = "model=gpt&depth=3&width=16&heads=4&context=8&batch=4&device=cpu";

/// The softmaxes of some blocks, `[B, H, T, T]` each, as the taps see them.
fn looked_at(blocks: &[Vec<f32>], dims: [usize; 4]) -> Vec<HeadMetric> {
    let mut taps = Taps::new(false).inspecting(HEADS);
    for (index, numbers) in blocks.iter().enumerate() {
        let weights = Tensor::<1>::from_data(numbers.as_slice(), &Device::flex()).reshape(dims);
        taps.attend(LayerId::Block(index + 1), &weights);
    }
    let (recorded, parts) = taps.finish();
    let numbers: Vec<f32> =
        parts.into_iter().flat_map(|part| part.into_data().try_into_vec::<f32>().expect("f32")).collect();
    recorded.inspection(&numbers).heads
}

/// A causal softmax over normal logits with this standard deviation, of one head of one text.
fn softmax(time: usize, std: f64, stream: &mut Stream) -> Vec<f32> {
    let mut all = vec![0.0; time * time];
    for t in 0..time {
        let exponentials: Vec<f64> = (0..=t).map(|_| (std * stream.normal()).exp()).collect();
        let sum: f64 = exponentials.iter().sum();
        exponentials.iter().enumerate().for_each(|(s, e)| all[t * time + s] = (e / sum) as f32);
    }
    all
}

/// The mean entropy over ln t and the mean largest weight, in f64, of the rows from the second on.
fn plain(texts: &[Vec<f32>], time: usize) -> [f64; 2] {
    let (mut sums, mut rows) = ([0.0; 2], 0.0);
    for text in texts {
        for t in 1..time {
            let row = text[t * time..=t * time + t].iter().map(|a| f64::from(*a));
            let entropy: f64 = row.clone().filter(|a| *a > 0.0).map(|a| -a * a.ln()).sum();
            sums[0] += entropy / ((t + 1) as f64).ln();
            sums[1] += row.fold(0.0, f64::max);
            rows += 1.0;
        }
    }
    sums.map(|sum| sum / rows)
}

#[test]
fn entropies_and_largest_weights_are_those_of_a_sum_in_f64() {
    let (time, heads, texts) = (16, 3, 5);
    let mut stream = Stream::new(1, "heads");
    let spreads = [[0.0, 1.0, 30.0], [0.1, 3.0, 100.0]];
    // `[block][head][text]`
    let all: Vec<Vec<Vec<Vec<f32>>>> = spreads
        .iter()
        .map(|block| block.iter().map(|std| (0..texts).map(|_| softmax(time, *std, &mut stream)).collect()).collect())
        .collect();
    let tensor = |block: &Vec<Vec<Vec<f32>>>| -> Vec<f32> {
        (0..texts).flat_map(|text| block.iter().flat_map(move |head| head[text].clone())).collect()
    };
    let tensors: Vec<Vec<f32>> = all.iter().map(tensor).collect();
    let found = looked_at(&tensors, [texts, heads, time, time]);
    assert_eq!(found.len(), 6);
    for (index, head) in found.iter().enumerate() {
        assert_eq!((head.layer, head.head), (LayerId::Block(index / heads + 1), index % heads + 1));
        let [entropy, peak] = plain(&all[index / heads][index % heads], time);
        assert!(
            (head.entropy.0 - entropy).abs() < 1e-5 && (head.peak.0 - peak).abs() < 1e-5,
            "{head:?}: {entropy} {peak}"
        );
    }
    assert_eq!(found[0].entropy.0.max(0.999_999), found[0].entropy.0, "even");
    assert!(found[5].entropy.0 < 0.05 && found[5].peak.0 > 0.97, "one-hot: {:?}", found[5]);
}

#[test]
fn numbers_that_are_none_stay_with_their_head() {
    let mut stream = Stream::new(2, "heads");
    let mut numbers = [softmax(4, 1.0, &mut stream), softmax(4, 1.0, &mut stream)].concat();
    numbers[13] = f32::NAN;
    let found = looked_at(&[numbers], [1, 2, 4, 4]);
    assert!(found[0].entropy.0.is_nan(), "{found:?}");
    assert!(found[1].entropy.0.is_finite() && found[1].peak.0.is_finite(), "{found:?}");
}

fn bare(frame: &Frame) -> Frame {
    Frame { heads: Vec::new(), step_ms: 0.0, ..frame.clone() }
}

#[test]
fn every_head_of_every_block_is_measured_while_it_is_asked_for() {
    for link in [GPT, &format!("{GPT}&block=llama&dropout=0.2&std=0.3")] {
        let (mut plain, mut watched) = (Engine::new(), Engine::new());
        watched.send([Command::Measure(HEADS)]);
        let mut seen = 0;
        for command in [start(1, link), Command::Step(3), Command::Step(20)] {
            let (one, other) = (plain.send([command.clone()]), watched.send([command]));
            assert_eq!(losses(&one), losses(&other), "{link}");
            let last = |events: &[Event]| frames(events).last().map(|frame| bare(frame));
            assert_eq!(last(&one).map(|frame| frame.layers), last(&other).map(|frame| frame.layers), "{link}");
            // Between the last frame of an order and the one before, heads are measured only now and then.
            assert!(frames(&other).last().is_some_and(|frame| !frame.heads.is_empty()));
            for frame in frames(&other).into_iter().filter(|frame| !frame.heads.is_empty()) {
                assert_eq!(frame.heads.len(), 12);
                for (block, heads) in (1..).zip(frame.heads.chunks(4)) {
                    let layer = frame.layer(LayerId::Block(block)).expect("a block");
                    let peak = heads.iter().map(|head| head.peak.0).sum::<f64>() / 4.0;
                    assert!((peak - layer.attention_peak.expect("a peak").0).abs() < 1e-5, "{link}: {peak}");
                    assert!(heads.iter().all(|head| head.layer == layer.id && (0.0..=1.0).contains(&head.entropy.0)));
                }
                seen += 1;
            }
            assert!(frames(&one).iter().all(|frame| frame.heads.is_empty()));
        }
        assert!(seen >= 3);
    }
}

#[test]
fn a_run_that_waits_answers_with_the_heads_of_its_step() {
    let (mut late, mut watched) = (Engine::new(), Engine::new());
    watched.send([Command::Measure(HEADS)]);
    for engine in [&mut late, &mut watched] {
        engine.send([start(1, &format!("{GPT}&dropout=0.1"))]);
    }
    late.send([Command::Step(7)]);
    let expected = watched.send([Command::Step(7)]);
    let expected = *frames(&expected).last().expect("a frame");
    let events = late.send([Command::Measure(HEADS)]);
    let [Event::Frame(frame)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((frame.step, &frame.heads), (7, &expected.heads));
    assert!(frame.histograms.is_empty() && frame.start_histograms.is_empty() && frame.losses.is_empty());
    assert_eq!(losses(&late.send([Command::Step(5)])), losses(&watched.send([Command::Step(5)])));
}

/// The mean over heads of the first measurement is near the line that theory draws, block by block: characters are not
/// independent, as theory assumes, so that sharp heads are a little less sharp.
#[test]
fn theory_expects_what_the_first_weights_do() {
    for link in [
        "model=gpt&depth=2&device=cpu",
        "model=gpt&depth=3&heads=8&std=0.15&device=cpu",
        "model=gpt&depth=3&heads=8&std=0.3&device=cpu",
        "model=gpt&depth=2&heads=8&std=0.6&device=cpu",
    ] {
        let spec = driven::spec(link);
        let events = Engine::new().send([Command::Measure(HEADS), start(1, link)]);
        let theory = expected(&predict(&spec), spec.network.context);
        let heads = &frames(&events)[0].heads;
        assert_eq!(theory.len(), spec.network.depth);
        for (theory, heads) in theory.iter().zip(heads.chunks(spec.network.heads)) {
            let mean = |read: fn(&HeadMetric) -> f64| heads.iter().map(read).sum::<f64>() / heads.len() as f64;
            let [entropy, peak] = [mean(|head| head.entropy.0), mean(|head| head.peak.0)];
            assert!(
                (entropy - theory[0]).abs() < 0.1 && (peak - theory[1]).abs() < 0.1,
                "{link} {theory:?} {entropy} {peak}"
            );
        }
    }
}

/// A query that has no choice has no entropy, and a perceptron no heads.
#[test]
fn what_has_no_heads_or_no_choice_has_none() {
    for link in ["depth=2&width=8&device=cpu", "model=gpt&depth=1&width=8&heads=2&context=2&batch=2&device=cpu"] {
        let events = Engine::new().send([Command::Measure(HEADS), start(1, link)]);
        let expected = if link.starts_with("model") { 2 } else { 0 };
        assert_eq!(frames(&events)[0].heads.len(), expected, "{link}");
    }
}
