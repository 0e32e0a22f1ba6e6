//! A norm in a perceptron, forward and backward: over units, or over the examples of a batch.

use super::super::norm::{Norm, NormPosition};
use super::batch::{BatchMean, NONE_LEFT};
use super::{MlpTheory, Signal};

/// Below this many independent examples the mean of 1/s² is hardly that of a large batch.
const FEW: f64 = 4.0;
/// What the backward pass needs of a norm's forward pass.
pub(super) struct Divided {
    /// ln s² for each length; 0 without a norm.
    pub(super) divisors: Vec<f64>,
    /// ln of what the mean square of a gradient is divided by, which is 1/E(1/s²).
    squares: Vec<f64>,
    /// The outputs of BatchNorm: ln of mean squares for each length, and a correlation for each kind of pair.
    outputs: Option<(Vec<f64>, Vec<f64>)>,
}

impl Divided {
    /// The record of no norm.
    pub(super) fn nothing(lengths: usize) -> Self {
        Self { divisors: vec![0.0; lengths], squares: vec![0.0; lengths], outputs: None }
    }
}

impl MlpTheory {
    /// The norm at this position, if there is one.
    pub(super) fn norm_at(&self, position: NormPosition) -> Norm {
        if self.architecture.position == position { self.architecture.norm } else { Norm::None }
    }

    /// Applies a norm to signals, and to the correlations of their pairs about the mean over units.
    ///
    /// BatchNorm (Yang et al. 2019, arXiv:1902.08129) takes from each unit its mean over the batch,
    /// and with it what examples have in common: with c the mean of ρ over all B² pairs, also of an
    /// example with itself, and all of one length,
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
    pub(super) fn normed(&self, norm: Norm, signals: &[Signal], alike: &mut [f64]) -> (Vec<Signal>, Divided) {
        if norm != Norm::Batch {
            let (signals, divisors): (Vec<Signal>, Vec<f64>) = signals.iter().map(|signal| signal.normed(norm)).unzip();
            return (signals, Divided { squares: divisors.clone(), divisors, outputs: None });
        }
        let batch = BatchMean::new(self);
        let mut sizes: Vec<f64> = signals.iter().map(|signal| signal.second()).collect();
        for (kind, c) in self.profile.pairs.iter().zip(alike.iter_mut()) {
            *c = signals[kind.lengths[0]].whole(&signals[kind.lengths[1]], *c);
        }
        batch.centre(&mut sizes, alike);
        let (_, divisor) = Signal::centred(batch.mean(&sizes)).normed(norm);
        let freedom = (1.0 / batch.over(&sizes, alike, &sizes, alike)).max(FEW);
        let square = divisor - libm::log(freedom / (freedom - 2.0));
        let least = -1.0 / (self.batch.max(2) as f64 - 1.0);
        alike.iter_mut().for_each(|c| *c -= (*c - least) / freedom);
        let signals: Vec<Signal> = sizes.iter().map(|size| Signal::centred(size - divisor)).collect();
        let outputs = signals.iter().map(|signal| signal.variance).collect();
        let count = signals.len();
        let divided = Divided {
            divisors: vec![divisor; count],
            squares: vec![square; count],
            outputs: Some((outputs, alike.to_vec())),
        };
        (signals, divided)
    }

    /// ln of the mean squares of gradients before a norm, from those after it; their correlations likewise.
    ///
    /// BatchNorm passes neither what all examples share, nor what lies along its outputs y:
    ///
    /// ```text
    /// x̄ = (ȳ − ⟨ȳ⟩ − y·⟨ȳ⊙y⟩)/s        E⟨ȳ⊙y⟩² = ⟨ρ_ȳ·ρ_y⟩·E ȳ²
    /// ```
    ///
    /// In a deep network of width and batch that are large, and without skip connections, this with D
    /// and Var φ at q = 1 makes gradients of D/Var φ times the square at each layer down: of
    /// π/(π − 1) = 1.467 for ReLU, 1.21 in size.
    pub(super) fn back(&self, divided: &Divided, gradients: &[f64], alike: &mut [f64]) -> Vec<f64> {
        let mut sizes = gradients.to_vec();
        if let Some((outputs, correlations)) = &divided.outputs {
            let batch = BatchMean::new(self);
            batch.centre(&mut sizes, alike);
            let along = batch.over(&sizes, alike, outputs, correlations);
            let left = libm::log((1.0 - along).max(NONE_LEFT));
            sizes.iter_mut().for_each(|size| *size += left);
        }
        sizes.iter().zip(&divided.squares).map(|(size, square)| size - square).collect()
    }
}
