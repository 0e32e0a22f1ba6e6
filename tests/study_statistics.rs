//! Paired comparisons against SciPy's: `golden/statistics.json`.
#![cfg(feature = "study")]
#![allow(missing_docs)]

use init_lab::study::statistics::{half_interval, line, mean_and_std, paired, rank_correlation};
use serde_json::Value;

#[test]
fn paired_comparisons_are_scipys() {
    let golden: Value = serde_json::from_str(include_str!("golden/statistics.json")).expect("golden file");
    let cases = golden["paired"].as_array().expect("cases");
    assert_eq!(cases.len(), 6);
    for case in cases {
        let list = |key: &str| -> Vec<f64> {
            case[key].as_array().expect(key).iter().map(|number| number.as_f64().expect(key)).collect()
        };
        let (first, second) = (list("first"), list("second"));
        let found = paired(&first, &second).expect("a comparison");
        let [low, high] = found.interval;
        for (key, value) in [
            ("mean", found.mean),
            ("std", found.std),
            ("t", found.t),
            ("p", found.p),
            ("low", low),
            ("high", high),
            ("effect", found.effect),
            ("permutation", found.permutation),
        ] {
            let expected = case[key].as_f64().expect(key);
            let error = (value - expected).abs();
            assert!(error <= 1e-8 * expected.abs() + 1e-12, "{key} of {}: {value} is not {expected}", first.len());
        }
        let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| b - a).collect();
        let (mean, std) = mean_and_std(&differences).expect("two at least");
        assert!((mean + half_interval(differences.len(), std) - high).abs() < 1e-8 * (1.0 + high.abs()));
    }
}

#[test]
fn a_pair_that_blew_up_is_left_out_and_too_few_say_nothing() {
    let found = paired(&[1.0, 2.0, f64::NAN, 1.5], &[1.5, 2.7, 2.0, 1.9]).expect("three pairs");
    assert_eq!(found.pairs, 3);
    assert_eq!(paired(&[1.0, f64::NAN], &[2.0, 3.0]), None);
    assert_eq!(paired(&[1.0, 2.0], &[2.0, 3.0]), None, "no spread, no t");
    assert_eq!(paired(&[0.0; 17], &[1.0; 17]), None);
}

#[test]
fn rank_correlations_are_scipys() {
    let golden: Value = serde_json::from_str(include_str!("golden/statistics.json")).expect("golden file");
    for case in golden["ranked"].as_array().expect("cases") {
        let values: Vec<f64> = case["values"]
            .as_array()
            .expect("values")
            .iter()
            .map(|number| number.as_f64().expect("a number"))
            .collect();
        let (rho, p) = rank_correlation(&values).expect("a correlation");
        let expected = ["rho", "p"].map(|key| case[key].as_f64().expect(key));
        assert!((rho - expected[0]).abs() < 1e-10 && (p - expected[1]).abs() < 1e-8, "{rho} {p} {expected:?}");
    }
    assert_eq!(rank_correlation(&[1.0, 2.0, 3.0, 4.0]), Some((1.0, 0.0)));
    assert_eq!(rank_correlation(&[1.0; 4]), None);
    assert_eq!(rank_correlation(&[1.0, f64::NAN, 3.0]), None);
    assert_eq!(rank_correlation(&[1.0, 2.0]), None);
}

#[test]
fn a_line_has_a_slope_and_its_standard_error() {
    // By hand: S_xx = 2, S_xy = 3, S_yy = 14/3; what is left over is 1/6.
    let found = line(&[(0.0, 1.0), (1.0, 3.0), (2.0, 4.0)]).expect("a line");
    assert!((found.slope - 1.5).abs() < 1e-12 && found.points == 3, "{found:?}");
    assert!((found.error - (1.0_f64 / 12.0).sqrt()).abs() < 1e-12, "{found:?}");
    let power: Vec<(f64, f64)> =
        (1..6).map(|n| f64::from(1 << n)).map(|x| (x.ln(), (3.0 * x.powf(0.48)).ln())).collect();
    let found = line(&power).expect("a line");
    assert!((found.slope - 0.48).abs() < 1e-12 && found.error < 1e-7, "a power law is found exactly: {found:?}");
    assert_eq!(line(&power[..2]), None, "two points lie on a line anyway");
    assert_eq!(line(&[(1.0, 1.0); 3]), None);
}
