//! The size of the derivative of a network with respect to its input.

use super::super::data::likeness::Profile;
use super::super::moments::log_add;
use super::super::norm::Norm;
use super::MlpTheory;

impl MlpTheory {
    /// ‖J‖² of J = ∂h_L/∂x and of J = ∂logits/∂x, the sums of the squares of their entries and of their singular
    /// values, averaged over examples, without dropout.
    ///
    /// ```text
    /// ‖J‖² = n₀·G₀  for  G = 1 at h_L, or at the logits;    G_{l−1} = n_l·E[w_l²]·D(q_l)·G_l + (residual: G_l)
    /// ```
    ///
    /// with norms as in [`MlpTheory::predict`]. For a plain network with layers of one width n this is n·∏χ_l, so that
    /// the mean square singular value is ∏χ_l (Pennington, Schoenholz & Ganguli 2017, arXiv:1711.04735).
    ///
    /// There is none where theory has no prediction, nor under BatchNorm, where an example has no derivative of its
    /// own.
    pub fn jacobian_squares(&self) -> Option<[f64; 2]> {
        if !self.plan.is_random() || self.architecture.norm == Norm::Batch {
            return None;
        }
        let profile = Profile { pairs: Vec::new(), ..self.profile.clone() };
        let theory = Self { profile, ..self.unmasked() };
        let passed = theory.forward().1;
        let features = self.matrices.first()?.fans.fan_in as f64;
        let square = |count: usize| {
            let mut sizes = vec![0.0; theory.lengths().len()];
            for (i, layer) in passed[..count].iter().enumerate().rev() {
                let skipped = self.architecture.residual && i >= 1 && i + 1 < passed.len();
                let through = theory.back(&layer.after, &sizes, &mut []);
                let deltas: Vec<f64> = through.iter().zip(&layer.lengths).map(|(g, at)| g + at.slope).collect();
                let deltas = theory.back(&layer.within, &deltas, &mut []);
                let deltas: Vec<f64> = deltas.iter().map(|delta| layer.back + delta).collect();
                let branch = theory.back(&layer.before, &deltas, &mut []);
                sizes = if skipped {
                    branch.iter().zip(&through).map(|(branch, skip)| log_add(*branch, *skip)).collect()
                } else {
                    branch
                };
            }
            let mean: f64 = theory.lengths().iter().zip(&sizes).map(|(l, size)| l.share * libm::exp(*size)).sum();
            features * mean
        };
        Some([square(passed.len() - 1), square(passed.len())])
    }
}
