//! How sharply a softmax over normal logits selects, as sums of powers of its weights, exactly.
//!
//! Logits s·g₁ … s·g_m with g standard normal, weights a_i = e^{s·g_i}/Z. Since
//! Z^{−k} = ∫ λ^{k−1}·e^{−λZ} dλ/(k − 1)!, and e^{−λZ} is a product over positions, each average is one
//! integral over u = ln λ, at all m at once:
//!
//! ```text
//! f_k(u) = E e^{k·x − eˣ},  x = u + s·g                        f_0 ∈ (0, 1)
//! E Σ a^k  = m/(k − 1)!·∫ f_k·f_0^{m−1} du
//! E (Σ a²)² = E Σ a⁴ + m·(m − 1)/3!·∫ f_2²·f_0^{m−2} du
//! ```

use super::gauss::{cdf, pdf};

/// Beyond this s a softmax counts as one-hot.
const LARGEST: f64 = 1e4;

/// The distance of nodes, in x and in g; the averaged functions are smooth on this scale.
const STEP: f64 = 0.5;

/// The sharpness at the positions m = 1..T of a causal window, where position m selects among m.
#[derive(Clone, Debug, PartialEq)]
pub struct Sharpness {
    /// A = E Σ a² by position, which is also 1 − (d E ln Z/ds)/s. It is 1/m if all weights are equal, and 1 if one
    /// position has all the weight.
    pub squares: Vec<f64>,
    /// ⟨E [Σ a² − 2·Σ a³ + (Σ a²)²]⟩ over positions: the mean square of the gradient that passes the softmax to its
    /// logits, relative to that at a value. It is near A while A is small, and 0 for a one-hot softmax.
    pub passed: f64,
}

/// The sharpness in a window of T positions whose logits have the standard deviation s.
pub fn sharpness(context: usize, s: f64) -> Sharpness {
    let s = s.abs().min(LARGEST);
    let mut squares = vec![0.0; context.max(1)];
    let t = squares.len() as f64;
    let nodes = Nodes::new(s);
    let mut passed = 0.0;
    let step = STEP * (s / 5.0).max(1.0);
    for i in range(s, t, step) {
        let [f0, f2, f3, f4] = nodes.at(step * f64::from(i), s);
        // The powers f_0^{m−1} and f_0^{m−2}.
        let (mut power, mut before) = (1.0, 0.0);
        for (square, m) in squares.iter_mut().zip(1..) {
            let m = f64::from(m);
            let part = m * f2 * power;
            *square += step * part;
            passed += part - m * (f3 - f4 / 6.0) * power + m * (m - 1.0) / 6.0 * f2 * f2 * before;
            (power, before) = (power * f0, power);
        }
    }
    Sharpness { squares, passed: (step * passed / t).max(0.0) }
}

impl Sharpness {
    /// ⟨A⟩ over positions.
    pub fn concentration(&self) -> f64 {
        self.squares.iter().sum::<f64>() / self.squares.len() as f64
    }

    /// ⟨E Σ a·a'⟩ of two rows whose logits have the correlation ρ, over positions.
    ///
    /// ```text
    /// E Σ a·a' ≈ (m·A)^ρ/m
    /// ```
    ///
    /// It is exact at ρ = 0 and 1, and for small s, where A = e^{s²}/m; elsewhere it is within a quarter of drawn
    /// softmaxes.
    pub fn overlap(&self, correlation: f64) -> f64 {
        self.overlaps(correlation).sum::<f64>() / self.squares.len() as f64
    }

    /// The same over pairs of different positions. A pair has those positions in common that the earlier one sees, with
    /// the later one's weights on them.
    pub(crate) fn pair_overlap(&self, correlation: f64) -> f64 {
        // In a pair of two positions m is the later one. It has m − 1 partners, each counted twice, of T(T − 1) in all.
        let weighted = self.overlaps(correlation).enumerate().map(|(others, overlap)| others as f64 * overlap);
        let t = self.squares.len() as f64;
        2.0 * weighted.sum::<f64>() / (t * (t - 1.0)).max(1.0)
    }

    fn overlaps(&self, correlation: f64) -> impl Iterator<Item = f64> {
        let rho = correlation.clamp(0.0, 1.0);
        self.squares.iter().zip(1..).map(move |(a, m)| libm::pow(f64::from(m) * a, rho) / f64::from(m))
    }
}

/// The share of a position's variance that is its own after this many averages over the positions so far, averaged over
/// the positions after the first.
///
/// ```text
/// A_ts = 1/t for s ≤ t        (A^L)_tt²/Σ_s (A^L)_ts²
/// ```
pub fn own_share(context: usize, averages: usize) -> f64 {
    let mut rows: Vec<Vec<f64>> =
        (0..context).map(|t| (0..=t).map(|s| f64::from(u8::from(s == t))).collect()).collect();
    for _ in 0..averages {
        let mut sums = vec![0.0; context];
        for (row, t) in rows.iter_mut().zip(1..) {
            sums.iter_mut().zip(&*row).for_each(|(sum, part)| *sum += part);
            *row = sums[..t].iter().map(|sum| sum / t as f64).collect();
        }
    }
    let part = |row: &Vec<f64>| row.last().map_or(1.0, |own| own * own) / row.iter().map(|x| x * x).sum::<f64>();
    let others = context.saturating_sub(1);
    if others == 0 { 1.0 } else { rows[1..].iter().map(part).sum::<f64>() / others as f64 }
}

/// The mean of the largest weight at the last of T positions.
///
/// ```text
/// h(u, g) = E [e^{−eˣ}; below g]      E max a = ∫∫ eˣ·d(h^m) du
/// ```
pub fn peak(positions: usize, s: f64) -> f64 {
    largest(positions, s, libm::pow)
}

/// The same averaged over the positions m = 1..T of a causal window, as [`Sharpness`] does for Σ a².
pub fn mean_peak(context: usize, s: f64) -> f64 {
    largest(context, s, |h, t| {
        let rest = 1.0 - h;
        // Σ hᵐ/T for m = 1..T
        if rest * t < 1e-8 { 1.0 - 0.5 * (t + 1.0) * rest } else { h * -libm::expm1(t * libm::log(h)) / (t * rest) }
    })
}

fn largest(positions: usize, s: f64, law: impl Fn(f64, f64) -> f64) -> f64 {
    // e^{−eˣ} is 1 for x below `BELOW`, and 0 for x above `ABOVE`.
    const BELOW: f64 = -16.0;
    const ABOVE: f64 = 4.0;
    const FINE: f64 = 0.1;
    let s = s.abs().clamp(1e-3, LARGEST);
    let t = positions.max(1) as f64;
    let step = STEP * (s / 5.0).max(1.0);
    let mut sum = 0.0;
    for i in range(s, t, step) {
        let u = step * f64::from(i);
        let (from, to) = (((BELOW - u) / s).max(-8.5), ((ABOVE - u) / s).min(8.5));
        let count = ((to - from) * s.max(1.0) / FINE).ceil().max(0.0);
        let width = (to - from) / count;
        let mut h = cdf(from);
        let mut reached = law(h, t);
        for j in 0..count as i32 {
            let x = u + s * (from + width * (f64::from(j) + 0.5));
            let bound = libm::exp(x);
            h += width * pdf((x - u) / s) * libm::exp(-bound);
            let next = law(h.min(1.0), t);
            sum += bound * (next - reached);
            reached = next;
        }
    }
    (step * sum).min(1.0)
}

/// The multiples of the step in u between which the whole integral lies.
fn range(s: f64, t: f64, step: f64) -> std::ops::RangeInclusive<i32> {
    let low = 9.0 * s + 12.0 + libm::log(t);
    let high = 9.0 * s + 4.0;
    -((low / step).ceil() as i32)..=(high / step).ceil() as i32
}

/// The nodes of the averages over x, which are over g while s is small, else over x itself.
enum Nodes {
    /// The values s·g, each with its weight.
    Narrow(Vec<[f64; 2]>),
    /// The values x; e^{x − eˣ}, which is the density of −ln of a Gumbel number and gives f_0 by Φ; the same times eˣ,
    /// e²ˣ and e³ˣ; each is multiplied by the step.
    Wide(Vec<[f64; 5]>),
}

impl Nodes {
    fn new(s: f64) -> Self {
        let grid = |from: i32, to: i32| (from..=to).map(|i| STEP * f64::from(i));
        if s <= 1.0 {
            return Self::Narrow(grid(-15, 15).map(|g| [s * g, STEP * pdf(g)]).collect());
        }
        let node = |x: f64| {
            let e = libm::exp(x);
            let density = STEP * libm::exp(x - e);
            [x, density, e * density, e * e * density, e * e * e * density]
        };
        Self::Wide(grid(-44, 9).map(node).collect())
    }

    /// The values of f_0, f_2, f_3 and f_4 at u.
    fn at(&self, u: f64, s: f64) -> [f64; 4] {
        let mut f = [0.0; 4];
        match self {
            Self::Narrow(nodes) => {
                for [x, weight] in nodes {
                    let e = libm::exp(u + x);
                    let part = weight * libm::exp(-e);
                    f[0] += part;
                    f[1] += e * e * part;
                    f[2] += e * e * e * part;
                    f[3] += e * e * e * e * part;
                }
            }
            Self::Wide(nodes) => {
                for [x, density, second, third, fourth] in nodes {
                    let g = (x - u) / s;
                    f[0] += density * cdf(g);
                    let law = pdf(g) / s;
                    f[1] += second * law;
                    f[2] += third * law;
                    f[3] += fourth * law;
                }
            }
        }
        // Rounding may bring f_0 above 1.
        f[0] = f[0].min(1.0);
        f
    }
}
