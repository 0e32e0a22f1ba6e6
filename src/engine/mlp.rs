//! The multilayer perceptron.
//!
//! ```text
//! zₗ = inₗ·Wₗ + bₗ        inₗ = norm(hₗ₋₁) for l ≥ 2 with pre-norm, else hₗ₋₁;  h₀ = x
//! hₗ = φ(zₗ)              plain; with dropout φ(zₗ) is masked first
//!    = hₗ₋₁ + φ(zₗ)       residual (ReZero, LayerScale: + gate·φ(zₗ)), l ≥ 2 (the first layer changes the width)
//!    = norm(of that)      post-norm
//! logits = in·W + b       with the same rule for `in`
//! ```

use burn::tensor::Tensor;

use super::architecture::Architecture;
use super::dropout::Masks;
use super::tap::{Tap, Taps};
use super::transformer::{Cursor, activate, join, linear, normalize};

/// Logits `[R, B, classes]` of inputs `[1, B, features]`.
pub fn forward(
    net: &Architecture,
    parameters: &[Tensor<3>],
    inputs: Tensor<3>,
    masks: &mut Masks,
    taps: &mut Taps,
) -> Tensor<3> {
    let mut next = Cursor::new(parameters);
    let mut h = inputs; // [R, B, n]
    for layer in 0..net.depth {
        let normed = if net.pre_norm() && layer > 0 { normalize(net.norm, h.clone(), &mut next) } else { h.clone() };
        let z = linear(net, normed, &mut next);
        taps.record(Tap::Preactivation(layer), || z.clone());
        let x = masks.apply(activate(net.activation, z));
        h = if layer > 0 { join(net, h, x, &mut next) } else { x };
        if net.post_norm() {
            h = normalize(net.norm, h, &mut next);
        }
        taps.record(Tap::Activation(layer), || h.clone());
    }
    if net.pre_norm() && net.depth > 0 {
        h = normalize(net.norm, h, &mut next);
    }
    let logits = linear(net, h, &mut next);
    taps.record(Tap::Preactivation(net.depth), || logits.clone());
    // The output has no activation: its output is z.
    taps.record(Tap::Activation(net.depth), || logits.clone());
    logits
}
