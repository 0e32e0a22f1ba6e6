//! Layers of unequal width: how their list is read and written, what it decides, and what is said of it.

use crate::languages;
use init_lab::lab::derivation::Derivation;
use init_lab::lab::effect::Effect;
use init_lab::lab::knob::{Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;
use init_lab::lab::question::question;
use init_lab::lab::spec::{Scheme, Spec, memory};
use init_lab::lab::state::{Edit, State};
use init_lab::science::layer::LayerId;

/// The sentences of each language, as the site's programs get them.
fn learn() {
    Lang::ALL.iter().for_each(|lang| lang.learn(languages::texts(*lang)));
}

/// The spec of a link, and the keys of what is said about it.
fn opened(link: &str) -> (Spec, Vec<&'static str>) {
    let (lab, notices) = Lab::default().open(link);
    (lab.spec, notices.iter().map(|notice| notice.key).collect())
}

fn hidden(spec: &Spec) -> Vec<usize> {
    let net = spec.architecture();
    (1..=net.depth).map(|layer| net.units(layer)).collect()
}

#[test]
fn a_list_makes_layers_of_these_widths() {
    let (spec, notices) = opened("#v=1&widths=512-256-128");
    assert_eq!((hidden(&spec), notices), (vec![512, 256, 128], vec![]));
    assert_eq!((spec.network.depth, spec.network.width), (3, 512));
    let shapes: Vec<[usize; 2]> =
        spec.architecture().matrices().iter().map(|site| [site.fans.fan_in, site.fans.fan_out]).collect();
    assert_eq!(shapes, [[64, 512], [512, 256], [256, 128], [128, 10]]);
    assert_eq!(predict(&spec).ids.len(), 4);
    // Weights and biases, counted by hand.
    assert_eq!(memory::parameters(&spec), 64 * 512 + 512 * 256 + 256 * 128 + 128 * 10 + 512 + 256 + 128 + 10);
}

#[test]
fn a_whole_network_as_courses_write_it_loses_its_ends() {
    for (link, layers) in [
        ("widths=784-512-256-10", &[512, 256][..]),
        ("widths=64-512-256-10", &[512, 256]),
        ("widths=784-5000-256-10", &[1024, 256]),
        ("data=spirals&widths=2-32-16-3", &[32, 16]),
        ("widths=2-32-16-3&data=spirals", &[32, 16]),
        ("widths=784-30-10", &[30]),
    ] {
        let (spec, notices) = opened(&format!("#v=1&{link}"));
        assert_eq!(hidden(&spec), layers, "{link}");
        assert_eq!(notices[0], "widths-ends", "{link}");
    }
    // Neither end alone makes a whole network, nor do these two without a layer between them.
    for (list, layers) in [("784-512-256", &[784, 512, 256][..]), ("512-256-10", &[512, 256, 10]), ("64-10", &[64, 10])]
    {
        assert_eq!(hidden(&opened(&format!("#v=1&widths={list}")).0), layers, "{list}");
    }
}

#[test]
fn any_list_comes_back_from_its_link() {
    for layers in [&[512, 256, 128][..], &[64, 32, 10], &[784, 30, 10], &[2, 1024], &[3; 99]] {
        let list: Vec<String> = layers.iter().chain(&[7]).map(usize::to_string).collect();
        let mut lab = Lab::default();
        lab.spec.network.widths = init_lab::lab::spec::Widths::new(layers.iter().copied());
        lab.spec.settle();
        for link in [lab.link(), lab.address()] {
            let again = Lab::from_link(&link).0;
            assert_eq!(again.spec, lab.spec, "{link}");
            assert_eq!(again.link(), lab.link());
        }
        let link = format!("#v=1&widths={}", list.join("-"));
        let (lab, notices) = Lab::from_link(&link);
        assert!(notices.is_empty(), "{link}: {notices:?}");
        assert_eq!(Lab::from_link(&lab.link()).0, lab, "{link}");
        assert!(!lab.link().contains("depth="), "{}", lab.link());
    }
}

#[test]
fn a_bad_list_is_told_of_and_nothing_breaks() {
    learn();
    let long = vec!["5-6"; 100].join("-");
    for (list, notice, layers) in [
        ("a-b", "widths-format", None),
        ("", "widths-format", None),
        ("-5-3", "widths-format", None),
        ("512--3", "widths-format", None),
        ("5.5-3", "widths-format", None),
        ("1e3-3", "widths-format", None),
        ("0-5", "widths-range", Some(vec![2, 5])),
        ("1000000000-5", "widths-range", Some(vec![1024, 5])),
        ("99999999999999999999999999-5", "widths-range", Some(vec![1024, 5])),
        (&long, "widths-range", Some([5, 6].repeat(50))),
        ("96", "widths-equal", Some(vec![96])),
        ("96-96-96", "widths-equal", Some(vec![96; 3])),
    ] {
        let (spec, notices) = opened(&format!("#v=1&widths={list}"));
        assert_eq!(notices[0], notice, "{list}");
        assert_eq!(hidden(&spec), layers.unwrap_or(vec![128; 20]), "{list}");
    }
    let plain = opened("#v=1&widths=96-96-96").0;
    assert_eq!(plain, opened("#v=1&depth=3&width=96").0);
    // Every notice has a sentence, in each language.
    for lang in [Lang::En, Lang::Vi] {
        for list in ["a-b", "0-5", "96", "784-512-256-10"] {
            for notice in Lab::default().open(&format!("#v=1&widths={list}")).1 {
                let told = lang.notice(&notice);
                assert!(!told.contains('{') && told.contains(list), "{told}");
            }
        }
    }
}

#[test]
fn the_list_decides_depth_and_width() {
    let (spec, notices) = opened("#v=1&depth=5&widths=512-256&width=64");
    assert_eq!((hidden(&spec), notices), (vec![512, 256], vec!["no-effect", "no-effect"]));
    let (spec, notices) = opened("#v=1&model=gpt&widths=512-256");
    assert_eq!((spec.network.depth, notices), (4, vec!["no-effect"]));
    assert_eq!(Effect::of(&spec), Effect::of(&Spec::gpt()));
    // What has one width cannot have several.
    assert_eq!(opened("#v=1&model=chain&widths=8-4").0.network.width, 4);
}

#[test]
fn what_needs_one_width_is_settled_with_a_sentence() {
    let (spec, notices) = opened("#v=1&widths=64-32&residual=on");
    assert!(!spec.network.residual);
    assert_eq!(notices, ["widths-residual"]);
    for scheme in Scheme::ALL.iter().filter(|scheme| scheme.needs_residual() && !scheme.needs_blocks()) {
        let (spec, notices) = opened(&format!("#v=1&widths=64-32&init={}", scheme.id()));
        assert_eq!(spec.start.scheme, Scheme::Normal);
        assert!(notices.contains(&"needs-one-width"), "{notices:?}");
    }
    let (spec, notices) = opened("#v=1&widths=64-8&adapt=lora&rank=16");
    assert_eq!((spec.adapt.rank, notices), (8, vec!["clamped"]));
}

#[test]
fn turning_depth_or_width_makes_layers_equal_again_and_says_how_to_return() {
    learn();
    for (id, number, sizes) in [("depth", 7.0, [7, 512]), ("width", 96.0, [3, 96])] {
        let mut state = State::open("#v=1&widths=512-256-128");
        let knob = Knob::find(id).expect("a knob");
        state.edit(Edit::Knob(knob, KnobSetting::Number(number)));
        let spec = state.spec();
        assert!(spec.widths().is_empty());
        assert_eq!([spec.network.depth, spec.network.width], sizes);
        assert_eq!(state.notices[0].key, "widths-gone");
        assert!(Lang::En.notice(&state.notices[0]).contains("512-256-128"));
        // What the sentence says is what it takes.
        let widths = Knob::find("widths").expect("a knob");
        state.edit(Edit::Typed(widths, "512, 256, 128".to_owned()));
        assert_eq!(hidden(state.spec()), [512, 256, 128]);
        state.edit(Edit::Typed(widths, String::new()));
        assert_eq!([state.spec().network.depth, state.spec().network.width], [3, 512]);
    }
}

#[test]
fn a_challenge_that_keeps_the_depth_keeps_the_list_too() {
    let goal = |text: &str| Lab::from_link(&format!("#v=1&goal={text}")).0.task.expect("a goal").goal.clone();
    let spec = opened("#v=1&widths=64-32").0;
    for text in ["loss<1;keep=depth", "loss<1;keep=width", "loss<1;only=std", "loss<1;keep=network"] {
        let breaches: Vec<&str> = goal(text).breaches(&Spec::mlp(), &spec).iter().map(|knob| knob.id).collect();
        assert_eq!(breaches, ["widths"], "{text}");
    }
    assert!(goal("loss<1;keep=lr").breaches(&Spec::mlp(), &spec).is_empty());
}

#[test]
fn the_question_names_every_width() {
    learn();
    let words = |link: &str| question(&opened(link).0, Lang::En).concat();
    assert!(words("#v=1&widths=512-256-128").starts_with("Will 3 ReLU layers of widths 512-256-128 learn from"));
    assert!(words("#v=1&widths=512-256-128&init=kaiming-normal").contains("0.0625–0.0884"));
    assert!(words("#v=1&widths=9-8-7-6-5-4-3").contains("9-8-7-6-5-…-3"));
    assert!(Lang::Vi.differences(&opened("#v=1&widths=9-8").0).contains("9-8"));
}

#[test]
fn the_derivation_is_of_one_layer_and_says_so() {
    learn();
    // Each layer's own fan_in and σ: 256 × √(2/256)² × ½ = 1, and so in every other layer.
    let spec = opened("#v=1&widths=512-256-128-64&init=kaiming-normal").0;
    let derivation = Derivation::new(&spec, &predict(&spec)).expect("plain layers");
    assert_eq!(derivation.formula(), "256 × 0.0884² × ½");
    assert!(derivation.varies && derivation.layer == LayerId::Hidden(2));
    assert!((derivation.product - 1.0).abs() < 1e-9 && derivation.exponent.abs() < 1e-9);
    // With one σ for all, the product is that of the fans: 512·256·128·(0.02²/2)³.
    let spec = opened("#v=1&widths=512-256-128-64").0;
    let derivation = Derivation::new(&spec, &predict(&spec)).expect("plain layers");
    let whole = (512.0f64 * 256.0 * 128.0).log10() + 3.0 * (0.02f64 * 0.02 / 2.0).log10();
    assert!((derivation.exponent - whole).abs() < 1e-6, "{} {whole}", derivation.exponent);
    assert!(derivation.words(&spec, Lang::En).contains("all together make"));
}
