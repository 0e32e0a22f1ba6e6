//! The averages behind [`super::moments`], scaled so that they are numbers of order 1 at any q.

use std::f64::consts::PI;

use super::activation::{Activation, LEAK};
use super::table;

/// Where ln q is beyond ± this number all averages are powers of q, to 13 digits.
pub(crate) const SETTLED: f64 = 64.0;

/// Averages of ψ = (φ − φ(0))/scale, with ψ of order 1, so that no power of it over- or underflows
/// and no variance is a difference of two large numbers.
pub(crate) struct Averages {
    pub(crate) scale: f64,
    /// The value φ(0), which ψ leaves out.
    pub(crate) centre: f64,
    pub(crate) first: f64,
    pub(crate) second: f64,
    pub(crate) third: f64,
    pub(crate) fourth: f64,
    /// The mean square of the slope, E φ'², which is not scaled.
    pub(crate) slope: f64,
    /// d E ψ²/d ln q = √q·`E[g·ψ·ψ']`, with the scale held.
    pub(crate) growth_second: f64,
    /// 2·d E ψ/d ln q = √q·`E[g·ψ']`.
    pub(crate) growth_first: f64,
    /// The kurtosis of the slope, E φ'⁴/(E φ'²)².
    pub(crate) slope_peak: f64,
}

pub(crate) fn averages(activation: Activation, q: f64) -> Averages {
    let root = q.sqrt();
    match activation {
        Activation::Linear => piecewise(root, -1.0),
        Activation::Relu => piecewise(root, 0.0),
        Activation::LeakyRelu => piecewise(root, -LEAK),
        Activation::Leaky(slope) => piecewise(root, -slope.value()),
        Activation::ReluSquared => squared(root),
        Activation::Sin => sine(q),
        _ => tabled(activation, root),
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
        slope_peak: 0.5 * (1.0 + square * square) / (second * second),
    }
}

/// φ(x) = x² for x > 0: E[g²; g > 0] = 1/2, E[g⁴] = 3/2, E[g⁶] = 15/2, E[g⁸] = 105/2, and
/// φ'² = 4·relu².
fn squared(root: f64) -> Averages {
    let scale = root * root;
    Averages {
        scale,
        centre: 0.0,
        first: 0.5,
        second: 1.5,
        third: 7.5,
        fourth: 52.5,
        slope: 2.0 * scale,
        growth_second: 3.0,
        growth_first: 1.0,
        slope_peak: 6.0,
    }
}

/// sin, from E cos(a·x) = e^{−a²q/2}: no quadrature follows the waves of a large q.
///
/// ```text
/// E sin² = (1 − e^{−2q})/2    E cos² = (1 + e^{−2q})/2    E sin⁴ = (3 − 4·e^{−2q} + e^{−8q})/8
/// ```
fn sine(q: f64) -> Averages {
    // The averages are relative to q while that is small. u = −expm1(−2q) keeps its digits in
    // 3 − 4·e^{−2q} + e^{−8q} = u²·(6 − 4u + u²).
    let u = -libm::expm1(-2.0 * q);
    let scale = q.min(1.0).sqrt();
    let square = scale * scale;
    Averages {
        scale,
        centre: 0.0,
        first: 0.0,
        second: 0.5 * u / square,
        third: 0.0,
        fourth: 0.125 * (u / square) * (u / square) * (6.0 - 4.0 * u + u * u),
        slope: 1.0 - 0.5 * u,
        growth_second: q * libm::exp(-2.0 * q) / square,
        growth_first: 0.0,
        // E cos⁴ = (3 + 4·e^{−2q} + e^{−8q})/8
        slope_peak: 0.125 * (3.0 + 4.0 * libm::exp(-2.0 * q) + libm::exp(-8.0 * q))
            / ((1.0 - 0.5 * u) * (1.0 - 0.5 * u)),
    }
}

fn tabled(activation: Activation, root: f64) -> Averages {
    let ([first, second, third, fourth, slope, growth_second, growth_first, slope_fourth], ..) =
        table::averages(activation, root);
    let (scale, centre) = (table::scale(activation, root), activation.apply(0.0));
    let slope_peak = slope_fourth / (slope * slope);
    Averages { scale, centre, first, second, third, fourth, slope, growth_second, growth_first, slope_peak }
}
