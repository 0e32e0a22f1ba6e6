//! Which device computes a network faster: measured for a moment, not guessed.
//!
//! On WebGPU a step costs its launches, on the CPU its arithmetic, so small networks are faster on
//! the CPU even where the GPU is a good one.

use burn::tensor::Device;

use super::clock::now_ms;
use super::datasets::Datasets;
use super::parameter::Parameter;
use super::replicas::ReplicaTrainer;
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, BlockStyle, Model, Norm, Optimizer, Spec};

/// How long steps are timed.
pub(super) struct BenchmarkLength {
    /// The least duration of a measured run of steps, in milliseconds: browsers make their clocks coarse.
    pub(super) run_ms: f64,
    /// The number of measured runs, of which the quickest counts: whatever else the machine does only
    /// ever makes a step slower.
    pub(super) runs: usize,
}

/// The most steps of a measured run.
const MOST_STEPS: usize = 256;
/// Two devices are compared within half a second where a step is short, and with four steps on each where
/// it is not.
const COMPARISON: BenchmarkLength = BenchmarkLength { run_ms: 30.0, runs: 2 };
/// Networks of more multiplications a step are not compared: launches are nothing beside them.
const LARGE: f64 = 1e8;

/// What networks have in common for which the same device is the faster one.
type StepKind = (Model, BlockStyle, Norm, Optimizer, u32);

/// What was measured so far: for each kind of step, whether the CPU is the faster device.
#[derive(Default)]
pub(super) struct DeviceBenchmarks(Vec<(StepKind, bool)>);

impl DeviceBenchmarks {
    /// Whether it is worth trying both devices with such a network.
    pub(super) fn is_worthwhile(spec: &Spec) -> bool {
        multiplications(spec) <= LARGE
    }

    /// Whether the CPU was the faster device for such a network; none where that was not measured yet.
    pub(super) fn known(&self, spec: &Spec) -> Option<bool> {
        self.0.iter().find(|(kind, _)| *kind == kind_of(spec)).map(|(_, cpu_wins)| *cpu_wins)
    }

    /// Trains the network for a moment on both devices. Answers whether the CPU is the faster one; a device
    /// that fails is the slower one.
    pub(super) async fn run(&mut self, spec: &Spec, cpu: &Device, gpu: &Device, datasets: &mut Datasets) -> bool {
        let mut plain = spec.clone();
        plain.adapt.kind = Adapt::Off;
        let cpu_ms = time(&plain, cpu, datasets).await.unwrap_or(f64::INFINITY);
        let cpu_wins = time(&plain, gpu, datasets).await.map_or(true, |gpu_ms| cpu_ms <= gpu_ms);
        self.0.push((kind_of(spec), cpu_wins));
        cpu_wins
    }
}

async fn time(spec: &Spec, device: &Device, datasets: &mut Datasets) -> Result<f64, Failure> {
    let data = datasets.load(spec, device);
    step_ms(&mut ReplicaTrainer::build(vec![spec.clone()], data, device), &COMPARISON).await
}

/// The wall time of a step of these networks, in milliseconds.
pub(super) async fn step_ms(trainer: &mut ReplicaTrainer, length: &BenchmarkLength) -> Result<f64, Failure> {
    // The first steps compile kernels and fill caches.
    trainer.advance(2, false).await?;
    let (mut count, mut runs, mut best) = (1, 0, f64::INFINITY);
    while runs < length.runs {
        let start = now_ms();
        trainer.advance(count, false).await?;
        let took = now_ms() - start;
        if took < length.run_ms && count < MOST_STEPS {
            count *= 2;
        } else {
            best = best.min(took / count as f64);
            runs += 1;
        }
    }
    Ok(best)
}

/// The number of trainable numbers in a network.
pub(super) fn numbers(spec: &Spec) -> usize {
    spec.architecture().parameters().iter().map(Parameter::len).sum()
}

/// The number of multiplications of a forward pass, roughly: only sizes count.
pub(super) fn multiplications(spec: &Spec) -> f64 {
    let places = if spec.network.model == Model::Gpt { spec.network.context } else { 1 };
    (numbers(spec) * spec.training.batch * places) as f64
}

fn kind_of(spec: &Spec) -> StepKind {
    (
        spec.network.model,
        spec.network.block,
        spec.network.norm,
        spec.training.optimizer,
        multiplications(spec).max(1.0).log2() as u32,
    )
}
