//! The decoder-only transformer, as GPT-2 has it.
//!
//! ```text
//! h₀    = E[token] + P[position]
//! a     = Attention(norm₁(h))       h ← h + a      pre-norm
//! m     = W₂·φ(W₁·norm₂(h))         h ← h + m
//! h     ← norm(h + …)                              post-norm, after each sum
//! logits = norm(h)·Eᵀ                              tied head, or a matrix of its own; the final norm
//!                                                  belongs to pre-norm
//! Attention: softmax(q·kᵀ/√d_k + causal)·v, heads side by side, one matrix for q, k, v
//! Dropout masks h₀, a and m, as in nanoGPT, but not the weights of the softmax.
//!
//! A LLaMA block has no biases and no P, turns q and k by their position, and its MLP is
//! m = W₂·(φ(W₁·x) ⊙ W₃·x). ReZero, LayerScale and DeepNorm change the sums: h ← skip·h + gate·a.
//! ```

use burn::tensor::activation::{gelu, relu, sigmoid, softmax, tanh};
use burn::tensor::{Bool, Tensor};

use super::architecture::Architecture;
use super::dropout::Masks;
use super::rotary::Rotary;
use super::tap::{Tap, Taps};
use crate::lab::spec::{Activation, BlockStyle, Norm};
use crate::science::activation::{SELU_ALPHA, SELU_SCALE};
use crate::science::norm::EPSILON;

/// Added weight of a position that must not be seen: exp underflows to 0 wherever this is.
const UNSEEN: f32 = -1e38;

/// Reads a network's tensors in their order.
pub struct Cursor<'a> {
    parameters: &'a [Tensor<3>],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the first tensor.
    pub fn new(parameters: &'a [Tensor<3>]) -> Self {
        Self { parameters, at: 0 }
    }

    fn take(&mut self) -> Tensor<3> {
        self.at += 1;
        self.parameters[self.at - 1].clone()
    }
}

/// `x·W + b`, `[R, N, in]` to `[R, N, out]`; without b in a network without biases.
pub fn linear(net: &Architecture, x: Tensor<3>, next: &mut Cursor) -> Tensor<3> {
    let product = x.matmul(next.take());
    if net.biases() { product + next.take() } else { product }
}

/// `skip·h + gate·branch`, or the branch alone in a network without skip connections.
pub fn join(net: &Architecture, h: Tensor<3>, branch: Tensor<3>, next: &mut Cursor) -> Tensor<3> {
    if !net.residual {
        return branch;
    }
    let branch = if net.junction.gate.is_some() { branch * next.take() } else { branch };
    let skip = net.junction.skip as f32;
    if skip == 1.0 { h + branch } else { h.mul_scalar(skip) + branch }
}

/// φ, entry by entry.
pub fn activate<const D: usize>(activation: Activation, z: Tensor<D>) -> Tensor<D> {
    match activation {
        Activation::Linear => z,
        Activation::Relu => relu(z),
        Activation::LeakyRelu => relu(z.clone()) - relu(-z).mul_scalar(0.01),
        Activation::Gelu => gelu(z),
        Activation::Silu => z.clone() * sigmoid(z),
        Activation::Tanh => tanh(z),
        Activation::Sigmoid => sigmoid(z),
        Activation::ReluSquared => {
            let x = relu(z);
            x.clone() * x
        }
        Activation::Elu => elu(z, 1.0),
        Activation::Selu => elu(z, SELU_ALPHA as f32).mul_scalar(SELU_SCALE as f32),
        Activation::Mish => z.clone() * tanh(softplus(z)),
        Activation::Softplus => softplus(z),
        Activation::Erf => z.erf(),
        Activation::Sin => z.sin(),
    }
}

/// x for x > 0, else α·(eˣ − 1), which as tanh(x/2)·(eˣ + 1) keeps its digits at small x.
fn elu<const D: usize>(z: Tensor<D>, alpha: f32) -> Tensor<D> {
    let below = -relu(-z.clone());
    let rise = tanh(below.clone().mul_scalar(0.5)) * below.exp().add_scalar(1.0);
    relu(z) + rise.mul_scalar(alpha)
}

/// ln(1 + eˣ) = relu(x) + ln(1 + e^−|x|).
fn softplus<const D: usize>(z: Tensor<D>) -> Tensor<D> {
    relu(z.clone()) + (-z.abs()).exp().log1p()
}

/// The norm of the last axis with its learned gain, and shift for LayerNorm.
pub fn normalize(norm: Norm, x: Tensor<3>, next: &mut Cursor) -> Tensor<3> {
    match norm {
        Norm::None => x,
        Norm::Layer => {
            let centered = x.clone() - x.mean_dim(2);
            let variance = (centered.clone() * centered.clone()).mean_dim(2);
            centered / variance.add_scalar(EPSILON as f32).sqrt() * next.take() + next.take()
        }
        Norm::Rms => {
            let square = (x.clone() * x.clone()).mean_dim(2);
            x / square.add_scalar(EPSILON as f32).sqrt() * next.take()
        }
    }
}

/// A batch of text windows.
#[derive(Clone)]
pub struct Windows {
    /// One-hot characters `[1, B·T, V]`.
    pub tokens: Tensor<3>,
    /// Windows.
    pub batch: usize,
    /// True where a position must not look, `[1, 1, T, T]`.
    pub unseen: Tensor<4, Bool>,
}

/// Logits `[R, B·T, V]`.
pub fn forward(
    net: &Architecture,
    parameters: &[Tensor<3>],
    windows: &Windows,
    rotary: Option<&Rotary>,
    masks: &mut Masks,
    taps: &mut Taps,
) -> Tensor<3> {
    let mut next = Cursor::new(parameters);
    let tokens = next.take(); // [R, V, d]
    let [replicas, _, width] = tokens.dims();
    let rows = windows.batch * net.context;
    let mut h = windows.tokens.clone().matmul(tokens.clone()); // [R, B·T, d]
    if net.block == BlockStyle::Gpt2 {
        let positions = next.take(); // [R, T, d]
        let apart = h.reshape([replicas, windows.batch, net.context, width]);
        h = (apart + positions.unsqueeze_dim::<4>(1)).reshape([replicas, rows, width]);
    }
    h = masks.apply(h);
    taps.record(Tap::Activation(0), || h.clone());
    let place = Place { net, windows, rotary };
    for block in 1..=net.depth {
        h = place.block(h, &mut next, block, masks, taps);
        taps.record(Tap::Activation(block), || h.clone());
    }
    if net.pre_norm() {
        h = normalize(net.norm, h, &mut next);
    }
    let mut logits = h.matmul(if net.tied { tokens.swap_dims(1, 2) } else { next.take() });
    if net.logit_scale() != 1.0 {
        logits = logits.mul_scalar(net.logit_scale() as f32);
    }
    taps.record(Tap::Preactivation(net.depth + 1), || logits.clone());
    taps.record(Tap::Activation(net.depth + 1), || logits.clone());
    logits
}

/// What every block of a pass shares.
struct Place<'a> {
    net: &'a Architecture,
    windows: &'a Windows,
    rotary: Option<&'a Rotary>,
}

impl Place<'_> {
    fn block(&self, h: Tensor<3>, next: &mut Cursor, index: usize, masks: &mut Masks, taps: &mut Taps) -> Tensor<3> {
        let net = self.net;
        // The list holds norm₁ before the attention's matrices and norm₂ before the MLP's, wherever they act.
        let mut norm1 = Cursor { at: next.at, ..*next };
        let normed = self.read(h.clone(), next);
        let mixed = masks.apply(self.attention(normed, next));
        let mut h = join(net, h, mixed, next);
        if net.post_norm() {
            h = normalize(net.norm, h, &mut norm1);
        }

        let mut norm2 = Cursor { at: next.at, ..*next };
        let normed = self.read(h.clone(), next);
        let z = linear(net, normed.clone(), next); // [R, B·T, 4d]
        taps.record(Tap::Preactivation(index), || z.clone());
        let mut hidden = activate(net.activation, z);
        if net.block == BlockStyle::Llama {
            hidden = hidden * linear(net, normed, next);
        }
        let written = masks.apply(linear(net, hidden, next));
        let mut h = join(net, h, written, next);
        if net.post_norm() {
            h = normalize(net.norm, h, &mut norm2);
        }
        h
    }

    /// What a branch reads: the stream, normed where the norm stands before it.
    fn read(&self, h: Tensor<3>, next: &mut Cursor) -> Tensor<3> {
        if self.net.pre_norm() {
            normalize(self.net.norm, h, next)
        } else {
            next.skip_norm(self.net.norm);
            h
        }
    }

    /// Causal attention of all heads at once.
    fn attention(&self, x: Tensor<3>, next: &mut Cursor) -> Tensor<3> {
        let net = self.net;
        let [replicas, rows, width] = x.dims();
        let (heads, size, time) = (net.heads, width / net.heads, net.context);
        let sequences = replicas * self.windows.batch;
        let qkv = linear(net, x, next); // [R, B·T, 3d]
        let qkv = qkv.reshape([sequences, time, 3 * heads, size]).swap_dims(1, 2); // [R·B, 3H, T, d_k]
        let value = qkv.clone().narrow(1, 2 * heads, heads); // [R·B, H, T, d_k]
        let mut pair = qkv.narrow(1, 0, 2 * heads);
        if let Some(rotary) = self.rotary {
            pair = rotary.turn(pair);
        }
        let query = pair.clone().narrow(1, 0, heads).mul_scalar(net.attention.factor(size) as f32);
        let scores = query.matmul(pair.narrow(1, heads, heads).swap_dims(2, 3)); // [R·B, H, T, T]
        let unseen = self.windows.unseen.clone().expand([sequences, heads, time, time]);
        let weights = softmax(scores.mask_fill(unseen, UNSEEN), 3);
        let mixed = weights.matmul(value).swap_dims(1, 2); // [R·B, T, H, d_k]
        linear(net, mixed.reshape([replicas, rows, width]), next)
    }
}

impl Cursor<'_> {
    fn skip_norm(&mut self, norm: Norm) {
        self.at += match norm {
            Norm::None => 0,
            Norm::Layer => 2,
            Norm::Rms => 1,
        };
    }
}
