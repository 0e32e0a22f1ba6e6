//! The layers on a GPU, as kernels of their own.
//!
//! A small network costs its launches, so each layer is as few of them as it can be: one forward, two
//! backward. A unit makes a small tile of a product from global memory. Sizes are arguments
//! and not constants, so that networks of other sizes compile nothing; only the context length is compiled
//! in, by which attention allocates a cube's memory, and whether a product is narrow.

// A kernel has an argument for each buffer.
#![allow(clippy::too_many_arguments)]

use burn_cubecl::cubecl;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

mod activation;
mod attention;
mod dense;
mod gemm;
mod histogram;
mod loss;
mod norm;
mod update;

pub(super) use activation::activate;
pub(super) use attention::{attend, attend_back};
pub(super) use dense::{dense, dense_back, dense_back_weights};
pub(super) use histogram::histogram;
pub(super) use loss::cross_entropy;
pub(super) use norm::{normalize, normalize_back};
pub(super) use update::{adam, momentum, sgd_three};

fn dims<const D: usize>(tensor: &CubeTensor) -> [usize; D] {
    tensor.meta.shape().dims()
}

/// A contiguous tensor for a result, on the device of another, with numbers that are not set yet.
fn allocate_contiguous<const D: usize>(like: &CubeTensor, dims: [usize; D]) -> CubeTensor {
    let bytes = dims.iter().product::<usize>() * size_of::<f32>();
    let (client, device) = (like.client.clone(), like.device.clone());
    let handle = client.empty(bytes);
    CubeTensor::new_contiguous(client, device, dims.into(), handle, like.dtype)
}

/// Tensors for several results in one buffer: the buffer, the tensors, and where in the buffer each begins.
/// A stage of a shader has eight buffers for sure, and one is cubecl's own.
fn allocate_joined<const N: usize>(
    like: &CubeTensor,
    dims: [[usize; 3]; N],
) -> (CubeTensor, [CubeTensor; N], [usize; N]) {
    let number = size_of::<f32>();
    let alignment = (like.client.properties().memory.alignment as usize / number).max(1);
    let mut length = 0;
    let starts = dims.map(|dims| {
        let start = length;
        length += dims.iter().product::<usize>().next_multiple_of(alignment);
        start
    });
    let whole = allocate_contiguous(like, [length]);
    let tensors = std::array::from_fn(|index| {
        let (dims, start) = (dims[index], starts[index]);
        let end = start + dims.iter().product::<usize>();
        let bytes = |numbers: usize| (numbers * number) as u64;
        let handle = whole.handle.clone().offset_start(bytes(start)).offset_end(bytes(length - end));
        CubeTensor::new_contiguous(like.client.clone(), like.device.clone(), dims.into(), handle, like.dtype)
    });
    (whole, tensors, starts)
}

/// A contiguous tensor as an argument of a kernel.
fn buffer(tensor: &CubeTensor) -> BufferArg {
    tensor.clone().into_buffer_arg()
}

/// The distance from the numbers of one replica to those of the next; 0 in a `[1, …]`, which all replicas share.
fn replica_stride(tensor: &CubeTensor) -> usize {
    let [replicas, rows, columns] = dims(tensor);
    if replicas > 1 { rows * columns } else { 0 }
}

/// A launch along one axis with at least `count` units; it goes on along the second axis where the first is full.
fn launch_1d(count: usize, units: u32) -> (CubeCount, CubeDim) {
    /// The most workgroups that WebGPU allows along an axis.
    const MOST: u32 = 65_535;
    let cubes = (count as u32).div_ceil(units);
    (CubeCount::Static(cubes.min(MOST), cubes.div_ceil(MOST), 1), CubeDim::new_1d(units))
}
