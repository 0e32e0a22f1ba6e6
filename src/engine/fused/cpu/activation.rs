//! φ and φ' of many numbers.

use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::lanes::map;
use super::{contiguous, dims, numbers, tensor};
use crate::lab::spec::Activation;
use crate::science::activation::{LEAK, SELU_ALPHA, SELU_SCALE};

/// φ(x) and φ'(x).
pub(in super::super) fn activate([x]: [FlexTensor; 1], activation: Activation) -> [FlexTensor; 2] {
    let x = contiguous(x);
    let shape: [usize; 3] = dims(&x);
    values_and_derivatives(activation, numbers(&x)).map(|values| tensor(values, shape))
}

/// φ(z) and φ'(z). What is not a number stays so: a network that left f32 must be seen to have.
fn values_and_derivatives(activation: Activation, z: &[f32]) -> [Vec<f32>; 2] {
    const ONE: f32x4 = f32x4::ONE;
    match activation {
        Activation::Linear => map([z], |[z]| [z, ONE]),
        Activation::Relu => map([z], |[z]| [relu(z), z.simd_gt(f32x4::ZERO) & ONE]),
        Activation::LeakyRelu | Activation::Leaky(_) => {
            let leak = f32x4::splat(activation.leak().unwrap_or(LEAK) as f32);
            map([z], |[z]| {
                let above = z.simd_gt(f32x4::ZERO);
                [above.select(z, z * leak), above.select(ONE, leak)]
            })
        }
        Activation::Gelu => map([z], |[z]| {
            let (cumulative, density) = standard_normal(z);
            [z * cumulative, z * density + cumulative]
        }),
        Activation::Silu => map([z], |[z]| {
            let s = sigmoid(z);
            let y = z * s;
            [y, s + y - y * s]
        }),
        Activation::Tanh => map([z], |[z]| {
            let y = z.tanh();
            [y, ONE - y * y]
        }),
        Activation::Sigmoid => map([z], |[z]| {
            let y = sigmoid(z);
            [y, y - y * y]
        }),
        Activation::ReluSquared => map([z], |[z]| {
            let x = relu(z);
            [x * x, x + x]
        }),
        Activation::Elu => map([z], |[z]| elu(z, ONE)),
        Activation::Selu => {
            let scale = f32x4::splat(SELU_SCALE as f32);
            map([z], |[z]| elu(z, f32x4::splat(SELU_ALPHA as f32)).map(|x| x * scale))
        }
        Activation::Mish => map([z], |[z]| {
            let t = softplus(z).tanh();
            [z * t, t + z * (ONE - t * t) * sigmoid(z)]
        }),
        Activation::Softplus => map([z], |[z]| [softplus(z), sigmoid(z)]),
        // Where deep networks end, near 0, the absolute error of a fast approximation is larger than erf itself.
        Activation::Erf => {
            let [derivative] = map([z], |[z]| [(-z * z).exp() * f32x4::splat(FRAC_2_SQRT_PI)]);
            [z.iter().map(|z| libm::erff(*z)).collect(), derivative]
        }
        Activation::Sin => map([z], |[z]| {
            let (sin, cos) = z.sin_cos();
            [sin, cos]
        }),
    }
}

#[inline(always)]
fn relu(z: f32x4) -> f32x4 {
    z.simd_lt(f32x4::ZERO).select(f32x4::ZERO, z)
}

#[inline(always)]
fn sigmoid(z: f32x4) -> f32x4 {
    f32x4::ONE / (f32x4::ONE + (-z).exp())
}

/// ln(1 + eˣ) = relu(x) + ln(1 + e^−|x|).
#[inline(always)]
fn softplus(z: f32x4) -> f32x4 {
    relu(z) + (-z.abs()).exp().ln_1p()
}

/// x for x > 0, else α·(eˣ − 1), and the derivative.
#[inline(always)]
fn elu(z: f32x4, alpha: f32x4) -> [f32x4; 2] {
    let above = z.simd_gt(f32x4::ZERO);
    let below = above.select(f32x4::ZERO, z).exp_m1() * alpha;
    [above.select(z, below), above.select(f32x4::ONE, below + alpha)]
}

/// Φ(z) and the density e^(−z²/2)/√(2π).
///
/// ```text
/// erfc(x) = (a₁t + a₂t² + a₃t³ + a₄t⁴ + a₅t⁵)·e^(−x²),   t = 1/(1 + px),   x ≥ 0      to 1.5e-7
/// ```
///
/// Abramowitz and Stegun 7.1.26; Φ(z) = erfc(−z/√2)/2.
#[expect(clippy::excessive_precision, reason = "the digits are as they are published")]
#[inline(always)]
fn standard_normal(z: f32x4) -> (f32x4, f32x4) {
    const P: f32x4 = f32x4::splat(0.327_591_1 * FRAC_1_SQRT_2);
    const A: [f32x4; 5] = [
        f32x4::splat(0.254_829_592),
        f32x4::splat(-0.284_496_736),
        f32x4::splat(1.421_413_741),
        f32x4::splat(-1.453_152_027),
        f32x4::splat(1.061_405_429),
    ];
    const DENSITY: f32x4 = f32x4::splat(0.398_942_28);
    let gaussian = (z * z * f32x4::splat(-0.5)).exp();
    let t = f32x4::ONE / (f32x4::ONE + P * z.abs());
    let series = t * (A[0] + t * (A[1] + t * (A[2] + t * (A[3] + t * A[4]))));
    let tail = series * gaussian * f32x4::splat(0.5);
    (z.simd_lt(f32x4::ZERO).select(tail, f32x4::ONE - tail), gaussian * DENSITY)
}
