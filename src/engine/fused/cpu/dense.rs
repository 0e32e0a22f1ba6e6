//! A linear map and its activation.

use burn::backend::flex::FlexTensor;

use super::super::Epilogue;
use super::activation::activate;
use super::gemm::{Gemm, MatrixLayout, gemm};
use super::lanes::map_in_place;
use super::{contiguous, dims, numbers, of_replica, tensor};
use crate::lab::spec::Activation;

/// z, φ(z) and φ'(z).
pub(in super::super) fn dense(inputs: [FlexTensor; 3], epilogue: Epilogue) -> [FlexTensor; 3] {
    let [x, w, b] = inputs.map(contiguous);
    let ([replicas, k, n], [_, m, _]) = (dims(&w), dims(&x));
    let sizes = Gemm { m, n, k, a: MatrixLayout::RowMajor(k), b: MatrixLayout::RowMajor(n), ldc: n };
    let mut z = vec![0.0; replicas * m * n];
    for (r, z) in z.chunks_exact_mut(m * n).enumerate() {
        gemm(of_replica(&x, r), of_replica(&w, r), z, sizes);
        if epilogue.biased {
            let b = of_replica(&b, r);
            z.chunks_exact_mut(n).for_each(|row| map_in_place(row, [b], |z, [b]| z + b));
        }
    }
    let z = tensor(z, [replicas, m, n]);
    if epilogue.activation == Activation::Linear {
        return [z.clone(), z.clone(), z];
    }
    let [y, derivative] = activate([z.clone()], epilogue.activation);
    [z, y, derivative]
}

/// x̄, W̄ and b̄.
pub(in super::super) fn dense_back([x, w, dy, derivative]: [FlexTensor; 4], epilogue: Epilogue) -> [FlexTensor; 3] {
    let dz = preactivation_back(dy, derivative, epilogue);
    let [dw, db] = weights_back(x, &dz, epilogue);
    [inputs_back(w, &dz), dw, db]
}

/// W̄ and b̄.
pub(in super::super) fn dense_back_weights(
    [x, dy, derivative]: [FlexTensor; 3],
    epilogue: Epilogue,
) -> [FlexTensor; 2] {
    weights_back(x, &preactivation_back(dy, derivative, epilogue), epilogue)
}

/// z̄ = ȳ⊙φ'(z).
fn preactivation_back(dy: FlexTensor, derivative: FlexTensor, epilogue: Epilogue) -> FlexTensor {
    let mut dz = contiguous(dy);
    if epilogue.activation != Activation::Linear {
        // A contiguous tensor may be a part of a larger storage.
        let (start, derivative) = (dz.layout().start_offset(), numbers(&derivative));
        let dz = &mut dz.storage_mut()[start..start + derivative.len()];
        map_in_place(dz, [derivative], |dy, [derivative]| dy * derivative);
    }
    dz
}

/// x̄ = z̄·Wᵀ.
fn inputs_back(w: FlexTensor, dz: &FlexTensor) -> FlexTensor {
    let w = contiguous(w);
    let ([replicas, m, k], [_, n, _]) = (dims(dz), dims(&w));
    let sizes = Gemm { m, n, k, a: MatrixLayout::RowMajor(k), b: MatrixLayout::Transposed(k), ldc: n };
    let mut dx = vec![0.0; replicas * m * n];
    for (r, dx) in dx.chunks_exact_mut(m * n).enumerate() {
        gemm(of_replica(dz, r), of_replica(&w, r), dx, sizes);
    }
    tensor(dx, [replicas, m, n])
}

/// W̄ = xᵀ·z̄ and b̄ = Σ z̄ over rows.
fn weights_back(x: FlexTensor, dz: &FlexTensor, epilogue: Epilogue) -> [FlexTensor; 2] {
    let x = contiguous(x);
    let ([replicas, k, n], [_, _, m]) = (dims(dz), dims(&x));
    let sizes = Gemm { m, n, k, a: MatrixLayout::Transposed(m), b: MatrixLayout::RowMajor(n), ldc: n };
    let mut dw = vec![0.0; replicas * m * n];
    let mut db = vec![0.0; replicas * n];
    for (r, (dw, db)) in dw.chunks_exact_mut(m * n).zip(db.chunks_exact_mut(n)).enumerate() {
        let dz = of_replica(dz, r);
        gemm(of_replica(&x, r), dz, dw, sizes);
        if epilogue.biased {
            dz.chunks_exact(n).for_each(|row| map_in_place(db, [row], |sum, [dz]| sum + dz));
        }
    }
    [tensor(dw, [replicas, m, n]), tensor(db, [replicas, 1, n])]
}
