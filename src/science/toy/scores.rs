//! Scores of attention by hand: how large q·k is by the number d of its terms, and what softmax makes of a few scores.
//!
//! ```text
//! s = q·k = Σ_{i ≤ d} q_i·k_i,    q, k from N(0, σ²):    Var s = d·σ⁴,    std s = σ²·√d
//! ```

use crate::science::seed::Stream;

/// The number of queries, and of keys: 4096 scores a width.
pub const ROWS: usize = 64;

/// Scores of queries and keys of N(0, 1), by their width. A σ other than 1 multiplies them by σ².
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The standard deviation of all scores for d = 1, 2, ….
    pub stds: Vec<f64>,
    /// The scores of the first query with each key, at the largest width.
    pub first: Vec<f64>,
}

impl Scores {
    /// Draws queries and keys, and adds up their scores term by term, so that each width is a part of the next one.
    pub fn new(most: usize, seed: u64) -> Self {
        let [mut queries, mut keys] = ["scores.q", "scores.k"].map(|name| Stream::new(seed, name));
        let mut all = vec![0.0; ROWS * ROWS];
        let stds = (0..most).map(|_| {
            let q: Vec<f64> = (0..ROWS).map(|_| queries.normal()).collect();
            let k: Vec<f64> = (0..ROWS).map(|_| keys.normal()).collect();
            for (row, q) in all.chunks_exact_mut(ROWS).zip(&q) {
                row.iter_mut().zip(&k).for_each(|(score, k)| *score += q * k);
            }
            deviation(&all)
        });
        let stds = stds.collect();
        Self { stds, first: all[..ROWS].to_vec() }
    }
}

/// The population standard deviation.
fn deviation(numbers: &[f64]) -> f64 {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    (numbers.iter().map(|number| (number - mean) * (number - mean)).sum::<f64>() / count).sqrt()
}

/// Returns the softmax of some scores, each multiplied by `factor`.
pub fn softmax(scores: &[f64], factor: f64) -> Vec<f64> {
    let most = scores.iter().map(|score| score * factor).fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|score| libm::exp(score * factor - most)).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// Returns the entropy of probabilities in nats.
pub fn entropy(shares: &[f64]) -> f64 {
    shares.iter().filter(|share| **share > 0.0).map(|share| -share * libm::log(*share)).sum()
}
