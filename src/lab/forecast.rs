//! Forecasts what is known of training before it begins: the loss of guessing, the first loss, the depth that a signal
//! reaches, and the size to which AdamW brings the weights.

use super::prediction::{Prediction, sigma};
use super::spec::{Model, Norm, Optimizer, Schedule, Scheme, Spec, data_shape, first_shape};
use crate::science::equilibrium::Decay;
use crate::science::init::MUP_BASE;
use crate::science::initial_loss::{guess, noise, tied_noise};
use crate::science::phase::phase;
use crate::science::site::Site;

/// If the standard deviation of the logits is above this, the first loss depends on the single draw of the weights.
const LARGE: f64 = 1.0;

/// Returns the cross-entropy of guessing all classes of a network's data with equal probability, in nats.
pub fn guessing(spec: &Spec) -> f64 {
    guess(data_shape(spec).classes)
}

/// Returns the variance of the logits, or `None` if theory does not know it or f32 could not hold it.
fn logit_var(spec: &Spec, prediction: &Prediction) -> Option<f64> {
    let var = match spec.network.model {
        Model::Mlp => prediction.layers.last()?.preactivation_var?,
        Model::Gpt => prediction.logits.as_ref()?.head,
    };
    (var.sqrt() < f64::from(f32::MAX)).then_some(var)
}

/// Returns the expected cross-entropy at step 0, in nats: the mean over random networks of this spec.
///
/// It assumes that the logits of an example are normally distributed and independent of the label.
pub fn first_loss(spec: &Spec, prediction: &Prediction) -> Option<f64> {
    let classes = first_shape(spec).classes;
    let var = logit_var(spec, prediction)?;
    let own = prediction.logits.as_ref().and_then(|logits| logits.own);
    let loss = match own {
        Some(own) => tied_noise(classes, var, own),
        None => noise(classes, var),
    };
    loss.is_finite().then_some(loss)
}

/// Returns why [`first_loss`] says little or nothing, if so: the key of a sentence, and the standard deviation of the
/// logits.
pub fn doubt(spec: &Spec, prediction: &Prediction) -> Option<(&'static str, f64)> {
    if !spec.plan().is_random() {
        return Some(("forecast.random", 0.0));
    }
    match logit_var(spec, prediction) {
        None => Some(("forecast.overflow", f64::INFINITY)),
        Some(var) => (var.sqrt() > LARGE).then(|| ("forecast.draw", var.sqrt())),
    }
}

/// Returns the number of layers after which the mean square of a gradient has changed by a factor e⁶, and so the
/// gradient itself by e³ = 20: six times 1/|ln χ₁|, after Schoenholz et al. (2017), whose own bound is for
/// correlations. It is infinite if χ₁ = 1, and `None` where the simple form of the theory does not hold: with norms,
/// with skip connections, or in a transformer.
pub fn signal_depth(spec: &Spec) -> Option<f64> {
    let own_biases = spec.start.scheme == Scheme::Pytorch && spec.start.bias.is_none();
    if spec.network.model != Model::Mlp || spec.network.norm != Norm::None || spec.network.residual || own_biases {
        return None;
    }
    let deviation = sigma(spec).hidden;
    let weight_vars = || {
        let (plan, sites) = (spec.plan(), spec.architecture().matrices());
        let of = |site: &Site| site.fans.fan_in as f64 * plan.second_moment(site);
        sites[1..].iter().filter(|site| !site.role.is_last()).map(of).collect::<Vec<_>>()
    };
    // Layers of different widths have one depth only where their σ makes up for it.
    if !spec.widths().is_empty() && weight_vars().windows(2).any(|pair| (pair[1] / pair[0] - 1.0).abs() > 1e-9) {
        return None;
    }
    let fan = if spec.network.depth > 1 { spec.architecture().units(1) } else { data_shape(spec).features };
    let bias = spec.start.bias.unwrap_or(0.0);
    let weight_var = fan as f64 * deviation * deviation / (1.0 - spec.training.dropout);
    let phase = phase(spec.phi(), weight_var, bias * bias)?;
    Some(6.0 * phase.gradient_depth())
}

/// The size that weights reach in the long run under decay and noisy gradients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equilibrium {
    /// The standard deviation of the weights.
    pub std: f64,
    /// The number of steps in which the distance of the square of the size from its equilibrium falls to 1/e.
    pub steps: f64,
    /// The factor of [`step_factor`], by which the standard deviation differs from √(η/2λ).
    pub factor: f64,
}

/// Returns the factor 64/n of μP on the steps of hidden matrices under Adam or AdamW, n the width; 1 for other schemes.
/// Where layers differ in width it is that of the second matrix.
fn step_factor(spec: &Spec) -> f64 {
    let n = if spec.widths().is_empty() { spec.network.width } else { spec.architecture().units(1) };
    if spec.start.scheme == Scheme::Mup { MUP_BASE / n as f64 } else { 1.0 }
}

/// Returns the law by which decay and noise alone change hidden matrices (Q, K and V) under Adam or AdamW. Other
/// optimizers have no such law; it needs a constant learning rate, and Adam's own decay is a part of its gradient.
///
/// The factor f of μP applies to the steps alone, f·η, and not to the decay, η·λ.
pub fn decay(spec: &Spec) -> Option<Decay> {
    let factor = step_factor(spec);
    let law = Decay { rate: factor * spec.training.lr, decay: spec.training.wd / factor };
    match spec.training.optimizer {
        _ if spec.training.schedule != Schedule::Constant => None,
        Optimizer::AdamW => Some(law),
        Optimizer::Adam if spec.training.wd == 0.0 => Some(law),
        _ => None,
    }
}

/// Returns the equilibrium of the weights, or `None` if there is no such law or no decay.
pub fn equilibrium(spec: &Spec) -> Option<Equilibrium> {
    let law = decay(spec)?;
    Some(Equilibrium { std: law.equilibrium()?, steps: law.time_constant()?, factor: step_factor(spec) })
}
