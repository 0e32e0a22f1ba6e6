//! Paired comparisons, permutations and corrections against SciPy's and statsmodels': `golden/statistics.json`.
#![cfg(feature = "study")]
use init_lab::study::permutation::{least_share, rank_correlation, sign_flips, signed_ranks};
use init_lab::study::statistics::{Means, Paired, Worse, half_interval, holm, line, mean_and_std, paired};
use serde_json::Value;

fn golden(key: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("golden/statistics.json")).expect("golden file");
    all[key].as_array().expect(key).clone()
}

/// A list of a case; what was lost is NaN.
fn list(case: &Value, key: &str) -> Vec<f64> {
    case[key].as_array().expect(key).iter().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect()
}

fn near(value: f64, case: &Value, key: &str) {
    let expected = case[key].as_f64().expect(key);
    assert!((value - expected).abs() <= 1e-8 * expected.abs() + 1e-12, "{key}: {value} is not {expected} of {case}");
}

fn are(means: &Means, case: &Value) {
    let [low, high] = means.interval;
    let numbers = [means.mean, means.std, means.t, means.p, low, high, means.effect];
    for (key, value) in ["mean", "std", "t", "p", "low", "high", "effect"].into_iter().zip(numbers) {
        near(value, case, key);
    }
}

fn compare(case: &Value, worse: Worse) -> Paired {
    paired(&list(case, "first"), &list(case, "second"), worse).expect("a comparison")
}

#[test]
fn paired_comparisons_are_scipys() {
    let cases = golden("paired");
    assert_eq!(cases.len(), 6);
    for case in cases {
        let found = compare(&case, Worse::Larger);
        assert_eq!(
            (found, found.lost),
            (compare(&case, Worse::Smaller), [0, 0]),
            "what is worse is asked of the lost alone"
        );
        let means = found.means.expect("means");
        are(&means, &case);
        near(found.permutation, &case, "permutation");
        assert_eq!(found.direction.signum(), means.mean.signum());
        let differences: Vec<f64> =
            list(&case, "first").iter().zip(list(&case, "second")).map(|(a, b)| b - a).collect();
        let (mean, std) = mean_and_std(&differences).expect("two at least");
        let high = means.interval[1];
        assert!((mean + half_interval(differences.len(), std) - high).abs() < 1e-8 * (1.0 + high.abs()));
    }
}

/// Seventeen pairs have 131,072 patterns: some are drawn, always the same, and come near the share of all.
#[test]
fn of_many_pairs_patterns_are_drawn() {
    for case in golden("many") {
        let found = compare(&case, Worse::Larger);
        are(&found.means.expect("means"), &case);
        let exact = case["permutation"].as_f64().expect("a share");
        let error = 4.0 * (exact * (1.0 - exact) / 20_000.0).sqrt() + 1e-4;
        assert!((found.permutation - exact).abs() < error, "{} is not {exact}", found.permutation);
        assert_eq!(found, compare(&case, Worse::Larger), "the same patterns each time");
    }
    let one_sided = vec![1.0; 40];
    assert_eq!(sign_flips(&one_sided), 1.0 / 20_001.0, "never 0");
    assert_eq!(sign_flips(&[1.0; 70]), least_share(70));
    for pairs in [2, 4, 8, 16, 17] {
        let least = sign_flips(&vec![1.0; pairs]);
        assert!((least / least_share(pairs) - 1.0).abs() < 1e-9 || pairs > 16, "{pairs}: {least}");
    }
    assert_eq!(least_share(4), 0.125, "four pairs cannot say more");
}

/// To leave out the pairs in which one blew up would flatter it.
#[test]
fn a_network_that_blew_up_counts_as_worse_than_any() {
    for case in golden("lost") {
        let worse = if case["worst"] == 1 { Worse::Larger } else { Worse::Smaller };
        let found = compare(&case, worse);
        near(found.permutation, &case, "permutation");
        near(found.direction, &case, "direction");
        let lost = ["first", "second"].map(|side| list(&case, side).iter().filter(|number| number.is_nan()).count());
        assert_eq!((found.pairs, found.lost), (list(&case, "first").len(), lost));
        assert_eq!(found.means.map_or(0, |means| means.count) as u64, case["finite"].as_u64().expect("a count"));
        if let Some(means) = found.means {
            are(&means, &case);
        }
    }
    // One of eight blew up where it was better else: by the pairs that are left it would win.
    let (first, mut second) = (vec![1.0; 8], vec![0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]);
    let before = paired(&first, &second, Worse::Larger).expect("eight pairs");
    second[0] = f64::INFINITY;
    let after = paired(&first, &second, Worse::Larger).expect("eight pairs");
    assert!(after.permutation > before.permutation && before.permutation == 2.0 / 256.0);
    assert!(after.means.expect("seven").mean < before.means.expect("eight").mean, "the mean of the rest flatters");
    assert_eq!(signed_ranks(&[-2.0, 0.0, 2.0, f64::NEG_INFINITY]), [-2.5, 0.0, 2.5, -4.0]);
}

#[test]
fn too_few_say_nothing_and_equals_are_equal() {
    assert_eq!(paired(&[1.0], &[2.0], Worse::Larger), None);
    let same = paired(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], Worse::Larger).expect("three pairs");
    assert_eq!((same.permutation, same.direction, same.means.expect("means").t), (1.0, 0.0, 0.0));
    assert_eq!(paired(&[f64::NAN; 3], &[f64::NAN; 3], Worse::Larger).expect("three pairs").permutation, 1.0);
}

#[test]
fn many_questions_are_corrected_as_statsmodels_does() {
    for case in golden("holm") {
        for (found, expected) in holm(&list(&case, "p"), 0).iter().zip(list(&case, "holm")) {
            assert!((found - expected).abs() < 1e-10, "{found} is not {expected}");
        }
    }
    assert_eq!(holm(&[0.01, 0.5], 18), [0.18, 1.0], "questions that are not answered yet count");
}

#[test]
fn rank_correlations_are_scipys() {
    let cases = golden("ranked");
    assert_eq!(cases.len(), 13);
    for case in cases {
        let (rho, p) = rank_correlation(&list(&case, "values")).expect("a correlation");
        near(rho, &case, "rho");
        near(p, &case, "p");
    }
    let perfect = |count: u32| rank_correlation(&(0..count).map(f64::from).collect::<Vec<_>>()).expect("an order").1;
    assert_eq!([3, 4, 5].map(perfect), [2.0 / 6.0, 2.0 / 24.0, 2.0 / 120.0], "both directions, of all orders");
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
