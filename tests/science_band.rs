//! What finite width does: the band in which the variance of one random network lies, and the floor
//! that biases give it. Bounds are four standard errors.

use crate::perceptron::{measure, network, run};
use init_lab::science::activation::Activation::*;
use init_lab::science::init::Scheme;
use init_lab::science::theory::{LayerPrediction, MlpTheory};

/// ln of the mean square after the last hidden layer, over seeds: mean, variance, and the mean of
/// the mean square itself.
fn spread(theory: &MlpTheory, seeds: u64) -> [f64; 3] {
    let n = theory.architecture.features;
    // One input, of mean square 1.
    let input = vec![1.0; n];
    let squares: Vec<f64> = (0..seeds)
        .map(|seed| run(theory, seed, std::slice::from_ref(&input)))
        .map(|layers| layers[layers.len() - 2].second)
        .collect();
    let count = seeds as f64;
    let mean = squares.iter().map(|x| x.ln()).sum::<f64>() / count;
    let variance = squares.iter().map(|x| (x.ln() - mean).powi(2)).sum::<f64>() / (count - 1.0);
    [mean, variance, squares.iter().sum::<f64>() / count]
}

/// With no bias and an activation that keeps q, ln q_L is N(−β/2, β) with the predicted β.
#[track_caller]
fn check_band(theory: &MlpTheory, beta: f64) {
    const SEEDS: u64 = 200;
    let layers = theory.predict();
    let layer = layers[layers.len() - 2];
    assert!((layer.log_spread.powi(2) / beta - 1.0).abs() < 1e-9, "{layer:?}");
    let [mean, variance, square] = spread(theory, SEEDS);
    println!("mean ln q {mean:.3} ({:.3}), var {variance:.3} ({beta:.3})", -beta / 2.0);
    let n = SEEDS as f64;
    assert!((mean + beta / 2.0).abs() < 4.0 * (beta / n).sqrt());
    assert!((square - 1.0).abs() < 4.0 * ((beta.exp() - 1.0) / n).sqrt());
    assert!((variance / beta - 1.0).abs() < 4.0 * (2.0 / n).sqrt());
}

#[test]
fn finite_width_bands() {
    check_band(&network(Relu, Scheme::KaimingNormal, 2_f64.sqrt(), 64, 10), 50.0 / 64.0);
    check_band(&network(Linear, Scheme::KaimingNormal, 1.0, 64, 10), 20.0 / 64.0);
    check_band(&network(Relu, Scheme::Orthogonal, 2_f64.sqrt(), 32, 5), 15.0 / 32.0);
}

#[test]
fn tanh_stays_within_its_band() {
    const SEEDS: u64 = 100;
    let theory = network(Tanh, Scheme::KaimingNormal, 1.5, 64, 10);
    let layers = theory.predict();
    let layer: LayerPrediction = layers[9];
    let [mean, variance, _] = spread(&theory, SEEDS);
    let beta = layer.log_spread.powi(2);
    let expected = layer.activation_var.map_or(f64::NAN, f64::ln) - beta / 2.0;
    println!("mean {mean:.4} ({expected:.4}), variance {variance:.5} ({beta:.5})");
    // Beside the sampling error, mean-field theory itself is off by O(1/n).
    assert!((mean - expected).abs() < 4.0 * (beta / SEEDS as f64).sqrt() + 2.0 / 64.0);
    assert!((variance / beta - 1.0).abs() < 4.0 * (2.0 / SEEDS as f64).sqrt());
}

#[test]
fn pytorch_default_looks_stable_and_is_dead() {
    let theory = network(Relu, Scheme::Pytorch, 1.0, 256, 12);
    let predicted = theory.predict();
    let floor = 0.4 / 256.0;
    let q = predicted[11].preactivation_var.unwrap_or(f64::NAN);
    assert!((q / floor - 1.0).abs() < 1e-3, "{q}");
    let runs: Vec<_> = (0..4).map(|seed| measure(&theory, seed)).collect();
    let q = runs.iter().map(|run| run[11].preactivation).sum::<f64>() / 4.0;
    assert!((q / floor - 1.0).abs() < 0.1, "{q} against {floor}");
    // What differs between samples is gone.
    assert!(runs.iter().all(|run| run[11].across_samples < 1e-5));
}
