//! Reads from a frame what the rules ask for. All numbers are finite, and nothing is divided by 0.

mod hindrance;

use super::SentenceValue;
use super::course::Course;
use super::ratio::{percent, quotient, size, times};
use super::reading::{Reading, bare, reading};
use super::rule::{Counter, Measure};
use super::threshold::{BRANCH_CLOSED, GRADIENT_TINY, SLOPE_LOST, SLOPE_SMALL, VARIANCE_GROWN, VARIANCE_LOST};
use crate::lab::metric::{Frame, LayerMetric};
use crate::lab::number::{Number, show};
use crate::lab::spec::{Activation, Model, Norm, NormPosition, Spec};
use crate::science::layer::LayerId;

/// A frame, from which the rules read their measures.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    spec: &'a Spec,
    frame: &'a Frame,
    course: Option<&'a Course>,
    /// The first loss, the newest loss, and the loss of guessing, in nats.
    losses: Option<[f64; 3]>,
}

/// The id of a layer and a number measured there.
type LayerValue = (LayerId, f64);

impl<'a> Evidence<'a> {
    /// Returns the evidence of a frame alone, without losses.
    pub fn new(spec: &'a Spec, frame: &'a Frame) -> Self {
        Self { spec, frame, course: None, losses: None }
    }

    /// Adds how the run goes: its course, and the first loss, the newest loss and that of guessing, in nats.
    pub(crate) fn of_run(self, course: Option<&'a Course>, losses: Option<[f64; 3]>) -> Self {
        Self { course, losses, ..self }
    }

    /// Returns a measure of the frame, or `None` if the frame does not have it.
    pub fn read(&self, measure: Measure) -> Option<Reading> {
        match measure {
            Measure::Overflow => {
                let all: Vec<&LayerMetric> = self.frame.layers.iter().filter(|layer| is_beyond(layer)).collect();
                Some(reading(all.len() as f64, [("layer", all.first()?.id.into())]))
            }
            Measure::LossGrowth => self.loss_growth(),
            Measure::FrozenShare => {
                let share = finite(self.frame.frozen_share)?;
                Some(reading(share, [("share", percent(share).into())]))
            }
            Measure::WeightSpread => self.weight_spread().map(bare),
            Measure::UnitDiversity => {
                Some(bare(self.values(|l| l.unit_diversity).into_iter().map(value).reduce(f64::max)?))
            }
            Measure::Loudness => Some(bare(self.values(|l| l.activation_var).into_iter().map(value).reduce(f64::max)?)),
            Measure::DeadSlope => self.slope(false),
            Measure::SaturatedSlope => self.slope(true),
            Measure::BranchShare => {
                Some(bare(self.values(|l| l.branch_share).into_iter().map(value).reduce(f64::max)?))
            }
            Measure::Fall => self.growth(|now, most| now < most),
            Measure::Growth => self.growth(|now, most| now > most),
            Measure::GradientFall => self.gradient(|now, most| now < most),
            Measure::GradientGrowth => self.gradient(|now, most| now > most),
            Measure::Unreached => {
                let zeros: Vec<LayerValue> = self.gradients().into_iter().filter(|(_, g)| *g == 0.0).collect();
                let shown = [("count", zeros.len().to_string().into()), ("layer", zeros.last()?.0.into())];
                Some(reading(zeros.len() as f64, shown))
            }
            Measure::OutputSpread => {
                let last = self.frame.weights.iter().find(|weight| weight.id.role.is_last())?;
                Some(bare(finite(Some(last.std))?))
            }
            Measure::AttentionPeak => self.attention(),
            Measure::SignalShare => self.share(|layer| layer.signal_share),
            Measure::ExampleShare => self.example_share(),
            Measure::FirstLoss => self.first_loss(),
            Measure::Progress => self.progress(),
            Measure::DepthToWidth => self.depth_to_width(),
            Measure::StraightLayers => self.wants_activation().then(|| bare(self.spec.network.depth as f64)),
            Measure::PositionShare => self.share(|layer| layer.position_share),
            Measure::OwnShare => self.own_share(),
            Measure::DecayPull => self.decay(),
            Measure::MaskedShare => self.masked(),
            Measure::NormedFall | Measure::NormedGrowth => self.normed(),
            Measure::Layers => self.layers(),
        }
    }

    /// Returns whether a circumstance holds that speaks against a finding.
    pub fn holds(&self, counter: Counter) -> bool {
        match counter {
            Counter::Learns => self.course.is_some_and(Course::learns),
            Counter::Falls => self.course.is_some_and(Course::falls),
            Counter::NormedStream => self.normed_stream(),
            Counter::PlainStream => !self.normed_stream(),
            Counter::Skips => self.spec.network.residual,
            Counter::Output => self.judged().any(has_output),
            Counter::Unsaturated => self.steepness().is_none_or(|slope| slope > SLOPE_SMALL),
            Counter::Distinct => {
                let least = self.gradients().into_iter().map(value).filter(|g| *g > 0.0).reduce(f64::min);
                least.is_none_or(|least| least > GRADIENT_TINY)
            }
            Counter::Masked => self.spec.training.dropout > 0.0,
            Counter::Adaptive => self.is_adaptive(),
            Counter::Direct => !self.is_adaptive() || self.is_decayed(),
            Counter::Lost => self.is_lost(),
            Counter::Unskipped => !self.spec.network.residual,
            Counter::Wide => self.is_wide(),
            Counter::Normed => self.spec.network.norm != Norm::None,
            Counter::Shallow => self.is_shallow(),
            Counter::Unbegun => self.weight_spread() == Some(0.0),
            Counter::Scaleless => self.is_scaleless(),
            Counter::Decayed => self.is_decayed(),
            Counter::Loud => self.is_loud(),
            Counter::BareHead => self.spec.network.model == Model::Gpt,
            Counter::Begun => self.frame.step > 0,
            Counter::Unreached => {
                let gradients = self.gradients();
                gradients.is_empty() || gradients.iter().any(|(_, g)| *g == 0.0)
            }
        }
    }

    /// Returns the largest σ of the weights. If no weights are listed, gradients that are all 0 count as weights of 0.
    fn weight_spread(&self) -> Option<f64> {
        let spreads = self.frame.weights.iter().filter_map(|weight| finite(Some(weight.std)));
        if let Some(largest) = spreads.reduce(f64::max) {
            return Some(largest);
        }
        let gradients = self.gradients();
        let still = !gradients.is_empty() && gradients.iter().all(|(_, gradient)| *gradient == 0.0);
        (still && self.frame.weights.is_empty()).then_some(0.0)
    }

    fn normed_stream(&self) -> bool {
        self.spec.network.residual && self.spec.network.norm != Norm::None
    }

    /// Returns the layers between input and output that are compared. With a norm the first one is the first block and
    /// not the embedding, because a norm gives its input a fixed size, whatever the size of the embedding is.
    fn judged(&self) -> impl Iterator<Item = &'a LayerMetric> {
        let normed = self.spec.network.norm != Norm::None;
        let inner = move |layer: &&LayerMetric| is_numbered(layer) || (layer.id == LayerId::Embedding && !normed);
        self.frame.layers.iter().filter(inner)
    }

    fn values(&self, read: impl Fn(&LayerMetric) -> Option<Number>) -> Vec<LayerValue> {
        self.judged().filter_map(|layer| Some((layer.id, finite(read(layer))?))).collect()
    }

    /// Returns the gradients of numbered layers whose branches are open. No gradient passes a closed branch, and that
    /// is no fault.
    fn gradients(&self) -> Vec<LayerValue> {
        let open = |layer: &&LayerMetric| finite(layer.branch_share).is_none_or(|share| share >= BRANCH_CLOSED);
        let numbered = self.frame.layers.iter().filter(|layer| is_numbered(layer)).filter(open);
        numbered.filter_map(|layer| Some((layer.id, finite(layer.gradient_rms)?))).collect()
    }

    /// Returns the extreme variance after the first layer, divided by that of the first layer.
    fn growth(&self, beyond: fn(f64, f64) -> bool) -> Option<Reading> {
        let all = self.variances();
        let (first, rest) = all.split_first()?;
        let (at, last) = extreme(rest, beyond)?;
        let ratio = quotient(last.1, first.1)?;
        let lost = |v: f64| if ratio < 1.0 { v < VARIANCE_LOST * first.1 } else { v > VARIANCE_GROWN * first.1 };
        let from = rest.iter().find(|(_, v)| lost(*v)).unwrap_or(last);
        let mut shown = vec![("each", self.each()), ("from", first.0.into()), ("last", last.0.into())];
        shown.push(("layer", from.0.into()));
        if let (Some(whole), Some(step)) = (size(ratio), size(libm::pow(ratio, 1.0 / (at + 1) as f64))) {
            shown.extend([("ratio", whole.into()), ("factor", step.into())]);
        }
        Some(Reading { value: ratio, shown })
    }

    /// Returns the extreme gradient, divided by the last layer's.
    fn gradient(&self, beyond: fn(f64, f64) -> bool) -> Option<Reading> {
        let all: Vec<LayerValue> = self.gradients().into_iter().filter(|(_, g)| *g > 0.0).collect();
        let (last, rest) = all.split_last()?;
        let (_, layer) = extreme(rest, beyond)?;
        let ratio = quotient(layer.1, last.1)?;
        let mut shown = vec![("layer", layer.0.into()), ("last", last.0.into())];
        shown.extend(size(ratio).map(|ratio| ("ratio", ratio.into())));
        shown.extend(self.steepness().map(|slope| ("slope", percent(slope).into())));
        Some(Reading { value: ratio, shown })
    }

    /// Returns the change of the variance from the first layer to the last, which is shown if nothing is wrong.
    fn layers(&self) -> Option<Reading> {
        let all = self.variances();
        let (first, last) = (all.first()?, all.last()?);
        let ratio = quotient(last.1, first.1)?;
        let each = libm::pow(ratio, 1.0 / (all.len() - 1).max(1) as f64);
        let shown = [
            ("each", self.each()),
            ("from", first.0.into()),
            ("last", last.0.into()),
            ("change", times(ratio)?.into()),
            ("change-each", times(each)?.into()),
        ];
        Some(reading(all.len() as f64, shown))
    }

    /// Returns the variances by depth, from the first layer whose variance is not 0.
    fn variances(&self) -> Vec<LayerValue> {
        self.values(|layer| layer.activation_var).into_iter().skip_while(|(_, var)| *var == 0.0).collect()
    }

    /// Returns the mean square slope of the first layer that has lost its slope, if its pre-activations are not all 0.
    /// `output` asks for a layer whose output is not 0 (saturated), or else for one whose output is 0 (dead).
    fn slope(&self, output: bool) -> Option<Reading> {
        let flat = |layer: &&LayerMetric| finite(layer.slope_square).is_some_and(|slope| slope < SLOPE_LOST);
        let layer = self.judged().find(flat)?;
        let sums = finite(layer.preactivation_var).is_some_and(|var| var > 0.0);
        let slope = finite(layer.slope_square).filter(|_| sums && has_output(layer) == output)?;
        Some(reading(slope, [("layer", layer.id.into())]))
    }

    /// Returns the smallest mean square slope divided by the largest that the activation can have, if it is one that
    /// saturates.
    fn steepness(&self) -> Option<f64> {
        let steepest = match self.spec.network.activation {
            Activation::Tanh => 1.0,
            Activation::Sigmoid => 1.0 / 16.0,
            Activation::Erf => 4.0 / std::f64::consts::PI,
            _ => return None,
        };
        let slopes = self.values(|layer| layer.slope_square);
        Some(slopes.into_iter().map(value).reduce(f64::min)? / steepest)
    }

    /// Returns how far the largest attention weight is from that of an average, 0, to one-hot attention, 1. An average
    /// over t = 1…T positions has a largest weight of 1/t, which is H_T/T in the mean.
    fn attention(&self) -> Option<Reading> {
        let peak = self.values(|layer| layer.attention_peak).into_iter().map(value).reduce(f64::min)?;
        let context = self.spec.network.context.max(1);
        let even = (1..=context).map(|t| 1.0 / t as f64).sum::<f64>() / context as f64;
        let way = quotient(peak - even, 1.0 - even)?;
        Some(reading(way, [("peak", percent(peak).into())]))
    }

    /// Returns the product of the factors by which layers would change the variance without norms. A norm before each
    /// matrix gives the layer inputs of variance 1, so the variance of its sums is this factor.
    fn normed(&self) -> Option<Reading> {
        if self.spec.network.norm == Norm::None || self.spec.network.residual || self.spec.network.model != Model::Mlp {
            return None;
        }
        let read = |layer: &LayerMetric| match self.spec.network.position {
            NormPosition::Pre => layer.activation_var,
            _ => layer.preactivation_var,
        };
        let factors: Vec<f64> = self.values(read).into_iter().skip(1).map(value).filter(|v| *v > 0.0).collect();
        let logarithm = factors.iter().map(|v| libm::log(*v)).sum::<f64>();
        let mean = libm::exp(quotient(logarithm, factors.len() as f64)?);
        let whole = libm::exp(logarithm);
        if !whole.is_finite() {
            return None;
        }
        let shown = [("factor", size(mean)?.into()), ("ratio", size(whole)?.into())];
        Some(reading(whole, shown))
    }

    fn loss_growth(&self) -> Option<Reading> {
        let [first, now, guess] = self.losses.filter(|_| self.frame.step > 0)?;
        let growth = quotient(now, first.max(guess))?;
        let shown = [("first", first), ("now", now), ("guess", guess)].map(|(name, loss)| (name, show(loss).into()));
        Some(reading(growth, shown))
    }

    fn each(&self) -> SentenceValue {
        if self.spec.network.model == Model::Gpt { "block" } else { "layer" }.to_owned().into()
    }
}

/// Returns the layer with the extreme number, and its index among the layers.
fn extreme(all: &[LayerValue], beyond: fn(f64, f64) -> bool) -> Option<(usize, &LayerValue)> {
    all.iter().enumerate().reduce(|most, now| if beyond(now.1.1, most.1.1) { now } else { most })
}

fn value((_, value): LayerValue) -> f64 {
    value
}

fn finite(number: Option<Number>) -> Option<f64> {
    number.map(|Number(value)| value).filter(|value| value.is_finite())
}

fn is_numbered(layer: &LayerMetric) -> bool {
    layer.id.number().is_some()
}

fn has_output(layer: &LayerMetric) -> bool {
    layer.unit_diversity.is_some() || layer.activation_var.is_some_and(|Number(var)| var != 0.0)
}

fn is_beyond(layer: &LayerMetric) -> bool {
    let numbers = [layer.preactivation_var, layer.activation_var, layer.gradient_rms];
    numbers.into_iter().flatten().any(|Number(value)| !value.is_finite())
}
