//! A linear map and its activation: one launch, and two on the way back.
//!
//! ```text
//! z = x·W + b   y = φ(z)      z̄ = ȳ⊙φ'(z), made where it is read   W̄ = xᵀ·z̄   b̄ = Σ z̄   x̄ = z̄·Wᵀ
//! ```

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::Linear;
use super::product::{bent, inputs_back, linear, weights_back};
use super::{buffer, dims, empty, own};
use crate::lab::spec::Activation;

/// A unit makes so many rows and columns of a product.
const TILE: usize = 4;
/// Units of a cube, along each axis.
const UNITS: u32 = 8;

/// Cubes for a product of so many rows and columns, for each replica.
fn cubes(rows: usize, columns: usize, replicas: usize) -> (CubeCount, CubeDim) {
    let along = |length: usize| length.div_ceil(TILE * UNITS as usize) as u32;
    (CubeCount::Static(along(columns), along(rows), replicas as u32), CubeDim::new_2d(UNITS, UNITS))
}

/// Of a unit's columns: how far apart they are, and what its place is multiplied by to get the first.
fn spread(columns: usize) -> [usize; 2] {
    let units = UNITS as usize;
    if columns >= TILE * units { [units, 1] } else { [1, TILE] }
}

/// z, φ(z), φ'(z).
pub(super) fn forward(inputs: [CubeTensor; 3], form: Linear) -> (CubeTensor, CubeTensor, CubeTensor) {
    let [x, w, b] = inputs.map(into_contiguous);
    let ([replicas, inner, columns], [_, rows, _]) = (dims(&w), dims(&x));
    let (count, dim) = cubes(rows, columns, replicas);
    let [apart, first] = spread(columns);
    let z = empty(&x, [replicas, rows, columns]);
    let bias = form.biased.then(|| buffer(&b));
    let own_b = if form.biased { own(&b) } else { 0 };
    if form.activation == Activation::Linear {
        let (x_arg, w_arg) = (buffer(&x), buffer(&w));
        linear::launch(
            &z.client,
            count,
            dim,
            x_arg,
            w_arg,
            bias.into(),
            buffer(&z),
            rows,
            inner,
            columns,
            own(&x),
            own_b,
            apart,
            first,
        );
        return (z.clone(), z.clone(), z);
    }
    let (y, slope) = (empty(&x, [replicas, rows, columns]), empty(&x, [replicas, rows, columns]));
    bent::launch(
        &z.client,
        count,
        dim,
        buffer(&x),
        buffer(&w),
        bias.into(),
        buffer(&z),
        buffer(&y),
        buffer(&slope),
        rows,
        inner,
        columns,
        own(&x),
        own_b,
        form.activation.leak().unwrap_or(0.0) as f32,
        // Another slope is no other kernel.
        form.activation.kind(),
        apart,
        first,
    );
    (z, y, slope)
}

/// W̄ and b̄, from contiguous tensors.
pub(super) fn weights(x: &CubeTensor, dy: &CubeTensor, slope: &CubeTensor, form: Linear) -> (CubeTensor, CubeTensor) {
    let ([replicas, rows, columns], [_, _, inner]) = (dims(dy), dims(x));
    let (count, dim) = cubes(inner, columns, replicas);
    let [apart, first] = spread(columns);
    let (dw, db) = (empty(x, [replicas, inner, columns]), empty(x, [replicas, 1, columns]));
    weights_back::launch(
        &dw.client,
        count,
        dim,
        buffer(x),
        buffer(dy),
        slope_of(slope, form).into(),
        buffer(&dw),
        buffer(&db),
        rows,
        inner,
        columns,
        own(x),
        apart,
        first,
    );
    (dw, db)
}

/// x̄, from contiguous tensors.
pub(super) fn inputs(w: &CubeTensor, dy: &CubeTensor, slope: &CubeTensor, form: Linear) -> CubeTensor {
    let ([replicas, rows, columns], [_, inner, _]) = (dims(dy), dims(w));
    let (count, dim) = cubes(rows, inner, replicas);
    let [apart, first] = spread(inner);
    let dx = empty(w, [replicas, rows, inner]);
    inputs_back::launch(
        &dx.client,
        count,
        dim,
        buffer(w),
        buffer(dy),
        slope_of(slope, form).into(),
        buffer(&dx),
        rows,
        inner,
        columns,
        apart,
        first,
    );
    dx
}

/// The slope as an argument; a linear map has none.
fn slope_of(slope: &CubeTensor, form: Linear) -> Option<BufferArg> {
    (form.activation != Activation::Linear).then(|| buffer(slope))
}
