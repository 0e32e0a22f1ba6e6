//! The nonlinearities, as functions of one number: what a layer does to a pre-activation, and what
//! its derivative does to a gradient. Everything the theory says about a network is an average of
//! these two over a Gaussian (see [`super::moments`]).

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use super::choice::choices;
use super::gauss;

/// Slope of leaky ReLU below zero: the default of `torch.nn.LeakyReLU`.
pub const LEAK: f64 = 0.01;

choices! {
    /// φ of a hidden layer.
    pub enum Activation {
        /// φ(x) = x.
        Linear "linear",
        /// φ(x) = max(x, 0).
        Relu "relu",
        /// φ(x) = x for x > 0, else [`LEAK`]·x.
        LeakyRelu "leaky-relu",
        /// φ(x) = x·Φ(x), exact (with erf, not the tanh approximation).
        Gelu "gelu",
        /// φ(x) = x·σ(x), also called swish.
        Silu "silu",
        /// φ(x) = tanh(x).
        Tanh "tanh",
        /// φ(x) = 1/(1 + e⁻ˣ).
        Sigmoid "sigmoid",
    }
}

impl Activation {
    /// φ(x).
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Self::Linear => x,
            Self::Relu => x.max(0.0),
            Self::LeakyRelu => {
                if x > 0.0 {
                    x
                } else {
                    LEAK * x
                }
            }
            // Φ(x) = erfc(−x/√2)/2
            Self::Gelu => x * 0.5 * libm::erfc(-x * FRAC_1_SQRT_2),
            Self::Silu => x * logistic(x),
            Self::Tanh => libm::tanh(x),
            Self::Sigmoid => logistic(x),
        }
    }

    /// φ'(x). At the kink of ReLU and leaky ReLU it is the slope from the left, as in PyTorch.
    pub fn derivative(self, x: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::Relu => f64::from(x > 0.0),
            Self::LeakyRelu => {
                if x > 0.0 {
                    1.0
                } else {
                    LEAK
                }
            }
            // (x·Φ)' = Φ + x·pdf
            Self::Gelu => 0.5 * libm::erfc(-x * FRAC_1_SQRT_2) + x * gauss::pdf(x),
            // (x·σ)' = σ·(1 + x·(1 − σ)), and 1 − σ(x) = σ(−x)
            Self::Silu => logistic(x) * (1.0 + x * logistic(-x)),
            // tanh' = 1/cosh², which keeps its digits where 1 − tanh² has lost them
            Self::Tanh => {
                let c = libm::cosh(x);
                1.0 / (c * c)
            }
            Self::Sigmoid => logistic(x) * logistic(-x),
        }
    }

    /// The gain of `torch.nn.init.calculate_gain`: linear 1, sigmoid 1, tanh 5/3, ReLU √2, leaky
    /// ReLU √(2/(1 + a²)).
    ///
    /// PyTorch has no gain for GELU and SiLU; √2 is what practice uses for them, though it does not
    /// preserve their variance (√2.3517 and √2.8108 would, at q = 1).
    pub fn gain(self) -> f64 {
        match self {
            Self::Linear | Self::Sigmoid => 1.0,
            Self::Tanh => 5.0 / 3.0,
            Self::Relu | Self::Gelu | Self::Silu => SQRT_2,
            Self::LeakyRelu => (2.0 / (1.0 + LEAK * LEAK)).sqrt(),
        }
    }

    /// Where φ' jumps, if it does: checks by central differences stay away from there.
    pub fn kink(self) -> Option<f64> {
        match self {
            Self::Relu | Self::LeakyRelu => Some(0.0),
            _ => None,
        }
    }

    /// Whether |φ| has an upper bound: the variance of such a network cannot explode forward.
    pub fn bounded(self) -> bool {
        matches!(self, Self::Tanh | Self::Sigmoid)
    }
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
