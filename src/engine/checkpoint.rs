//! What a run goes on from: its weights and what its optimizer remembers, as plain numbers.
//!
//! Everything else follows from the spec and the step: batches, rates, streams. So a run that goes
//! on from a checkpoint makes the numbers that it would have made without the break.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::optimizer::Memory;
use super::parameter::Parameter;
use super::reading;
use super::trainer::Trainer;
use crate::lab::protocol::Failure;

/// A run at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    step: u64,
    /// Every tensor after the other, in the order of the network's list, row-major.
    weights: Vec<f32>,
    /// The optimizer's first and second averages, likewise; empty where it has none.
    averages: [Vec<f32>; 2],
}

impl Checkpoint {
    /// Reads a network of one replica.
    pub(super) async fn of(step: u64, trainer: &Trainer) -> Result<Self, Failure> {
        let [first, second] = trainer.memory().averages();
        let lists = [trainer.weights(), first, second];
        let flat = |tensor: &Tensor<3>| tensor.clone().reshape([tensor.shape().num_elements()]);
        let numbers = reading::read(lists.into_iter().flatten().map(flat).collect()).await?;
        let count = |list: &[Tensor<3>]| list.iter().map(|tensor| tensor.shape().num_elements()).sum::<usize>();
        let (weights, rest) = numbers.split_at(count(lists[0]));
        let (first, second) = rest.split_at(count(lists[1]));
        Ok(Self { step, weights: weights.to_vec(), averages: [first.to_vec(), second.to_vec()] })
    }

    /// Updates made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Whether it is of a network with these tensors.
    pub fn fits(&self, list: &[Parameter]) -> bool {
        let count: usize = list.iter().map(Parameter::len).sum();
        self.weights.len() == count && self.averages.iter().all(|average| average.is_empty() || average.len() == count)
    }

    /// The tensors on a device; none if they are not those of such a network.
    pub(super) fn upload(&self, list: &[Parameter], device: &Device) -> Option<(Vec<Tensor<3>>, Memory)> {
        if !self.fits(list) {
            return None;
        }
        let tensors = |values: &[f32]| {
            let mut rest = values;
            let tensor = |parameter: &Parameter| {
                let (own, others) = rest.split_at_checked(parameter.len())?;
                rest = others;
                Some(Tensor::<1>::from_data(own, device).reshape([1, parameter.rows, parameter.columns]))
            };
            list.iter().map_while(tensor).collect::<Vec<_>>()
        };
        let [first, second] = &self.averages;
        Some((tensors(&self.weights), Memory::of(tensors(first), tensors(second))))
    }
}
