//! The layers on the CPU: one pass over memory each, four numbers at a time.

use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;

mod activation;
mod attention;
mod dense;
mod gemm;
mod histogram;
mod lanes;
mod loss;
mod norm;
mod summary;
mod update;

pub(super) use activation::activate;
pub(super) use attention::{attend, attend_back};
pub(super) use dense::{dense, dense_back, dense_back_weights};
pub(super) use histogram::histogram;
pub(super) use loss::cross_entropy;
pub(super) use norm::{normalize, normalize_back};
pub(super) use summary::{size, spread, spread_in_texts};
pub(super) use update::{adam, momentum, sgd_three};

/// The same numbers, row-major and side by side.
fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.is_contiguous() { tensor } else { tensor.to_contiguous() }
}

/// The numbers of a contiguous tensor.
fn numbers(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("a contiguous tensor of f32")
}

fn dims<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    tensor.layout().shape().dims()
}

fn tensor<const D: usize>(values: Vec<f32>, dims: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, dims))
}

/// The numbers that replica r has of a contiguous tensor `[R, …]`, or of a `[1, …]` that all replicas share.
fn of_replica(tensor: &FlexTensor, r: usize) -> &[f32] {
    let (replicas, values) = (tensor.layout().shape()[0], numbers(tensor));
    let size = values.len() / replicas;
    if replicas == 1 { values } else { &values[r * size..(r + 1) * size] }
}
