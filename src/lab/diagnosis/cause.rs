//! Says why numbers blew up: σ was too large or the rate was, and which σ would have kept the signal level.

use super::rule::{Bound, Rule};
use super::threshold::LOSS_LARGE;
use super::{Finding, Sentence, finding, say};
use crate::lab::metric::Frame;
use crate::lab::number::{round_to, show};
use crate::lab::prediction::{dragged, mlp_theory, sigma};
use crate::lab::spec::{Activation, Model, Norm, Spec, first_shape};
use crate::science::initial_loss::guess;
use crate::science::site::Site;
use crate::science::theory::{LayerSize, MlpTheory};

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
    // What a scheme makes of the σ that is set does not count, because the level is a σ to be set.
    let std = if spec.start.scheme.uses_std() { spec.start.std } else { sigma(spec).hidden };
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
/// How close two guesses of ln σ are when the second is taken, and how many there are at most.
const CLOSE: f64 = 1e-6;
const STEPS: usize = 60;

/// The σ with which theory expects a plain perceptron to hand on the signal, from its first hidden layer to its last,
/// neither larger nor smaller: the root of ln(var h_L / var h_1). Odd activations with bounded outputs hold their
/// variance at many σ; for them it is what comes back to the layers' sums that must keep its size.
///
/// It is the σ of the network to which dragging leads: a scheme that takes no σ is left behind.
///
/// None for other networks, for the sigmoid, and where no σ between 10⁻⁴ and 10 does.
pub fn level(spec: &Spec) -> Option<f64> {
    let plain = spec.network.model == Model::Mlp && spec.network.norm == Norm::None && !spec.network.residual;
    if !plain || spec.network.depth < 3 || spec.network.activation == Activation::Sigmoid {
        return None;
    }
    let mut theory = mlp_theory(&dragged(spec, MOST));
    let mut imbalance = |std: f64| {
        theory.plan.init.std = std;
        let sizes = theory.sizes()?;
        let hidden = &sizes[..spec.network.depth];
        let ratio =
            if keeps_backward(spec.network.activation) { backward_growth(&theory, hidden) } else { growth(hidden) }?;
        (!ratio.is_nan()).then_some(ratio)
    };
    // The method of false position (Illinois): the imbalance is nearly a straight line over ln σ.
    let (mut low, mut high) = ((libm::log(LEAST), imbalance(LEAST)?), (libm::log(MOST), imbalance(MOST)?));
    if low.1 >= 0.0 || high.1 <= 0.0 {
        return None;
    }
    let mut middle = low.0;
    let mut was_high = None;
    for _ in 0..STEPS {
        let line = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
        // What left every number has no line through it.
        let next = if line > low.0 && line < high.0 { line } else { 0.5 * (low.0 + high.0) };
        let step = (next - middle).abs();
        middle = next;
        let found = imbalance(libm::exp(middle))?;
        if found == 0.0 || step < CLOSE {
            break;
        }
        let is_high = found > 0.0;
        // An end that stays twice counts half, or the line would never pass the root.
        let weight = if was_high == Some(is_high) { 0.5 } else { 1.0 };
        if is_high {
            (high, low.1) = ((middle, found), weight * low.1);
        } else {
            (low, high.1) = ((middle, found), weight * high.1);
        }
        was_high = Some(is_high);
    }
    Some(libm::exp(middle))
}

/// Whether [`level`] is about the gradient: the activation is odd and its outputs are bounded.
pub fn keeps_backward(activation: Activation) -> bool {
    matches!(activation, Activation::Tanh | Activation::Erf | Activation::Sin)
}

/// ln(var h_L / var h_1).
fn growth(hidden: &[LayerSize]) -> Option<f64> {
    Some(hidden.last()?.activation - hidden.first()?.activation)
}

/// ln(|∂/∂z_2| / |∂/∂z_L|), where each layer between them makes n·E w²·D(q) of a gradient's square.
fn backward_growth(theory: &MlpTheory, hidden: &[LayerSize]) -> Option<f64> {
    let kept = libm::log1p(-theory.architecture.dropout);
    // The matrix between two of them is that of the upper one.
    let layers = hidden.get(1..)?.windows(2).zip(theory.matrices.get(2..)?);
    let units = |site: &Site| libm::log(site.fans.fan_out as f64);
    Some(0.5 * layers.map(|(pair, site)| units(site) + pair[1].weight + pair[0].slope - kept).sum::<f64>())
}
