//! BatchNorm's theory against a network in plain f64 on the lab's own digits: what it does to variances,
//! and that it makes gradients grow from layer to layer whatever the weights (Yang et al. 2019).

use crate::plain::PLAIN;
use init_lab::science::activation::Activation::{self, *};
use init_lab::science::architecture::Architecture;
use init_lab::science::data::likeness::Profile;
use init_lab::science::data::{Dataset, digits::digits};
use init_lab::science::init::{Init, Scheme};
use init_lab::science::norm::{EPSILON, Norm, NormPosition};
use init_lab::science::plan::Plan;
use init_lab::science::seed::Stream;
use init_lab::science::site::Fans;
use init_lab::science::theory::MlpTheory;

type Rows = Vec<Vec<f64>>;

fn network(activation: Activation, gain: f64, width: usize, depth: usize, batch: usize) -> MlpTheory {
    let (norm, position) = (Norm::Batch, NormPosition::Inner);
    let architecture = Architecture { depth, width, features: 64, classes: 10, activation, norm, position, ..PLAIN };
    MlpTheory {
        architecture,
        matrices: architecture.matrices(),
        plan: Plan::new(Init { gain, ..Init::new(Scheme::KaimingNormal) }),
        bias_std: None,
        input_second_moment: 1.0,
        batch,
        profile: Dataset::Digits.profile().clone(),
    }
}

/// What one layer of one network showed: variances of z and h over batch and units, RMS ∂L/∂W.
type Seen = [f64; 3];

fn variance(rows: &Rows) -> f64 {
    let count = rows.iter().map(Vec::len).sum::<usize>() as f64;
    let mean = rows.iter().flatten().sum::<f64>() / count;
    rows.iter().flatten().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count
}

/// Each column less its mean, over its s; and 1/s by column.
fn normed(rows: &Rows) -> (Rows, Vec<f64>) {
    let (count, mut y) = (rows.len() as f64, rows.clone());
    let inverse = (0..rows[0].len()).map(|unit| {
        let mean = rows.iter().map(|row| row[unit]).sum::<f64>() / count;
        let square = rows.iter().map(|row| (row[unit] - mean) * (row[unit] - mean)).sum::<f64>() / count;
        let inverse = 1.0 / (square + EPSILON).sqrt();
        y.iter_mut().for_each(|row| row[unit] = (row[unit] - mean) * inverse);
        inverse
    });
    let inverse = inverse.collect();
    (y, inverse)
}

fn normed_back(dy: &Rows, y: &Rows, inverse: &[f64]) -> Rows {
    let count = dy.len() as f64;
    let mut dx = dy.clone();
    for (unit, inverse) in inverse.iter().enumerate() {
        let mean = dy.iter().map(|row| row[unit]).sum::<f64>() / count;
        let along = dy.iter().zip(y).map(|(dy, y)| dy[unit] * y[unit]).sum::<f64>() / count;
        for (row, y) in dx.iter_mut().zip(y) {
            row[unit] = (row[unit] - mean - y[unit] * along) * inverse;
        }
    }
    dx
}

fn times(rows: &Rows, matrix: &Rows) -> Rows {
    let line = |row: &Vec<f64>| {
        let mut z = vec![0.0; matrix[0].len()];
        row.iter().zip(matrix).for_each(|(x, w)| z.iter_mut().zip(w).for_each(|(z, w)| *z += x * w));
        z
    };
    rows.iter().map(line).collect()
}

fn transposed(rows: &Rows) -> Rows {
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

fn map2(a: &Rows, b: &Rows, f: impl Fn(f64, f64) -> f64) -> Rows {
    a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect()).collect()
}

/// Digits, made one length where they should be as the theory takes them; without kinds of pairs, Gaussian
/// inputs.
fn batch(theory: &MlpTheory, seed: u64, even: bool) -> (Rows, Vec<usize>) {
    let (table, mut chance) = (digits(), Stream::new(seed, "batch"));
    let mut example = || {
        if theory.profile.pairs.is_empty() {
            return ((0..64).map(|_| chance.normal()).collect(), chance.below(10));
        }
        let at = chance.below(table.train);
        let row: Vec<f64> = table.inputs[at * 64..(at + 1) * 64].iter().map(|x| f64::from(*x)).collect();
        let length = if even { (row.iter().map(|x| x * x).sum::<f64>() / 64.0).sqrt() } else { 1.0 };
        (row.iter().map(|x| x / length).collect(), table.labels[at] as usize)
    };
    (0..theory.batch).map(|_| example()).unzip()
}

/// The network of a seed, forward and backward on a batch.
fn run(theory: &MlpTheory, seed: u64, (mut h, labels): (Rows, Vec<usize>)) -> Vec<Seen> {
    let phi = |z: f64| theory.architecture.activation.apply(z);
    let mut weights = Stream::new(seed, "weights");
    let last = theory.architecture.depth;
    let (at, residual) = (theory.architecture.position, theory.architecture.residual);
    let none = || (Vec::new(), Vec::new());
    // What each layer read, its matrix, and what its norms made.
    let mut memory = Vec::new();
    let mut seen = Vec::new();
    for l in 0..=last {
        let Fans { fan_in: n, fan_out: m } = theory.matrices[l].fans;
        let deviation = theory.plan.init.gain / (n as f64).sqrt();
        let matrix: Rows = (0..n).map(|_| (0..m).map(|_| deviation * weights.normal()).collect()).collect();
        let before = if at == NormPosition::Pre && l > 0 { normed(&h) } else { none() };
        let input = if before.1.is_empty() { h.clone() } else { before.0.clone() };
        let z = times(&input, &matrix);
        let mut next = z.clone();
        let (mut within, mut after) = (none(), none());
        let mut read = z.clone();
        if l < last {
            if at == NormPosition::Inner {
                within = normed(&z);
                read = within.0.clone();
            }
            next = read.iter().map(|row| row.iter().map(|z| phi(*z)).collect()).collect();
            if residual && l > 0 {
                next = map2(&next, &h, |x, h| x + h);
            }
            if at == NormPosition::Post {
                after = normed(&next);
                next = after.0.clone();
            }
        }
        seen.push([variance(&z), variance(&next), 0.0]);
        h = next;
        memory.push((input, matrix, read, [before, within, after]));
    }
    let count = h.len() as f64;
    let mut gradient: Rows = h.iter().zip(labels).map(|(z, label)| softmax_less(z, label)).collect();
    for (l, (input, matrix, read, [before, within, after])) in memory.into_iter().enumerate().rev() {
        let mut sum = gradient;
        if !after.1.is_empty() {
            sum = normed_back(&sum, &after.0, &after.1);
        }
        let mut delta = sum.clone();
        if l < last {
            delta = map2(&delta, &read, |g, z| g * theory.architecture.activation.derivative(z));
        }
        if !within.1.is_empty() {
            delta = normed_back(&delta, &within.0, &within.1);
        }
        let entries = times(&transposed(&input), &delta);
        let square: f64 = entries.iter().flatten().map(|x| x * x).sum();
        seen[l][2] = (square / (matrix.len() * matrix[0].len()) as f64).sqrt() / count;
        gradient = times(&delta, &transposed(&matrix));
        if !before.1.is_empty() {
            gradient = normed_back(&gradient, &before.0, &before.1);
        }
        if residual && l > 0 && l < last {
            gradient = map2(&gradient, &sum, |a, b| a + b);
        }
    }
    seen
}

fn softmax_less(z: &[f64], label: usize) -> Vec<f64> {
    let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let all: Vec<f64> = z.iter().map(|z| (z - top).exp()).collect();
    let sum: f64 = all.iter().sum();
    all.iter().enumerate().map(|(class, p)| p / sum - if class == label { 1.0 } else { 0.0 }).collect()
}

/// Means over seeds of ln of what each layer showed.
fn logs(theory: &MlpTheory, seeds: u64) -> Vec<Seen> {
    let mut sums = vec![[0.0; 3]; theory.matrices.len()];
    for seed in 1..=seeds {
        for (sum, seen) in sums.iter_mut().zip(run(theory, seed, batch(theory, seed, true))) {
            sum.iter_mut().zip(seen).for_each(|(sum, x)| *sum += x.ln() / seeds as f64);
        }
    }
    sums
}

/// Variances to within `tolerance` in the logarithm, the profile of gradients within `factor`.
#[track_caller]
fn check(name: &str, theory: &MlpTheory, tolerance: f64, factor: f64) {
    let predicted = theory.predict();
    let measured = logs(theory, 3);
    let offsets: Vec<f64> =
        predicted.iter().zip(&measured).map(|(p, m)| p.gradient.expect("theory").ln() - m[2]).collect();
    let middle = offsets.iter().sum::<f64>() / offsets.len() as f64;
    let worst = offsets.iter().map(|offset| (offset - middle).abs()).fold(0.0, f64::max).exp();
    let mut wrong = [0.0_f64; 2];
    for (layer, seen) in predicted.iter().zip(&measured) {
        let theory = [layer.preactivation_var, layer.activation_var].map(|var| var.expect("theory").ln());
        for (wrong, (theory, seen)) in wrong.iter_mut().zip(theory.iter().zip(seen)) {
            *wrong = wrong.max((theory - seen).abs());
        }
    }
    println!("{name}: z within e^{:.3}, h within e^{:.3}, gradients ×{worst:.2}", wrong[0], wrong[1]);
    assert!(wrong[0] < tolerance && wrong[1] < tolerance && worst < factor, "{name}: {wrong:?}, ×{worst:.2}");
}

#[test]
fn variances_and_gradients_are_those_of_networks() {
    for position in [NormPosition::Inner, NormPosition::Pre, NormPosition::Post] {
        for (activation, residual) in [(Relu, false), (Tanh, false), (Gelu, false), (Relu, true), (Tanh, true)] {
            let mut theory = network(activation, 1.5, 96, 12, 64);
            (theory.architecture.position, theory.architecture.residual) = (position, residual);
            check(&format!("{position:?} {activation:?} residual {residual}"), &theory, 0.2, 1.25);
        }
    }
}

/// Real digits are of any length, which moves variances by some percent: more than what BatchNorm leaves to chance,
/// so that no band is drawn. The line is what networks show all the same.
#[test]
fn networks_on_real_digits_lie_by_the_line() {
    for position in [NormPosition::Inner, NormPosition::Pre] {
        for activation in [Relu, Tanh, Gelu] {
            let mut theory = network(activation, 1.5, 128, 12, 64);
            theory.architecture.position = position;
            let predicted = theory.predict();
            let mut worst = [0.0_f64; 2];
            for seed in 1..=12 {
                let (rows, labels) = batch(&theory, seed, false);
                let seen = run(&theory, seed, (rows, labels));
                assert!(predicted.iter().all(|l| [l.preactivation_spread, l.activation_spread] == [0.0; 2]));
                for (layer, seen) in predicted[1..12].iter().zip(&seen[1..]) {
                    let told = [layer.preactivation_var, layer.activation_var];
                    for ((worst, var), seen) in worst.iter_mut().zip(told).zip(seen) {
                        *worst = worst.max((seen.ln() - var.expect("theory").ln()).abs());
                    }
                }
            }
            println!("{position:?} {activation:?}: z within e^{:.2}, h within e^{:.2}", worst[0], worst[1]);
            assert!(worst.iter().all(|worst| *worst < 0.4), "{position:?} {activation:?}: {worst:?}");
        }
    }
}

/// From the 40th layer to the 5th, beyond what the data does to the first and the loss to the last. By
/// hand: π/(π − 1) of ReLU and a large batch, (B − 2)/(B − 3) of none and inputs of all directions.
#[test]
fn gradients_explode_at_the_rate_of_the_theory() {
    let relu = std::f64::consts::PI / (std::f64::consts::PI - 1.0);
    let (digits, gaussian) = (Dataset::Digits.profile().clone(), Profile::default());
    for (activation, batch, profile, by_hand) in [
        (Relu, 128, &digits, Some(relu)),
        (Linear, 16, &gaussian, Some(14.0 / 13.0)),
        (Linear, 128, &digits, None),
        (Tanh, 64, &digits, None),
        (Gelu, 64, &digits, None),
    ] {
        let theory = MlpTheory { profile: profile.clone(), ..network(activation, 1.3, 160, 44, batch) };
        let predicted = theory.predict();
        let measured = logs(&theory, 2);
        let gradient = |l: usize| predicted[l].gradient.expect("theory").ln();
        let rate = |first: f64, last: f64| (2.0 * (first - last) / 35.0).exp();
        let (told, seen) = (rate(gradient(4), gradient(39)), rate(measured[4][2], measured[39][2]));
        println!("{activation:?}, batch {batch}: ×{told:.4} a layer, measured ×{seen:.4}, by hand {by_hand:.4?}");
        assert!(
            by_hand.is_none_or(|right| (told / right - 1.0).abs() < 0.02),
            "{activation:?}: {told} for {by_hand:?}"
        );
        assert!((told / seen - 1.0).abs() < 0.03, "{activation:?}: {told}, but {seen}");
    }
}

/// What a norm forgets: the size of the weights, forward and back, but for ε.
#[test]
fn the_size_of_weights_changes_nothing() {
    let small = network(Relu, 0.3, 128, 30, 64).predict();
    let large = network(Relu, 30.0, 128, 30, 64).predict();
    for (a, b) in small.iter().zip(&large).take(30) {
        let ratio = |x: Option<f64>, y: Option<f64>| x.expect("theory") / y.expect("theory");
        assert!((ratio(a.activation_var, b.activation_var) - 1.0).abs() < 1e-3);
    }
    let growth = |layers: &[init_lab::science::theory::LayerPrediction]| {
        layers[0].gradient.expect("theory") / layers[29].gradient.expect("theory")
    };
    assert!((growth(&small) / growth(&large) - 1.0).abs() < 0.05, "{} {}", growth(&small), growth(&large));
    assert!(growth(&small) > 100.0);
}
