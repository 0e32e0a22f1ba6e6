//! A norm in a perceptron, there and back: over units, or over the examples of a batch.

use super::super::norm::{Norm, NormPosition};
use super::{MlpTheory, Signal};

/// Below this many independent examples the mean of 1/s² is hardly that of a large batch.
const FEW: f64 = 4.0;
/// A share of a variance that is as good as none.
const NONE_LEFT: f64 = 1e-12;

/// What a norm did to a signal, for the way back.
pub(super) struct Divided {
    /// ln s²; 0 without a norm.
    pub(super) divisor: f64,
    /// ln of what the mean square of a gradient is divided by: of 1/E(1/s²).
    square: f64,
    /// The correlations that BatchNorm left, one for each kind of pair.
    outputs: Option<Vec<f64>>,
}

impl Divided {
    /// No norm.
    pub(super) const NOTHING: Self = Self { divisor: 0.0, square: 0.0, outputs: None };
}

impl MlpTheory {
    /// The norm that stands there.
    pub(super) fn norm_at(&self, position: NormPosition) -> Norm {
        if self.position == position { self.norm } else { Norm::None }
    }

    /// A signal past a norm, with the correlations of its pairs about the mean over units.
    ///
    /// BatchNorm (Yang et al. 2019, arXiv:1902.08129) takes from each unit its mean over the batch,
    /// and with it what examples have in common: with c the mean of ρ over all B² pairs, also of an
    /// example with itself,
    ///
    /// ```text
    /// s² = v·(1 − c) + ε        ρ ← (ρ − c)/(1 − c)
    /// ```
    ///
    /// so that examples come out about orthogonal whatever went in. A unit's own s² strays from that
    /// mean, as a χ² with ν = 1/⟨ρ²⟩ degrees of freedom, ρ as they come out (B − 1 if all are as
    /// unlike as they can be, ρ = −1/(B − 1)), which makes E(1/s²) larger by ν/(ν − 2). And units that
    /// look along a direction in which the batch is wide are divided by more: an eigenvalue λ of
    /// the ρ, on average 1, becomes λ·(1 + 2/ν − 2λ/B) to first order, which takes the share 1/ν of
    /// what sets ρ off from −1/(B − 1), if eigenvalues are spread like exponential numbers.
    pub(super) fn normed(&self, norm: Norm, signal: Signal, alike: &mut [f64]) -> (Signal, Divided) {
        if norm != Norm::Batch {
            let (signal, divisor) = signal.normed(norm);
            return (signal, Divided { divisor, square: divisor, outputs: None });
        }
        let own = self.centre(alike);
        let (signal, divisor) = Signal { variance: signal.variance + libm::log(own), ..signal }.normed(norm);
        let freedom = (1.0 / self.over_batch(alike.iter().map(|c| c * c))).max(FEW);
        let square = divisor - libm::log(freedom / (freedom - 2.0));
        let least = -1.0 / (self.batch.max(2) as f64 - 1.0);
        alike.iter_mut().for_each(|c| *c -= (*c - least) / freedom);
        (signal, Divided { divisor, square, outputs: Some(alike.to_vec()) })
    }

    /// ln of the mean square of a gradient before a norm from that after it, and the same of its
    /// correlations.
    ///
    /// BatchNorm lets nothing pass that all examples share, nor what lies along its outputs y:
    ///
    /// ```text
    /// x̄ = (ȳ − ⟨ȳ⟩ − y·⟨ȳ⊙y⟩)/s        E⟨ȳ⊙y⟩² = ⟨ρ_ȳ·ρ_y⟩·E ȳ²
    /// ```
    ///
    /// In a deep network of width and batch that are large, and without skip connections, this with D
    /// and Var φ at q = 1 makes gradients of D/Var φ times the square at each layer down: of
    /// π/(π − 1) = 1.467 for ReLU, 1.21 in size.
    pub(super) fn back(&self, divided: &Divided, gradient: f64, alike: &mut [f64]) -> f64 {
        let Some(outputs) = &divided.outputs else { return gradient - divided.square };
        let own = self.centre(alike);
        let along = self.over_batch(alike.iter().zip(outputs).map(|(g, y)| g * y));
        gradient - divided.square + libm::log(own * (1.0 - along).max(NONE_LEFT))
    }

    /// Takes the mean over a batch from what correlates like this; returns the share that is left.
    fn centre(&self, alike: &mut [f64]) -> f64 {
        let common = self.over_batch(alike.iter().copied());
        let own = (1.0 - common).max(NONE_LEFT);
        alike.iter_mut().for_each(|c| *c = ((*c - common) / own).clamp(-1.0, 1.0));
        own
    }

    /// The mean over all B² pairs of a batch of what is 1 for an example with itself.
    fn over_batch(&self, pairs: impl Iterator<Item = f64>) -> f64 {
        let size = self.batch.max(2) as f64;
        let apart: f64 = self.pairs.iter().zip(pairs).map(|(kind, x)| kind.share * x).sum();
        (1.0 + (size - 1.0) * apart) / size
    }
}
