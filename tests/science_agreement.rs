//! Theory and measurement over depth: fifty networks of each kind, and how many of them lie in the
//! band that the page draws.

use crate::perceptron::{Measured, network, run, switched};
use init_lab::science::activation::Activation::{self, *};
use init_lab::science::init::Scheme;
use init_lab::science::norm::{Norm, NormPosition};
use init_lab::science::seed::Stream;
use init_lab::science::theory::MlpTheory;

const SEEDS: u64 = 50;
const WIDTH: usize = 64;

/// Half of the 95 % band in standard deviations.
const BAND: f64 = 1.96;

/// What is measured over a layer's units.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    /// The variance of z, as the page draws it.
    Preactivation,
    /// The variance of h, as the page draws it.
    Activation,
    /// The mean square of h, which the next layer reads.
    Square,
}

/// Both bands that the page draws.
#[track_caller]
fn check(name: &str, theory: &MlpTheory) {
    check_of(name, Of::Preactivation, theory);
    check_of(name, Of::Activation, theory);
}

/// Every hidden layer, for one input of mean square 1: the median over seeds is near the predicted
/// one, and the band e^±1.96·spread about that holds 95 % of the networks, 90 % at least on average
/// over the layers.
#[track_caller]
fn check_of(name: &str, of: Of, theory: &MlpTheory) {
    let layers = theory.predict();
    let read = |l: usize| match of {
        Of::Preactivation => (layers[l].preactivation_var, layers[l].preactivation_spread),
        Of::Activation => (layers[l].activation_var, layers[l].activation_spread),
        Of::Square => {
            // Without biases and norms a layer's q is n·E[w²] times the mean square before it.
            let scale = WIDTH as f64 * theory.plan.second_moment(&theory.matrices[l + 1]);
            (layers[l + 1].preactivation_var.map(|q| q / scale), layers[l].log_spread)
        }
    };
    let mut stream = Stream::new(0, "input");
    let mut input: Vec<f64> = (0..theory.architecture.features).map(|_| stream.normal()).collect();
    let size = (input.iter().map(|x| x * x).sum::<f64>() / input.len() as f64).sqrt();
    input.iter_mut().for_each(|x| *x /= size);
    // With dropout the band is that of an average over masks.
    let inputs = vec![input; if theory.architecture.dropout > 0.0 { 24 } else { 1 }];
    let runs: Vec<Vec<Measured>> = (0..SEEDS).map(|seed| run(theory, seed, &inputs)).collect();
    let hidden = layers.len() - 1;
    let mut inside = 0;
    let mut worst = 0.0_f64;
    for l in 0..hidden {
        let (mean, spread) = read(l);
        // The mean is what theory has; the median lies under it by half the variance.
        let centre = mean.map_or(f64::NAN, f64::ln) - 0.5 * spread * spread;
        let value = |run: &Vec<Measured>| match of {
            Of::Preactivation => run[l].preactivation,
            Of::Activation => run[l].activation,
            Of::Square => run[l].second,
        };
        let mut measured: Vec<f64> = runs.iter().map(|run| value(run).ln()).collect();
        measured.sort_by(f64::total_cmp);
        inside += measured.iter().filter(|x| (*x - centre).abs() <= BAND * spread).count();
        let median = 0.5 * (measured[SEEDS as usize / 2 - 1] + measured[SEEDS as usize / 2]);
        // A median of n normal numbers has the standard error 1.25·σ/√n.
        let error = 1.25 * spread / (SEEDS as f64).sqrt();
        worst = worst.max((median - centre).abs() / (4.0 * error + 2.0 / WIDTH as f64));
    }
    let coverage = inside as f64 / (hidden as f64 * SEEDS as f64);
    println!("{name}, {of:?}: coverage {:.1} %, median {worst:.2} of what is allowed", 100.0 * coverage);
    assert!((0.90..=1.0).contains(&coverage), "{name}, {of:?}: the band holds {coverage}");
    assert!(worst < 1.0, "{name}, {of:?}: the median is off {worst}");
}

#[test]
fn plain_networks_lie_in_their_band() {
    let he = 2_f64.sqrt();
    let plain = |activation: Activation, scheme, gain, depth| {
        let theory = network(activation, scheme, gain, WIDTH, depth);
        let name = format!("{activation:?} {scheme:?} {gain:.2}, {depth} layers");
        check(&name, &theory);
        // That one has biases.
        if scheme != Scheme::Pytorch {
            check_of(&name, Of::Square, &theory);
        }
    };
    plain(Relu, Scheme::KaimingNormal, he, 12);
    plain(Relu, Scheme::KaimingUniform, 3.0, 12);
    plain(Relu, Scheme::XavierNormal, 1.0, 12);
    plain(Relu, Scheme::Pytorch, 1.0, 8);
    plain(Linear, Scheme::Normal, 1.0, 12);
    plain(LeakyRelu, Scheme::XavierUniform, 1.4, 12);
    plain(Tanh, Scheme::KaimingNormal, 0.8, 12);
    plain(Tanh, Scheme::KaimingNormal, 2.0, 12);
    plain(Tanh, Scheme::Orthogonal, 1.0, 12);
    plain(Sigmoid, Scheme::KaimingNormal, 1.0, 6);
    plain(Gelu, Scheme::KaimingNormal, he, 10);
    plain(Silu, Scheme::KaimingNormal, 2.0, 10);
    plain(Elu, Scheme::KaimingNormal, 1.25, 10);
    plain(Selu, Scheme::KaimingNormal, 1.0, 10);
    plain(Mish, Scheme::KaimingNormal, 1.5, 10);
    plain(Softplus, Scheme::KaimingNormal, 1.0, 6);
    plain(Erf, Scheme::KaimingNormal, 1.2, 12);
    plain(Sin, Scheme::KaimingNormal, 1.4, 12);
    plain(ReluSquared, Scheme::KaimingNormal, 0.6, 2);
}

#[test]
fn norms_residuals_and_biases_lie_in_their_band() {
    for (norm, position, residual) in [
        (Norm::None, NormPosition::Pre, true),
        (Norm::Layer, NormPosition::Pre, true),
        (Norm::Rms, NormPosition::Pre, true),
        (Norm::Layer, NormPosition::Pre, false),
        (Norm::Layer, NormPosition::Inner, false),
        (Norm::Rms, NormPosition::Inner, true),
    ] {
        let base = network(Tanh, Scheme::KaimingNormal, 1.5, WIDTH, 10);
        let theory = switched(base, |net| (net.norm, net.position, net.residual) = (norm, position, residual));
        check(&format!("tanh {norm:?} {position:?} residual {residual}"), &theory);
    }
    let base = network(Relu, Scheme::KaimingNormal, 2_f64.sqrt(), WIDTH, 10);
    check("ReLU with a norm", &switched(base, |net| net.norm = Norm::Layer));
    let base = network(Tanh, Scheme::KaimingNormal, 1.2, WIDTH, 10);
    check("tanh with biases", &MlpTheory { bias_std: Some(0.3), ..base });
    let base = network(Relu, Scheme::KaimingNormal, 1.2, WIDTH, 10);
    check("ReLU with biases", &MlpTheory { bias_std: Some(0.3), ..base });
}

#[test]
fn dropout_lies_in_its_band() {
    for (activation, gain, dropout, residual) in [
        (Relu, 2_f64.sqrt(), 0.5, false),
        (Relu, 1.0, 0.5, false),
        (Relu, 1.2, 0.2, true),
        (Tanh, 1.5, 0.3, false),
        (Sigmoid, 1.0, 0.5, false),
    ] {
        let base = network(activation, Scheme::KaimingNormal, gain, WIDTH, 8);
        let theory = switched(base, |net| (net.residual, net.dropout) = (residual, dropout));
        check(&format!("{activation:?} {gain:.2} dropout {dropout} residual {residual}"), &theory);
    }
}

#[test]
fn streams_lie_in_their_band() {
    for (activation, scheme, gain, depth) in [
        (Relu, Scheme::KaimingNormal, 2_f64.sqrt(), 10),
        (Relu, Scheme::KaimingNormal, 0.5, 10),
        (Relu, Scheme::XavierNormal, 1.0, 24),
        (Relu, Scheme::Pytorch, 1.0, 12),
        (Gelu, Scheme::KaimingNormal, 2_f64.sqrt(), 10),
        (Elu, Scheme::KaimingNormal, 1.0, 10),
        (Softplus, Scheme::KaimingNormal, 0.7, 10),
        (Sigmoid, Scheme::KaimingNormal, 1.0, 10),
    ] {
        let theory = switched(network(activation, scheme, gain, WIDTH, depth), |net| net.residual = true);
        check(&format!("{activation:?} stream {scheme:?} {gain:.2}, {depth} layers"), &theory);
    }
}
