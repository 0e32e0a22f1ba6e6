//! The activations as tensor operations, and their derivatives.
//!
//! ```text
//! y = φ(z)      z̄ = φ'(z)⊙ȳ
//! ```

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use burn::tensor::Tensor;
use burn::tensor::activation::{relu, sigmoid, tanh};

use super::tape::{Node, Tape};
use crate::lab::spec::Activation;
use crate::science::activation::{LEAK, SELU_ALPHA, SELU_SCALE};

impl Tape {
    /// φ, entry by entry.
    pub fn activate(&mut self, activation: Activation, z: &Node) -> Node {
        let [y, kept] = apply(activation, z.value.clone());
        let z = z.clone();
        self.push(y, move |dy, gradients| {
            gradients.add(z.place, || back(activation, z.value, kept, dy));
        })
    }
}

/// y = φ(z), and what φ'(z) will be made from: y again, or Φ(z) for GELU, y = z·Φ(z).
fn apply(activation: Activation, z: Tensor<3>) -> [Tensor<3>; 2] {
    let y = match activation {
        Activation::Linear => z,
        // Φ(z) = ½(1 + erf(z/√2)): an error function an entry, not one each way
        Activation::Gelu => {
            let below = z.clone().mul_scalar(FRAC_1_SQRT_2 as f32).erf().add_scalar(1.0).mul_scalar(0.5);
            return [z * below.clone(), below];
        }
        Activation::Relu => relu(z),
        Activation::LeakyRelu => relu(z.clone()) - relu(-z).mul_scalar(LEAK as f32),
        Activation::Silu => z.clone() * sigmoid(z),
        Activation::Tanh => tanh(z),
        Activation::Sigmoid => sigmoid(z),
        Activation::ReluSquared => {
            let x = relu(z);
            x.clone() * x
        }
        Activation::Elu => elu(z, 1.0),
        Activation::Selu => elu(z, SELU_ALPHA as f32).mul_scalar(SELU_SCALE as f32),
        Activation::Mish => z.clone() * tanh(softplus(z)),
        Activation::Softplus => softplus(z),
        Activation::Erf => z.erf(),
        Activation::Sin => z.sin(),
    };
    [y.clone(), y]
}

/// z̄ from ȳ, where y is what [`apply`] kept.
fn back(activation: Activation, z: Tensor<3>, y: Tensor<3>, dy: Tensor<3>) -> Tensor<3> {
    const DENSITY: f64 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2 / 2.0; // 1/√(2π)
    let slope = match activation {
        Activation::Linear => return dy,
        // Not filled by a mask, which makes a step of an MLP a tenth slower on the CPU.
        Activation::Relu => z.greater_elem(0.0).float(),
        // Φ + z·e^{−z²/2}/√(2π)
        Activation::Gelu => (z.clone() * z.clone()).mul_scalar(-0.5).exp().mul_scalar(DENSITY as f32) * z + y,
        Activation::LeakyRelu => z.greater_elem(0.0).float().mul_scalar(1.0 - LEAK as f32).add_scalar(LEAK as f32),
        // σ·(1 + z·(1 − σ)) = σ + y·(1 − σ)
        Activation::Silu => {
            let s = sigmoid(z);
            s.clone() + y.clone() - y * s
        }
        Activation::Tanh => (y.clone() * y).neg().add_scalar(1.0),
        Activation::Sigmoid => y.clone() - y.clone() * y,
        Activation::ReluSquared => relu(z).mul_scalar(2.0),
        Activation::Elu => elu_slope(z, 1.0),
        Activation::Selu => elu_slope(z, SELU_ALPHA as f32).mul_scalar(SELU_SCALE as f32),
        // t + z·(1 − t²)·σ, t = tanh(softplus(z))
        Activation::Mish => {
            let t = tanh(softplus(z.clone()));
            let rest = (t.clone() * t.clone()).neg().add_scalar(1.0);
            t + z.clone() * rest * sigmoid(z)
        }
        Activation::Softplus => sigmoid(z),
        Activation::Erf => (z.clone() * z).neg().exp().mul_scalar(FRAC_2_SQRT_PI as f32),
        Activation::Sin => z.cos(),
    };
    slope * dy
}

/// x for x > 0, else α·(eˣ − 1), which as tanh(x/2)·(eˣ + 1) keeps its digits at small x.
fn elu(z: Tensor<3>, alpha: f32) -> Tensor<3> {
    let below = -relu(-z.clone());
    let rise = tanh(below.clone().mul_scalar(0.5)) * below.exp().add_scalar(1.0);
    relu(z) + rise.mul_scalar(alpha)
}

/// 1 for x > 0, else α·eˣ.
fn elu_slope(z: Tensor<3>, alpha: f32) -> Tensor<3> {
    let above = z.clone().greater_elem(0.0);
    (-relu(-z)).exp().mul_scalar(alpha).mask_fill(above, 1.0)
}

/// ln(1 + eˣ) = relu(x) + ln(1 + e^−|x|).
fn softplus(z: Tensor<3>) -> Tensor<3> {
    relu(z.clone()) + (-z.abs()).exp().log1p()
}
