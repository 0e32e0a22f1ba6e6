//! Every layer type's gradient against central differences.
//!
//! In f32 a loss near 2 carries an error near 2e-7, so a difference over ±h is good to 1e-7/h; with
//! h = 1e-2 along a random direction of the whole tensor that is 1e-5, and derivatives here are
//! 1e-2 to 1. ReLU's kinks lie within h of few units; its cases are given the wider tolerance.

use burn::tensor::{Device, Tensor};
use init_lab::engine::batch::Data;
use init_lab::engine::tap::Taps;
use init_lab::engine::trainer::Trainer;
use init_lab::lab::link::Lab;
use init_lab::science::seed::Stream;

const H: f32 = 1e-2;

#[test]
fn mlp_activations() {
    for act in ["linear", "gelu", "silu", "tanh", "sigmoid", "mish", "softplus", "erf", "sin"] {
        check(&format!("depth=2&width=12&batch=8&init=kaiming-normal&bias=0.1&data=spirals&act={act}"), 1e-2);
    }
    for act in ["relu", "leaky-relu", "leaky-relu&slope=0.3", "relu-squared", "elu", "selu"] {
        // A seed with which no unit is near its kink.
        check(&format!("depth=2&width=12&batch=8&init=kaiming-normal&bias=0.1&data=spirals&seed=1&act={act}"), 5e-2);
    }
}

#[test]
fn mlp_norms_and_residuals() {
    for norm in ["layer", "rms", "batch"] {
        for pos in ["pre", "inner", "post"] {
            for residual in ["on", "off"] {
                let link = format!("norm={norm}&pos={pos}&residual={residual}&act=tanh");
                check(&format!("depth=3&width=10&batch=8&init=xavier-normal&bias=0.1&data=digits&{link}"), 1e-2);
            }
        }
    }
}

#[test]
fn layers_that_differ_in_width() {
    for widths in ["16-8-4", "4-9-13"] {
        for rest in
            ["", "&norm=layer&pos=pre", "&norm=rms&pos=inner", "&norm=batch&pos=post", "&dropout=0.3", "&init=mup"]
        {
            check(&format!("widths={widths}&batch=8&init=xavier-normal&bias=0.1&act=tanh{rest}"), 1e-2);
        }
    }
}

/// Of one-hot inputs, which are the largest that a layer reads.
#[test]
fn characters() {
    for rest in ["", "&depth=2&norm=batch&pos=inner", "&depth=2&residual=on&dropout=0.3"] {
        check(&format!("data=chars&depth=1&width=10&batch=8&init=xavier-normal&bias=0.1&act=tanh{rest}"), 1e-2);
    }
}

#[test]
fn transformer() {
    for variant in
        ["norm=layer&pos=pre", "norm=layer&pos=post", "norm=rms&pos=pre", "norm=none", "norm=layer&residual=off"]
    {
        let size = "model=gpt&depth=2&width=16&heads=2&context=8&batch=2&init=normal&std=0.2&bias=0.1";
        check(&format!("{size}&{variant}"), 2e-2);
    }
}

#[test]
fn what_schemes_and_blocks_add() {
    let mlp = "depth=3&width=10&batch=8&bias=0.1&data=digits&act=tanh&residual=on";
    for init in ["rezero", "layer-scale", "mup", "lsuv", "depth-scaled", "identity", "sparse"] {
        check(&format!("{mlp}&std=0.3&init={init}"), 1e-2);
    }
    for rest in ["init=layer-scale&std=0.3&norm=layer&pos=inner", "init=lsuv&norm=batch&pos=post"] {
        check(&format!("{mlp}&{rest}"), 1e-2);
    }
    let gpt = "model=gpt&depth=2&width=16&heads=2&context=8&batch=2&std=0.2";
    for rest in [
        "block=llama&init=normal",
        "block=llama&init=llama&tied=on",
        "init=deepnorm&pos=post",
        "init=rezero&norm=none",
        "init=layer-scale",
        "init=mup",
        "init=fixup&norm=none&tied=off",
        "init=normal&attention=none&tied=off",
        "init=normal&init.q=zeros&init.v=identity&std.k=0.5&init.k=normal&writes=zero",
    ] {
        check(&format!("{gpt}&{rest}"), 2e-2);
    }
}

/// The measured pass with its masks, which are those of its step.
#[test]
fn dropout() {
    check("depth=3&width=12&batch=8&init=kaiming-normal&bias=0.1&data=spirals&act=gelu&dropout=0.4", 1e-2);
    check("depth=3&width=10&batch=8&init=xavier-normal&act=tanh&residual=on&norm=layer&pos=post&dropout=0.4", 1e-2);
    check("depth=3&width=10&batch=12&init=xavier-normal&act=tanh&residual=on&norm=batch&pos=inner&dropout=0.4", 1e-2);
    check("model=gpt&depth=2&width=16&heads=2&context=8&batch=2&init=normal&std=0.2&bias=0.1&dropout=0.3", 2e-2);
}

fn check(link: &str, tolerance: f64) {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    let device = Device::flex();
    let data = Data::load(&lab.spec, &device);
    let batch = data.batches(0, 1).remove(0);
    let mut trainer = Trainer::new(&lab.spec, &device);
    // A measurement at other weights has the same masks only if it is the same step's.
    let first = trainer.clone();
    trainer.measure(&batch, &mut Taps::new(false));
    let gradients: Vec<Vec<f32>> = trainer.gradients().iter().map(|g| values(g.clone())).collect();
    let mut wrong = Vec::new();
    for (index, gradient) in gradients.iter().enumerate() {
        let name = trainer.parameters()[index].name.clone();
        let mut stream = Stream::new(7, &name);
        let direction: Vec<f32> = gradient.iter().map(|_| stream.normal() as f32).collect();
        let weights = trainer.weights()[index].clone();
        let shape = weights.dims();
        let step = Tensor::<1>::from_data(direction.as_slice(), &device).reshape(shape);
        // Longer tensors move further along a random direction; keep the whole move at h.
        let scale = H / (gradient.len() as f32).sqrt();
        let loss = |sign: f32| {
            let mut there = first.clone();
            there.set_weights(index, weights.clone() + step.clone().mul_scalar(sign * scale));
            f64::from(there.measure(&batch, &mut Taps::new(false)).into_scalar::<f32>())
        };
        let measured = (loss(1.0) - loss(-1.0)) / (2.0 * f64::from(scale));
        let expected: f64 = gradient.iter().zip(&direction).map(|(g, d)| f64::from(*g) * f64::from(*d)).sum();
        // The difference's own error, 1e-7 of the loss over the step.
        let noise = 6e-7 / f64::from(scale);
        if (measured - expected).abs() > tolerance * expected.abs() + noise {
            wrong.push(format!("{name}: {measured} by differences, {expected} by backward"));
        }
    }
    assert!(wrong.is_empty(), "{link}\n{}", wrong.join("\n"));
}

fn values(tensor: Tensor<3>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}
