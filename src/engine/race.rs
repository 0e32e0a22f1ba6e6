//! Which device computes a network faster: measured for a moment, not guessed.
//!
//! On WebGPU a step costs its launches, on the CPU its arithmetic, so small networks are faster on
//! the CPU even where the GPU is a good one.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::clock::now_ms;
use super::fleet::Fleet;
use super::parameter::Parameter;
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, BlockStyle, Model, Norm, Optimizer, Spec};

/// How steps are timed.
pub(super) struct Pace {
    /// A stretch of steps takes so long at least, in milliseconds: browsers make their clocks coarse.
    pub(super) stretch_ms: f64,
    /// Of so many stretches the quickest counts: whatever else the machine does only ever makes a
    /// step slower.
    pub(super) stretches: usize,
}

/// Steps of a stretch at most.
const MOST_STEPS: usize = 256;
/// A race is short: half a second where a step is, and four steps on each device where it is not.
const RACE: Pace = Pace { stretch_ms: 30.0, stretches: 2 };
/// Networks of more multiplications a step are not raced: launches are nothing beside them.
const LARGE: f64 = 1e8;

/// Networks that a race decides alike.
type Kind = (Model, BlockStyle, Norm, Optimizer, u32);

/// What was measured so far.
#[derive(Default)]
pub(super) struct Races(Vec<(Kind, bool)>);

impl Races {
    /// Whether it is worth trying both.
    pub(super) fn concern(spec: &Spec) -> bool {
        multiplications(spec) <= LARGE
    }

    /// Whether the CPU was the faster one for such a network.
    pub(super) fn known(&self, spec: &Spec) -> Option<bool> {
        self.0.iter().find(|(kind, _)| *kind == kind_of(spec)).map(|(_, cpu_wins)| *cpu_wins)
    }

    /// Trains the network for a moment on both. A device that fails has lost.
    pub(super) async fn run(&mut self, spec: &Spec, cpu: &Device, gpu: &Device) -> bool {
        let mut plain = spec.clone();
        plain.adapt.kind = Adapt::Off;
        let here = times(&plain, cpu).await.unwrap_or(f64::INFINITY);
        let cpu_wins = times(&plain, gpu).await.map_or(true, |there| here <= there);
        self.0.push((kind_of(spec), cpu_wins));
        cpu_wins
    }
}

async fn times(spec: &Spec, device: &Device) -> Result<f64, Failure> {
    let data = Rc::new(Data::load(spec, device));
    step_ms(&mut Fleet::build(vec![spec.clone()], data, device), &RACE).await
}

/// Milliseconds that a step takes.
pub(super) async fn step_ms(fleet: &mut Fleet, pace: &Pace) -> Result<f64, Failure> {
    // The first steps compile kernels and fill caches.
    fleet.advance(2, false).await?;
    let (mut count, mut stretches, mut best) = (1, 0, f64::INFINITY);
    while stretches < pace.stretches {
        let start = now_ms();
        fleet.advance(count, false).await?;
        let took = now_ms() - start;
        if took < pace.stretch_ms && count < MOST_STEPS {
            count *= 2;
        } else {
            best = best.min(took / count as f64);
            stretches += 1;
        }
    }
    Ok(best)
}

/// Numbers in a network.
pub(super) fn numbers(spec: &Spec) -> usize {
    spec.architecture().parameters().iter().map(Parameter::len).sum()
}

/// What a forward pass multiplies, roughly: only sizes count.
pub(super) fn multiplications(spec: &Spec) -> f64 {
    let places = if spec.network.model == Model::Gpt { spec.network.context } else { 1 };
    (numbers(spec) * spec.training.batch * places) as f64
}

fn kind_of(spec: &Spec) -> Kind {
    (
        spec.network.model,
        spec.network.block,
        spec.network.norm,
        spec.training.optimizer,
        multiplications(spec).max(1.0).log2() as u32,
    )
}
