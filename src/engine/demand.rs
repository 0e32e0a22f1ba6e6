//! What a network asks of a device: its largest tensor must fit one buffer.
//!
//! A device that has no such buffer does not say so where it would be heard: the tensor is not there, and
//! everything made of it is 0. So it is asked before.

use super::architecture::Architecture;
use super::batch::HELD_OUT_WINDOWS;
use super::dropout::Pool;
use super::parameter::Parameter;
use crate::lab::spec::{Model, Optimizer, Spec, data_shape};

/// At most so many examples of a table are judged at once.
const JUDGED: usize = 600;

/// How many numbers the largest tensor has when so many networks are trained as one.
///
/// ```text
/// rows N     B, or those that are held out (GPT: times T)
/// weights    the largest W, beside its averages: one buffer takes what an update makes
/// layers     N times the widest: n, 3d of q, k and v, 4d of the MLP, or the classes
/// attention  B·H·T²
/// ```
pub fn largest(spec: &Spec, networks: usize) -> usize {
    let net = Architecture::of(spec);
    let made = match spec.optimizer {
        Optimizer::Sgd => 1,
        Optimizer::Momentum => 2,
        Optimizer::Adam | Optimizer::AdamW => 3,
    };
    let weights = net.parameters().iter().map(Parameter::len).max().unwrap_or(0);
    let classes = data_shape(spec.data).classes;
    let (rows, widest, attention) = match spec.model {
        Model::Mlp => (spec.batch.max(JUDGED), spec.width.max(net.features), 0),
        Model::Gpt => {
            let texts = spec.batch.max(HELD_OUT_WINDOWS);
            let widest = spec.block.hidden(spec.width).max(3 * spec.width);
            (texts * spec.context, widest, texts * spec.heads * spec.context * spec.context)
        }
    };
    let each = [made * weights, rows * widest.max(classes), attention].into_iter().fold(0, usize::max);
    (networks * each).max(Pool::length(spec))
}
