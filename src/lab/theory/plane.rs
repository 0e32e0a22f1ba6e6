//! The plane of σ_w and σ_b: where this start stands between order and chaos.

use super::{Setting, join};
use crate::lab::curve::{RowLabel, Table};
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::prediction::Prediction;
use crate::lab::spec::{Activation, Spec};
use crate::science::phase::{Critical, FixedPoint, critical_line, critical_rate, homogeneous, phase_with};

/// What becomes of signals in a deep network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regime {
    /// χ₁ < 1: inputs grow alike, gradients shrink.
    Ordered,
    /// χ₁ = 1, to [`NEAR`].
    Critical,
    /// χ₁ > 1: near inputs part, gradients grow.
    Chaotic,
    /// No fixed point is reached.
    Exploding,
}

/// χ₁ this near to 1 is called critical: it takes a hundred layers to make a factor of e.
const NEAR: f64 = 0.01;

/// Depth scales beyond this are infinite for any network here.
const FAR: f64 = 1e4;

impl Regime {
    /// Of a fixed point.
    pub fn of(phase: Option<&FixedPoint>) -> Self {
        match phase {
            None => Self::Exploding,
            Some(phase) if (phase.chi - 1.0).abs() <= NEAR => Self::Critical,
            Some(phase) if phase.chi < 1.0 => Self::Ordered,
            Some(_) => Self::Chaotic,
        }
    }

    /// The key of its sentence below `theory.`, and its name in tests.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Critical => "critical",
            Self::Chaotic => "chaotic",
            Self::Exploding => "exploding",
        }
    }
}

/// The plane, and this start in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// σ_w of this start.
    pub sigma_w: f64,
    /// σ_b of this start.
    pub sigma_b: f64,
    /// Where it leads.
    pub phase: Option<FixedPoint>,
    /// The critical line.
    pub line: &'static [Critical],
    /// Beyond the line is chaos; of an activation without bounds the signal explodes there.
    pub bounded: bool,
    activation: Activation,
    depth: usize,
    uneven: bool,
    narrow: bool,
    dropped: bool,
}

impl Plane {
    /// Of a plain perceptron.
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

    /// Order, chaos or between.
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

    /// How far signals reach: by a factor a layer; where that is 1, by a power of the depth.
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
        Table { columns: &["point", "sigma-w", "sigma-b", "q", "chi", "xi-q", "xi-c"], rows }
    }
}
