//! Computes the largest learning rate that theory allows for a start.
//!
//! ```text
//! K_l = ‖∂f/∂W_l‖² = K_out·(P_l·g_l²)/(P_out·g_out²)     P entries, g RMS gradient, f one logit
//! K_out = n·E h²                                         ∂f/∂W_out = h
//! SGD   η < 2·C/Σ_l K_l                                  the curvature of cross-entropy at guessing is 1/C
//!                                                        (Karakida 2019, arXiv:1806.01316)
//! Adam  η < c/Σ_l √(P_l·K_l)                             each entry moves by η, all of them to one end
//! ```
//!
//! With momentum it is 0.6 in place of 2. Behind a norm the size of a matrix makes no difference, so it grows under steps
//! that are too large until they no longer are: there it is 6, with and without momentum. These factors, c = 15 and the
//! limits of a GPT are not derived. They were chosen as what worked best among the networks of `make calibrate`: those
//! that keep their signal train best at a third of these limits.

use super::outlook::Outlook;
use crate::lab::spec::{Activation, Model, Norm, NormPosition, Optimizer, Spec, first_shape};

/// The factor by which theory overestimates the rate for ReLU² without a norm. The longest digit has 37 times the mean
/// square, and ReLU² raises that to 37²; in a batch of 32 this is 37²/32 ≈ 40 times the curvature that theory computes
/// from the mean. With other activations it is only 37/32.
const LONG: f64 = 40.0;

/// Returns a better learning rate for a spec, at most `most`, if its own is too large or much too small.
pub fn better(spec: &Spec, outlook: &Outlook, most: f64) -> Option<f64> {
    let limit = largest(spec, outlook)?;
    let [least, usual] = usual(spec.training.optimizer);
    let wanted = (limit / 3.0).clamp(least, usual).min(most);
    let is_far = spec.training.lr > limit.max(least).min(most) || spec.training.lr < wanted / 3.0;
    (is_far && wanted != spec.training.lr).then_some(wanted)
}

/// Returns the price of a start whose largest rate is less than ten times the smallest one that people use: 0 for most
/// starts.
pub(crate) fn price(spec: &Spec, outlook: &Outlook) -> f64 {
    let least = match spec.training.optimizer {
        // People do use less than what brings a network anywhere within a few hundred steps.
        Optimizer::Sgd => 1e-3,
        other => usual(other)[0],
    };
    largest(spec, outlook).map_or(0.0, |limit| libm::log(10.0 * least / limit).max(0.0))
}

/// Returns the smallest and the largest learning rate that people use. If a start passes hardly any gradient, theory
/// allows far larger rates, which the network would not survive a few steps later; a start that needs smaller ones is
/// not worth training.
fn usual(optimizer: Optimizer) -> [f64; 2] {
    match optimizer {
        Optimizer::Sgd => [1e-2, 1.0],
        Optimizer::Momentum => [3e-4, 0.3],
        Optimizer::Adam | Optimizer::AdamW => [1e-4, 0.05],
    }
}

/// Returns the largest learning rate for a spec, or `None` if theory knows none.
pub fn largest(spec: &Spec, outlook: &Outlook) -> Option<f64> {
    if spec.network.model == Model::Gpt {
        let limit = match spec.training.optimizer {
            Optimizer::Sgd => 0.6,
            Optimizer::Momentum => 0.15,
            Optimizer::Adam | Optimizer::AdamW => 0.02,
        };
        // A norm after the sum passes each block's gradient on through all later norms.
        return Some(if spec.network.position == NormPosition::Post { limit / 3.0 } else { limit });
    }
    let layers = &outlook.prediction.layers;
    let output = layers.last()?;
    let matrices = spec.architecture().matrices();
    let entries: Vec<f64> = matrices.iter().map(|site| (site.fans.fan_in * site.fans.fan_out) as f64).collect();
    let plan = spec.plan();
    let site = matrices.last()?;
    // This is n·E h², from q_out = n·E[w²]·E h² + σ_b².
    let fed = output.preactivation_var? - plan.init.bias_var(site.fans, spec.start.bias);
    let k_out = (fed / plan.second_moment(site)).max(1e-12);
    let scale = k_out / (entries.last()? * output.gradient?.powi(2));
    let sizes = || entries.iter().zip(layers).filter_map(|(p, layer)| Some((*p, p * layer.gradient?.powi(2) * scale)));
    let classes = first_shape(spec).classes as f64;
    let steps = |factor: f64| factor * classes / sizes().map(|(_, k)| k).sum::<f64>();
    let is_closed = spec.architecture().junction.gate_square() == 0.0;
    let limit = match spec.training.optimizer {
        Optimizer::Sgd | Optimizer::Momentum if spec.network.norm != Norm::None => steps(6.0),
        // Theory knows no gradient behind a closed branch, and so not how steep the loss becomes once it opens.
        Optimizer::Sgd if is_closed => steps(0.5),
        Optimizer::Sgd => steps(2.0),
        Optimizer::Momentum if is_closed => steps(0.2),
        Optimizer::Momentum => steps(0.6),
        Optimizer::Adam | Optimizer::AdamW if is_closed => 1.5 / sizes().map(|(p, k)| (p * k).sqrt()).sum::<f64>(),
        Optimizer::Adam | Optimizer::AdamW => 15.0 / sizes().map(|(p, k)| (p * k).sqrt()).sum::<f64>(),
    };
    let limit = if spec.network.activation == Activation::ReluSquared && spec.network.norm == Norm::None {
        limit / LONG
    } else {
        limit
    };
    (limit.is_finite() && limit > 0.0).then_some(limit)
}
