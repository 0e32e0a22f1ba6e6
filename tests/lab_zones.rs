//! The zones of the slider of σ: they are the verdict's, at every σ.

use init_lab::lab::diagnosis::finding;
use init_lab::lab::knob::Knob;
use init_lab::lab::knob::KnobSetting;
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::metric::{Frame, LayerMetric};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::{dragged, predict};
use init_lab::lab::spec::Spec;
use init_lab::lab::state::{Edit, State};
use init_lab::lab::zones::{SigmaZones, SignalZone};
use init_lab::science::activation::Activation;

use crate::languages;

use SignalZone::{Dies, Explodes, Holds};

fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    lab.spec
}

fn zones(link: &str) -> SigmaZones {
    SigmaZones::new(&spec(link))
}

fn order(zones: &SigmaZones) -> Vec<SignalZone> {
    zones.stretches.iter().map(|stretch| stretch.zone).collect()
}

/// What the verdict says of a network whose variances are theory's.
fn verdict(spec: &Spec) -> Option<SignalZone> {
    let prediction = predict(spec);
    let layers = prediction.ids.iter().zip(&prediction.layers).map(|(id, layer)| {
        Some(LayerMetric { activation_var: Some(Number(layer.activation_var?)), ..LayerMetric::unmeasured(*id) })
    });
    let frame = Frame {
        run: 1,
        step: 0,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![],
        layers: layers.collect::<Option<_>>()?,
        weights: vec![],
        frozen_share: None,
        histograms: vec![],
        start_histograms: vec![],
        guesses: vec![],
        path: vec![],
        plane: None,
        heads: vec![],
        step_ms: 1.0,
    };
    Some(SignalZone::of(&finding(spec, &frame)))
}

#[test]
fn twenty_relu_layers_die_hold_and_explode() {
    let zones = zones("depth=20&width=128");
    assert_eq!(order(&zones), [Dies, Holds, Explodes]);
    let level = zones.level.expect("a level");
    assert!((level / 0.125 - 1.0).abs() < 0.01, "{level}");
    assert_eq!([0.02, 0.125, 0.3].map(|sigma| zones.at(sigma)), [Some(Dies), Some(Holds), Some(Explodes)]);
    // The whole changes by (n·σ²/2)^19, and the verdict's thresholds are 10⁻³ and 10⁴; a pixel in a thousand is 0.8 %.
    for (stretch, threshold) in [(0, 1e-3_f64), (1, 1e4)] {
        let border = (2.0 / 128.0 * threshold.powf(1.0 / 19.0)).sqrt();
        let found = zones.stretches[stretch].sigmas[1];
        assert!((found / border).ln().abs() < 0.5e-3 * 3000_f64.ln(), "{found} for {border}");
    }
    // Deeper, it must be met more closely, and shallower less so.
    let width = |link: &str| {
        let [low, high] = SigmaZones::new(&spec(link)).stretches[1].positions;
        high - low
    };
    assert!(width("depth=100") < width("depth=20") && width("depth=20") < width("depth=6"));
    assert_eq!(order(&SigmaZones::new(&spec("depth=100"))), [Dies, Holds, Explodes]);
}

#[test]
fn every_kind_of_network_has_its_zones() {
    // A bounded activation cannot explode.
    assert_eq!(order(&zones("act=tanh&depth=20")), [Dies, Holds]);
    assert_eq!(order(&zones("act=linear&depth=20")), [Dies, Holds, Explodes]);
    // A skip connection keeps what is small.
    assert_eq!(order(&zones("residual=on&depth=20")), [Holds, Explodes]);
    for link in ["norm=batch", "norm=layer", "norm=rms&residual=on", "norm=batch&residual=on", "model=gpt", "depth=1"] {
        let zones = zones(link);
        assert_eq!((order(&zones), zones.level), (vec![Holds], None), "{link}");
        assert_eq!(zones.stretches[0].positions, [0.0, 1.0]);
    }
    assert_eq!(order(&zones("model=gpt&norm=none")).last(), Some(&Explodes));
    assert_eq!(order(&zones("init=constant")), []);
    assert_eq!(zones("init=constant").at(0.1), None);
    let tanh = zones("act=tanh&width=128").level.expect("a level") * 128_f64.sqrt();
    assert!((1.0..1.3).contains(&tanh), "{tanh}");
}

/// Whatever is set, a zone is what the verdict would say of theory's variances.
#[test]
fn a_zone_is_the_verdict_at_its_sigma() {
    let mut links: Vec<String> = [
        "residual=on&bias=0.1",
        "norm=layer&depth=40",
        "norm=layer&width=8",
        "norm=rms&act=relu-squared&data=spirals&width=512",
        "norm=batch&pos=inner&depth=4",
        "norm=rms&pos=post",
        "init=depth-scaled",
    ]
    .map(str::to_owned)
    .into();
    links.extend(Activation::IDS.iter().map(|act| format!("act={act}&depth=30&width=64&bias=0.05")));
    links.extend(Activation::IDS.iter().map(|act| format!("act={act}&depth=12&residual=on&data=spirals")));
    links.extend(
        ["sparse", "truncated-normal&cut=raw", "pytorch", "lsuv", "orthogonal"].map(|init| format!("init={init}")),
    );
    links.extend(
        ["", "&norm=none", "&norm=none&residual=off&block=llama", "&pos=post"]
            .map(|rest| format!("model=gpt&depth=3&context=16{rest}")),
    );
    let range = Knob::find("std").and_then(|knob| knob.range(&Spec::mlp())).expect("a range");
    for link in links {
        let spec = spec(&link);
        let zones = SigmaZones::new(&spec);
        let ends: Vec<f64> = zones.stretches.iter().map(|stretch| stretch.positions[1]).collect();
        for step in 0..=60 {
            let position = f64::from(step) / 60.0;
            let sigma = range.from * (range.to / range.from).powf(position);
            let expected = verdict(&dragged(&spec, sigma));
            let at_a_border = ends.iter().any(|end| (end - position).abs() < 1e-3);
            assert!(zones.at(sigma) == expected || at_a_border, "{link} at {sigma}: {expected:?} in {zones:?}");
        }
        let joined = zones.stretches.windows(2).all(|pair| pair[0].positions[1] == pair[1].positions[0]);
        assert!(joined && ends.last() == Some(&1.0), "{link}: {zones:?}");
    }
}

/// What dragging leads to is what `State` makes of it.
#[test]
fn the_zones_are_of_the_network_that_dragging_leads_to() {
    let std = Knob::find("std").expect("a knob");
    for link in
        ["init=kaiming-normal", "init=pytorch", "init=rezero", "model=gpt", "init=sparse", "model=gpt&init=deepnorm"]
    {
        let mut state = State::open(link);
        let before = state.spec().clone();
        state.edit(Edit::Knob(std, KnobSetting::Number(0.2)));
        assert_eq!(dragged(&before, 0.2), *state.spec(), "{link}");
        assert_eq!(SigmaZones::key(&before), SigmaZones::key(state.spec()), "{link}");
        assert_eq!(SigmaZones::new(&before), SigmaZones::new(state.spec()), "{link}");
    }
    let key = |link: &str| SigmaZones::key(&spec(link));
    assert_eq!(key("std=0.02"), key("std=1.5&lr=0.3&seed=9&opt=adam"));
    for other in ["depth=21", "width=64", "act=tanh", "norm=layer", "dropout=0.1", "bias=0.1", "data=spirals"] {
        assert_ne!(key(""), key(other), "{other}");
    }
}

#[test]
fn every_language_says_where_they_lie() {
    Lang::ALL.iter().for_each(|lang| lang.learn(languages::texts(*lang)));
    let told = zones("").words(&spec(""), Lang::En);
    assert!(told.ends_with("The signal keeps its size at σ = 0.125."), "{told}");
    assert!(told.starts_with("σ from 0.001 to 0.1: the signal dies; σ from 0.1 to 0.16: the signal holds;"), "{told}");
    for link in ["", "act=tanh", "norm=layer", "model=gpt", "init=constant"] {
        for lang in Lang::ALL {
            let told = zones(link).words(&spec(link), *lang);
            assert!(!told.contains('{') && !told.contains("zones."), "{told}");
        }
    }
}

/// `cargo test --release -- --ignored --nocapture` prints how long it takes, in milliseconds.
#[test]
#[ignore = "it measures time"]
fn how_long_it_takes() {
    for link in [
        "",
        "depth=100&width=1024",
        "act=gelu",
        "act=tanh",
        "norm=layer&act=gelu",
        "norm=batch",
        "model=gpt",
        "model=gpt&depth=24&context=256",
    ] {
        let spec = spec(link);
        // The least of many: on a busy machine others are in between.
        let once = || {
            let start = std::time::Instant::now();
            std::hint::black_box(SigmaZones::new(&spec));
            start.elapsed().as_secs_f64() * 1e3
        };
        let least = (0..30).map(|_| once()).fold(f64::INFINITY, f64::min);
        println!("{link}: {least:.2}");
    }
}
