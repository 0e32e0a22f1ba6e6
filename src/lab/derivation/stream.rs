//! The terms of a network with skip connections, and of a transformer.

use super::stack::{biases, dropout, weights};
use super::{Derivation, DerivedVariance, Factor, Joint};
use crate::lab::prediction::Prediction;
use crate::lab::spec::{Norm, NormPosition, Spec};
use crate::science::layer::LayerId;
use crate::science::theory::LayerSize;

/// Returns the derivation of var h from the first hidden layer of a perceptron with skip connections to the last.
pub(super) fn layers(spec: &Spec, hidden: &[LayerSize]) -> Option<Derivation> {
    let chain: Vec<(LayerId, f64)> =
        hidden.iter().enumerate().map(|(index, size)| (LayerId::Hidden(index + 1), size.activation)).collect();
    let gate = spec.architecture().junction.gate_square();
    Derivation::of_chain(DerivedVariance::Stream, &chain, |index| {
        let ratio = libm::exp(chain[index + 1].1 - chain[index].1);
        if spec.network.norm != Norm::None || gate == 0.0 {
            return around(spec, ratio);
        }
        let above = &hidden[index + 1];
        let mut branch = weights(spec.network.width, above.weight);
        branch.extend(biases(above));
        branch.extend(dropout(spec));
        if gate != 1.0 {
            branch.push(Factor::square("init", "gate", gate));
        }
        // What is left is the activation's, whose mean adds to the stream's own where it has one.
        let others: f64 = branch.iter().map(|factor| factor.value).product();
        branch.push(Factor::times("act", "act-adds", (ratio - 1.0) / others));
        if let Some(first) = branch.first_mut() {
            first.joint = Joint::Plus;
        }
        branch.insert(0, skip());
        branch
    })
}

/// Returns the derivation of the variance that blocks hand on. It begins where the verdict does: at the embedding, or
/// at the first block where a norm makes the size of the embedding irrelevant.
pub(super) fn blocks(spec: &Spec, prediction: &Prediction) -> Option<Derivation> {
    let normed = spec.network.norm != Norm::None;
    let is_followed = |id: &LayerId| id.number().is_some() || (*id == LayerId::Embedding && !normed);
    let all = prediction.ids.iter().zip(&prediction.layers).filter(|(id, _)| is_followed(id));
    let chain: Option<Vec<(LayerId, f64)>> =
        all.map(|(id, layer)| Some((*id, libm::log(layer.activation_var?)))).collect();
    let chain = chain?;
    Derivation::of_chain(DerivedVariance::Stream, &chain, |index| {
        let ratio = libm::exp(chain[index + 1].1 - chain[index].1);
        if spec.network.residual {
            return around(spec, ratio);
        }
        vec![Factor::times(if normed { "norm" } else { "residual" }, "replaced", ratio)]
    })
}

/// The terms where all that is known of a branch is its size.
fn around(spec: &Spec, ratio: f64) -> Vec<Factor> {
    let norm = spec.network.norm != Norm::None;
    if norm && spec.network.position == NormPosition::Post {
        return vec![Factor::times("norm", "norm-post", ratio)];
    }
    let (knob, key) = if spec.architecture().junction.gate_square() == 0.0 {
        ("init", "closed")
    } else if norm {
        ("norm", "branch-normed")
    } else {
        ("std", "branch")
    };
    vec![skip(), Factor::plus(knob, key, ratio - 1.0)]
}

/// What passes a branch by.
fn skip() -> Factor {
    Factor::times("residual", "skip", 1.0)
}
