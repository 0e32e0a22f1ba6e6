//! φ and φ' of a number.

// Constants stand as literals with all digits of their f32, also where Rust has a name for them.
#![allow(clippy::approx_constant, clippy::excessive_precision)]

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{allocate_contiguous, buffer, dims, launch_1d};
use crate::lab::spec::Activation;

/// The units of a cube.
const UNITS: u32 = 64;

/// φ(x) and φ'(x), where no product comes before.
pub(in super::super) fn activate([x]: [CubeTensor; 1], activation: Activation) -> [CubeTensor; 2] {
    let x = into_contiguous(x);
    let shape: [usize; 3] = dims(&x);
    let (y, derivative) = (allocate_contiguous(&x, shape), allocate_contiguous(&x, shape));
    let length = shape.iter().product();
    let leak = activation.leak().unwrap_or(0.0) as f32;
    let (count, dim) = launch_1d(length, UNITS);
    activate_all::launch(
        &y.client,
        count,
        dim,
        buffer(&x),
        buffer(&y),
        buffer(&derivative),
        length,
        leak,
        activation.kind(),
    );
    [y, derivative]
}

#[cube(launch)]
fn activate_all(
    x: &[f32],
    y: &mut [f32],
    derivative: &mut [f32],
    length: usize,
    leak: f32,
    #[comptime] activation: Activation,
) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let (value, slope) = value_and_derivative(x[at], leak, activation);
    y[at] = value;
    derivative[at] = slope;
}

/// φ(z) and φ'(z), where leaky ReLU leaks so much. What is not a number stays so.
#[cube]
pub(super) fn value_and_derivative(z: f32, leak: f32, #[comptime] activation: Activation) -> (f32, f32) {
    match activation {
        Activation::Linear => (z, 1.0f32),
        Activation::Relu => (relu(z), select(z > 0.0f32, 1.0f32, 0.0f32)),
        Activation::LeakyRelu | Activation::Leaky(_) => {
            let slope = select(z > 0.0f32, 1.0f32, leak);
            (z * slope, slope)
        }
        Activation::Gelu => {
            let gaussian = (z * z * -0.5f32).exp();
            let tail = 0.5f32 * erfc(z.abs() * 0.707_106_77f32, gaussian);
            let cumulative = select(z < 0.0f32, tail, 1.0f32 - tail); // Φ(z)
            (z * cumulative, z * gaussian * 0.398_942_28f32 + cumulative)
        }
        Activation::Silu => {
            let s = sigmoid(z);
            let y = z * s;
            (y, s + y - y * s)
        }
        Activation::Tanh => {
            let y = z.tanh();
            (y, 1.0f32 - y * y)
        }
        Activation::Sigmoid => {
            let y = sigmoid(z);
            (y, y - y * y)
        }
        Activation::ReluSquared => {
            let x = relu(z);
            (x * x, x + x)
        }
        Activation::Elu => {
            let below = expm1_below(z);
            (select(z > 0.0f32, z, below), select(z > 0.0f32, 1.0f32, below + 1.0f32))
        }
        Activation::Selu => {
            let below = expm1_below(z) * 1.673_263_2f32;
            let slope = select(z > 0.0f32, 1.0f32, below + 1.673_263_2f32) * 1.050_701f32;
            (select(z > 0.0f32, z, below) * 1.050_701f32, slope)
        }
        Activation::Mish => {
            let t = softplus(z).tanh();
            (z * t, t + z * (1.0f32 - t * t) * sigmoid(z))
        }
        Activation::Softplus => (softplus(z), sigmoid(z)),
        Activation::Erf => {
            let gaussian = (-z * z).exp();
            (erf(z, gaussian), gaussian * 1.128_379_2f32)
        }
        Activation::Sin => (z.sin(), z.cos()),
    }
}

#[cube]
fn relu(z: f32) -> f32 {
    select(z < 0.0f32, 0.0f32, z)
}

#[cube]
fn sigmoid(z: f32) -> f32 {
    1.0f32 / (1.0f32 + (-z).exp())
}

/// ln(1 + eˣ) = relu(x) + ln(1 + e^−|x|).
#[cube]
fn softplus(z: f32) -> f32 {
    relu(z) + (-z.abs()).exp().log1p()
}

/// eˣ − 1 of x ≤ 0, which as tanh(x/2)·(eˣ + 1) keeps its digits at small x; 0 of other x.
#[cube]
fn expm1_below(z: f32) -> f32 {
    let below = select(z > 0.0f32, 0.0f32, z);
    (below * 0.5f32).tanh() * (below.exp() + 1.0f32)
}

/// erf(z), given e^(−z²): near 0 a series, because the absolute error of the approximation is larger than erf there.
#[cube]
fn erf(z: f32, gaussian: f32) -> f32 {
    let x = z.abs();
    let z2 = z * z;
    let near = z * (1.128_379_2f32 - z2 * (0.376_126_4f32 - z2 * (0.112_837_92f32 - z2 * 0.026_866_17f32)));
    let far = 1.0f32 - erfc(x, gaussian);
    let far = select(z < 0.0f32, -far, far);
    select(x < 0.25f32, near, far)
}

/// erfc(x) of x ≥ 0, given e^(−x²): Abramowitz and Stegun 7.1.26, to 1.5e-7.
#[cube]
fn erfc(x: f32, gaussian: f32) -> f32 {
    let t = 1.0f32 / (1.0f32 + 0.327_591_1f32 * x);
    let series = 1.061_405_4f32 * t - 1.453_152f32;
    let series = series * t + 1.421_413_7f32;
    let series = series * t - 0.284_496_74f32;
    let series = series * t + 0.254_829_6f32;
    series * t * gaussian
}
