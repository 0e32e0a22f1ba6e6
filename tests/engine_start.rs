//! The first weights and the first measurement of two networks, held in `golden/start.json`.
//!
//! `tests/e2e/weights.spec.mjs` compares the browser with the same file. Written anew, here and on
//! purpose, by `UPDATE_GOLDEN=1 cargo test -F engine --test engine engine_start`.

use crate::measured::first_frame;
use init_lab::engine::initial::{fingerprint, initial};
use init_lab::engine::optimizer::TensorPace;
use init_lab::lab::link::Lab;
use init_lab::lab::spec::{Optimizer, Spec};
use serde_json::{Value, json};

/// Every kind of matrix and of law, biases that are drawn, what is measured, a formula.
const LINKS: [&str; 10] = [
    "depth=4&width=24&batch=16&init=kaiming-normal&seed=7&device=cpu",
    "depth=3&width=24&batch=16&init=pytorch&act=tanh&seed=18446744073709551615&device=cpu",
    "depth=3&width=20&batch=16&init=orthogonal&bias=0.1&device=cpu&seed=1",
    "model=gpt&depth=2&width=16&heads=2&context=16&batch=4&seed=7&device=cpu",
    "depth=3&width=24&batch=16&init=lsuv&act=gelu&device=cpu&seed=1",
    "depth=3&width=24&batch=16&init=formula&formula=sqrt(2/fan_in)*layer^-0.5&act=mish&device=cpu&seed=1",
    "depth=3&width=24&batch=16&init=truncated-normal&std=0.2&cut=raw&act=selu&device=cpu&seed=1",
    "depth=3&width=24&batch=16&init=sparse&std=0.5&act=relu-squared&data=spirals&device=cpu&seed=1",
    "model=gpt&block=llama&init=llama&depth=2&width=16&heads=2&context=16&batch=4&device=cpu&seed=1",
    "model=gpt&init=deepnorm&pos=post&init.q=orthogonal&init.token=normal&std.token=0.05&depth=2&width=16&heads=2&context=16&batch=4&tied=off&device=cpu&seed=1",
];

/// μP scales rates by the width; the output's bias has as many entries as there are classes at any width.
#[test]
fn mup_leaves_the_output_bias_its_rate() {
    let (lab, _) = Lab::from_link("init=mup&width=256&depth=2");
    let net = lab.spec.architecture();
    for (optimizer, expected) in [
        (Optimizer::Sgd, [4.0, 4.0, 1.0, 4.0, 0.25, 1.0]),
        (Optimizer::Momentum, [4.0, 4.0, 1.0, 4.0, 0.25, 1.0]),
        (Optimizer::Adam, [1.0, 1.0, 0.25, 1.0, 0.25, 1.0]),
        (Optimizer::AdamW, [1.0, 1.0, 0.25, 1.0, 0.25, 1.0]),
    ] {
        let rates: Vec<f64> =
            net.parameters().iter().map(|parameter| TensorPace::of(parameter, &net, optimizer).factor).collect();
        assert_eq!(rates, expected, "{optimizer:?}");
    }
}

/// Statistics are sums of f32 in an order of the device's own.
const STATISTIC: f64 = 1e-5;
/// A standard deviation of weights is a sum of fewer.
const STD: f64 = 1e-6;

#[test]
fn the_start_is_the_golden_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/start.json");
    let ours = Value::Array(LINKS.iter().map(|link| start(link)).collect());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = serde_json::to_string_pretty(&ours).expect("JSON");
        std::fs::write(path, text + "\n").expect("written");
    }
    let golden: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("golden file")).expect("JSON");
    let mut wrong = Vec::new();
    compare("", &golden, &ours, &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn start(link: &str) -> Value {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    let frame = first_frame(lab.spec.clone());
    json!({
        "link": link,
        "drawn": drawn(&lab.spec),
        "fingerprint": fingerprint(&initial(&lab.spec)),
        "loss": frame.loss,
        "layers": frame.layers,
        "weights": frame.weights.iter().map(|w| json!({ "name": w.id, "std": w.std })).collect::<Vec<_>>(),
    })
}

/// The fingerprint of every tensor as it is drawn, to the bit.
fn drawn(spec: &Spec) -> Value {
    let parameters = spec.architecture().parameters();
    let hashes = initial(spec).into_iter().map(|values| json!(fingerprint(&[values])));
    Value::Object(parameters.into_iter().map(|parameter| parameter.name).zip(hashes).collect())
}

fn compare(place: &str, golden: &Value, ours: &Value, wrong: &mut Vec<String>) {
    match (golden, ours) {
        (Value::Array(golden), Value::Array(ours)) if golden.len() == ours.len() => {
            for (index, (golden, ours)) in golden.iter().zip(ours).enumerate() {
                compare(&format!("{place}/{index}"), golden, ours, wrong);
            }
        }
        (Value::Object(golden), Value::Object(ours)) if golden.keys().eq(ours.keys()) => {
            for (key, golden) in golden {
                compare(&format!("{place}/{key}"), golden, &ours[key], wrong);
            }
        }
        (Value::Number(golden), Value::Number(ours)) => {
            let (golden, ours) = (golden.as_f64().unwrap_or(f64::NAN), ours.as_f64().unwrap_or(f64::NAN));
            let tolerance = if place.ends_with("/std") { STD } else { STATISTIC };
            if (golden - ours).abs() > tolerance * golden.abs() {
                wrong.push(format!("{place}: {ours} against {golden}"));
            }
        }
        _ if golden == ours => {}
        _ => wrong.push(format!("{place}: {ours} against {golden}")),
    }
}
