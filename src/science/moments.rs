//! Averages of an activation over a Gaussian pre-activation z = √q·g, g ~ N(0, 1). All predictions
//! of the lab are made of these few numbers (Poole 2016, arXiv:1606.05340; Schoenholz 2017,
//! arXiv:1611.01232).
//!
//! ```text
//! M(q) = E φ(√q·g)      V(q) = E φ(√q·g)²      D(q) = E φ'(√q·g)²
//! ```
//!
//! Deep networks leave the range of f64 in q, so there is a second form in logarithms.

use std::f64::consts::PI;
use std::sync::OnceLock;

use super::activation::{Activation, LEAK};
use super::gauss;

/// Averages of φ at one q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// M(q) = E φ.
    pub mean: f64,
    /// V(q) = E φ².
    pub second: f64,
    /// D(q) = E φ'².
    pub slope: f64,
    /// E φ⁴.
    pub fourth: f64,
}

/// The same in logarithms and ratios, which stay finite at any depth. Means of the activations
/// here are never negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogMoments {
    /// ln M(q); −∞ for the odd functions.
    pub mean: f64,
    /// ln(V − M²), the variance of the activation.
    pub variance: f64,
    /// ln V(q).
    pub second: f64,
    /// ln D(q).
    pub slope: f64,
    /// E φ⁴/V² − 1: variance of ln of a mean of n squares, times n.
    pub noise: f64,
    /// d ln V/d ln q: how much of a relative change of q goes on to the next layer.
    pub sensitivity: f64,
}

/// M, V, D and E φ⁴ at q ≥ 0. Closed forms for linear, ReLU and leaky ReLU, quadrature to about 13
/// digits for the others. q above 10³⁰⁰ counts as 10³⁰⁰.
pub fn moments(activation: Activation, q: f64) -> Moments {
    if q.is_nan() || q <= 0.0 {
        let (value, slope) = (activation.apply(0.0), activation.derivative(0.0));
        // ReLU has no derivative at 0; as q goes to 0 its mean square stays 1/2.
        let slope = match activation.kink() {
            Some(_) => averages(activation, 1.0).slope,
            None => slope * slope,
        };
        let second = value * value;
        return Moments { mean: value, second, slope, fourth: second * second };
    }
    let a = averages(activation, q.clamp(1e-300, 1e300));
    // E(c + sψ)² and E(c + sψ)⁴
    let (c, s) = (a.centre, a.scale);
    let (c2, s2) = (c * c, s * s);
    let even = c2 * c2 + 6.0 * c2 * s2 * a.second + s2 * s2 * a.fourth;
    let odd = 4.0 * c * s * (c2 * a.first + s2 * a.third);
    Moments {
        mean: c + s * a.first,
        second: c2 + 2.0 * c * s * a.first + s2 * a.second,
        slope: a.slope,
        fourth: if c == 0.0 { even } else { even + odd },
    }
}

/// Beyond q = e^±this all averages are powers of q, to 13 digits.
const SETTLED: f64 = 64.0;

/// The logarithmic form at ln q, which may be −∞. Beyond [`SETTLED`] it is continued as a power.
pub fn log_moments(activation: Activation, ln_q: f64) -> LogMoments {
    let near = ln_q.clamp(-SETTLED, SETTLED);
    let beyond = ln_q - near;
    let a = if beyond == 0.0 { &averages(activation, libm::exp(near)) } else { settled(activation, beyond > 0.0) };
    let ln_scale = libm::log(a.scale);
    let centre = a.centre / a.scale;
    let mean = centre + a.first;
    let variance = a.second - a.first * a.first;
    let second = variance + mean * mean;
    let sensitivity = (a.growth_second + centre * a.growth_first) / second;
    // φ is constant (a saturated tanh, the ½ of the logistic) or linear out there.
    let carry = |constant: bool| if constant { 0.0 } else { beyond };
    let saturated = activation.bounded() && beyond > 0.0;
    let offset = a.centre != 0.0;
    LogMoments {
        mean: libm::log(mean.max(0.0)) + ln_scale + 0.5 * carry(saturated || offset),
        variance: libm::log(variance) + 2.0 * ln_scale + carry(saturated),
        second: libm::log(second) + 2.0 * ln_scale + carry(saturated || offset),
        // The share of z within reach of the step shrinks as 1/√q.
        slope: libm::log(a.slope) - 0.5 * carry(!saturated),
        noise: a.noise().max(0.0),
        sensitivity,
    }
}

/// `E[φ(u₁)φ(u₂)]` for u₁, u₂ ~ N(0, q) with correlation c. Closed forms for linear, ReLU (Cho & Saul
/// 2009) and leaky ReLU, [`gauss::expect_product`] for the others.
///
/// ```text
/// ReLU:  q·[√(1 − c²) + (π − arccos c)·c]/2π
/// leaky: φ = (1 − a)·relu + a·x  ⇒  (1 − a)²·ReLU + a·q·c
/// ```
pub fn correlation(activation: Activation, q: f64, c: f64) -> f64 {
    let c = c.clamp(-1.0, 1.0);
    let relu = || q * ((1.0 - c * c).sqrt() + (PI - libm::acos(c)) * c) / (2.0 * PI);
    match activation {
        Activation::Linear => q * c,
        Activation::Relu => relu(),
        Activation::LeakyRelu => (1.0 - LEAK) * (1.0 - LEAK) * relu() + LEAK * q * c,
        _ => {
            let root = q.sqrt();
            gauss::expect_product(c, root, |x| activation.apply(root * x))
        }
    }
}

/// `E[φ'(u₁)φ'(u₂)]`, as [`correlation`] of the derivatives.
///
/// ```text
/// ReLU:  (π − arccos c)/2π        leaky: φ' = (1 − a)·step + a  ⇒  (1 − a)²·ReLU + a
/// ```
pub fn slope_correlation(activation: Activation, q: f64, c: f64) -> f64 {
    let c = c.clamp(-1.0, 1.0);
    let relu = || (PI - libm::acos(c)) / (2.0 * PI);
    match activation {
        Activation::Linear => 1.0,
        Activation::Relu => relu(),
        Activation::LeakyRelu => (1.0 - LEAK) * (1.0 - LEAK) * relu() + LEAK,
        _ => {
            let root = q.sqrt();
            gauss::expect_product(c, root, |x| activation.derivative(root * x))
        }
    }
}

/// Averages of ψ = (φ − φ(0))/scale, with ψ of order 1, so that no power of it over- or underflows
/// and no variance is a difference of two large numbers.
struct Averages {
    scale: f64,
    /// φ(0).
    centre: f64,
    first: f64,
    second: f64,
    third: f64,
    fourth: f64,
    /// E φ'², not scaled.
    slope: f64,
    /// d E ψ²/d ln q = √q·`E[g·ψ·ψ']`, with the scale held.
    growth_second: f64,
    /// 2·d E ψ/d ln q = √q·`E[g·ψ']`.
    growth_first: f64,
}

impl Averages {
    /// Var φ²/V², from φ = s·(c + ψ): Var(2cψ + ψ²)/(c² + 2c·E ψ + E ψ²)².
    fn noise(&self) -> f64 {
        let square = self.fourth - self.second * self.second;
        let c = self.centre / self.scale;
        if c == 0.0 {
            return square / (self.second * self.second);
        }
        // Over c⁴, which may be too large for f64.
        let k = 1.0 / c;
        let variance = self.second - self.first * self.first;
        let covariance = self.third - self.first * self.second;
        let mean = 1.0 + k * (2.0 * self.first + k * self.second);
        k * k * (4.0 * variance + k * (4.0 * covariance + k * square)) / (mean * mean)
    }
}

/// The averages at one end of the range, kept: an exploding network asks for them at every layer.
fn settled(activation: Activation, high: bool) -> &'static Averages {
    static ENDS: [[OnceLock<Averages>; 2]; Activation::ALL.len()] =
        [const { [const { OnceLock::new() }; 2] }; Activation::ALL.len()];
    let end = if high { SETTLED } else { -SETTLED };
    ENDS[activation as usize][usize::from(high)].get_or_init(|| averages(activation, libm::exp(end)))
}

fn averages(activation: Activation, q: f64) -> Averages {
    let root = q.sqrt();
    match activation {
        Activation::Linear => piecewise(root, -1.0),
        Activation::Relu => piecewise(root, 0.0),
        Activation::LeakyRelu => piecewise(root, -LEAK),
        Activation::Gelu | Activation::Silu | Activation::Tanh | Activation::Sigmoid => integrated(activation, root),
    }
}

/// φ(x) = x for x > 0 and −left·x below, in closed form: half moments of the normal distribution
/// are `E[g; g > 0]` = 1/√(2π), `E[g²]` = 1/2, `E[g³]` = 2/√(2π), `E[g⁴]` = 3/2.
fn piecewise(root: f64, left: f64) -> Averages {
    let half = 1.0 / (2.0 * PI).sqrt();
    let square = left * left;
    let first = half * (1.0 + left);
    let second = 0.5 * (1.0 + square);
    Averages {
        scale: root,
        centre: 0.0,
        first,
        second,
        third: 2.0 * half * (1.0 + square * left),
        fourth: 1.5 * (1.0 + square * square),
        slope: second,
        growth_second: second,
        growth_first: first,
    }
}

/// φ(x) − φ(0), without the cancellation at small x.
pub(crate) fn centred(activation: Activation, x: f64) -> f64 {
    match activation {
        // σ(x) − ½ = tanh(x/2)/2
        Activation::Sigmoid => 0.5 * libm::tanh(0.5 * x),
        _ => activation.apply(x),
    }
}

fn integrated(activation: Activation, root: f64) -> Averages {
    let psi = |x: f64| centred(activation, x);
    let scale = psi(root).abs();
    let [first, second, third, fourth, slope, growth_second, growth_first] = gauss::expect_smooth(root, |g| {
        let x = root * g;
        let value = psi(x) / scale;
        let square = value * value;
        let slope = activation.derivative(x);
        let growth = x * slope / scale;
        [value, square, square * value, square * square, slope * slope, growth * value, growth]
    });
    Averages { scale, centre: activation.apply(0.0), first, second, third, fourth, slope, growth_second, growth_first }
}

/// ln(eᵃ + eᵇ); −∞ stands for 0.
pub(crate) fn log_add(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + libm::log1p(libm::exp(low - high)) }
}
