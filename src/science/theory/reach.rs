//! How far the gradients of single random networks deviate from the predicted profile: the random variation of the size
//! of a layer's gradient, relative to that of the last layer.

use super::MlpTheory;
use super::passed::{LayerPass, Reach, ReachPair};
use super::spread::Form;

/// ```text
/// ln G²_l − ln G²_{L+1} = Σ_{k=l}^{L} (T_k·δq_k/q_k + η_k) + δ ln E[in_l²] − δ ln E[in_{L+1}²]
/// n·E η² = 3·E φ'⁴/D² − 1,  n·E η·α = E[φ²·φ'²]/(V·D) − 1     two examples: ρ² of their gradients, c² of their z
/// ```
///
/// The sizes of the inputs are those of the forward pass. A deviation in front of layer l is in both sizes, and a later
/// one only in the last layer's. So the variation is a form of the h before the layer, which is carried back layer by
/// layer, and random variation of its own (for ReLU 5 + 5 − 2 = 8 over n for each layer).
pub(super) struct Carried {
    forms: Vec<Form>,
    own: Vec<f64>,
    shared: Vec<f64>,
}

impl Carried {
    /// The state at the last layer, which holds the deviation of its input.
    pub(super) fn new(output: &LayerPass) -> Self {
        let forms = output.lengths.iter().map(|at| at.reach.input.times(-1.0)).collect();
        Self { forms, own: vec![0.0; output.lengths.len()], shared: vec![0.0; output.pairs.len()] }
    }

    /// Goes back through a hidden layer of n units. `fresh` is the share of the branch in the gradient that goes on,
    /// for each length; `agree` is ρ_δ for each pair; `weights` says how much an example counts. Returns the variance
    /// of ln G²_l − ln G²_{L+1}.
    pub(super) fn back(
        &mut self,
        theory: &MlpTheory,
        layer: &LayerPass,
        units: usize,
        [fresh, agree, weights]: [&[f64]; 3],
    ) -> f64 {
        let n = units as f64;
        let mut here = Vec::with_capacity(self.forms.len());
        let mut own = Vec::with_capacity(self.forms.len());
        // The form expressed as a multiple of that of p.
        let multiple = |form: Form, reach: &Reach| if reach.part > 0.0 { form.0 / reach.part } else { 0.0 };
        let after = self.forms.clone();
        let multiples: Vec<f64> =
            self.forms.iter().zip(&layer.lengths).map(|(form, at)| multiple(*form, &at.reach)).collect();
        for (i, at) in layer.lengths.iter().enumerate() {
            let Reach { moved, input, divisor, map, noise, before, tilt, peak, together, .. } = at.reach;
            let carried = self.forms[i].before(&map);
            let through = noise.variance(self.forms[i]);
            let eta = (3.0 * peak - 1.0).max(0.0) / n;
            let both = 2.0 * multiples[i] * together / n;
            let form = carried.plus(moved.times(tilt)).plus(input);
            own.push(self.own[i] + through + eta + both + before.variance(form));
            here.push(form);
            let new = fresh[i];
            self.own[i] += through + new * new * eta + new * both;
            self.forms[i] = carried.plus(moved.times(new * tilt)).plus(divisor.times(-new));
        }
        let kinds = theory.profile.pairs.iter().zip(&layer.pairs).zip(agree).enumerate();
        let mut shared = Vec::with_capacity(layer.pairs.len());
        for (k, ((kind, pair), agree)) in kinds {
            let [i, j] = kind.lengths;
            let (a, b) = (&layer.lengths[i].reach, &layer.lengths[j].reach);
            let ReachPair { noise, before, square, .. } = pair.reach;
            let peak = 1.0 + ((a.peak * b.peak).sqrt() - 1.0) * square;
            let eta = (peak * (1.0 + 2.0 * agree * agree) - 1.0).max(0.0) / n;
            let both = (multiples[i] * b.together + multiples[j] * a.together) * square / n;
            let through = noise.covariance(after[i], after[j]);
            shared.push(self.shared[k] + through + eta + both + before.covariance(here[i], here[j]));
            self.shared[k] += through + fresh[i] * fresh[j] * eta + (fresh[i] * fresh[j]).sqrt() * both;
        }
        super::batch::BatchMean::new(theory).weighted(weights, &own, &shared)
    }
}
