//! Looks into a network: that they are right, and that nothing is changed by them.

use crate::driven::{Engine, frames, losses, spec, start, turn};
use burn::tensor::{Device, Tensor};
use init_lab::engine::batch::{Batch, Data, Inputs};
use init_lab::engine::tap::Taps;
use init_lab::engine::trainer::Trainer;
use init_lab::lab::inspection::{Absence, Inspection, JacobianSpectrum, LossSharpness, MatrixSpectrum, Subject};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::mlp_theory;
use init_lab::lab::protocol::{Command, Event};
use init_lab::science::layer::{LayerId, MatrixId};
use init_lab::science::site::Role;

const HIDDEN: Subject = Subject::Matrix(MatrixId { layer: LayerId::Hidden(2), role: Role::Hidden });

fn inspect(request: u32, subject: Subject) -> Command {
    Command::Inspect { run: 1, request, subject }
}

/// The network of a link after so many steps, looked into.
fn look(link: &str, steps: u64, subject: Subject) -> Inspection {
    let mut engine = Engine::new();
    engine.send([start(1, &format!("{link}&device=cpu"))]);
    if steps > 0 {
        engine.send([Command::Step(steps)]);
    }
    let events = engine.send([inspect(7, subject)]);
    match events.last() {
        Some(Event::Inspected { run: 1, step, request: 7, result }) if *step == steps => result.clone(),
        other => panic!("{link}: {other:?}"),
    }
}

fn spectrum(link: &str, subject: Subject) -> MatrixSpectrum {
    match look(link, 0, subject) {
        Inspection::Matrix(spectrum) => spectrum,
        other => panic!("{link}: {other:?}"),
    }
}

fn jacobian(link: &str) -> JacobianSpectrum {
    match look(link, 0, Subject::Jacobian) {
        Inspection::Jacobian(spectrum) => spectrum,
        other => panic!("{link}: {other:?}"),
    }
}

fn sharpness(link: &str, steps: u64) -> LossSharpness {
    match look(link, steps, Subject::Sharpness) {
        Inspection::Sharpness(sharpness) => sharpness,
        other => panic!("{link}: {other:?}"),
    }
}

fn network(link: &str) -> (Trainer, Data) {
    let (spec, device) = (spec(link), Device::flex());
    (Trainer::new(&spec, &device), Data::load(&spec, &device))
}

fn read(tensor: &Tensor<3>) -> Vec<f64> {
    let numbers = tensor.to_data().try_into_vec::<f32>().expect("f32");
    numbers.into_iter().map(f64::from).collect()
}

fn plain(values: &[Number]) -> Vec<f64> {
    values.iter().map(|value| value.0).collect()
}

#[test]
fn a_look_changes_no_number_of_the_run() {
    for link in [
        "depth=3&width=24&batch=16&init=kaiming-normal&opt=momentum&dropout=0.2&norm=batch&device=cpu",
        "model=gpt&depth=1&width=16&heads=2&context=8&batch=4&device=cpu",
    ] {
        let matrix = if link.contains("gpt") {
            Subject::Matrix(MatrixId { layer: LayerId::Block(1), role: Role::Key })
        } else {
            HIDDEN
        };
        let run = |looks: bool| {
            let mut engine = Engine::new();
            let mut events = engine.send([start(1, link)]);
            for request in 0..4 {
                if looks {
                    let subject = [Subject::Sharpness, matrix, Subject::Jacobian, Subject::Sharpness][request];
                    let asked = [Command::Step(10), inspect(request as u32, subject)];
                    events.extend(engine.send(asked));
                } else {
                    events.extend(engine.send([Command::Step(10)]));
                }
            }
            let answers = events.iter().filter(|event| matches!(event, Event::Inspected { .. })).count();
            assert_eq!(answers, if looks { 4 } else { 0 });
            let weights: Vec<Vec<f64>> =
                engine.0.session().expect("a run").trainer().weights().iter().map(read).collect();
            (losses(&events), weights, frames(&events).last().map(|frame| frame.val_loss))
        };
        assert_eq!(run(true), run(false), "{link}");
    }
}

#[test]
fn a_look_takes_turns_with_training_and_says_how_far_it_is() {
    let mut engine = Engine::new();
    // So large that a single product of the Hessian takes about as long as a slice may.
    engine.send([start(1, "depth=6&width=256&batch=256&init=kaiming-normal&device=cpu")]);
    let (_, mut events) = turn(&mut engine.0, [Command::Resume, inspect(1, Subject::Sharpness)]);
    for _ in 0..2000 {
        events.extend(turn(&mut engine.0, []).1);
        if events.iter().any(|event| matches!(event, Event::Inspected { .. })) {
            break;
        }
    }
    let shares: Vec<f64> = events
        .iter()
        .filter_map(|e| if let Event::Inspecting { share, .. } = e { Some(*share) } else { None })
        .collect();
    assert!(shares.len() > 2 && shares.iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
    let answer = events.iter().find(|event| matches!(event, Event::Inspected { .. }));
    let Some(Event::Inspected { step, .. }) = answer else { panic!("no answer") };
    assert_eq!(*step, 0, "of the network as it was when somebody asked");
    let seen = frames(&events);
    assert!(seen.len() + 2 >= shares.len(), "training goes on: {} frames, {} parts", seen.len(), shares.len());
}

#[test]
fn a_newer_request_or_run_takes_the_place_of_a_look() {
    let link = "depth=3&width=24&batch=16&init=kaiming-normal&device=cpu";
    let answers = |events: &[Event]| -> Vec<u32> {
        let answer = |event: &Event| if let Event::Inspected { request, .. } = event { Some(*request) } else { None };
        events.iter().filter_map(answer).collect()
    };
    let mut engine = Engine::new();
    engine.send([start(1, link)]);
    assert_eq!(answers(&engine.send([inspect(1, Subject::Sharpness), inspect(2, HIDDEN)])), [2]);
    turn(&mut engine.0, [inspect(3, Subject::Sharpness)]);
    assert_eq!(answers(&engine.send([start(2, link)])), [0; 0]);
    let events = engine.send([inspect(4, HIDDEN)]);
    assert!(
        matches!(events[..], [Event::Inspected { run: 1, result: Inspection::Nothing(Absence::Gone), .. }]),
        "run 1 is gone: {events:?}"
    );
}

#[test]
fn a_run_that_is_over_can_be_looked_into_unless_it_was_dropped() {
    let link = "depth=3&width=24&batch=16&init=kaiming-normal&steps=12&device=cpu";
    let mut engine = Engine::new();
    engine.send([start(1, link), Command::Resume]);
    let events = engine.send([inspect(1, HIDDEN)]);
    assert!(
        matches!(events.last(), Some(Event::Inspected { step: 12, result: Inspection::Matrix(_), .. })),
        "{events:?}"
    );
    engine.send([Command::Stop]);
    let is_gone =
        |events: &[Event]| matches!(events, [Event::Inspected { result: Inspection::Nothing(Absence::Gone), .. }]);
    assert!(is_gone(&engine.send([inspect(2, HIDDEN)])), "it was dropped afterwards");
    engine.send([start(1, link), Command::Stop]);
    assert!(is_gone(&engine.send([inspect(3, HIDDEN)])), "it was dropped while it ran");
}

#[test]
fn singular_values_are_those_of_the_weights() {
    let link = "depth=3&width=24&batch=16&init=xavier-normal";
    let found = spectrum(link, HIDDEN);
    assert_eq!(found.sides, [24, 24]);
    let (trainer, _) = network(link);
    let at = trainer.parameters().iter().position(|p| p.name == "hidden.2.weight").expect("a matrix");
    let square: f64 = read(&trainer.weights()[at]).iter().map(|w| w * w).sum();
    let sum: f64 = plain(&found.values).iter().map(|s| s * s).sum();
    assert!((sum / square - 1.0).abs() < 1e-9, "{sum} for {square}");
    // Q, K and V stand side by side in one tensor.
    let gpt = "model=gpt&depth=1&width=16&heads=2&context=8&batch=4&init=orthogonal&gain=2";
    for role in [Role::Query, Role::Key, Role::Value] {
        let found = spectrum(gpt, Subject::Matrix(MatrixId { layer: LayerId::Block(1), role }));
        assert_eq!(found.sides, [16, 16]);
        assert!(plain(&found.values).iter().all(|s| (s - 2.0).abs() < 1e-6), "{role:?}: {found:?}");
    }
}

#[test]
fn a_deep_orthogonal_network_without_activation_is_an_isometry() {
    let found = jacobian("depth=20&width=64&batch=16&act=linear&init=orthogonal");
    assert_eq!(found.hidden.len(), 8);
    for values in &found.hidden {
        assert_eq!(values.len(), 64);
        assert!(plain(values).iter().all(|s| (s - 1.0).abs() < 1e-5), "{values:?}");
    }
    // Its logits keep ten directions of 64.
    assert!(found.logits.iter().all(|values| values.len() == 10));
    assert!(found.logits.iter().flat_map(|values| plain(values)).all(|s| (s - 1.0).abs() < 1e-5));
}

/// ‖J‖² by central differences, through what held-out passes compute.
#[test]
fn jacobians_are_those_of_central_differences() {
    for rest in [
        "act=tanh&init=xavier-normal",
        "act=gelu&init=kaiming-normal&norm=layer&residual=on",
        "act=tanh&init=xavier-normal&norm=batch&pos=inner",
        "act=silu&init=xavier-normal&norm=rms&pos=post&dropout=0.3",
    ] {
        let link = format!("depth=3&width=16&batch=16&data=spirals&bias=0.1&{rest}&device=cpu");
        let mut engine = Engine::new();
        engine.send([start(1, &link)]);
        engine.send([Command::Step(30)]);
        let events = engine.send([inspect(1, Subject::Jacobian)]);
        let Some(Event::Inspected { result: Inspection::Jacobian(found), .. }) = events.last() else {
            panic!("{link}: {events:?}")
        };
        let trainer = engine.0.session().expect("a run").trainer();
        let data = Data::load(&spec(&link), &Device::flex());
        let Inputs::Rows(rows) = &data.held_out(false).inputs else { panic!("rows") };
        let targets = &data.held_out(false).targets;
        const H: f32 = 1e-2;
        for (example, values) in found.logits.iter().enumerate() {
            let input = rows.clone().narrow(1, example, 1);
            let logits = |moved: Tensor<3>| {
                let batch = Batch { inputs: Inputs::Rows(moved), targets: targets.clone().narrow(1, example, 1) };
                read(&trainer.predict(&batch))
            };
            let mut square = 0.0;
            for feature in 0..2 {
                let step = [0, 1].map(|at| if at == feature { H } else { 0.0 });
                let step = Tensor::<1>::from_data(step.as_slice(), &Device::flex()).reshape([1, 1, 2]);
                let (ahead, behind) = (logits(input.clone() + step.clone()), logits(input.clone() - step));
                square += ahead.iter().zip(&behind).map(|(a, b)| ((a - b) / f64::from(2.0 * H)).powi(2)).sum::<f64>();
            }
            let found: f64 = plain(values).iter().map(|s| s * s).sum();
            assert!((found / square - 1.0).abs() < 2e-2, "{link}, example {example}: {found} for {square}");
        }
    }
}

/// The same of a transformer, at the last position of a text: what its blocks make of the stream behind the embedding.
#[test]
fn jacobians_of_transformers_are_those_of_central_differences() {
    for rest in
        ["block=gpt2", "block=llama&norm=rms", "block=gpt2&residual=off&norm=none&act=tanh", "block=gpt2&pos=post"]
    {
        const LAB: &str = "model=gpt&depth=2&width=16&heads=2&context=6&batch=4&init=normal&std=0.2&device=cpu";
        let link = format!("{LAB}&{rest}");
        let mut engine = Engine::new();
        engine.send([start(1, &link)]);
        engine.send([Command::Step(5)]);
        let events = engine.send([inspect(1, Subject::Jacobian)]);
        let Some(Event::Inspected { result: Inspection::Jacobian(found), .. }) = events.last() else {
            panic!("{link}: {events:?}")
        };
        assert_eq!((found.hidden.len(), found.logits.len()), (2, 2));
        let trainer = engine.0.session().expect("a run").trainer();
        let data = Data::load(&spec(&link), &Device::flex());
        let Inputs::Windows(text) = &data.held_out(false).inputs else { panic!("a text") };
        const H: f32 = 1e-2;
        for (example, all) in [&found.hidden, &found.logits]
            .into_iter()
            .enumerate()
            .flat_map(|(output, all)| all.iter().enumerate().map(move |(example, values)| ((output, example), values)))
        {
            let (output, example) = example;
            let stream = trainer.embedded(text.clone().narrow(1, 6 * example, 6));
            let units = [16, data.held_out(false).targets.dims()[2]][output];
            let zero = Tensor::zeros([1, 1, units], &Device::flex());
            let made = |stream: Tensor<3>| read(&trainer.jacobian(stream, zero.clone(), output == 1)[0]);
            let mut square = 0.0;
            for feature in 0..16 {
                let step = (0..6 * 16).map(|at| if at == 5 * 16 + feature { H } else { 0.0 }).collect::<Vec<f32>>();
                let step = Tensor::<1>::from_data(step.as_slice(), &Device::flex()).reshape([1, 6, 16]);
                let (ahead, behind) = (made(stream.clone() + step.clone()), made(stream.clone() - step));
                square += ahead.iter().zip(&behind).map(|(a, b)| ((a - b) / f64::from(2.0 * H)).powi(2)).sum::<f64>();
            }
            let sum: f64 = plain(all).iter().map(|s| s * s).sum();
            assert!((sum / square - 1.0).abs() < 3e-2, "{link}, {output}, text {example}: {sum} for {square}");
        }
    }
}

#[test]
fn mean_square_singular_values_are_the_products_of_chi() {
    for rest in [
        "init=kaiming-normal",
        "init=normal&std=0.07&act=tanh",
        "init=xavier-normal&act=gelu&bias=0.2",
        "init=orthogonal&act=tanh",
        "init=kaiming-normal&norm=layer&residual=on",
        "init=xavier-normal&act=silu&norm=rms&pos=post",
        "init=kaiming-normal&norm=layer&pos=inner",
        "init=lsuv&act=tanh",
        "init=kaiming-normal&dropout=0.3",
    ] {
        let link = format!("depth=3&width=160&batch=16&{rest}");
        let [hidden, logits] = mlp_theory(&spec(&link)).jacobian_squares().expect("a prediction");
        let mut measured = [0.0; 2];
        const SEEDS: u64 = 2;
        for found in (0..SEEDS).map(|seed| jacobian(&format!("{link}&seed={seed}"))) {
            for (sum, examples) in measured.iter_mut().zip([found.hidden, found.logits]) {
                let square = |values: &Vec<Number>| plain(values).iter().map(|s| s * s).sum::<f64>();
                *sum += examples.iter().map(square).sum::<f64>() / (examples.len() as f64 * SEEDS as f64);
            }
        }
        for (measured, predicted) in measured.into_iter().zip([hidden, logits]) {
            assert!((measured / predicted - 1.0).abs() < 0.25, "{link}: {measured} for {predicted}");
        }
    }
    for rest in ["init=constant", "norm=batch"] {
        assert_eq!(mlp_theory(&spec(&format!("depth=3&{rest}"))).jacobian_squares(), None, "{rest}");
    }
}

/// All second derivatives of the loss of a small perceptron, in f64 and from nothing of the engine but its numbers.
fn dense_hessian(trainer: &Trainer, batch: &Batch, relu: bool) -> Vec<Vec<f64>> {
    let shapes: Vec<[usize; 3]> = trainer.weights().iter().map(|w| w.dims()).collect();
    let weights: Vec<f64> = trainer.weights().iter().flat_map(read).collect();
    let Inputs::Rows(rows) = &batch.inputs else { panic!("rows") };
    let [_, count, features] = rows.dims();
    let (inputs, targets) = (read(rows), read(&batch.targets));
    let classes = targets.len() / count;
    // The branches of ReLU at the weights themselves, unit by unit; the first pass notes them.
    let mut branches: Vec<f64> = Vec::new();
    let mut loss = |weights: &[f64]| {
        let (mut total, mut unit) = (0.0, 0);
        for row in 0..count {
            let mut h = inputs[row * features..(row + 1) * features].to_vec();
            let mut rest = weights;
            for (layer, pair) in shapes.chunks(2).enumerate() {
                let [_, n_in, n_out] = pair[0];
                let (w, others) = rest.split_at(n_in * n_out);
                let (b, others) = others.split_at(n_out);
                rest = others;
                let z = |j: usize| b[j] + (0..n_in).map(|i| h[i] * w[i * n_out + j]).sum::<f64>();
                let last = 2 * (layer + 1) == shapes.len();
                let z: Vec<f64> = (0..n_out).map(z).collect();
                let mut activate = |z: &f64| {
                    if last {
                        return *z;
                    } else if !relu {
                        return z.tanh();
                    } else if unit == branches.len() {
                        branches.push(f64::from(u8::from(*z > 0.0)));
                    }
                    unit += 1;
                    branches[unit - 1] * z
                };
                h = z.iter().map(&mut activate).collect();
            }
            let top = h.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = h.iter().map(|z| (z - top).exp()).sum();
            let right: f64 = h.iter().zip(&targets[row * classes..]).map(|(z, t)| z * t).sum();
            total += top + sum.ln() - right;
        }
        total / count as f64
    };
    const H: f64 = 1e-3;
    let n = weights.len();
    loss(&weights);
    let mut moved = |i: usize, a: f64, j: usize, b: f64| {
        let mut there = weights.clone();
        there[i] += a;
        there[j] += b;
        loss(&there)
    };
    let mut entry = |i: usize, j: usize| {
        (moved(i, H, j, H) - moved(i, H, j, -H) - moved(i, -H, j, H) + moved(i, -H, j, -H)) / (4.0 * H * H)
    };
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

/// The largest eigenvalue by power iteration, moved so that none is negative.
fn largest(matrix: &[Vec<f64>]) -> f64 {
    let shift = matrix.iter().flatten().map(|entry| entry * entry).sum::<f64>().sqrt();
    let mut x: Vec<f64> = (0..matrix.len()).map(|i| 1.0 + 0.1 * i as f64).collect();
    let mut value = 0.0;
    for _ in 0..4000 {
        let product = |(row, x_i): (&Vec<f64>, &f64)| row.iter().zip(&x).map(|(a, x)| a * x).sum::<f64>() + shift * x_i;
        let y: Vec<f64> = matrix.iter().zip(&x).map(product).collect();
        value = y.iter().map(|y| y * y).sum::<f64>().sqrt();
        x = y.iter().map(|y| y / value).collect();
    }
    value - shift
}

#[test]
fn the_sharpness_is_the_largest_eigenvalue_of_all_second_derivatives() {
    for (rest, steps) in [
        ("act=tanh&init=xavier-normal", 0),
        ("act=tanh&init=normal&std=0.5", 0),
        ("act=tanh&init=xavier-normal&lr=0.3", 60),
        ("act=relu&init=kaiming-normal", 0),
        ("act=relu&init=kaiming-normal&lr=0.3", 60),
    ] {
        let link = format!("depth=2&width=5&batch=24&data=spirals&bias=0.1&{rest}&device=cpu");
        let mut engine = Engine::new();
        engine.send([start(1, &link)]);
        if steps > 0 {
            engine.send([Command::Step(steps)]);
        }
        let trainer = engine.0.session().expect("a run").trainer();
        let batch = Data::load(&spec(&link), &Device::flex()).batches(steps, 1).remove(0);
        let exact = largest(&dense_hessian(trainer, &batch, rest.contains("relu")));
        let found = sharpness(&link, steps);
        assert!((found.value.0 / exact - 1.0).abs() < 0.01, "{link}: {found:?} for {exact}");
        assert!(found.error.0 < 0.05 * exact, "{link}: {found:?}");
        assert!((found.value.0 - exact).abs() <= found.error.0, "{link}: {found:?} for {exact}");
        assert!(!found.preconditioned);
    }
}

#[test]
fn what_a_network_does_not_have_is_said() {
    let nothing = |link: &str, steps: u64, subject: Subject| match look(link, steps, subject) {
        Inspection::Nothing(absence) => absence,
        other => panic!("{link}: {other:?}"),
    };
    let gpt = "model=gpt&depth=1&width=16&heads=2&context=8&batch=4";
    assert_eq!(nothing(gpt, 0, HIDDEN), Absence::OtherModel);
    assert_eq!(nothing(gpt, 0, Subject::Sharpness), Absence::NoMoments);
    let small = "depth=2&width=16&batch=16";
    assert_eq!(nothing(&format!("{small}&opt=adam"), 0, Subject::Sharpness), Absence::NoMoments);
    let lora = format!("{small}&adapt=lora&adapt-at=3");
    assert_eq!(nothing(&lora, 4, Subject::Sharpness), Absence::Adapters);
    assert_eq!(nothing("depth=5&width=1024&batch=4&init=zeros", 0, Subject::Sharpness), Absence::TooLarge);
}

#[test]
fn numbers_out_of_range_give_a_clear_result() {
    let small = "depth=3&width=16&batch=16";
    for (rest, subject) in
        [("init=normal&std=100&depth=40", Subject::Jacobian), ("init=normal&std=100&depth=40", Subject::Sharpness)]
    {
        // The run is over at step 0, and its network is still there.
        let found = look(&format!("{small}&{rest}"), 0, subject);
        assert_eq!(found, Inspection::Nothing(Absence::NotFinite), "{rest}");
    }
    let zeros = format!("{small}&init=zeros");
    assert!(plain(&spectrum(&zeros, HIDDEN).values).iter().all(|s| *s == 0.0));
    assert!(jacobian(&zeros).hidden.iter().flat_map(|values| plain(values)).all(|s| s == 0.0));
    // At zero weights ReLU passes nothing, and the output's biases alone have H = diag(p) − ppᵀ with p = 1/10.
    let even = sharpness(&zeros, 0);
    assert!((even.value.0 - 0.1).abs() < 1e-3, "{even:?}");
    // A signal that has died leaves a flat loss, and no panic.
    let dead = sharpness(&format!("{small}&depth=40&init=normal&std=0.000001"), 0);
    assert!(dead.value.0.is_finite() && dead.error.0.is_finite(), "{dead:?}");
}

#[test]
fn huge_weights_have_singular_values() {
    let device = Device::flex();
    let link = "depth=3&width=16&batch=16&init=normal&std=1&device=cpu";
    let (mut trainer, data) = network(link);
    let huge = trainer.weights()[2].clone().mul_scalar(1e30);
    trainer.set_weights(2, huge.clone());
    let entries: Vec<f32> = read(&huge).into_iter().map(|w| w as f32).collect();
    let mut values = init_lab::science::singular::SingularValues::new(16, 16, &entries);
    values.advance(usize::MAX);
    assert!(values.found().is_some_and(|values| values[0] > 1e30 && values.iter().all(|s| s.is_finite())));
    let batch = data.batches(0, 1).remove(0);
    trainer.measure(&batch, &mut Taps::new(false));
    let zero = Tensor::<3>::zeros([1, 4, 10], &device);
    let [_, rows] = trainer.jacobian(Tensor::ones([1, 1, 64], &device), zero, true);
    assert_eq!(rows.dims(), [1, 4, 64]);
}

/// A step along the sharpest direction multiplies the distance from a minimum there by 1 − ηλ, so that gradient descent
/// cannot stay where λ is above 2/η (Cohen et al. 2021, arXiv:2103.00065).
#[test]
fn a_large_rate_ends_where_the_sharpness_allows_it() {
    let link = |lr: f64| format!("depth=2&width=32&batch=512&act=tanh&data=spirals&init=xavier-normal&lr={lr}");
    let first = sharpness(&link(2.0), 0).value.0;
    assert!(first > 1.2 * 2.0 / 2.0, "{first}");
    let later = sharpness(&link(2.0), 800);
    assert_eq!(later.rate, 2.0);
    assert!((0.5..1.05).contains(&later.value.0), "{later:?}");
    let slow = sharpness(&link(0.1), 800).value.0;
    assert!(slow > 1.05, "what does not have to be flat is not: {slow}");
}

#[test]
fn adam_is_judged_in_its_own_units() {
    let link = "depth=2&width=5&batch=24&act=tanh&data=spirals&bias=0.1&init=xavier-normal&opt=adam&lr=0.01&device=cpu";
    const STEPS: u64 = 40;
    let mut engine = Engine::new();
    engine.send([start(1, link), Command::Step(STEPS)]);
    let trainer = engine.0.session().expect("a run").trainer();
    let batch = Data::load(&spec(link), &Device::flex()).batches(STEPS, 1).remove(0);
    let moments: Vec<f64> = trainer.optimizer_state().averages()[1].iter().flat_map(read).collect();
    let [first, second] = [0.9_f64, 0.999].map(|beta| 1.0 - beta.powi(STEPS as i32));
    let roots: Vec<f64> = moments.iter().map(|v| (first * ((v / second).sqrt() + 1e-8)).recip().sqrt()).collect();
    let mut matrix = dense_hessian(trainer, &batch, false);
    for (row, a) in matrix.iter_mut().zip(&roots) {
        row.iter_mut().zip(&roots).for_each(|(entry, b)| *entry *= a * b);
    }
    let exact = largest(&matrix);
    let found = sharpness(link, STEPS);
    assert!(found.preconditioned);
    assert!((found.value.0 / exact - 1.0).abs() < 0.02, "{found:?} for {exact}");
}
