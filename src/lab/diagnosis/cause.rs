//! Says why numbers blew up: σ was too large or the rate was, and which σ would have kept the signal level.

use super::rule::{Bound, Rule};
use super::threshold::LOSS_LARGE;
use super::{Finding, Sentence, finding, say};
use crate::lab::metric::Frame;
use crate::lab::number::{round_to, show};
use crate::lab::prediction::{predict, sigma};
use crate::lab::spec::{Activation, Model, Norm, Scheme, Spec, first_shape};
use crate::science::initial_loss::guess;
use crate::science::theory::LayerPrediction;

/// What is to blame for a run that blew up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The start was too large already.
    Start,
    /// The start was of the right size, so the steps were too long.
    Rate,
}

/// The cause of a run that blew up at `step`. What step 0 measured tells them apart: a start that explodes, forward or
/// back, or a first loss far above guessing.
pub fn cause(spec: &Spec, start: Option<&Frame>, step: u64) -> Cause {
    let Some(start) = start.filter(|_| step > 0) else { return Cause::Start };
    let loud = start.loss.0 > LOSS_LARGE * guess(first_shape(spec).classes);
    let grows = |rule: &Rule| matches!(rule.bound, Bound::Above(_)) && rule.verdict.is_fault();
    if loud || finding(spec, start).rule.is_some_and(grows) { Cause::Start } else { Cause::Rate }
}

/// The cause in sentences, with the σ that would do where theory knows one.
pub(super) fn sentences(spec: &Spec, start: Option<&Frame>, step: u64) -> Vec<Sentence> {
    if cause(spec, start, step) == Cause::Rate {
        return vec![say("cause-rate", [("rate", show(spec.training.lr))])];
    }
    let std = sigma(spec).hidden;
    if let Some(level) = level(spec).filter(|level| std > 1.1 * level) {
        let values = [("std", std), ("times", round_to(std / level, 2)), ("level", round_to(level, 3))];
        return vec![say("cause-sigma", values.map(|(name, value)| (name, show(value))))];
    }
    let first = start.map(|start| start.loss.0).filter(|loss| loss.is_finite());
    let Some(first) = first else { return vec![say("cause-start", [])] };
    let guess = guess(first_shape(spec).classes);
    match start.map(|start| finding(spec, start)) {
        Some(Finding { rule: Some(rule), .. }) if rule.verdict.is_fault() => {
            vec![say("cause-finding", [("finding", rule.name.to_owned())])]
        }
        _ => vec![say("cause-loss", [("first", show(first)), ("guess", show(guess))])],
    }
}

/// The least and the largest σ that are looked at.
const LEAST: f64 = 1e-4;
const MOST: f64 = 10.0;
/// How many times the range of ln σ is halved, which gives σ to five digits.
const HALVINGS: usize = 24;

/// The σ with which theory expects a plain perceptron to hand on the signal, from its first hidden layer to its last,
/// neither larger nor smaller: the root of ln(var h_L / var h_1). Odd activations with bounded outputs hold their
/// variance at many σ; for them it is what comes back to the layers' sums that must keep its size.
///
/// None for other networks, for the sigmoid, and where no σ between 10⁻⁴ and 10 does.
pub fn level(spec: &Spec) -> Option<f64> {
    let plain = spec.network.model == Model::Mlp && spec.network.norm == Norm::None && !spec.network.residual;
    if !plain || spec.network.depth < 3 || spec.network.activation == Activation::Sigmoid || !spec.plan().is_random() {
        return None;
    }
    let scheme = if spec.start.scheme.is_uniform() { Scheme::Uniform } else { Scheme::Normal };
    let imbalance = |std: f64| {
        let mut other = spec.clone();
        (other.start.scheme, other.start.std, other.start.gain) = (scheme, std, None);
        let theory = predict(&other);
        let hidden = &theory.layers[..spec.network.depth];
        if is_bounded(spec.network.activation) { backward_growth(hidden) } else { growth(hidden) }
    };
    let (mut low, mut high) = (libm::log(LEAST), libm::log(MOST));
    if imbalance(LEAST)? >= 0.0 || imbalance(MOST)? <= 0.0 {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if imbalance(libm::exp(middle))? > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(libm::exp((low + high) / 2.0))
}

fn is_bounded(activation: Activation) -> bool {
    matches!(activation, Activation::Tanh | Activation::Erf | Activation::Sin)
}

/// ln(var h_L / var h_1). What has fallen to 0, or grown past every number, counts as such.
fn growth(hidden: &[LayerPrediction]) -> Option<f64> {
    logarithm(hidden.last()?.activation_var?, hidden.first()?.activation_var?)
}

/// ln(|∂/∂z_2| / |∂/∂z_L|): ∂/∂W_l is ∂/∂z_l times h_{l−1}, in root mean squares, and h has no mean.
fn backward_growth(hidden: &[LayerPrediction]) -> Option<f64> {
    let [first, second, ..] = hidden else { return None };
    let [.., before, last] = hidden else { return None };
    Some(logarithm(second.gradient?, last.gradient?)? + between(before, first)?)
}

/// ln(|h| / |h'|) of two layers.
fn between(above: &LayerPrediction, below: &LayerPrediction) -> Option<f64> {
    Some(logarithm(above.activation_var?, below.activation_var?)? / 2.0)
}

fn logarithm(above: f64, below: f64) -> Option<f64> {
    let ratio = libm::log(above) - libm::log(below);
    if ratio.is_nan() { (above.is_infinite() || above.is_nan()).then_some(f64::INFINITY) } else { Some(ratio) }
}
