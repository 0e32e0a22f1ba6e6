//! Mean and variance of single units over a batch, and where the norms of a pass take them from.

use burn::tensor::Tensor;

/// The mean and the variance of each unit, `[R, 1, n]` each.
pub type UnitMoments = [Tensor<3>; 2];

/// Where the norms of a pass take their moments from, norm by norm.
#[derive(Default)]
pub struct Batches {
    known: std::vec::IntoIter<UnitMoments>,
    seen: Vec<UnitMoments>,
}

impl Batches {
    /// Norms that use these moments instead of the batch's; where there are none left, they use the batch's.
    pub fn known(moments: Vec<UnitMoments>) -> Self {
        Self { known: moments.into_iter(), seen: Vec::new() }
    }

    /// The moments that the norms of the pass saw, with variances divided by B − 1.
    pub fn seen(self) -> Vec<UnitMoments> {
        self.seen
    }

    /// The moments for the next norm, whose input is x `[R, B, n]`, and whether they are of this very batch.
    pub(super) fn next(&mut self, x: &Tensor<3>) -> (UnitMoments, bool) {
        if let Some(moments) = self.known.next() {
            return (moments, false);
        }
        let rows = x.dims()[1] as f32;
        let mean = x.clone().mean_dim(1);
        let centered = x.clone() - mean.clone();
        let variance = (centered.clone() * centered).mean_dim(1);
        self.seen.push([mean.clone(), variance.clone().mul_scalar(rows / (rows - 1.0).max(1.0))]);
        ([mean, variance], true)
    }
}
