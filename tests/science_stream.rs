//! The theory of the residual stream against a GPT that is really drawn and really run, in plain
//! f64, forward and backward, on the text of the lab.

use std::sync::OnceLock;

use crate::plain::PLAIN;
use crate::transformer::{Measured, measure, shares};
use init_lab::science::activation::Activation;
use init_lab::science::architecture::{Architecture, Model};
use init_lab::science::data::Text;
use init_lab::science::data::chars::chars;
use init_lab::science::gpt::GptTheory;
use init_lab::science::init::{Init, Scheme};
use init_lab::science::norm::{Norm, NormPosition};
use init_lab::science::plan::Plan;

fn text() -> &'static Text {
    static TEXT: OnceLock<Text> = OnceLock::new();
    TEXT.get_or_init(chars)
}

fn gpt(scheme: Scheme, std: f64) -> GptTheory {
    let depth = 4;
    GptTheory {
        architecture: Architecture {
            model: Model::Gpt,
            depth,
            width: 64,
            context: 32,
            classes: text().vocabulary.len(),
            activation: Activation::Gelu,
            norm: Norm::Layer,
            residual: true,
            junction: scheme.junction(depth),
            mup: scheme == Scheme::Mup,
            ..PLAIN
        },
        plan: Plan::new(Init { std, ..Init::new(scheme) }),
        bias_std: None,
        batch: 1,
        coincidence: text().coincidence(),
    }
}

/// The theory of a network that differs in some sizes or switches.
fn switched(mut theory: GptTheory, change: impl FnOnce(&mut Architecture)) -> GptTheory {
    change(&mut theory.architecture);
    theory
}

/// The largest errors over layers of pre-activations, of the stream (the last layer is the logits),
/// and of gradients (about their own mean): |ln measured − ln predicted|, averaged over seeds.
fn errors(theory: &GptTheory) -> [f64; 3] {
    const SEEDS: u64 = 3;
    let predicted = theory.predict();
    let runs: Vec<Vec<Measured>> = (0..SEEDS).map(|seed| measure(theory, text(), seed)).collect();
    let error = |l: usize, pick: fn(&Measured) -> f64, predicted: Option<f64>| {
        let logs = runs.iter().map(|run| pick(&run[l]).ln());
        predicted.map_or(0.0, |p| logs.sum::<f64>() / SEEDS as f64 - p.ln())
    };
    let gradients: Vec<f64> =
        (1..=theory.architecture.depth).map(|l| error(l, |m| m.gradient, predicted[l].gradient)).collect();
    let centre = gradients.iter().sum::<f64>() / gradients.len() as f64;
    let mut worst = [0.0_f64; 3];
    for (l, layer) in predicted.iter().enumerate() {
        let z = error(l, |m| m.preactivation, layer.preactivation_var);
        let stream = error(l, |m| m.activation, layer.activation_var);
        worst = [worst[0].max(z.abs()), worst[1].max(stream.abs()), worst[2]];
    }
    for gradient in gradients {
        worst[2] = worst[2].max((gradient - centre).abs());
    }
    worst
}

/// Every layer is within a factor e^±tolerance of what was predicted.
#[track_caller]
fn check(theory: &GptTheory, tolerance: f64) {
    let worst = errors(theory);
    println!("z, stream, gradient: {worst:.3?}");
    assert!(worst.iter().all(|&w| w < tolerance), "{worst:.3?} {theory:?}");
}

#[test]
fn gpt2_at_two_sizes() {
    check(&gpt(Scheme::Gpt2, 0.02), 0.1);
    check(&gpt(Scheme::Gpt2, 0.0693), 0.1);
}

#[test]
fn attention_that_is_no_longer_uniform() {
    // The logits' standard deviation is 64·0.2² = 2.6.
    check(&gpt(Scheme::Normal, 0.2), 0.15);
}

#[test]
fn other_schemes() {
    check(&gpt(Scheme::Normal, 0.0693), 0.15);
    check(&gpt(Scheme::XavierNormal, 0.0), 0.15);
    check(&gpt(Scheme::KaimingNormal, 0.0), 0.15);
    check(&gpt(Scheme::Pytorch, 0.0), 0.1);
    check(&gpt(Scheme::Orthogonal, 0.0), 0.15);
}

#[test]
fn norms_and_residuals() {
    for (norm, position, residual) in [
        (Norm::Layer, NormPosition::Post, true),
        (Norm::Rms, NormPosition::Pre, true),
        (Norm::None, NormPosition::Pre, true),
        (Norm::Layer, NormPosition::Pre, false),
        (Norm::Rms, NormPosition::Post, false),
    ] {
        let theory = switched(gpt(Scheme::Normal, 0.0693), |net| {
            (net.norm, net.position, net.residual) = (norm, position, residual)
        });
        check(&theory, 0.2);
    }
    // With neither, the variance differs from position to position and its mean says less: a factor
    // of 5 after four blocks. Gradients are still right.
    let bare = switched(gpt(Scheme::Normal, 0.0693), |net| (net.norm, net.residual) = (Norm::None, false));
    let [z, stream, gradient] = errors(&bare);
    assert!(z < 1.8 && stream < 1.8 && gradient < 0.15, "{z} {stream} {gradient}");
}

#[test]
fn dropout() {
    for (dropout, norm, position, tolerance) in [
        (0.2, Norm::Layer, NormPosition::Pre, 0.15),
        (0.5, Norm::Layer, NormPosition::Pre, 0.2),
        (0.2, Norm::Layer, NormPosition::Post, 0.2),
        (0.3, Norm::None, NormPosition::Pre, 0.2),
    ] {
        check(
            &switched(gpt(Scheme::Normal, 0.0693), |net| {
                (net.dropout, net.norm, net.position) = (dropout, norm, position)
            }),
            tolerance,
        );
    }
}

/// What still tells rows apart: over the positions of all texts, and of one.
#[test]
fn what_tells_positions_apart() {
    const SEEDS: u64 = 4;
    let relu = switched(gpt(Scheme::KaimingNormal, 0.0), |net| net.activation = Activation::Relu);
    let xavier = gpt(Scheme::XavierNormal, 0.0);
    for (what, tolerance, theory) in [
        ("gpt2", 0.02, gpt(Scheme::Gpt2, 0.02)),
        ("gpt2 of 768's d·σ²", 0.08, gpt(Scheme::Gpt2, 0.0693)),
        ("xavier", 0.08, xavier.clone()),
        ("kaiming", 0.08, gpt(Scheme::KaimingNormal, 0.0)),
        ("post", 0.05, switched(gpt(Scheme::Normal, 0.0693), |net| net.position = NormPosition::Post)),
        ("no skips", 0.1, switched(xavier.clone(), |net| (net.residual, net.depth) = (false, 6))),
        // Early positions average over few, and without a norm they outweigh the others.
        ("no norm", 0.15, switched(xavier, |net| net.norm = Norm::None)),
        ("dropout", 0.08, switched(gpt(Scheme::Normal, 0.0693), |net| net.dropout = 0.2)),
        ("relu", 0.08, relu),
    ] {
        let theory = GptTheory { batch: 4, ..theory };
        // Masks tell apart what is equal: shares are those of a pass without any.
        let unmasked = switched(theory.clone(), |net| net.dropout = 0.0);
        let runs: Vec<Vec<[f64; 2]>> = (0..SEEDS).map(|seed| shares(&unmasked, text(), seed)).collect();
        for (l, layer) in theory.predict().iter().enumerate() {
            let mean = |i: usize| runs.iter().map(|run| run[l][i]).sum::<f64>() / SEEDS as f64;
            let predicted = [layer.signal_share, layer.position_share].map(|share| share.unwrap_or(f64::NAN));
            println!("{what} {l}: measured {:.3} {:.3}, predicted {predicted:.3?}", mean(0), mean(1));
            assert!([0, 1].iter().all(|&i| (mean(i) - predicted[i]).abs() < tolerance), "{what} {l}");
        }
    }
}

#[test]
fn the_logits_of_nanogpt() {
    // d = 384, σ = 0.02: the current token's logit leaks through, m = d·σ²/√q_L.
    let theory =
        switched(gpt(Scheme::Gpt2, 0.02), |net| (net.depth, net.width, net.context, net.classes) = (6, 384, 256, 65));
    let layers = theory.predict();
    let stream = layers[6].activation_var.unwrap_or(f64::NAN);
    // It starts at 0.0008 and grows 22- to 26-fold in simulation.
    assert!((20.0..28.0).contains(&(stream / 0.0008)), "{stream}");
    let logits = layers[7].activation_var.unwrap_or(f64::NAN);
    let own = 384.0 * 4e-4 / stream.sqrt();
    let sum = 384.0 * 4e-4 + own * own / 65.0;
    assert!((logits / sum - 1.0).abs() < 0.02, "{logits} {sum}");
}

#[test]
fn the_gradient_follows_one_over_the_stream() {
    // Pre-norm: ‖∂L/∂W_l‖ ∝ 1/√q_l, where q_l is the stream that block l reads.
    let theory = switched(gpt(Scheme::Normal, 0.0693), |net| net.depth = 24);
    let layers = theory.predict();
    let product = |l: usize| {
        let read = layers[l - 1].activation_var.unwrap_or(f64::NAN);
        layers[l].gradient.unwrap_or(f64::NAN) * read.sqrt()
    };
    assert!((product(24) / product(8) - 1.0).abs() < 0.2);
}

#[test]
fn no_setting_gives_nan() {
    for &activation in Activation::ALL {
        for &scheme in Scheme::ALL {
            for (norm, position) in
                [(Norm::None, NormPosition::Pre), (Norm::Layer, NormPosition::Pre), (Norm::Rms, NormPosition::Post)]
            {
                for (residual, std) in [(true, 100.0), (false, 100.0), (false, 1e-6), (true, 1e-6)] {
                    let depth = if activation == Activation::Relu { 24 } else { 2 };
                    check_numbers(&switched(gpt(scheme, std), |net| {
                        (net.activation, net.norm, net.position, net.residual) = (activation, norm, position, residual);
                        (net.depth, net.junction) = (depth, scheme.junction(depth));
                    }));
                }
            }
        }
    }
}

fn check_numbers(theory: &GptTheory) {
    let layers = theory.predict();
    assert_eq!(layers.len(), theory.architecture.depth + 2);
    for layer in layers {
        assert!(!layer.log_spread.is_nan(), "{theory:?}");
        for x in [layer.preactivation_var, layer.activation_var, layer.gradient] {
            assert!(x.is_none_or(|x| x >= 0.0), "{theory:?} {layer:?}");
        }
    }
}
