//! Summarizes what theory expects of a start as a few numbers and one cost. The cost is the distance from a start in
//! which signal and gradient keep their size and the first loss is that of guessing.

use crate::lab::forecast::first_loss;
use crate::lab::prediction::{Prediction, predict};
use crate::lab::spec::{Model, Norm, NormPosition, Spec, first_shape};
use crate::science::initial_loss::guess;

/// What theory expects of a network.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The variance of the last hidden layer's output, or of the stream after the last block (GPT), divided by that of
    /// the first.
    pub forward: f64,
    /// The RMS gradient of the first hidden layer divided by that of the last one, among the layers that have a
    /// gradient.
    pub backward: f64,
    /// The largest RMS gradient divided by the smallest.
    pub uneven: f64,
    /// The share of the signal that still tells inputs apart in the last hidden layer, if theory knows it.
    pub share: Option<f64>,
    /// The standard deviation of ln `E h²` of the last hidden layer from one random network to another.
    pub spread: f64,
    /// The logarithm of the variance of the pre-activations z in the first and in the last hidden layer.
    pub fed: [f64; 2],
    /// The expected loss at step 0, in nats.
    pub first_loss: Option<f64>,
    /// The first loss divided by that of guessing, minus 1.
    excess: f64,
    /// The standard deviation of the attention logits, the largest of all blocks.
    sharpness: f64,
    /// The prediction from which the other fields are computed.
    pub prediction: Prediction,
    cost: f64,
}

/// Beyond this variance a network counts as outside the range of f32, because the square of the variance is.
const LARGEST: f64 = 1e18;
/// The additional cost of a transformer without skip connections.
const LOST: f64 = 5.0;
/// The cost of a start that leaves f32, or about which theory says nothing.
const HOPELESS: f64 = 1e6;

impl Outlook {
    /// Below this cost a start counts as good: signal and gradient together change by less than a factor of e³.
    pub const GOOD: f64 = 3.0;

    /// Returns what theory expects of a spec.
    pub fn of(spec: &Spec) -> Self {
        let prediction = predict(spec);
        let last = prediction.layers.len().saturating_sub(1);
        let hidden = &prediction.layers[usize::from(spec.network.model == Model::Gpt).min(last)..last];
        let ends = |read: &dyn Fn(usize) -> Option<f64>| {
            let ends = [read(0), read(hidden.len().saturating_sub(1))];
            ends.map(|end| end.unwrap_or(f64::NAN))
        };
        let [first, end] = ends(&|l| hidden.get(l)?.activation_var);
        let fed = ends(&|l| hidden.get(l)?.preactivation_var).map(libm::log);
        let gradients: Vec<f64> =
            hidden.iter().filter_map(|layer| layer.gradient).filter(|gradient| *gradient > 0.0).collect();
        let largest = gradients.iter().copied().fold(0.0, f64::max);
        let smallest = gradients.iter().copied().fold(f64::INFINITY, f64::min);
        let backward = match (gradients.first(), gradients.last()) {
            (Some(first), Some(last)) => first / last,
            _ => f64::NAN,
        };
        let loss = first_loss(spec, &prediction);
        let sharpness =
            prediction.logits.as_ref().map_or(0.0, |logits| logits.attention.iter().copied().fold(0.0, f64::max));
        let mut outlook = Self {
            forward: end / first,
            backward,
            uneven: largest / smallest,
            share: hidden.last().and_then(|layer| layer.signal_share),
            spread: hidden.last().map_or(0.0, |layer| layer.log_spread),
            fed,
            first_loss: loss,
            excess: loss.map_or(f64::INFINITY, |loss| loss / guess(first_shape(spec).classes) - 1.0),
            sharpness,
            cost: 0.0,
            prediction,
        };
        outlook.cost = outlook.add_up(spec);
        outlook
    }

    /// Returns the distance from a good start: roughly the sum of the logarithms of the ratios that should be 1.
    pub fn cost(&self) -> f64 {
        self.cost
    }

    /// Returns whether the start is good enough to be kept.
    pub fn is_good(&self) -> bool {
        self.cost < Self::GOOD
    }

    /// Computes the cost as the sum of these terms, each of which is 0 for a perfect start.
    ///
    /// ```text
    /// cost = |ln forward| + ln uneven − ln share − depth·ln(1 − p) (without skips) + spread
    ///        + 2·excess + |ln var z|/4 (first and last) + (sharpness − 1)₊
    /// ```
    ///
    /// A transformer without skip connections costs [`LOST`] more: each block passes on an average over positions, of
    /// which a position's own value is only a small part, and the networks of this kind in `make calibrate` learned
    /// nothing but the frequencies of characters.
    ///
    /// Behind a norm the size of the stream does not matter.
    fn add_up(&self, spec: &Spec) -> f64 {
        let normed = spec.network.norm != Norm::None && spec.network.position == NormPosition::Pre;
        let forward = if normed { 0.0 } else { libm::log(self.forward).abs() };
        let share = self.share.map_or(0.0, |share| -libm::log(share.clamp(1e-30, 1.0)));
        // In a plain stack, two dropout masks share a fraction 1 − p of what a layer passes on.
        let masked = if spec.network.residual {
            0.0
        } else {
            -(spec.network.depth as f64) * libm::log1p(-spec.training.dropout)
        };
        let fed = self.fed.iter().map(|log| log.abs() / 4.0).sum::<f64>();
        let cost = forward
            + libm::log(self.uneven)
            + share
            + masked
            + self.spread
            + 2.0 * self.excess.max(0.0)
            + fed
            + (self.sharpness - 1.0).max(0.0);
        let lost = if spec.network.model == Model::Gpt && !spec.network.residual { LOST } else { 0.0 };
        let finite = self.prediction.layers.iter().all(|layer| layer.activation_var.is_some_and(|var| var < LARGEST));
        if cost.is_finite() && finite { cost + lost } else { HOPELESS }
    }
}
