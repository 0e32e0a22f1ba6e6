//! A perceptron's weights, and a pass through them in plain f64.

use burn::tensor::Tensor;

use super::driven::Engine;

/// The weights of a network, tensor after tensor.
pub(crate) fn weights(engine: &Engine) -> Vec<Vec<f64>> {
    let read = |tensor: &Tensor<3>| {
        let numbers = tensor.to_data().try_into_vec::<f32>().expect("f32");
        numbers.into_iter().map(f64::from).collect()
    };
    engine.0.session().expect("a run").trainer().weights().iter().map(read).collect()
}

/// The outputs of all layers for these inputs, in f64: `[layer][row][unit]`. `tensors` are W and b by turns.
pub(crate) fn plain_pass(
    mut rows: Vec<Vec<f64>>,
    tensors: &[Vec<f64>],
    activation: fn(f64) -> f64,
    residual: bool,
) -> Vec<Vec<Vec<f64>>> {
    let layers = tensors.len() / 2;
    let mut outputs = Vec::new();
    for (layer, pair) in tensors.chunks(2).enumerate() {
        let next = |h: &Vec<f64>| -> Vec<f64> {
            let mut z = pair[1].clone();
            let width = z.len();
            h.iter()
                .zip(pair[0].chunks(width))
                .for_each(|(x, row)| z.iter_mut().zip(row).for_each(|(z, w)| *z += x * w));
            if layer + 1 == layers {
                return z;
            }
            let skip = |unit: usize| if residual && layer > 0 { h[unit] } else { 0.0 };
            z.iter().enumerate().map(|(unit, z)| skip(unit) + activation(*z)).collect()
        };
        rows = rows.iter().map(next).collect();
        outputs.push(rows.clone());
    }
    outputs
}
