//! The factors of a stack of layers without skip connections.

use super::{Derivation, DerivedVariance, Factor};
use crate::lab::spec::{Norm, Spec};
use crate::science::layer::LayerId;
use crate::science::theory::LayerSize;

/// Returns the derivation of Var z from the first hidden layer to the last. All factors but that of a norm are what
/// they are called, and their product is the ratio of the variances; a norm's is what it makes of that product.
pub(super) fn layers(spec: &Spec, hidden: &[LayerSize]) -> Option<Derivation> {
    let chain: Vec<(LayerId, f64)> =
        hidden.iter().enumerate().map(|(index, size)| (LayerId::Hidden(index + 1), size.preactivation)).collect();
    Derivation::of_chain(DerivedVariance::Sums, &chain, |index| {
        let (below, above) = (&hidden[index], &hidden[index + 1]);
        let mut factors = weights(spec.architecture().units(index + 1), above.weight);
        factors.push(Factor::times("act", "act", libm::exp(below.branch - below.inner)));
        factors.extend(dropout(spec));
        factors.extend(biases(above));
        if spec.network.norm != Norm::None {
            let product: f64 = factors.iter().map(|factor| factor.value).product();
            let ratio = libm::exp(above.preactivation - below.preactivation);
            factors.push(Factor::times("norm", "norm", ratio / product));
        }
        factors
    })
}

/// The factors of a matrix: its number of inputs, and `E[w²]`, which is given by its logarithm.
pub(super) fn weights(inputs: usize, weight: f64) -> Vec<Factor> {
    vec![
        Factor { text: inputs.to_string(), ..Factor::times("width", "width", inputs as f64) },
        Factor::square("std", "std", libm::exp(weight)),
    ]
}

/// The factor of dropout, if there is any.
pub(super) fn dropout(spec: &Spec) -> Option<Factor> {
    let p = spec.training.dropout;
    (p > 0.0).then(|| Factor::times("dropout", "dropout", 1.0 / (1.0 - p)))
}

/// The factor by which biases raise the variance of a layer's sums, if there are any.
pub(super) fn biases(above: &LayerSize) -> Option<Factor> {
    let raised = libm::exp(above.preactivation - above.fed);
    (above.preactivation > above.fed).then(|| Factor::times("bias", "bias", raised))
}
