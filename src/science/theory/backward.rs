//! The backward pass of the theory: the size of the gradients, and how far those of two examples
//! agree.

use super::super::moments::log_add;
use super::super::softmax::{agreements, residual_product};
use super::forward::Passed;
use super::{MlpTheory, share};

impl MlpTheory {
    /// ```text
    /// G_l     = E(∂L/∂h_l)²,  δ²_l = E(∂L/∂z_l)² = G_l·D(q_l)     (post-norm: G_l/s² first)
    ///                                                             (inner norm: δ²_l/s² then)
    /// G_{l−1} = n_l·E[w_l²]·δ²_l/s²  (s: pre-norm)  + (residual: G_l)
    ///
    /// E(∂L/∂W_l)² = (1/B²)·Σ_{s,s'} E[δ_s·δ_s']·E[in_s·in_s']
    ///             = δ²_l·E[in_l²]·(1 + (B − 1)·⟨ρ_δ·ρ_in⟩)/B     averaged over kinds of pairs
    /// ρ_δ = ρ_G·E[φ'(z)·φ'(z')]/D,  ρ_G as that of the layer above, but for what is skipped over it
    /// ```
    ///
    /// It takes the gradient that arrives as independent of the forward pass. Returns
    /// ln RMS ∂L/∂W per layer, relative.
    pub(super) fn backward(&self, passed: &[Passed]) -> Vec<f64> {
        let last = passed.len();
        let mut gradients = vec![0.0; last];
        let mut arriving = 0.0;
        let mut alike = passed.last().map_or_else(Vec::new, |output| self.at_logits(output));
        for (i, layer) in passed.iter().enumerate().rev() {
            let through = self.back(&layer.after, arriving, &mut alike);
            let mut deltas: Vec<f64> = alike.iter().zip(&layer.pairs).map(|(g, pair)| g * pair.slope).collect();
            let delta = self.back(&layer.within, through + layer.slope, &mut deltas);
            gradients[i] = 0.5 * (delta + layer.input + libm::log(self.coherence(layer, &deltas)));
            let branch = self.back(&layer.before, layer.back + delta, &mut deltas);
            let skipped = self.residual && i >= 1 && i + 1 < last;
            arriving = if skipped { log_add(branch, through) } else { branch };
            let (new, old) = if skipped { (share(branch, arriving), share(through, arriving)) } else { (1.0, 0.0) };
            alike.iter_mut().zip(deltas).for_each(|(alike, delta)| *alike = new * delta + old * *alike);
        }
        gradients
    }

    /// ρ of softmax(z) − y at the logits, for each kind of pair.
    fn at_logits(&self, output: &Passed) -> Vec<f64> {
        let classes = self.widths.last().copied().unwrap_or(1);
        let mut correlations: Vec<f64> = output.pairs.iter().map(|pair| pair.z).collect();
        correlations.push(1.0);
        let mut agreements = agreements(classes, output.q, &correlations);
        let square = residual_product(classes, agreements.pop().unwrap_or(1.0), true);
        let kinds = self.pairs.iter().zip(agreements);
        kinds.map(|(kind, s)| (residual_product(classes, s, kind.same_class) / square).clamp(-1.0, 1.0)).collect()
    }

    /// 1 + (B − 1)·⟨ρ_δ·ρ_in⟩ for ρ_δ given. It cannot be negative; a rounding or a kind that stands
    /// for many may make it so.
    fn coherence(&self, layer: &Passed, deltas: &[f64]) -> f64 {
        let pairs = self.pairs.iter().zip(&layer.pairs).zip(deltas);
        let mean: f64 = pairs.map(|((kind, pair), delta)| kind.share * delta * pair.input).sum();
        (1.0 + (self.batch.max(1) - 1) as f64 * mean).max(0.05)
    }
}
