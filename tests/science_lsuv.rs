//! LSUV with biases: they are a part of the variance that is to be 1, and may leave no room for the weights.

use crate::plain::PLAIN;
use init_lab::science::architecture::Architecture;
use init_lab::science::data::likeness::Profile;
use init_lab::science::init::{Init, Scheme};
use init_lab::science::lsuv::lsuv;
use init_lab::science::plan::Plan;
use init_lab::science::seed::Stream;
use init_lab::science::theory::MlpTheory;

const WIDTH: usize = 48;
const DEPTH: usize = 5;
const NETWORK: Architecture = Architecture { depth: DEPTH, width: WIDTH, features: WIDTH, classes: WIDTH, ..PLAIN };

fn theory(bias_std: f64) -> MlpTheory {
    MlpTheory {
        architecture: NETWORK,
        matrices: NETWORK.matrices(),
        plan: Plan::new(Init::new(Scheme::Lsuv)),
        bias_std: Some(bias_std),
        input_second_moment: 1.0,
        batch: 64,
        profile: Profile::default(),
    }
}

/// The variance of z by layer, and the standard deviation of the weights over that of orthonormal ones.
fn start(bias_std: f64, seed: u64) -> Vec<[f64; 2]> {
    let theory = theory(bias_std);
    let mut stream = Stream::new(seed, "lsuv");
    let mut layers: Vec<(Vec<f32>, Vec<f32>)> = theory
        .matrices
        .iter()
        .map(|site| {
            let matrix = theory.plan.matrix(site, &mut stream);
            (matrix, theory.plan.bias(site.role, site.fans, theory.bias_std, &mut stream))
        })
        .collect();
    let inputs: Vec<Vec<f64>> = (0..64).map(|_| (0..WIDTH).map(|_| stream.normal()).collect()).collect();
    lsuv(&mut layers, &inputs, &NETWORK, Some(bias_std));
    let mut h = inputs;
    let mut found = Vec::new();
    for (matrix, bias) in &layers {
        let z: Vec<Vec<f64>> = h
            .iter()
            .map(|row| {
                let unit = |j: usize| {
                    let fed = row.iter().enumerate().map(|(i, x)| x * f64::from(matrix[i * WIDTH + j]));
                    fed.sum::<f64>() + f64::from(bias[j])
                };
                (0..WIDTH).map(unit).collect()
            })
            .collect();
        let all: Vec<f64> = z.iter().flatten().copied().collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let variance = all.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / all.len() as f64;
        let square = matrix.iter().map(|w| f64::from(*w) * f64::from(*w)).sum::<f64>() / matrix.len() as f64;
        found.push([variance, (square * WIDTH as f64).sqrt()]);
        h = z.iter().map(|row| row.iter().map(|z| z.max(0.0)).collect()).collect();
    }
    found
}

#[test]
fn biases_are_a_part_of_the_unit_variance() {
    for bias in [0.0, 0.3, 0.5, 0.7] {
        for [variance, scale] in start(bias, 1) {
            assert!((variance - 1.0).abs() < 0.011, "σ_b {bias}: variance {variance}");
            assert!(scale > 0.1, "σ_b {bias}: weights of {scale}");
        }
    }
}

#[test]
fn biases_that_leave_no_room_leave_the_weights_orthonormal() {
    for bias in [1.0, 2.0, 50.0] {
        for [_, scale] in start(bias, 1) {
            assert!((scale - 1.0).abs() < 1e-3, "σ_b {bias}: weights of {scale}");
        }
    }
}

/// A σ_b below 1 of which one layer's few biases came out above it: their σ_b decides, not their draw.
#[test]
fn an_unlucky_draw_takes_no_weights_away() {
    for seed in 0..12 {
        for [variance, scale] in start(0.95, seed) {
            assert!(scale > 0.05 && (0.6..2.2).contains(&variance), "variance {variance}, weights of {scale}");
        }
    }
}

#[test]
fn theory_says_the_same() {
    for bias in [0.0, 0.5, 1.0, 2.0] {
        let runs: Vec<Vec<[f64; 2]>> = (0..24).map(|seed| start(bias, seed)).collect();
        for (l, layer) in theory(bias).predict().iter().enumerate() {
            let measured = runs.iter().map(|run| run[l][0]).sum::<f64>() / runs.len() as f64;
            let predicted = layer.preactivation_var.unwrap_or(f64::NAN);
            let spread = 0.03 + 3.0 * layer.preactivation_spread / (runs.len() as f64).sqrt();
            assert!((measured / predicted).ln().abs() < spread, "σ_b {bias}, layer {}: {measured} {predicted}", l + 1);
        }
    }
}
