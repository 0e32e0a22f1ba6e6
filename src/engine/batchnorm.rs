//! BatchNorm: each unit's mean and variance over a batch, and what passes without a batch of their own use.
//!
//! ```text
//! y = x̂⊙g + b,   x̂ = (x − μ)/s,   s = √(⟨(x − μ)²⟩ + ε),   ⟨·⟩ over the rows of a batch, μ = ⟨x⟩
//! x̄ = (ȳ − ⟨ȳ⟩ − x̂⟨ȳ⊙x̂⟩)⊙g/s        ḡ = Σ_rows ȳ⊙x̂        b̄ = Σ_rows ȳ
//! ```
//!
//! Passes that train take μ and s of their batch. Held-out passes take averages over those of the
//! passes so far, as `torch.nn.BatchNorm1d` keeps them, with a momentum of 0.1 and the variance
//! divided by B − 1:
//!
//! ```text
//! r ← 0.9·r + 0.1·x_t        r/(1 − 0.9ᵗ) after t passes
//! ```
//!
//! PyTorch starts r at 0 and 1, so that its first held-out losses are those of another network, scaled
//! by numbers it never had. Here r starts at 0 and is divided by the weights that it has, as Adam's
//! averages are; after fifty passes that is a difference of 0.5 %.

use burn::tensor::Tensor;

use super::tape::{Node, Tape};
use super::unit::UnitMoments;
use crate::science::norm::EPSILON;

/// The share of itself that an average keeps at each pass.
const KEPT: f64 = 0.9;

impl Tape {
    /// The norm over the rows of a batch, `[R, B, n]`, with a learned gain and shift.
    pub(crate) fn normalize_batch(&mut self, x: &Node, gain: &Node, shift: &Node) -> Node {
        let ([mean, variance], own) = self.batches.next(&x.value);
        let inverse = variance.add_scalar(EPSILON as f32).sqrt().recip();
        let scaled = (x.value.clone() - mean) * inverse.clone();
        let factor = inverse * gain.value.clone();
        let y = scaled.clone() * gain.value.clone() + shift.value.clone();
        let (x, gain, shift) = (x.slot, gain.slot, shift.slot);
        self.push(y, move |dy, gradients| {
            let over = 1.0 / dy.dims()[1] as f32;
            let dshift = dy.clone().sum_dim(1); // [R, 1, n]
            let dgain = (dy.clone() * scaled.clone()).sum_dim(1);
            gradients.add(x, || {
                if !own {
                    // Moments that are known beforehand do not follow x.
                    return dy * factor;
                }
                let shared = dshift.clone().mul_scalar(over);
                let along = scaled * dgain.clone().mul_scalar(over);
                (dy - shared - along) * factor
            });
            gradients.add(gain, || dgain);
            gradients.add(shift, || dshift);
        })
    }
}

/// Averages over the passes of a network. The last pass is kept apart from those before it, so that
/// a run that is taken up again may make its last pass once more.
#[derive(Clone, Default)]
pub struct Running {
    before: Vec<UnitMoments>,
    last: Vec<UnitMoments>,
}

impl Running {
    /// The averages before a pass that is still to come.
    pub(crate) fn from_before(before: Vec<UnitMoments>) -> Self {
        Self { before, last: Vec::new() }
    }

    /// The averages before the last pass, not yet divided by their weights; empty without BatchNorm, and before a
    /// second pass.
    pub fn before(&self) -> &[UnitMoments] {
        &self.before
    }

    /// Takes in the moments that a pass saw.
    pub fn pass(&mut self, seen: Vec<UnitMoments>) {
        self.before = self.after();
        self.last = seen;
    }

    /// The moments that held-out passes use after so many passes; empty before the first.
    pub fn corrected(&self, passes: u64) -> Vec<UnitMoments> {
        let weight = 1.0 - libm::pow(KEPT, passes as f64);
        let corrected = |average: Tensor<3>| {
            // The weight stands in a tensor, because a scalar that changes would make every launch a new kernel.
            let weight = Tensor::<1>::from_data([weight as f32].as_slice(), &average.device());
            average / weight.reshape([1, 1, 1])
        };
        self.after().into_iter().map(|moments| moments.map(corrected)).collect()
    }

    fn after(&self) -> Vec<UnitMoments> {
        if self.last.is_empty() {
            return self.before.clone();
        }
        let share = |last: &Tensor<3>| last.clone().mul_scalar((1.0 - KEPT) as f32);
        let kept = |before: &Tensor<3>| before.clone().mul_scalar(KEPT as f32);
        let folded = |(index, [mean, variance]): (usize, &UnitMoments)| match self.before.get(index) {
            Some([m, v]) => [kept(m) + share(mean), kept(v) + share(variance)],
            None => [share(mean), share(variance)],
        };
        self.last.iter().enumerate().map(folded).collect()
    }
}
