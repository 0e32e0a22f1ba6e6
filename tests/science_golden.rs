//! Gaussian averages, kernels and quantiles against SciPy's, and phases against those that follow
//! from its integrals: `golden/theory.json`.

use init_lab::science::activation::Activation;
use init_lab::science::gauss;
use init_lab::science::kernel::{Kernel, correlation};
use init_lab::science::moments::{log_moments, moments};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/theory.json")).expect("golden file")
}

fn activation(id: &str) -> Activation {
    Activation::from_id(id).unwrap_or_else(|| panic!("there is no activation {id}"))
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{key} in {row}"))
}

fn rows<'a>(golden: &'a Value, key: &str) -> &'a [Value] {
    golden[key].as_array().map_or(&[], Vec::as_slice)
}

#[track_caller]
fn close(what: impl std::fmt::Display, actual: f64, expected: f64, relative: f64) {
    let error = (actual - expected).abs();
    assert!(error <= relative * expected.abs() + 1e-14, "{what}: {actual} is not {expected}");
}

#[test]
fn moments_are_scipys() {
    let golden = golden();
    let table = golden["moments"].as_object().expect("moments");
    assert_eq!(table.len(), Activation::ALL.len());
    for (id, rows) in table {
        for row in rows.as_array().expect("rows") {
            let q = number(row, "q");
            let m = moments(activation(id), q);
            close(format!("{id} {q} mean"), m.mean, number(row, "mean"), 1e-9);
            close(format!("{id} {q} second"), m.second, number(row, "second"), 1e-9);
            close(format!("{id} {q} slope"), m.slope, number(row, "slope"), 1e-9);
            close(format!("{id} {q} fourth"), m.fourth, number(row, "fourth"), 1e-9);
            // The logarithmic form says the same.
            let log = log_moments(activation(id), q.ln());
            close(format!("{id} {q} ln second"), log.second.exp(), m.second, 1e-9);
            close(format!("{id} {q} ln slope"), log.slope.exp(), m.slope, 1e-9);
            close(format!("{id} {q} ln mean"), log.mean.exp(), m.mean.abs(), 1e-9);
            assert_eq!(log.negative, m.mean < 0.0, "{id} {q}");
        }
    }
}

#[test]
fn kernels_are_scipys() {
    let golden = golden();
    for (id, rows) in golden["kernels"].as_object().expect("kernels") {
        let activation = activation(id);
        let m = moments(activation, 1.0);
        let kernel = Kernel::new(activation, 0.0, &log_moments(activation, 0.0));
        for row in rows.as_array().expect("rows") {
            let (c, expected) = (number(row, "c"), number(row, "kernel"));
            let found = m.mean * m.mean + (m.second - m.mean * m.mean) * kernel.values(c);
            // Closed forms and twenty orders of the series, which converge slowly with a kink (SELU).
            close(format!("{id} {c}"), found, expected, if activation.smooth() { 1e-7 } else { 2e-5 });
            close(format!("{id} {c} plane"), correlation(activation, 1.0, c), expected, 1e-3);
        }
    }
}

#[test]
fn quantiles_are_scipys() {
    let golden = golden();
    for (key, function, tolerance) in [
        ("normal_quantile", gauss::quantile as fn(f64) -> f64, 1e-14),
        ("normal_cdf", gauss::cdf, 1e-13),
        ("erf", |x| Activation::Erf.apply(x), 1e-14),
    ] {
        for row in rows(&golden, key) {
            let [x, y] = [&row[0], &row[1]].map(|number| number.as_f64().expect("a number"));
            close(format!("{key} {x}"), function(x), y, tolerance);
        }
    }
}
