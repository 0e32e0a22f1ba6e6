//! The multilayer perceptron.
//!
//! ```text
//! zₗ = inₗ·Wₗ + bₗ        inₗ = norm(hₗ₋₁) for l ≥ 2 with pre-norm, else hₗ₋₁;  h₀ = x
//! aₗ = φ(zₗ)              with an inner norm φ(norm(zₗ)); with dropout it is masked
//! hₗ = aₗ                 plain
//!    = hₗ₋₁ + aₗ          residual (ReZero, LayerScale: + gate·aₗ), l ≥ 2 (the first layer changes the width)
//!    = norm(of that)      post-norm
//! logits = in·W + b       with the same rule for `in`
//! ```

use burn::tensor::Tensor;

use super::cursor::Cursor;
use super::dropout::Masks;
use super::layer::Dense;
use super::tap::{Tap, Taps};
use super::tape::{Node, Tape};
use crate::lab::metric::Content;
use crate::lab::spec::Activation;
use crate::science::architecture::Architecture;
use crate::science::layer::LayerId;

/// The logits `[R, B, classes]` of inputs `[1, B, features]`.
pub fn forward(
    net: &Architecture,
    tape: &mut Tape,
    parameters: &[Node],
    inputs: Tensor<3>,
    masks: &mut Masks,
    taps: &mut Taps,
) -> Node {
    let mut next = Cursor::new(net, parameters);
    let mut h = Node::constant(inputs); // [R, B, n]
    for layer in 0..net.depth {
        let normed = if net.pre_norm() && layer > 0 { next.normalize(tape, h.clone()) } else { h.clone() };
        let Dense { z, derivative, y } = if net.inner_norm() {
            let z = next.linear(tape, &normed);
            let scaled = next.normalize(tape, z.clone());
            let (derivative, y) = tape.activate(&scaled, net.activation);
            Dense { z: z.value, derivative, y }
        } else {
            next.dense(tape, &normed, net.activation)
        };
        taps.inspect(layer, LayerId::Hidden(layer + 1).matrix(), net.activation, &z, &y.value);
        taps.record(Tap::Preactivation(layer), || z);
        if net.activation != Activation::Linear {
            taps.record(Tap::Derivative(layer), || derivative);
        }
        let x = masks.apply(tape, y);
        h = if layer > 0 { next.join(tape, &h, x, layer, taps) } else { x };
        if net.post_norm() {
            h = next.normalize(tape, h);
        }
        taps.observe(layer, 1, || h.value.clone());
    }
    if net.pre_norm() && net.depth > 0 {
        h = next.normalize(tape, h);
    }
    let logits = next.linear(tape, &h);
    taps.count(Content::Preactivations, LayerId::Output.matrix(), || logits.value.clone());
    taps.record(Tap::Preactivation(net.depth), || logits.value.clone());
    // The last layer has no activation, so its output is z.
    taps.observe(net.depth, 1, || logits.value.clone());
    logits
}
