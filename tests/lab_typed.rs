//! Numbers that are typed: arithmetic, decimal commas, and what is said of a text that is none.

use crate::languages;
use init_lab::lab::knob::{KNOBS, Kind, Knob, KnobSetting};
use init_lab::lab::lang::Lang;
use init_lab::lab::link::Lab;
use init_lab::lab::spec::Spec;
use init_lab::lab::state::{Edit, State};
use init_lab::lab::typed::{TypedProblem, read_number, read_typed};

fn knob(id: &str) -> &'static Knob {
    Knob::find(id).expect("a knob")
}

fn spec(link: &str) -> Spec {
    Lab::from_link(link).0.spec
}

#[track_caller]
fn reads(link: &str, id: &str, text: &str, expected: f64) {
    let found = read_number(text, knob(id), &spec(link));
    let close = found.is_ok_and(|found| (found - expected).abs() <= 1e-15 * expected.abs());
    assert!(close, "{id}={text}: {found:?} and not {expected}");
}

#[track_caller]
fn refuses(link: &str, id: &str, text: &str, key: &'static str, at: impl Into<Option<usize>>) {
    let at = at.into();
    assert_eq!(read_number(text, knob(id), &spec(link)), Err(TypedProblem { key, at }), "{id}={text}");
}

#[test]
fn arithmetic_is_read_where_a_number_stands() {
    for text in ["sqrt(2/128)", "√(2/128)", "0.125", "0,125", " 0.125 ", "1/8", "√(2/n)", "sqrt(2 / fan_in)", "2^-3"]
    {
        reads("width=128", "std", text, 0.125);
    }
    reads("", "std", "1/√128", 1.0 / 128_f64.sqrt());
    reads("", "std", "2/128", 1.0 / 64.0);
    reads("", "lr", "1e-3", 1e-3);
    reads("", "lr", "10^-3", 1e-3);
    reads("", "lr", "3·10⁻³", 3e-3);
    reads("", "lr", "1 − 0,9", 1.0 - 0.9);
    reads("", "steps", "20 × 5²", 500.0);
    reads("", "steps", "10\u{2009}000", 10_000.0);
    reads("depth=20", "std", "0.02/√(2·L)", 0.02 / 40_f64.sqrt());
    reads("width=64", "width", "2*width", 128.0);
    reads("act=relu&init=kaiming-normal", "gain", "gain²", 2.0);
}

#[test]
fn names_are_the_sizes_of_the_knobs_own_matrix() {
    let gpt = "model=gpt&width=64";
    reads(gpt, "std", "fan_in", 64.0);
    reads(gpt, "std.mlp-out", "fan_in", 256.0);
    reads(gpt, "std.mlp-in", "n_out", 256.0);
    reads("model=gpt&heads=4", "std", "heads", 4.0);
    // A perceptron's first matrix has as many inputs as its data; σ is shown for the square ones behind it.
    reads("width=32&depth=5", "std", "fan_in", 32.0);
    reads("width=32&depth=1", "std", "fan_in", 64.0);
    refuses("", "std", "1/heads", "no-value", 2);
    refuses("", "std", "1 / layer", "no-value", 4);
    refuses("model=gpt", "std.q", "layer", "no-value", 0);
}

#[test]
fn a_comma_is_a_decimal_sign_where_it_can_be_nothing_else() {
    reads("", "std", "0,05", 0.05);
    reads("", "std", ",5", 0.5);
    reads("", "std", "√(0,5) · 2,5", 0.5_f64.sqrt() * 2.5);
    reads("", "std", "1,414", 1.414);
    reads("", "gain", "1,414", 1.414);
    reads("", "std", "0,125", 0.125);
    reads("", "width", "2,5", 2.5);
    reads("", "width", "0,125*1024", 128.0);
    reads("", "std", "min(0.5,2)", 0.5);
    reads("", "std", "max(1,2)", 2.0);
    reads("", "std", "max ((0,5)+1, 1)", 1.5);
    reads("", "std", "max(0.1, √(0,25)) + 0,5", 1.0);
    // What could be a thousand is not guessed at.
    refuses("", "width", "1,024", "comma", 1);
    refuses("", "steps", "2*(10,000)", "comma", 5);
    refuses("", "gain", "1,000", "comma", 1);
    refuses("", "steps", "1,000,000", "comma", 1);
    refuses("", "std", "1,000.5", "comma", 1);
    refuses("", "std", "1.000,5", "comma", 5);
    refuses("", "std", "1, 2", "operator", 1);
    refuses("", "std", "min(0,5, 2)", "arguments", 0);
}

/// So that a thousand can be meant only where [`read_number`] looks out for it.
#[test]
fn no_real_number_but_a_gain_reaches_a_thousand() {
    for knob in KNOBS {
        if let Kind::Range(range) = knob.kind {
            assert!(range.whole || range.max < 1000.0 || knob.id.starts_with("gain"), "{knob:?}");
        }
    }
}

#[test]
fn what_is_no_number_is_told_with_its_place() {
    refuses("", "std", "", "operand", 0);
    refuses("", "std", "abc", "unknown-name", 0);
    refuses("", "std", "sqrt(2/128", "unclosed", 10);
    refuses("", "std", "sqrt(2/)", "operand", 7);
    refuses("", "std", "√(2/fan_im)", "unknown-name", 4);
    refuses("", "std", "root(2)", "unknown-function", 0);
    refuses("", "std", "2 3", "operator", 2);
    refuses("", "std", "NaN", "unknown-name", 0);
    refuses("", "std", "1..2", "operand", 0);
    refuses("", "std", "0.02%", "operator", 4);
    refuses("", "std", &"1+".repeat(61), "too-long", 120);
    refuses("", "std", &"(0,5".repeat(100_000), "too-long", 120);
    refuses("", "std", "1/0", "division", None);
    refuses("", "std", "√(2/(128-n))", "division", None);
    refuses("", "std", "√(1-2)", "not-finite", None);
    refuses("", "std", "1e400", "not-finite", None);
    refuses("", "std", "10^400", "not-finite", None);
    refuses("", "std", "-0.02", "negative", None);
    refuses("", "depth", "1-2", "negative", None);
    refuses("", "gain", "auto", "unknown-name", 0);
}

#[test]
fn every_number_takes_arithmetic_and_keeps_its_range() {
    for link in ["", "model=gpt", "model=gpt&block=llama", "depth=1"] {
        let state = State::open(link);
        for knob in KNOBS {
            let Some(range) = knob.range(state.spec()) else { continue };
            for (text, value) in [("1+1", 2.0), ("√(2/128)", 0.125), ("3·10²", 300.0), ("1e9*2", 2e9), ("0", 0.0)] {
                let (mut typed, mut set) = (state.clone(), state.clone());
                typed.edit(Edit::Typed(knob, text.to_owned()));
                set.edit(Edit::Knob(knob, KnobSetting::Number(value)));
                assert_eq!(typed, set, "{link} {knob:?}={text}");
                let number = knob.number(typed.spec());
                assert!(number >= range.min && number <= range.max, "{link} {knob:?}={text}: {number}");
            }
        }
    }
}

#[test]
fn auto_is_still_read_where_a_number_can_follow() {
    let model = spec("");
    assert_eq!(read_typed(" auto ", knob("gain"), &model), Ok(KnobSetting::Auto));
    assert_eq!(read_typed("auto", knob("std"), &model).map_err(|notice| notice.key), Err("typed"));
    assert_eq!(read_typed("tanh", knob("act"), &model), Ok(KnobSetting::Choice("tanh")));
}

#[test]
fn a_refused_text_changes_nothing_and_says_why_in_both_languages() {
    for lang in Lang::ALL {
        lang.learn(languages::texts(*lang));
    }
    let before = State::open("std=0.3");
    for text in ["sqrt(2/", "1/0", "-1", "layer", "1..2", "x", "", "1,000,000", "√(-1)", &"(".repeat(200)] {
        let mut state = before.clone();
        let reaction = state.edit(Edit::Typed(knob("std"), text.to_owned()));
        assert!(reaction.commands.is_empty(), "{text}");
        assert_eq!((&state.lab, state.notices.len()), (&before.lab, 1), "{text}");
        for lang in Lang::ALL {
            let words = lang.notice(&state.notices[0]);
            assert!(words.starts_with(&lang.label("std")) && !words.contains(['{', '}']), "{words}");
            assert!(!words.contains("formula-error") && !words.contains("notice."), "{words}");
        }
    }
    let mut state = before;
    state.edit(Edit::Typed(knob("std"), "sqrt(2/)".to_owned()));
    assert!(Lang::En.notice(&state.notices[0]).contains("“sqrt(2/▸)”"));
    state.edit(Edit::Typed(knob("std"), format!("{}?", "1+".repeat(40))));
    assert!(Lang::En.notice(&state.notices[0]).contains("▸?"), "the mark of a long text is not cut off");
}

#[test]
fn no_text_can_fail() {
    let alphabet: Vec<char> = "0123459.,;eE+-*/^()√²⁻³·×÷−πnL sqrtminaxfan_ 0\u{2009}\u{202f}▸ế%".chars().collect();
    let mut random = 1_u32;
    let (mlp, gpt) = (spec(""), spec("model=gpt"));
    let knobs = ["std", "width", "gain", "std.q", "dropout"].map(knob);
    for round in 0..20_000 {
        let mut next = |n: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 16) as usize % n
        };
        let text: String = (0..next(24)).map(|_| alphabet[next(alphabet.len())]).collect();
        let (knob, spec) = (knobs[round % knobs.len()], if round % 2 == 0 { &mlp } else { &gpt });
        match read_number(&text, knob, spec) {
            Ok(number) => assert!(number.is_finite() && number >= 0.0, "{text}"),
            Err(problem) => {
                assert!(problem.at.is_none_or(|at| at <= text.chars().count()), "{text}: {problem:?}");
                assert!(!problem.notice(knob, &text).values.is_empty());
            }
        }
    }
}
