//! The layers on a GPU, as kernels of their own.
//!
//! A small network costs its launches, so each layer is as few of them as it can be: one on the way there,
//! two on the way back. A unit makes a small tile of a product from global memory; sizes are arguments
//! and not constants, so that networks of other sizes compile nothing.

use burn_cubecl::CubeBackend;
use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{Fused, Heads, Linear, Norm, Step};
use crate::lab::spec::Activation;

mod activation;
mod attention;
mod dense;
mod loss;
mod norm;
mod product;
mod update;

impl Fused for CubeBackend {
    fn dense(x: CubeTensor, w: CubeTensor, b: CubeTensor, form: Linear) -> (CubeTensor, CubeTensor, CubeTensor) {
        dense::forward([x, w, b], form)
    }

    fn dense_back(
        x: CubeTensor,
        w: CubeTensor,
        dy: CubeTensor,
        slope: CubeTensor,
        form: Linear,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let [x, w, dy, slope] = [x, w, dy, slope].map(into_contiguous);
        let (dw, db) = dense::weights(&x, &dy, &slope, form);
        (dense::inputs(&w, &dy, &slope, form), dw, db)
    }

    fn dense_back_weights(
        x: CubeTensor,
        _: CubeTensor,
        dy: CubeTensor,
        slope: CubeTensor,
        form: Linear,
    ) -> (CubeTensor, CubeTensor) {
        let [x, dy, slope] = [x, dy, slope].map(into_contiguous);
        dense::weights(&x, &dy, &slope, form)
    }

    fn activate(x: CubeTensor, activation: Activation) -> (CubeTensor, CubeTensor) {
        activation::forward(x, activation)
    }

    fn normalize(
        x: CubeTensor,
        gain: CubeTensor,
        shift: CubeTensor,
        centers: bool,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        norm::forward([x, gain, shift], centers)
    }

    fn normalize_back(
        x: CubeTensor,
        gain: CubeTensor,
        mean: CubeTensor,
        inverse: CubeTensor,
        dy: CubeTensor,
        elsewhere: CubeTensor,
        form: Norm,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        norm::back([x, gain, mean, inverse, dy, elsewhere], form)
    }

    fn attend(qkv: CubeTensor, heads: Heads) -> (CubeTensor, CubeTensor) {
        attention::forward(qkv, heads)
    }

    fn attend_back(qkv: CubeTensor, weights: CubeTensor, dy: CubeTensor, heads: Heads) -> CubeTensor {
        attention::back([qkv, weights, dy], heads)
    }

    fn cross_entropy(logits: CubeTensor, targets: CubeTensor) -> (CubeTensor, CubeTensor) {
        loss::cross_entropy(logits, targets)
    }

    fn sgd(
        w1: CubeTensor,
        g1: CubeTensor,
        w2: CubeTensor,
        g2: CubeTensor,
        w3: CubeTensor,
        g3: CubeTensor,
        rates: CubeTensor,
        steps: [Step; 3],
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        update::sgd([w1, w2, w3], [g1, g2, g3], rates, steps)
    }

    fn momentum(
        w: CubeTensor,
        g: CubeTensor,
        v: CubeTensor,
        rates: CubeTensor,
        step: Step,
    ) -> (CubeTensor, CubeTensor) {
        update::momentum([w, g, v], rates, step)
    }

    fn adam(
        w: CubeTensor,
        g: CubeTensor,
        m: CubeTensor,
        v: CubeTensor,
        rates: CubeTensor,
        step: Step,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        update::adam([w, g, m, v], rates, step)
    }
}

fn dims<const D: usize>(tensor: &CubeTensor) -> [usize; D] {
    tensor.meta.shape().dims()
}

/// Room for a result.
fn empty<const D: usize>(like: &CubeTensor, dims: [usize; D]) -> CubeTensor {
    let bytes = dims.iter().product::<usize>() * size_of::<f32>();
    let (client, device) = (like.client.clone(), like.device.clone());
    let handle = client.empty(bytes);
    CubeTensor::new_contiguous(client, device, dims.into(), handle, like.dtype)
}

/// Room for results of one shape or several in one buffer: as an argument, as tensors, and where each
/// begins. A stage of a shader has eight buffers for sure, and one is cubecl's own.
fn together<const N: usize>(like: &CubeTensor, dims: [[usize; 3]; N]) -> (CubeTensor, [CubeTensor; N], [usize; N]) {
    let number = size_of::<f32>();
    let step = (like.client.properties().memory.alignment as usize / number).max(1);
    let mut length = 0;
    let starts = dims.map(|dims| {
        let start = length;
        length += dims.iter().product::<usize>().next_multiple_of(step);
        start
    });
    let whole = empty(like, [length]);
    let tensors = std::array::from_fn(|index| {
        let (dims, start) = (dims[index], starts[index]);
        let end = start + dims.iter().product::<usize>();
        let bytes = |numbers: usize| (numbers * number) as u64;
        let handle = whole.handle.clone().offset_start(bytes(start)).offset_end(bytes(length - end));
        CubeTensor::new_contiguous(like.client.clone(), like.device.clone(), dims.into(), handle, like.dtype)
    });
    (whole, tensors, starts)
}

/// A tensor as an argument; contiguous.
fn buffer(tensor: &CubeTensor) -> BufferArg {
    tensor.clone().into_buffer_arg()
}

/// 0 if all replicas have the same, 1 if each has its own: what a replica's index is multiplied by.
fn own(tensor: &CubeTensor) -> usize {
    usize::from(dims::<3>(tensor)[0] > 1)
}

/// So many cubes of units in a line that there is a unit for each of `count`.
fn line(count: usize, units: u32) -> (CubeCount, CubeDim) {
    /// What WebGPU allows along an axis.
    const MOST: u32 = 65_535;
    let cubes = (count as u32).div_ceil(units);
    (CubeCount::Static(cubes.min(MOST), cubes.div_ceil(MOST), 1), CubeDim::new_1d(units))
}
