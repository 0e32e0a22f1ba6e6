//! Mean and variance of single units over a batch, and where the norms of a pass take them from.

use burn::tensor::Tensor;

/// Mean and variance of each unit, `[R, 1, n]`.
pub type UnitMoments = [Tensor<3>; 2];

/// Where the norms of a pass take their moments from, norm by norm.
#[derive(Default)]
pub struct Batches {
    known: std::vec::IntoIter<UnitMoments>,
    seen: Vec<UnitMoments>,
}

impl Batches {
    /// These for those of the batch; where there are none, the batch's own.
    pub fn known(moments: Vec<UnitMoments>) -> Self {
        Self { known: moments.into_iter(), seen: Vec::new() }
    }

    /// What the norms of the pass saw, the variances divided by B − 1.
    pub fn seen(self) -> Vec<UnitMoments> {
        self.seen
    }

    /// Of the next norm's input `[R, B, n]`.
    pub(super) fn next(&mut self, x: &Tensor<3>) -> UnitMoments {
        if let Some(moments) = self.known.next() {
            return moments;
        }
        let rows = x.dims()[1] as f32;
        let mean = x.clone().mean_dim(1);
        let centred = x.clone() - mean.clone();
        let variance = (centred.clone() * centred).mean_dim(1);
        self.seen.push([mean.clone(), variance.clone().mul_scalar(rows / (rows - 1.0).max(1.0))]);
        [mean, variance]
    }
}
