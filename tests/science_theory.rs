//! The theory of the perceptron against networks that are really drawn and really run, in plain
//! f64, forward and backward. Tolerances are sampling errors where a law for them is known.

use crate::perceptron::{Measured, measure, network, switched};
use init_lab::science::activation::Activation::{self, *};
use init_lab::science::formula::Formula;
use init_lab::science::init::{Fan, Scheme};
use init_lab::science::moments::moments;
use init_lab::science::norm::{Norm, NormPosition};
use init_lab::science::site::Fans;
use init_lab::science::theory::MlpTheory;

/// Variances and gradients, averaged in logarithms over seeds, are where they are predicted, within
/// a factor e^±tolerance and, for variances, three standard errors of the predicted spread.
#[track_caller]
fn check(theory: &MlpTheory, seeds: u64, tolerance: f64) {
    let predicted = theory.predict();
    let runs: Vec<Vec<Measured>> = (0..seeds).map(|seed| measure(theory, seed)).collect();
    let average =
        |l: usize, pick: fn(&Measured) -> f64| runs.iter().map(|run| pick(&run[l]).ln()).sum::<f64>() / seeds as f64;
    let hidden = predicted.len() - 1;
    let log = |x: Option<f64>| x.expect("mean-field theory applies").ln();
    // Gradients are relative: compared about their mean over the hidden layers.
    let centre =
        (0..hidden).map(|l| average(l, |m| m.gradient) - log(predicted[l].gradient)).sum::<f64>() / hidden as f64;
    let mut worst = [0.0_f64; 3];
    for (l, layer) in predicted.iter().enumerate() {
        let bias = 0.5 * layer.log_spread * layer.log_spread;
        let errors = [
            average(l, |m| m.preactivation) - log(layer.preactivation_var) + bias,
            average(l, |m| m.activation) - log(layer.activation_var) + bias,
            average(l, |m| m.gradient) - log(layer.gradient) - centre,
        ];
        let sampling = 3.0 * layer.log_spread / (seeds as f64).sqrt();
        for ((worst, error), sampling) in worst.iter_mut().zip(errors).zip([sampling, sampling, 0.0]) {
            *worst = worst.max(error.abs() - sampling);
        }
    }
    println!("worst: q {:.3}, h {:.3}, gradient {:.3}", worst[0], worst[1], worst[2]);
    assert!(worst.into_iter().all(|w| w < tolerance), "{worst:?}");
}

#[test]
fn plain_networks() {
    let he = 2_f64.sqrt();
    check(&network(Relu, Scheme::KaimingNormal, he, 128, 10), 8, 0.1);
    check(&network(Tanh, Scheme::KaimingNormal, 1.5, 128, 10), 8, 0.1);
    check(&network(Gelu, Scheme::KaimingUniform, he, 128, 5), 8, 0.1);
    check(&network(Silu, Scheme::XavierNormal, 1.5, 128, 5), 8, 0.1);
    check(&network(LeakyRelu, Scheme::XavierUniform, 1.4, 128, 5), 8, 0.1);
    check(&network(Sigmoid, Scheme::KaimingNormal, 1.0, 128, 4), 8, 0.1);
    check(&network(Relu, Scheme::Orthogonal, he, 128, 5), 8, 0.1);
    check(&network(Linear, Scheme::Normal, 1.0, 128, 5), 8, 0.1);
    check(&network(Tanh, Scheme::Pytorch, 1.0, 128, 5), 8, 0.1);
}

#[test]
fn widths_that_differ() {
    let mut theory = network(Relu, Scheme::KaimingNormal, 2_f64.sqrt(), 128, 4);
    let widths = [64, 256, 96, 192, 128, 10];
    for (site, pair) in theory.matrices.iter_mut().zip(widths.windows(2)) {
        site.fans = Fans { fan_in: pair[0], fan_out: pair[1] };
    }
    theory.bias_std = Some(0.3);
    theory.input_second_moment = 4.0;
    check(&theory, 6, 0.1);
    theory.plan.init.fan = Fan::Out;
    check(&theory, 6, 0.1);
}

#[test]
fn norms_and_residuals() {
    for (norm, position, residual) in [
        (Norm::None, NormPosition::Pre, true),
        (Norm::Layer, NormPosition::Pre, false),
        (Norm::Layer, NormPosition::Pre, true),
        (Norm::Layer, NormPosition::Post, false),
        (Norm::Layer, NormPosition::Post, true),
        (Norm::Rms, NormPosition::Pre, true),
        (Norm::Rms, NormPosition::Post, true),
        (Norm::Layer, NormPosition::Inner, false),
        (Norm::Layer, NormPosition::Inner, true),
        (Norm::Rms, NormPosition::Inner, true),
    ] {
        for activation in [Relu, Tanh] {
            println!("{activation:?} {norm:?} {position:?} residual {residual}");
            let base = network(activation, Scheme::KaimingNormal, 1.5, 128, 8);
            let theory = switched(base, |net| (net.norm, net.position, net.residual) = (norm, position, residual));
            check(&theory, 4, 0.1);
        }
    }
}

#[test]
fn dropout_is_counted_forward_and_back() {
    let with = |dropout, theory| switched(theory, |net| net.dropout = dropout);
    let he = 2_f64.sqrt();
    check(&with(0.5, network(Relu, Scheme::KaimingNormal, he, 192, 6)), 8, 0.1);
    check(&with(0.2, network(Relu, Scheme::KaimingNormal, he, 192, 6)), 8, 0.1);
    check(&with(0.3, network(Tanh, Scheme::KaimingNormal, 1.5, 192, 6)), 8, 0.1);
    check(&with(0.4, network(Sigmoid, Scheme::KaimingNormal, 1.0, 192, 4)), 8, 0.1);
    check(&with(0.3, network(Selu, Scheme::Orthogonal, 1.0, 192, 5)), 8, 0.1);
    for (norm, position, residual) in [
        (Norm::None, NormPosition::Pre, true),
        (Norm::Layer, NormPosition::Pre, true),
        (Norm::Rms, NormPosition::Post, true),
        (Norm::Rms, NormPosition::Pre, false),
        (Norm::Layer, NormPosition::Inner, true),
    ] {
        let base = network(Relu, Scheme::KaimingNormal, 1.2, 192, 6);
        let theory = switched(base, |net| {
            (net.norm, net.position, net.residual, net.dropout) = (norm, position, residual, 0.4);
        });
        check(&theory, 6, 0.1);
    }
}

#[test]
fn dropout_by_hand() {
    // q_{l+1} = σ_w²·V(q_l)/(1 − p), σ_w² = gain².
    for (activation, gain, p) in [(Relu, 2_f64.sqrt(), 0.5), (Tanh, 1.3, 0.2), (Gelu, 1.5, 0.7), (Softplus, 1.0, 0.3)] {
        let theory = switched(network(activation, Scheme::KaimingNormal, gain, 64, 8), |net| net.dropout = p);
        let mut q = gain * gain;
        for layer in &theory.predict()[..8] {
            let found = layer.preactivation_var.expect("a prediction");
            assert!((found / q - 1.0).abs() < 1e-9, "{activation:?}: {found} and not {q}");
            let m = moments(activation, q);
            let var = m.second / (1.0 - p) - m.mean * m.mean;
            let found = layer.activation_var.expect("a prediction");
            assert!((found / var - 1.0).abs() < 1e-9, "{activation:?}: {found} and not {var}");
            q = gain * gain * m.second / (1.0 - p);
        }
    }
    // With √(2(1 − p)) ReLU keeps variance and gradient, as with √2 and no dropout.
    let base = network(Relu, Scheme::KaimingNormal, 1.0, 64, 20);
    let kept = switched(base, |net| net.dropout = 0.5).predict();
    for layer in &kept[..20] {
        assert!((layer.preactivation_var.expect("a prediction") - 1.0).abs() < 1e-9);
        assert!((layer.gradient.expect("a prediction") / kept[0].gradient.expect("a prediction") - 1.0).abs() < 1e-9);
    }
}

#[test]
fn epsilon_counts_when_sigma_is_small() {
    let base = network(Tanh, Scheme::Normal, 1.0, 128, 4);
    let mut theory = switched(base, |net| (net.norm, net.residual) = (Norm::Layer, true));
    theory.plan.init.std = 3e-4;
    check(&theory, 6, 0.1);
    theory.architecture.position = NormPosition::Post;
    check(&theory, 6, 0.1);
    theory.architecture.position = NormPosition::Inner;
    check(&theory, 6, 0.1);
}

#[test]
fn a_video_you_have_seen() {
    // Karpathy, makemore part 3: tanh, gain 5/3, standard deviation after each layer.
    let layers = network(Tanh, Scheme::KaimingNormal, 5.0 / 3.0, 100, 5).predict();
    for (layer, std) in layers.iter().zip([0.759, 0.693, 0.669, 0.659, 0.654]) {
        let found = layer.activation_var.map_or(f64::NAN, f64::sqrt);
        assert!((found - std).abs() < 6e-4, "{found} {std}");
    }
}

#[test]
fn nothing_and_everything() {
    let zeros = network(Relu, Scheme::Zeros, 1.0, 16, 3).predict();
    assert_eq!(zeros.len(), 4);
    for layer in zeros {
        let all = [layer.preactivation_var, layer.activation_var, layer.gradient];
        assert_eq!(all, [Some(0.0); 3]);
    }
    let sigmoid = network(Sigmoid, Scheme::Zeros, 1.0, 16, 3).predict();
    assert_eq!(sigmoid[0].activation_var, Some(0.0));
    for layer in network(Relu, Scheme::Constant, 1.0, 16, 3).predict() {
        assert_eq!(layer.preactivation_var.or(layer.activation_var).or(layer.gradient), None);
    }
}

#[test]
fn no_setting_gives_nan() {
    let norms = [
        (Norm::None, NormPosition::Pre),
        (Norm::Layer, NormPosition::Pre),
        (Norm::Rms, NormPosition::Pre),
        (Norm::Layer, NormPosition::Post),
        (Norm::Layer, NormPosition::Inner),
        (Norm::Batch, NormPosition::Pre),
        (Norm::Batch, NormPosition::Inner),
        (Norm::Batch, NormPosition::Post),
    ];
    for &activation in Activation::ALL {
        for &scheme in Scheme::ALL {
            let depth = if scheme == Scheme::Normal { 100 } else { 4 };
            for (norm, position) in norms {
                for (residual, std) in [(true, 100.0), (false, 100.0), (true, 1e-6), (false, 1e-6)] {
                    let mut theory = network(activation, scheme, std, 64, depth);
                    theory.plan.init.std = std;
                    theory.plan.init.formula = Formula::parse("2 / fan_in").ok();
                    for dropout in [0.0, 0.9] {
                        check_numbers(&switched(theory.clone(), |net| {
                            (net.norm, net.position, net.residual, net.dropout) = (norm, position, residual, dropout);
                        }));
                    }
                }
            }
        }
    }
}

/// No NaN; one layer's gradient is 1, and none is more.
#[track_caller]
fn check_numbers(theory: &MlpTheory) {
    let mut top = 0.0_f64;
    for layer in theory.predict() {
        let spreads = [layer.log_spread, layer.preactivation_spread, layer.activation_spread];
        assert!(spreads.into_iter().all(|spread| spread >= 0.0), "{theory:?} {layer:?}");
        for x in [layer.preactivation_var, layer.activation_var, layer.gradient] {
            assert!(x.is_none_or(|x| x >= 0.0), "{theory:?} {layer:?}");
        }
        top = top.max(layer.gradient.unwrap_or(1.0));
    }
    assert!(top == 1.0 || theory.plan.init.scheme == Scheme::Zeros, "{top} {theory:?}");
}
