//! How sharply each head of attention looks, of one network.
//!
//! ```text
//! H_t = −Σ_s A_ts·ln A_ts / ln t      of the query at position t, which chooses among t: 1 is even, 0 is one-hot
//! P_t = max_s A_ts
//! ```
//!
//! Both are averaged over texts and over the queries that have a choice, t ≥ 2.

use burn::tensor::Tensor;

use crate::engine::fused::DIVISOR_FLOOR;
use crate::engine::part::{JOINED, join, parts};
use crate::lab::metric::HeadMetric;
use crate::lab::number::Number;
use crate::science::layer::LayerId;

/// The softmaxes of blocks that are still to be looked at. All blocks of a network have one shape.
#[derive(Default)]
pub(super) struct HeadTaps {
    blocks: Vec<LayerId>,
    /// A of each block, `[B, H, T, T]`.
    weights: Vec<Tensor<4>>,
}

/// What was looked at, on its way to the CPU: the blocks of each join, and the number of heads.
#[derive(Default)]
pub(super) struct RecordedHeads {
    joins: Vec<Vec<LayerId>>,
    heads: usize,
}

impl HeadTaps {
    /// Takes in the softmax of a block.
    pub(super) fn add(&mut self, block: LayerId, weights: Tensor<4>) {
        self.blocks.push(block);
        self.weights.push(weights);
    }

    /// Reduces each join to the entropies of all its heads, block by block, and then their largest weights.
    pub(super) fn finish(self) -> (RecordedHeads, Vec<Tensor<1>>) {
        let (mut recorded, mut numbers) = (RecordedHeads::default(), Vec::new());
        for part in parts(self.weights.iter().map(|weights| weights.shape().num_elements()), JOINED) {
            recorded.joins.push(self.blocks[part.clone()].to_vec());
            recorded.heads = self.weights[part.start].dims()[1];
            numbers.extend(reduce(join(&self.weights[part.clone()], 0), part.len()));
        }
        (recorded, numbers)
    }
}

/// The mean entropy and the mean largest weight of each head of K blocks, `[K·H]` each, from A `[K·B, H, T, T]`.
fn reduce(weights: Tensor<4>, blocks: usize) -> [Tensor<1>; 2] {
    let [sequences, heads, time, _] = weights.dims();
    let choosing = weights.narrow(2, 1, time - 1); // [K·B, H, T−1, T]
    let choices: Vec<f32> = (2..=time).map(|t| libm::log(t as f64) as f32).collect();
    let choices = Tensor::<1>::from_data(choices.as_slice(), &choosing.device()).reshape([1, 1, time - 1, 1]);
    // A weight of 0 adds nothing, and has no logarithm.
    let entropy = (choosing.clone() * choosing.clone().clamp_min(DIVISOR_FLOOR).log()).sum_dim(3).neg() / choices;
    let largest = choosing.max_dim(3); // [K·B, H, T−1, 1]
    [entropy, largest].map(|x| {
        let queries = x.reshape([blocks, sequences / blocks, heads, time - 1]);
        queries.mean_dim(3).mean_dim(1).reshape([blocks * heads])
    })
}

impl RecordedHeads {
    /// The heads in the order of their blocks, and what is left of the numbers.
    pub(super) fn read(self, mut numbers: &[f32]) -> (Vec<HeadMetric>, &[f32]) {
        let mut all = Vec::new();
        for blocks in self.joins {
            let count = blocks.len() * self.heads;
            let (own, rest) = numbers.split_at(2 * count);
            let (entropies, peaks) = own.split_at(count);
            // Rounding may bring a mean of shares above 1.
            let share = |number: f32| Number(f64::from(number).clamp(0.0, 1.0));
            let named = blocks.into_iter().flat_map(|layer| (1..=self.heads).map(move |head| (layer, head)));
            all.extend(named.zip(entropies.iter().zip(peaks)).map(|((layer, head), (entropy, peak))| HeadMetric {
                layer,
                head,
                entropy: share(*entropy),
                peak: share(*peak),
            }));
            numbers = rest;
        }
        (all, numbers)
    }
}
