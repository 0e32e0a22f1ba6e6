//! A linear map and its activation: one launch forward, two backward.
//!
//! ```text
//! z = x·W + b   y = φ(z)      z̄ = ȳ⊙φ'(z), made where it is read   W̄ = xᵀ·z̄   b̄ = Σ z̄   x̄ = z̄·Wᵀ
//! ```

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::Epilogue;
use super::gemm::{GemmSizesLaunch, TILE, UNITS, gemm_epilogue, gemm_inputs_back, gemm_weights_back};
use super::{allocate_contiguous, buffer, dims, replica_stride};
use crate::lab::spec::Activation;

/// z, φ(z) and φ'(z).
pub(in super::super) fn dense(inputs: [CubeTensor; 3], epilogue: Epilogue) -> [CubeTensor; 3] {
    let [x, w, b] = inputs.map(into_contiguous);
    let ([replicas, k, n], [_, m, _]) = (dims(&w), dims(&x));
    let (count, dim, sizes) = launch_tiles([m, n, k], replicas, &x, &w);
    let allocate = || allocate_contiguous(&x, [replicas, m, n]);
    let z = allocate();
    let activated = (epilogue.activation != Activation::Linear).then(|| [allocate(), allocate()]);
    gemm_epilogue::launch(
        &z.client,
        count,
        dim,
        buffer(&x),
        buffer(&w),
        epilogue.biased.then(|| buffer(&b)).into(),
        buffer(&z),
        activated.as_ref().map(|[y, _]| buffer(y)).into(),
        activated.as_ref().map(|[_, derivative]| buffer(derivative)).into(),
        sizes,
        if epilogue.biased { replica_stride(&b) } else { 0 },
        epilogue.activation.leak().unwrap_or(0.0) as f32,
        // A leak is an argument, so another one is no other kernel.
        epilogue.activation.kind(),
    );
    match activated {
        Some([y, derivative]) => [z, y, derivative],
        None => [z.clone(), z.clone(), z],
    }
}

/// x̄, W̄ and b̄.
pub(in super::super) fn dense_back([x, w, dy, derivative]: [CubeTensor; 4], epilogue: Epilogue) -> [CubeTensor; 3] {
    let [w, dy, derivative] = [w, dy, derivative].map(into_contiguous);
    let ([replicas, m, k], [_, n, _]) = (dims(&dy), dims(&w));
    let (count, dim, sizes) = launch_tiles([m, n, k], replicas, &dy, &w);
    let [dw, db] = dense_back_weights([x, dy.clone(), derivative.clone()], epilogue);
    let dx = allocate_contiguous(&w, [replicas, m, n]);
    gemm_inputs_back::launch(
        &dx.client,
        count,
        dim,
        buffer(&dy),
        factor(&derivative, epilogue).into(),
        buffer(&w),
        buffer(&dx),
        sizes,
    );
    [dx, dw, db]
}

/// W̄ and b̄.
pub(in super::super) fn dense_back_weights(inputs: [CubeTensor; 3], epilogue: Epilogue) -> [CubeTensor; 2] {
    let [x, dy, derivative] = inputs.map(into_contiguous);
    let ([replicas, k, n], [_, _, m]) = (dims(&dy), dims(&x));
    let (count, dim, sizes) = launch_tiles([m, n, k], replicas, &x, &dy);
    let (dw, db) = (allocate_contiguous(&x, [replicas, m, n]), allocate_contiguous(&x, [replicas, 1, n]));
    gemm_weights_back::launch(
        &dw.client,
        count,
        dim,
        buffer(&x),
        buffer(&dy),
        factor(&derivative, epilogue).into(),
        buffer(&dw),
        buffer(&db),
        sizes,
    );
    [dw, db]
}

/// What ȳ is multiplied by to get z̄; a linear map has no such factor.
fn factor(derivative: &CubeTensor, epilogue: Epilogue) -> Option<BufferArg> {
    (epilogue.activation != Activation::Linear).then(|| buffer(derivative))
}

/// A launch with a unit for each tile of the product of A and B, `[m, n]`, for each replica. The columns of a tile
/// are far apart where there are enough for all units of a cube.
fn launch_tiles(
    [m, n, k]: [usize; 3],
    replicas: usize,
    a: &CubeTensor,
    b: &CubeTensor,
) -> (CubeCount, CubeDim, GemmSizesLaunch) {
    let cubes = |length: usize| length.div_ceil(TILE * UNITS) as u32;
    let count = CubeCount::Static(cubes(n), cubes(m), replicas as u32);
    let [column_stride, unit_stride] = if n >= TILE * UNITS { [UNITS, 1] } else { [1, TILE] };
    let sizes = GemmSizesLaunch::new(m, n, k, replica_stride(a), replica_stride(b), column_stride, unit_stride);
    (count, CubeDim::new_2d(UNITS as u32, UNITS as u32), sizes)
}
