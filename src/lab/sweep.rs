//! Describes a sweep over σ: the network on the page is trained with many values of σ at once.
//!
//! All networks have the same draws and see the same batches; only the size of the first weights differs. Findings are
//! read from the measured held-out losses, and nothing is assumed.

use serde::{Deserialize, Serialize};

use super::metric::RunId;
use super::number::{Number, round_to, show};
use super::spec::{Adapt, Model, Scheme, Spec, data_shape};
use crate::science::initial_loss::guess;

/// The number of networks in a sweep.
pub const NETWORKS: usize = 15;
/// The smallest and the largest σ as powers of ten: sweeps in the literature reach from 10⁻³ to 3.
const DECADES: (f64, f64) = (-3.0, 0.477);
/// The range of σ that is often said to be safe, whatever the width; the sweep lets a student check this claim.
pub const CLAIMED: [f64; 2] = [0.01, 0.1];
/// The largest number of parameters in all networks together: four times as many would still fit a browser's memory.
const MOST_NUMBERS: usize = 20_000_000;

/// The largest number of sweeps that are kept beside the last one, because a student compares only a handful.
const MOST_KEPT: usize = 12;

/// A network has learned something if its loss is at least this many nats below that of guessing. In a few steps,
/// networks that learn nothing but how common each class is get about half as far.
pub const LEAST_GAIN: f64 = 0.1;

/// The result of one network of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The training loss at the last reported step, in nats.
    pub loss: Number,
    /// The held-out loss in nats and the held-out accuracy, once all steps are made.
    pub held_out: Option<(Number, Number)>,
}

/// A sweep that was asked for, and its results so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The number of the sweep, which is counted apart from the runs.
    pub run: RunId,
    /// The spec on which the sweep is based.
    pub base: Spec,
    /// The number of steps that each network is trained.
    pub steps: u64,
    /// The number of steps made so far.
    pub step: u64,
    /// The outcome for each of [`sigmas`]; empty before the first report.
    pub outcomes: Vec<Outcome>,
    /// Whether the sweep was cancelled or the worker died.
    pub cancelled: bool,
}

/// Returns the values of σ in a sweep, evenly spaced on a logarithmic scale.
pub fn sigmas() -> Vec<f64> {
    let (low, high) = DECADES;
    let at = |index: usize| low + (high - low) * index as f64 / (NETWORKS - 1) as f64;
    (0..NETWORKS).map(|index| round_to(libm::pow(10.0, at(index)), 3)).collect()
}

/// Returns the number of steps of a sweep: enough to tell which networks learn, and few enough to wait for.
pub fn steps(model: Model) -> u64 {
    match model {
        Model::Mlp => 200,
        Model::Gpt => 40,
    }
}

/// Returns the networks of a sweep over this one, in the order of [`sigmas`].
pub fn networks(base: &Spec) -> Vec<Spec> {
    let scheme = if base.start.scheme.is_uniform() { Scheme::Uniform } else { Scheme::Normal };
    let network = |std| {
        let mut spec = base.clone();
        (spec.start.scheme, spec.start.std, spec.start.gain) = (scheme, std, None);
        spec.training.steps = steps(base.network.model);
        spec.adapt.kind = Adapt::Off;
        spec
    };
    sigmas().into_iter().map(network).collect()
}

/// Adds a sweep that has results to the earlier ones. Of two sweeps over the same network the complete one is kept, or
/// else the later one.
pub fn keep(kept: &mut Vec<Sweep>, sweep: Option<Sweep>) {
    let Some(sweep) = sweep.filter(|sweep| !sweep.outcomes.is_empty()) else { return };
    let of = networks(&sweep.base);
    if !sweep.is_whole() && kept.iter().any(|other| other.is_whole() && networks(&other.base) == of) {
        return;
    }
    kept.retain(|other| networks(&other.base) != of);
    kept.push(sweep);
    kept.drain(..kept.len().saturating_sub(MOST_KEPT));
}

/// Returns whether all networks of a sweep fit into memory, if each has this many parameters.
pub fn fits(parameters: usize) -> bool {
    parameters.saturating_mul(NETWORKS) <= MOST_NUMBERS
}

impl Sweep {
    /// Returns a sweep that begins.
    pub fn new(run: RunId, base: &Spec) -> Self {
        let steps = steps(base.network.model);
        Self { run, base: base.clone(), steps, step: 0, outcomes: Vec::new(), cancelled: false }
    }

    /// Returns whether the worker is still training the networks.
    pub fn running(&self) -> bool {
        !self.cancelled && !self.is_whole()
    }

    /// Returns whether all networks have made all their steps.
    pub fn is_whole(&self) -> bool {
        self.outcomes.iter().any(|outcome| outcome.held_out.is_some())
    }

    /// Returns σ and the loss of each network: the held-out loss once it is known, and otherwise that of the last
    /// batch. The loss is `None` if the network diverged.
    pub fn losses(&self) -> Vec<(f64, Option<f64>)> {
        let loss = |outcome: &Outcome| outcome.held_out.map_or(outcome.loss, |(loss, _)| loss).0;
        let outcomes = self.outcomes.iter().map(|outcome| Some(loss(outcome)).filter(|loss| loss.is_finite()));
        sigmas().into_iter().zip(outcomes).collect()
    }

    /// Returns the loss of guessing, in nats.
    pub fn guess(&self) -> f64 {
        guess(data_shape(&self.base).classes)
    }

    /// Returns the range of σ in which networks learn, as [`band`] defines it, once all steps are made.
    pub fn band(&self) -> Option<Band> {
        if self.is_whole() { band(&self.losses(), self.guess()) } else { None }
    }

    /// Returns what the sweep says about the claimed range, as [`claimed`] defines it, once all steps are made.
    pub fn claim(&self) -> Option<Claim> {
        if self.is_whole() { claimed(&self.losses(), self.guess()) } else { None }
    }
}

/// A network has learned if its loss is at least this fraction of the way from guessing to the best network.
pub const LEARNED: f64 = 0.5;

/// Returns the index of the best network and whether each has learned, or `None` if no network has. `losses` are
/// ordered by σ, with `None` for a network that diverged.
fn learners(losses: &[(f64, Option<f64>)], guess: f64) -> Option<(usize, Vec<bool>)> {
    let finite = losses.iter().enumerate().filter_map(|(index, (_, loss))| Some((index, (*loss)?)));
    let (best, lowest) = finite.min_by(|one, other| one.1.total_cmp(&other.1))?;
    let gain = guess - lowest;
    let learns = |(_, loss): &(f64, Option<f64>)| loss.is_some_and(|loss| guess - loss >= LEARNED * gain);
    (gain >= LEAST_GAIN).then(|| (best, losses.iter().map(learns).collect()))
}

/// Returns for each network whether it has learned, as [`band`] defines it.
pub fn learned(losses: &[(f64, Option<f64>)], guess: f64) -> Vec<bool> {
    learners(losses, guess).map_or_else(|| vec![false; losses.len()], |(_, learned)| learned)
}

/// Returns the best σ and the range around it in which networks learn, or `None` if no network does. A network learns
/// if its loss is at least half as far below guessing as the best one's. `losses` are ordered by σ, with `None` for a
/// network that diverged.
pub fn band(losses: &[(f64, Option<f64>)], guess: f64) -> Option<Band> {
    let (best, learned) = learners(losses, guess)?;
    let learns = |index: &usize| learned[*index];
    let first = (0..=best).rev().take_while(learns).last().unwrap_or(best);
    let last = (best..losses.len()).take_while(learns).last().unwrap_or(best);
    Some(Band { low: losses[first].0, best: losses[best].0, high: losses[last].0 })
}

/// Returns which of the tried σ within [`CLAIMED`] learn, or `None` if none was tried there. A band inside the range
/// does not support the claim, which is that everything in the range learns, and not that only this does.
pub fn claimed(losses: &[(f64, Option<f64>)], guess: f64) -> Option<Claim> {
    let inside =
        losses.iter().zip(learned(losses, guess)).filter(|((sigma, _), _)| (CLAIMED[0]..=CLAIMED[1]).contains(sigma));
    let mut claim = Claim { tried: 0, learned: 0, parts: Vec::new() };
    let mut open = false;
    for ((sigma, _), learns) in inside {
        claim.tried += 1;
        claim.learned += usize::from(learns);
        match claim.parts.last_mut().filter(|_| open && learns) {
            Some([_, high]) => *high = *sigma,
            None if learns => claim.parts.push([*sigma; 2]),
            None => {}
        }
        open = learns;
    }
    (claim.tried > 0).then_some(claim)
}

/// What a sweep says about the claimed range.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The number of σ within the range that were tried.
    pub tried: usize,
    /// The number of these σ that learn.
    pub learned: usize,
    /// The smallest and the largest σ of each stretch without a σ that does not learn.
    pub parts: Vec<[f64; 2]>,
}

/// How much of the claimed range learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Every tried σ learns.
    Whole,
    /// Some of the tried σ learn.
    Part,
    /// None of the tried σ learns.
    Nothing,
}

impl Claim {
    /// Returns how much of the claimed range learns.
    pub fn share(&self) -> Share {
        match self.learned {
            0 => Share::Nothing,
            learned if learned == self.tried => Share::Whole,
            _ => Share::Part,
        }
    }

    /// Returns the values for a sentence about the claim.
    pub fn values(&self) -> [(&'static str, String); 3] {
        let part =
            |[low, high]: &[f64; 2]| if low == high { show(*low) } else { format!("{}–{}", show(*low), show(*high)) };
        let parts = self.parts.iter().map(part).collect::<Vec<_>>().join(", ");
        [("parts", parts), ("learned", self.learned.to_string()), ("tried", self.tried.to_string())]
    }
}

/// The range of σ in which networks learn. Its ends may be equal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The smallest σ that learns.
    pub low: f64,
    /// The σ with the lowest held-out loss.
    pub best: f64,
    /// The largest σ that learns.
    pub high: f64,
}
