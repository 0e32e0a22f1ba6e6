//! How far an update may go: warm-up, schedule and clipping, in numbers that can be checked by hand.

use crate::driven::{Engine, frames, losses, spec, start};
use burn::tensor::{Device, Tensor};
use init_lab::engine::optimizer::{OptimizerState, Rates, UpdateRule, schedule};
use init_lab::lab::knob::{Change, KNOBS};
use init_lab::lab::protocol::Command;
use init_lab::lab::spec::Optimizer;

const MLP: &str = "depth=3&width=24&batch=16&init=kaiming-normal&lr=0.1&device=cpu";

/// Where one number with this gradient goes in a step.
fn moved(optimizer: Optimizer, weight: f32, gradient: f32, rates: &Rates) -> f64 {
    let tensor = |value: f32| numbers(&[value], [1, 1, 1]);
    let after = OptimizerState::default().update(optimizer, 0, tensor(weight), tensor(gradient), rates);
    f64::from(after.into_scalar::<f32>())
}

fn rates(link: &str, count: usize) -> Vec<Rates> {
    schedule(&[UpdateRule::of(&spec(link))], 0, count, &Device::flex())
}

#[test]
fn the_rate_rises_and_falls_as_it_is_written() {
    let root = 0.5_f64.sqrt();
    for (link, expected) in [
        ("schedule=constant", vec![(1, 1.0), (12, 1.0)]),
        ("warmup=4", vec![(1, 0.25), (2, 0.5), (3, 0.75), (4, 1.0), (5, 1.0), (12, 1.0)]),
        // From 4 to 12: half of the way at 8.
        ("warmup=4&schedule=linear", vec![(1, 0.25), (4, 1.0), (8, 0.55), (10, 0.325), (12, 0.1)]),
        (
            "warmup=4&schedule=cosine",
            vec![
                (2, 0.5),
                (4, 1.0),
                (6, 0.1 + 0.45 * (1.0 + root)),
                (8, 0.55),
                (10, 0.1 + 0.45 * (1.0 - root)),
                (12, 0.1),
            ],
        ),
        ("schedule=linear", vec![(6, 0.55), (12, 0.1)]),
        // A run that ends before it is warm.
        ("warmup=24&schedule=cosine", vec![(6, 0.25), (12, 0.5)]),
    ] {
        let rates = rates(&format!("lr=1&steps=12&{link}"), 12);
        for (t, share) in expected {
            let step = -moved(Optimizer::Sgd, 0.0, 1.0, &rates[t - 1]);
            assert!((step - share).abs() < 1e-6, "{link}, step {t}: {step} and not {share}");
        }
    }
}

#[test]
fn decoupled_decay_follows_the_rate_and_l2_does_not() {
    let link = "steps=12&lr=0.5&wd=0.1&warmup=4&schedule=linear";
    for (t, share) in [(1, 0.25), (4, 1.0), (8, 0.55), (12, 0.1)] {
        let adamw = moved(Optimizer::AdamW, 1.0, 0.0, &rates(&format!("{link}&opt=adamw"), t)[t - 1]);
        assert!((adamw - (1.0 - 0.5 * share * 0.1)).abs() < 1e-6, "step {t}: {adamw}");
        // The gradient is λ·w = 0.1.
        let sgd = moved(Optimizer::Sgd, 1.0, 0.0, &rates(link, t)[t - 1]);
        assert!((sgd - (1.0 - 0.5 * share * 0.1)).abs() < 1e-6, "step {t}: {sgd}");
    }
}

#[test]
fn what_is_turned_live_is_as_if_it_had_been_so_from_the_start() {
    let base = format!("{MLP}&steps=12&schedule=linear");
    let plain = train(&base, None);
    let live: Vec<&str> = KNOBS.iter().filter(|knob| knob.change == Change::Tune).map(|knob| knob.id).collect();
    let turned = ["lr=0.05", "warmup=9", "schedule=cosine", "clip=0.05", "wd=0.1", "decay=matrices&wd=0.1", "steps=20"];
    assert_eq!(turned.map(|link| link.split('=').next().expect("a key")).as_slice(), live, "a live knob has no case");
    for link in turned {
        let other = format!("{base}&{link}");
        let tuned = train(&base, Some(&other));
        assert_eq!(tuned, train(&other, None), "{link}");
        assert_ne!(tuned, plain, "{link}");
    }
}

#[test]
fn the_second_part_of_a_run_is_warmed_up_anew() {
    let link = format!("{MLP}&adapt=lora&adapt-at=7&steps=20");
    for (paced, t, share) in
        [("warmup=50", 1, 1.0 / 50.0), ("schedule=linear", 13, 0.1), ("warmup=3&schedule=cosine", 3, 1.0)]
    {
        let paced = format!("{link}&{paced}");
        let mut engine = Engine::new();
        engine.send([start(1, &paced), Command::Step(7 + t - 1)]);
        let there = losses(&engine.send([Command::Step(1)]));
        // The same step with the rate written out.
        let mut plain = spec(&format!("{link}&schedule=constant&warmup=0"));
        plain.training.lr *= share;
        let mut engine = Engine::new();
        engine.send([start(1, &paced), Command::Step(7 + t - 1)]);
        let same = losses(&engine.send([Command::Tune { run: 1, spec: plain }, Command::Step(1)]));
        assert!((there[0] - same[0]).abs() < 1e-6, "{paced}: {there:?} and {same:?}");
    }
}

#[test]
fn a_schedule_is_the_same_however_sliced() {
    let link = format!("{MLP}&steps=12&warmup=3&schedule=cosine&clip=0.3");
    let mut engine = Engine::new();
    engine.send([start(1, &link)]);
    let singly: Vec<f64> = (0..12).flat_map(|_| losses(&engine.send([Command::Step(1)]))).collect();
    assert_eq!(singly, train(&link, None));
}

#[test]
fn a_clipped_gradient_has_its_direction_and_the_norm_it_may_have() {
    // 3² + 4² + 12² = 13², over tensors of different shapes.
    let gradients = || vec![numbers(&[3.0, 0.0], [1, 1, 2]), numbers(&[4.0, -12.0], [1, 2, 1])];
    let clipped = |clip: f64| -> Vec<f32> {
        let rates = rates(&format!("clip={clip}"), 1);
        rates[0].clipped(gradients()).into_iter().flat_map(values).collect()
    };
    for (clip, share) in [(0.0, 1.0), (100.0, 1.0), (13.1, 1.0), (6.5, 0.5), (0.013, 0.001)] {
        for (ours, raw) in clipped(clip).into_iter().zip([3.0, 0.0, 4.0, -12.0]) {
            assert!((ours - raw * share).abs() <= 1e-6 * raw.abs() * share, "clip {clip}: {ours}");
        }
    }
    assert_eq!(clipped(13.1), [3.0, 0.0, 4.0, -12.0], "what is small enough is left as it is, to the bit");
}

#[test]
fn a_norm_whose_square_leaves_f32_is_a_norm_all_the_same() {
    let rates = rates("clip=1", 1);
    let clipped = |all: &[f32]| values(rates[0].clipped(vec![numbers(all, [1, 1, all.len()])]).remove(0));
    for size in [1e-25_f32, 1e19, 1e25, 1e36] {
        let [a, b] = [3.0 * size, 4.0 * size];
        let norm = (5.0 * size).max(1.0);
        for (ours, raw) in clipped(&[a, b]).into_iter().zip([a, b]) {
            assert!((ours - raw / norm).abs() <= 2e-6 * raw / norm, "{size}: {ours} of {raw}");
        }
    }
    assert_eq!(clipped(&[0.0, 0.0]), [0.0, 0.0]);
    for broken in [f32::INFINITY, f32::NAN] {
        assert!(!clipped(&[1.0, broken])[1].is_finite(), "what is not finite must not become so");
    }
}

#[test]
fn each_network_is_clipped_by_its_own_norm() {
    let specs = ["clip=1", "clip=2", "clip=0"].map(|link| UpdateRule::of(&spec(link)));
    let rates = schedule(&specs, 0, 1, &Device::flex());
    let gradients = vec![numbers(&[3.0, 30.0, 300.0], [3, 1, 1]), numbers(&[4.0, 40.0, 400.0], [3, 1, 1])];
    let clipped: Vec<f32> = rates[0].clipped(gradients).into_iter().flat_map(values).collect();
    for (ours, expected) in clipped.into_iter().zip([0.6, 1.2, 300.0, 0.8, 1.6, 400.0]) {
        assert!((ours - expected).abs() < 1e-6 * expected, "{ours} and not {expected}");
    }
}

#[test]
fn a_frame_has_the_gradient_as_it_came() {
    let gradient = |link: &str| {
        let events = Engine::new().send([start(1, link), Command::Step(1)]);
        let frame = frames(&events)[1].clone();
        (frame.layers[1].gradient_rms, frame.weights[1].update_ratio.expect("an update").0)
    };
    // Rates so small that both are measured at nearly the same weights.
    let [(raw, far), (clipped, near)] =
        [format!("{MLP}&lr=1e-3"), format!("{MLP}&lr=1e-3&clip=0.01")].map(|link| gradient(&link));
    let ratio = raw.expect("measured").0 / clipped.expect("measured").0;
    assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
    assert!(near < 0.1 * far, "{near} and {far}");
}

fn numbers(values: &[f32], shape: [usize; 3]) -> Tensor<3> {
    Tensor::<1>::from_data(values, &Device::flex()).reshape(shape)
}

fn values(tensor: Tensor<3>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// Twelve steps of one network, turned into another before the first.
fn train(link: &str, into: Option<&str>) -> Vec<f64> {
    let mut engine = Engine::new();
    engine.send([start(1, link)]);
    if let Some(other) = into {
        engine.send([Command::Tune { run: 1, spec: spec(other) }]);
    }
    losses(&engine.send([Command::Step(12)]))
}
