//! What can be said of training before it begins: what guessing costs, the first loss, the depth that
//! a signal reaches, and the size to which AdamW brings the weights.

use super::prediction::{Prediction, sigma};
use super::spec::{Model, Norm, Optimizer, Schedule, Scheme, Spec, data_shape, first_shape};
use crate::science::equilibrium::Decay;
use crate::science::init::MUP_BASE;
use crate::science::initial_loss::{guess, noise, tied_noise};
use crate::science::phase::phase;

/// From this standard deviation of the logits on, the first loss is a matter of the single draw.
const LARGE: f64 = 1.0;

/// The loss of guessing for a network's data, in nats.
pub fn guessing(spec: &Spec) -> f64 {
    guess(data_shape(spec.run.data).classes)
}

/// The variance of the logits, where theory knows one that f32 can hold.
fn logit_var(spec: &Spec, prediction: &Prediction) -> Option<f64> {
    let var = match spec.network.model {
        Model::Mlp => prediction.layers.last()?.preactivation_var?,
        Model::Gpt => prediction.logits.as_ref()?.head,
    };
    (var.sqrt() < f64::from(f32::MAX)).then_some(var)
}

/// The cross-entropy at step 0, in nats: the mean over such networks.
///
/// It takes the logits of an example as normal, and the labels as knowing nothing of them.
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

/// Where [`first_loss`] says little or nothing, and why: a key of a sentence and the standard
/// deviation of the logits.
pub fn doubt(spec: &Spec, prediction: &Prediction) -> Option<(&'static str, f64)> {
    if !spec.plan().is_random() {
        return Some(("forecast.random", 0.0));
    }
    match logit_var(spec, prediction) {
        None => Some(("forecast.overflow", f64::INFINITY)),
        Some(var) => (var.sqrt() > LARGE).then(|| ("forecast.draw", var.sqrt())),
    }
}

/// How deep the signal reaches before a gradient's mean square has changed e⁶-fold, the gradient
/// itself e³ = 20-fold: six times 1/|ln χ₁|, after Schoenholz et al. (2017), whose own bound is for
/// correlations. Infinite where χ₁ = 1; none where theory's simple form does not hold: with norms,
/// skip connections, or in a transformer.
pub fn signal_depth(spec: &Spec) -> Option<f64> {
    let own_biases = spec.start.scheme == Scheme::Pytorch && spec.start.bias.is_none();
    if spec.network.model != Model::Mlp || spec.network.norm != Norm::None || spec.network.residual || own_biases {
        return None;
    }
    let deviation = sigma(spec).hidden;
    let fan = if spec.network.depth > 1 { spec.network.width } else { data_shape(spec.run.data).features };
    let bias = spec.start.bias.unwrap_or(0.0);
    let weight_var = fan as f64 * deviation * deviation / (1.0 - spec.training.dropout);
    let phase = phase(spec.phi(), weight_var, bias * bias)?;
    Some(6.0 * phase.gradient_depth())
}

/// The size of weights under decay and noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equilibrium {
    /// Standard deviation.
    pub std: f64,
    /// Steps in which the distance of its square falls to 1/e.
    pub steps: f64,
    /// [`step_factor`], by which the rest is smaller or larger than √(η/2λ).
    pub factor: f64,
}

/// μP's factor on the steps of hidden matrices under an Adam, 64/n; 1 without.
fn step_factor(spec: &Spec) -> f64 {
    if spec.start.scheme == Scheme::Mup { MUP_BASE / spec.network.width as f64 } else { 1.0 }
}

/// What decay and noise alone do to hidden matrices (Q, K and V) under an Adam; the others have no such law,
/// it needs a rate that stays, and Adam's own decay is a part of its gradient.
///
/// μP's factor f is on the steps alone, f·η, and not on the decay, η·λ.
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

/// AdamW's, where it decays.
pub fn equilibrium(spec: &Spec) -> Option<Equilibrium> {
    let law = decay(spec)?;
    Some(Equilibrium { std: law.equilibrium()?, steps: law.time_constant()?, factor: step_factor(spec) })
}
