//! The verdict: what the shown run's own measurements say, with the numbers they rest on.
//!
//! Nothing here knows the scheme's name or what it is famous for; a verdict follows from the
//! measured layers, the measured losses and how the run ended.

use super::metric::{Frame, LayerMetric};
use super::number::show;
use super::protocol::{Pass, Why};
use super::state::{Phase, State};

/// A sentence by translation key, with the values it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Key below `diagnosis.`.
    pub key: &'static str,
    /// Values for the text's places. A value of the name `layer` is a layer's own name.
    pub values: Vec<(&'static str, String)>,
}

/// How the network fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing measured yet.
    Waiting,
    /// Both directions keep their size.
    Steady,
    /// A norm sets the size of what each layer sees: σ does not matter on the way forward.
    Normed,
    /// Branches are closed: the start is the identity.
    Closed,
    /// The signal shrinks beyond use.
    Vanishing,
    /// The gradient shrinks beyond use on its way back.
    VanishingGradient,
    /// The signal grows beyond use.
    Exploding,
    /// The gradient grows beyond use on its way back.
    ExplodingGradient,
    /// All inputs look alike in the last layers, whatever the variance.
    Forgets,
    /// All units of a layer are the same, and stay so.
    Symmetric,
    /// The weights cannot move: an overflowed optimizer, a one-hot attention, saturated units.
    Frozen,
    /// Numbers left f32's range.
    Diverged,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 12] = [
        Self::Waiting,
        Self::Steady,
        Self::Normed,
        Self::Closed,
        Self::Vanishing,
        Self::VanishingGradient,
        Self::Exploding,
        Self::ExplodingGradient,
        Self::Forgets,
        Self::Symmetric,
        Self::Frozen,
        Self::Diverged,
    ];

    /// The name for styles and tests.
    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Steady => "steady",
            Self::Normed => "normed",
            Self::Closed => "closed",
            Self::Vanishing => "vanishing",
            Self::VanishingGradient => "vanishing-gradient",
            Self::Exploding => "exploding",
            Self::ExplodingGradient => "exploding-gradient",
            Self::Forgets => "forgets",
            Self::Symmetric => "symmetric",
            Self::Frozen => "frozen",
            Self::Diverged => "diverged",
        }
    }

    /// Whether it says that the network will not learn as it is.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::Waiting | Self::Steady | Self::Normed | Self::Closed)
    }
}

/// The verdict in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The finding about the start, or about the end if it diverged.
    pub verdict: Verdict,
    /// First the finding, then how the learning goes.
    pub sentences: Vec<Sentence>,
}

/// A thousandfold change over the depth is called a loss of the signal; the number is stated with
/// the verdict, and the same for gradients (of RMS values, so a thousandfold amplitude).
const VARIANCE_LOST: f64 = 1e-3;
const GRADIENT_LOST: f64 = 1e-3;
/// Steps before anything is said about learning.
const PATIENCE: u64 = 20;

/// The verdict on the shown run.
pub fn diagnose(state: &State) -> Diagnosis {
    let Some(frame) = &state.frame else {
        return Diagnosis { verdict: Verdict::Waiting, sentences: vec![say("waiting", [])] };
    };
    if let Phase::Finished(Why::Diverged { step, layer, pass }) = &state.phase {
        return diverged(*step, layer.as_deref(), *pass);
    }
    let start = state.initial.as_ref().unwrap_or(frame);
    let (verdict, finding) = signal(start);
    let mut sentences = vec![finding];
    sentences.extend(learning(state, frame));
    Diagnosis { verdict, sentences }
}

fn diverged(step: u64, layer: Option<&str>, pass: Pass) -> Diagnosis {
    let key = match (step, pass) {
        (0, Pass::Forward) => "diverged-start",
        (0, Pass::Backward) => "diverged-start-backward",
        (_, Pass::Forward) => "diverged",
        (_, Pass::Backward) => "diverged-backward",
    };
    let finding = match layer {
        Some(layer) => say(key, [("step", step.to_string()), ("layer", layer.to_owned())]),
        None => say("diverged-somewhere", [("step", step.to_string())]),
    };
    let advice = if step > 0 { vec![say("advice-rate", [])] } else { Vec::new() };
    Diagnosis { verdict: Verdict::Diverged, sentences: [vec![finding], advice].concat() }
}

/// What the measurement at initialization says.
fn signal(frame: &Frame) -> (Verdict, Sentence) {
    let hidden = &frame.layers[..frame.layers.len().saturating_sub(1)];
    let variances = values(hidden, |layer| layer.activation_var.map(|n| n.0));
    let gradients = values(hidden, |layer| layer.gradient_rms.map(|n| n.0));
    let nothing = gradients.iter().all(|(_, g)| *g == 0.0) && !gradients.is_empty();
    let silent = variances.first().is_some_and(|(_, v)| *v == 0.0);
    if nothing && (silent || variances.is_empty()) {
        return (Verdict::Symmetric, say("symmetric", []));
    }
    if let (Some((_, first)), Some((last_name, last))) = (variances.first(), variances.last()) {
        let layers = variances.len().saturating_sub(1).max(1) as f64;
        let ratio = last / first;
        let factor = libm::pow(ratio, 1.0 / layers);
        let told = |key, from: &str| {
            let values = [
                ("ratio", times(ratio)),
                ("factor", times(factor)),
                ("layer", from.to_owned()),
                ("last", (*last_name).to_owned()),
            ];
            say(key, values)
        };
        if ratio < VARIANCE_LOST {
            let from = variances.iter().find(|(_, v)| *v < VARIANCE_LOST * first).map_or(*last_name, |(n, _)| *n);
            return (Verdict::Vanishing, told("vanishing", from));
        }
        if ratio > 1.0 / VARIANCE_LOST {
            let from = variances.iter().find(|(_, v)| *v > first / VARIANCE_LOST).map_or(*last_name, |(n, _)| *n);
            return (Verdict::Exploding, told("exploding", from));
        }
        if let (Some((name, first)), Some((_, last))) = (gradients.first(), gradients.last()) {
            let back = first / last;
            let told = |key| say(key, [("ratio", times(back)), ("layer", (*name).to_owned())]);
            if back < GRADIENT_LOST {
                return (Verdict::VanishingGradient, told("vanishing-gradient"));
            }
            if back > 1.0 / GRADIENT_LOST {
                return (Verdict::ExplodingGradient, told("exploding-gradient"));
            }
        }
        return (Verdict::Steady, told("steady", last_name));
    }
    (Verdict::Waiting, say("waiting", []))
}

/// What the losses say, once there are enough of them.
fn learning(state: &State, frame: &Frame) -> Option<Sentence> {
    if frame.step < PATIENCE {
        return None;
    }
    let classes = state.shape.as_ref()?.classes;
    // Single batches are noisy: the verdict rests on tenths of the curve.
    let losses: Vec<f64> = state.loss.points().map(|(_, loss)| loss).collect();
    let part = (losses.len() / 10).max(1);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let first = losses[..part].first().copied()?;
    let now = mean(&losses[losses.len() - part..]);
    let guess = libm::log(classes as f64);
    let key = if now < 0.95 * first.min(guess) {
        "learning"
    } else if now < 0.98 * first {
        "settling"
    } else {
        "stuck"
    };
    let values = [
        ("first", show(first)),
        ("now", show(now)),
        ("guess", show(guess)),
        ("classes", classes.to_string()),
        ("step", frame.step.to_string()),
    ];
    Some(say(key, values))
}

fn values(layers: &[LayerMetric], read: impl Fn(&LayerMetric) -> Option<f64>) -> Vec<(&str, f64)> {
    layers.iter().filter_map(|layer| Some((layer.name.as_str(), read(layer)?))).collect()
}

/// A ratio as a person says it: "×3.2" or "÷39".
fn times(ratio: f64) -> String {
    if ratio >= 1.0 || ratio.is_nan() { format!("×{}", show(ratio)) } else { format!("÷{}", show(1.0 / ratio)) }
}

fn say<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Sentence {
    Sentence { key, values: values.into() }
}
