//! The update rules, written out: the actual update is something the lab shows.
//!
//! ```text
//! SGD       g ← ∇ + λw                       w ← w − ηg
//! momentum  g ← ∇ + λw   v ← βv + g          w ← w − ηv                       β = 0.9
//! Adam      g ← ∇ + λw   m ← β₁m + (1−β₁)g   v ← β₂v + (1−β₂)g²
//!                        w ← w − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)
//! AdamW     g ← ∇, decay apart: w ← w − ηλw − (the same)
//! ```
//!
//! As in PyTorch, decay included. At step t of T, with a warm-up of w steps, η is
//!
//! ```text
//! η·t/w               t < w
//! η                   t ≥ w, constant
//! η·(0.1 + 0.9·s)     t ≥ w, r = (t − w)/(T − w),  s = 1 − r          linear
//!                                                  s = (1 + cos πr)/2  cosine
//! ```
//!
//! so that a run ends with a tenth of its rate, as nanoGPT's do. ∇ may have been clipped before. What
//! varies from step to step stands in tensors `[R, 1, 1]`, because a scalar in a kernel would make
//! every step a new kernel.

use std::f64::consts::PI;

use burn::tensor::{Device, Tensor};

use super::clip::clip;
use crate::lab::spec::{Optimizer, Schedule, Spec};

const BETA: f64 = 0.9;
const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
/// What is left of η when a schedule has run down.
const FLOOR: f64 = 0.1;

/// The rule and its constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Which.
    pub optimizer: Optimizer,
    /// η.
    pub lr: f64,
    /// λ.
    pub decay: f64,
    /// w.
    pub warmup: u64,
    /// How η falls after that.
    pub schedule: Schedule,
    /// T.
    pub steps: u64,
    /// c, the largest norm that a gradient may have; 0 for any.
    pub clip: f64,
}

/// The numbers of one step, on the device.
#[derive(Clone)]
pub struct Rates {
    /// η, or η·√(1−β₂ᵗ)/(1−β₁ᵗ) for the Adams, `[R, 1, 1]`.
    step: Tensor<3>,
    /// ε·√(1−β₂ᵗ), `[R, 1, 1]`; unused elsewhere.
    epsilon: Tensor<3>,
    /// ηλ of decoupled decay, λ of the others, `[R, 1, 1]`; `None` without decay.
    decay: Option<Tensor<3>>,
    /// 1/c of clipping, 0 where a replica does not clip, `[R, 1, 1]`; `None` where none does.
    clip: Option<Tensor<3>>,
}

/// The running averages of each tensor.
#[derive(Clone, Default)]
pub struct Memory {
    first: Vec<Tensor<3>>,
    second: Vec<Tensor<3>>,
}

/// The rates of steps `from + 1 ..= from + count`, uploaded together; a rule for each replica.
pub fn schedule(rules: &[Rule], from: u64, count: usize, device: &Device) -> Vec<Rates> {
    const COLUMNS: usize = 4;
    let replicas = rules.len();
    let rows: Vec<f32> = (1..=count as u64)
        .flat_map(|offset| {
            let t = (from + offset) as f64;
            (0..COLUMNS).flat_map(move |column| rules.iter().map(move |rule| rule.rates(t)[column] as f32))
        })
        .collect();
    let all = Tensor::<1>::from_data(rows.as_slice(), device).reshape([count * COLUMNS * replicas, 1, 1]);
    let number = |index: usize| all.clone().narrow(0, index * replicas, replicas);
    let decays = rules.iter().any(|rule| rule.decay != 0.0);
    let clips = rules.iter().any(|rule| rule.clip != 0.0);
    (0..count)
        .map(|row| Rates {
            step: number(row * COLUMNS),
            epsilon: number(row * COLUMNS + 1),
            decay: decays.then(|| number(row * COLUMNS + 2)),
            clip: clips.then(|| number(row * COLUMNS + 3)),
        })
        .collect()
}

impl Rule {
    /// A spec's, for a run of one part.
    pub fn of(spec: &Spec) -> Self {
        let Spec { optimizer, lr, wd: decay, warmup, schedule, steps, clip, .. } = *spec;
        Self { optimizer, lr, decay, warmup, schedule, steps, clip }
    }

    /// η at step t.
    fn rate(&self, t: f64) -> f64 {
        let (warm, end) = (self.warmup as f64, self.steps as f64);
        if t < warm {
            return self.lr * t / warm;
        }
        let gone = ((t - warm) / (end - warm).max(1.0)).min(1.0);
        let left = match self.schedule {
            Schedule::Constant => return self.lr,
            Schedule::Linear => 1.0 - gone,
            Schedule::Cosine => 0.5 * (1.0 + libm::cos(PI * gone)),
        };
        self.lr * (FLOOR + (1.0 - FLOOR) * left)
    }

    /// The four numbers of [`Rates`] at step t, from 1.
    fn rates(&self, t: f64) -> [f64; 4] {
        let rate = self.rate(t);
        let (step, epsilon) = match self.optimizer {
            Optimizer::Sgd | Optimizer::Momentum => (rate, 0.0),
            Optimizer::Adam | Optimizer::AdamW => {
                let root = (1.0 - libm::pow(BETA_2, t)).sqrt();
                (rate * root / (1.0 - libm::pow(BETA_1, t)), EPSILON * root)
            }
        };
        let decay = if self.optimizer == Optimizer::AdamW { rate * self.decay } else { self.decay };
        let clip = if self.clip == 0.0 { 0.0 } else { 1.0 / self.clip };
        [step, epsilon, decay, clip]
    }
}

impl Rates {
    /// The gradients of everything that learns, made small enough.
    pub fn clipped(&self, gradients: Vec<Tensor<3>>) -> Vec<Tensor<3>> {
        match &self.clip {
            Some(inverse) => clip(gradients, inverse),
            None => gradients,
        }
    }

    /// With the learning rate times a number; decoupled decay stays as it is.
    pub fn times(&self, factor: f64) -> Self {
        if factor == 1.0 {
            return self.clone();
        }
        Self { step: self.step.clone().mul_scalar(factor as f32), ..self.clone() }
    }
}

impl Memory {
    /// The running averages, first and second; empty where the rule has none, or before its first step.
    pub fn averages(&self) -> [&[Tensor<3>]; 2] {
        [&self.first, &self.second]
    }

    /// A memory of these averages.
    pub fn of(first: Vec<Tensor<3>>, second: Vec<Tensor<3>>) -> Self {
        Self { first, second }
    }

    /// The weights after one step of tensor `index`.
    ///
    /// All tensors are `[R, rows, columns]`; indices must come in order at the first step.
    pub fn update(
        &mut self,
        optimizer: Optimizer,
        index: usize,
        weights: Tensor<3>,
        gradient: Tensor<3>,
        rates: &Rates,
    ) -> Tensor<3> {
        let step = rates.step.clone();
        let coupled = |gradient: Tensor<3>| match &rates.decay {
            Some(decay) => gradient + weights.clone() * decay.clone(),
            None => gradient,
        };
        match optimizer {
            Optimizer::Sgd => weights.clone() - coupled(gradient) * step,
            Optimizer::Momentum => {
                let gradient = coupled(gradient);
                let velocity = match self.first.get(index) {
                    Some(velocity) => velocity.clone().mul_scalar(BETA as f32) + gradient,
                    None => gradient,
                };
                put(&mut self.first, index, velocity.clone());
                weights.clone() - velocity * step
            }
            Optimizer::Adam => {
                let gradient = coupled(gradient);
                weights.clone() - self.adam(index, gradient, rates) * step
            }
            Optimizer::AdamW => {
                let direction = self.adam(index, gradient, rates);
                let decayed = match &rates.decay {
                    Some(decay) => weights.clone() - weights * decay.clone(),
                    None => weights,
                };
                decayed - direction * step
            }
        }
    }

    fn adam(&mut self, index: usize, gradient: Tensor<3>, rates: &Rates) -> Tensor<3> {
        let square = (gradient.clone() * gradient.clone()).mul_scalar((1.0 - BETA_2) as f32);
        let gradient = gradient.mul_scalar((1.0 - BETA_1) as f32);
        let (first, second) = match (self.first.get(index), self.second.get(index)) {
            (Some(first), Some(second)) => {
                (first.clone().mul_scalar(BETA_1 as f32) + gradient, second.clone().mul_scalar(BETA_2 as f32) + square)
            }
            _ => (gradient, square),
        };
        put(&mut self.first, index, first.clone());
        put(&mut self.second, index, second.clone());
        first / (second.sqrt() + rates.epsilon.clone())
    }
}

fn put(list: &mut Vec<Tensor<3>>, index: usize, tensor: Tensor<3>) {
    match list.get_mut(index) {
        Some(place) => *place = tensor,
        None => list.push(tensor),
    }
}
