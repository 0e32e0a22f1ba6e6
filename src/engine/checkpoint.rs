//! What a run goes on from: its weights, and what its optimizer and its norms remember, as plain numbers.
//!
//! Everything else follows from the spec and the step: batches, rates, streams. So a run that goes
//! on from a checkpoint makes the numbers that it would have made without the break.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::batchnorm::Running;
use super::optimizer::OptimizerState;
use super::parameter::{Parameter, ParameterKind};
use super::reading;
use super::trainer::Trainer;
use crate::lab::protocol::Failure;

/// Where a run stands at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    step: u64,
    /// The numbers of all tensors, one after the other in the order of the network's list, row-major.
    weights: Vec<f32>,
    /// The optimizer's first and second averages, likewise; empty where it has none.
    averages: [Vec<f32>; 2],
    /// The averaged means and variances of batches, norm by norm; empty without BatchNorm.
    running: Vec<f32>,
}

/// A checkpoint on a device.
pub(super) struct Restored {
    pub(super) weights: Vec<Tensor<3>>,
    pub(super) state: OptimizerState,
    pub(super) running: Running,
}

impl Checkpoint {
    /// Reads a network of one replica.
    pub(super) async fn of(step: u64, trainer: &Trainer) -> Result<Self, Failure> {
        let [first, second] = trainer.optimizer_state().averages();
        let running: Vec<Tensor<3>> = trainer.running().before().iter().flatten().cloned().collect();
        let lists = [trainer.weights(), first, second, &running];
        let flat = |tensor: &Tensor<3>| tensor.clone().reshape([tensor.shape().num_elements()]);
        let numbers = reading::read(lists.into_iter().flatten().map(flat).collect()).await?;
        let count = |list: &[Tensor<3>]| list.iter().map(|tensor| tensor.shape().num_elements()).sum::<usize>();
        let (weights, rest) = numbers.split_at(count(lists[0]));
        let (first, rest) = rest.split_at(count(lists[1]));
        let (second, running) = rest.split_at(count(lists[2]));
        let averages = [first.to_vec(), second.to_vec()];
        Ok(Self { step, weights: weights.to_vec(), averages, running: running.to_vec() })
    }

    /// The number of updates made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Whether it is the checkpoint of a network with these tensors.
    pub fn fits(&self, list: &[Parameter]) -> bool {
        let count: usize = list.iter().map(Parameter::len).sum();
        let is_whole = |average: &Vec<f32>| average.is_empty() || average.len() == count;
        // Only BatchNorm remembers, a mean and a variance for each of its shifts; at step 0 it has nothing.
        let remembered = 2 * shifts(list).map(Parameter::len).sum::<usize>();
        let fits = self.running.is_empty() || self.running.len() == remembered;
        self.weights.len() == count && self.averages.iter().all(is_whole) && fits
    }

    /// Uploads the tensors to a device; `None` if they are not those of such a network.
    pub(super) fn upload(&self, list: &[Parameter], device: &Device) -> Option<Restored> {
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
        Some(Restored {
            weights: tensors(&self.weights),
            state: OptimizerState::of(tensors(first), tensors(second)),
            running: self.running(list, device),
        })
    }

    fn running(&self, list: &[Parameter], device: &Device) -> Running {
        let mut rest = &self.running[..];
        let mut next = |length: usize| {
            let (own, others) = rest.split_at_checked(length)?;
            rest = others;
            Some(Tensor::<1>::from_data(own, device).reshape([1, 1, length]))
        };
        let moments = |parameter: &Parameter| Some([next(parameter.len())?, next(parameter.len())?]);
        Running::from_before(shifts(list).map_while(moments).collect())
    }
}

/// The shifts of norms: there is one for each norm that subtracts a mean.
fn shifts(list: &[Parameter]) -> impl Iterator<Item = &Parameter> {
    list.iter().filter(|parameter| parameter.kind == ParameterKind::NormShift)
}
