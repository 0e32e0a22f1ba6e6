//! The backward pass of the theory: the size of the gradients, and how far those of two examples agree.

use std::f64::consts::PI;

use super::super::data::likeness::Likeness;
use super::super::moments::log_add;
use super::super::softmax::{agreements, residual_product};
use super::batch::BatchMean;
use super::passed::{LayerPass, PassedPair};
use super::reach::Carried;
use super::{MlpTheory, share};

/// The number of steps of the angle between logits at which the agreement of softmaxes is computed; it is linear
/// between them.
const ANGLES: usize = 12;

/// The gradient that arrives at a layer.
struct Arriving {
    /// ln E(∂L/∂h)², for each length.
    sizes: Vec<f64>,
    /// The correlation ρ_G, for each kind of pair.
    alike: Vec<f64>,
}

impl MlpTheory {
    /// ```text
    /// G_l     = E(∂L/∂h_l)²,  δ²_l = E(∂L/∂z_l)² = G_l·D(q_l)     (post-norm: G_l/s² first)
    ///                                                             (inner norm: δ²_l/s² then)
    /// G_{l−1} = n_l·E[w_l²]·δ²_l/s²  (s: pre-norm)  + (residual: G_l)
    ///
    /// E(∂L/∂W_l)² = (1/B²)·Σ_{s,s'} E[δ_s·δ_s']·E[in_s·in_s']
    ///             = ⟨δ²_l·E[in_l²]⟩/B + (1 − 1/B)·⟨√(δ²·δ'²·E[in²]·E[in'²])·ρ_δ·ρ_in⟩     over lengths, and kinds of pairs
    /// ρ_δ = ρ_G·E[φ'(z)·φ'(z')]/√(D·D'),  ρ_G as that of the layer above, but for what is skipped over it
    /// ```
    ///
    /// It assumes that the arriving gradient is independent of the forward pass. Returns for each layer ln RMS ∂L/∂W,
    /// relative, and how far it deviates beside the last layer's ([`Carried`]).
    pub(super) fn backward(&self, passed: &[LayerPass]) -> Vec<(f64, f64)> {
        let last = passed.len();
        let units = |index: usize| self.matrices[index].fans.fan_out;
        let mut gradients = vec![(0.0, 0.0); last];
        let Some(output) = passed.last() else { return gradients };
        let mut arriving = self.at_logits(output);
        let mut carried = Carried::new(output);
        let mut anchor = (0.0, 0.0);
        for (i, layer) in passed.iter().enumerate().rev() {
            let skipped = self.architecture.residual && i >= 1 && i + 1 < last;
            let through = self.back(&layer.after, &arriving.sizes, &mut arriving.alike);
            let deltas: Vec<f64> = through.iter().zip(&layer.lengths).map(|(g, at)| g + at.slope).collect();
            let mut alike: Vec<f64> = arriving.alike.iter().zip(&layer.pairs).map(|(g, pair)| g * pair.slope).collect();
            let deltas = self.back(&layer.within, &deltas, &mut alike);
            let entry = self.entry(layer, &deltas, &alike, if i + 1 < last { units(i) } else { 0 });
            gradients[i].0 = 0.5 * entry.size;
            let deltas: Vec<f64> = deltas.iter().map(|delta| layer.back + delta).collect();
            let agree = alike.clone();
            let branches = self.back(&layer.before, &deltas, &mut alike);
            let sums: Vec<f64> = if skipped {
                branches.iter().zip(&through).map(|(branch, through)| log_add(*branch, *through)).collect()
            } else {
                branches.clone()
            };
            if i + 1 < last {
                let fresh: Vec<f64> = branches.iter().zip(&sums).map(|(branch, sum)| share(*branch, *sum)).collect();
                let variance = carried.back(self, layer, units(i), [&fresh, &agree, &entry.weights]);
                let pairs = entry.pairs + anchor.0 + (entry.drift - anchor.1) * (entry.drift - anchor.1);
                gradients[i].1 = 0.5 * (variance + pairs).sqrt();
            } else {
                anchor = (entry.pairs, entry.drift);
            }
            let both = |part: &[f64], [i, j]: [usize; 2]| (share(part[i], sums[i]) * share(part[j], sums[j])).sqrt();
            for ((old, new), kind) in arriving.alike.iter_mut().zip(alike).zip(&self.profile.pairs) {
                let skips = if skipped { both(&through, kind.lengths) * *old } else { 0.0 };
                *old = both(&branches, kind.lengths) * new + skips;
            }
            arriving.sizes = sums;
        }
        gradients
    }

    /// The gradient softmax(z) − y at the logits: its size for each length, and ρ for each kind of pair.
    fn at_logits(&self, output: &LayerPass) -> Arriving {
        let classes = self.architecture.classes;
        let size = |q: f64| {
            let own = agreements(classes, q, &[1.0]).pop().unwrap_or(1.0);
            libm::log(residual_product(classes, own, true).max(1e-300))
        };
        let logits: Vec<f64> = output.lengths.iter().map(|at| at.q).collect();
        let sizes: Vec<f64> = logits.iter().map(|q| size(*q)).collect();
        let q = BatchMean::new(self).mean(&logits);
        let cosines: Vec<f64> = (0..=ANGLES).map(|i| libm::cos(PI * i as f64 / ANGLES as f64)).collect();
        let known = if self.profile.pairs.is_empty() { Vec::new() } else { agreements(classes, q, &cosines) };
        let square = |same: bool, s: f64| residual_product(classes, s, same);
        let pair = |(kind, pair): (&Likeness, &PassedPair)| {
            let angle = libm::acos(pair.z.clamp(-1.0, 1.0)) / PI * ANGLES as f64;
            let at = (angle as usize).min(ANGLES - 1);
            let agreement = known[at] + (angle - at as f64) * (known[at + 1] - known[at]);
            (square(kind.same_class, agreement) / square(true, known[0])).clamp(-1.0, 1.0)
        };
        Arriving { sizes, alike: self.profile.pairs.iter().zip(&output.pairs).map(pair).collect() }
    }

    /// The gradient of a layer for given δ² and ρ_δ. Its square is bounded from below, because rounding, or a kind that
    /// stands for many pairs, might make it negative.
    ///
    /// What pairs of examples add, k = √(δ²·δ'²·E[in²]·E[in'²])·ρ_δ·ρ_in, is a sum over a batch of few, and ρ_in is
    /// random itself. Relative to the whole this gives
    ///
    /// ```text
    /// 2·⟨k²⟩  from batch to batch        ⟨k⟩'s change, if each ρ_in moves by one standard deviation
    /// ```
    fn entry(&self, layer: &LayerPass, deltas: &[f64], alike: &[f64], units: usize) -> Entry {
        let size = self.batch.max(1) as f64;
        let products: Vec<f64> = deltas.iter().zip(&layer.lengths).map(|(delta, at)| delta + at.input).collect();
        let mean = BatchMean::new(self).mean(&products);
        if mean == f64::NEG_INFINITY {
            return Entry { size: mean, weights: vec![0.0; products.len()], pairs: 0.0, drift: 0.0 };
        }
        let part = |i: usize| libm::exp(0.5 * (products[i] - mean));
        let apart = if units > 0 { 1.0 / units as f64 } else { 0.0 };
        let [mut together, mut squares, mut drift] = [0.0; 3];
        for ((kind, pair), alike) in self.profile.pairs.iter().zip(&layer.pairs).zip(alike) {
            let both = part(kind.lengths[0]) * part(kind.lengths[1]);
            together += kind.share * both * alike * pair.input;
            let stray = pair.reach.stray;
            squares += kind.share * both * both * (alike * alike + apart) * (pair.input * pair.input + stray);
            drift += kind.share * both * alike * stray.sqrt();
        }
        let whole = (1.0 + (size - 1.0) * together).max(0.05);
        Entry {
            size: mean + libm::log(whole),
            weights: (0..products.len()).map(part).collect(),
            pairs: if size > 1.0 { 2.0 * squares / (whole * whole) } else { 0.0 },
            drift: (size - 1.0) * drift / whole,
        }
    }
}

/// The result of [`MlpTheory::entry`].
struct Entry {
    /// The size of the gradient, ln E(∂L/∂W)².
    size: f64,
    /// The weight of an example of each length.
    weights: Vec<f64>,
    /// The relative variance over batches, and the relative change over networks.
    pairs: f64,
    drift: f64,
}
