//! The engine's numbers against PyTorch's: the same weights and batches, twenty steps.

use burn::tensor::{Device, Int, Tensor};
use init_lab::engine::adapt::LoraAdapter;
use init_lab::engine::batch::{Batch, Inputs, text_batch};
use init_lab::engine::loss::one_hot;
use init_lab::engine::optimizer::{UpdateRule, schedule};
use init_lab::engine::tap::Taps;
use init_lab::engine::trainer::Trainer;
use init_lab::lab::spec::{Activation, AttentionScale, BlockStyle, Model, Norm, NormPosition, Optimizer, Schedule};
use init_lab::science::architecture::Architecture;
use init_lab::science::junction::Junction;
use init_lab::science::widths::Widths;
use serde_json::Value;

/// PyTorch's own float32 is within 3e-7 of its float64; the issue asks for 1e-4.
const TOLERANCE: f64 = 5e-6;

#[test]
fn losses_follow_pytorch() {
    let golden: Value = serde_json::from_str(include_str!("golden/train.json")).expect("golden file");
    let cases = golden["cases"].as_array().expect("cases");
    assert!(cases.len() >= 21, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case["name"].as_str().expect("name");
        let expected: Vec<f64> =
            case["loss"].as_array().expect("loss").iter().chain([&case["loss_after"]]).map(number).collect();
        let (losses, held_out) = train(case, expected.len() as u64);
        if let Some(theirs) = case["held_out"].as_f64()
            && ((held_out - theirs) / theirs).abs() > TOLERANCE
        {
            wrong.push(format!("{name} held out: {held_out} against {theirs}"));
        }
        for (step, (ours, theirs)) in losses.iter().zip(&expected).enumerate() {
            if ((ours - theirs) / theirs).abs() > TOLERANCE {
                wrong.push(format!("{name} step {step}: {ours} against {theirs}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The losses, and that of the batch after them as a held-out one.
fn train(case: &Value, count: u64) -> (Vec<f64>, f64) {
    let device = Device::flex();
    let net = architecture(case);
    let tensors = case["tensors"].as_array().expect("tensors");
    let list = net.parameters();
    let names: Vec<&str> = tensors.iter().map(|tensor| text(&tensor["name"])).collect();
    assert_eq!(list.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), names[..list.len()]);
    let mut values = tensors.iter().enumerate().map(|(k, tensor)| {
        let (center, bound) = (number(&tensor["center"]), number(&tensor["bound"]));
        let count = tensor["shape"].as_array().expect("shape").iter().map(number).product::<f64>() as u32;
        (0..count).map(|i| (center + bound * value(k as u32, i)) as f32).collect::<Vec<f32>>()
    });
    let optimizer = Optimizer::from_id(text(&case["optimizer"]["kind"])).expect("optimizer");
    let rule = rule(&case["optimizer"], optimizer, count - 1);
    let mut trainer = Trainer::from_values(net, optimizer, values.by_ref().take(list.len()).collect(), &device);
    if let Some(rank) = case["rank"].as_u64() {
        // What is left of the tensors: A and B of each hidden matrix.
        let rest: Vec<Vec<f32>> = values.collect();
        let hidden = (0..list.len()).filter(|index| list[*index].kind.is_matrix()).zip(rest.chunks_exact(2));
        let adapter = |(index, pair): (usize, &[Vec<f32>])| {
            let of = |values: &[f32], shape: [usize; 3]| Tensor::<1>::from_data(values, &device).reshape(shape);
            let (a, b) = ([1, list[index].rows, rank as usize], [1, rank as usize, list[index].columns]);
            LoraAdapter::new(index, trainer.weights()[index].clone(), of(&pair[0], a), of(&pair[1], b))
        };
        let adapters = hidden.map(adapter).collect();
        trainer.attach(adapters);
    }
    let mut losses = Vec::new();
    for step in 0..count {
        let mut taps = Taps::new(false);
        if step > 0 {
            // One step a slice: the schedule must carry the optimizer's step count across slices.
            trainer.update(&schedule(&[rule], step - 1, 1, &device)[0], &mut taps);
        }
        let loss = trainer.measure(&batch(case, &net, step as u32, &device), &mut taps);
        losses.push(f64::from(loss.into_scalar::<f32>()));
    }
    let [held_out, _] = trainer.judge(&batch(case, &net, count as u32, &device), &mut Taps::new(false));
    (losses, f64::from(held_out.into_scalar::<f32>()))
}

fn rule(settings: &Value, optimizer: Optimizer, steps: u64) -> UpdateRule {
    let schedule = Schedule::from_id(settings["schedule"].as_str().unwrap_or("constant")).expect("schedule");
    UpdateRule {
        optimizer,
        lr: number(&settings["rate"]),
        decay: number(&settings["decay"]),
        warmup: settings["warmup"].as_u64().unwrap_or(0),
        schedule,
        steps,
        clip: settings["clip"].as_f64().unwrap_or(0.0),
    }
}

fn architecture(case: &Value) -> Architecture {
    let model = Model::from_id(text(&case["model"])).expect("model");
    let mlp = model == Model::Mlp;
    let size = |key: &str| case[key].as_u64().unwrap_or(1) as usize;
    Architecture {
        model,
        depth: size(if mlp { "hidden" } else { "blocks" }),
        width: size("width"),
        widths: Widths::NONE,
        heads: size("heads"),
        context: size("context"),
        activation: Activation::from_id(text(&case["activation"])).expect("activation"),
        norm: Norm::from_id(text(&case["norm"])).expect("norm"),
        position: NormPosition::from_id(text(&case["place"])).unwrap_or(NormPosition::Pre),
        residual: case["residual"].as_bool().expect("residual"),
        dropout: 0.0,
        block: BlockStyle::from_id(case["block"].as_str().unwrap_or("gpt2")).expect("block"),
        attention: AttentionScale::Root,
        tied: case["tied"].as_bool().unwrap_or(true),
        junction: Junction { skip: case["skip"].as_f64().unwrap_or(1.0), gate: None },
        mup: false,
        features: size("inputs"),
        classes: size(if mlp { "classes" } else { "vocabulary" }),
    }
}

fn batch(case: &Value, net: &Architecture, step: u32, device: &Device) -> Batch {
    let rows = case["batch"].as_u64().expect("batch") as usize;
    let classes = Tensor::<1, Int>::arange(0..net.classes as i64, device);
    if net.model == Model::Mlp {
        let inputs: Vec<f32> = (0..rows * net.features).map(|i| value(1000 + step, i as u32) as f32).collect();
        let labels: Vec<i32> = (0..rows).map(|r| choice(2000 + step, r as u32, net.classes)).collect();
        let inputs = Tensor::<1>::from_data(inputs.as_slice(), device).reshape([1, rows, net.features]);
        let labels = Tensor::<1, Int>::from_data(labels.as_slice(), device);
        return Batch { inputs: Inputs::Rows(inputs), targets: one_hot(labels, &classes) };
    }
    let window = net.context + 1;
    let token = |row: usize, at: usize| choice(3000 + step, (row * window + at) as u32, net.classes);
    let take = |shift: usize| -> Tensor<1, Int> {
        let ids: Vec<i32> = (0..rows).flat_map(|row| (0..net.context).map(move |at| token(row, at + shift))).collect();
        Tensor::from_data(ids.as_slice(), device)
    };
    text_batch(take(0), take(1), 1, &classes)
}

/// The generator's hash, uniform in (−1, 1); see `golden/README.md`.
fn value(k: u32, i: u32) -> f64 {
    let mut u = i.wrapping_mul(2_654_435_761).wrapping_add(k.wrapping_mul(40_503)).wrapping_add(12_345);
    u ^= u >> 16;
    u = u.wrapping_mul(2_246_822_519);
    u ^= u >> 13;
    u = u.wrapping_mul(3_266_489_917);
    u ^= u >> 16;
    2.0 * (f64::from(u) + 0.5) / 4_294_967_296.0 - 1.0
}

fn choice(k: u32, i: u32, n: usize) -> i32 {
    ((value(k, i) + 1.0) / 2.0 * n as f64).floor() as i32
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}
