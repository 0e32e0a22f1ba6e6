//! What σ each kind of matrix of a transformer is given by its own knobs, against numbers worked out by
//! hand; and numbers that are drawn have it.

use init_lab::lab::knob::Knob;
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;
use init_lab::lab::spec::{Role, Scheme, Spec};
use init_lab::science::seed::Stream;

fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::default().open(link);
    assert_eq!(notices, [], "{link}");
    lab.spec
}

/// The predicted σ of a matrix, and the one of the numbers drawn for it.
fn sigmas(spec: &Spec, name: &str) -> [f64; 2] {
    let plan = spec.plan();
    let site = spec.architecture().matrices().into_iter().find(|site| site.id().to_string() == name).expect(name);
    let numbers = plan.matrix(&site, &mut Stream::new(spec.run.seed, name));
    let square: f64 = numbers.iter().map(|w| f64::from(*w).powi(2)).sum();
    [plan.std_at(&site), (square / numbers.len() as f64).sqrt()]
}

#[track_caller]
fn check(link: &str, name: &str, expected: f64) {
    let [sigma, drawn] = sigmas(&spec(link), name);
    assert!((sigma - expected).abs() <= 5e-5 * expected.max(1e-3), "{link}: {name} {sigma}, not {expected}");
    // The root mean square of 4096 numbers and more is right to 5 % in four of its standard errors.
    assert!((drawn - expected).abs() <= 0.05 * expected, "{link}: {name} drawn {drawn}, not {expected}");
}

#[test]
fn a_sigma_alone_is_the_models_scheme_with_that_sigma() {
    let gpt = "model=gpt&std.position=0.01";
    check(gpt, "embedding.position", 0.01);
    check(gpt, "embedding.token", 0.02);
    // GPT-2's factor stays: 0.04/√8.
    check("model=gpt&std.out=0.04", "block.2.out", 0.014_142);
    check("model=gpt&init=depth-scaled&std.out=0.04", "block.2.out", 0.02);
    // A scheme that takes no σ there gives way, and its kind of distribution stays.
    for (init, scheme) in [
        ("xavier-uniform", Scheme::Uniform),
        ("pytorch", Scheme::Uniform),
        ("xavier-normal", Scheme::Normal),
        ("orthogonal", Scheme::Normal),
        ("mup", Scheme::Normal),
    ] {
        let link = format!("model=gpt&init={init}&std.q=0.3");
        check(&link, "block.3.q", 0.3);
        assert_eq!(spec(&link).scheme_of(Role::Query), scheme);
    }
    check("model=gpt&init=llama&residual=on&std.token=0.5", "embedding.token", 0.5);
    check("model=gpt&init=pytorch&std.token=0.5", "embedding.token", 0.5);
    assert_eq!(spec("model=gpt&init=pytorch&std.token=0.5").scheme_of(Role::Token), Scheme::Normal);
    // Its control is there, and reads what the matrix has.
    let knob = Knob::find("std.q").expect("a knob");
    for (link, sigma) in [("model=gpt", 0.02), ("model=gpt&init=xavier-normal", 0.125), ("model=gpt&std.q=0.5", 0.5)] {
        assert!(knob.applies(&spec(link)), "{link}");
        assert!((knob.number(&spec(link)) - sigma).abs() < 1e-12, "{link}");
    }
}

#[test]
fn a_gain_reaches_its_own_matrix_or_those_that_follow_the_model() {
    check("model=gpt&init.q=xavier-normal", "block.1.q", 0.125);
    check("model=gpt&init.q=xavier-normal&gain.q=2", "block.1.q", 0.25);
    check("model=gpt&init=xavier-normal&gain.q=2", "block.1.q", 0.25);
    check("model=gpt&init=xavier-normal&gain.q=2", "block.1.k", 0.125);
    check("model=gpt&init=xavier-normal&gain=2", "block.1.q", 0.25);
    check("model=gpt&init=xavier-normal&gain=2&init.q=orthogonal", "block.1.q", 0.125);
    // One matrix for all three (fused): √(2/(64 + 192)).
    check("model=gpt&init=xavier-uniform&std.q=0.0883883", "block.1.q", 0.088_388_3);
}

#[test]
fn the_start_of_olmo_can_be_said() {
    // 1/√d inside, 1/√(2·n_in·l) into the stream; d = 64, 256 units in the MLP.
    let own = "formula.out=1/sqrt(2*fan_in*layer)&formula.mlp-out=1/sqrt(2*fan_in*layer)";
    let short = "writes=layer";
    for rest in [own, short] {
        let link = format!("model=gpt&init=formula&formula=1/sqrt(fan_in)&{rest}");
        for (block, out, mlp_out) in
            [(1, 0.088_388, 0.044_194), (2, 0.0625, 0.031_25), (3, 0.051_031, 0.025_516), (4, 0.044_194, 0.022_097)]
        {
            for part in ["q", "k", "v", "mlp-in"] {
                check(&link, &format!("block.{block}.{part}"), 0.125);
            }
            check(&link, &format!("block.{block}.out"), out);
            check(&link, &format!("block.{block}.mlp-out"), mlp_out);
        }
        // SciPy: truncnorm(-3, 3).std() = 0.98657854
        check(&format!("{link}&cut=three"), "block.1.q", 0.125 * 0.986_578_54);
        check(&format!("{link}&cut=three"), "block.4.mlp-out", 0.022_097 * 0.986_578_54);
    }
    let mixed = "model=gpt&init.mlp-out=formula&formula.mlp-out=0.5/layer&init.q=formula&formula.q=1/width";
    check(mixed, "block.4.q", 0.015_625);
    check(mixed, "block.1.mlp-out", 0.5);
    check(mixed, "block.4.mlp-out", 0.125);
    check(mixed, "block.4.mlp-in", 0.02);
}

#[test]
fn a_formula_of_one_matrix_that_gives_no_sigma_is_named_and_put_away() {
    let (lab, notices) = Lab::from_link("model=gpt&formula.out=layer-3&formula.q=0.1");
    assert_eq!(notices.iter().map(|notice| notice.key).collect::<Vec<_>>(), ["formula-value"]);
    assert_eq!(notices[0].values[1].1, "block.1.out");
    assert_eq!(lab.spec.start.roles[2].formula.as_deref(), Some("0.1"));
    assert_eq!(lab.spec.start.roles[5].formula.as_deref(), Some("gain / sqrt(fan_in)"));
}

#[test]
fn tails_can_be_cut_as_in_keras_and_olmo() {
    let largest = |link: &str| {
        let spec = spec(link);
        let site = spec.architecture().matrices()[1];
        let all = spec.plan().matrix(&site, &mut Stream::new(3, "hidden.2"));
        all.iter().fold(0.0, |most: f64, w| most.max(f64::from(*w).abs()))
    };
    for (link, sigma, end) in [
        // Keras' he_normal: σ = √(2/128) is what comes out, and nothing lies beyond 2/0.87962566 of it.
        ("init=kaiming-normal&cut=corrected", 0.125, 0.284_212),
        ("init=kaiming-normal&cut=raw", 0.109_953, 0.25),
        ("init=kaiming-normal&cut=three", 0.123_322, 0.375),
        ("init=xavier-normal&cut=corrected", 0.088_388, 0.200_969),
        ("init=lecun-normal&cut=corrected", 0.088_388, 0.200_969),
        ("init=truncated-normal&std=0.1&cut=three", 0.098_658, 0.3),
        ("init=truncated-normal&std=0.1", 0.1, 0.227_370),
    ] {
        check(link, "hidden.2", sigma);
        let found = largest(link);
        assert!(found <= end * 1.00001 && found > 0.99 * end, "{link}: {found} of {end}");
    }
    assert!(largest("init=kaiming-normal") > 0.4, "no cut by itself");
    check("init=kaiming-normal", "hidden.2", 0.125);
}

#[test]
fn kaiming_follows_the_slope_of_leaky_relu() {
    // √(2/1.04)/√128 and √(2/(1 + 1/9))/√128
    check("act=leaky-relu&slope=0.2&init=kaiming-normal", "hidden.2", 0.122_572);
    check("act=leaky-relu&slope=0.333333333333&init=kaiming-normal", "hidden.2", 0.118_585);
    check("act=leaky-relu&init=kaiming-normal", "hidden.2", 0.124_994);
    // So the variance of z stays: 2/(1 + a²) in every hidden layer. The data's lengths are written to six digits.
    let prediction = predict(&spec("act=leaky-relu&slope=0.2&init=kaiming-normal"));
    for layer in &prediction.layers[..20] {
        let var = layer.preactivation_var.expect("theory");
        assert!((var - 2.0 / 1.04).abs() < 1e-5, "{var}");
    }
    // A formula's gain is the same.
    check("act=leaky-relu&slope=0.2&init=formula&formula=gain/sqrt(fan_in)", "hidden.2", 0.122_572);
    assert_eq!(Lab::default().open("slope=0.2").1.len(), 1, "ReLU has none");
}

#[test]
fn the_gain_that_is_used_is_known_where_it_follows_the_activation() {
    for (link, gain) in [
        ("init=kaiming-normal", Some(2_f64.sqrt())),
        ("init=kaiming-normal&act=tanh", Some(5.0 / 3.0)),
        ("init=kaiming-uniform&act=selu", Some(0.75)),
        ("init=kaiming-normal&act=leaky-relu&slope=0.5", Some(1.6_f64.sqrt())),
        ("init=kaiming-normal&act=tanh&gain=1.5", None),
        ("init=xavier-normal&act=tanh", None),
        ("std=0.1", None),
    ] {
        assert_eq!(spec(link).followed_gain(), gain, "{link}");
    }
}
