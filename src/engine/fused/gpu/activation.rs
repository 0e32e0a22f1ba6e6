//! φ and φ' of a number.

// Literals, because a kernel takes no constants of Rust's.
#![allow(clippy::approx_constant, clippy::excessive_precision)]

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, dims, empty, line};
use crate::lab::spec::Activation;

const UNITS: u32 = 64;

/// φ(x) and φ'(x), where no product comes before.
pub(super) fn forward(x: CubeTensor, activation: Activation) -> (CubeTensor, CubeTensor) {
    let x = into_contiguous(x);
    let shape: [usize; 3] = dims(&x);
    let (y, slope) = (empty(&x, shape), empty(&x, shape));
    let length = shape.iter().product();
    let leak = activation.leak().unwrap_or(0.0) as f32;
    let (count, dim) = line(length, UNITS);
    alone::launch(&y.client, count, dim, buffer(&x), buffer(&y), buffer(&slope), length, leak, activation.kind());
    (y, slope)
}

#[cube(launch)]
fn alone(x: &[f32], y: &mut [f32], slope: &mut [f32], length: usize, leak: f32, #[comptime] activation: Activation) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let (value, steepness) = bend(x[at], leak, activation);
    y[at] = value;
    slope[at] = steepness;
}

/// φ(z) and φ'(z), leaky ReLU's with this slope. What is not a number stays so.
#[cube]
pub(super) fn bend(z: f32, leak: f32, #[comptime] activation: Activation) -> (f32, f32) {
    let mut y = z;
    let mut slope = 1.0f32;
    if comptime!(activation == Activation::Relu) {
        y = relu(z);
        slope = select(z > 0.0f32, 1.0f32, 0.0f32);
    }
    if comptime!(activation == Activation::LeakyRelu) {
        slope = select(z > 0.0f32, 1.0f32, leak);
        y = z * slope;
    }
    if comptime!(activation == Activation::Gelu) {
        let bell = (z * z * -0.5f32).exp();
        let tail = 0.5f32 * erfc(z.abs() * 0.707_106_77f32, bell);
        let below = select(z < 0.0f32, tail, 1.0f32 - tail); // Φ(z)
        y = z * below;
        slope = z * bell * 0.398_942_28f32 + below;
    }
    if comptime!(activation == Activation::Silu) {
        let s = sigmoid(z);
        y = z * s;
        slope = s + y - y * s;
    }
    if comptime!(activation == Activation::Tanh) {
        y = z.tanh();
        slope = 1.0f32 - y * y;
    }
    if comptime!(activation == Activation::Sigmoid) {
        y = sigmoid(z);
        slope = y - y * y;
    }
    if comptime!(activation == Activation::ReluSquared) {
        let x = relu(z);
        y = x * x;
        slope = x + x;
    }
    if comptime!(activation == Activation::Elu) {
        let rise = rise(z);
        y = select(z > 0.0f32, z, rise);
        slope = select(z > 0.0f32, 1.0f32, rise + 1.0f32);
    }
    if comptime!(activation == Activation::Selu) {
        let rise = rise(z) * 1.673_263_2f32;
        y = select(z > 0.0f32, z, rise) * 1.050_701f32;
        slope = select(z > 0.0f32, 1.0f32, rise + 1.673_263_2f32) * 1.050_701f32;
    }
    if comptime!(activation == Activation::Mish) {
        let t = softplus(z).tanh();
        y = z * t;
        slope = t + z * (1.0f32 - t * t) * sigmoid(z);
    }
    if comptime!(activation == Activation::Softplus) {
        y = softplus(z);
        slope = sigmoid(z);
    }
    if comptime!(activation == Activation::Erf) {
        let bell = (-z * z).exp();
        let x = z.abs();
        // Near 0 the approximation's absolute error is no relative one; there the series is.
        let z2 = z * z;
        let near = z * (1.128_379_2f32 - z2 * (0.376_126_4f32 - z2 * (0.112_837_92f32 - z2 * 0.026_866_17f32)));
        let far = 1.0f32 - erfc(x, bell);
        let far = select(z < 0.0f32, -far, far);
        y = select(x < 0.25f32, near, far);
        slope = bell * 1.128_379_2f32;
    }
    if comptime!(activation == Activation::Sin) {
        y = z.sin();
        slope = z.cos();
    }
    (y, slope)
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

/// eˣ − 1 of x ≤ 0, which as tanh(x/2)·(eˣ + 1) keeps its digits at small x.
#[cube]
fn rise(z: f32) -> f32 {
    let below = select(z > 0.0f32, 0.0f32, z);
    (below * 0.5f32).tanh() * (below.exp() + 1.0f32)
}

/// erfc(x) of x ≥ 0, given e^(−x²): Abramowitz and Stegun 7.1.26, to 1.5e-7.
#[cube]
fn erfc(x: f32, bell: f32) -> f32 {
    let t = 1.0f32 / (1.0f32 + 0.327_591_1f32 * x);
    let series = 1.061_405_4f32 * t - 1.453_152f32;
    let series = series * t + 1.421_413_7f32;
    let series = series * t - 0.284_496_74f32;
    let series = series * t + 0.254_829_6f32;
    series * t * bell
}
