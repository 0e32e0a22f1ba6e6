//! Averages of an activation over a Gaussian pre-activation z = √q·g, g ~ N(0, 1). All predictions
//! of the lab are made of these few numbers (Poole 2016, arXiv:1606.05340; Schoenholz 2017,
//! arXiv:1611.01232).
//!
//! ```text
//! M(q) = E φ(√q·g)      V(q) = E φ(√q·g)²      D(q) = E φ'(√q·g)²
//! ```
//!
//! In deep networks q leaves the range of f64, so there is a second form in logarithms.

use super::activation::Activation;
use super::averages::{SETTLED, averages};

/// The averages of φ at one q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// The mean M(q) = E φ.
    pub mean: f64,
    /// The mean square V(q) = E φ².
    pub second: f64,
    /// The mean square of the slope, D(q) = E φ'².
    pub slope: f64,
    /// The fourth moment E φ⁴.
    pub fourth: f64,
}

/// The same averages as logarithms and ratios, which stay finite at any depth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogMoments {
    /// ln |M(q)|; −∞ for the odd functions.
    pub mean: f64,
    /// Whether M is negative, as that of SELU is at q < 1.
    pub negative: bool,
    /// ln(V − M²), the variance of the activation.
    pub variance: f64,
    /// The mean square, ln V(q).
    pub second: f64,
    /// The mean square of the slope, ln D(q).
    pub slope: f64,
    /// d ln V/d ln q, the share of a relative change of q that goes on to the next layer.
    pub sensitivity: f64,
    /// d ln(V − M²)/d ln q.
    pub variance_growth: f64,
    /// (dM/d ln q)/√(V − M²).
    pub mean_growth: f64,
    /// E(φ − M)³/(V − M²)^{3/2}.
    pub skew: f64,
    /// E(φ − M)⁴/(V − M²)² − 1, which is n times the variance of the logarithm of a variance over n units.
    pub peak: f64,
    /// The kurtosis of the slope, E φ'⁴/D².
    pub slope_peak: f64,
    /// The share of the variance that does not come from dropout's masks; it is 1 without dropout.
    pub own: f64,
}

/// M, V, D and E φ⁴ at q ≥ 0, by closed forms where there are any, else from a table with ten digits. A q above 10³⁰⁰
/// counts as 10³⁰⁰.
pub fn moments(activation: Activation, q: f64) -> Moments {
    if q.is_nan() || q <= 0.0 {
        let (value, slope) = (activation.apply(0.0), activation.derivative(0.0));
        // ReLU has no derivative at 0, but as q goes to 0 its mean square stays 1/2. The same holds for SELU.
        let slope = match activation.kink() {
            Some(_) => averages(activation, 1e-30).slope,
            None => slope * slope,
        };
        let second = value * value;
        return Moments { mean: value, second, slope, fourth: second * second };
    }
    let a = averages(activation, q.clamp(1e-300, 1e300));
    // E(c + sψ)² and E(c + sψ)⁴
    let (c, s) = (a.centre, a.scale);
    let (c2, s2) = (c * c, s * s);
    // Where φ(0) = 0 only the fourth power is left, and the other terms may be 0·∞.
    let offset = c2 * c2 + 6.0 * c2 * s2 * a.second + 4.0 * c * s * (c2 * a.first + s2 * a.third);
    Moments {
        mean: c + s * a.first,
        second: c2 + 2.0 * c * s * a.first + s2 * a.second,
        slope: a.slope,
        fourth: s2 * s2 * a.fourth + if c == 0.0 { 0.0 } else { offset },
    }
}

/// The logarithmic form at ln q, which may be −∞. Beyond [`SETTLED`] it is continued as a power of q.
pub fn log_moments(activation: Activation, ln_q: f64) -> LogMoments {
    let near = ln_q.clamp(-SETTLED, SETTLED);
    let beyond = ln_q - near;
    let a = averages(activation, libm::exp(near));
    let ln_scale = libm::log(a.scale);
    let centre = a.centre / a.scale;
    let mean = centre + a.first;
    let variance = a.second - a.first * a.first;
    let deviation = variance.sqrt();
    let second = variance + mean * mean;
    let fourth = a.fourth - a.first * (4.0 * a.third - a.first * (6.0 * a.second - 3.0 * a.first * a.first));
    let sensitivity = (a.growth_second + centre * a.growth_first) / second;
    // Far out φ − φ(0) goes as |x|^power. Near 0, φ(0) itself is the larger part.
    let power = match (activation, beyond > 0.0) {
        (Activation::ReluSquared, _) => 2.0,
        (_, true) if activation.bounded() => 0.0,
        _ => 1.0,
    };
    // `beyond` may be infinite where the power is 0.
    let carried = |power: f64| if power == 0.0 { 0.0 } else { power * beyond };
    let whole = if a.centre != 0.0 && beyond < 0.0 { 0.0 } else { power };
    let slope = match (activation, power) {
        (Activation::Sin, _) => 0.0,
        // The share of z within reach of the step shrinks as 1/√q.
        (_, 0.0) => -0.5,
        _ => power - 1.0,
    };
    LogMoments {
        mean: libm::log(mean.abs()) + ln_scale + carried(0.5 * whole),
        negative: mean < 0.0,
        variance: libm::log(variance) + 2.0 * ln_scale + carried(power),
        second: libm::log(second) + 2.0 * ln_scale + carried(whole),
        slope: libm::log(a.slope) + carried(slope),
        sensitivity,
        variance_growth: (a.growth_second - a.first * a.growth_first) / variance,
        mean_growth: 0.5 * a.growth_first / deviation,
        skew: (a.third - a.first * (3.0 * a.second - 2.0 * a.first * a.first)) / (variance * deviation),
        peak: (fourth / (variance * variance) - 1.0).max(0.0),
        slope_peak: a.slope_peak,
        own: 1.0,
    }
}

impl LogMoments {
    /// The averages of a multiple of φ, given by ln of the factor's square.
    pub(crate) fn shifted(self, by: f64) -> Self {
        Self { mean: self.mean + 0.5 * by, variance: self.variance + by, second: self.second + by, ..self }
    }

    /// The averages of m·φ/k, where a mask m is 1 with probability k = 1 − p and else 0, drawn anew for each example.
    ///
    /// ```text
    /// E = M,  E² = V/k,  D/k       Var = V/k − M² = (Var φ + p·M²)/k,   own = Var φ/Var
    /// δVar/Var = x·δVar φ/Var φ + y·δM/√Var φ,   x = Var φ/(Var φ + p·M²),   y = 2·p·M·√Var φ/(same)
    /// ```
    ///
    /// Growth, skew and peak are those of φ alone, because masks average out over a batch.
    pub fn dropped(self, p: f64) -> Self {
        if p == 0.0 || self.second == f64::NEG_INFINITY {
            return self;
        }
        let kept = libm::log1p(-p);
        let [own, square] = [self.variance, 2.0 * self.mean].map(|part| libm::exp(part - self.second));
        let whole = own + p * square;
        let (x, y) = (own / whole, 2.0 * p * (own * square).sqrt() / whole);
        let y = if self.negative { -y } else { y };
        let own = (1.0 - p) * x;
        let w = own.sqrt();
        Self {
            variance: log_add(self.variance, libm::log(p) + 2.0 * self.mean) - kept,
            second: self.second - kept,
            slope: self.slope - kept,
            variance_growth: x * self.variance_growth + y * self.mean_growth,
            mean_growth: w * self.mean_growth,
            skew: w * (x * self.skew + y),
            peak: x * x * self.peak + 2.0 * x * y * self.skew + y * y,
            own,
            ..self
        }
    }
}

/// ln(eᵃ + eᵇ); −∞ stands for 0.
pub(crate) fn log_add(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + libm::log1p(libm::exp(low - high)) }
}
