//! Measures what keeps a network from learning although signal and gradient keep their size.

use super::{Evidence, LayerValue, finite, is_numbered};
use crate::lab::diagnosis::ratio::{percent, quotient};
use crate::lab::diagnosis::reading::{Reading, reading};
use crate::lab::diagnosis::rule::Measure;
use crate::lab::diagnosis::threshold::{
    DECAY_PULL, EVEN, FEW_ADAPTIVE, FEW_MATRICES, FEW_NORMED, GRADIENT_UNEVEN, LOSS_LOUD, MASKED, NARROW, STEPS_LEAST,
    VARIANCE_LOST_RESCALED, WIDE,
};
use crate::lab::metric::LayerMetric;
use crate::lab::number::{Number, show};
use crate::lab::spec::{Activation, Model, Norm, Optimizer, TrainingSpec, first_shape};
use crate::science::initial_loss::guess;
use crate::science::layer::LayerId;
use crate::science::sharpness::own_share;
use crate::science::site::Site;

impl Evidence<'_> {
    /// Returns the share of what tells rows apart that is left in the last layer.
    pub(super) fn share(&self, read: fn(&LayerMetric) -> Option<Number>) -> Option<Reading> {
        let (last, share) = *self.values(read).last()?;
        Some(reading(share, [("share", percent(share).into()), ("last", last.into())]))
    }

    /// The same of a perceptron. The rows of a transformer are positions, which differ by their characters at least.
    pub(super) fn example_share(&self) -> Option<Reading> {
        (self.spec.network.model == Model::Mlp).then(|| self.share(|layer| layer.signal_share)).flatten()
    }

    /// Returns the loss of step 0 divided by that of guessing.
    pub(super) fn first_loss(&self) -> Option<Reading> {
        let guess = guess(first_shape(self.spec).classes);
        let first = finite(Some(self.frame.loss)).filter(|_| self.frame.step == 0)?;
        Some(reading(quotient(first, guess)?, [("first", show(first).into()), ("guess", show(guess).into())]))
    }

    /// Returns whether so little variance is left that no optimizer makes up for it.
    pub(super) fn is_lost(&self) -> bool {
        self.read(Measure::Fall).is_some_and(|fall| fall.value < VARIANCE_LOST_RESCALED)
    }

    pub(super) fn is_loud(&self) -> bool {
        !self.is_adaptive() && self.first_loss().is_some_and(|loss| loss.value > LOSS_LOUD)
    }

    /// Returns by how much the loss of a perceptron would fall if the gradient stayed what it is at step 0, divided by the
    /// loss of guessing: η·T·Σ(∂loss/∂w)², with momentum ten times as much, in the T steps of a run, or in a few hundred.
    /// Adam's steps do not depend on its size.
    pub(super) fn progress(&self) -> Option<Reading> {
        let TrainingSpec { optimizer, lr, steps, .. } = self.spec.training;
        if self.spec.network.model != Model::Mlp || self.is_adaptive() || self.frame.step > 0 {
            return None;
        }
        let matrices = self.spec.architecture().matrices();
        let layers: Vec<f64> = self.frame.layers.iter().filter_map(|layer| finite(layer.gradient_rms)).collect();
        if layers.len() != matrices.len() {
            return None;
        }
        let entries = |site: &Site| (site.fans.fan_in * site.fans.fan_out) as f64;
        let square: f64 = layers.iter().zip(&matrices).map(|(rms, site)| entries(site) * rms * rms).sum();
        // With a factor of 0.9 a gradient that stays the same adds up to ten of its kind.
        let times = if optimizer == Optimizer::Momentum { 10.0 } else { 1.0 };
        // A run that is meant to be short says nothing about its steps.
        let steps = steps.max(STEPS_LEAST);
        let fall = times * lr * steps as f64 * square;
        let share = quotient(fall, guess(first_shape(self.spec).classes))?;
        let shown = [("rate", show(lr)), ("steps", steps.to_string()), ("share", percent(share))];
        Some(reading(share, shown.map(|(name, value)| (name, value.into()))))
    }

    /// Returns the number of layers of a perceptron with norms divided by the units of the narrowest. Its norms keep the
    /// size of the signal, but so many random matrices of so few units in a row pass on few of its directions.
    pub(super) fn depth_to_width(&self) -> Option<Reading> {
        if self.spec.network.model != Model::Mlp || self.spec.network.norm == Norm::None {
            return None;
        }
        let (layers, width) = (self.spec.network.depth, self.narrowest());
        let shown = [("layers", layers.to_string().into()), ("width", width.to_string().into())];
        Some(reading(quotient(layers as f64, width as f64)?, shown))
    }

    /// Returns whether a perceptron has no activation function although no straight border separates the classes, which is so
    /// of all points in a plane.
    pub(crate) fn wants_activation(&self) -> bool {
        let network = &self.spec.network;
        let is_straight = network.model == Model::Mlp && network.activation == Activation::Linear;
        is_straight && self.spec.dataset().is_planar()
    }

    /// Returns whether a perceptron's layers have many units for their number.
    pub(super) fn is_wide(&self) -> bool {
        self.spec.network.depth as f64 <= WIDE * self.narrowest() as f64
    }

    /// Returns whether it is for want of skip connections that a start with norms is held back.
    pub(crate) fn wants_skips(&self) -> bool {
        let uneven = self.read(Measure::GradientGrowth).is_some_and(|growth| growth.value > GRADIENT_UNEVEN);
        let narrow = self.depth_to_width().is_some_and(|ratio| ratio.value > NARROW);
        !self.spec.network.residual && (uneven || narrow)
    }

    fn narrowest(&self) -> usize {
        let widths = self.spec.widths();
        widths.iter().min().unwrap_or(self.spec.network.width)
    }

    pub(super) fn is_adaptive(&self) -> bool {
        matches!(self.spec.training.optimizer, Optimizer::Adam | Optimizer::AdamW)
    }

    /// Counts the matrices that a signal passes. A block has four in a row: values and output of attention, and two of
    /// its MLP.
    pub(super) fn is_shallow(&self) -> bool {
        let network = &self.spec.network;
        let matrices = if network.model == Model::Gpt { 4 * network.depth } else { network.depth };
        let few = match network.norm {
            _ if self.is_adaptive() => FEW_ADAPTIVE,
            Norm::None => FEW_MATRICES,
            _ => FEW_NORMED,
        };
        matrices <= few
    }

    /// Returns the share of its own value that a position keeps. If attention is even, each block is an average over
    /// the positions so far.
    pub(super) fn own_share(&self) -> Option<Reading> {
        if self.spec.network.model != Model::Gpt || self.spec.network.residual || self.attention()?.value > EVEN {
            return None;
        }
        let own = own_share(self.spec.network.context, self.spec.network.depth);
        Some(reading(own, [("own", percent(own).into()), ("blocks", self.spec.network.depth.to_string().into())]))
    }

    /// Returns the share of the signal that is left, in the last layer, of what two passes of one example have in
    /// common. Each layer's masks keep 1 − p of it.
    pub(super) fn masked(&self) -> Option<Reading> {
        let (dropout, layers) = (self.spec.training.dropout, self.spec.network.depth);
        if self.spec.network.model != Model::Mlp || dropout == 0.0 {
            return None;
        }
        let share = libm::pow(1.0 - dropout, layers as f64);
        let shown = [("dropout", percent(dropout)), ("layers", layers.to_string()), ("share", percent(share))];
        Some(reading(share, shown.map(|(name, value)| (name, value.into()))))
    }

    /// Whether norms undo whatever becomes of the size of the weights. Adam divides the gradient by its size, so that a
    /// decay in it counts however small the gradient is.
    pub(super) fn is_scaleless(&self) -> bool {
        self.spec.network.model == Model::Mlp && self.spec.network.norm != Norm::None && !self.is_adaptive()
    }

    /// Whether weight decay pulls about as hard as the gradient.
    pub(crate) fn is_decayed(&self) -> bool {
        !self.is_scaleless() && self.decay().is_some_and(|pull| pull.value > DECAY_PULL)
    }

    /// Whether dropout leaves two passes of one example too little in common.
    pub(crate) fn is_masked(&self) -> bool {
        !self.spec.network.residual && self.masked().is_some_and(|share| share.value < MASKED)
    }

    /// Returns the median over layers of λ·σ divided by the gradient, for a decay that is added to the gradient.
    pub(super) fn decay(&self) -> Option<Reading> {
        let TrainingSpec { optimizer, wd, .. } = self.spec.training;
        if optimizer == Optimizer::AdamW || wd == 0.0 {
            return None;
        }
        let gradients = self.gradients().into_iter().chain(self.ends()).filter(|(_, gradient)| *gradient > 0.0);
        let pull = |(layer, gradient): LayerValue| quotient(wd * self.weight_size(layer)?, gradient);
        let mut pulls: Vec<f64> = gradients.filter_map(pull).collect();
        pulls.sort_by(f64::total_cmp);
        let pull = *pulls.get(pulls.len().checked_sub(1)? / 2)?;
        Some(reading(pull, [("pull", percent(pull).into())]))
    }

    /// Returns the gradients of the layers before the first numbered layer and after the last one.
    fn ends(&self) -> impl Iterator<Item = LayerValue> {
        let ends = self.frame.layers.iter().filter(|layer| !is_numbered(layer));
        ends.filter_map(|layer| Some((layer.id, finite(layer.gradient_rms)?)))
    }

    /// Returns the root mean square of the standard deviations of a layer's matrices.
    fn weight_size(&self, layer: LayerId) -> Option<f64> {
        let squares: Vec<f64> = self
            .frame
            .weights
            .iter()
            .filter(|weight| weight.id.layer == layer)
            .filter_map(|weight| Some(finite(Some(weight.std))?.powi(2)))
            .collect();
        Some(quotient(squares.iter().sum(), squares.len() as f64)?.sqrt())
    }
}
