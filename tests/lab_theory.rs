//! What the page says of theory alone: its numbers are science's, and it says where it does not hold.

use init_lab::lab::assumption::broken;
use init_lab::lab::curve::{LossCurve, WeightCurve};
use init_lab::lab::forecast::{doubt, equilibrium, first_loss};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::number::show;
use init_lab::lab::prediction::{Prediction, predict};
use init_lab::lab::range::{Trouble, leaving, levels};
use init_lab::lab::spec::Spec;
use init_lab::lab::state::State;
use init_lab::lab::theory::{AttentionCurve, Cobweb, Insight, Plane, Regime, Setting, absent};
use init_lab::lab::view::{Chart, View};
use init_lab::science::activation::Activation;
use init_lab::science::entropy::{entropy, log_sum};
use init_lab::science::gauss::expect_steep;
use init_lab::science::layer::LayerId;
use init_lab::science::phase::{
    CorrelationMap, critical, critical_line, critical_rate, half_stable, homogeneous, phase,
};

use crate::languages;

fn spec(link: &str) -> (Spec, Prediction) {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    let prediction = predict(&lab.spec);
    (lab.spec, prediction)
}

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}

fn learn() {
    Lang::ALL.iter().for_each(|lang| lang.learn(languages::texts(*lang)));
}

#[test]
fn the_first_loss_is_that_of_normal_logits() {
    // For two classes E ln(eˣ + eʸ) is one average over a line.
    for s in [0.01, 0.3, 0.999, 1.001, 3.0, 30.0, 1e3] {
        let a = 2_f64.sqrt() * s;
        let mean = expect_steep(a, |g| (a * g).max(0.0) + (-(a * g).abs()).exp().ln_1p());
        close(log_sum(2, s) / mean, 1.0, 1e-6);
    }
    // He: logits of variance 2. PyTorch: 20 layers of nothing, so that guessing is all.
    let (he, prediction) = spec("init=kaiming-normal");
    let var = prediction.layers.last().and_then(|layer| layer.preactivation_var).expect("logits");
    assert_eq!(first_loss(&he, &prediction), Some(log_sum(10, var.sqrt())));
    assert_eq!(doubt(&he, &prediction), Some(("forecast.draw", var.sqrt())));
    let (quiet, prediction) = spec("init=pytorch");
    close(first_loss(&quiet, &prediction).expect("a loss"), 10_f64.ln(), 0.01);
    assert_eq!(doubt(&quiet, &prediction), None);
}

#[test]
fn a_tied_head_begins_with_the_current_token() {
    // nanoGPT on characters: m = 1.23, s² = 0.15; measured 4.28 with 65 tokens, here there are 75.
    let (tied, prediction) = spec("model=gpt&width=256&depth=6");
    let logits = prediction.logits.as_ref().expect("random weights");
    let own = logits.own.expect("tied");
    close(logits.head, 256.0 * 4e-4, 2e-3);
    let expected = ((74.0_f64).ln() + 0.5 * logits.head).exp() + own.exp();
    close(first_loss(&tied, &prediction).expect("a loss"), expected.ln(), 1e-3);
    let (untied, prediction) = spec("model=gpt&width=256&depth=6&tied=off");
    assert_eq!(prediction.logits.as_ref().and_then(|logits| logits.own), None);
    assert!(first_loss(&untied, &prediction) < first_loss(&tied, &predict(&tied)));
}

#[test]
fn where_there_is_no_first_loss_it_is_said() {
    for (link, key) in [("init=constant", "forecast.random"), ("std=3&depth=60", "forecast.overflow")] {
        let (spec, prediction) = spec(link);
        assert_eq!(first_loss(&spec, &prediction), None, "{link}");
        assert_eq!(doubt(&spec, &prediction).map(|(key, _)| key), Some(key), "{link}");
    }
    let state = State::open("#v=1&init=pytorch");
    let curve = LossCurve::new(&state, &predict(state.spec()));
    assert_eq!(curve.start, first_loss(state.spec(), &predict(state.spec())));
}

#[test]
fn weights_come_to_rest_only_where_adamw_decays_them() {
    let (adamw, _) = spec("model=gpt&lr=6e-4&wd=0.1");
    let rest = equilibrium(&adamw).expect("decay");
    close(rest.std, 0.0548, 6e-5);
    close(rest.steps, 8333.3, 0.1);
    for link in ["model=gpt&wd=0", "model=gpt&opt=adam", "opt=sgd&wd=0.1", "model=gpt&schedule=cosine"] {
        assert_eq!(equilibrium(&spec(link).0), None, "{link}");
    }
    // μP's factor 64/d is on the steps, not on the decay. Simulated .0066 at d = 256 where it is .0274 else.
    for (link, std) in [("&init=mup&width=256", 0.00685), ("&init=mup&width=64", 0.0274), ("&width=256", 0.0274)] {
        let rest = equilibrium(&spec(&format!("model=gpt&lr=0.003&wd=2{link}")).0).expect("decay");
        close(rest.std, std, 5e-5);
        close(rest.steps, 83.33, 0.01);
    }
    let state = State::open("#v=1&model=gpt&lr=6e-4&wd=0.1");
    let table = WeightCurve::new(&state).table();
    assert_eq!(table.columns.last(), Some(&"equilibrium"));
    assert!(table.rows.iter().all(|(_, row)| row.last() == Some(&Some(rest.std))));
}

#[test]
fn the_layer_that_leaves_a_format_is_named() {
    learn();
    let first = |link: &str, trouble: Trouble| {
        let (spec, prediction) = spec(link);
        let found = leaving(&spec, &prediction).into_iter().find(|leaving| leaving.trouble == trouble);
        found.map(|leaving| leaving.first).unwrap_or_default()
    };
    let pairs =
        |rows: &[(&str, usize)]| rows.iter().map(|(a, l)| ((*a).to_owned(), LayerId::Hidden(*l))).collect::<Vec<_>>();
    // By hand: q₁ = 64 (pixels), then × 128 a layer. The largest of 64·256 numbers is √(2·ln 16384) = 4.4
    // times a typical one, so f16 is at its end at q = 65504²/19.4, 3.1 layers after the first, f32 35.1.
    let link = "width=256&std=1&depth=60";
    assert_eq!(first(link, Trouble::Overflow), pairs(&[("f16", 5), ("bf16, f32", 37)]));
    assert_eq!(first(link, Trouble::SquareOverflow)[1], ("bf16, f32".to_owned(), LayerId::Hidden(19)));
    assert_eq!(first(link, Trouble::Underflow), []);
    let link = "width=256&std=0.01&depth=60";
    assert_eq!(first(link, Trouble::Underflow), pairs(&[("f16", 5), ("bf16, f32", 40)]));
    // Nothing happens within a network that holds its signal, nor to zeros.
    for link in ["init=kaiming-normal", "init=zeros", "init=constant", "model=gpt"] {
        let (spec, prediction) = spec(link);
        assert_eq!(leaving(&spec, &prediction), [], "{link}");
    }
    let (spec, prediction) = spec("width=256&std=1&depth=20");
    let words: Vec<String> = leaving(&spec, &prediction).iter().map(|leaving| leaving.words(Lang::En)).collect();
    assert_eq!(words[0], "Numbers overflow in f16 from layer 5 on.");
    assert!(words[1].contains("in f16 from layer 3 on; in bf16, f32 from layer 19 on"), "{}", words[1]);
}

#[test]
fn levels_are_squares_of_the_formats_limits() {
    let found: Vec<f64> = levels().map(|level| level.variance).collect();
    for (variance, expected) in found.iter().zip([65504.0_f64.powi(2), 65504.0, 2_f64.powi(-28), 2_f64.powi(-14)]) {
        close(variance / expected, 1.0, 1e-12);
    }
    assert_eq!(found.len(), 8);
}

#[test]
fn the_dot_is_where_science_puts_it() {
    learn();
    let (tanh, prediction) = spec("act=tanh&width=100&depth=30&std=0.15&bias=0.05");
    let plane = Plane::new(&tanh, &prediction);
    close(plane.sigma_w, 1.5, 1e-12);
    close(plane.sigma_b, 0.05, 1e-12);
    assert_eq!(plane.phase, phase(Activation::Tanh, plane.sigma_w.powi(2), plane.sigma_b.powi(2)));
    assert_eq!(plane.regime(), Regime::Chaotic);
    let Insight::Phase(same) = Insight::new(Chart::Phase, &tanh, &prediction) else { panic!("a plane") };
    let words = Insight::Phase(same).words(Lang::En);
    // science.md 3.3: q* .798, χ 1.137, ξ_q 1.451, ξ_c 16.20, 6·ξ_c 97.
    for number in ["χ = 1.14 > 1", "q* = 0.798", "ξ_q = 1.45 ", "ξ_c = 16.2.", "= 97.2 layers", "has 30."] {
        assert!(words.contains(number), "{number}: {words}");
    }
    for (link, regime) in [
        ("act=tanh&width=100&std=0.05", Regime::Ordered),
        ("act=tanh&width=100&std=0.1", Regime::Critical),
        ("init=kaiming-normal", Regime::Critical),
        ("std=0.3", Regime::Exploding),
        ("init=zeros", Regime::Ordered),
    ] {
        let (spec, prediction) = spec(link);
        assert_eq!(Plane::new(&spec, &prediction).regime(), regime, "{link}");
    }
    // LSUV makes the variance 1 whatever comes, and then it is q*.
    let (lsuv, prediction) = spec("init=lsuv&act=tanh");
    close(Plane::new(&lsuv, &prediction).phase.expect("q*").q, 1.0, 1e-9);
    // Biases are a part of it, while they leave room.
    for (bias, low, high) in [("0.5", 1.0, 1.0), ("0.9", 1.0, 1.0), ("2", 4.0, 5.0)] {
        let lsuv = Lab::from_link(&format!("init=lsuv&act=tanh&bias={bias}")).0.spec;
        let found = Plane::new(&lsuv, &predict(&lsuv)).phase.expect("q*").q;
        assert!((low - 1e-6..=high + 1e-6).contains(&found), "{bias}: {found}");
    }
    // Dropout counts as larger weights: √2·√(1 − p) is critical.
    let (half, prediction) = spec("init=kaiming-normal&gain=1&dropout=0.5");
    let plane = Plane::new(&half, &prediction);
    close(plane.sigma_w, 2_f64.sqrt(), 1e-9);
    assert_eq!(plane.regime(), Regime::Critical);
    let words = Insight::Phase(plane).words(Lang::En);
    assert!(words.contains("masks of its own"), "{words}");
    let layers = spec("init=formula&formula=1/(8*layer)").0;
    assert!(Setting::of(&layers).uneven);
    assert!(!Setting::of(&spec("init=kaiming-normal").0).uneven);
}

/// At χ = 1 nothing fades exponentially: no number of layers is named, the power is.
#[test]
fn at_criticality_correlations_decay_as_a_power() {
    learn();
    let words = |link: &str| {
        let (spec, prediction) = spec(link);
        Insight::new(Chart::Phase, &spec, &prediction).words(Lang::En)
    };
    for (link, law) in [
        ("init=kaiming-normal", "44.4/l²"),
        ("init=kaiming-normal&act=leaky-relu", "l²"),
        ("act=linear&width=100&std=0.1", "keep how alike"),
        ("act=tanh&width=100&std=0.1", "more slowly still"),
    ] {
        let said = words(link);
        assert!(said.contains(law) && !said.contains('∞') && !said.contains("6·ξ"), "{link}: {said}");
    }
    let kernel = |c: f64| ((1.0 - c * c).sqrt() + (std::f64::consts::PI - c.acos()) * c) / std::f64::consts::PI;
    let rate = critical_rate(Activation::Relu).expect("a kink");
    let far = (0..4000).fold(0.0, |c, _| kernel(c));
    close((1.0 - far) * 4000.0 * 4000.0 / rate, 1.0, 0.02);
    close(rate, 4.5 * std::f64::consts::PI.powi(2), 1e-12);
    let mut c = 0.0;
    let leaky = critical_rate(Activation::LeakyRelu).expect("a kink");
    let map = CorrelationMap::new(Activation::LeakyRelu, 2.0 / (1.0 + 1e-4), 0.0, 0.0, 0.0);
    (0..4000).for_each(|_| c = map.apply(c));
    close((1.0 - c) * 4000.0 * 4000.0 / leaky, 1.0, 0.02);
}

#[test]
fn critical_lines_are_critical() {
    for &activation in Activation::ALL {
        for point in critical_line(activation).iter().filter(|point| point.bias_var > 1e-6).step_by(7) {
            if homogeneous(activation) {
                continue;
            }
            let there = phase(activation, point.weight_var, point.bias_var).expect("a point that holds");
            close(there.chi, 1.0, 1e-2);
        }
    }
    let tanh = critical(Activation::Tanh, 0.01).expect("a point");
    let near = critical_line(Activation::Tanh).windows(2).find(|pair| pair[1].bias_var > 0.01).expect("a part");
    assert!((near[0].weight_var..near[1].weight_var).contains(&tanh.weight_var));
    // GELU's line holds from its half-stable point on.
    let half = half_stable(Activation::Gelu).expect("a point");
    let first = critical_line(Activation::Gelu)[0];
    assert!(first.q >= half.q && first.q < 1.3 * half.q, "{first:?} {half:?}");
    assert!(critical_line(Activation::Softplus).is_empty());
}

#[test]
fn correlations_go_the_maps_way() {
    let (relu, _) = spec("init=kaiming-normal&depth=20");
    let cobweb = Cobweb::new(&relu);
    assert_eq!(cobweb.steps.len(), 21);
    for pair in cobweb.steps.windows(2) {
        let c: f64 = pair[0];
        // Cho & Saul's kernel of order 1.
        close(pair[1], ((1.0 - c * c).sqrt() + (std::f64::consts::PI - c.acos()) * c) / std::f64::consts::PI, 1e-9);
    }
    close(cobweb.fixed, 1.0, 1e-4);
    let (tanh, _) = spec("act=tanh&width=100&std=0.15&bias=0.05");
    close(Cobweb::new(&tanh).fixed, 0.052086, 1e-5);
    // Where q goes to 0, GELU is a straight line: c stays.
    let (dying, _) = spec("act=gelu&width=100&std=0.1");
    let cobweb = Cobweb::new(&dying);
    close(cobweb.fixed, cobweb.steps[0], 1e-9);
}

#[test]
fn attention_is_as_sharp_as_its_logits_are_spread() {
    let (gpt, prediction) = spec("model=gpt&std=0.1&width=128&heads=4&context=64");
    let curve = AttentionCurve::new(&gpt, &prediction);
    assert_eq!(curve.blocks.len(), 4);
    close(curve.limit(), 64_f64.ln(), 1e-12);
    // s = d·σ², less what all positions share: at first the token now and then, later what attention
    // has averaged.
    let whole = 128.0 * 0.1 * 0.1;
    assert!(curve.blocks[0][0] > 0.95 * whole, "{:?} {whole}", curve.blocks);
    for [s, h] in &curve.blocks {
        close(*h, entropy(64, *s), 1e-4);
        assert!(*s < whole, "{s} {whole}");
    }
    // Kaiming's attention is neither uniform nor frozen. Measured 2.99 ± 0.09 by an implementation of its own.
    let stream = spec("model=gpt&init=kaiming-normal").1.layers[1].activation_var.expect("a variance");
    close(stream, 3.11, 0.05);
    let spread = |link: &str| {
        let (spec, prediction) = spec(link);
        AttentionCurve::new(&spec, &prediction).blocks[0][0]
    };
    let root = spread("model=gpt");
    close(spread("model=gpt&attention=linear") * 4.0 / root, 1.0, 1e-9);
    close(spread("model=gpt&attention=none") / 4.0 / root, 1.0, 1e-9);
}

#[test]
fn theory_says_where_it_is_silent() {
    for (link, key) in [
        ("init=constant", Some("assumption.random")),
        ("norm=layer", Some("theory.plain")),
        ("residual=on", Some("theory.plain")),
        ("act=tanh", None),
        ("model=gpt", None),
        ("model=gpt&init=constant", Some("assumption.random")),
    ] {
        assert_eq!(absent(&spec(link).0), key, "{link}");
    }
}

#[test]
fn theory_says_what_it_leaves_out_of_dropout() {
    learn();
    for (link, said) in [("dropout=0.1", true), ("dropout=0", false), ("dropout=0.1&init=constant", false)] {
        let (spec, prediction) = spec(link);
        let found = broken(&spec, &prediction).iter().any(|broken| broken.key == "dropout");
        assert_eq!(found, said, "{link}");
    }
    assert!(Lang::ALL.iter().all(|lang| lang.text("assumption.dropout").contains("dropout")));
}

#[test]
fn no_setting_leaves_a_place_unfilled_or_a_number_undefined() {
    learn();
    for &activation in Activation::ALL {
        for rest in [
            "std=0.001",
            "std=0.1&bias=0.3",
            "std=3&depth=100",
            "init=zeros",
            "depth=1",
            "init=pytorch",
            "dropout=0.9",
            "dropout=0.3&init=lsuv",
        ] {
            let (spec, prediction) = spec(&format!("act={}&{rest}", activation.id()));
            for chart in Chart::THEORY.into_iter().filter(|chart| chart.applies(&Spec::mlp())) {
                let insight = Insight::new(chart, &spec, &prediction);
                for lang in Lang::ALL {
                    let words = insight.words(*lang);
                    assert!(!words.contains(['{', '}']) && !words.contains("NaN"), "{activation:?} {rest}: {words}");
                    assert!(!words.contains("theory."), "{words}");
                }
                let numbers = insight.table().rows.into_iter().flat_map(|(_, row)| row).flatten();
                assert!(numbers.into_iter().all(|x| !x.is_nan()), "{activation:?} {rest} {chart:?}");
            }
        }
    }
    let (gpt, prediction) = spec("model=gpt&std=1&attention=none");
    let insight = Insight::new(Chart::Attention, &gpt, &prediction);
    let words = insight.words(Lang::En);
    // All that is said of a single position is a number.
    assert!(!words.contains("one takes all") && !words.contains("one position"), "{words}");
    assert!(words.contains("frozen") && words.contains(&show(64_f64.ln())) && !words.contains('{'), "{words}");
}

#[test]
fn a_link_asks_for_charts_of_theory() {
    let view = |link: &str| Lab::from_link(link).0.view;
    assert!(View::default().offers_theory() && View::default().shows_chart(Chart::Phase));
    let asked = view("show=std,phase");
    assert!(asked.shows_chart(Chart::Phase) && !asked.shows_chart(Chart::Correlation) && !asked.offers_theory());
    assert!(!view("hide=theory").offers_theory() && !view("embed=1").offers_theory());
    assert!(!view("hide=phase").shows_chart(Chart::Phase));
}
