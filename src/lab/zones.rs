//! Divides the slider of σ into where the signal dies, where it holds and where it explodes, by theory and before
//! anything is drawn.
//!
//! What is decided by is the verdict's own rules ([`finding`]) on the variances that theory expects, so that a zone
//! and the verdict cannot disagree about a network that is as theory says. Only the way forward is looked at.

use super::diagnosis::{Finding, Measure, Verdict, finding, keeps_backward, level};
use super::knob::{Knob, Range};
use super::lang::Lang;
use super::metric::{Frame, LayerMetric, RunId};
use super::number::{Number, round_to, show};
use super::prediction::{Prediction, dragged, mlp_theory, predict};
use super::spec::{DeviceChoice, Model, Norm, RunSpec, Spec, TrainingSpec};
use crate::science::layer::LayerId;
use crate::science::theory::MlpTheory;

/// What becomes of the signal on its way through the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalZone {
    /// It shrinks beyond use.
    Dies,
    /// It keeps its size, or a norm does.
    Holds,
    /// It grows beyond use.
    Explodes,
}

impl SignalZone {
    /// Returns its name for styles and texts.
    pub fn id(self) -> &'static str {
        match self {
            Self::Dies => "dies",
            Self::Holds => "holds",
            Self::Explodes => "explodes",
        }
    }

    /// Returns what a finding says of the way forward. An optimizer that makes up for it changes nothing about the signal.
    pub fn of(finding: &Finding) -> Self {
        let Some(rule) = finding.rule else { return Self::Holds };
        match (rule.verdict, rule.measure) {
            (Verdict::Vanishing, _) | (Verdict::Hindered, Measure::Fall) => Self::Dies,
            (Verdict::Exploding, _) | (Verdict::Hindered, Measure::Growth) => Self::Explodes,
            _ => Self::Holds,
        }
    }

    /// Returns what becomes of the signal in a network, if theory says so.
    pub fn expected(spec: &Spec, prediction: &Prediction) -> Option<Self> {
        let layers = prediction.ids.iter().zip(&prediction.layers);
        let layers =
            layers.map(|(id, layer)| Some(variance(*id, layer.activation_var?))).collect::<Option<Vec<_>>>()?;
        Some(Self::of(&finding(spec, &expected(layers))))
    }
}

/// A stretch of the slider with one zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SigmaStretch {
    /// What becomes of the signal there.
    pub zone: SignalZone,
    /// The positions on the slider at which it begins and ends, from 0 (left) to 1 (right).
    pub positions: [f64; 2],
    /// The σ at these positions.
    pub sigmas: [f64; 2],
}

/// The zones of the slider of σ for a network.
#[derive(Clone, Debug, PartialEq)]
pub struct SigmaZones {
    /// The stretches from left to right, which cover the slider; there are none where theory says nothing.
    pub stretches: Vec<SigmaStretch>,
    /// The σ at which the signal keeps its size, if there is one on the slider: [`level`].
    pub level: Option<f64>,
}

/// Borders between two zones are looked for until they are within half of this part of the slider, a pixel of many.
const PIXEL: f64 = 1e-3;

/// The number of parts of the slider at whose ends theory is asked first; neighbours of 12 are a factor of 1.95 apart.
/// A zone that lies between two of them is found where those two differ. Norms leave σ little to decide: nothing where
/// branches add to a stream, and elsewhere at most how small a signal their ε outweighs.
fn parts(spec: &Spec) -> usize {
    match (spec.network.norm, spec.network.residual) {
        (Norm::None, _) => 12,
        (_, false) => 2,
        (_, true) => 1,
    }
}

/// Theory of one network at any σ.
enum ZoneTheory {
    /// A perceptron, of which only σ is changed.
    Mlp(Box<MlpTheory>),
    /// A transformer, whose matrices may have a σ of their own.
    Gpt,
}

impl SigmaZones {
    /// Returns the zones of the network to which dragging σ leads, on its whole slider. They do not depend on the spec's
    /// own σ.
    pub fn new(spec: &Spec) -> Self {
        let range = Knob::find("std").and_then(|knob| knob.range(spec));
        range.map_or(Self { stretches: Vec::new(), level: None }, |range| Self::within(spec, range))
    }

    /// Returns the zones on a slider with this range.
    pub fn within(spec: &Spec, range: Range) -> Self {
        let spec = Self::key(spec);
        let theory = match spec.network.model {
            Model::Mlp => ZoneTheory::Mlp(Box::new(mlp_theory(&spec))),
            Model::Gpt => ZoneTheory::Gpt,
        };
        let zone = |position: f64| theory.zone(&spec, sigma_at(&range, position));
        let parts = parts(&spec);
        let place = |part: usize| part as f64 / parts as f64;
        let seen: Option<Vec<(f64, SignalZone)>> =
            (0..=parts).map(|part| Some((place(part), zone(place(part))?))).collect();
        let mut borders = Vec::new();
        for pair in seen.iter().flatten().collect::<Vec<_>>().windows(2) {
            halve(&zone, *pair[0], *pair[1], &mut borders);
        }
        let first = seen.and_then(|seen| seen.first().map(|(_, zone)| *zone));
        let level = level(&spec).filter(|level| (range.from..=range.to).contains(level));
        Self { stretches: first.map_or_else(Vec::new, |first| stretches(&range, first, &borders)), level }
    }

    /// Returns the spec on which the zones depend, with σ and everything else that plays no part at a fixed value. Two
    /// specs with one key have the same zones, so that a memo need not compute them while σ is dragged.
    pub fn key(spec: &Spec) -> Spec {
        let base = Spec::default_for(spec.network.model);
        let mut key = dragged(spec, base.start.std);
        let TrainingSpec { dropout, batch, .. } = key.training;
        key.training = TrainingSpec { dropout, batch, ..base.training };
        key.run = RunSpec { seed: base.run.seed, device: DeviceChoice::Auto, ..key.run };
        key.start.gain = if key.network.model == Model::Gpt { key.start.gain } else { None };
        key
    }

    /// Returns the zone at a σ of the slider, if theory knows one.
    pub fn at(&self, sigma: f64) -> Option<SignalZone> {
        let stretch = self.stretches.iter().find(|stretch| sigma <= stretch.sigmas[1]).or(self.stretches.last())?;
        Some(stretch.zone)
    }

    /// Says where the zones lie, and where the signal keeps its size.
    pub fn words(&self, spec: &Spec, lang: Lang) -> String {
        let told = self.stretches.iter().map(|stretch| {
            let [from, to] = stretch.sigmas.map(|sigma| show(round_to(sigma, 2)));
            let zone = lang.text(&format!("zones.{}", stretch.zone.id())).to_owned();
            lang.tell("zones.stretch", &[("from", from), ("to", to), ("zone", zone)])
        });
        let zones = told.collect::<Vec<_>>().join("; ");
        let key = if keeps_backward(spec.network.activation) { "zones.level-gradient" } else { "zones.level" };
        let level = self.level.map(|level| lang.tell(key, &[("level", show(round_to(level, 3)))]));
        [Some(zones), level]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .map(|text| text + ".")
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl ZoneTheory {
    /// The zone of the network at a σ, if theory knows one.
    fn zone(&self, spec: &Spec, sigma: f64) -> Option<SignalZone> {
        let layers = match self {
            Self::Mlp(theory) => {
                let mut theory = theory.clone();
                theory.plan.init.std = sigma;
                let sizes = theory.sizes()?;
                let ids = spec.architecture().layers().into_iter();
                ids.zip(sizes).map(|(id, size)| variance(id, libm::exp(size.activation))).collect()
            }
            Self::Gpt => {
                let mut other = spec.clone();
                other.start.std = sigma;
                return SignalZone::expected(spec, &predict(&other));
            }
        };
        Some(SignalZone::of(&finding(spec, &expected(layers))))
    }
}

/// A layer of which only the variance of its output is known.
fn variance(id: LayerId, variance: f64) -> LayerMetric {
    LayerMetric { activation_var: Some(Number(variance)), ..LayerMetric::unmeasured(id) }
}

/// The frame of a start that is as theory expects.
fn expected(layers: Vec<LayerMetric>) -> Frame {
    Frame {
        run: RunId::default(),
        step: 0,
        loss: Number(f64::NAN),
        val_loss: None,
        accuracy: None,
        losses: Vec::new(),
        layers,
        weights: Vec::new(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 0.0,
    }
}

/// Finds the borders between two positions, with the zones to their right. Where the zones at both ends are equal there
/// is taken to be none.
fn halve(
    zone: &impl Fn(f64) -> Option<SignalZone>,
    low: (f64, SignalZone),
    high: (f64, SignalZone),
    borders: &mut Vec<(f64, SignalZone)>,
) {
    if low.1 == high.1 {
        return;
    }
    let middle = (low.0 + high.0) / 2.0;
    match zone(middle).filter(|_| high.0 - low.0 > PIXEL) {
        Some(found) => {
            halve(zone, low, (middle, found), borders);
            halve(zone, (middle, found), high, borders);
        }
        None => borders.push((middle, high.1)),
    }
}

fn stretches(range: &Range, first: SignalZone, borders: &[(f64, SignalZone)]) -> Vec<SigmaStretch> {
    let starts: Vec<(f64, SignalZone)> = std::iter::once((0.0, first)).chain(borders.iter().copied()).collect();
    let ends = borders.iter().map(|(position, _)| *position).chain([1.0]);
    let stretch = |((from, zone), to): (&(f64, SignalZone), f64)| {
        let positions = [*from, to];
        SigmaStretch { zone: *zone, positions, sigmas: positions.map(|position| sigma_at(range, position)) }
    };
    starts.iter().zip(ends).map(stretch).collect()
}

/// The σ at a position, which [`Range::value_at`] would round.
fn sigma_at(range: &Range, position: f64) -> f64 {
    range.from * libm::pow(range.to / range.from, position)
}
