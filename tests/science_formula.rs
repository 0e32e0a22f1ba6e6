//! The student's own formula: what it computes, and where it says that a text is none.

use init_lab::science::formula::Problem::{self, *};
use init_lab::science::formula::{Formula, FormulaError, Names};

const NAMES: Names =
    Names { fan_in: 64.0, fan_out: 128.0, depth: 12.0, layer: 3.0, width: 128.0, heads: 4.0, gain: 1.5 };

#[track_caller]
fn value(text: &str, expected: f64) {
    let found = Formula::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).value(&NAMES);
    assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{text} = {found}");
}

#[track_caller]
fn wrong(text: &str, at: usize, problem: Problem) {
    assert_eq!(Formula::parse(text), Err(FormulaError { at, problem }), "{text}");
}

#[test]
fn arithmetic_has_its_usual_order() {
    value("sqrt(2/fan_in)", (2.0 / 64_f64).sqrt());
    value(" 0.02 / sqrt ( 2 * depth ) ", 0.02 / 24_f64.sqrt());
    value("1 - 2 - 3", -4.0);
    value("8 / 4 / 2", 1.0);
    value("2 + 3 * 4", 14.0);
    value("(2 + 3) * 4", 20.0);
    value("2 ^ 3 ^ 2", 512.0);
    value("2 ** 3", 8.0);
    value("-2 ^ 2", -4.0);
    value("2 ^ -2", 0.25);
    value("2 * -3", -6.0);
    value("- - 3", 3.0);
    value("1.5e-2", 0.015);
    value(".5", 0.5);
    value("max(fan_in, fan_out) + min(layer, heads)", 131.0);
    value("cbrt(27) + ln(1) + exp(0) + log2(8) + log10(100) + abs(-2)", 11.0);
    value("gain * width", 192.0);
    value("pi - π", 0.0);
}

#[test]
fn what_is_printed_is_read() {
    value("√(2/128)", 0.125);
    value("1/√fan_in", 0.125);
    value("√16 / 2", 2.0);
    value("√√16", 2.0);
    value("3 · √ 4 × 2 ⋅ 6 ÷ 4", 18.0);
    value("5 − 2", 3.0);
    value("−2", -2.0);
    value("3² + fan_in²", 4105.0);
    value("-2²", -4.0);
    value("2^3²", 512.0);
    value("(1 + 1)³", 8.0);
    value("1.5·10⁻³", 0.0015);
    value("1e−3", 0.001);
    value("10\u{2009}000 + 1\u{202f}234\u{a0}567.5", 1_244_567.5);
    value("2\u{2009}/\u{2009}128", 1.0 / 64.0);
    value("√(2 / n) + L + n_in + n_out", 0.125 + 12.0 + 64.0 + 128.0);
}

#[test]
fn a_division_by_zero_is_found_wherever_it_is() {
    let divides = |text: &str| Formula::parse(text).is_ok_and(|formula| formula.divides_by_zero(&NAMES));
    for text in ["1/0", "-(1 + sqrt(2/(layer-3)))", "min(1, 1/(1-1))", "1/(1/0)"] {
        assert!(divides(text), "{text}");
    }
    for text in ["0/1", "1/sqrt(2)", "1e308*10", "sqrt(-1)"] {
        assert!(!divides(text), "{text}");
    }
}

#[test]
fn what_has_no_value_is_not_finite() {
    for text in ["1 / 0", "sqrt(-1)", "ln(0)", "1e308 * 10"] {
        let found = Formula::parse(text).map(|formula| formula.value(&NAMES));
        assert!(found.is_ok_and(|value| !value.is_finite()), "{text}");
    }
}

#[test]
fn errors_are_at_the_caret() {
    wrong("", 0, Operand);
    wrong("2 *", 3, Operand);
    wrong("2 * * 3", 4, Operand);
    wrong("sqrt(2 / fan_im)", 9, UnknownName);
    wrong("squareroot(2)", 0, UnknownFunction);
    wrong("2 3", 2, Operator);
    wrong("2 fan_in", 2, Operator);
    wrong("(2 + 3", 6, Unclosed);
    wrong("sqrt(2", 6, Unclosed);
    wrong("sqrt()", 5, Operand);
    wrong("1 + min(2)", 4, Arguments);
    wrong("sqrt(1, 2)", 0, Arguments);
    wrong("2)", 1, Operator);
    wrong("π + ?", 4, Operand);
    wrong("2; alert(1)", 1, Operator);
    wrong("√", 1, Operand);
    wrong("√-2", 1, Operand);
    wrong("²", 0, Operand);
    wrong("2²²⁻", 3, Operator);
    wrong("2\u{2009}3", 2, Operator);
    wrong("2\u{a0}3456", 2, Operator);
    wrong("window.close()", 0, UnknownName);
    wrong(&"1+".repeat(61), 120, TooLong);
}

#[test]
fn no_text_is_too_much() {
    for text in [
        "(".repeat(120),
        "-".repeat(120),
        "√".repeat(120),
        "sqrt(".repeat(24),
        format!("{}1{}", "(".repeat(59), ")".repeat(59)),
    ] {
        let _ = Formula::parse(&text);
    }
    let alphabet: Vec<char> = "0129.e+-*/^(), sqrtfan_inπ#&√²⁻·−\u{2009}".chars().collect();
    let mut state = 1_u32;
    for _ in 0..20_000 {
        let mut next = |n: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as usize % n
        };
        let text: String = (0..next(30)).map(|_| alphabet[next(alphabet.len())]).collect();
        if let Err(error) = Formula::parse(&text) {
            assert!(error.at <= text.chars().count(), "{text}");
        }
    }
}
