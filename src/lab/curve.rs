//! The numbers that the charts show: each chart, its table, its CSV file and its one-sentence
//! summary are functions of one of these curves.

mod compared;
mod table;

pub use compared::{ComparedDepth, ComparedLoss, ComparedWeights};
pub use table::{RowLabel, Table};

use super::forecast::{Equilibrium, equilibrium, first_loss};
use super::metric::{Frame, LayerMetric};
use super::number::Number;
use super::prediction::{Prediction, sigma};
use super::spec::{Role, first_shape};
use super::state::State;
use crate::science::architecture::Architecture;
use crate::science::choice::choices;
use crate::science::density::saturated_share;
use crate::science::initial_loss::guess;
use crate::science::layer::{LayerId, MatrixId};

choices! {
    /// What a curve over depth is about.
    pub enum Quantity {
        /// The variance of the layer's output.
        Activation "activation",
        /// The variance of z, before the activation.
        Preactivation "preactivation",
        /// The root mean square of the loss's gradient with respect to the weights.
        Gradient "gradient",
        /// The share of the layer's output that still tells inputs apart.
        Share "signal-share",
        /// The share of the layer's units that are dead, or of its activations that are saturated.
        Dead "dead",
    }
}

/// One layer of a curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Which layer it is.
    pub layer: LayerId,
    /// The newest measurement.
    pub measured: Option<f64>,
    /// The measurement of step 0, once training has gone on from there.
    pub initial: Option<f64>,
    /// Theory's value at step 0.
    pub predicted: Option<f64>,
    /// Where 95 of 100 networks of this width are expected.
    pub band: Option<(f64, f64)>,
}

/// A quantity by depth, input to output.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthCurve {
    /// Which quantity it is.
    pub quantity: Quantity,
    /// The layers of the spec on the page.
    pub points: Vec<Point>,
    /// The other runs that are drawn.
    pub others: Vec<ComparedDepth>,
    /// How many updates were made before the measurement.
    pub step: Option<u64>,
    /// Whether the measurement is still of the run before, and this run's is on its way.
    pub stale: bool,
    /// Whether nothing is measured yet, so that the predicted gradient is a profile without a unit.
    pub relative: bool,
}

/// The losses of a run by step, in nats.
#[derive(Clone, Debug, PartialEq)]
pub struct LossCurve {
    /// The mean over the batch of each step.
    pub train: Vec<(u64, f64)>,
    /// The mean over held-out data.
    pub held_out: Vec<(u64, f64)>,
    /// The loss of guessing, ln(classes).
    pub guess: f64,
    /// Theory's loss at step 0.
    pub start: Option<f64>,
    /// The other runs that are drawn.
    pub others: Vec<ComparedLoss>,
    /// The step that the reader looks at, if that is not now.
    pub playhead: Option<u64>,
}

/// The spread of the attention weights by block, beside the σ that they started with.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightCurve {
    /// The number of each block, and the standard deviations of its Q, K and V.
    pub blocks: Vec<(usize, [Option<f64>; 3])>,
    /// The σ of the scheme.
    pub start: f64,
    /// The σ that AdamW brings it to, if it does.
    pub equilibrium: Option<Equilibrium>,
    /// The other runs that are drawn.
    pub others: Vec<ComparedWeights>,
}

impl DepthCurve {
    /// Whether there is no start to compare with, because the chart was opened when the run had left it behind.
    pub fn lacks_start(&self, state: &State) -> bool {
        let has_left = state.shown().zip(state.initial.as_ref()).is_some_and(|(shown, first)| shown.step > first.step);
        let any = |has: fn(&Point) -> bool| self.points.iter().any(has);
        has_left && any(|point| point.measured.is_some()) && !any(|point| point.initial.is_some())
    }

    /// A quantity of the shown run beside its prediction.
    pub fn new(state: &State, prediction: &Prediction, quantity: Quantity) -> Self {
        let shown = state.shown();
        let initial = state.initial.as_ref().filter(|initial| shown.is_some_and(|f| f.step > initial.step));
        let gradients = prediction.gradients(&aligned(state.anchor.as_ref(), prediction));
        let relative = quantity == Quantity::Gradient && gradients.iter().all(Option::is_none);
        let net = state.spec().architecture();
        let points = prediction.ids.iter().zip(&prediction.layers).zip(gradients).enumerate();
        // In slow motion a layer's dot appears when its turn has come.
        let is_there = |place| state.slow.is_none_or(|slow| slow.has(place, quantity == Quantity::Gradient));
        let points = points.map(|(place, ((&layer, theory), gradient))| {
            let (predicted, median, spread) = match quantity {
                Quantity::Activation => (theory.activation_var, theory.activation_median, theory.activation_spread),
                Quantity::Preactivation => {
                    (theory.preactivation_var, theory.preactivation_median, theory.preactivation_spread)
                }
                Quantity::Gradient if relative => (theory.gradient, None, 0.0),
                Quantity::Gradient => (gradient, gradient, theory.gradient_spread),
                Quantity::Share => (theory.signal_share, None, 0.0),
                Quantity::Dead => (saturated(&net, layer, theory.preactivation_var), None, 0.0),
            };
            Point {
                layer,
                measured: shown.filter(|_| is_there(place)).and_then(|frame| measured(frame, layer, quantity)),
                initial: initial.and_then(|frame| measured(frame, layer, quantity)),
                predicted,
                band: predicted.filter(|_| spread > 0.0).map(|mean| band(mean, median, spread)),
            }
        });
        Self {
            quantity,
            points: points.collect(),
            others: ComparedDepth::all(state, quantity),
            step: shown.map(|frame| frame.step),
            stale: state.past.is_none() && state.frame.is_none() && state.stale.is_some(),
            relative,
        }
    }

    /// The same layers, of which nothing is known, without other runs.
    pub fn hidden(&self) -> Self {
        let point =
            |point: &Point| Point { layer: point.layer, measured: None, initial: None, predicted: None, band: None };
        Self { points: self.points.iter().map(point).collect(), others: Vec::new(), ..self.clone() }
    }

    /// The layers with their values at step 0, as measured.
    pub fn starts(&self) -> Vec<(LayerId, Option<f64>)> {
        self.points.iter().map(|point| (point.layer, point.initial.or(point.measured))).collect()
    }

    /// The layer with the largest measured value.
    pub fn most(&self) -> Option<(LayerId, f64)> {
        let all = self.points.iter().filter_map(|point| Some((point.layer, point.measured?)));
        all.max_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// The first and the last layer that have a value of one kind, with these values.
    pub fn ends(&self, read: impl Fn(&Point) -> Option<f64>) -> Option<[(LayerId, f64); 2]> {
        let mut known = self.points.iter().filter_map(|point| Some((point.layer, read(point)?)));
        let first = known.next()?;
        Some([first, known.next_back().unwrap_or(first)])
    }
}

/// Theory's share of saturated activations. A norm between z and φ makes z's variance 1.
fn saturated(net: &Architecture, layer: LayerId, variance: Option<f64>) -> Option<f64> {
    layer.number()?;
    saturated_share(net.activation, if net.inner_norm() { 1.0 } else { variance? })
}

/// 1.96 standard deviations s to either side of the median network, which lies e^{−s²/2} under the mean
/// where theory does not say otherwise.
fn band(mean: f64, median: Option<f64>, spread: f64) -> (f64, f64) {
    let median = median.unwrap_or_else(|| mean * libm::exp(-spread * spread / 2.0));
    (median * libm::exp(-1.96 * spread), median * libm::exp(1.96 * spread))
}

/// The value of a quantity in a layer of a frame.
pub(crate) fn measured(frame: &Frame, layer: LayerId, quantity: Quantity) -> Option<f64> {
    let layer = frame.layer(layer)?;
    let number = match quantity {
        Quantity::Activation => layer.activation_var,
        Quantity::Preactivation => layer.preactivation_var,
        Quantity::Gradient => layer.gradient_rms,
        Quantity::Share => layer.signal_share,
        Quantity::Dead => layer.dead_units.or(layer.saturated_share),
    };
    number.map(|Number(value)| value)
}

/// The layers of step 0 counted from the output, so that the gradient profile stays anchored at the
/// last layer while depth is being dragged. What was predicted of the start must not move with training.
fn aligned(frame: Option<&Frame>, prediction: &Prediction) -> Vec<LayerMetric> {
    let Some(frame) = frame else { return Vec::new() };
    let (have, want) = (frame.layers.len(), prediction.ids.len());
    let missing = prediction.ids.iter().take(want.saturating_sub(have)).copied().map(LayerMetric::unmeasured);
    missing.chain(frame.layers.iter().skip(have.saturating_sub(want)).cloned()).collect()
}

impl LossCurve {
    /// The losses of the run.
    pub fn new(state: &State, prediction: &Prediction) -> Self {
        Self {
            train: state.record.loss.points().collect(),
            held_out: state.record.val_loss.points().collect(),
            // The classes are those of the network as it is now, because new tokens are added in the middle of a run.
            guess: guess(state.shape.as_ref().map_or_else(|| first_shape(state.spec()).classes, |shape| shape.classes)),
            start: first_loss(state.spec(), prediction),
            others: ComparedLoss::all(state),
            playhead: state.past.as_ref().map(|frame| frame.step),
        }
    }

    /// The losses by step.
    pub fn table(&self) -> Table {
        let pinned = || self.others.iter().filter(|other| other.mark.is_pinned());
        let others = pinned().map(|other| &other.points);
        let all: Vec<&Vec<(u64, f64)>> = [&self.train, &self.held_out].into_iter().chain(others).collect();
        let mut rows: std::collections::BTreeMap<u64, Vec<Option<f64>>> = std::collections::BTreeMap::new();
        for (column, series) in all.iter().enumerate() {
            for (step, loss) in series.iter() {
                rows.entry(*step).or_insert_with(|| vec![None; all.len()])[column] = Some(*loss);
            }
        }
        let rows = rows.into_iter().map(|(step, mut values)| {
            values.insert(2, self.start.filter(|_| step == 0));
            (RowLabel::Number(step.to_string()), values)
        });
        let others = pinned().map(|other| other.mark).collect();
        Table { columns: &["step", "loss", "held-out", "predicted-loss"], others, rows: rows.collect() }
    }
}

impl WeightCurve {
    /// The newest measurement of the shown run.
    pub fn new(state: &State) -> Self {
        let spec = state.spec();
        let roles = [Role::Query, Role::Key, Role::Value];
        let read = |block: usize, role: Role| {
            let id = MatrixId { layer: LayerId::Block(block), role };
            Some(state.shown()?.weight(id)?.std.0)
        };
        let blocks = (1..=spec.network.depth).map(|block| (block, roles.map(|role| read(block, role))));
        Self {
            blocks: blocks.collect(),
            start: sigma(spec).hidden,
            equilibrium: equilibrium(spec),
            others: ComparedWeights::all(state),
        }
    }

    /// The spread by block.
    pub fn table(&self) -> Table {
        let rest = self.equilibrium.map(|equilibrium| equilibrium.std);
        let rows = self.blocks.iter();
        let label = |block: usize| RowLabel::Layer(LayerId::Block(block));
        let rows = rows.map(|(block, [q, k, v])| (label(*block), vec![*q, *k, *v, rest]));
        Table::new(&["layer", "q", "k", "v", "equilibrium"], rows.collect())
    }
}
