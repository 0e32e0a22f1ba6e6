//! Causal attention of all heads at once, and its derivative.
//!
//! ```text
//! S = c·q·kᵀ + unseen   A = softmax(S)   o = A·v        for each head
//! v̄ = Aᵀ·ō   Ā = ō·vᵀ   S̄ = A⊙(Ā − Σ_s Ā⊙A)   q̄ = c·S̄·k   k̄ = c·S̄ᵀ·q
//! Σ_s Ā⊙A = Σ o⊙ō                                       a sum over d_k, not over T
//! ```
//!
//! Heads are views of `[R, B·T, 3d]`: a matrix product reads them where they stand.

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Int, Tensor};

use super::rotary::Rotary;
use super::tape::{Node, Tape};

/// Added weight of a position that must not be seen: exp underflows to 0 wherever this is.
const UNSEEN: f32 = -1e38;

/// What attention adds to its logits: t must not look at s > t.
pub fn unseen(context: usize, device: &Device) -> Tensor<4> {
    let at = Tensor::<1, Int>::arange(0..context as i64, device);
    let from = at.clone().reshape([context, 1]).expand([context, context]);
    let to = at.reshape([1, context]).expand([context, context]);
    to.greater(from).float().mul_scalar(UNSEEN).reshape([1, 1, context, context])
}

/// How rows fall into sequences, and widths into heads.
pub struct Heads<'a> {
    /// Heads.
    pub count: usize,
    /// Positions of a window.
    pub time: usize,
    /// c.
    pub factor: f64,
    /// Added to S where a position must not look: [`unseen`], `[1, 1, T, T]`.
    pub unseen: &'a Tensor<4>,
    /// Turns q and k by their position.
    pub rotary: Option<&'a Rotary>,
}

impl Tape {
    /// What the heads read, `[R, B·T, d]`, from q, k and v side by side, `[R, B·T, 3d]`.
    pub fn attend(&mut self, qkv: &Node, heads: &Heads) -> Node {
        let [replicas, rows, wide] = qkv.value.dims();
        let (count, time, factor) = (heads.count, heads.time, heads.factor as f32);
        let size = wide / 3 / count; // d_k
        let sequences = replicas * rows / time;
        let rotary = heads.rotary.cloned();

        let apart = qkv.value.clone().reshape([sequences, time, 3 * count, size]).swap_dims(1, 2); // [R·B, 3H, T, d_k]
        let [mut query, mut key, value] = [0, 1, 2].map(|part| apart.clone().narrow(1, part * count, count));
        if let Some(rotary) = &rotary {
            (query, key) = (rotary.turn(query), rotary.turn(key));
        }
        let scores = query.clone().matmul(key.clone().swap_dims(2, 3)).mul_scalar(factor) + heads.unseen.clone();
        let weights = softmax(scores, 3); // [R·B, H, T, T]
        let mixed = weights.clone().matmul(value.clone()); // [R·B, H, T, d_k]
        let output = mixed.clone().swap_dims(1, 2).reshape([replicas, rows, wide / 3]);

        let qkv = qkv.place;
        self.push(output, move |dy, gradients| {
            gradients.add(qkv, || {
                let dy = dy.reshape([sequences, time, count, size]).swap_dims(1, 2); // [R·B, H, T, d_k]
                let along = (mixed * dy.clone()).sum_dim(3); // [R·B, H, T, 1]
                let dv = weights.clone().swap_dims(2, 3).matmul(dy.clone());
                let ds = (dy.matmul(value.swap_dims(2, 3)) - along) * weights;
                let mut dk = ds.clone().swap_dims(2, 3).matmul(query).mul_scalar(factor);
                let mut dq = ds.matmul(key).mul_scalar(factor);
                if let Some(rotary) = &rotary {
                    (dq, dk) = (rotary.turn_back(dq), rotary.turn_back(dk));
                }
                Tensor::cat(vec![dq, dk, dv], 1).swap_dims(1, 2).reshape([replicas, rows, wide])
            });
        })
    }
}
