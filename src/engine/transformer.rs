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
//! A LLaMA block has no biases and no P, rotates q and k by their position, and its MLP is
//! m = W₂·(φ(W₁·x) ⊙ W₃·x). ReZero, LayerScale and DeepNorm change the sums: h ← skip·h + gate·a.
//! ```

use burn::tensor::Tensor;

use super::attention::peaks;
use super::cursor::Cursor;
use super::dropout::Masks;
use super::fused::Heads;
use super::layer::Dense;
use super::rotary::Rotary;
use super::tap::{Tap, Taps};
use super::tape::{Node, Tape};
use crate::lab::metric::Content;
use crate::lab::spec::{Activation, BlockStyle, Role};
use crate::science::architecture::Architecture;
use crate::science::layer::{LayerId, MatrixId};

/// The logits `[R, B·T, V]` of one-hot characters `[1, B·T, V]`.
pub fn forward(
    net: &Architecture,
    tape: &mut Tape,
    parameters: &[Node],
    tokens: Tensor<3>,
    rotary: Option<&Rotary>,
    masks: &mut Masks,
    taps: &mut Taps,
) -> Node {
    let mut next = Cursor::new(net, parameters);
    let (table, h) = embed(net, tape, &mut next, tokens, masks);
    let h = stream(net, tape, &mut next, h, rotary, masks, taps);
    head(net, tape, &mut next, table, h, taps)
}

/// The token table, and the stream `[R, B·T, d]` behind the embedding.
pub fn embed<'a>(
    net: &Architecture,
    tape: &mut Tape,
    next: &mut Cursor<'a>,
    tokens: Tensor<3>,
    masks: &mut Masks,
) -> (&'a Node, Node) {
    let table = next.take(); // [R, V, d]
    let mut h = tape.linear(&Node::constant(tokens), table, None); // [R, B·T, d]
    if net.block == BlockStyle::Gpt2 {
        h = tape.positions(&h, next.take());
    }
    (table, masks.apply(tape, h))
}

/// The stream `[R, B·T, d]` behind all blocks and the final norm, from that behind the embedding.
pub fn stream(
    net: &Architecture,
    tape: &mut Tape,
    next: &mut Cursor,
    mut h: Node,
    rotary: Option<&Rotary>,
    masks: &mut Masks,
    taps: &mut Taps,
) -> Node {
    taps.observe(0, net.context, || h.value.clone());
    let factor = net.attention.factor(net.head_width());
    let heads = Heads { count: net.heads, time: net.context, factor: factor as f32 };
    let shared = BlockContext { net, heads, rotary };
    for index in 1..=net.depth {
        h = shared.block(tape, h, next, index, masks, taps);
        taps.observe(index, net.context, || h.value.clone());
    }
    if net.pre_norm() {
        h = next.normalize(tape, h);
    }
    h
}

/// The logits `[R, B·T, V]` of the stream behind all blocks.
pub fn head(net: &Architecture, tape: &mut Tape, next: &mut Cursor, table: &Node, h: Node, taps: &mut Taps) -> Node {
    let logits =
        if net.tied { tape.tied_head(&h, table, net.logit_scale()) } else { tape.linear(&h, next.take(), None) };
    taps.count(Content::Preactivations, LayerId::Head.matrix(), || logits.value.clone());
    taps.record(Tap::Preactivation(net.depth + 1), || logits.value.clone());
    taps.observe(net.depth + 1, net.context, || logits.value.clone());
    logits
}

/// What all blocks of a pass share.
struct BlockContext<'a> {
    net: &'a Architecture,
    heads: Heads,
    rotary: Option<&'a Rotary>,
}

impl BlockContext<'_> {
    fn block(
        &self,
        tape: &mut Tape,
        h: Node,
        next: &mut Cursor,
        index: usize,
        masks: &mut Masks,
        taps: &mut Taps,
    ) -> Node {
        let net = self.net;
        // The list holds norm₁ before the attention's matrices and norm₂ before the MLP's, wherever they act.
        let mut norm1 = next.clone();
        let normed = self.read(tape, &h, next);
        let mut qkv = next.linear(tape, &normed); // [R, B·T, 3d]
        if let Some(rotary) = self.rotary {
            qkv = tape.rotate(&qkv, self.heads, rotary);
        }
        for (position, role) in [Role::Query, Role::Key, Role::Value].into_iter().enumerate() {
            let id = MatrixId { layer: LayerId::Block(index), role };
            taps.count(Content::Preactivations, id, || qkv.value.clone().narrow(2, position * net.width, net.width));
        }
        let (mixed, weights) = tape.attend(&qkv, self.heads);
        if net.context > 1 {
            taps.attend(LayerId::Block(index), &weights);
            taps.record(Tap::Peak(index), || peaks(weights, h.value.dims()[0]));
        }
        let mixed = next.linear(tape, &mixed);
        let mixed = masks.apply(tape, mixed);
        let mut h = next.join(tape, &h, mixed, index, taps);
        if net.post_norm() {
            h = norm1.normalize(tape, h);
        }

        let mut norm2 = next.clone();
        let normed = self.read(tape, &h, next);
        let Dense { z, derivative, y: mut hidden } = next.dense(tape, &normed, net.activation); // [R, B·T, 4d]
        taps.inspect(index, LayerId::Block(index).matrix(), net.activation, &z, &hidden.value);
        taps.record(Tap::Preactivation(index), || z);
        if net.activation != Activation::Linear {
            taps.record(Tap::Derivative(index), || derivative);
        }
        if net.block == BlockStyle::Llama {
            let up = next.linear(tape, &normed);
            hidden = tape.product(&hidden, &up);
        }
        let written = next.linear(tape, &hidden);
        let written = masks.apply(tape, written);
        if net.residual {
            taps.record(Tap::Stream(index), || h.value.clone());
        }
        let mut h = next.join(tape, &h, written, index, taps);
        if net.post_norm() {
            h = norm2.normalize(tape, h);
        }
        h
    }

    /// What a branch reads: the stream, and with pre-norm its norm.
    fn read(&self, tape: &mut Tape, h: &Node, next: &mut Cursor) -> Node {
        if self.net.pre_norm() {
            next.normalize(tape, h.clone())
        } else {
            next.skip_norm();
            h.clone()
        }
    }
}
