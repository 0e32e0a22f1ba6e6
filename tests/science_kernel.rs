//! Correlation maps by series against integrals over the plane, and the softmax's agreement against
//! what is known of it.

use init_lab::science::activation::Activation::{self, *};
use init_lab::science::gauss;
use init_lab::science::kernel::Kernel;
use init_lab::science::moments::{log_moments, moments};
use init_lab::science::softmax::agreements;

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}

fn kernel(activation: Activation, q: f64) -> Kernel {
    let ln_q = q.ln();
    Kernel::new(activation, ln_q, &log_moments(activation, ln_q))
}

/// E f(z₁, z₂) for standard normals with correlation c, by the trapezoid rule on a grid of 57² points, which converges
/// exponentially for smooth f; with a kink expect three digits.
fn over_the_plane(c: f64, f: impl Fn(f64, f64) -> f64) -> f64 {
    const STEP: f64 = 0.25;
    let grid: Vec<(f64, f64)> = (-28..=28).map(|i| STEP * f64::from(i)).map(|z| (z, STEP * gauss::pdf(z))).collect();
    let s = (1.0 - c * c).sqrt();
    grid.iter().map(|(x, a)| grid.iter().map(|(z, b)| a * b * f(*x, c * x + s * z)).sum::<f64>()).sum()
}

/// [Cov(φ, φ')/Var φ, E φ'φ'/D] over the plane.
fn plane(activation: Activation, q: f64, c: f64) -> [f64; 2] {
    let root = q.sqrt();
    let m = moments(activation, q);
    let values = over_the_plane(c, |x, y| activation.apply(root * x) * activation.apply(root * y));
    let slopes = over_the_plane(c, |x, y| activation.derivative(root * x) * activation.derivative(root * y));
    [(values - m.mean * m.mean) / (m.second - m.mean * m.mean), slopes / m.slope]
}

#[test]
fn the_plane_knows_a_moment() {
    close(over_the_plane(0.3, |x, y| x * x * y * y), 1.0 + 2.0 * 0.09, 1e-9);
}

#[test]
fn series_agree_with_the_plane() {
    // The others have closed forms or are in the golden file: the plane sees no kinks.
    for &activation in Activation::ALL.iter().filter(|activation| activation.smooth()) {
        for q in [0.01, 0.3, 1.0, 3.0] {
            let kernel = kernel(activation, q);
            for c in [-0.9, -0.5, 0.0, 0.3, 0.7, 0.95] {
                let [values, slopes] = plane(activation, q, c);
                close(kernel.values(c), values, 1e-4);
                close(kernel.slopes(c), slopes, 1e-3);
            }
        }
    }
}

#[test]
fn both_ends_are_exact() {
    for &activation in Activation::ALL {
        for ln_q in [-700.0, -50.0, -5.0, 0.0, 2.0, 10.0, 50.0, 700.0] {
            let kernel = Kernel::new(activation, ln_q, &log_moments(activation, ln_q));
            close(kernel.values(1.0), 1.0, 1e-12);
            close(kernel.slopes(1.0), 1.0, 1e-12);
            close(kernel.values(0.0), 0.0, 1e-12);
            for c in [-1.0, -0.3, 0.2, 0.999] {
                let [values, slopes] = [kernel.values(c), kernel.slopes(c)];
                assert!(values.abs() <= 1.0 + 1e-12, "{activation:?} {ln_q} {c} {values}");
                assert!(slopes.abs() <= 1.0 + 1e-12, "{activation:?} {ln_q} {c} {slopes}");
            }
        }
    }
}

#[test]
fn kinks_have_closed_forms() {
    // ReLU: E φφ' = q/2π at c = 0 and 0 at c = −1, so Cov/Var is 0 and −1/(π − 1); half of the units
    // that are on are on for both.
    let relu = kernel(Relu, 1.0);
    close(relu.values(-1.0), -1.0 / (std::f64::consts::PI - 1.0), 1e-12);
    close(relu.slopes(0.0), 0.5, 1e-12);
    close(relu.slopes(-1.0), 0.0, 1e-12);
    close(kernel(Linear, 1.0).values(-0.3), -0.3, 1e-12);
}

#[test]
fn a_saturated_tanh_is_a_step() {
    // E sign(u)·sign(v) = (2/π)·asin c
    let kernel = kernel(Tanh, 1e6);
    for c in [0.1_f64, 0.5, 0.8] {
        close(kernel.values(c), 2.0 / std::f64::consts::PI * c.asin(), 5e-3);
    }
}

#[test]
fn softmax_agreement() {
    for classes in [2, 3, 10] {
        let c = 1.0 / classes as f64;
        for ln_q in [-40.0, 0.0, 3.0, 500.0] {
            let [apart, alike] = agreements(classes, ln_q, &[0.0, 1.0]).try_into().expect("two");
            close(apart, c, 1e-12);
            assert!((c - 1e-9..=1.0 + 1e-9).contains(&alike), "{alike}");
        }
        let [nothing, hard] = [-40.0, 500.0].map(|ln_q| agreements(classes, ln_q, &[1.0])[0]);
        close(nothing, c, 1e-9);
        close(hard, 1.0, 1e-9);
    }
    // Two hard classes agree if the difference of the logits has one sign: ½ + asin(c)/π.
    let [half] = agreements(2, 500.0, &[0.5]).try_into().expect("one");
    close(half, 2.0 / 3.0, 0.04);
}
