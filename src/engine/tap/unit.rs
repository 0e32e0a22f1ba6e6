//! Which units of a layer still do something: dead ones, and the share of numbers that are saturated.

use burn::tensor::Tensor;

use crate::engine::part::{JOINED, join, parts};
use crate::lab::spec::Activation;

/// The activations of one network's layers that are still to be looked at.
#[derive(Default)]
pub(super) struct UnitTaps {
    groups: Vec<UnitGroup>,
}

/// Activations of one shape.
struct UnitGroup {
    activation: Activation,
    shape: [usize; 2],
    /// The indices of their layers.
    layers: Vec<usize>,
    /// The activations, `[1, N, n]` each.
    tensors: Vec<Tensor<3>>,
}

/// What was looked at, on its way to the CPU: the activation and the layers of each join.
#[derive(Default)]
pub(super) struct RecordedUnits(Vec<(Activation, Vec<usize>)>);

/// What is known of the units of a layer; `None` for what does not apply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitShares {
    /// The index of the layer.
    pub layer: usize,
    /// The share of units that are never active.
    pub dead: Option<f64>,
    /// The share of activations that are saturated.
    pub saturated: Option<f64>,
}

impl UnitTaps {
    /// Takes in the activations φ(z) of a layer, `[1, N, n]`.
    pub(super) fn add(&mut self, layer: usize, activation: Activation, y: Tensor<3>) {
        if !activation.can_die() && activation.saturation().is_none() {
            return;
        }
        let [_, rows, units] = y.dims();
        let shape = [rows, units];
        match self.groups.iter_mut().find(|group| group.shape == shape && group.activation == activation) {
            Some(group) => {
                group.layers.push(layer);
                group.tensors.push(y);
            }
            None => self.groups.push(UnitGroup { activation, shape, layers: vec![layer], tensors: vec![y] }),
        }
    }

    /// Reduces what was taken in to a number a layer.
    pub(super) fn finish(self) -> (RecordedUnits, Vec<Tensor<1>>) {
        let (mut recorded, mut numbers) = (Vec::new(), Vec::new());
        for UnitGroup { activation, shape: [rows, units], layers, tensors } in self.groups {
            for part in parts(tensors.iter().map(|_| rows * units), JOINED) {
                recorded.push((activation, layers[part.clone()].to_vec()));
                numbers.push(share(join(&tensors[part], 0), activation));
            }
        }
        (RecordedUnits(recorded), numbers)
    }
}

/// The share of dead units, or else of saturated numbers, of K layers `[K, N, n]`.
fn share(y: Tensor<3>, activation: Activation) -> Tensor<1> {
    let [layers, rows, units] = y.dims();
    let hits = match activation.saturation() {
        Some([low, high]) => {
            let beyond = y.clone().lower_elem(low as f32).float() + y.greater_elem(high as f32).float();
            beyond.reshape([layers, rows * units])
        }
        // A NaN is not dead: it is not at most 0.
        None => y.max_dim(1).lower_equal_elem(0.0).float().reshape([layers, units]),
    };
    hits.mean_dim(1).reshape([layers])
}

impl RecordedUnits {
    /// The shares of the layers that have any.
    pub(super) fn read(self, numbers: &[f32]) -> Vec<UnitShares> {
        let named = self
            .0
            .into_iter()
            .flat_map(|(activation, layers)| layers.into_iter().map(move |layer| (activation.can_die(), layer)));
        let shares = named.zip(numbers).map(|((can_die, layer), number)| {
            let share = f64::from(*number);
            UnitShares { layer, dead: can_die.then_some(share), saturated: (!can_die).then_some(share) }
        });
        shares.collect()
    }
}
