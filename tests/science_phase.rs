//! Fixed points, depth scales and critical lines, against `golden/theory.json` and by hand.

use init_lab::science::activation::Activation::{self, *};
use init_lab::science::phase::{critical, fixed_points, half_stable, phase, phase_with};
use serde_json::Value;

fn golden(key: &str) -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("golden/theory.json")).expect("golden file");
    golden[key].as_array().cloned().expect("rows")
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{key} in {row}"))
}

fn activation(row: &Value) -> Activation {
    row["activation"].as_str().and_then(Activation::from_id).unwrap_or_else(|| panic!("an activation in {row}"))
}

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}

#[test]
fn phases_are_those_of_scipys_integrals() {
    for row in golden("phase") {
        let [w, b] = ["sigma_w", "sigma_b"].map(|key| number(&row, key).powi(2));
        let found = phase(activation(&row), w, b).unwrap_or_else(|| panic!("{row}"));
        println!("{row} {found:?}");
        close(found.q / number(&row, "q"), 1.0, 1e-6);
        close(found.chi, number(&row, "chi"), 1e-6);
        close(found.chi_q, number(&row, "chi_q"), 1e-6);
        close(found.correlation, number(&row, "c"), 1e-6);
        close(found.chi_c, number(&row, "chi_c"), 1e-6);
        assert!(found.stable());
    }
}

#[test]
fn dropout_moves_the_line_and_leaves_no_fixed_point_at_one() {
    for p in [0.1, 0.5] {
        // ReLU at σ_w² = 2(1 − p): gradients keep their size, likeness does not.
        let he = phase_with(Relu, 2.0, 0.0, p).expect("every q stays");
        close(he.chi, 1.0, 1e-12);
        let c = he.correlation;
        let map = ((1.0 - c * c).sqrt() + (std::f64::consts::PI - c.acos()) * c) / std::f64::consts::PI;
        close(c, (1.0 - p) * map, 1e-9);
        close(he.chi_c, (1.0 - p) * (1.0 - c.acos() / std::f64::consts::PI), 1e-9);
        assert!(c < 1.0 - p && he.correlation_depth() > 0.0);
    }
    // Even where inputs would grow alike.
    let ordered = phase_with(Tanh, 0.81, 0.0025, 0.2).expect("tanh is bounded");
    assert!(ordered.chi < 1.0 && ordered.correlation < 1.0, "{ordered:?}");
    assert_eq!(phase_with(Tanh, 2.25, 0.0025, 0.0), phase(Tanh, 2.25, 0.0025));
}

#[test]
fn depths_of_tanh() {
    // σ_w, σ_b, ξ_q, ξ_c, 6·ξ_c, 1/|ln χ₁|
    for (w, b, variance, correlation, trainable, gradient) in [
        (0.5, 0.05, 0.715, 0.718, 4.3, 0.72),
        (0.9, 0.05, 3.885, 4.274, 25.6, 4.27),
        (1.0, 0.05, 7.266, 14.659, 88.0, 14.7),
        (1.5, 0.05, 1.451, 16.20, 97.0, 7.80),
        (5.0 / 3.0, 0.0, 1.188, 12.12, 73.0, 5.25),
        (2.0, 0.05, 0.903, 7.90, 47.0, 3.24),
        (4.0, 0.3, 0.490, 3.64, 21.8, 1.16),
    ] {
        let found = phase(Tanh, w * w, b * b).expect("tanh is bounded");
        close(found.variance_depth(), variance, 6e-4);
        close(found.correlation_depth(), correlation, 6e-3);
        close(found.trainable_depth(), trainable, 0.6);
        close(found.gradient_depth(), gradient, 0.06);
    }
}

#[test]
fn critical_lines() {
    for row in golden("critical") {
        let bias = number(&row, "sigma_b");
        let found = critical(activation(&row), bias * bias).unwrap_or_else(|| panic!("{row}"));
        close(found.weight_var.sqrt(), number(&row, "sigma_w"), 1e-6);
        close(found.q, number(&row, "q"), 1e-6);
        let there = phase(activation(&row), found.weight_var, bias * bias).expect("a fixed point");
        close(there.chi, 1.0, 1e-6);
    }
    // Without biases: 1/φ'(0)², and √π/2 for erf.
    close(critical(Tanh, 0.0).expect("at q = 0").weight_var, 1.0, 1e-9);
    close(critical(Erf, 0.0).expect("at q = 0").weight_var.sqrt(), 0.886227, 1e-6);
    close(critical(Relu, 0.0).expect("He").weight_var, 2.0, 1e-9);
    assert_eq!(critical(Relu, 0.01), None);
}

#[test]
fn half_stable_pairs() {
    for row in golden("half_stable") {
        let found = half_stable(activation(&row)).unwrap_or_else(|| panic!("{row}"));
        close(found.weight_var, number(&row, "w"), 1e-6);
        close(found.bias_var, number(&row, "b"), 1e-6);
        close(found.q, number(&row, "q"), 1e-5);
    }
    for activation in [Linear, Relu, Tanh, Erf] {
        assert_eq!(half_stable(activation), None, "{activation:?}");
    }
}

#[test]
fn relu_keeps_explodes_or_rests_on_its_biases() {
    let he = phase(Relu, 2.0, 0.0).expect("every q");
    close(he.q, 1.0, 0.0);
    close(he.chi, 1.0, 1e-12);
    close(he.chi_q, 1.0, 1e-12);
    close(he.correlation, 1.0, 0.0);
    assert_eq!(phase(Relu, 2.1, 0.0), None);
    // q* = σ_b²/(1 − σ_w²/2)
    close(phase(Relu, 1.0, 0.3).expect("biases").q, 0.6, 1e-9);
    let dead = phase(Relu, 1.0, 0.0).expect("nothing");
    close(dead.q, 0.0, 0.0);
    close(dead.chi, 0.5, 1e-12);
}

#[test]
fn gelu_has_an_unstable_point() {
    let points = fixed_points(Gelu, 2.351716, 0.0);
    let middle = points.iter().find(|point| (point.q - 1.0).abs() < 1e-4).expect("q = 1");
    assert!(!middle.stable());
    close(middle.chi_q, 1.1441, 1e-4);
    // He: below it everything collapses.
    close(phase(Gelu, 2.0, 0.0).expect("0").q, 0.0, 0.0);
    assert_eq!(phase(Gelu, 3.0, 0.0), None);
    let silu = fixed_points(Silu, 2.810761, 0.0);
    close(silu.iter().find(|point| (point.q - 1.0).abs() < 1e-4).expect("q = 1").chi_q, 1.1726, 1e-4);
}

#[test]
fn every_activation_has_a_phase_or_none() {
    for &activation in Activation::ALL {
        for (w, b) in [(0.1, 0.0), (1.0, 0.1), (2.0, 0.0), (100.0, 1.0)] {
            if let Some(found) = phase(activation, w, b) {
                let all = [found.q, found.chi, found.chi_q, found.correlation, found.chi_c];
                assert!(all.iter().all(|x| x.is_finite()), "{activation:?} {w} {b} {found:?}");
            }
        }
    }
}

/// √(2/n)² · n is 2 but for rounding, on either side.
#[test]
fn he_s_start_is_critical_at_every_width() {
    for width in 2..=1024_u32 {
        let n = f64::from(width);
        let sigma = (2.0 / n).sqrt();
        let he = phase(Activation::Relu, sigma * sigma * n, 0.0).expect("q rests");
        assert_eq!(he.correlation, 1.0, "width {width}: {he:?}");
        assert!((he.chi_c - 1.0).abs() < 1e-9, "width {width}: {he:?}");
    }
}
