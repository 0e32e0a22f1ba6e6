//! The first values of a network, drawn on the CPU.

use std::mem::take;

use super::batch::first_inputs;
use crate::lab::spec::{Scheme, Spec};
use crate::science::lsuv::lsuv;
use crate::science::seed::fnv1a;

/// A hash of the bits of all values in order, as 16 hexadecimal digits.
pub fn fingerprint(values: &[Vec<f32>]) -> String {
    format!("{:016x}", fnv1a(values.iter().flatten().flat_map(|value| value.to_le_bytes())))
}

/// The first values of every tensor of a spec, row-major, in the order of the list.
pub fn initial(spec: &Spec) -> Vec<Vec<f32>> {
    let plan = spec.plan();
    let net = spec.architecture();
    let list = net.parameters();
    let mut values: Vec<Vec<f32>> = list.iter().map(|parameter| parameter.initial(spec, &plan)).collect();
    if spec.start.scheme == Scheme::Lsuv {
        // In a perceptron each matrix is followed by its biases.
        let matrices = || (0..list.len()).filter(|index| list[*index].kind.is_matrix());
        let mut layers: Vec<(Vec<f32>, Vec<f32>)> =
            matrices().map(|index| (take(&mut values[index]), values[index + 1].clone())).collect();
        lsuv(&mut layers, &first_inputs(spec), &net, spec.start.bias);
        for (index, (matrix, _)) in matrices().zip(layers) {
            values[index] = matrix;
        }
    }
    values
}
