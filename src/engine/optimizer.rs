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
//! As in PyTorch, decay included; with `decay=matrices` λ is 0 for what has one axis: biases, the gains
//! and shifts of norms, gates. At step t of T, with a warm-up of w steps, η is
//!
//! ```text
//! η·t/w               t < w
//! η                   t ≥ w, constant
//! η·(0.1 + 0.9·s)     t ≥ w, r = (t − w)/(T − w),  s = 1 − r          linear
//!                                                  s = (1 + cos πr)/2  cosine
//! ```
//!
//! so that a run ends with a tenth of its rate, as nanoGPT's do. ∇ may have been clipped before. What
//! varies from step to step stands in a tensor, because a scalar in a kernel would make
//! every step a new kernel.

mod metric;
mod pace;

use std::f64::consts::PI;

use burn::tensor::{Device, Tensor};

pub(super) use metric::metric;
pub use pace::TensorPace;

use super::clip::clip;
use super::fused::{self, DecayForm, RATES, Step};
use super::part::{JOINED, parts};
use super::tap::{Tap, Taps};
use crate::lab::spec::{DecayScope, Optimizer, Schedule, Spec, TrainingSpec};

const BETA: f64 = 0.9;
const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
/// The share of η that is left when a schedule has run down.
const FLOOR: f64 = 0.1;

/// An optimizer and its constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpdateRule {
    /// The rule by which weights are updated.
    pub optimizer: Optimizer,
    /// η, the learning rate.
    pub lr: f64,
    /// λ, the weight decay.
    pub decay: f64,
    /// w, the steps of the warm-up.
    pub warmup: u64,
    /// How η falls after the warm-up.
    pub schedule: Schedule,
    /// T, all steps of the run.
    pub steps: u64,
    /// c, the largest norm that a gradient may have; 0 where it may have any.
    pub clip: f64,
}

/// The numbers of one step, on the device.
#[derive(Clone)]
pub struct Rates {
    /// The [`RATES`] numbers of [`UpdateRule::rates`] for each replica, then zeros.
    numbers: Tensor<1>,
    replicas: usize,
    decays: bool,
    scope: DecayScope,
    clips: bool,
    /// What η is multiplied by.
    factor: f64,
}

/// A row of rates begins at a multiple of so many numbers: 256 bytes, at which a GPU reads it without a copy.
const STRIDE: usize = 64;

/// What an optimizer remembers: the running averages of each tensor.
#[derive(Clone, Default)]
pub struct OptimizerState {
    first: Vec<Tensor<3>>,
    second: Vec<Tensor<3>>,
}

/// Uploads the rates of steps `from + 1 ..= from + count` together, by one rule for each replica.
pub fn schedule(rules: &[UpdateRule], from: u64, count: usize, device: &Device) -> Vec<Rates> {
    let replicas = rules.len();
    let length = (RATES * replicas).next_multiple_of(STRIDE);
    let mut rows = vec![0.0; length * count];
    for (row, t) in rows.chunks_exact_mut(length).zip(from + 1..) {
        let numbers = rules.iter().flat_map(|rule| rule.rates(t as f64));
        row.iter_mut().zip(numbers).for_each(|(place, number)| *place = number as f32);
    }
    let all = Tensor::<1>::from_data(rows.as_slice(), device);
    let decays = rules.iter().any(|rule| rule.decay != 0.0);
    let clips = rules.iter().any(|rule| rule.clip != 0.0);
    let scope = DecayScope::All;
    let row = |index: usize| all.clone().narrow(0, index * length, length);
    (0..count).map(|index| Rates { numbers: row(index), replicas, decays, scope, clips, factor: 1.0 }).collect()
}

impl UpdateRule {
    /// The rule of a spec, for a run of one part.
    pub fn of(spec: &Spec) -> Self {
        let TrainingSpec { optimizer, lr, wd: decay, warmup, schedule, steps, clip, .. } = spec.training;
        Self { optimizer, lr, decay, warmup, schedule, steps, clip }
    }

    /// η at step t.
    pub(super) fn rate(&self, t: f64) -> f64 {
        let (warm, end) = (self.warmup as f64, self.steps as f64);
        if t < warm {
            return self.lr * t / warm;
        }
        let elapsed = ((t - warm) / (end - warm).max(1.0)).min(1.0);
        let left = match self.schedule {
            Schedule::Constant => return self.lr,
            Schedule::Linear => 1.0 - elapsed,
            Schedule::Cosine => 0.5 * (1.0 + libm::cos(PI * elapsed)),
        };
        self.lr * (FLOOR + (1.0 - FLOOR) * left)
    }

    /// The four numbers of step t, counted from 1: η, for the Adams times √(1−β₂ᵗ)/(1−β₁ᵗ); ε·√(1−β₂ᵗ) for the
    /// Adams, else 0; ηλ where decay is decoupled, else λ; and 1/c where gradients are clipped, else 0.
    fn rates(&self, t: f64) -> [f64; RATES] {
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
    /// The same rates, with decay for these tensors.
    pub fn decaying(self, scope: DecayScope) -> Self {
        Self { scope, ..self }
    }

    /// The gradients of everything that learns, clipped if the rule clips.
    pub fn clipped(&self, gradients: Vec<Tensor<3>>) -> Vec<Tensor<3>> {
        if !self.clips {
            return gradients;
        }
        let rows = self.numbers.clone().narrow(0, 0, RATES * self.replicas).reshape([self.replicas, RATES, 1]);
        clip(gradients, &rows.narrow(1, RATES - 1, 1)) // [R, 1, 1]
    }

    /// The rates of one tensor: its factor multiplies the learning rate, but not decoupled decay.
    pub fn of(&self, pace: TensorPace) -> Self {
        let decays = self.decays && (pace.is_matrix || self.scope == DecayScope::All);
        Self { factor: self.factor * pace.factor, decays, ..self.clone() }
    }

    fn step(&self, optimizer: Optimizer, begun: bool) -> Step {
        let decay = match optimizer {
            _ if !self.decays => DecayForm::None,
            Optimizer::AdamW => DecayForm::Decoupled,
            Optimizer::Sgd | Optimizer::Momentum | Optimizer::Adam => DecayForm::Coupled,
        };
        let betas = match optimizer {
            Optimizer::Sgd => [0.0; 2],
            Optimizer::Momentum => [BETA, 0.0],
            Optimizer::Adam | Optimizer::AdamW => [BETA_1, BETA_2],
        };
        Step { factor: self.factor as f32, decay, betas, begun }
    }
}

impl OptimizerState {
    /// The first and the second running averages; empty where the rule has none, and before its first step.
    pub fn averages(&self) -> [&[Tensor<3>]; 2] {
        [&self.first, &self.second]
    }

    /// Records the share of Adam's second moments that overflowed.
    pub fn record(&self, taps: &mut Taps) {
        for moments in &self.second {
            let entries = moments.shape().num_elements() / moments.dims()[0];
            taps.overflow(Tap::SecondMoment { entries }, || moments.clone());
        }
    }

    /// The state with these averages.
    pub fn of(first: Vec<Tensor<3>>, second: Vec<Tensor<3>>) -> Self {
        Self { first, second }
    }

    /// The weights of tensor `index` after one step.
    ///
    /// All tensors are `[R, rows, columns]`; at the first step, indices must come in order.
    pub fn update(
        &mut self,
        optimizer: Optimizer,
        index: usize,
        weights: Tensor<3>,
        gradient: Tensor<3>,
        rates: &Rates,
    ) -> Tensor<3> {
        let step = rates.step(optimizer, self.first.len() > index);
        let numbers = rates.numbers.clone();
        // Before the first step the gradient stands in for an average, which then counts as 0.
        let average = |list: &[Tensor<3>]| list.get(index).cloned().unwrap_or_else(|| gradient.clone());
        match optimizer {
            Optimizer::Sgd => fused::sgd(&[[weights, gradient]], numbers, &[step]).remove(0),
            Optimizer::Momentum => {
                let velocity = average(&self.first);
                let (weights, velocity) = fused::momentum(weights, gradient, velocity, numbers, step);
                store(&mut self.first, index, velocity);
                weights
            }
            Optimizer::Adam | Optimizer::AdamW => {
                let (first, second) = (average(&self.first), average(&self.second));
                let (weights, first, second) = fused::adam(weights, gradient, first, second, numbers, step);
                store(&mut self.first, index, first);
                store(&mut self.second, index, second);
                weights
            }
        }
    }

    /// All weights after one step, each along its gradient and at its pace.
    pub fn update_all(
        &mut self,
        optimizer: Optimizer,
        weights: &[Tensor<3>],
        gradients: &[Tensor<3>],
        paces: &[TensorPace],
        rates: &Rates,
    ) -> Vec<Tensor<3>> {
        let all: Vec<usize> = (0..weights.len()).collect();
        if optimizer == Optimizer::Sgd {
            let pair = |index: &usize| [weights[*index].clone(), gradients[*index].clone()];
            let step = |index: &usize| rates.of(paces[*index]).step(optimizer, true);
            // One launch updates three tensors, in one buffer where they fit one.
            let sizes = weights.iter().map(|tensor| tensor.shape().num_elements());
            let update = |part: &[usize]| {
                let (pairs, steps): (Vec<_>, Vec<_>) = part.iter().map(|index| (pair(index), step(index))).unzip();
                fused::sgd(&pairs, rates.numbers.clone(), &steps)
            };
            return parts(sizes, JOINED).into_iter().flat_map(|part| all[part].chunks(3)).flat_map(update).collect();
        }
        let one = |index: usize| {
            let (weights, gradient) = (weights[index].clone(), gradients[index].clone());
            self.update(optimizer, index, weights, gradient, &rates.of(paces[index]))
        };
        all.into_iter().map(one).collect()
    }
}

fn store(list: &mut Vec<Tensor<3>>, index: usize, tensor: Tensor<3>) {
    match list.get_mut(index) {
        Some(place) => *place = tensor,
        None => list.push(tensor),
    }
}
