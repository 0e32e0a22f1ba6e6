//! What an activation does to the correlation of two pre-activations, at one q: forward to that of
//! its values, backward to that of its slopes.
//!
//! ```text
//! φ(√q·g) = Σ a_k·h_k(g),   h_k the normalized Hermite polynomials,  E h_j(u)·h_k(v) = c^k·[j = k]
//! Cov(φ, φ') = Σ_{k≥1} a_k²·c^k        q·E[φ'(u)·φ'(v)] = d/dc of it = Σ k·a_k²·c^{k−1}
//! ```
//!
//! A single sum replaces an integral over a plane for every c. For two pre-activations of different q the square of a_k
//! becomes the product a_k·a'_k: [`Kernel::join`].

use std::f64::consts::PI;

use super::activation::{Activation, LEAK};
use super::moments::{LogMoments, log_moments, moments};
use super::table::{self, ORDERS};

/// Below the first and above the second of these ln q the shape of φ over its range no longer changes, because it is
/// linear or has a kink at 0. What saturates is settled above the third.
const SETTLED: [f64; 3] = [-30.0, 30.0, 100.0];

/// The two maps, as functions of c.
#[derive(Clone, Debug)]
pub enum Kernel {
    /// φ(x) = x for x > 0 and a·x below, which has closed forms.
    Kinked {
        /// The slope a.
        left: f64,
    },
    /// φ(x) = x² for x > 0.
    Squared,
    /// φ(x) = sin(x), with √(q·q') and the values of both maps at c = 1.
    Sine(f64, [f64; 2]),
    /// Any other φ, by its Hermite series.
    PowerSeries(Box<PowerSeries>),
}

/// The coefficients a_k/√Var φ by order. Of the orders beyond the table only sums are known, from V and D.
#[derive(Clone, Debug)]
pub struct PowerSeries {
    amplitudes: [f64; ORDERS],
    weights: [f64; ORDERS],
    /// The weight of all higher orders together, and their mean order.
    tail: f64,
    order: f64,
    /// Whether there are no even orders.
    odd: bool,
    /// Σ k·a_k²/Var φ = q·D/Var φ.
    slope: f64,
}

impl Kernel {
    /// The maps at ln q, where the averages of φ are already known.
    pub fn new(activation: Activation, ln_q: f64, averages: &LogMoments) -> Self {
        match activation {
            Activation::Linear => return Self::Kinked { left: 1.0 },
            Activation::Relu => return Self::Kinked { left: 0.0 },
            Activation::LeakyRelu => return Self::Kinked { left: LEAK },
            Activation::Leaky(slope) => return Self::Kinked { left: slope.value() },
            Activation::ReluSquared => return Self::Squared,
            Activation::Sin => return Self::Sine(libm::exp(ln_q), [1.0; 2]),
            _ => {}
        }
        let [low, high, saturated] = SETTLED;
        let near = ln_q.clamp(low, if activation.bounded() { saturated } else { high });
        // Near q = 0 any φ without a closed form is linear.
        let slope = if near == low { 1.0 } else { libm::exp(ln_q + averages.slope - averages.variance) };
        Self::PowerSeries(Box::new(PowerSeries::new(activation, near, slope)))
    }

    /// The maps between this q and another one, for the same φ.
    pub fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::PowerSeries(a), Self::PowerSeries(b)) => Self::PowerSeries(Box::new(a.join(b))),
            (Self::Sine(q, _), Self::Sine(r, _)) => {
                // sinh(√(q·r))/√(sinh q·sinh r), and the same for cosh, with factors that do not overflow.
                let both = (q * r).sqrt();
                let far = libm::exp(both - 0.5 * (q + r));
                let part = |x: f64, sign: f64| 1.0 + sign * libm::exp(-2.0 * x);
                let of = |sign: f64| far * part(both, sign) / (part(*q, sign) * part(*r, sign)).sqrt();
                Self::Sine(both, [if both < 1e-9 { 1.0 } else { of(-1.0) }, of(1.0)])
            }
            _ => self.clone(),
        }
    }

    /// The correlation of φ(u) and φ(v) over networks, with means taken off. It is 1 at c = 1 and 0 at c = 0.
    ///
    /// ```text
    /// ReLU (Cho & Saul 2009):  [√(1 − c²) + (π − arccos c)·c − 1]/(π − 1)
    /// with a slope a below 0:  φ = (1 − a)·relu + a·x
    /// ReLU²:                   {[3·√(1 − c²)·c + (π − arccos c)·(1 + 2c²)]/2π − 1/4}·4/5
    /// sin:                     sinh(q·c)/sinh(q)
    /// ```
    pub fn values(&self, c: f64) -> f64 {
        let c = c.clamp(-1.0, 1.0);
        match self {
            Self::Kinked { left } => {
                let relu = ((1.0 - c * c).sqrt() + (PI - libm::acos(c)) * c - 1.0) / (2.0 * PI);
                let whole = (PI - 1.0) / (2.0 * PI);
                let kink = (1.0 - left) * (1.0 - left);
                (kink * relu + left * c) / (kink * whole + left)
            }
            Self::Squared => {
                let arc = 3.0 * (1.0 - c * c).sqrt() * c + (PI - libm::acos(c)) * (1.0 + 2.0 * c * c);
                (arc / (2.0 * PI) - 0.25) / 1.25
            }
            // The factor e^q is divided out, so that nothing overflows; at q = 0 the ratio is 0/0.
            Self::Sine(q, [whole, _]) if *q < 1e-9 => whole * c,
            Self::Sine(q, [whole, _]) => {
                let part = libm::expm1(-2.0 * q * c.abs()) / libm::expm1(-2.0 * q);
                whole * (libm::exp(-q * (1.0 - c.abs())) * part).copysign(c)
            }
            Self::PowerSeries(series) => series.values(c),
        }
    }

    /// The ratio `E[φ'(u)·φ'(v)]`/D, which is 1 at c = 1.
    ///
    /// ```text
    /// ReLU:  (π − arccos c)/π
    /// ReLU²: [√(1 − c²) + (π − arccos c)·c]/π
    /// sin:   cosh(q·c)/cosh(q)
    /// ```
    pub fn slopes(&self, c: f64) -> f64 {
        let c = c.clamp(-1.0, 1.0);
        match self {
            Self::Kinked { left } => {
                let kink = (1.0 - left) * (1.0 - left);
                let step = (PI - libm::acos(c)) / (2.0 * PI);
                (kink * step + left) / (0.5 * kink + left)
            }
            Self::Squared => ((1.0 - c * c).sqrt() + (PI - libm::acos(c)) * c) / PI,
            Self::Sine(q, [_, whole]) => {
                let both = (1.0 + libm::exp(-2.0 * q * c.abs())) / (1.0 + libm::exp(-2.0 * q));
                whole * libm::exp(-q * (1.0 - c.abs())) * both
            }
            Self::PowerSeries(series) => series.slopes(c),
        }
    }
}

impl PowerSeries {
    /// The series at ln q, where `slope` is q·D/Var φ.
    fn new(activation: Activation, ln_q: f64, slope: f64) -> Self {
        let ([first, second, ..], hermite, _) = table::averages(activation, libm::exp(0.5 * ln_q));
        let deviation = (second - first * first).sqrt();
        let mut amplitudes = hermite.map(|a| a / deviation);
        let mut weights = amplitudes.map(|a| a * a);
        let order = |weights: &[f64]| weights.iter().zip(1..).map(|(w, k)| f64::from(k) * w).sum::<f64>();
        let sum: f64 = weights.iter().sum();
        let even: f64 = weights.iter().skip(1).step_by(2).sum();
        let tail = 1.0 - sum;
        // The missing part of the slope says at which orders the missing weight is.
        let beyond = (slope - order(&weights)) / tail;
        let (tail, beyond) = if tail > 1e-9 && beyond > ORDERS as f64 {
            (tail, beyond)
        } else {
            weights.iter_mut().for_each(|w| *w /= sum);
            amplitudes.iter_mut().for_each(|a| *a /= sum.sqrt());
            (0.0, ORDERS as f64)
        };
        let slope = order(&weights) + tail * beyond;
        Self { amplitudes, weights, tail, order: beyond, odd: even < 1e-9, slope }
    }

    /// The series between two q. The coefficients beyond the table are taken to have the same signs at both.
    fn join(&self, other: &Self) -> Self {
        let weights = std::array::from_fn(|k| self.amplitudes[k] * other.amplitudes[k]);
        Self {
            weights,
            tail: (self.tail * other.tail).sqrt(),
            order: 0.5 * (self.order + other.order),
            slope: (self.slope * other.slope).sqrt(),
            ..self.clone()
        }
    }

    fn values(&self, c: f64) -> f64 {
        let sum = self.weights.iter().rev().fold(0.0, |sum, w| (sum + w) * c);
        sum + if self.tail == 0.0 { 0.0 } else { self.tail * self.power(c, self.order) }
    }

    fn slopes(&self, c: f64) -> f64 {
        let sum = self.weights.iter().enumerate().rev().fold(0.0, |sum, (i, w)| sum * c + (i + 1) as f64 * w);
        let tail = if self.tail == 0.0 { 0.0 } else { self.tail * self.order * self.power(c, self.order - 1.0).abs() };
        (sum + tail) / self.slope
    }

    /// c^order. Where there are even and odd orders, they cancel at c < 0.
    fn power(&self, c: f64, order: f64) -> f64 {
        match (c < 0.0, self.odd) {
            (false, _) => libm::pow(c, order),
            (true, true) => -libm::pow(-c, order),
            (true, false) => 0.0,
        }
    }
}

/// The mean `E[φ(u₁)φ(u₂)]` for u₁, u₂ ~ N(0, q) with correlation c, by the [`Kernel`].
pub fn correlation(activation: Activation, q: f64, c: f64) -> f64 {
    let m = moments(activation, q);
    let variance = libm::exp(log_moments(activation, libm::log(q)).variance);
    m.mean * m.mean + variance * kernel(activation, q).values(c)
}

/// The mean `E[φ'(u₁)φ'(u₂)]`, as in [`correlation`] but of the derivatives.
pub fn slope_correlation(activation: Activation, q: f64, c: f64) -> f64 {
    moments(activation, q).slope * kernel(activation, q).slopes(c)
}

fn kernel(activation: Activation, q: f64) -> Kernel {
    let ln_q = libm::log(q);
    Kernel::new(activation, ln_q, &log_moments(activation, ln_q))
}
