//! Windows of a text as batches.

use burn::tensor::{Device, Int, Tensor};

use super::{Batch, Inputs};
use crate::engine::loss::one_hot;
use crate::lab::spec::Spec;
use crate::science::data::Text;
use crate::science::data::chars::chars;

/// The text of a spec.
pub(super) fn text_of(spec: &Spec) -> Text {
    spec.own_shape().and_then(|own| own.text().cloned()).unwrap_or_else(chars)
}

/// The batches of windows that begin at these offsets, uploaded together: `count` of them for each replica.
pub(super) fn windows(
    text: &Text,
    starts: Vec<usize>,
    context: usize,
    [count, replicas]: [usize; 2],
    classes: &Tensor<1, Int>,
    device: &Device,
) -> Vec<Batch> {
    let window = |shift: usize| {
        let tokens = &text.tokens;
        starts
            .iter()
            .flat_map(move |start| &tokens[start + shift..start + shift + context])
            .map(|token| i32::from(*token))
    };
    let rows = starts.len() / count * context;
    let ids: Vec<i32> = window(0).chain(window(1)).collect();
    let all = Tensor::<1, Int>::from_data(ids.as_slice(), device);
    (0..count)
        .map(|index| {
            let inputs = all.clone().narrow(0, index * rows, rows);
            let targets = all.clone().narrow(0, (count + index) * rows, rows);
            text_batch(inputs, targets, replicas, classes)
        })
        .collect()
}

/// A batch of B windows for each replica, from flat indices `[R·B·T]`.
pub fn text_batch(inputs: Tensor<1, Int>, targets: Tensor<1, Int>, replicas: usize, classes: &Tensor<1, Int>) -> Batch {
    let ([count], [vocabulary]) = (inputs.dims(), classes.dims());
    let shape = [replicas, count / replicas, vocabulary];
    let tokens = one_hot(inputs, classes).reshape(shape);
    let targets = one_hot(targets, classes).reshape(shape);
    Batch { inputs: Inputs::Windows(tokens), targets }
}
