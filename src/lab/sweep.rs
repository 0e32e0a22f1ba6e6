//! A sweep over σ: the network on the page, trained from many first spreads at once.
//!
//! All networks have the same draws and see the same batches; only the size of the first weights
//! differs. What the sweep finds is read off their held-out losses, never assumed.

use serde::{Deserialize, Serialize};

use super::metric::RunId;
use super::number::{Number, round_to};
use super::prediction::data_shape;
use super::spec::{Adapt, Model, Scheme, Spec};
use crate::science::initial_loss::guess;

/// Networks of a sweep.
pub const NETWORKS: usize = 15;
/// The least and the largest σ, in powers of ten: the literature's sweeps reach from 10⁻³ to 3.
const DECADES: (f64, f64) = (-3.0, 0.477);
/// Where σ is often said to be safe, whatever the width: what the sweep lets a student check.
pub const CLAIMED: [f64; 2] = [0.01, 0.1];
/// Numbers in all networks together at most: four times as many fit a browser's memory.
const MOST_NUMBERS: usize = 20_000_000;

/// A network has learned something if it comes so many nats below guessing; a few steps bring those
/// that only learn how common each class is about half as much.
const LEAST_GAIN: f64 = 0.1;

/// How one network ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Training loss at the last step that was heard of, in nats.
    pub loss: Number,
    /// Held-out loss and share of right predictions, once all steps are made.
    pub held_out: Option<(Number, Number)>,
}

/// A sweep that was asked for, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Its number, in a count of its own.
    pub run: RunId,
    /// What it starts from.
    pub base: Spec,
    /// Steps that each network makes.
    pub steps: u64,
    /// Steps made.
    pub step: u64,
    /// One for each of [`sigmas`]; none before the first word.
    pub outcomes: Vec<Outcome>,
    /// It was given up, or the worker died.
    pub cancelled: bool,
}

/// The first spreads of a sweep, evenly on a logarithmic scale.
pub fn sigmas() -> Vec<f64> {
    let (low, high) = DECADES;
    let at = |index: usize| low + (high - low) * index as f64 / (NETWORKS - 1) as f64;
    (0..NETWORKS).map(|index| round_to(libm::pow(10.0, at(index)), 3)).collect()
}

/// Steps of a sweep: enough to tell who learns, few enough to wait for.
pub fn steps(model: Model) -> u64 {
    match model {
        Model::Mlp => 200,
        Model::Gpt => 40,
    }
}

/// The networks of a sweep over this one, in the order of [`sigmas`].
pub fn networks(base: &Spec) -> Vec<Spec> {
    let scheme = if base.scheme.is_uniform() { Scheme::Uniform } else { Scheme::Normal };
    let network = |std| {
        let mut spec = Spec { scheme, std, gain: None, steps: steps(base.model), ..base.clone() };
        spec.adapt.kind = Adapt::Off;
        spec
    };
    sigmas().into_iter().map(network).collect()
}

/// Whether all networks of a sweep over one of so many numbers fit into memory.
pub fn fits(parameters: usize) -> bool {
    parameters.saturating_mul(NETWORKS) <= MOST_NUMBERS
}

impl Sweep {
    /// One that begins.
    pub fn new(run: RunId, base: &Spec) -> Self {
        let steps = steps(base.model);
        Self { run, base: base.clone(), steps, step: 0, outcomes: Vec::new(), cancelled: false }
    }

    /// Whether the worker is still at it.
    pub fn running(&self) -> bool {
        !self.cancelled && !self.is_whole()
    }

    /// Whether all networks made all their steps.
    pub fn is_whole(&self) -> bool {
        self.outcomes.iter().any(|outcome| outcome.held_out.is_some())
    }

    /// σ and loss of each network: held-out once that is known, else of the last batch; none where it
    /// blew up.
    pub fn losses(&self) -> Vec<(f64, Option<f64>)> {
        let loss = |outcome: &Outcome| outcome.held_out.map_or(outcome.loss, |(loss, _)| loss).0;
        let outcomes = self.outcomes.iter().map(|outcome| Some(loss(outcome)).filter(|loss| loss.is_finite()));
        sigmas().into_iter().zip(outcomes).collect()
    }

    /// The loss of guessing, in nats.
    pub fn guess(&self) -> f64 {
        guess(data_shape(self.base.data).classes)
    }

    /// The σ between which networks learn, once all steps are made: see [`band`].
    pub fn band(&self) -> Option<Band> {
        if self.is_whole() { band(&self.losses(), self.guess()) } else { None }
    }
}

/// The σ between which networks learn, around the best one, and the best: those that come at
/// least half as far below guessing as it does. None where none learns. `losses` are by σ, in its
/// order; none where a network blew up.
pub fn band(losses: &[(f64, Option<f64>)], guess: f64) -> Option<Band> {
    let finite = losses.iter().enumerate().filter_map(|(index, (_, loss))| Some((index, (*loss)?)));
    let (best, lowest) = finite.min_by(|one, other| one.1.total_cmp(&other.1))?;
    let gain = guess - lowest;
    if gain < LEAST_GAIN {
        return None;
    }
    let learns = |index: &usize| losses[*index].1.is_some_and(|loss| guess - loss >= 0.5 * gain);
    let first = (0..=best).rev().take_while(learns).last().unwrap_or(best);
    let last = (best..losses.len()).take_while(learns).last().unwrap_or(best);
    Some(Band { low: losses[first].0, best: losses[best].0, high: losses[last].0 })
}

/// Where networks learn: from `low` to `high`, which may be one and the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The least σ.
    pub low: f64,
    /// The σ of the lowest held-out loss.
    pub best: f64,
    /// The largest σ.
    pub high: f64,
}
