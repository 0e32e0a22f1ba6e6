//! The layers on the CPU: one pass over memory each, four numbers at a time.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;

use super::{Fused, Heads, Linear, Norm, Step};
use crate::lab::spec::Activation;

mod attention;
mod dense;
mod lanes;
mod loss;
mod norm;
mod product;
mod update;

impl Fused for Flex {
    fn dense(x: FlexTensor, w: FlexTensor, b: FlexTensor, form: Linear) -> (FlexTensor, FlexTensor, FlexTensor) {
        dense::forward(x, w, b, form)
    }

    fn dense_back(
        x: FlexTensor,
        w: FlexTensor,
        dy: FlexTensor,
        slope: FlexTensor,
        form: Linear,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let dz = dense::before(dy, slope, form);
        let (dw, db) = dense::weights(x, &dz, form);
        let dx = dense::inputs(w, &dz);
        (dx, dw, db)
    }

    fn dense_back_weights(
        x: FlexTensor,
        _: FlexTensor,
        dy: FlexTensor,
        slope: FlexTensor,
        form: Linear,
    ) -> (FlexTensor, FlexTensor) {
        dense::weights(x, &dense::before(dy, slope, form), form)
    }

    fn activate(x: FlexTensor, activation: Activation) -> (FlexTensor, FlexTensor) {
        dense::activate(x, activation)
    }

    fn normalize(
        x: FlexTensor,
        gain: FlexTensor,
        shift: FlexTensor,
        centers: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        norm::forward(x, gain, shift, centers)
    }

    fn normalize_back(
        x: FlexTensor,
        gain: FlexTensor,
        mean: FlexTensor,
        inverse: FlexTensor,
        dy: FlexTensor,
        elsewhere: FlexTensor,
        form: Norm,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        norm::back([x, gain, mean, inverse, dy, elsewhere], form)
    }

    fn attend(qkv: FlexTensor, heads: Heads) -> (FlexTensor, FlexTensor) {
        attention::forward(qkv, heads)
    }

    fn attend_back(qkv: FlexTensor, weights: FlexTensor, dy: FlexTensor, heads: Heads) -> FlexTensor {
        attention::back(qkv, weights, dy, heads)
    }

    fn cross_entropy(logits: FlexTensor, targets: FlexTensor) -> (FlexTensor, FlexTensor) {
        loss::cross_entropy(logits, targets)
    }

    fn sgd(
        w1: FlexTensor,
        g1: FlexTensor,
        w2: FlexTensor,
        g2: FlexTensor,
        w3: FlexTensor,
        g3: FlexTensor,
        rates: FlexTensor,
        [s1, s2, s3]: [Step; 3],
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        (update::sgd(w1, g1, &rates, s1), update::sgd(w2, g2, &rates, s2), update::sgd(w3, g3, &rates, s3))
    }

    fn momentum(
        w: FlexTensor,
        g: FlexTensor,
        v: FlexTensor,
        rates: FlexTensor,
        step: Step,
    ) -> (FlexTensor, FlexTensor) {
        update::momentum([w, g, v], &rates, step)
    }

    fn adam(
        w: FlexTensor,
        g: FlexTensor,
        m: FlexTensor,
        v: FlexTensor,
        rates: FlexTensor,
        step: Step,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        update::adam([w, g, m, v], &rates, step)
    }
}

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

/// What replica r has of a tensor of which all have the same, or each its own.
fn of_replica(values: &[f32], replicas: usize, r: usize) -> &[f32] {
    let size = values.len() / replicas;
    if replicas == 1 { values } else { &values[r * size..(r + 1) * size] }
}
