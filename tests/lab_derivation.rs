//! The derivation of what a layer multiplies the signal by: its factors are what they are called, and together they are
//! what theory predicts.

use init_lab::lab::derivation::{Derivation, DerivedVariance, Factor, Joint};
use init_lab::lab::knob::Knob;
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::{Prediction, mlp_theory, predict};
use init_lab::lab::spec::{Model, Scheme, Spec};
use init_lab::science::activation::Activation;
use init_lab::science::layer::LayerId;
use init_lab::science::moments::moments;

use crate::languages;

fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    lab.spec
}

fn derived(link: &str) -> Derivation {
    let spec = spec(link);
    Derivation::new(&spec, &predict(&spec)).unwrap_or_else(|| panic!("{link}"))
}

fn none(link: &str) -> bool {
    let spec = spec(link);
    Derivation::new(&spec, &predict(&spec)).is_none()
}

/// The value of the formula, products first.
fn value(factors: &[Factor]) -> f64 {
    let (sum, product) = factors.iter().fold((0.0, 1.0), |(sum, product), factor| match factor.joint {
        Joint::Times => (sum, product * factor.value),
        Joint::Plus => (sum + product, factor.value),
    });
    sum + product
}

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((actual / expected - 1.0).abs() <= tolerance, "{what}: {actual} is not {expected}");
}

fn factor<'a>(derivation: &'a Derivation, knob: &str) -> &'a Factor {
    derivation.factors.iter().find(|factor| factor.knob == knob).expect("a factor of this knob")
}

/// Links of networks of every kind.
fn links() -> Vec<String> {
    let mut all = Vec::new();
    for activation in Activation::IDS {
        for rest in [
            "depth=20&width=128",
            "depth=2&width=32&std=0.3",
            "depth=100&width=200&std=0.07&bias=0.2",
            "depth=9&init=xavier-uniform&dropout=0.3&data=spirals",
            "depth=7&residual=on&std=0.1",
            "depth=7&residual=on&init=kaiming-normal&bias=0.1&dropout=0.2",
            "depth=6&norm=layer",
            "depth=6&norm=rms&pos=inner&std=0.4",
            "depth=6&norm=layer&pos=post&bias=0.3",
            "depth=6&norm=batch&dropout=0.1",
            "depth=6&norm=batch&pos=inner",
            "depth=6&norm=batch&residual=on",
            "depth=6&norm=rms&residual=on",
            "depth=6&norm=layer&pos=inner&residual=on",
            "depth=6&norm=layer&pos=post&residual=on",
        ] {
            all.push(format!("act={activation}&{rest}"));
        }
    }
    for scheme in Scheme::IDS {
        all.push(format!("init={scheme}&depth=12"));
        all.push(format!("init={scheme}&depth=5&act=tanh&bias=0.1&residual=on"));
        all.push(format!("model=gpt&init={scheme}"));
    }
    for rest in ["", "&residual=off", "&norm=none", "&norm=none&residual=off", "&pos=post", "&pos=post&residual=off"] {
        for block in ["gpt2", "llama"] {
            all.push(format!("model=gpt&block={block}&depth=3{rest}"));
            all.push(format!("model=gpt&block={block}&depth=1{rest}"));
        }
    }
    all
}

/// Specs of links, of which some need another knob to be adjusted.
fn specs() -> impl Iterator<Item = (String, Spec)> {
    links().into_iter().map(|link| {
        let spec = Lab::from_link(&link).0.spec;
        (link, spec)
    })
}

/// The variance that a derivation is about, at a layer of a prediction.
fn predicted(derivation: &Derivation, prediction: &Prediction, id: LayerId) -> f64 {
    let at = prediction.ids.iter().position(|known| *known == id).expect("a layer");
    let layer = prediction.layers[at];
    match derivation.variance {
        DerivedVariance::Sums => layer.preactivation_var,
        DerivedVariance::Stream => layer.activation_var,
    }
    .expect("a variance")
}

#[test]
fn the_default_is_what_is_taught() {
    let derivation = derived("");
    assert_eq!(derivation.formula(), "128 × 0.02² × ½");
    assert_eq!(
        [derivation.product_text(), derivation.layers_text(), derivation.whole_text()],
        ["0.0256", "¹⁹", "10⁻³⁰"]
    );
    assert!(!derivation.varies);
    let knobs: Vec<&str> = derivation.factors.iter().map(|factor| factor.knob).collect();
    assert_eq!(knobs, ["width", "std", "act"]);
    close(derivation.exponent, 19.0 * 0.0256_f64.log10(), 1e-9, "default");
    // What is smaller than every number still has its power.
    assert_eq!(derived("depth=100&std=0.001").whole_text(), "10⁻⁴¹⁵");
    assert_eq!(derived("init=kaiming-normal").product_text(), "1");
    assert_eq!(derived("init=kaiming-normal").whole_text(), "1");
}

#[test]
fn the_factors_make_what_theory_predicts() {
    let mut told = 0;
    for (link, spec) in specs() {
        let prediction = predict(&spec);
        let Some(derivation) = Derivation::new(&spec, &prediction) else { continue };
        told += 1;
        close(value(&derivation.factors), derivation.product, 1e-9, &link);
        let ends = derivation.ends.map(|id| predicted(&derivation, &prediction, id));
        if ends.iter().all(|end| end.is_normal()) {
            let change = (ends[1] / ends[0]).ln() / std::f64::consts::LN_10;
            assert!((derivation.exponent - change).abs() < 1e-9, "{link}: {} for {change}", derivation.exponent);
        }
        // The product is the ratio of neighbours, in the middle.
        let at = |id: LayerId| prediction.ids.iter().position(|known| *known == id).expect("a layer");
        let from = match derivation.variance {
            DerivedVariance::Sums => at(derivation.layer),
            DerivedVariance::Stream => at(derivation.layer) - 1,
        };
        let neighbours = [from, from + 1].map(|index| predicted(&derivation, &prediction, prediction.ids[index]));
        if neighbours.iter().all(|end| end.is_normal()) {
            close(derivation.product, neighbours[1] / neighbours[0], 1e-9, &link);
        }
        if !derivation.varies {
            let each = derivation.exponent / derivation.layers as f64;
            assert!((each - derivation.product.log10()).abs() < 1e-3, "{link}");
        }
        for factor in &derivation.factors {
            assert!(Knob::find(factor.knob).is_some_and(|knob| knob.applies(&spec)), "{link}: {}", factor.knob);
        }
    }
    assert!(told > 230, "{told}");
}

/// E φ(√q·g)²/q by its own definition, at the q of each length of the data: the recursion is written down again here.
#[test]
fn the_activations_factor_is_an_average_over_a_gaussian() {
    for activation in Activation::IDS {
        for rest in ["depth=20", "depth=9&std=0.2&bias=0.3", "depth=11&init=xavier-normal&dropout=0.25"] {
            let link = format!("act={activation}&{rest}");
            let (spec, derivation) = (spec(&link), derived(&link));
            let theory = mlp_theory(&spec);
            let (phi, p) = (spec.phi(), spec.training.dropout);
            let bias = spec.start.bias.unwrap_or(0.0).powi(2);
            let weight = |index: usize| theory.plan.second_moment(&theory.matrices[index]);
            let mut q: Vec<f64> =
                theory.profile.lengths.iter().map(|length| 64.0 * weight(0) * length.square + bias).collect();
            let LayerId::Hidden(middle) = derivation.layer else { panic!("a hidden layer") };
            for index in 1..middle {
                for q in &mut q {
                    *q = 128.0 * weight(index) * moments(phi, *q).second / (1.0 - p) + bias;
                }
            }
            let mean = |of: &dyn Fn(f64) -> f64| -> f64 {
                theory.profile.lengths.iter().zip(&q).map(|(length, q)| length.share * of(*q)).sum()
            };
            let kept = mean(&|q| moments(phi, q).second) / mean(&|q| q);
            close(factor(&derivation, "act").value, kept, 1e-8, &link);
            if bias > 0.0 {
                let fed = 128.0 * weight(middle) * mean(&|q| moments(phi, q).second) / (1.0 - p);
                // Beside what explodes biases are nothing, and no factor.
                let found = derivation.factors.iter().find(|factor| factor.knob == "bias");
                close(found.map_or(1.0, |factor| factor.value), 1.0 + bias / fed, 1e-8, &link);
            }
            // Only what is homogeneous has one factor for all sizes.
            let same = matches!(activation, &"linear" | &"relu" | &"leaky-relu");
            if same && bias == 0.0 {
                assert!(!derivation.varies, "{link}");
            }
        }
    }
    assert_eq!(factor(&derived("act=relu"), "act").text, "½");
    assert_eq!(factor(&derived("act=linear"), "act").text, "1");
    close(factor(&derived("act=leaky-relu&slope=0.2"), "act").value, 0.52, 1e-12, "(1 + 0.2²)/2");
    assert!(derived("act=tanh&std=0.2").varies);
}

#[test]
fn a_norm_undoes_the_other_factors() {
    for pos in ["pre", "post"] {
        // RMSNorm leaves inputs of mean square 1, but for its ε.
        let derivation = derived(&format!("norm=rms&pos={pos}&std=0.3"));
        let others: f64 = derivation.factors.iter().filter(|f| f.knob != "norm").map(|f| f.value).product();
        close(factor(&derivation, "norm").value * others, 1.0, 1e-3, pos);
        close(derivation.product, 1.0, 1e-3, pos);
    }
    let derivation = derived("norm=layer&pos=inner&std=0.3");
    let q = 128.0 * 0.3 * 0.3 * 0.5;
    close(factor(&derivation, "norm").value, 1.0 / q, 1e-3, "1/s²");
}

#[test]
fn a_stream_adds_up() {
    // Pre-norm: every block adds about the same, so its share of the stream falls.
    let gpt = derived("model=gpt&depth=12&std=0.2");
    assert_eq!((gpt.variance, gpt.layers), (DerivedVariance::Stream, 11));
    assert_eq!(gpt.factors.iter().map(|f| f.key).collect::<Vec<_>>(), ["skip", "branch-normed"]);
    assert!(gpt.varies);
    let keys = |link: &str| derived(link).factors.iter().map(|factor| factor.key).collect::<Vec<_>>();
    assert_eq!(keys("residual=on"), ["skip", "width", "std", "act-adds"]);
    assert_eq!(derived("residual=on").formula().split(" × ").next(), Some("1 + 128"));
    assert_eq!(keys("residual=on&init=rezero"), ["skip", "closed"]);
    assert_eq!(keys("residual=on&init=layer-scale"), ["skip", "width", "std", "gate", "act-adds"]);
    assert_eq!(keys("model=gpt&pos=post"), ["norm-post"]);
    assert_eq!(keys("model=gpt&norm=none"), ["skip", "branch"]);
    assert_eq!(keys("model=gpt&residual=off"), ["replaced"]);
    // The linear stream of one size: 1 + n·σ².
    close(derived("residual=on&act=linear").product, 1.0 + 128.0 * 4e-4, 1e-9, "1 + nσ²");
    close(factor(&derived("residual=on&act=linear"), "act").value, 1.0, 1e-9, "all of it");
}

#[test]
fn where_theory_has_nothing_nothing_is_said() {
    for link in
        ["depth=1", "init=zeros", "init=constant&std=0.1", "init=identity", "model=gpt&init=zeros", "model=gpt&depth=1"]
    {
        assert!(none(link), "{link}");
    }
    assert!(none("init=zeros&bias=0.5"), "no weight multiplies anything");
}

#[test]
fn lsuv_scales_to_one_and_dropout_is_undone() {
    let derivation = derived("init=lsuv&depth=8&bias=0.5&dropout=0.2&act=tanh");
    close(derived("init=lsuv&depth=8&bias=0.5&act=tanh").product, 1.0, 1e-9, "unit variance");
    assert!(derivation.factors.iter().any(|factor| factor.knob == "dropout"));
}

#[test]
fn the_level_makes_the_factor_one() {
    for link in
        ["", "depth=9&act=linear", "act=gelu&depth=30", "act=leaky-relu&slope=0.3", "dropout=0.2", "init=pytorch"]
    {
        let mut spec = spec(link);
        let level = Derivation::level(&spec).expect("a level");
        (spec.start.scheme, spec.start.std) = (Scheme::Normal, level);
        let derivation = Derivation::new(&spec, &predict(&spec)).expect("a derivation");
        // Where layers differ, the whole is 1: of the outputs, which the sums of the next layers follow.
        let tolerance = if derivation.varies { 1.0 } else { 1e-4 };
        assert!(derivation.exponent.abs() < tolerance, "{link}: 10^{}", derivation.exponent);
    }
    let relu = Derivation::level(&spec("width=200")).expect("a level");
    close(relu, (2.0_f64 / 200.0).sqrt(), 1e-4, "√(2/n)");
    let dropped = Derivation::level(&spec("dropout=0.5")).expect("a level");
    close(dropped, (2.0_f64 * 0.5 / 128.0).sqrt(), 1e-4, "√(2·(1 − p)/n)");
    for link in ["norm=layer", "residual=on", "model=gpt", "init=constant"] {
        assert_eq!(Derivation::level(&spec(link)), None, "{link}");
    }
}

#[test]
fn every_language_says_it_all() {
    Lang::ALL.iter().for_each(|lang| lang.learn(languages::texts(*lang)));
    let told = derived("").words(&spec(""), Lang::En);
    assert_eq!(
        told,
        "Each layer multiplies the variance of the sums z by 128 × 0.02² × ½ = 0.0256. \
         From layer 1 to layer 20 (19 ×) that makes 10⁻³⁰."
    );
    assert_eq!(Derivation::level_words(&spec(""), 0.125, Lang::En), "Make it 1: σ = 0.125");
    for (link, spec) in specs().step_by(2) {
        let Some(derivation) = Derivation::new(&spec, &predict(&spec)) else { continue };
        for lang in Lang::ALL {
            let factors = derivation.factors.iter().map(|factor| factor.words(&spec, *lang));
            for text in factors.chain([derivation.words(&spec, *lang)]) {
                let whole = !["{", "}", "NaN", "derivation.", "∞"].iter().any(|sign| text.contains(sign));
                assert!(whole && !text.is_empty(), "{link}: {text}");
            }
        }
    }
}

/// The sizes alone are those of the whole prediction.
#[test]
fn the_short_way_predicts_the_same() {
    for (link, spec) in specs().filter(|(_, spec)| spec.network.model == Model::Mlp) {
        let theory = mlp_theory(&spec);
        let whole = theory.predict();
        let Some(sizes) = theory.sizes() else {
            assert!(!theory.plan.is_random(), "{link}");
            continue;
        };
        for (layer, size) in whole.iter().zip(sizes) {
            let pairs = [(layer.preactivation_var, size.preactivation), (layer.activation_var, size.activation)];
            for (expected, log) in pairs {
                let expected = expected.expect("a variance");
                let near = (log.exp() / expected - 1.0).abs() < 1e-12 * log.abs().max(1.0);
                assert!(near || log.exp() == expected, "{link}: {} for {expected}", log.exp());
            }
        }
    }
}
