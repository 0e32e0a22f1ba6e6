//! A linear map and its activation.

use std::f32::consts::FRAC_1_SQRT_2;

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::Linear;
use super::lanes::{change, map};
use super::product::{Lines, Shape, product};
use super::{contiguous, dims, numbers, of_replica, tensor};
use crate::lab::spec::Activation;
use crate::science::activation::{LEAK, SELU_ALPHA, SELU_SCALE};

/// z, φ(z), φ'(z).
pub(super) fn forward(
    x: FlexTensor,
    w: FlexTensor,
    b: FlexTensor,
    form: Linear,
) -> (FlexTensor, FlexTensor, FlexTensor) {
    let [x, w, b] = [x, w, b].map(contiguous);
    let ([replicas, inner, columns], [own_x, rows, _]) = (dims(&w), dims(&x));
    let (a, b_lines) = (Lines::Along(inner), Lines::Along(columns));
    let shape = Shape { rows, inner, columns, a, b: b_lines, c: columns };
    let mut z = vec![0.0; replicas * rows * columns];
    for (r, z) in z.chunks_exact_mut(rows * columns).enumerate() {
        product(of_replica(numbers(&x), own_x, r), of_replica(numbers(&w), replicas, r), z, shape);
        if form.biased {
            let b = of_replica(numbers(&b), dims::<3>(&b)[0], r);
            z.chunks_exact_mut(columns).for_each(|row| change(row, [b], |z, [b]| z + b));
        }
    }
    let shape = [replicas, rows, columns];
    if form.activation == Activation::Linear {
        let z = tensor(z, shape);
        return (z.clone(), z.clone(), z);
    }
    let [y, slope] = bend(form.activation, &z).map(|values| tensor(values, shape));
    (tensor(z, shape), y, slope)
}

/// φ(x) and φ'(x).
pub(super) fn activate(x: FlexTensor, activation: Activation) -> (FlexTensor, FlexTensor) {
    let x = contiguous(x);
    let shape: [usize; 3] = dims(&x);
    bend(activation, numbers(&x)).map(|values| tensor(values, shape)).into()
}

/// z̄ = ȳ⊙φ'(z).
pub(super) fn before(dy: FlexTensor, slope: FlexTensor, form: Linear) -> FlexTensor {
    let mut dz = contiguous(dy);
    if form.activation != Activation::Linear {
        change(dz.storage_mut(), [numbers(&slope)], |dy, [slope]| dy * slope);
    }
    dz
}

/// x̄ = z̄·Wᵀ.
pub(super) fn inputs(w: FlexTensor, dz: &FlexTensor) -> FlexTensor {
    let w = contiguous(w);
    let ([replicas, rows, columns], [_, inner, _]) = (dims(dz), dims(&w));
    let (a, b) = (Lines::Along(columns), Lines::Across(columns));
    let shape = Shape { rows, inner: columns, columns: inner, a, b, c: inner };
    let mut dx = vec![0.0; replicas * rows * inner];
    for (r, dx) in dx.chunks_exact_mut(rows * inner).enumerate() {
        product(of_replica(numbers(dz), replicas, r), of_replica(numbers(&w), replicas, r), dx, shape);
    }
    tensor(dx, [replicas, rows, inner])
}

/// W̄ = xᵀ·z̄ and b̄ = Σ z̄ over rows.
pub(super) fn weights(x: FlexTensor, dz: &FlexTensor, form: Linear) -> (FlexTensor, FlexTensor) {
    let x = contiguous(x);
    let ([replicas, rows, columns], [own_x, _, inner]) = (dims(dz), dims(&x));
    let (a, b) = (Lines::Across(inner), Lines::Along(columns));
    let shape = Shape { rows: inner, inner: rows, columns, a, b, c: columns };
    let mut dw = vec![0.0; replicas * inner * columns];
    let mut db = vec![0.0; replicas * columns];
    for (r, dw) in dw.chunks_exact_mut(inner * columns).enumerate() {
        let dz = of_replica(numbers(dz), replicas, r);
        product(of_replica(numbers(&x), own_x, r), dz, dw, shape);
        if form.biased {
            let db = &mut db[r * columns..(r + 1) * columns];
            dz.chunks_exact(columns).for_each(|row| change(db, [row], |sum, [dz]| sum + dz));
        }
    }
    (tensor(dw, [replicas, inner, columns]), tensor(db, [replicas, 1, columns]))
}

/// y and φ'(z). What is not a number stays so: a network that left f32 must be seen to have.
fn bend(activation: Activation, z: &[f32]) -> [Vec<f32>; 2] {
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
            let (below, density) = normal(z);
            [z * below, z * density + below]
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
        // Near 0, where deep networks end, an approximation of erf by its absolute error is none.
        Activation::Erf => {
            let slope = std::f32::consts::FRAC_2_SQRT_PI;
            let [slope] = map([z], |[z]| [(-z * z).exp() * f32x4::splat(slope)]);
            [z.iter().map(|z| libm::erff(*z)).collect(), slope]
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

/// x for x > 0, else α·(eˣ − 1).
#[inline(always)]
fn elu(z: f32x4, alpha: f32x4) -> [f32x4; 2] {
    let above = z.simd_gt(f32x4::ZERO);
    let rise = above.select(f32x4::ZERO, z).exp_m1() * alpha;
    [above.select(z, rise), above.select(f32x4::ONE, rise + alpha)]
}

/// Φ(z) and the density e^(−z²/2)/√(2π).
///
/// ```text
/// erfc(x) = (a₁t + a₂t² + a₃t³ + a₄t⁴ + a₅t⁵)·e^(−x²),   t = 1/(1 + px),   x ≥ 0      to 1.5e-7
/// ```
///
/// Abramowitz and Stegun 7.1.26; Φ(z) = erfc(−z/√2)/2.
#[expect(clippy::excessive_precision, reason = "digits as they are published")]
#[inline(always)]
fn normal(z: f32x4) -> (f32x4, f32x4) {
    const P: f32x4 = f32x4::splat(0.327_591_1 * FRAC_1_SQRT_2);
    const A: [f32x4; 5] = [
        f32x4::splat(0.254_829_592),
        f32x4::splat(-0.284_496_736),
        f32x4::splat(1.421_413_741),
        f32x4::splat(-1.453_152_027),
        f32x4::splat(1.061_405_429),
    ];
    const DENSITY: f32x4 = f32x4::splat(0.398_942_28);
    let bell = (z * z * f32x4::splat(-0.5)).exp();
    let t = f32x4::ONE / (f32x4::ONE + P * z.abs());
    let series = t * (A[0] + t * (A[1] + t * (A[2] + t * (A[3] + t * A[4]))));
    let tail = series * bell * f32x4::splat(0.5);
    (z.simd_lt(f32x4::ZERO).select(tail, f32x4::ONE - tail), bell * DENSITY)
}
