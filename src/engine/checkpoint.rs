//! What a run goes on from: its weights, and what its optimizer and its norms remember, as plain numbers.
//!
//! Everything else follows from the spec and the step: batches, rates, streams. So a run that goes
//! on from a checkpoint makes the numbers that it would have made without the break.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::adapt::{LoraAdapter, LoraSite, lora_sites, parameters};
use super::batchnorm::Running;
use super::optimizer::OptimizerState;
use super::parameter::{Parameter, ParameterKind};
use super::reading;
use super::trainer::{RestoredTraining, Trainer};
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, Spec};

/// Where a run stands at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    step: u64,
    /// Whether the second part of the run had begun.
    adapted: bool,
    /// The numbers of all tensors, one after the other in the order of the network's list, row-major. Of a matrix with an
    /// adapter these are those of W₀, because W₀ + A·B cannot be taken apart again.
    weights: Vec<f32>,
    /// A and B of each adapter; empty without adapters.
    adapters: Vec<f32>,
    /// The optimizer's first and second averages, likewise; empty where it has none.
    averages: [Vec<f32>; 2],
    /// The averaged means and variances of batches, norm by norm; empty without BatchNorm.
    running: Vec<f32>,
}

impl Checkpoint {
    /// Reads a network of one replica.
    pub(super) async fn of(step: u64, trainer: &Trainer) -> Result<Self, Failure> {
        let [first, second] = trainer.optimizer_state().averages();
        let running: Vec<Tensor<3>> = trainer.running().before().iter().flatten().cloned().collect();
        let mut weights = trainer.weights().to_vec();
        for adapter in trainer.adapters() {
            weights[adapter.index] = adapter.base.clone();
        }
        let adapters: Vec<Tensor<3>> =
            trainer.adapters().iter().flat_map(|adapter| [adapter.a.clone(), adapter.b.clone()]).collect();
        let lists = [&weights, &adapters, first, second, &running];
        let flat = |tensor: &Tensor<3>| tensor.clone().reshape([tensor.shape().num_elements()]);
        let numbers = reading::read(lists.into_iter().flatten().map(flat).collect()).await?;
        let mut rest = &numbers[..];
        let [weights, adapters, first, second, running] = lists.map(|list| {
            let count = list.iter().map(|tensor| tensor.shape().num_elements()).sum();
            let (own, others) = rest.split_at(count);
            rest = others;
            own.to_vec()
        });
        Ok(Self { step, adapted: trainer.adapted(), weights, adapters, averages: [first, second], running })
    }

    /// The number of updates made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Whether it is a checkpoint of a run of this spec.
    pub fn fits(&self, spec: &Spec) -> bool {
        let list = parameters(spec, self.adapted);
        let count: usize = list.iter().map(Parameter::len).sum();
        let adapters: usize = self.lora(spec, &list).iter().flatten().flat_map(LoraSite::shapes).map(entries).sum();
        let learned = if adapters > 0 { adapters } else { count };
        let is_whole = |average: &Vec<f32>| average.is_empty() || average.len() == learned;
        // Only BatchNorm remembers, a mean and a variance for each of its shifts; at step 0 it has nothing.
        let remembered = 2 * shifts(&list).map(Parameter::len).sum::<usize>();
        let has_second_part = !self.adapted || spec.adapt.kind != Adapt::Off;
        has_second_part
            && self.weights.len() == count
            && self.adapters.len() == adapters
            && self.averages.iter().all(is_whole)
            && (self.running.is_empty() || self.running.len() == remembered)
    }

    /// The matrices that have adapters, if the run has them by now.
    fn lora<'a>(&self, spec: &Spec, list: &'a [Parameter]) -> Option<Vec<LoraSite<'a>>> {
        (self.adapted && spec.adapt.kind == Adapt::Lora).then(|| lora_sites(list, spec))
    }

    /// Uploads the tensors to a device; `None` if they are not those of a run of this spec.
    pub(super) fn upload(&self, spec: &Spec, device: &Device) -> Option<RestoredTraining> {
        if !self.fits(spec) {
            return None;
        }
        let list = parameters(spec, self.adapted);
        let whole: Vec<[usize; 2]> = list.iter().map(|parameter| [parameter.rows, parameter.columns]).collect();
        let sites = self.lora(spec, &list);
        let pairs: Vec<[usize; 2]> = sites.iter().flatten().flat_map(LoraSite::shapes).collect();
        let tensors = |values: &[f32], shapes: &[[usize; 2]]| {
            let mut rest = values;
            let tensor = |shape: &[usize; 2]| {
                let (own, others) = rest.split_at_checked(entries(*shape))?;
                rest = others;
                Some(Tensor::<1>::from_data(own, device).reshape([1, shape[0], shape[1]]))
            };
            shapes.iter().map_while(tensor).collect::<Vec<_>>()
        };
        let weights = tensors(&self.weights, &whole);
        let mut matrices = tensors(&self.adapters, &pairs).into_iter();
        let adapters = sites.map(|sites| {
            let adapter = |site: LoraSite| {
                Some(LoraAdapter::new(site.index, weights[site.index].clone(), matrices.next()?, matrices.next()?))
            };
            sites.into_iter().filter_map(adapter).collect()
        });
        let learned = if adapters.is_some() { &pairs } else { &whole };
        let [first, second] = &self.averages;
        let state = OptimizerState::of(tensors(first, learned), tensors(second, learned));
        let running = self.running(&list, device);
        Some(RestoredTraining { step: self.step, adapted: self.adapted, list, weights, adapters, state, running })
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

fn entries([rows, columns]: [usize; 2]) -> usize {
    rows * columns
}
