//! Where a deep network comes to rest: the variance of its pre-activations, the correlation of two
//! inputs, and how fast either gets there (Poole 2016, arXiv:1606.05340; Schoenholz 2017,
//! arXiv:1611.01232).
//!
//! ```text
//! q ← σ_w²·V(q) + σ_b²                     χ_q = σ_w²·V'(q*)
//! c ← (σ_w²·E φ(u)φ(v) + σ_b²)/q*          χ_c = σ_w²·E φ'(u)φ'(v) at c*,   χ₁ = σ_w²·D(q*) at c = 1
//! ```

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::activation::Activation;
use super::kernel::Kernel;
use super::moments::{log_add, log_moments};

/// Fixed points are searched for ln q from −RANGE to RANGE. A fixed point beyond counts as 0 or as infinity.
const RANGE: f64 = 60.0;

/// Fixed points that lie closer together in ln q than this may be missed; in a search from q₀ = 1 the distance
/// is this plus a tenth of |ln q|.
const STEP: f64 = 0.25;

/// The ends of a critical line in ln q. Its points are evenly spaced over the ln q of order 1.
const LINE: [f64; 2] = [-10.0, 7.0];

/// A fixed point to which depth brings a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FixedPoint {
    /// q*, the variance of pre-activations, which may be 0.
    pub q: f64,
    /// χ₁, the factor by which a layer multiplies the mean square of a gradient, and small differences of inputs.
    pub chi: f64,
    /// χ_q, the factor by which a layer multiplies a small deviation from q*.
    pub chi_q: f64,
    /// c*, the correlation that two inputs approach.
    pub correlation: f64,
    /// χ_c, the factor by which a layer multiplies a small deviation from c*; it is χ₁ if c* = 1.
    pub chi_c: f64,
}

/// A point of the critical line, χ₁ = 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Critical {
    /// The weights' variance σ_w² = n_in·Var w.
    pub weight_var: f64,
    /// The biases' variance σ_b².
    pub bias_var: f64,
    /// q*, the variance of pre-activations.
    pub q: f64,
}

/// The map c ← C(c): what a layer makes of the correlation of two inputs while their q stays.
#[derive(Clone, Debug)]
pub struct CorrelationMap {
    /// The part of q that follows c, and the part that is the same at every c, which is that of biases and of the mean
    /// of φ.
    varying: f64,
    steady: f64,
    kernel: Kernel,
}

impl CorrelationMap {
    /// The map at ln q; beyond the range of the search it is that of the range's end.
    ///
    /// Two inputs do not share dropout's masks, so the mean of their product is as without dropout. σ_w² contains the
    /// factor 1/(1 − p), which is too much for it, and c = 1 is no longer a fixed point.
    pub fn new(activation: Activation, weight_var: f64, bias_var: f64, dropout: f64, ln_q: f64) -> Self {
        let near = ln_q.clamp(-RANGE, RANGE);
        let m = log_moments(activation, near);
        let [varying, mean] = [m.variance, 2.0 * m.mean].map(|part| weight_var * libm::exp(part - near));
        let bias = bias_var * libm::exp(-near);
        let kernel = Kernel::new(activation, near, &m);
        let whole = varying + (mean + bias);
        let (varying, steady) = ((1.0 - dropout) * varying, (1.0 - dropout) * mean + bias);
        // Weights and biases of 0 make all inputs equal.
        let (varying, steady) = if whole > 0.0 { (varying / whole, steady / whole) } else { (0.0, 1.0) };
        Self { varying, steady, kernel }
    }

    /// The value C(c).
    pub fn apply(&self, c: f64) -> f64 {
        self.steady + self.varying * self.kernel.values(c)
    }
}

impl FixedPoint {
    /// Whether nearby q return to q*.
    pub fn stable(&self) -> bool {
        self.chi_q.abs() < 1.0
    }

    /// ξ_q = −1/ln χ_q, the number of layers in which a deviation of q shrinks by a factor of e; negative if it grows.
    pub fn variance_depth(&self) -> f64 {
        -1.0 / libm::log(self.chi_q.abs())
    }

    /// ξ_c = −1/ln χ_c, the same number for correlations.
    pub fn correlation_depth(&self) -> f64 {
        -1.0 / libm::log(self.chi_c.abs())
    }

    /// 1/|ln χ₁|, the number of layers in which gradients change by a factor of e in mean square.
    pub fn gradient_depth(&self) -> f64 {
        1.0 / libm::log(self.chi).abs()
    }

    /// 6·ξ_c, the depth up to which plain networks were seen to train (Schoenholz 2017).
    pub fn trainable_depth(&self) -> f64 {
        6.0 * self.correlation_depth()
    }
}

/// The fixed point that a network with inputs of mean square q₀ = 1 approaches; `None` if q goes to infinity. If q₀ is
/// a fixed point already (as every q is for ReLU at σ_w² = 2), it stays.
///
/// ```
/// use init_lab::science::{activation::Activation, phase::phase};
/// let tanh = phase(Activation::Tanh, 1.5 * 1.5, 0.05 * 0.05).expect("a bounded activation");
/// assert!((tanh.q - 0.798387).abs() < 1e-6 && tanh.chi > 1.0 && tanh.stable());
/// ```
pub fn phase(activation: Activation, weight_var: f64, bias_var: f64) -> Option<FixedPoint> {
    phase_with(activation, weight_var, bias_var, 0.0)
}

/// The same with dropout of probability p. Here σ_w² is n_in·`E[w²]`/(1 − p), by which a layer multiplies mean squares
/// in both directions.
pub fn phase_with(activation: Activation, weight_var: f64, bias_var: f64, dropout: f64) -> Option<FixedPoint> {
    let at = |ln_q| at(activation, weight_var, bias_var, dropout, ln_q);
    let drift = drift(activation, weight_var, bias_var);
    let here = drift(0.0);
    if here.abs() < 1e-12 {
        return Some(at(0.0));
    }
    let mut from = 0.0_f64;
    while from.abs() < RANGE {
        let to = from + (STEP + 0.1 * from.abs()).copysign(here);
        if drift(to) * here <= 0.0 {
            return Some(at(root(&drift, from, to)));
        }
        from = to;
    }
    (here < 0.0).then(|| at(f64::NEG_INFINITY))
}

/// All fixed points 0 < q* < ∞ in increasing order, stable and unstable ones in turn. There are none where every q is
/// kept.
pub fn fixed_points(activation: Activation, weight_var: f64, bias_var: f64) -> Vec<FixedPoint> {
    let drift = drift(activation, weight_var, bias_var);
    roots(&drift).map(|ln_q| at(activation, weight_var, bias_var, 0.0, ln_q)).collect()
}

/// The point of the critical line with this σ_b², and the one with the smallest q* if there are several.
///
/// ```text
/// at given q*:  σ_w² = 1/D(q*),  σ_b² = q* − V(q*)/D(q*)
/// ```
///
/// For ReLU the line is one point, (2, 0), and so it is for all homogeneous activations.
pub fn critical(activation: Activation, bias_var: f64) -> Option<Critical> {
    let excess = |ln_q: f64| {
        let m = log_moments(activation, ln_q);
        libm::exp(ln_q) - libm::exp(m.second - m.slope) - bias_var
    };
    if bias_var == 0.0 && activation.apply(0.0) == 0.0 {
        let slope = libm::exp(log_moments(activation, -RANGE).slope);
        return (slope > 1e-9).then(|| Critical { weight_var: 1.0 / slope, bias_var, q: 0.0 });
    }
    let ln_q = if homogeneous(activation) { None } else { roots(&excess).next() }?;
    let weight_var = libm::exp(-log_moments(activation, ln_q).slope);
    Some(Critical { weight_var, bias_var, q: libm::exp(ln_q) })
}

/// The critical line in increasing q*: of the fixed points with χ₁ = 1 those with |χ_q| ≤ 1, which are not unstable.
/// For homogeneous activations it is the boundary χ₁ = 1 at any σ_b, though q rests on it only at σ_b = 0. It is
/// computed once for each activation and once for each slope, and kept: a slider has a thousand slopes, and a line
/// takes some kilobytes.
pub fn critical_line(activation: Activation) -> &'static [Critical] {
    static LINES: Mutex<BTreeMap<Activation, &'static [Critical]>> = Mutex::new(BTreeMap::new());
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    lines.entry(activation).or_insert_with(|| Vec::leak(traced(activation)))
}

fn traced(activation: Activation) -> Vec<Critical> {
    let mut line = Vec::new();
    for i in 0..=4 * (LINE[1] - LINE[0]) as i32 {
        let ln_q = LINE[0] + STEP * f64::from(i);
        let m = log_moments(activation, ln_q);
        let (q, held) = (libm::exp(ln_q), libm::exp(m.second - m.slope));
        let bias_var = if homogeneous(activation) { q } else { q - held };
        if bias_var >= -1e-9 * q && held * m.sensitivity <= (1.0 + 1e-9) * q {
            line.push(Critical { weight_var: libm::exp(-m.slope), bias_var: bias_var.max(0.0), q });
        }
    }
    line
}

/// Whether φ(a·x) = a·φ(x) for a > 0.
pub fn homogeneous(activation: Activation) -> bool {
    matches!(activation.kind(), Activation::Linear | Activation::Relu | Activation::LeakyRelu)
}

/// At the critical point of an activation with a kink, correlations have no depth scale: after l layers 1 − c → r/l²,
/// and this is r. There is none without a kink, where 1 − c falls as 1/l.
///
/// ```text
/// a: slope below 0      C(c) = 1 − ε + k·ε^{3/2} + …,  ε = 1 − c,  k = 2√2/3π·(1 − a)²/(1 + a²)
/// ε' = −k·ε^{3/2}   ⇒   ε → 4/(k·l)² = (9π²/2)·((1 + a²)/(1 − a)²)²/l²
/// ```
pub fn critical_rate(activation: Activation) -> Option<f64> {
    let a = if activation == Activation::Relu { 0.0 } else { activation.leak()? };
    let kink = 2.0 * std::f64::consts::SQRT_2 / (3.0 * std::f64::consts::PI) * (1.0 - a) * (1.0 - a) / (1.0 + a * a);
    (kink > 0.0).then(|| 4.0 / (kink * kink))
}

/// The point where χ_q = χ₁ = 1 with σ_b² > 0, which is the best that GELU and SiLU can do: a fixed point that is
/// stable from one side (Roberts, Yaida & Hanin, "The Principles of Deep Learning Theory").
pub fn half_stable(activation: Activation) -> Option<Critical> {
    let difference = |ln_q: f64| {
        let m = log_moments(activation, ln_q);
        libm::log(m.sensitivity) + m.second - ln_q - m.slope
    };
    let points = roots(&difference).map(|ln_q| {
        let m = log_moments(activation, ln_q);
        let q = libm::exp(ln_q);
        Critical { weight_var: libm::exp(-m.slope), bias_var: q - libm::exp(m.second - m.slope), q }
    });
    // Where φ is a straight line to the last digit, the sign is that of a rounding error.
    points.into_iter().find(|point| point.bias_var > 1e-6 * point.q && point.q < 1e6)
}

/// The logarithm of the factor by which a layer multiplies q, as a function of ln q.
fn drift(activation: Activation, weight_var: f64, bias_var: f64) -> impl Fn(f64) -> f64 {
    let (weight, bias) = (libm::log(weight_var), libm::log(bias_var));
    move |ln_q| log_add(weight + log_moments(activation, ln_q).second, bias) - ln_q
}

fn at(activation: Activation, weight_var: f64, bias_var: f64, dropout: f64, ln_q: f64) -> FixedPoint {
    let near = ln_q.max(-RANGE);
    let m = log_moments(activation, near);
    let chi = weight_var * libm::exp(m.slope);
    let chi_q = weight_var * libm::exp(m.second - near) * m.sensitivity;
    let map = CorrelationMap::new(activation, weight_var, bias_var, dropout, near);
    let excess = |c: f64| map.apply(c) - c;
    // Where χ₁ is 1 but for rounding, the map does not cross the diagonal below this.
    let highest = 1.0 - 1e-9;
    let correlation = if (chi <= 1.0 && dropout == 0.0) || excess(highest) >= 0.0 {
        1.0
    } else if excess(0.0).abs() < 1e-12 {
        0.0
    } else {
        root(&excess, 0.0, highest)
    };
    let chi_c = (1.0 - dropout) * chi * map.kernel.slopes(correlation);
    FixedPoint { q: libm::exp(ln_q), chi, chi_q, correlation, chi_c }
}

/// The roots at every change of sign over the range of ln q.
fn roots(f: &dyn Fn(f64) -> f64) -> impl Iterator<Item = f64> {
    let mut from = (-RANGE, f(-RANGE));
    (1..=(2.0 * RANGE / STEP) as i32).filter_map(move |i| {
        let ln_q = -RANGE + STEP * f64::from(i);
        let to = (ln_q, f(ln_q));
        let crossing = from.1 * to.1 < 0.0;
        let found = crossing.then(|| root(f, from.0, to.0));
        from = to;
        found
    })
}

/// A root by Ridders' method: bisection, then false position on what is left when an exponential is divided out. Two
/// evaluations double the number of digits, where bisection alone would take fifty for all of them.
fn root(f: &dyn Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let (mut at_low, mut at_high) = (f(low), f(high));
    let mut last = f64::NAN;
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        let at_middle = f(middle);
        let bend = (at_middle * at_middle - at_low * at_high).sqrt();
        if bend == 0.0 {
            return middle;
        }
        let x = middle + (middle - low) * (at_low - at_high).signum() * at_middle / bend;
        let at_x = f(x);
        if at_x == 0.0 || (x - last).abs() <= 1e-15 * x.abs().max(1.0) {
            return x;
        }
        last = x;
        if at_middle * at_x < 0.0 {
            (low, at_low, high, at_high) = (middle, at_middle, x, at_x);
        } else if at_low * at_x < 0.0 {
            (high, at_high) = (x, at_x);
        } else {
            (low, at_low) = (x, at_x);
        }
    }
    last
}
