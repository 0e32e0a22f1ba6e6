//! The verdict's rules on made-up frames: each speaks where it should, and is silent where something speaks against it.

use crate::languages;
use init_lab::lab::curve::{DepthCurve, Quantity};
use init_lab::lab::diagnosis::{
    Cause, Counter, Diagnosis, Finding, Heading, RULES, Sentence, SentenceValue, Verdict, cause, diagnose, finding,
    level,
};
use init_lab::lab::gap::gap;
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::metric::{Frame, LayerMetric, WeightMetric};
use init_lab::lab::number::Number;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Event, NetworkSize, Pass, Why};
use init_lab::lab::spec::{Model, Role, Spec, data_shape};
use init_lab::lab::state::{Edit, State};
use init_lab::science::layer::LayerId;
use init_lab::science::site::Site;

/// A change of a frame.
type Change = fn(&mut Frame);

/// Where a rule speaks, and where something speaks against it: the counter, another link if it takes one, and what
/// else changes.
struct Case {
    rule: &'static str,
    link: &'static str,
    change: Change,
    silenced: &'static [(Counter, &'static str, Change)],
}

const SAME: Change = |_| {};

const CASES: &[Case] = &[
    Case {
        rule: "overflowed",
        link: "depth=4",
        change: |f| set(f, 2, |l, x| l.activation_var = x, f64::INFINITY),
        silenced: &[],
    },
    Case { rule: "frozen", link: "depth=4&opt=adam", change: |f| f.frozen_share = Some(Number(0.9)), silenced: &[] },
    Case {
        rule: "zeros",
        link: "depth=4&init=zeros",
        change: zeros,
        silenced: &[
            (Counter::BareHead, "model=gpt&init=zeros", SAME),
            (Counter::Output, "", |f| every(f, |l| l.activation_var = some(1.0))),
        ],
    },
    Case {
        rule: "zeros-unmoved",
        link: "model=gpt&init=zeros",
        change: zeros,
        silenced: &[(Counter::Output, "", |f| every(f, |l| l.activation_var = some(1.0)))],
    },
    Case {
        rule: "symmetric",
        link: "depth=4",
        change: |f| every(f, |l| l.unit_diversity = some(0.0)),
        silenced: &[(Counter::Masked, "depth=4&dropout=0.1", SAME)],
    },
    Case {
        rule: "symmetric-masked",
        link: "depth=4&dropout=0.1",
        change: |f| every(f, |l| l.unit_diversity = some(0.0)),
        silenced: &[
            (Counter::Skips, "depth=4&dropout=0.1&residual=on", SAME),
            (Counter::Shallow, "depth=2&dropout=0.1", SAME),
        ],
    },
    Case {
        rule: "dead",
        link: "depth=4",
        change: |f| silent(f, 1, true),
        silenced: &[(Counter::Skips, "depth=4&residual=on", SAME)],
    },
    Case {
        rule: "saturated",
        link: "depth=4&act=tanh",
        change: |f| set(f, 1, |l, x| l.slope_square = x, 0.0),
        silenced: &[(Counter::Skips, "depth=4&act=tanh&residual=on", SAME)],
    },
    Case {
        rule: "silent",
        link: "depth=4",
        change: |f| every(f, |l| (l.activation_var, l.slope_square) = (some(0.0), None)),
        silenced: &[],
    },
    Case {
        rule: "closed",
        link: "depth=4&residual=on",
        change: |f| {
            every(f, |l| l.branch_share = l.branch_share.and(some(0.0)));
            gradients(f, &[1.0, 0.0, 0.0, 0.0]);
        },
        silenced: &[
            (Counter::Decayed, "depth=4&residual=on&opt=sgd&wd=0.1", |f| {
                every(f, |l| l.gradient_rms = some(0.011));
            }),
            (Counter::Loud, "depth=4&residual=on&opt=sgd", |f| f.loss = Number(50.0)),
        ],
    },
    Case { rule: "vanishing-zero", link: "depth=4", change: |f| silent(f, 2, false), silenced: &[] },
    Case {
        rule: "vanishing-rescaled",
        link: "depth=4&opt=adam",
        change: |f| variances(f, &[1.0, 1e-2, 1e-4, 1e-6]),
        silenced: &[
            (Counter::NormedStream, "depth=4&opt=adam&residual=on&norm=layer", SAME),
            (Counter::Direct, "depth=4&opt=sgd", SAME),
            (Counter::Lost, "", |f| variances(f, &[1.0, 1e-4, 1e-8, 1e-12])),
        ],
    },
    Case {
        rule: "vanishing",
        link: "depth=4",
        change: |f| variances(f, &[1.0, 1e-2, 1e-4, 1e-6]),
        silenced: &[(Counter::NormedStream, "depth=4&residual=on&norm=layer", SAME)],
    },
    Case {
        rule: "exploding-rescaled",
        link: "depth=4&opt=adam&residual=on",
        change: |f| variances(f, &[1.0, 1e2, 1e4, 1e6]),
        silenced: &[
            (Counter::NormedStream, "depth=4&opt=adam&residual=on&norm=layer", SAME),
            (Counter::Direct, "depth=4&opt=sgd&residual=on", SAME),
            (Counter::Unskipped, "depth=4&opt=adam", SAME),
        ],
    },
    Case {
        rule: "exploding",
        link: "depth=4",
        change: |f| variances(f, &[1.0, 1e2, 1e4, 1e6]),
        silenced: &[(Counter::NormedStream, "depth=4&residual=on&norm=layer", SAME)],
    },
    Case {
        rule: "vanishing-gradient",
        link: "depth=4",
        change: |f| gradients(f, &[1e-6, 1e-4, 1e-2, 1.0]),
        silenced: &[],
    },
    Case {
        rule: "saturated-gradient",
        link: "depth=4&act=tanh",
        change: |f| {
            gradients(f, &[1e6, 1e4, 1e2, 1.0]);
            every(f, |l| l.slope_square = some(0.03));
        },
        silenced: &[(Counter::Unsaturated, "", |f| every(f, |l| l.slope_square = some(0.5)))],
    },
    Case {
        rule: "exploding-gradient",
        link: "depth=4&act=tanh",
        change: |f| gradients(f, &[1e6, 1e4, 1e2, 1.0]),
        silenced: &[],
    },
    Case {
        rule: "forgets",
        link: "depth=4&opt=sgd",
        change: |f| set_last(f, |l, x| l.signal_share = x, 7e-6),
        silenced: &[
            (Counter::Adaptive, "depth=4&opt=adam", SAME),
            (Counter::Unbegun, "", still),
            (Counter::Skips, "depth=4&opt=sgd&residual=on", SAME),
            (Counter::Shallow, "depth=2&opt=sgd", SAME),
        ],
    },
    Case {
        rule: "forgets-adaptive",
        link: "depth=6&opt=adam",
        change: |f| set_last(f, |l, x| l.signal_share = x, 7e-10),
        silenced: &[
            (Counter::Unbegun, "", still),
            (Counter::Skips, "depth=6&opt=adam&residual=on", SAME),
            (Counter::Shallow, "depth=5&opt=adam", SAME),
        ],
    },
    Case {
        rule: "forgets-biases",
        link: "depth=6&opt=adam",
        change: |f| {
            still(f);
            set_last(f, |l, x| l.signal_share = x, 0.0);
        },
        silenced: &[
            (Counter::Skips, "depth=6&opt=adam&residual=on", SAME),
            (Counter::Shallow, "depth=5&opt=adam", SAME),
        ],
    },
    Case {
        rule: "forgets-positions",
        link: "model=gpt&residual=off",
        change: |f| set_last(f, |l, x| l.position_share = x, 7e-6),
        silenced: &[
            (Counter::Unbegun, "", still),
            (Counter::Skips, "model=gpt", SAME),
            (Counter::Shallow, "model=gpt&residual=off&depth=1", SAME),
        ],
    },
    Case {
        rule: "averages",
        link: "model=gpt&residual=off&depth=2",
        change: SAME,
        silenced: &[(Counter::Skips, "model=gpt&depth=2", SAME)],
    },
    Case { rule: "one-hot", link: "model=gpt", change: |f| every(f, |l| l.attention_peak = some(0.99)), silenced: &[] },
    Case {
        rule: "closed-output",
        link: "depth=4",
        change: |f| {
            spread(f, Role::Output, 0.0);
            gradients(f, &[0.0; 4]);
        },
        silenced: &[(Counter::Begun, "", |f| f.step = 3)],
    },
    Case {
        rule: "unreached-small",
        link: "depth=4",
        change: |f| gradients(f, &[0.0, 0.0, 1e-40, 2e-40]),
        silenced: &[(Counter::Distinct, "", |f| gradients(f, &[0.0, 0.0, 1.0, 1.0]))],
    },
    Case { rule: "unreached", link: "depth=4", change: |f| gradients(f, &[0.0, 0.0, 1.0, 1.0]), silenced: &[] },
    Case {
        rule: "linear",
        link: "depth=4&act=linear&data=xor",
        change: SAME,
        silenced: &[(Counter::Normed, "depth=4&act=linear&data=xor&norm=layer", SAME)],
    },
    Case { rule: "linear-normed", link: "depth=4&act=linear&data=spirals&norm=layer", change: SAME, silenced: &[] },
    Case {
        rule: "masked",
        link: "depth=4&dropout=0.7",
        change: SAME,
        silenced: &[(Counter::Skips, "depth=4&dropout=0.7&residual=on", SAME)],
    },
    Case {
        rule: "decayed",
        link: "depth=4&opt=sgd&wd=0.1",
        change: |f| gradients(f, &[0.011, 0.011, 0.011, 1.0]),
        silenced: &[(Counter::Scaleless, "depth=4&opt=sgd&wd=0.1&norm=layer", SAME)],
    },
    Case {
        rule: "slow",
        link: "depth=4&opt=sgd",
        change: |f| every(f, |l| l.gradient_rms = some(1e-5)),
        silenced: &[],
    },
    Case {
        rule: "loud",
        link: "depth=4&opt=sgd",
        change: |f| f.loss = Number(50.0),
        silenced: &[(Counter::Adaptive, "depth=4&opt=adam", SAME)],
    },
    Case {
        rule: "common",
        link: "depth=4&opt=sgd",
        change: |f| set_last(f, |l, x| l.signal_share = x, 0.015),
        silenced: &[(Counter::Adaptive, "depth=4&opt=adam", SAME)],
    },
    Case {
        rule: "common-narrow",
        link: "depth=8&width=16&opt=adam",
        change: |f| set_last(f, |l, x| l.signal_share = x, 0.005),
        silenced: &[(Counter::Wide, "depth=8&width=32&opt=adam", SAME)],
    },
    Case {
        rule: "uneven",
        link: "depth=4",
        change: |f| gradients(f, &[100.0, 10.0, 3.0, 1.0]),
        silenced: &[(Counter::Skips, "depth=4&residual=on", SAME)],
    },
    Case {
        rule: "narrow",
        link: "depth=9&width=16&norm=layer",
        change: SAME,
        silenced: &[(Counter::Skips, "depth=9&width=16&norm=layer&residual=on", SAME)],
    },
    Case {
        rule: "normed-stream",
        link: "depth=4&residual=on&norm=layer",
        change: |f| variances(f, &[1.0, 1e2, 1e4, 1e6]),
        silenced: &[(Counter::PlainStream, "depth=4", SAME)],
    },
    Case { rule: "normed-down", link: "depth=4&norm=layer", change: |f| variances(f, &[1e-2; 4]), silenced: &[] },
    Case { rule: "normed-up", link: "depth=4&norm=layer", change: |f| variances(f, &[1e2; 4]), silenced: &[] },
    Case { rule: "fades", link: "depth=4", change: |f| variances(f, &[1.0, 0.3, 0.1, 0.03]), silenced: &[] },
    Case { rule: "grows", link: "depth=4", change: |f| variances(f, &[1.0, 3.0, 9.0, 27.0]), silenced: &[] },
    Case { rule: "gradient-fades", link: "depth=4", change: |f| gradients(f, &[0.03, 0.1, 0.3, 1.0]), silenced: &[] },
    Case { rule: "gradient-grows", link: "depth=4", change: |f| gradients(f, &[20.0, 9.0, 3.0, 1.0]), silenced: &[] },
    Case { rule: "shallow", link: "depth=1", change: SAME, silenced: &[] },
    Case {
        rule: "steady",
        link: "depth=4",
        change: SAME,
        silenced: &[(Counter::Unreached, "", |f| every(f, |l| l.gradient_rms = None))],
    },
    Case { rule: "level", link: "depth=4", change: |f| every(f, |l| l.gradient_rms = None), silenced: &[] },
];

#[test]
fn each_rule_speaks_and_each_counter_silences_it() {
    for rule in RULES.iter().filter(|rule| rule.name != "climbing") {
        let case = CASES.iter().find(|case| case.rule == rule.name).unwrap_or_else(|| panic!("no case: {}", rule.name));
        let found = found(case.link, case.change, SAME);
        assert_eq!(found.sentence.key, rule.name, "{found:?}");
        assert_eq!(found.verdict(), rule.verdict);
        let by_loss = |counter: &&Counter| matches!(counter, Counter::Learns | Counter::Falls);
        for counter in rule.counters.iter().filter(|counter| !by_loss(counter)) {
            let mut tried = case.silenced.iter().filter(|(silencer, ..)| silencer == counter);
            let (_, link, more) =
                tried.next().unwrap_or_else(|| panic!("{} is never silenced by {counter:?}", rule.name));
            let link = if link.is_empty() { case.link } else { link };
            let silent = self::found(link, case.change, *more);
            assert_ne!(silent.sentence.key, rule.name, "{counter:?}");
            assert!(silent.rule.is_some(), "{} {counter:?}", rule.name);
        }
        assert_eq!(rule.counters.iter().any(|counter| by_loss(&counter)), silenced_by(case, 0.5), "{}", rule.name);
    }
}

/// A text's characters are not equally common: a loss that has fallen so far only speaks against an explosion.
#[test]
fn knowing_how_common_characters_are_is_no_proof_of_a_signal() {
    let grows: Change = |f| variances(f, &[1.0, 1e2, 1e4, 1e6, 1e8]);
    let dies: Change = |f| variances(f, &[1.0, 1e-3, 1e-6, 1e-9, 1e-12]);
    let case = |rule, change| Case { rule, link: "model=gpt&norm=none", change, silenced: &[] };
    assert!(silenced_by(&case("exploding", grows), 3.05));
    assert!(!silenced_by(&case("vanishing", dies), 3.05));
    assert!(silenced_by(&case("vanishing", dies), 2.5));
}

/// Whether a rule has nothing to say of a network whose loss has come to `last` from guessing.
fn silenced_by(case: &Case, last: f64) -> bool {
    let mut state = lab(case.link);
    let mut now = frame(state.spec(), state.run);
    (case.change)(&mut now);
    if now.step > 0 {
        return false;
    }
    now.step = 100;
    now.losses = vec![Number(last); 100];
    now.loss = Number(last);
    let mut first = frame(state.spec(), state.run);
    first.loss = Number((data_shape(state.spec()).classes as f64).ln());
    first.losses = vec![first.loss];
    let diagnosis = run(&mut state, first, now);
    case.rule != "closed-output" && diagnosis.sentences.iter().all(|sentence| sentence.key != case.rule)
}

#[test]
fn rules_and_texts_have_the_same_places() {
    let places = |text: &str| {
        let mut all: Vec<String> =
            text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect();
        all.sort();
        all.dedup();
        all
    };
    learn();
    for lang in Lang::ALL {
        for rule in RULES {
            let key = format!("diagnosis.{}", rule.name);
            let mut shown: Vec<String> = rule.shows.iter().map(|place| (*place).to_owned()).collect();
            shown.sort();
            assert_eq!(places(lang.text(&key)), shown, "{lang:?} {key}");
            let heading = format!("verdict.{}", rule.name);
            assert_ne!(lang.text(&heading), heading);
        }
    }
}

/// λ·σ = 0.01: what pulls at half of the layers as hard as the gradient is decay that is added to it, and no other.
#[test]
fn decay_is_compared_with_the_gradient_where_it_is_added_to_it() {
    let verdict = |link: &str, gradient: f64| {
        let spec = lab(link).spec().clone();
        let mut frame = frame(&spec, 1);
        every(&mut frame, |layer| layer.gradient_rms = some(1.0));
        gradients(&mut frame, &[gradient; 3]);
        finding(&spec, &frame).verdict()
    };
    for optimizer in ["sgd", "momentum", "adam"] {
        let link = format!("depth=4&wd=0.1&opt={optimizer}");
        assert_eq!(verdict(&link, 0.014), Verdict::Hindered, "{optimizer}");
        assert_eq!(verdict(&link, 0.015), Verdict::Steady, "{optimizer}");
    }
    assert_eq!(verdict("depth=4&wd=0.1&opt=adamw", 0.001), Verdict::Steady);
    assert_eq!(verdict("depth=4&wd=0&opt=sgd", 0.001), Verdict::Steady);
}

/// The gradient of step 0 must bring the loss somewhere in all steps of a run, unless it is meant to be short.
#[test]
fn steps_are_too_small_for_a_run_of_some_hundred() {
    let key = |link: &str| found(link, |f| every(f, |l| l.gradient_rms = some(1e-3)), SAME).sentence.key;
    // 0.001² for each of 77,056 numbers, and a third of ln 10 in 2000 steps.
    assert_eq!(key("depth=4&width=128&opt=sgd&lr=0.003&steps=2000"), "slow");
    assert_eq!(key("depth=4&width=128&opt=sgd&lr=0.006&steps=2000"), "steady");
    assert_eq!(key("depth=4&width=128&opt=momentum&lr=0.003&steps=2000"), "steady");
    let [short, usual] = ["steps=10", "steps=300"].map(|steps| key(&format!("depth=4&opt=sgd&lr=0.1&{steps}")));
    assert_eq!(short, usual);
}

/// Few matrices make up for it, more of them behind norms and under Adam, and an optimizer that follows the gradient as it is
/// is held back all the same; positions are lost to every optimizer.
#[test]
fn what_looks_alike_is_a_fault_behind_many_matrices_without_skips() {
    let inputs: Change = |f| set_last(f, |l, x| l.signal_share = x, 7e-10);
    let positions: Change = |f| set_last(f, |l, x| l.position_share = x, 7e-6);
    for (link, most) in [("opt=sgd", 2), ("opt=momentum&norm=layer", 3), ("opt=adam", 5), ("opt=adamw&norm=layer", 5)] {
        let carried = if link.contains("adam") { Verdict::Steady } else { Verdict::Hindered };
        for (depth, verdict) in [(most, carried), (most + 1, Verdict::Forgets)] {
            let link = format!("wd=0&depth={depth}&{link}");
            assert_eq!(found(&link, inputs, SAME).verdict(), verdict, "{link}");
            assert_eq!(found(&format!("{link}&residual=on"), inputs, SAME).verdict(), carried, "{link}");
        }
    }
    for optimizer in ["sgd", "momentum", "adam", "adamw"] {
        let link = format!("model=gpt&wd=0&depth=3&residual=off&opt={optimizer}");
        assert_eq!(found(&link, positions, SAME).sentence.key, "forgets-positions", "{link}");
    }
}

#[test]
fn every_rank_is_taken_by_what_is_worse() {
    // A frame with several faults is named by the one that makes the others.
    let worst = |changes: &[Change]| {
        let spec = lab("depth=4").spec().clone();
        let mut frame = frame(&spec, 1);
        changes.iter().for_each(|change| change(&mut frame));
        finding(&spec, &frame).verdict()
    };
    let dies: Change = |f| variances(f, &[1.0, 1e-2, 1e-4, 1e-6]);
    let back: Change = |f| gradients(f, &[1e-6, 1e-4, 1e-2, 1.0]);
    let alike: Change = |f| set(f, 3, |l, x| l.signal_share = x, 1e-12);
    let equal: Change = |f| every(f, |l| l.unit_diversity = some(0.0));
    assert_eq!(worst(&[alike, back, dies]), Verdict::Vanishing);
    assert_eq!(worst(&[alike, back]), Verdict::VanishingGradient);
    assert_eq!(worst(&[alike]), Verdict::Forgets);
    assert_eq!(worst(&[alike, back, dies, equal]), Verdict::Symmetric);
}

#[test]
fn a_closed_branch_is_left_out_of_gradients() {
    let link = "depth=4&residual=on";
    let half: Change = |f| {
        set(f, 1, |l, x| l.branch_share = x, 0.0);
        gradients(f, &[1.0, 0.0, 1.0, 1.0]);
    };
    assert_eq!(found(link, half, SAME).sentence.key, "steady");
    let open: Change = |f| gradients(f, &[1.0, 0.0, 1.0, 1.0]);
    assert_eq!(found(link, open, SAME).sentence.key, "unreached");
}

#[test]
fn a_norm_after_each_block_begins_with_the_first_block() {
    let grown: Change = |f| variances(f, &[8e-5, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(found("model=gpt&pos=post", grown, SAME).verdict(), Verdict::Steady);
    let plain = found("model=gpt&norm=none&residual=off", grown, SAME);
    assert_eq!(plain.verdict(), Verdict::Exploding);
}

#[test]
fn what_the_loss_does_now_is_in_the_heading() {
    let diagnosis = |losses: &[f64]| {
        let mut state = lab("depth=4");
        let mut now = frame(state.spec(), state.run);
        now.step = losses.len() as u64;
        now.losses = losses.iter().map(|loss| Number(*loss)).collect();
        now.loss = Number(*losses.last().expect("a loss"));
        let first = frame(state.spec(), state.run);
        run(&mut state, first, now)
    };
    let good = diagnosis(&(0..100).map(|step| 2.3 - 0.02 * f64::from(step)).collect::<Vec<_>>());
    assert_eq!((good.verdict, good.heading), (Verdict::Steady, "learning"));
    assert!(good.is_good());
    let stuck = diagnosis(&[2.3; 97]);
    assert_eq!((stuck.verdict, stuck.heading), (Verdict::Steady, "stuck"));
    assert!(!stuck.is_good());
    // The last step before the end of a run that blows up: 2.3, 2.3, …, 97.
    let mut last = vec![2.3; 415];
    last.push(97.1);
    let climbing = diagnosis(&last);
    assert_eq!((climbing.verdict, climbing.heading), (Verdict::Exploding, "climbing"));
    assert!(!climbing.is_good());
    // The same loss, once the run began there, is no news.
    assert_ne!(diagnosis(&[1.0]).heading, "climbing");
}

#[test]
fn settling_is_said_of_what_comes_down_to_guessing_only() {
    let guess = 10_f64.ln();
    let of = |first: f64, now: f64| Heading::of(first, now, guess, guess);
    assert_eq!(of(3.1, 2.31), Heading::Settling);
    assert_eq!(of(230.0, 4.0), Heading::Settling);
    assert_eq!(of(2.30, 2.30), Heading::Stuck);
    assert_eq!(of(2.31, 2.24), Heading::Beginning, "below guessing and falling");
    assert_eq!(of(2.31, 2.6), Heading::Rising, "away from guessing");
    assert_eq!(of(2.31, 1.9), Heading::Learning);
    assert_eq!(of(230.0, 229.0), Heading::Resting);
    // A text: 75 characters, but not equally common.
    let of = |now: f64| Heading::of(4.32, now, 75_f64.ln(), 3.03);
    assert_eq!(of(3.04), Heading::Frequencies);
    assert_eq!(of(2.5), Heading::Learning);
    assert_eq!(of(4.31), Heading::Stuck);
}

#[test]
fn what_was_found_at_the_start_is_mentioned_when_it_was_something_else() {
    let mut state = lab("depth=4");
    let mut first = frame(state.spec(), state.run);
    variances(&mut first, &[1.0, 1e-2, 1e-4, 1e-6]);
    let mut now = frame(state.spec(), state.run);
    now.step = 3;
    let diagnosis = run(&mut state, first, now);
    assert_eq!(diagnosis.verdict, Verdict::Steady);
    let began = &diagnosis.sentences[1];
    assert_eq!((began.key, &began.values[0].1), ("began", &SentenceValue::Text("vanishing".to_owned())));
    learn();
    assert_eq!(Lang::En.sentence(began), "At step 0 the verdict was “The signal dies”.");
}

#[test]
fn a_blow_up_has_its_cause() {
    let blown = |link: &str, step: u64, change: Change| {
        let mut state = lab(link);
        let mut first = frame(state.spec(), state.run);
        change(&mut first);
        let start = first.clone();
        state.apply(Event::Frame(first));
        let why = Why::Diverged { step, layer: Some(LayerId::Hidden(3)), pass: Pass::Forward };
        state.apply(Event::Finished { run: state.run, step, why });
        (cause(state.spec(), Some(&start), step), diagnose(&state))
    };
    let key = |(_, diagnosis): &(Cause, Diagnosis)| diagnosis.sentences[1].key;
    let rate = blown("depth=4&init=kaiming-normal&lr=60", 9, SAME);
    assert_eq!((rate.0, key(&rate)), (Cause::Rate, "cause-rate"));
    let large = blown("depth=20&std=0.345", 1, |f| f.loss = Number(1e6));
    assert_eq!((large.0, key(&large)), (Cause::Start, "cause-sigma"));
    let values = &large.1.sentences[1].values;
    assert!(values.contains(&("level", SentenceValue::Text("0.125".to_owned()))), "{values:?}");
    assert!(values.contains(&("times", SentenceValue::Text("2.8".to_owned()))), "{values:?}");
    let grown: Change = |f| variances(f, &[1.0, 1e2, 1e4, 1e6, 1e8]);
    let skips = blown("depth=5&residual=on", 2, grown);
    assert_eq!((skips.0, key(&skips)), (Cause::Start, "cause-finding"));
    assert_eq!(blown("depth=60&std=2", 0, SAME).0, Cause::Start);
}

/// ReLU: √(2/n). tanh and erf at zero biases: 1/√n, where a gradient keeps its size.
#[test]
fn the_level_sigma_is_theorys() {
    let of = |link: &str| level(&spec(link)).unwrap_or_else(|| panic!("{link}"));
    assert!((of("depth=20&width=128") / 0.125 - 1.0).abs() < 1e-3);
    assert!((of("depth=20&width=512") / 0.0625 - 1.0).abs() < 1e-3);
    assert!((of("depth=20&width=128&act=linear") / 128_f64.sqrt().recip() - 1.0).abs() < 1e-3);
    let tanh = of("depth=20&width=128&act=tanh") * 128_f64.sqrt();
    assert!((1.0..1.3).contains(&tanh), "{tanh}");
    // It is a σ to be set: of a sparse matrix a tenth is left, and a scheme without a σ is left behind.
    assert!((of("init=sparse&width=100") / 0.2_f64.sqrt() - 1.0).abs() < 1e-3);
    assert!((of("init=identity&depth=20") / 0.125 - 1.0).abs() < 1e-3);
    for none in
        ["depth=20&residual=on", "depth=20&norm=layer", "model=gpt", "depth=2", "act=sigmoid", "init=constant&std=0.1"]
    {
        assert_eq!(level(&spec(none)), None, "{none}");
    }
}

/// A screen reader hears of the start, the end and another verdict, not of each number.
#[test]
fn a_moment_is_new_at_the_start_at_the_end_and_with_another_verdict() {
    let mut state = lab("depth=4");
    let moment = |state: &State| diagnose(state).moment(state);
    let healthy = frame(state.spec(), state.run);
    let later = |step: u64, change: Change| {
        let mut frame = healthy.clone();
        frame.step = step;
        change(&mut frame);
        Event::Frame(frame)
    };
    state.apply(Event::Frame(healthy.clone()));
    let start = moment(&state);
    for step in 1..9 {
        state.apply(later(step, |f| f.loss = Number(2.2)));
        assert_eq!(moment(&state), start, "only numbers changed");
    }
    state.apply(later(9, |f| variances(f, &[1.0, 1e2, 1e4, 1e6])));
    let worse = moment(&state);
    assert_ne!(worse, start);
    state.apply(Event::Finished { run: state.run, step: 9, why: Why::Done });
    assert_ne!(moment(&state), worse);
    state.edit(Edit::Reset);
    state.apply(Event::Frame(frame(state.spec(), state.run)));
    assert_ne!(moment(&state), start, "another run");
}

/// Dots that are 0 cannot be drawn; the chart says so, and why.
#[test]
fn a_chart_says_which_dots_are_0_and_why() {
    learn();
    let mut state = lab("depth=4");
    let curve = |state: &State| DepthCurve::new(state, &predict(state.spec()), Quantity::Gradient);
    state.apply(Event::Frame(frame(state.spec(), state.run)));
    assert_eq!(gap(&curve(&state), &state), None);
    let mut dead = frame(state.spec(), state.run);
    dead.step = 40;
    silent(&mut dead, 1, true);
    gradients(&mut dead, &[0.0; 4]);
    state.apply(Event::Frame(dead));
    let found = gap(&curve(&state), &state).expect("dots are missing");
    assert_eq!((found.count, found.ends[1]), (4, LayerId::Hidden(4)));
    let text = Lang::En.gap(&found);
    assert!(text.starts_with("4 dots are missing, between layer 1 and layer 4"), "{text}");
    assert!(text.contains("Every unit of layer 2 is dead"), "{text}");
}

/// Whatever is measured, nothing panics and no sentence has a number that is none.
#[test]
fn no_frame_makes_a_sentence_with_no_number() {
    learn();
    let special = [0.0, 1.0, -1.0, 1e-300, 1e300, 1e-45, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 0.5, 2.3];
    let mut state = 7_u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) as usize) % below
    };
    let links = [
        "depth=4",
        "depth=1",
        "depth=3&residual=on&norm=layer",
        "depth=3&norm=rms&act=tanh",
        "model=gpt",
        "depth=3&opt=adam&act=sigmoid",
    ];
    for round in 0..1200 {
        let mut lab = lab(links[round % links.len()]);
        let mut number = || if next(4) == 0 { None } else { Some(Number(special[next(special.len())])) };
        let mut wild = frame(lab.spec(), lab.run);
        for layer in &mut wild.layers {
            (layer.preactivation_var, layer.activation_var, layer.gradient_rms) = (number(), number(), number());
            (layer.signal_share, layer.position_share, layer.unit_diversity) = (number(), number(), number());
            (layer.branch_share, layer.slope_square, layer.attention_peak) = (number(), number(), number());
        }
        wild.frozen_share = number();
        wild.weights.iter_mut().for_each(|weight| weight.std = number().unwrap_or(Number(1.0)));
        let loss = number().unwrap_or(Number(2.0));
        (wild.loss, wild.losses) = (loss, vec![loss]);
        let mut first = wild.clone();
        first.step = 0;
        wild.step = next(60) as u64;
        wild.losses = (0..=wild.step).map(|_| Number(special[next(special.len())])).collect();
        if next(2) == 0 {
            first = frame(lab.spec(), lab.run);
        }
        let mut diagnosis = run(&mut lab, first, wild);
        if next(3) == 0 {
            let why = Why::Diverged { step: next(3) as u64, layer: None, pass: Pass::Forward };
            lab.apply(Event::Finished { run: lab.run, step: 1, why });
            diagnosis = diagnose(&lab);
        }
        for lang in Lang::ALL {
            for sentence in &diagnosis.sentences {
                says_numbers(*lang, sentence);
            }
            let heading = format!("verdict.{}", diagnosis.heading);
            assert_ne!(lang.text(&heading), heading);
        }
    }
}

fn says_numbers(lang: Lang, sentence: &Sentence) {
    let text = lang.sentence(sentence);
    for none in ["NaN", "∞", "inf", "undefined", "{", "diagnosis.", "verdict.", "each."] {
        assert!(!text.contains(none), "{lang:?} {sentence:?}: {text}");
    }
}

fn learn() {
    Lang::ALL.iter().for_each(|lang| lang.learn(languages::texts(*lang)));
}

/// A lab whose engine listens, with a network of its size.
fn lab(link: &str) -> State {
    let mut state = State::open(link);
    assert_eq!(state.notices, [], "{link}");
    state.apply(Event::Ready);
    let classes = data_shape(state.spec()).classes;
    let shape = NetworkSize { parameters: 1, examples: 1, held_out: 1, classes, fingerprint: String::new() };
    state.apply(Event::Started { run: state.run, shape });
    state
}

fn spec(link: &str) -> Spec {
    let (lab, notices) = Lab::from_link(link);
    assert_eq!(notices, [], "{link}");
    lab.spec
}

/// The verdict after a first frame and another.
fn run(state: &mut State, first: Frame, now: Frame) -> Diagnosis {
    let later = now.step > 0;
    state.apply(Event::Frame(first));
    if later {
        state.apply(Event::Frame(now));
    }
    diagnose(state)
}

/// What is found in a healthy network's frame after two changes.
fn found(link: &str, change: Change, more: Change) -> Finding {
    let spec = spec(link);
    let mut frame = frame(&spec, 1);
    change(&mut frame);
    more(&mut frame);
    finding(&spec, &frame)
}

/// A healthy network at step 0.
fn frame(spec: &Spec, run: u32) -> Frame {
    let gpt = spec.network.model == Model::Gpt;
    let layer = |id: LayerId| {
        let numbered = id.number().is_some();
        let branch = spec.network.residual && numbered && (gpt || id != LayerId::Hidden(1));
        LayerMetric {
            preactivation_var: some(1.0),
            activation_var: some(1.0),
            gradient_rms: some(1.0),
            signal_share: some(0.5),
            position_share: some(0.5).filter(|_| gpt),
            unit_diversity: some(0.7),
            branch_share: some(0.3).filter(|_| branch),
            slope_square: some(0.5).filter(|_| numbered),
            attention_peak: some(0.1).filter(|_| gpt && numbered),
            ..LayerMetric::unmeasured(id)
        }
    };
    let weight = |site: Site| WeightMetric { id: site.id(), std: Number(0.1), update_ratio: None };
    Frame {
        run,
        step: 0,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: spec.architecture().layers().into_iter().map(layer).collect(),
        weights: spec.architecture().matrices().into_iter().map(weight).collect(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 1.0,
    }
}

fn some(value: f64) -> Option<Number> {
    Some(Number(value))
}

fn every(frame: &mut Frame, change: fn(&mut LayerMetric)) {
    frame.layers.iter_mut().for_each(change);
}

fn set(frame: &mut Frame, index: usize, write: fn(&mut LayerMetric, Option<Number>), value: f64) {
    write(&mut frame.layers[index], some(value));
}

/// In the last hidden layer or block.
fn set_last(frame: &mut Frame, write: fn(&mut LayerMetric, Option<Number>), value: f64) {
    let last = frame.layers.len() - 2;
    set(frame, last, write, value);
}

fn variances(frame: &mut Frame, values: &[f64]) {
    frame.layers.iter_mut().zip(values).for_each(|(layer, value)| layer.activation_var = some(*value));
}

fn gradients(frame: &mut Frame, values: &[f64]) {
    frame.layers.iter_mut().zip(values).for_each(|(layer, value)| layer.gradient_rms = some(*value));
}

/// From one layer on nothing comes out: with sums that are negative, or with none.
fn silent(frame: &mut Frame, from: usize, sums: bool) {
    for layer in &mut frame.layers[from..] {
        layer.activation_var = some(0.0);
        layer.preactivation_var = some(if sums { 1.0 } else { 0.0 });
        layer.slope_square = some(0.0);
        layer.unit_diversity = None;
    }
}

fn spread(frame: &mut Frame, role: Role, std: f64) {
    frame.weights.iter_mut().filter(|weight| weight.id.role == role).for_each(|weight| weight.std = Number(std));
}

/// No matrix has a spread, though something comes out of every layer.
fn still(frame: &mut Frame) {
    frame.weights.iter_mut().for_each(|weight| weight.std = Number(0.0));
}

fn zeros(frame: &mut Frame) {
    frame.weights.iter_mut().for_each(|weight| weight.std = Number(0.0));
    for layer in &mut frame.layers {
        *layer =
            LayerMetric { activation_var: some(0.0), gradient_rms: some(0.0), ..LayerMetric::unmeasured(layer.id) };
    }
}
