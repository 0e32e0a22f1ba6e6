//! The small labs: products of matrices, one weight, scores of attention. Their numbers are those of the courses and of
//! PyTorch, and the worker is not asked.

use std::f64::consts::{LN_10, PI};

use init_lab::lab::catalog;
use init_lab::lab::knob::{KNOBS, Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::message::ready_toy;
use init_lab::lab::metric::Measures;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::question::question;
use init_lab::lab::selection::Item;
use init_lab::lab::spec::{Spec, Toy};
use init_lab::lab::state::{Edit, Phase, State};
use init_lab::lab::toy::{ChainCurve, F32_ENDS, OneWeightCurve, ScoreCurve};
use init_lab::science::seed::Stream;
use init_lab::science::toy::chain::{Chain, expected_sizes};
use init_lab::science::toy::scores::{entropy, softmax};
use init_lab::science::toy::weight::{OPTIMIZERS, WeightCourse};

use crate::languages;

fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::default().open(link);
    assert_eq!(notices, [], "{link}");
    lab.spec
}

/// The natural logarithms of the sizes for σ = 1.
fn multiplied(n: usize, seed: u64, most: usize) -> Vec<f64> {
    let mut chain = Chain::new(n, seed, most);
    while !chain.is_done() {
        chain.advance();
    }
    chain.sizes().to_vec()
}

/// The product of a spec, all of it.
fn product(link: &str) -> ChainCurve {
    let spec = spec(link);
    ChainCurve::new(&spec, &multiplied(spec.network.width, spec.run.seed, spec.network.depth))
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

#[test]
fn a_product_is_that_of_its_matrices() {
    let (n, most) = (3, 6);
    let mut product: Option<Vec<f64>> = None;
    let sizes = multiplied(n, 11, most);
    for (k, size) in (1..=most).zip(&sizes) {
        let mut stream = Stream::new(11, &format!("chain.{k}"));
        let factor: Vec<f64> = (0..n * n).map(|_| stream.normal()).collect();
        let next = match &product {
            None => factor,
            Some(left) => {
                let entry = |at: usize| (0..n).map(|i| left[at / n * n + i] * factor[i * n + at % n]).sum();
                (0..n * n).map(entry).collect()
            }
        };
        let square = next.iter().map(|entry: &f64| entry * entry).sum::<f64>() / (n * n) as f64;
        assert!((0.5 * square.ln() - size).abs() < 1e-12, "{k}");
        product = Some(next);
    }
}

/// D2L 5.4.1.2 prints entries near 10²⁴ of a hundred 4 × 4 matrices; the mean over all products is 2⁹⁹·1 = 10^29.8.
#[test]
fn d2l_s_hundred_matrices_are_a_typical_product_and_not_the_mean() {
    let ends = (0..200).map(|seed| multiplied(4, seed, 100)[99] / LN_10);
    let [mean, typical, low, high] = product("x=chain").expected[99];
    assert!((mean - 99.0 * 2_f64.log10()).abs() < 1e-9, "{mean}");
    assert!((23.0..25.5).contains(&typical), "{typical}");
    let ends: Vec<f64> = ends.collect();
    assert!((median(ends.clone()) - typical).abs() < 0.4, "{} {typical}", median(ends.clone()));
    let inside = ends.iter().filter(|end| (low..high).contains(end)).count();
    assert!((180..=198).contains(&inside), "{inside} of 200 are in the area");
    let above = ends.iter().filter(|end| **end > mean).count();
    assert!(above < 10, "{above} of 200 reach the mean");
    // Where σ keeps the mean level, a product of narrow matrices still vanishes.
    let [mean, typical, ..] = product("x=chain&std=0.5").expected[99];
    assert!((mean - 0.5_f64.log10()).abs() < 1e-9 && typical < -5.0, "{mean} {typical}");
}

/// fast.ai's fifty products of 100 × 100: nan, zeros, and the one that holds.
#[test]
fn fast_ai_s_fifty_products_leave_f32_or_hold() {
    let one = product("x=chain-fifty");
    assert!((one.measured[49] - 49.0).abs() < 1.0 && (one.expected[49][1] - 49.0).abs() < 0.5, "{one:?}");
    let left = one.measured.iter().position(|size| *size > F32_ENDS[1]).expect("nan") + 1;
    assert!((39..=41).contains(&left), "factor {left}");
    let small = product("x=chain-fifty&std=0.01");
    assert!(small.measured[49] < F32_ENDS[0], "{}", small.measured[49]);
    let held = product("x=chain-fifty&std=0.1");
    assert!(held.measured.iter().all(|size| (-2.0..0.0).contains(size)), "{:?}", held.measured);
    assert!((held.level() - 0.1).abs() < 1e-12);
}

#[test]
fn the_area_holds_the_products_that_are_drawn() {
    for (n, seeds) in [(2, 300), (4, 300), (10, 200), (30, 60)] {
        let expected = expected_sizes(n, 1.0, 100);
        let all: Vec<Vec<f64>> = (0..seeds).map(|seed| multiplied(n, 1000 + seed, 100)).collect();
        for k in [2, 5, 10, 50, 100] {
            let size = expected[k - 1];
            let inside = all.iter().filter(|sizes| (sizes[k - 1] - size.typical).abs() < 2.0 * size.spread).count();
            let share = inside as f64 / seeds as f64;
            assert!(share > 0.88, "n = {n}, k = {k}: {share}");
            let off = median(all.iter().map(|sizes| sizes[k - 1]).collect()) - size.typical;
            assert!(off.abs() < 0.4 * size.spread.max(0.25), "n = {n}, k = {k}: {off} of {}", size.spread);
        }
    }
}

#[test]
fn no_product_leaves_f64_and_a_slice_is_short() {
    let curve = product("model=chain&std=100&width=32");
    assert!(curve.measured.iter().all(|size| size.is_finite()));
    assert!(curve.measured[99] > 270.0, "{}", curve.measured[99]);
    // The largest one takes many slices, of which none multiplies more than half a product.
    let mut chain = Chain::new(256, 3, 2);
    let mut slices = 0;
    while !chain.is_done() {
        chain.advance();
        slices += 1;
    }
    assert!(slices >= 4, "{slices}");
}

#[test]
fn scores_grow_as_the_root_of_their_width() {
    let curve = ScoreCurve::new(&spec("x=root-d-by-hand&width=100"));
    for (d, std) in (2..).zip(&curve.measured) {
        // Each width has 64 queries and keys; their own spread alone leaves an error of some 1/√(64·d).
        let off = std / f64::from(d).sqrt() - 1.0;
        assert!(off.abs() < 4.0 / (64.0 * f64::from(d)).sqrt(), "d = {d}: {off}");
    }
    assert_eq!((curve.measured.len(), curve.scores.len()), (99, 8));
    let double = ScoreCurve::new(&spec("x=root-d-by-hand&width=100&std=2"));
    assert!((double.measured[98] / curve.measured[98] - 4.0).abs() < 1e-12, "σ² multiplies every score");
}

#[test]
fn a_softmax_is_one_of_its_formula() {
    let shares = softmax(&[1.0, 2.0, 4.0], 0.5);
    let sum = 0.5_f64.exp() + 1_f64.exp() + 2_f64.exp();
    assert!((shares[1] - 1_f64.exp() / sum).abs() < 1e-15 && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    assert!((entropy(&[0.25; 4]) - 4_f64.ln()).abs() < 1e-15);
    // Scores far beyond what exp can take.
    assert_eq!(softmax(&[0.0, 5000.0], 1.0), [0.0, 1.0]);
    // What the note of the prepared lab says, over seeds: one key mostly, and several after √d.
    let most = |shares: &[f64]| shares.iter().copied().fold(0.0, f64::max);
    let curves: Vec<ScoreCurve> =
        (0..100).map(|seed| ScoreCurve::new(&spec(&format!("x=root-d-by-hand&seed={seed}")))).collect();
    let sharp = curves.iter().filter(|curve| most(&curve.before) > 0.9).count();
    let even = curves.iter().filter(|curve| most(&curve.after) < 0.7).count();
    assert!((50..100).contains(&sharp) && even > 80, "{sharp} {even}");
    // The seed with which it opens is one of those.
    let first = ScoreCurve::new(&spec("x=root-d-by-hand"));
    assert!(most(&first.before) > 0.9 && most(&first.after) < 0.7, "{first:?}");
}

#[test]
fn one_weight_goes_as_in_pytorch() {
    let golden: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string("tests/golden/weight.json").expect("a file")).expect("JSON");
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let cases = golden["cases"].as_array().expect("cases");
    assert!(cases.len() >= 7);
    for case in cases {
        let course = WeightCourse {
            start: number(&case["start"]),
            target: number(&case["target"]),
            lr: number(&case["lr"]),
            decay: number(&case["wd"]),
            zero_grad: case["zero_grad"].as_bool().expect("a switch"),
        };
        for (optimizer, weights) in OPTIMIZERS.into_iter().zip(course.run(150)) {
            let wanted = case["weights"][optimizer].as_array().expect("weights");
            for (step, wanted) in golden["steps"].as_array().expect("steps").iter().zip(wanted) {
                let (step, wanted) = (number(step) as usize, number(wanted));
                let off = (weights[step] - wanted).abs();
                assert!(
                    off < 1e-9 * wanted.abs().max(1.0),
                    "{optimizer} {course:?} {step}: {} {wanted}",
                    weights[step]
                );
            }
        }
    }
}

/// The notes of the prepared labs: SGD is nearly there, Adam not even halfway, and a swing takes 44 steps.
#[test]
fn one_weight_does_what_its_notes_say() {
    let ends =
        |link: &str| OneWeightCurve::new(&spec(link), u64::MAX).weights.map(|weights| *weights.last().expect("one"));
    let [sgd, _, adam, adamw] = ends("x=one-weight");
    assert!((2.9..PI).contains(&sgd) && (1.2..PI / 2.0).contains(&adam) && (adam - adamw).abs() < 0.05);
    let [sgd, _, adam, _] = ends("x=one-weight&lr=0.1&wd=0");
    assert!((sgd - PI).abs() < 1e-9 && (adam - PI).abs() > (sgd - PI).abs());
    let swung = OneWeightCurve::new(&spec("x=no-zero-grad"), u64::MAX);
    let tops: Vec<usize> = (1..150)
        .filter(|step| {
            let w = &swung.weights[0];
            w[*step] > w[step - 1] && w[*step] >= w[step + 1]
        })
        .collect();
    assert!(tops.windows(2).all(|pair| (44..=45).contains(&(pair[1] - pair[0]))) && tops.len() == 3, "{tops:?}");
    assert!((swung.course.swing().expect("a swing") - 44.4).abs() < 0.1);
    // Twice as fast: cos(2ω) = 2·cos²ω − 1, so η of nearly four times as much.
    let fast = WeightCourse { lr: 0.0398, ..swung.course };
    assert!((fast.swing().expect("a swing") - 22.2).abs() < 0.05);
    assert_eq!(WeightCourse { lr: 2.1, ..swung.course }.swing(), None);
}

#[test]
fn a_small_lab_goes_through_a_link_and_back_with_its_own_knobs() {
    for (link, kind) in [("model=chain", Toy::Chain), ("model=weight", Toy::Weight), ("model=scores", Toy::Scores)] {
        let lab = Lab::default().open(link).0;
        assert_eq!((lab.spec.toy.kind, lab.link()), (Some(kind), format!("#v=1&{link}")));
        let shown: Vec<&str> = KNOBS.iter().filter(|knob| knob.applies(&lab.spec)).map(|knob| knob.id).collect();
        let wanted: &[&str] = match kind {
            Toy::Chain => &["std", "model", "depth", "width", "seed"],
            Toy::Weight => &["model", "lr", "wd", "steps", "zero-grad", "w-start", "w-target"],
            Toy::Scores => &["std", "model", "width", "context", "seed"],
        };
        let mut sorted = shown.clone();
        sorted.sort_by_key(|id| wanted.iter().position(|wanted| wanted == id));
        assert_eq!(sorted, wanted);
        // What a network has is named as doing nothing, and a control that does nothing is not shown.
        let (idle, notices) = Lab::default().open(&format!("{link}&act=tanh"));
        assert_eq!(notices.iter().map(|notice| notice.key).collect::<Vec<_>>(), ["no-effect"]);
        assert_eq!(idle.address(), format!("#v=1&{link}"));
    }
    let full =
        "#v=1&model=weight&lr=0.1&wd=0.5&steps=40&zero-grad=off&w-start=-2&w-target=5&embed=1&show=lr,one-weight";
    let (lab, notices) = Lab::default().open(full);
    assert_eq!((notices, lab.address()), (Vec::new(), lab.link()));
    assert_eq!(Lab::from_link(&lab.link()).0, lab);
    // A network has no such knobs.
    let notices = Lab::default().open("zero-grad=off&w-start=3").1;
    assert_eq!(notices.iter().map(|notice| notice.key).collect::<Vec<_>>(), ["no-effect", "no-effect"]);
    // What is computed on the page has bounds of its own.
    for (link, key, value) in [
        ("model=chain&width=1000", "width", 256.0),
        ("model=scores&context=200", "context", 64.0),
        ("model=weight&steps=90000", "steps", 2000.0),
    ] {
        let (lab, notices) = Lab::default().open(link);
        assert_eq!((notices.len(), notices[0].key), (1, "clamped"), "{link}");
        assert_eq!(Knob::find(key).expect("a knob").number(&lab.spec), value);
    }
}

#[test]
fn a_small_lab_is_no_run_that_is_compared_or_studied() {
    let (lab, notices) = Lab::from_link("b=model=chain");
    assert!(lab.pins.is_empty() && notices.len() == 1, "{notices:?}");
    for kind in Toy::ALL {
        let listed = Item::all(&Spec::of_kind(kind.id()).expect("a kind"));
        let ids: Vec<&str> = listed.iter().map(|item| item.id()).collect();
        assert!(!ids.contains(&"variance") && !ids.contains(&"loss") && !ids.contains(&"status"), "{ids:?}");
        assert_eq!(ids.contains(&"play"), *kind == Toy::Weight);
        assert_eq!(ids.contains(&"reseed"), *kind != Toy::Weight);
    }
}

fn turn(state: &mut State, key: &str, setting: KnobSetting) -> Vec<Command> {
    state.edit(Edit::Knob(Knob::find(key).expect("a knob"), setting)).commands
}

#[test]
fn the_worker_is_not_asked_and_a_network_is_begun_when_one_is_chosen() {
    let mut state = State::open("#v=1&model=chain");
    assert_eq!(state.apply(Event::Ready), []);
    assert_eq!(turn(&mut state, "std", KnobSetting::Number(0.5)), []);
    assert_eq!(state.edit(Edit::Reseed).commands, []);
    assert_eq!(state.spec().run.seed, 4);
    assert_eq!(state.edit(Edit::Play).commands, []);
    assert!(!state.running() && !state.asks());
    let commands = turn(&mut state, "model", KnobSetting::Choice("mlp"));
    assert!(
        matches!(commands.as_slice(), [Command::Measure(_), Command::Start { spec, .. }] if spec.network.depth == 20),
        "{commands:?}"
    );
    // Back again: the network rests, and nothing else is asked.
    let commands = turn(&mut state, "model", KnobSetting::Choice("scores"));
    assert_eq!(commands, [Command::Cancel, Command::Measure(Measures::default()), Command::Pause]);
    assert_eq!(turn(&mut state, "width", KnobSetting::Number(16.0)), []);
}

#[test]
fn the_course_of_a_weight_is_played_stepped_and_reset() {
    let mut state = State::open("#v=1&model=weight&steps=100");
    let over = |state: &State| matches!(state.phase, Phase::Finished(_));
    assert!(over(&state) && state.toy_step == 100, "it opens whole");
    state.edit(Edit::Play);
    assert!(state.running() && state.toy_step == 0);
    state.edit(Edit::Tick);
    let first = state.toy_step;
    turn(&mut state, "lr", KnobSetting::Number(0.05));
    assert!(state.running() && state.toy_step == first && first > 0, "a live knob does not stop it");
    state.edit(Edit::Pause);
    state.edit(Edit::Tick);
    assert!(!state.running() && state.toy_step == first);
    state.edit(Edit::Step(3));
    assert_eq!(state.toy_step, first + 3);
    state.edit(Edit::Reset);
    assert_eq!((state.toy_step, &state.phase), (0, &Phase::Paused));
    state.edit(Edit::Play);
    for _ in 0..200 {
        state.edit(Edit::Tick);
    }
    assert!(over(&state) && !state.running() && state.toy_step == 100);
    // Longer courses stay whole only if they are played on.
    turn(&mut state, "steps", KnobSetting::Number(200.0));
    assert_eq!((state.toy_step, over(&state)), (100, false));
}

#[test]
fn a_page_around_hears_of_its_own_knobs() {
    let told = serde_json::to_value(ready_toy(&spec("model=weight&w-start=2"))).expect("a message");
    assert_eq!(told["device"], "page");
    let keys: Vec<&String> = told["spec"].as_object().expect("knobs").keys().collect();
    assert_eq!(keys, ["lr", "model", "steps", "w-start", "w-target", "wd", "zero-grad"]);
}

#[test]
fn what_is_said_is_there_in_every_language_and_has_no_nan() {
    let links = [
        "x=chain",
        "x=chain&std=0.1",
        "x=chain-fifty",
        "x=chain-fifty&std=0.1",
        "x=chain-fifty&std=0.01",
        "x=one-weight",
        "x=one-weight&lr=0.1",
        "x=one-weight&lr=0.6",
        "x=one-weight&lr=3",
        "x=no-zero-grad",
        "x=no-zero-grad&lr=3",
        "x=root-d-by-hand",
        "x=root-d-by-hand&width=2",
        "x=root-d-by-hand&std=5",
    ];
    for lang in Lang::ALL {
        let texts = languages::texts(*lang);
        lang.learn(texts.clone());
        let mut found = Vec::new();
        for link in links {
            let spec = spec(link);
            let remarks = match spec.toy.kind.expect("a small lab") {
                Toy::Chain => vec![product(link).remark(*lang), ChainCurve::new(&spec, &[]).remark(*lang)],
                Toy::Weight => {
                    vec![OneWeightCurve::new(&spec, 0).remark(*lang), OneWeightCurve::new(&spec, 9999).remark(*lang)]
                }
                Toy::Scores => vec![ScoreCurve::new(&spec).remark(*lang)],
            };
            for remark in remarks {
                assert!(texts.contains_key(&format!("toy.{}", remark.id)), "{}", remark.id);
                let asked = question(&spec, *lang).concat();
                for words in [&remark.words, &asked] {
                    assert!(
                        !words.contains(['{', '}']) && !words.contains("toy.") && !words.contains("NaN"),
                        "{link}: {words}"
                    );
                }
                found.push(remark.id);
            }
        }
        found.sort();
        found.dedup();
        let all = texts.keys().filter(|key| key.starts_with("toy.") && texts.contains_key(&format!("{key}-words")));
        assert!(all.count() == 6 && found.len() == 12, "{found:?}");
    }
}

#[test]
fn their_prepared_labs_stand_together() {
    let ids: Vec<&str> = catalog::all().iter().filter(|lab| lab.group == "toys").map(|lab| lab.id).collect();
    assert_eq!(ids, ["chain", "chain-fifty", "one-weight", "no-zero-grad", "root-d-by-hand"]);
    assert!(ids.iter().all(|id| spec(&format!("x={id}")).is_toy()));
}
