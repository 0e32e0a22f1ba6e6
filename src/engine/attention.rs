//! Causal attention of all heads at once, and its derivative.
//!
//! ```text
//! S = c·q·kᵀ, s ≤ t   A = softmax(S)   o = A·v        for each head
//! v̄ = Aᵀ·ō   Ā = ō·vᵀ   S̄ = A⊙(Ā − Σ_s Ā⊙A)   q̄ = c·S̄·k   k̄ = c·S̄ᵀ·q
//! ```

use super::fused::{self, Heads};
use super::rotary::Rotary;
use super::tape::{Node, Tape};

impl Tape {
    /// What the heads read, `[R, B·T, d]`, from q, k and v side by side, `[R, B·T, 3d]`.
    pub fn attend(&mut self, qkv: &Node, heads: Heads) -> Node {
        let (output, weights) = fused::attend(qkv.value.clone(), heads);
        let qkv = qkv.clone();
        self.push(output, move |dy, gradients| {
            gradients.add(qkv.place, || fused::attend_back(qkv.value, weights, dy, heads));
        })
    }

    /// q and k turned by their position, v as it is.
    pub fn turn(&mut self, qkv: &Node, heads: Heads, rotary: &Rotary) -> Node {
        let (place, back) = (qkv.place, rotary.clone());
        self.push(rotary.turn(qkv.value.clone(), heads), move |dy, gradients| {
            gradients.add(place, || back.turn_back(dy, heads));
        })
    }
}
