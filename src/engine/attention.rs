//! Causal attention of all heads at once, and its derivative.
//!
//! ```text
//! S = c·q·kᵀ, s ≤ t   A = softmax(S)   o = A·v        for each head
//! v̄ = Aᵀ·ō   Ā = ō·vᵀ   S̄ = A⊙(Ā − Σ_s Ā⊙A)   q̄ = c·S̄·k   k̄ = c·S̄ᵀ·q
//! ```

use burn::tensor::Tensor;

use super::fused::{self, Heads};
use super::rotary::Rotary;
use super::tape::{Node, Tape};

impl Tape {
    /// What the heads read, `[R, B·T, d]`, and A, `[R·B, H, T, T]`, from q, k and v side by side, `[R, B·T, 3d]`.
    pub fn attend(&mut self, qkv: &Node, heads: Heads) -> (Node, Tensor<4>) {
        let (output, weights) = fused::attend(qkv.value.clone(), heads);
        let (qkv, softmax) = (qkv.clone(), weights.clone());
        let output = self.push(output, move |dy, gradients| {
            gradients.add(qkv.slot, || fused::attend_back(qkv.value, softmax, dy, heads));
        });
        (output, weights)
    }

    /// Rotates q and k by their position, and leaves v as it is.
    pub fn rotate(&mut self, qkv: &Node, heads: Heads, rotary: &Rotary) -> Node {
        let (slot, back) = (qkv.slot, rotary.clone());
        self.push(rotary.rotate(qkv.value.clone(), heads), move |dy, gradients| {
            gradients.add(slot, || back.rotate_back(dy, heads));
        })
    }
}

/// The largest weight of each query that has a choice, t ≥ 2: `[R, B·H·(T−1)]` of A `[R·B, H, T, T]`.
pub fn peaks(weights: Tensor<4>, replicas: usize) -> Tensor<2> {
    let [sequences, heads, time, _] = weights.dims();
    let largest = weights.narrow(2, 1, time - 1).max_dim(3); // [R·B, H, T−1, 1]
    largest.reshape([replicas, sequences / replicas * heads * (time - 1)])
}
