//! The softmax at the end of a classifier whose logits are still random, and how far the gradients of two examples
//! agree there.

use std::sync::OnceLock;

use super::seed::Stream;

/// The number of normal numbers in store, which the page draws once and not at every move of a slider.
const STORE: usize = 8192;

/// The number of draws of one average, if the store lasts.
const DRAWS: usize = 256;

/// E Σᵢ pᵢ·p'ᵢ for p = softmax(z), p' = softmax(z'), where z and z' are `classes` independent normal numbers of
/// variance e^`ln_q` whose correlation is c. There is a result for each c in `correlations`.
///
/// ```text
/// q → 0 or c = 0:  1/C        q → ∞, c = 1:  1
/// ```
///
/// It is averaged over [`DRAWS`] fixed draws. Their error at c = 0, where the result is known, is taken off
/// with the factor 1 − |c|; near c = 1 an error of some 2 % of the result is left.
pub fn agreements(classes: usize, ln_q: f64, correlations: &[f64]) -> Vec<f64> {
    let classes = classes.max(1);
    let root = libm::exp(0.5 * ln_q.min(60.0));
    let store = normals();
    let draws = (STORE / (2 * classes)).clamp(1, DRAWS);
    let mut sums = vec![0.0; correlations.len()];
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (mut p, mut apart, mut alike) = (vec![0.0; classes], vec![0.0; classes], vec![0.0; classes]);
    for draw in 0..draws {
        let own = |i: usize| root * store[(2 * draw * classes + i) % STORE];
        let other = |i: usize| root * store[((2 * draw + 1) * classes + i) % STORE];
        softmax(&mut p, own);
        softmax(&mut apart, other);
        let known = dot(&p, &apart) - 1.0 / classes as f64;
        for (sum, c) in sums.iter_mut().zip(correlations) {
            let c = c.clamp(-1.0, 1.0);
            let s = (1.0 - c * c).sqrt();
            softmax(&mut alike, |i| c * own(i) + s * other(i));
            *sum += dot(&p, &alike) - (1.0 - c.abs()) * known;
        }
    }
    sums.into_iter().map(|sum| sum / draws as f64).collect()
}

/// E(pᵢ − yᵢ)(p'ᵢ − y'ᵢ), summed over i, from [`agreements`], for labels y that are independent of the logits.
///
/// ```text
/// E Σ p·p' − 2/C + [y = y']
/// ```
pub(crate) fn residual_product(classes: usize, agreement: f64, same_class: bool) -> f64 {
    agreement - 2.0 / classes.max(1) as f64 + f64::from(u8::from(same_class))
}

/// Writes the softmax of the logits into z.
fn softmax(z: &mut [f64], logit: impl Fn(usize) -> f64) {
    z.iter_mut().enumerate().for_each(|(i, z)| *z = logit(i));
    let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    z.iter_mut().for_each(|z| *z = libm::exp(*z - top));
    let sum: f64 = z.iter().sum();
    z.iter_mut().for_each(|z| *z /= sum);
}

fn normals() -> &'static [f64] {
    static NORMALS: OnceLock<Vec<f64>> = OnceLock::new();
    NORMALS.get_or_init(|| {
        let mut stream = Stream::new(0, "softmax");
        (0..STORE).map(|_| stream.normal()).collect()
    })
}
