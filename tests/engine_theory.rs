//! The prediction of every scheme and block, against the network that the engine really builds:
//! variances by layer at step 0, as the page shows them.

use crate::measured::first_frame;
use init_lab::lab::link::Lab;
use init_lab::lab::metric::Frame;
use init_lab::lab::prediction::{Prediction, predict};
use init_lab::lab::spec::{Model, Scheme, Spec};

const SEEDS: u64 = 6;

#[test]
fn every_scheme_of_a_perceptron() {
    check_all(Model::Mlp, "depth=6&width=128&batch=64", 0.1);
}

/// Matrices that are not square: 64 × 384, 384 × 192, 192 × 96 and 96 × 10, in a network that widens too, and with what
/// else a perceptron can have.
#[test]
fn every_scheme_where_layers_differ_in_width() {
    check_all(Model::Mlp, "widths=384-192-96&batch=64", 0.1);
    for rest in [
        "widths=96-192-384&init=kaiming-normal&fan=out&gain=1",
        "widths=96-192-384&init=xavier-normal&act=tanh",
        "widths=384-192-96&init=kaiming-normal&norm=layer&pos=post",
        "widths=384-192-96&init=kaiming-normal&norm=batch&pos=inner",
        "widths=384-192-96&init=formula&formula=sqrt(2/width)",
        "widths=384-192-96&init=kaiming-normal&dropout=0.3",
    ] {
        check(&format!("batch=64&{rest}"), 0.1);
    }
}

#[test]
fn every_scheme_of_a_transformer() {
    check_all(Model::Gpt, "model=gpt&depth=3&width=64&heads=4&context=32&batch=4", 0.2);
}

#[test]
fn what_a_transformer_can_have_besides() {
    let size = "model=gpt&depth=3&width=64&heads=4&context=32&batch=4";
    for rest in [
        "block=llama&init=normal&std=0.06",
        "block=llama&init=llama&std=0.06",
        "block=llama&init=xavier-normal&norm=none",
        "tied=off&init=normal&std=0.06",
        "attention=none&init=normal&std=0.05",
        "attention=linear&init=normal&std=0.2",
        "writes=sqrt&init=xavier-normal",
        "writes=zero&init=xavier-normal",
        "writes=none&init=gpt2&std=0.07",
        "init=gpt2&init.q=normal&std.q=0.3&init.k=zeros&init.v=kaiming-normal&init.mlp-out=small&init.token=normal&std.token=0.2",
    ] {
        check(&format!("{size}&{rest}"), 0.15);
    }
}

/// Wide, so that the band is narrow; masks differ between examples.
#[test]
fn dropout() {
    let mlp = "depth=5&width=384&batch=64";
    for rest in [
        "init=kaiming-normal&dropout=0.5",
        "init=kaiming-normal&gain=1&dropout=0.5",
        "init=xavier-normal&act=tanh&dropout=0.3",
        "init=kaiming-normal&act=sigmoid&dropout=0.4&bias=0.1",
        "init=kaiming-normal&residual=on&norm=layer&dropout=0.2",
        "init=lsuv&act=gelu&dropout=0.3",
    ] {
        check(&format!("{mlp}&{rest}"), 0.1);
    }
    let gpt = "model=gpt&depth=3&width=64&heads=4&context=32&batch=4&dropout=0.3";
    for rest in ["init=gpt2&std=0.06", "init=normal&std=0.09&pos=post", "block=llama&init=llama&std=0.06"] {
        check(&format!("{gpt}&{rest}"), 0.15);
    }
}

/// BatchNorm takes examples as equally far from their mean, which digits are not.
#[test]
fn norms_in_all_places() {
    let size = "depth=6&width=128&batch=64&init=kaiming-normal&gain=1.4";
    for norm in ["layer", "rms", "batch"] {
        for pos in ["pre", "inner", "post"] {
            for act in ["relu", "tanh"] {
                check(&format!("{size}&norm={norm}&pos={pos}&act={act}"), 0.12);
            }
        }
    }
    for norm in ["layer", "rms"] {
        for pos in ["pre", "inner", "post"] {
            check(&format!("{size}&norm={norm}&pos={pos}&residual=on"), 0.12);
        }
    }
    check(&format!("{size}&norm=layer&pos=inner&residual=on&dropout=0.3"), 0.12);
    check("depth=6&width=128&batch=64&init=lsuv&norm=batch&pos=inner", 0.12);
}

/// Before it is adapted a network sees other data: half of the classes, or a text of small letters.
#[test]
fn what_is_adapted_later() {
    for rest in ["data=digits", "data=spirals", "data=digits&act=tanh"] {
        check(&format!("depth=6&width=128&batch=64&init=kaiming-normal&adapt=lora&{rest}"), 0.1);
    }
    check("model=gpt&depth=3&width=64&heads=4&context=32&batch=4&init=normal&std=0.06&adapt=tokens", 0.15);
}

/// Of the variance of 1 biases take their part, while they leave one; then the weights stay orthonormal.
#[test]
fn lsuv_with_biases() {
    for bias in ["0.5", "1", "2"] {
        let link = format!("init=lsuv&depth=5&width=128&batch=64&bias={bias}&seed=3");
        let spec = Lab::from_link(&link).0.spec;
        let frame = first_frame(spec.clone());
        let orthonormal = init_lab::lab::prediction::sigma(&spec).hidden;
        for (layer, theory) in frame.layers.iter().zip(predict(&spec).layers) {
            let (measured, predicted) = (layer.preactivation_var.expect("z").0, theory.preactivation_var.expect("z"));
            let spread = 2.5 * theory.preactivation_spread + 0.1;
            assert!((measured / predicted).ln().abs() < spread, "{link} {}: {measured} {predicted}", layer.id);
        }
        for weights in frame.weights.iter().skip(1) {
            assert!(weights.std.0 > 0.3 * orthonormal, "{link} {}: {}", weights.id, weights.std.0);
        }
    }
}

fn check_all(model: Model, size: &str, tolerance: f64) {
    let base = Spec::default_for(model);
    for scheme in base.schemes().filter(|scheme| scheme.is_random() && *scheme != Scheme::Zeros) {
        if scheme.needs_residual() && size.contains("widths") {
            continue;
        }
        let mut rest = format!("init={}&std=0.09", scheme.id());
        if scheme.needs_residual() {
            rest += "&residual=on";
        }
        if scheme == Scheme::DeepNorm {
            rest += "&pos=post";
        }
        check(&format!("{size}&{rest}"), tolerance);
    }
}

/// The logarithm of the variance, averaged over seeds, is where it is predicted, within the tolerance
/// (a share of data and width that theory leaves out) and three standard errors of the spread.
#[track_caller]
fn check(link: &str, tolerance: f64) {
    let mut frames: Vec<Frame> = Vec::new();
    let mut prediction: Option<Prediction> = None;
    for seed in 1..=SEEDS {
        let (lab, notices) = Lab::from_link(&format!("{link}&seed={seed}"));
        assert_eq!(notices, [], "{link}");
        prediction = Some(predict(&lab.spec));
        frames.push(first_frame(lab.spec));
    }
    let prediction = prediction.expect("seeds");
    let mut wrong = Vec::new();
    for (at, (id, theory)) in prediction.ids.iter().zip(&prediction.layers).enumerate() {
        let sampling = 3.0 * theory.log_spread / (SEEDS as f64).sqrt();
        let bias = 0.5 * theory.log_spread * theory.log_spread;
        for (what, predicted, measured) in [
            ("z", theory.preactivation_var, frames.iter().map(|f| f.layers[at].preactivation_var).collect::<Vec<_>>()),
            ("h", theory.activation_var, frames.iter().map(|f| f.layers[at].activation_var).collect()),
        ] {
            let Some(predicted) = predicted else { continue };
            let logs: Vec<f64> = measured.iter().flatten().map(|number| number.0.ln()).collect();
            if logs.is_empty() {
                continue;
            }
            let error = logs.iter().sum::<f64>() / logs.len() as f64 - predicted.ln() + bias;
            if predicted > 0.0 && (error.is_nan() || error.abs() > tolerance + sampling) {
                wrong.push(format!("{id} {what}: e^{error:.2} of {predicted:.3e}, spread {:.2}", theory.log_spread));
            }
        }
    }
    assert!(wrong.is_empty(), "{link}\n{}", wrong.join("\n"));
}
