//! What a network asks of a device: its largest tensor must fit one buffer.
//!
//! A device that has no such buffer does not say so where it would be heard: the tensor is not there, and
//! everything made of it is 0. So it is asked before.

use super::batch::HELD_OUT_WINDOWS;
use super::dropout::Pool;
use super::parameter::Parameter;
use crate::lab::spec::{Model, Optimizer, Spec, data_shape};

/// At most so many examples of a table are judged at once: the cells of a plane, or the held-out places of the text.
const JUDGED: usize = 1024;

/// How many numbers the largest tensor has when so many networks are trained as one.
///
/// ```text
/// rows N     B, or those that are held out (GPT: times T)
/// weights    the largest W, beside its averages: one buffer takes what an update makes
/// layers     N times the widest: n, 3d of q, k and v, 4d of the MLP, or the classes
/// attention  B·H·T²
/// ```
pub fn largest(spec: &Spec, networks: usize) -> usize {
    let net = spec.architecture();
    let made = match spec.training.optimizer {
        Optimizer::Sgd => 1,
        Optimizer::Momentum => 2,
        Optimizer::Adam | Optimizer::AdamW => 3,
    };
    let weights = net.parameters().iter().map(Parameter::len).max().unwrap_or(0);
    let classes = data_shape(spec).classes;
    let (rows, widest, attention) = match spec.network.model {
        Model::Mlp => (
            spec.training.batch.max(spec.own_shape().map_or(JUDGED, |own| own.held_out)),
            spec.network.width.max(net.features),
            0,
        ),
        Model::Gpt => {
            let texts = spec.training.batch.max(HELD_OUT_WINDOWS);
            let widest = spec.network.block.hidden(spec.network.width).max(3 * spec.network.width);
            (
                texts * spec.network.context,
                widest,
                texts * spec.network.heads * spec.network.context * spec.network.context,
            )
        }
    };
    let each = [made * weights, rows * widest.max(classes), attention].into_iter().fold(0, usize::max);
    (networks * each).max(Pool::length(spec))
}
