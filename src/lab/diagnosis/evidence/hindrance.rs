//! What keeps a network from learning whose signal and gradient hold.

use super::{Evidence, Named, Reading, finite, percent, quotient, reading};
use crate::lab::diagnosis::threshold::{EVEN, FEW_ADAPTIVE, FEW_MATRICES, FEW_NORMED};
use crate::lab::metric::LayerMetric;
use crate::lab::number::Number;
use crate::lab::spec::{Model, Norm, Optimizer, Spec};
use crate::science::sharpness::own_share;

impl<'a> Evidence<'a> {
    /// What the last layer has left of what tells rows apart.
    pub(super) fn share(&self, read: fn(&LayerMetric) -> Option<Number>) -> Option<Reading> {
        let (last, share) = *self.values(read).last()?;
        Some(reading(share, [("share", percent(share)), ("last", last.to_owned())]))
    }

    pub(super) fn is_adaptive(&self) -> bool {
        matches!(self.spec.optimizer, Optimizer::Adam | Optimizer::AdamW)
    }

    /// A block has four matrices in a row: values and what they write, and the two of its MLP.
    pub(super) fn is_shallow(&self) -> bool {
        let matrices = if self.spec.model == Model::Gpt { 4 * self.spec.depth } else { self.spec.depth };
        let few = match self.spec.norm {
            _ if self.is_adaptive() => FEW_ADAPTIVE,
            Norm::None => FEW_MATRICES,
            _ => FEW_NORMED,
        };
        matrices <= few
    }

    /// Where attention is even, each block is an average over the positions so far.
    pub(super) fn own_share(&self) -> Option<Reading> {
        if self.spec.model != Model::Gpt || self.spec.residual || self.attention()?.value > EVEN {
            return None;
        }
        let own = own_share(self.spec.context, self.spec.depth);
        Some(reading(own, [("own", percent(own)), ("blocks", self.spec.depth.to_string())]))
    }

    /// λ·σ over the gradient, layer by layer; of a decay that is added to the gradient.
    pub(super) fn decay(&self) -> Option<Reading> {
        let Spec { optimizer, wd, .. } = *self.spec;
        if optimizer == Optimizer::AdamW || wd == 0.0 {
            return None;
        }
        let gradients = self.gradients().into_iter().chain(self.ends()).filter(|(_, gradient)| *gradient > 0.0);
        let pull = |(layer, gradient): Named| quotient(wd * self.weight_size(layer)?, gradient);
        let mut pulls: Vec<f64> = gradients.filter_map(pull).collect();
        pulls.sort_by(f64::total_cmp);
        let pull = *pulls.get(pulls.len().checked_sub(1)? / 2)?;
        Some(reading(pull, [("pull", percent(pull))]))
    }

    /// Gradients of what stands before the first and after the last numbered layer.
    fn ends(&self) -> impl Iterator<Item = Named<'a>> {
        let ends = self.frame.layers.iter().filter(|layer| !layer.name.contains('.'));
        ends.filter_map(|layer| Some((layer.name.as_str(), finite(layer.gradient_rms)?)))
    }

    /// The root mean square over a layer's matrices of their standard deviations.
    fn weight_size(&self, layer: &str) -> Option<f64> {
        let of = |name: &str| name.strip_prefix(layer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let squares: Vec<f64> = self
            .frame
            .weights
            .iter()
            .filter(|weight| of(&weight.name))
            .filter_map(|weight| Some(finite(Some(weight.std))?.powi(2)))
            .collect();
        Some(quotient(squares.iter().sum(), squares.len() as f64)?.sqrt())
    }
}
