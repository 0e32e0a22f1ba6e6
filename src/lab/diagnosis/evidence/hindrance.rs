//! Measures what keeps a network from learning although signal and gradient keep their size.

use super::{Evidence, LayerValue, finite, is_numbered};
use crate::lab::diagnosis::ratio::{percent, quotient};
use crate::lab::diagnosis::reading::{Reading, reading};
use crate::lab::diagnosis::threshold::{DECAY_PULL, EVEN, FEW_ADAPTIVE, FEW_MATRICES, FEW_NORMED, MASKED};
use crate::lab::metric::LayerMetric;
use crate::lab::number::Number;
use crate::lab::spec::{Model, Norm, Optimizer, TrainingSpec};
use crate::science::layer::LayerId;
use crate::science::sharpness::own_share;

impl Evidence<'_> {
    /// Returns the share of what tells rows apart that is left in the last layer.
    pub(super) fn share(&self, read: fn(&LayerMetric) -> Option<Number>) -> Option<Reading> {
        let (last, share) = *self.values(read).last()?;
        Some(reading(share, [("share", percent(share).into()), ("last", last.into())]))
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
