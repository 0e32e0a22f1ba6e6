//! Theory of layers that differ in width, against a recursion in NumPy that knows nothing of it (`golden/widths.py`).

use crate::plain::PLAIN;
use init_lab::science::activation::Activation;
use init_lab::science::architecture::Architecture;
use init_lab::science::data::likeness::Profile;
use init_lab::science::init::{Fan, Init, Scheme};
use init_lab::science::plan::Plan;
use init_lab::science::theory::MlpTheory;
use init_lab::science::widths::Widths;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|number| number.as_f64().expect("a number")).collect()
}

fn theory(golden: &Value, scheme: &str, activation: Activation) -> MlpTheory {
    let widths = Widths::new(numbers(&golden["widths"]).into_iter().map(|units| units as usize));
    let size = |key: &str| golden[key].as_u64().expect("a size") as usize;
    let architecture = Architecture {
        depth: widths.len(),
        width: widths.iter().max().expect("layers"),
        widths,
        features: size("features"),
        classes: size("classes"),
        activation,
        ..PLAIN
    };
    let (scheme, fan) = match scheme {
        "kaiming-in" => (Scheme::KaimingNormal, Fan::In),
        "kaiming-out" => (Scheme::KaimingNormal, Fan::Out),
        "xavier" => (Scheme::XavierNormal, Fan::In),
        "orthogonal" => (Scheme::Orthogonal, Fan::In),
        _ => (Scheme::Normal, Fan::In),
    };
    MlpTheory {
        architecture,
        matrices: architecture.matrices(),
        plan: Plan::new(Init { std: 0.05, fan, gain: scheme.default_gain(activation), ..Init::new(scheme) }),
        bias_std: None,
        input_second_moment: 1.0,
        batch: 1,
        profile: Profile::default(),
    }
}

#[track_caller]
fn close(what: &str, found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-5, "{what}: {found} and not {expected}");
}

#[test]
fn every_layer_is_predicted_from_its_own_fans() {
    let golden: Value = serde_json::from_str(include_str!("golden/widths.json")).expect("JSON");
    let cases = golden["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 15);
    for case in cases {
        let text = |key: &str| case[key].as_str().expect("a text");
        let activation = Activation::from_id(text("activation")).expect("an activation");
        let theory = theory(&golden, text("scheme"), activation);
        let (layers, sizes) = (theory.predict(), theory.sizes().expect("random weights"));
        let [sums, outputs, gradients] = ["preactivation", "activation_var", "gradient"].map(|key| numbers(&case[key]));
        assert_eq!(layers.len(), 5);
        for (at, layer) in layers.iter().enumerate() {
            let what = |key: &str| format!("{} {} {key} {}", text("scheme"), text("activation"), at + 1);
            close(&what("z"), layer.preactivation_var.expect("a variance"), sums[at]);
            close(&what("h"), layer.activation_var.expect("a variance"), outputs[at]);
            close(&what("sizes"), sizes[at].preactivation.exp(), sums[at]);
            // What is relative to the last layer needs no common scale.
            let relative = layer.gradient.expect("a gradient") / layers[4].gradient.expect("a gradient");
            close(&what("gradient"), relative, gradients[at] / gradients[4]);
        }
    }
}

/// n·σ² is 1 forward with fan_in, backward with fan_out, and Glorot's mean is between them in both directions.
#[test]
fn each_direction_holds_with_its_own_fan_alone() {
    let golden: Value = serde_json::from_str(include_str!("golden/widths.json")).expect("JSON");
    let drift = |scheme: &str| {
        let theory = theory(&golden, scheme, Activation::Relu);
        let sizes = theory.sizes().expect("random weights");
        let forward = sizes[3].preactivation - sizes[1].preactivation;
        let back: f64 = (2..4).map(|at| (theory.matrices[at].fans.fan_out as f64).ln() + sizes[at].weight).sum();
        [forward, back - 2.0 * 2f64.ln()]
    };
    let halves = 2.0 * 2f64.ln();
    let [forward, back] = drift("kaiming-in");
    assert!(forward.abs() < 1e-12 && (back + halves).abs() < 1e-12, "{forward} {back}");
    let [forward, back] = drift("kaiming-out");
    assert!((forward - halves).abs() < 1e-12 && back.abs() < 1e-12, "{forward} {back}");
    // Xavier has no gain of √2, so that both directions lose a half in each layer besides.
    let [forward, back] = drift("xavier");
    let [up, down] = [2.0 * (4.0f64 / 3.0).ln(), 2.0 * (2.0f64 / 3.0).ln()];
    assert!((forward - (up - halves)).abs() < 1e-12 && (back - (down - halves)).abs() < 1e-12, "{forward} {back}");
}
