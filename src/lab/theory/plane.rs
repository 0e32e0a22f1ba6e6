//! Computes the plane of σ_w and σ_b, which shows where this start stands between order and chaos.

use super::{Setting, join};
use crate::lab::curve::{RowLabel, Table};
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::prediction::Prediction;
use crate::lab::spec::{Activation, Spec};
use crate::science::phase::{Critical, FixedPoint, critical_line, critical_rate, homogeneous, phase_with};

/// What happens to signals in a deep network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regime {
    /// χ₁ < 1: inputs become more alike and gradients shrink with every layer.
    Ordered,
    /// χ₁ = 1 within [`NEAR`]: gradients keep their size.
    Critical,
    /// χ₁ > 1: similar inputs become less alike and gradients grow with every layer.
    Chaotic,
    /// The variance q reaches no fixed point.
    Exploding,
}

/// χ₁ counts as critical within this distance of 1, because a change by a factor e then takes a hundred layers.
const NEAR: f64 = 0.01;

/// Depth scales above this count as infinite, because no network here is nearly as deep.
const FAR: f64 = 1e4;

impl Regime {
    /// Returns the regime of a fixed point; `None` means that there is none.
    pub fn of(phase: Option<&FixedPoint>) -> Self {
        match phase {
            None => Self::Exploding,
            Some(phase) if (phase.chi - 1.0).abs() <= NEAR => Self::Critical,
            Some(phase) if phase.chi < 1.0 => Self::Ordered,
            Some(_) => Self::Chaotic,
        }
    }

    /// Returns the key of the regime's sentence below `theory.`, which is also its name in tests.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Critical => "critical",
            Self::Chaotic => "chaotic",
            Self::Exploding => "exploding",
        }
    }
}

/// The plane of σ_w and σ_b, and this start in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// σ_w of this start, whose square [`Setting`] defines.
    pub sigma_w: f64,
    /// σ_b of this start, which is the standard deviation of the biases.
    pub sigma_b: f64,
    /// The fixed point to which this start leads, if there is one.
    pub phase: Option<FixedPoint>,
    /// The points of the critical line.
    pub line: &'static [Critical],
    /// Whether the activation is bounded. Beyond the critical line is chaos then; without a bound the signal explodes
    /// there.
    pub bounded: bool,
    activation: Activation,
    depth: usize,
    uneven: bool,
    narrow: bool,
    dropped: bool,
}

impl Plane {
    /// Computes the plane of a plain perceptron.
    pub fn new(spec: &Spec, prediction: &Prediction) -> Self {
        let Setting { weight_var, bias_var, uneven } = Setting::of(spec);
        Self {
            sigma_w: weight_var.sqrt(),
            sigma_b: bias_var.sqrt(),
            phase: phase_with(spec.phi(), weight_var, bias_var, spec.training.dropout),
            line: critical_line(spec.phi()),
            bounded: spec.phi().bounded(),
            activation: spec.phi(),
            depth: spec.network.depth,
            uneven,
            dropped: spec.training.dropout > 0.0,
            narrow: prediction.layers.iter().any(|layer| layer.log_spread > 1.0),
        }
    }

    /// Returns the regime of this start.
    pub fn regime(&self) -> Regime {
        Regime::of(self.phase.as_ref())
    }

    pub(super) fn words(&self, lang: Lang) -> String {
        let mut sentences = vec![lang.tell("theory.point", &[("w", show(self.sigma_w)), ("b", show(self.sigma_b))])];
        let chi = self.phase.map(|phase| show(phase.chi)).unwrap_or_default();
        sentences.push(lang.tell(&format!("theory.{}", self.regime().id()), &[("chi", chi)]));
        if let Some(phase) = &self.phase {
            sentences.push(self.depths(phase, lang));
        }
        let notes = [
            (homogeneous(self.activation), "theory.homogeneous"),
            (self.line.is_empty(), "theory.no-line"),
            (true, "theory.wide"),
            (self.narrow, "theory.narrow"),
            (self.uneven, "theory.uneven"),
            (self.dropped, "theory.dropout"),
        ];
        for (_, key) in notes.into_iter().filter(|(holds, _)| *holds) {
            sentences.push(lang.text(key).to_owned());
        }
        join(&sentences)
    }

    /// Describes how far signals reach: exponentially by a factor per layer, or if that factor is 1, by a power of the
    /// depth.
    fn depths(&self, phase: &FixedPoint, lang: Lang) -> String {
        let layers = |depth: f64| show(if (0.0..FAR).contains(&depth) { depth } else { f64::INFINITY });
        let q = ("q", show(phase.q));
        if (0.0..FAR).contains(&phase.correlation_depth()) {
            let values = [
                q,
                ("xi_q", layers(phase.variance_depth())),
                ("xi_c", layers(phase.correlation_depth())),
                ("reach", layers(phase.trainable_depth())),
                ("depth", self.depth.to_string()),
            ];
            return lang.tell("theory.depths", &values);
        }
        let law = match (self.activation, critical_rate(self.activation)) {
            _ if self.dropped => return lang.tell("theory.power", &[q]),
            (activation, _) if activation == Activation::Linear || activation.leak() == Some(1.0) => {
                return lang.tell("theory.power-none", &[q]);
            }
            (_, Some(rate)) => lang.tell("theory.power-kink", &[("rate", show(rate))]),
            _ if phase.q > 0.0 => lang.text("theory.power-smooth").to_owned(),
            _ => lang.text("theory.power-slow").to_owned(),
        };
        join(&[lang.tell("theory.power", &[q]), law])
    }

    pub(super) fn table(&self) -> Table {
        let phase = self.phase.as_ref();
        let here = vec![
            Some(self.sigma_w),
            Some(self.sigma_b),
            phase.map(|phase| phase.q),
            phase.map(|phase| phase.chi),
            phase.map(FixedPoint::variance_depth),
            phase.map(FixedPoint::correlation_depth),
        ];
        let mut rows = vec![(RowLabel::Here, here)];
        for (index, point) in self.line.iter().enumerate() {
            let (w, b) = (point.weight_var.sqrt(), point.bias_var.sqrt());
            let label = RowLabel::Number((index + 1).to_string());
            rows.push((label, vec![Some(w), Some(b), Some(point.q), Some(1.0), None, None]));
        }
        Table::new(&["point", "sigma-w", "sigma-b", "q", "chi", "xi-q", "xi-c"], rows)
    }
}
