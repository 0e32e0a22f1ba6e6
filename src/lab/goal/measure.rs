//! Reads the numbers of a goal from a frame. All of them are measured; none is theory's.

use super::{Condition, Goal, GoalMetric};
use crate::lab::metric::{Frame, LayerMetric};
use crate::lab::number::Number;

impl GoalMetric {
    /// The number in a frame, or `None` if the frame does not have it.
    pub fn value(self, frame: &Frame) -> Option<f64> {
        match self {
            Self::Loss => Some(frame.loss.0),
            Self::ValLoss => frame.val_loss.map(|loss| loss.0),
            Self::Accuracy => frame.accuracy.map(|share| share.0),
            Self::VarianceRatio => ratio(frame, |layer| layer.activation_var),
            Self::GradientRatio => ratio(frame, |layer| layer.gradient_rms),
            Self::Variance => values(frame, |layer| layer.activation_var).last().copied(),
            Self::SignalShare => values(frame, |layer| layer.signal_share).into_iter().reduce(f64::min),
            Self::PositionShare => values(frame, |layer| layer.position_share).into_iter().reduce(f64::min),
            Self::AttentionPeak => values(frame, |layer| layer.attention_peak).into_iter().reduce(f64::max),
            Self::UpdateRatio => median(frame.weights.iter().filter_map(|weight| weight.update_ratio)),
            Self::DeadShare => values(frame, |layer| layer.dead_units).into_iter().reduce(f64::max),
            Self::SaturatedShare => values(frame, |layer| layer.saturated_share).into_iter().reduce(f64::max),
        }
    }
}

impl Condition {
    /// Whether the condition holds in a frame.
    pub fn holds(&self, frame: &Frame) -> bool {
        self.time.admits(frame.step) && self.metric.value(frame).is_some_and(|value| self.range.holds(value))
    }
}

impl Goal {
    /// The numbers of all conditions in a frame, if it has all of them.
    pub fn values(&self, frame: &Frame) -> Option<Vec<f64>> {
        self.conditions.iter().map(|condition| condition.metric.value(frame)).collect()
    }

    /// Whether all conditions hold in a frame.
    pub fn holds(&self, frame: &Frame) -> bool {
        self.conditions.iter().all(|condition| condition.holds(frame))
    }
}

/// What is measured of the hidden layers or blocks, from input to output. A number that is not finite is one too.
fn values(frame: &Frame, read: impl Fn(&LayerMetric) -> Option<Number>) -> Vec<f64> {
    let hidden = frame.layers.iter().filter(|layer| layer.id.number().is_some());
    hidden.filter_map(read).map(|number| number.0).collect()
}

/// How far the first and the last hidden layer are apart, as a factor of at least 1; infinite where one of them is 0.
fn ratio(frame: &Frame, read: impl Fn(&LayerMetric) -> Option<Number>) -> Option<f64> {
    let values = values(frame, read);
    let ratio = values.last()? / values.first()?;
    Some(if ratio < 1.0 { 1.0 / ratio } else { ratio })
}

fn median(numbers: impl Iterator<Item = Number>) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.map(|number| number.0).collect();
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let above = *numbers.get(middle)?;
    Some(if numbers.len() % 2 == 1 { above } else { (numbers[middle - 1] + above) / 2.0 })
}
