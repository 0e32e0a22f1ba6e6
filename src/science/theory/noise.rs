//! The random variation of a layer of finite width: how far the variance and the mean of φ over its units deviate, and
//! how far they do so together in two examples.

use std::sync::OnceLock;

use super::super::activation::{Activation, LEAK};
use super::super::gauss;
use super::super::moments::LogMoments;
use super::super::table::{self, SQUARES};

/// The Hermite coefficients of φ at one q, of φ itself and of (φ − M)², over √Var φ and Var φ.
///
/// ```text
/// φ = Σ a_k·h_k,  (φ − M)² = Σ d_k·h_k:    n·Cov(α, α') = Σ_{k≥1} d_k·d'_k·c^k
///     n·Cov(α, β') = Σ d_k·a'_k·c^k        n·Cov(β, β') = Σ a_k·a'_k·c^k
/// ```
///
/// α and β are the changes of variance and mean of φ over n units, relative to Var φ and √Var φ. One example has q and
/// the other q', and c is the correlation of their z. Orders beyond those that are kept count as the eighth.
pub(super) struct Noise {
    values: [f64; SQUARES],
    squares: [f64; SQUARES],
    /// The sums at c = 1 of α² and of α·β.
    peak: f64,
    skew: f64,
}

impl Noise {
    /// The coefficients at ln q, where the averages of φ are already known.
    pub(super) fn new(activation: Activation, ln_q: f64, averages: &LogMoments) -> Self {
        let ([first, second], values, squares) = coefficients(activation, ln_q);
        let variance = second - first * first;
        let deviation = variance.sqrt();
        let of = |k: usize| (squares[k] - 2.0 * first * values[k]) / variance;
        Self {
            values: values.map(|a| a / deviation),
            squares: std::array::from_fn(of),
            peak: averages.peak,
            skew: averages.skew,
        }
    }

    /// The covariances of α with α', of α with β', and of β with α'. The correlation c is random too; it is given by
    /// its mean and the root of its mean square, on which even orders depend.
    pub(super) fn with(&self, other: &Self, [c, root]: [f64; 2]) -> [f64; 3] {
        let square = (root * root).min(1.0);
        let sum = |a: &[f64; SQUARES], b: &[f64; SQUARES]| {
            let product = |k: usize| a[k] * b[k];
            let odd = product(0) + square * (product(2) + square * product(4));
            let even = product(1) + square * (product(3) + square * product(5));
            c * odd + square * even
        };
        let beyond = square * square * square * square;
        let rest = |one: &Self| {
            let sum = |a: &[f64; SQUARES]| one.squares.iter().zip(a).map(|(d, a)| d * a).sum::<f64>();
            ((one.peak - sum(&one.squares)).max(0.0), one.skew - sum(&one.values))
        };
        let ((peak, skew), (peak_2, skew_2)) = (rest(self), rest(other));
        let mixed = 0.5 * (skew + skew_2) * beyond;
        [
            sum(&self.squares, &other.squares) + (peak * peak_2).sqrt() * beyond,
            sum(&self.squares, &other.values) + mixed,
            sum(&self.values, &other.squares) + mixed,
        ]
    }
}

/// The averages E ψ, E ψ², `E[ψ·h_k]` and `E[ψ²·h_k]` for ψ = (φ − φ(0))/scale.
fn coefficients(activation: Activation, ln_q: f64) -> ([f64; 2], [f64; SQUARES], [f64; SQUARES]) {
    let near = ln_q.clamp(-30.0, 100.0);
    match activation {
        Activation::Linear => kinked(1.0),
        Activation::Relu => kinked(0.0),
        Activation::LeakyRelu => kinked(LEAK),
        Activation::ReluSquared => {
            ([0.5, 1.5], halves().map(|[_, square, _]| square), halves().map(|[.., fourth]| fourth))
        }
        Activation::Sin => sine(libm::exp(near)),
        _ => {
            let ([first, second, ..], hermite, squares) = table::averages(activation, libm::exp(0.5 * near));
            ([first, second], std::array::from_fn(|k| hermite[k]), squares)
        }
    }
}

/// The coefficients of φ(x) = x for x > 0 and left·x below, where h_k is as odd or even as k.
fn kinked(left: f64) -> ([f64; 2], [f64; SQUARES], [f64; SQUARES]) {
    let sign = |k: usize| if k.is_multiple_of(2) { -1.0 } else { 1.0 };
    let halves = halves();
    let values = std::array::from_fn(|k| halves[k][0] * (1.0 + sign(k + 1) * left));
    let squares = std::array::from_fn(|k| halves[k][1] * (1.0 - sign(k + 1) * left * left));
    let half = gauss::pdf(0.0);
    ([half * (1.0 - left), 0.5 * (1.0 + left * left)], values, squares)
}

/// The half moments `E[g·h_k; g > 0]`, and those of g² and g⁴, from k = 1.
fn halves() -> [[f64; 3]; SQUARES] {
    static HALVES: OnceLock<[[f64; 3]; SQUARES]> = OnceLock::new();
    *HALVES.get_or_init(|| {
        std::array::from_fn(|index| {
            gauss::expect_all(1.0, |g| {
                let (mut before, mut here) = (0.0, 1.0);
                for k in 0..=index {
                    (before, here) = (here, (g * here - (k as f64).sqrt() * before) / ((k + 1) as f64).sqrt());
                }
                let x = g.max(0.0);
                [x * here, x * x * here, x * x * x * x * here]
            })
        })
    })
}

/// The coefficients of sin: `E[sin(s·g)·h_k]` = ±s^k·e^{−s²/2}/√k! for odd k, and likewise for even k by
/// sin² = (1 − cos 2x)/2.
fn sine(q: f64) -> ([f64; 2], [f64; SQUARES], [f64; SQUARES]) {
    let s = q.sqrt();
    let mut values = [0.0; SQUARES];
    let mut squares = [0.0; SQUARES];
    let mut root = 1.0;
    for index in 0..SQUARES {
        let k = index + 1;
        root *= (k as f64).sqrt();
        let sign = if (k / 2).is_multiple_of(2) { 1.0 } else { -1.0 };
        let wave = |s: f64| sign * libm::exp(k as f64 * libm::log(s) - 0.5 * s * s) / root;
        if k.is_multiple_of(2) {
            squares[index] = -0.5 * wave(2.0 * s);
        } else {
            values[index] = wave(s);
        }
    }
    ([0.0, -0.5 * libm::expm1(-2.0 * q)], values, squares)
}
