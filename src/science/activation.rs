//! The nonlinearities, as functions of one number: what a layer does to a pre-activation, and what
//! its derivative does to a gradient. Everything the theory says about a network is an average of
//! these two over a Gaussian (see [`super::moments`]).

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, LN_2, SQRT_2};

use serde::{Deserialize, Serialize};

use super::choice::choices;
use super::gauss;

/// The slope of leaky ReLU below zero, which is the default of `torch.nn.LeakyReLU`.
pub const LEAK: f64 = 0.01;

/// The constant α of SELU.
pub const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// The constant λ of SELU.
pub const SELU_SCALE: f64 = 1.050_700_987_355_480_5;

choices! {
    /// The activation φ of a hidden layer.
    pub enum Activation {
        /// φ(x) = x.
        Linear "linear",
        /// φ(x) = max(x, 0).
        Relu "relu",
        /// φ(x) = x for x > 0, else [`LEAK`]·x.
        LeakyRelu "leaky-relu",
        /// φ(x) = x·Φ(x), computed exactly with erf, and not by the tanh approximation.
        Gelu "gelu",
        /// φ(x) = x·σ(x), also called swish.
        Silu "silu",
        /// φ(x) = tanh(x).
        Tanh "tanh",
        /// φ(x) = 1/(1 + e⁻ˣ).
        Sigmoid "sigmoid",
        /// φ(x) = max(x, 0)² (Primer, arXiv:2109.08668).
        ReluSquared "relu-squared",
        /// φ(x) = x for x > 0, else eˣ − 1.
        Elu "elu",
        /// φ(x) = λ·x for x > 0, else λ·α·(eˣ − 1), which keeps mean 0 and variance 1 (arXiv:1706.02515).
        Selu "selu",
        /// φ(x) = x·tanh(ln(1 + eˣ)).
        Mish "mish",
        /// φ(x) = ln(1 + eˣ).
        Softplus "softplus",
        /// φ(x) = erf(x).
        Erf "erf",
        /// φ(x) = sin(x).
        Sin "sin",
        ;
        /// Leaky ReLU with a slope a other than [`LEAK`]: φ(x) = x for x > 0, else a·x.
        Leaky(Slope) is LeakyRelu
    }
}

/// The slope of a leaky ReLU below zero. Two slopes are equal if they are so to the bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slope(u64);

impl Slope {
    /// The slope as a number.
    pub fn value(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl Activation {
    /// Leaky ReLU with this slope.
    pub fn leaky(slope: f64) -> Self {
        if slope == LEAK { Self::LeakyRelu } else { Self::Leaky(Slope(slope.to_bits())) }
    }

    /// The slope below zero, if it is a leaky ReLU.
    pub fn leak(self) -> Option<f64> {
        match self {
            Self::LeakyRelu => Some(LEAK),
            Self::Leaky(slope) => Some(slope.value()),
            _ => None,
        }
    }

    /// The choice that it belongs to, whatever its slope.
    pub fn kind(self) -> Self {
        if matches!(self, Self::Leaky(_)) { Self::LeakyRelu } else { self }
    }

    /// The index of its choice in [`Self::ALL`].
    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|known| *known == self.kind()).unwrap_or(0)
    }

    /// The value φ(x).
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Self::Linear => x,
            Self::Relu => x.max(0.0),
            Self::LeakyRelu => leaky(x, LEAK),
            Self::Leaky(slope) => leaky(x, slope.value()),
            // Φ(x) = erfc(−x/√2)/2
            Self::Gelu => x * 0.5 * libm::erfc(-x * FRAC_1_SQRT_2),
            Self::Silu => x * logistic(x),
            Self::Tanh => libm::tanh(x),
            Self::Sigmoid => logistic(x),
            Self::ReluSquared => {
                let x = x.max(0.0);
                x * x
            }
            Self::Elu => elu(x, 1.0),
            Self::Selu => SELU_SCALE * elu(x, SELU_ALPHA),
            Self::Mish => x * libm::tanh(softplus(x)),
            Self::Softplus => softplus(x),
            Self::Erf => libm::erf(x),
            Self::Sin => libm::sin(x),
        }
    }

    /// φ(x) − φ(0), without the cancellation at small x.
    pub(crate) fn centred(self, x: f64) -> f64 {
        match self {
            // σ(x) − ½ = tanh(x/2)/2
            Self::Sigmoid => 0.5 * libm::tanh(0.5 * x),
            // ln(1 + eˣ) − ln 2 = x/2 + ln cosh(x/2)
            Self::Softplus if x.abs() < 1.0 => {
                let s = libm::sinh(0.25 * x);
                0.5 * x + libm::log1p(2.0 * s * s)
            }
            Self::Softplus => self.apply(x) - LN_2,
            _ => self.apply(x),
        }
    }

    /// φ'(x). At the kink of ReLU and leaky ReLU it is the slope from the left, as in PyTorch.
    pub fn derivative(self, x: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::Relu => f64::from(x > 0.0),
            Self::LeakyRelu => leaky_slope(x, LEAK),
            Self::Leaky(slope) => leaky_slope(x, slope.value()),
            // (x·Φ)' = Φ + x·pdf
            Self::Gelu => 0.5 * libm::erfc(-x * FRAC_1_SQRT_2) + x * gauss::pdf(x),
            // (x·σ)' = σ·(1 + x·(1 − σ)), and 1 − σ(x) = σ(−x)
            Self::Silu => logistic(x) * (1.0 + x * logistic(-x)),
            // tanh' = 1/cosh², which keeps its digits where 1 − tanh² has lost them.
            Self::Tanh => {
                let c = libm::cosh(x);
                1.0 / (c * c)
            }
            Self::Sigmoid => logistic(x) * logistic(-x),
            Self::ReluSquared => 2.0 * x.max(0.0),
            Self::Elu => elu_slope(x, 1.0),
            Self::Selu => SELU_SCALE * elu_slope(x, SELU_ALPHA),
            // softplus' = σ
            Self::Mish => {
                let c = libm::cosh(softplus(x));
                libm::tanh(softplus(x)) + x * logistic(x) / (c * c)
            }
            Self::Softplus => logistic(x),
            Self::Erf => FRAC_2_SQRT_PI * libm::exp(-x * x),
            Self::Sin => libm::cos(x),
        }
    }

    /// The gain of `torch.nn.init.calculate_gain`: linear 1, sigmoid 1, tanh 5/3, ReLU √2, leaky
    /// ReLU √(2/(1 + a²)), SELU 3/4.
    ///
    /// PyTorch has no gain for GELU, SiLU and the rest; √2 is what practice uses for them, though it
    /// does not preserve their variance (√2.3517 and √2.8108 would for these two, at q = 1).
    pub fn gain(self) -> f64 {
        match self {
            Self::Linear | Self::Sigmoid => 1.0,
            Self::Tanh => 5.0 / 3.0,
            Self::Relu | Self::Gelu | Self::Silu => SQRT_2,
            Self::ReluSquared | Self::Elu | Self::Mish | Self::Softplus | Self::Erf | Self::Sin => SQRT_2,
            Self::Selu => 0.75,
            Self::LeakyRelu => (2.0 / (1.0 + LEAK * LEAK)).sqrt(),
            Self::Leaky(slope) => (2.0 / (1.0 + slope.value() * slope.value())).sqrt(),
        }
    }

    /// The point where φ' jumps, if it does. Checks by central differences stay away from there.
    pub fn kink(self) -> Option<f64> {
        match self {
            Self::Relu | Self::LeakyRelu | Self::Leaky(_) | Self::Selu => Some(0.0),
            _ => None,
        }
    }

    /// Whether φ has all its derivatives everywhere.
    pub fn smooth(self) -> bool {
        !matches!(self, Self::Relu | Self::LeakyRelu | Self::Leaky(_) | Self::ReluSquared | Self::Elu | Self::Selu)
    }

    /// Whether |φ| has an upper bound, so that the variance of such a network cannot explode forward.
    pub fn bounded(self) -> bool {
        matches!(self, Self::Tanh | Self::Sigmoid | Self::Erf | Self::Sin)
    }

    /// The values beyond which φ counts as saturated, 1.5 % of its range from either end: ±0.97 for tanh and erf
    /// (Glorot & Bengio 2010 watched tanh there), 0.015 and 0.985 for the sigmoid. There are none where φ has no two
    /// ends that it approaches; a sine comes back from its bounds.
    pub fn saturation(self) -> Option<[f64; 2]> {
        match self {
            Self::Tanh | Self::Erf => Some([-0.97, 0.97]),
            Self::Sigmoid => Some([0.015, 0.985]),
            _ => None,
        }
    }

    /// Whether φ and φ' are exactly 0 for all x ≤ 0, so that a unit that is never active cannot learn.
    pub fn can_die(self) -> bool {
        matches!(self, Self::Relu | Self::ReluSquared)
    }
}

/// x for x > 0, else slope·x.
fn leaky(x: f64, slope: f64) -> f64 {
    if x > 0.0 { x } else { slope * x }
}

/// The derivative of leaky ReLU; at 0 it is the one from the left.
fn leaky_slope(x: f64, slope: f64) -> f64 {
    if x > 0.0 { 1.0 } else { slope }
}

/// σ(x) = 1/(1 + e⁻ˣ) without an overflow on either side.
fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + libm::exp(-x))
    } else {
        let e = libm::exp(x);
        e / (1.0 + e)
    }
}

/// ln(1 + eˣ) without an overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

/// x for x > 0, else α·(eˣ − 1).
fn elu(x: f64, alpha: f64) -> f64 {
    if x > 0.0 { x } else { alpha * libm::expm1(x) }
}

/// The derivative of ELU; at 0 it is the one from the left.
fn elu_slope(x: f64, alpha: f64) -> f64 {
    if x > 0.0 { 1.0 } else { alpha * libm::exp(x) }
}
