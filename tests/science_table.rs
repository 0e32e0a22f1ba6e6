//! Averages from the table, and the maps made of them, against integrals at other q than the
//! table's.

use init_lab::science::activation::Activation::{self, *};
use init_lab::science::gauss;
use init_lab::science::kernel::Kernel;
use init_lab::science::moments::log_moments;

/// ln q over all that is not a power of q, at steps that miss the nodes.
fn range(to: f64) -> impl Iterator<Item = f64> {
    (0..).map(|i| -20.0 + 0.0737 * f64::from(i)).take_while(move |&ln_q| ln_q < to)
}

/// What is not a closed form.
fn tabled() -> impl Iterator<Item = Activation> {
    let closed = [Linear, Relu, LeakyRelu, ReluSquared, Sin];
    Activation::ALL.iter().copied().filter(move |activation| !closed.contains(activation))
}

#[track_caller]
fn close(what: std::fmt::Arguments, actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {actual} is not {expected}");
}

#[test]
fn averages_are_integrals() {
    for activation in tabled() {
        for ln_q in range(64.0) {
            let root = (0.5 * ln_q).exp();
            let centre = activation.apply(0.0);
            let [first, second, slope, growth, growth_first] = gauss::expect_all(root, |g| {
                let x = root * g;
                let (value, slope) = (activation.apply(x), activation.derivative(x));
                [value - centre, value * value, slope * slope, x * slope * value, x * slope]
            });
            let mean = centre + first;
            let [variance, third, fourth, growth_variance] = gauss::expect_all(root, |g| {
                let x = root * g;
                let value = activation.apply(x) - mean;
                let square = value * value;
                [square, square * value, square * square, x * activation.derivative(x) * value]
            });
            let deviation = variance.sqrt();
            let m = log_moments(activation, ln_q);
            for (what, found, expected) in [
                ("mean", m.mean.exp() / deviation, mean.abs() / deviation),
                ("second", m.second, second.ln()),
                ("variance", m.variance, variance.ln()),
                ("slope", m.slope, slope.ln()),
                ("sensitivity", m.sensitivity, growth / second),
                ("variance growth", m.variance_growth, growth_variance / variance),
                ("mean growth", m.mean_growth, 0.5 * growth_first / deviation),
                ("skew", m.skew, third / (variance * deviation)),
                ("peak", m.peak, fourth / (variance * variance) - 1.0),
            ] {
                close(format_args!("{activation:?} {ln_q} {what}"), found, expected);
            }
        }
    }
}

#[test]
fn maps_are_integrals() {
    const C: f64 = 0.3;
    for activation in tabled() {
        for ln_q in range(30.0) {
            let root = (0.5 * ln_q).exp();
            let mean = gauss::expect_steep(root, |g| activation.apply(root * g));
            // E f², then E f·h_k for k = 1..20
            let averages: [f64; 21] = gauss::expect_all(root, |g| {
                let value = activation.apply(root * g) - mean;
                let (mut before, mut here) = (0.0, 1.0);
                let mut row = [value * value; 21];
                for (k, entry) in row.iter_mut().enumerate().skip(1) {
                    let k = k as f64;
                    (before, here) = (here, (g * here - (k - 1.0).sqrt() * before) / k.sqrt());
                    *entry = value * here;
                }
                row
            });
            let weights = averages[1..].iter().map(|a| a * a / averages[0]);
            let expected: f64 = weights.rev().fold(0.0, |sum, weight| (sum + weight) * C);
            let map = Kernel::new(activation, ln_q, &log_moments(activation, ln_q));
            close(format_args!("{activation:?} {ln_q}"), map.values(C), expected);
        }
    }
}
