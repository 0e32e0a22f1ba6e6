//! Where a deep network comes to rest: the variance of its pre-activations, the correlation of two
//! inputs, and how fast either gets there (Poole 2016, arXiv:1606.05340; Schoenholz 2017,
//! arXiv:1611.01232).
//!
//! ```text
//! q ← σ_w²·V(q) + σ_b²                     χ_q = σ_w²·V'(q*)
//! c ← (σ_w²·E φ(u)φ(v) + σ_b²)/q*          χ_c = σ_w²·E φ'(u)φ'(v) at c*,   χ₁ = σ_w²·D(q*) at c = 1
//! ```

use super::activation::Activation;
use super::kernel::Kernel;
use super::moments::{log_add, log_moments};

/// ln q is looked at from −RANGE to RANGE; what rests beyond rests at 0 or nowhere.
const RANGE: f64 = 60.0;

/// Fixed points that lie closer together in ln q than this may be missed.
const STEP: f64 = 0.25;

/// A fixed point of depth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// q*, the variance of pre-activations. May be 0.
    pub q: f64,
    /// χ₁: what a layer multiplies the mean square of a gradient by, and small differences of inputs.
    pub chi: f64,
    /// χ_q: what a layer multiplies a small deviation from q* by.
    pub chi_q: f64,
    /// c*, where correlations of two inputs go.
    pub correlation: f64,
    /// χ_c: what a layer multiplies a small deviation from c* by; χ₁ if c* = 1.
    pub chi_c: f64,
}

/// A point of the critical line, χ₁ = 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Critical {
    /// σ_w² = n_in·Var w.
    pub weight_var: f64,
    /// σ_b².
    pub bias_var: f64,
    /// q*.
    pub q: f64,
}

impl Phase {
    /// Whether nearby q return to q*.
    pub fn stable(&self) -> bool {
        self.chi_q.abs() < 1.0
    }

    /// ξ_q = −1/ln χ_q, the layers in which a deviation of q shrinks by e; negative if it grows.
    pub fn variance_depth(&self) -> f64 {
        -1.0 / libm::log(self.chi_q.abs())
    }

    /// ξ_c = −1/ln χ_c, the same for correlations.
    pub fn correlation_depth(&self) -> f64 {
        -1.0 / libm::log(self.chi_c.abs())
    }

    /// 1/|ln χ₁|, the layers in which gradients change by a factor of e in mean square.
    pub fn gradient_depth(&self) -> f64 {
        1.0 / libm::log(self.chi).abs()
    }

    /// 6·ξ_c, up to which depth plain networks were seen to train (Schoenholz 2017).
    pub fn trainable_depth(&self) -> f64 {
        6.0 * self.correlation_depth()
    }
}

/// Where a network with inputs of mean square q₀ = 1 goes; `None` if that is to infinity. What is
/// a fixed point already (every q is, for ReLU at σ_w² = 2) stays.
///
/// ```
/// use init_lab::science::{activation::Activation, phase::phase};
/// let tanh = phase(Activation::Tanh, 1.5 * 1.5, 0.05 * 0.05).expect("a bounded activation");
/// assert!((tanh.q - 0.798387).abs() < 1e-6 && tanh.chi > 1.0 && tanh.stable());
/// ```
pub fn phase(activation: Activation, weight_var: f64, bias_var: f64) -> Option<Phase> {
    let drift = drift(activation, weight_var, bias_var);
    let here = drift(0.0);
    if here.abs() < 1e-12 {
        return Some(at(activation, weight_var, bias_var, 0.0));
    }
    let mut from = 0.0_f64;
    while from.abs() < RANGE {
        let to = from + STEP.copysign(here);
        if drift(to) * here <= 0.0 {
            return Some(at(activation, weight_var, bias_var, root(&drift, from, to)));
        }
        from = to;
    }
    (here < 0.0).then(|| at(activation, weight_var, bias_var, f64::NEG_INFINITY))
}

/// All fixed points 0 < q* < ∞, upwards, stable and unstable in turn. Empty where q is kept whatever
/// it is.
pub fn fixed_points(activation: Activation, weight_var: f64, bias_var: f64) -> Vec<Phase> {
    let drift = drift(activation, weight_var, bias_var);
    roots(&drift).map(|ln_q| at(activation, weight_var, bias_var, ln_q)).collect()
}

/// The point of the critical line with this σ_b², that with the smallest q* if there are several.
///
/// ```text
/// at given q*:  σ_w² = 1/D(q*),  σ_b² = q* − V(q*)/D(q*)
/// ```
///
/// For ReLU the line is one point, (2, 0), and so for all that are homogeneous.
pub fn critical(activation: Activation, bias_var: f64) -> Option<Critical> {
    let excess = |ln_q: f64| {
        let m = log_moments(activation, ln_q);
        libm::exp(ln_q) - libm::exp(m.second - m.slope) - bias_var
    };
    if bias_var == 0.0 && activation.apply(0.0) == 0.0 {
        let slope = libm::exp(log_moments(activation, -RANGE).slope);
        return (slope > 1e-9).then(|| Critical { weight_var: 1.0 / slope, bias_var, q: 0.0 });
    }
    let homogeneous = matches!(activation, Activation::Linear | Activation::Relu | Activation::LeakyRelu);
    let ln_q = if homogeneous { None } else { roots(&excess).next() }?;
    let weight_var = libm::exp(-log_moments(activation, ln_q).slope);
    Some(Critical { weight_var, bias_var, q: libm::exp(ln_q) })
}

/// Where χ_q = χ₁ = 1 with σ_b² > 0: the best that GELU and SiLU can do, a fixed point that holds
/// from one side (Roberts, Yaida & Hanin, "The Principles of Deep Learning Theory").
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
    // Where φ is a straight line to the last digit, any sign is rounding.
    points.into_iter().find(|point| point.bias_var > 1e-6 * point.q && point.q < 1e6)
}

/// ln of what a layer multiplies q by, as a function of ln q.
fn drift(activation: Activation, weight_var: f64, bias_var: f64) -> impl Fn(f64) -> f64 {
    let (weight, bias) = (libm::log(weight_var), libm::log(bias_var));
    move |ln_q| log_add(weight + log_moments(activation, ln_q).second, bias) - ln_q
}

fn at(activation: Activation, weight_var: f64, bias_var: f64, ln_q: f64) -> Phase {
    let near = ln_q.max(-RANGE);
    let m = log_moments(activation, near);
    let chi = weight_var * libm::exp(m.slope);
    let chi_q = weight_var * libm::exp(m.second - near) * m.sensitivity;
    let kernel = Kernel::new(activation, near, &m);
    // In units of q; what the bias and the mean of φ give is the same at every c.
    let varying = weight_var * libm::exp(m.variance - near);
    let steady = weight_var * libm::exp(2.0 * m.mean - near) + bias_var * libm::exp(-near);
    let map = |c: f64| steady + varying * kernel.values(c) - c;
    let correlation = if chi <= 1.0 {
        1.0
    } else if map(0.0).abs() < 1e-12 {
        0.0
    } else {
        root(&map, 0.0, 1.0 - 1e-9)
    };
    Phase { q: libm::exp(ln_q), chi, chi_q, correlation, chi_c: chi * kernel.slopes(correlation) }
}

/// Every change of sign over the range of ln q.
fn roots(f: &impl Fn(f64) -> f64) -> impl Iterator<Item = f64> {
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

/// By bisection, to the last digit.
fn root(f: &impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let rising = f(low) < 0.0;
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if (f(middle) < 0.0) == rising {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
