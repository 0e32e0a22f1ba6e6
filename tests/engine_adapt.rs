//! The second part of a run: adapters and new tokens, by what their starts promise.

use crate::driven::{Engine, frames, losses, spec, start};
use burn::tensor::{Device, Tensor};
use init_lab::engine::batch::Data;
use init_lab::engine::initial::fingerprint;
use init_lab::engine::loss::cross_entropy;
use init_lab::engine::optimizer::{UpdateRule, schedule};
use init_lab::engine::tap::Taps;
use init_lab::engine::trainer::Trainer;
use init_lab::lab::protocol::{Command, Event, Why};
use init_lab::lab::spec::{LoraStart, Spec};
use init_lab::science::adapt::TokenStart;
use init_lab::science::seed::Stream;
use init_lab::science::site::Fans;

const LORA: &str = "depth=3&width=24&batch=16&init=kaiming-normal&lr=0.1&adapt=lora&adapt-at=7&rank=3&device=cpu";
const TOKENS: &str = "model=gpt&depth=1&width=16&heads=2&context=8&batch=4&lr=0.01&adapt=tokens&adapt-at=7&device=cpu";

#[test]
fn starts_have_their_laws() {
    let fans = Fans { fan_in: 100, fan_out: 80 };
    let draw = |start: LoraStart| start.draw(fans, 25, &mut Stream::new(1, "a"), &mut Stream::new(1, "b"));
    let std = |values: &[f32]| (values.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
    let most = |values: &[f32]| values.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let kaiming = 1.0 / 300_f64.sqrt();
    let (a_zero, b_zero) = (vec![0.0; 2500], vec![0.0; 2000]);
    for (start, a, b) in [
        (LoraStart::BZero, kaiming, 0.0),
        (LoraStart::Gaussian, 1.0 / 25.0, 0.0),
        (LoraStart::AZero, 0.0, 1.0 / 75_f64.sqrt()),
        (LoraStart::BothZero, 0.0, 0.0),
        (LoraStart::BothRandom, kaiming, 1.0 / 75_f64.sqrt()),
    ] {
        let [first, second] = draw(start);
        assert_eq!((first.len(), second.len()), (2500, 2000));
        // Four standard errors of a standard deviation of 2000 normal numbers.
        assert!((std(&first) - a).abs() <= 0.064 * a && (std(&second) - b).abs() <= 0.064 * b, "{start:?}");
        assert_eq!((first == a_zero, second == b_zero), (a == 0.0, b == 0.0), "{start:?}");
    }
    assert!(most(&draw(LoraStart::BZero)[0]) <= 0.1 && most(&draw(LoraStart::AZero)[1]) <= 0.2);

    // Written down so that a change of the draws is seen.
    assert_eq!(fingerprint(&draw(LoraStart::BZero)[..1]), "9b37c8d0bb5e994d");
    assert_eq!(fingerprint(&draw(LoraStart::Gaussian)[..1]), "d5baf4e839436555");

    let mut stream = Stream::new(1, "tokens");
    let mean = TokenStart::Mean.mixture(3, 8, &mut stream).expect("a mixture");
    assert_eq!(mean, [0.125; 24]);
    // Rows of weights that sum to 1, and whose parts beside the mean have a norm near 1.
    let mixed = TokenStart::MeanCov.mixture(400, 50, &mut stream).expect("a mixture");
    let mut spread = 0.0;
    for row in mixed.chunks_exact(50) {
        assert!((row.iter().map(|x| f64::from(*x)).sum::<f64>() - 1.0).abs() < 1e-5);
        spread += row.iter().map(|x| (f64::from(*x) - 0.02).powi(2)).sum::<f64>() / 400.0;
    }
    assert!((spread - 0.98).abs() < 0.05, "{spread}");
}

#[test]
fn a_zero_in_the_product_leaves_the_network_as_it_was() {
    for start in ["b-zero", "gaussian", "a-zero", "both-zero"] {
        let (mut trainer, spec, data) = trained(&format!("{LORA}&lora-start={start}"));
        let batch = &data.batches(7, 1)[0];
        let before = values(trainer.predict(batch));
        trainer.adapt(&spec, &Device::flex());
        assert_eq!(values(trainer.predict(batch)), before, "{start}");
    }
    let (mut trainer, spec, data) = trained(&format!("{LORA}&lora-start=both-random"));
    let batch = &data.batches(7, 1)[0];
    let before = values(trainer.predict(batch));
    trainer.adapt(&spec, &Device::flex());
    assert_ne!(values(trainer.predict(batch)), before);
}

#[test]
fn the_matrix_that_is_zero_moves_first() {
    for (start, moves) in
        [("b-zero", [false, true]), ("gaussian", [false, true]), ("a-zero", [true, false]), ("both-zero", [false; 2])]
    {
        let (mut trainer, spec, data) = trained(&format!("{LORA}&lora-start={start}"));
        trainer.adapt(&spec, &Device::flex());
        trainer.measure(&data.batches(7, 1)[0], &mut Taps::new(false));
        assert_eq!(trainer.adapters().len(), 3, "one for every hidden matrix");
        for adapter in trainer.adapters() {
            let gradients = adapter.gradients(&trainer.gradients()[adapter.index]);
            let moved = gradients.map(|gradient| values(gradient).iter().any(|x| *x != 0.0));
            assert_eq!(moved, moves, "{start}");
        }
    }
}

/// ∂A and ∂B against central differences, at a place where neither is 0: after some steps.
#[test]
fn gradients_of_the_adapters_are_those_of_differences() {
    const H: f32 = 1e-2;
    for act in ["gelu", "tanh"] {
        let link = format!("{LORA}&act={act}&lora-start=both-random");
        let device = Device::flex();
        let (mut trainer, spec, data) = trained(&link);
        trainer.adapt(&spec, &device);
        let batch = data.batches(9, 1).remove(0);
        trainer.measure(&batch, &mut Taps::new(false));
        for adapter in trainer.adapters().to_vec() {
            let gradients = adapter.gradients(&trainer.gradients()[adapter.index]);
            for (which, gradient) in gradients.into_iter().enumerate() {
                let shape = gradient.dims();
                let gradient = values(gradient);
                let mut stream = Stream::new(7, act);
                let direction: Vec<f32> = gradient.iter().map(|_| stream.normal() as f32).collect();
                let step = Tensor::<1>::from_data(direction.as_slice(), &device).reshape(shape);
                let scale = H / (gradient.len() as f32).sqrt();
                let mut loss = |sign: f32| {
                    let mut moved = adapter.clone();
                    let part = if which == 0 { &mut moved.a } else { &mut moved.b };
                    *part = part.clone() + step.clone().mul_scalar(sign * scale);
                    trainer.set_weights(adapter.index, moved.weights());
                    let loss = cross_entropy(trainer.predict(&batch), batch.targets.clone());
                    f64::from(loss.into_scalar::<f32>())
                };
                let measured = (loss(1.0) - loss(-1.0)) / (2.0 * f64::from(scale));
                trainer.set_weights(adapter.index, adapter.weights());
                let expected: f64 = gradient.iter().zip(&direction).map(|(g, d)| f64::from(*g) * f64::from(*d)).sum();
                let noise = 1.2e-6 / f64::from(scale);
                assert!(
                    (measured - expected).abs() < 1e-2 * expected.abs() + noise,
                    "{act} {which}: {measured} by differences, {expected} by the chain rule"
                );
            }
        }
    }
}

#[test]
fn all_but_the_adapters_is_frozen() {
    for (start, rest) in
        [("b-zero", ""), ("b-zero", "&opt=adamw&wd=0.1&lr=0.01&norm=layer"), ("both-zero", "&opt=adam")]
    {
        let (mut trainer, spec, data) = trained(&format!("{LORA}{rest}&lora-start={start}"));
        let device = Device::flex();
        trainer.adapt(&spec, &device);
        assert_eq!(trainer.trainable(), 3 * ((64 + 24) + 2 * (24 + 24)));
        let before: Vec<Vec<f32>> = trainer.weights().iter().map(|w| values(w.clone())).collect();
        for step in 7..12 {
            trainer.measure(&data.batches(step, 1)[0], &mut Taps::new(false));
            trainer.update(&schedule(&[UpdateRule::of(&spec)], step - 7, 1, &device)[0], &mut Taps::new(false));
        }
        for (index, parameter) in trainer.parameters().iter().enumerate() {
            let moved = values(trainer.weights()[index].clone()) != before[index];
            let adapted = parameter.name.starts_with("hidden.") && parameter.name.ends_with("weight");
            assert_eq!(moved, adapted && start != "both-zero", "{start} {}", parameter.name);
        }
    }
}

/// h·e_new = ⟨h·e_old⟩, tied or not; and by Jensen's inequality n new tokens take at most n/V of what
/// the old ones have, so that old text costs at most ln(1 + n/V) more.
#[test]
fn a_new_token_has_the_mean_logit() {
    for rest in ["", "&tied=off", "&block=llama"] {
        let (mut trainer, spec, data) = trained(&format!("{TOKENS}{rest}"));
        let (old_batch, new_batch) = (data.batches(6, 1).remove(0), data.batches(7, 1).remove(0));
        let before = values(trainer.predict(&old_batch));
        trainer.adapt(&spec, &Device::flex());
        let names: Vec<_> = trainer.parameters().iter().map(|p| (p.rows, p.columns)).collect();
        assert_eq!(names, trainer.weights().iter().map(|w| (w.dims()[1], w.dims()[2])).collect::<Vec<_>>());

        let logits = trainer.predict(&new_batch);
        let rows = logits.dims()[1];
        let all = values(logits);
        assert_eq!(all.len(), rows * 75);
        for row in all.chunks_exact(75) {
            let mean = row[..50].iter().sum::<f32>() / 50.0;
            assert!(row[50..].iter().all(|logit| (logit - mean).abs() < 1e-5), "{rest}: {mean} {:?}", &row[50..]);
            let partition = |row: &[f32]| row.iter().map(|z| f64::from(*z).exp()).sum::<f64>();
            let shift = (partition(row) / partition(&row[..50])).ln();
            assert!(shift > 0.0 && shift <= 1.5_f64.ln() + 1e-6, "{rest}: {shift}");
        }
        assert_eq!(before.len() % 50, 0, "fifty characters before");
    }
}

#[test]
fn the_mean_disturbs_least() {
    let first = |start: &str| {
        let mut engine = Engine::new();
        let link = format!("{TOKENS}&width=32&context=16&batch=8&adapt-at=60&token-start={start}");
        engine.send([self::start(1, &link)]);
        let events = engine.send([Command::Step(60)]);
        let frame = (*frames(&events).last().expect("a frame")).clone();
        assert_eq!(frame.step, 60);
        frame.val_loss.expect("measured").0
    };
    let [mean, scheme, normal] = ["mean", "scheme", "normal"].map(first);
    assert!(mean < scheme && scheme + 3.0 < normal, "{mean} {scheme} {normal}");
}

#[test]
fn the_switch_is_framed_and_its_size_told() {
    for (link, classes, examples) in [(LORA, [10, 10], [720, 1437]), (TOKENS, [50, 75], [0, 0])] {
        let mut engine = Engine::new();
        let mut events = engine.send([start(1, link)]);
        events.extend(engine.send([Command::Step(30)]));
        let sizes: Vec<_> = events
            .iter()
            .filter_map(|e| if let Event::Started { shape, .. } = e { Some(shape) } else { None })
            .collect();
        assert_eq!(sizes.iter().map(|shape| shape.classes).collect::<Vec<_>>(), classes);
        if examples[0] > 0 {
            assert_eq!(sizes.iter().map(|shape| shape.examples).collect::<Vec<_>>(), examples);
            assert!(sizes[1].parameters < sizes[0].parameters);
        }
        assert_eq!(sizes[0].fingerprint, sizes[1].fingerprint);
        let frame = frames(&events).into_iter().find(|frame| frame.step == 7).expect("the frame of the switch");
        assert!(frame.val_loss.is_some() && frame.layers.iter().all(|layer| layer.activation_var.is_some()));
        assert!(frame.weights.iter().all(|w| w.std.0 > 0.0 && w.update_ratio.is_some()));
        let last = frames(&events).into_iter().next_back().expect("a frame").clone();
        assert_eq!(last.step, 30);
        assert_eq!(losses(&events).len(), 31);
    }
}

#[test]
fn the_same_steps_give_the_same_losses_across_the_switch() {
    for link in [LORA, TOKENS] {
        let whole = run(link, &[20]);
        assert_eq!(run(link, &[1; 20]), whole, "{link}");
        assert_eq!(run(link, &[5, 2, 1, 12]), whole, "{link}");
        // Until then it is a run of its own; and it can begin again.
        assert_eq!(run(&format!("{link}&adapt-at=20"), &[20])[..6], whole[..6], "{link}");
    }
    let mut engine = Engine::new();
    engine.send([start(1, LORA)]);
    let once = losses(&engine.send([Command::Step(12)]));
    engine.send([start(2, LORA)]);
    assert_eq!(losses(&engine.send([Command::Step(12)])), once);
    // What is adapted at the first step, and what ends where it would be.
    assert_eq!(run(&format!("{LORA}&adapt-at=1"), &[3]).len(), 3);
    let mut engine = Engine::new();
    engine.send([start(1, &format!("{LORA}&steps=7"))]);
    let events = engine.send([Command::Resume]);
    assert_eq!(events.last(), Some(&Event::Finished { run: 1, step: 7, why: Why::Done }));
}

/// A run that blows up is run again from its slice's snapshot, and that may lie before the switch:
/// every loss up to the bad one is there, whether it comes before, at or after the switch.
#[test]
fn divergence_is_found_across_the_switch() {
    let end = |at: u64| {
        let mut engine = Engine::new();
        let link = format!("depth=4&width=32&batch=16&init=kaiming-normal&lr=60&adapt=lora&adapt-at={at}&device=cpu");
        engine.send([start(1, &format!("{link}&lora-start=both-random"))]);
        let events = engine.send([Command::Step(400)]);
        let Some(Event::Finished { why: Why::Diverged { step, layer, .. }, .. }) = events.last() else {
            panic!("{:?}", events.last());
        };
        let curve = losses(&events);
        assert!(layer.is_some() && curve.len() as u64 == *step, "{} losses to step {step}", curve.len());
        assert!(!curve.last().expect("a loss").is_finite() && curve[..curve.len() - 1].iter().all(|l| l.is_finite()));
        *step
    };
    let before = end(1000);
    assert!(before > 1);
    assert_eq!((end(before + 1), end(before)), (before, before));
    assert!(end(before - 1) >= before && end(1) > 1);
}

#[test]
fn when_it_happens_does_not_change_the_draws() {
    let (mut one, spec, _) = trained(LORA);
    one.adapt(&spec, &Device::flex());
    let (mut other, late, _) = trained(&LORA.replace("adapt-at=7", "adapt-at=3"));
    other.adapt(&late, &Device::flex());
    for (a, b) in one.adapters().iter().zip(other.adapters()) {
        assert_eq!(values(a.a.clone()), values(b.a.clone()));
    }
}

fn run(link: &str, parts: &[u64]) -> Vec<f64> {
    let mut engine = Engine::new();
    engine.send([start(1, link)]);
    parts.iter().flat_map(|count| losses(&engine.send([Command::Step(*count)]))).collect()
}

/// A network just before it is adapted, with its data.
fn trained(link: &str) -> (Trainer, Spec, Data) {
    let spec = spec(link);
    let device = Device::flex();
    let data = Data::load(&spec, &device);
    let mut trainer = Trainer::new(&spec, &device);
    let at = spec.adapt.at;
    for step in 0..at {
        trainer.measure(&data.batches(step, 1)[0], &mut Taps::new(false));
        trainer.update(&schedule(&[UpdateRule::of(&spec)], step, 1, &device)[0], &mut Taps::new(false));
    }
    (trainer, spec, data)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}
