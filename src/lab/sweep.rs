//! A sweep over σ: the network on the page, trained from many first spreads at once.
//!
//! All networks have the same draws and see the same batches; only the size of the first weights
//! differs. What the sweep finds is read off their held-out losses, never assumed.

use serde::{Deserialize, Serialize};

use super::metric::RunId;
use super::number::{Number, round_to, show};
use super::spec::{Adapt, Model, Scheme, Spec, data_shape};
use crate::science::initial_loss::guess;

/// Networks of a sweep.
pub const NETWORKS: usize = 15;
/// The least and the largest σ, in powers of ten: the literature's sweeps reach from 10⁻³ to 3.
const DECADES: (f64, f64) = (-3.0, 0.477);
/// Where σ is often said to be safe, whatever the width: what the sweep lets a student check.
pub const CLAIMED: [f64; 2] = [0.01, 0.1];
/// Numbers in all networks together at most: four times as many fit a browser's memory.
const MOST_NUMBERS: usize = 20_000_000;

/// Sweeps that are kept beside the last one: a student compares a handful.
const MOST_KEPT: usize = 12;

/// A network has learned something if it comes so many nats below guessing; a few steps bring those
/// that only learn how common each class is about half as much.
pub const LEAST_GAIN: f64 = 0.1;

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

/// Puts a sweep that found something to those before it. Of one network the whole one is kept, or the
/// later.
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

/// Whether all networks of a sweep over one of so many numbers fit into memory.
pub fn fits(parameters: usize) -> bool {
    parameters.saturating_mul(NETWORKS) <= MOST_NUMBERS
}

impl Sweep {
    /// One that begins.
    pub fn new(run: RunId, base: &Spec) -> Self {
        let steps = steps(base.network.model);
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
        guess(data_shape(self.base.run.data).classes)
    }

    /// The σ between which networks learn, once all steps are made: see [`band`].
    pub fn band(&self) -> Option<Band> {
        if self.is_whole() { band(&self.losses(), self.guess()) } else { None }
    }

    /// What became of the claimed range, once all steps are made: see [`claimed`].
    pub fn claim(&self) -> Option<Claim> {
        if self.is_whole() { claimed(&self.losses(), self.guess()) } else { None }
    }
}

/// A network has learned if it comes at least this share of the way from guessing to the best one.
pub const LEARNED: f64 = 0.5;

/// The best of some networks, and which of them have learned; none where none has. `losses` are by σ,
/// in its order; none where a network blew up.
fn learners(losses: &[(f64, Option<f64>)], guess: f64) -> Option<(usize, Vec<bool>)> {
    let finite = losses.iter().enumerate().filter_map(|(index, (_, loss))| Some((index, (*loss)?)));
    let (best, lowest) = finite.min_by(|one, other| one.1.total_cmp(&other.1))?;
    let gain = guess - lowest;
    let learns = |(_, loss): &(f64, Option<f64>)| loss.is_some_and(|loss| guess - loss >= LEARNED * gain);
    (gain >= LEAST_GAIN).then(|| (best, losses.iter().map(learns).collect()))
}

/// Which networks have learned: see [`band`].
pub fn learned(losses: &[(f64, Option<f64>)], guess: f64) -> Vec<bool> {
    learners(losses, guess).map_or_else(|| vec![false; losses.len()], |(_, learned)| learned)
}

/// The σ between which networks learn, around the best one, and the best: those that come at
/// least half as far below guessing as it does. None where none learns. `losses` are by σ, in its
/// order; none where a network blew up.
pub fn band(losses: &[(f64, Option<f64>)], guess: f64) -> Option<Band> {
    let (best, learned) = learners(losses, guess)?;
    let learns = |index: &usize| learned[*index];
    let first = (0..=best).rev().take_while(learns).last().unwrap_or(best);
    let last = (best..losses.len()).take_while(learns).last().unwrap_or(best);
    Some(Band { low: losses[first].0, best: losses[best].0, high: losses[last].0 })
}

/// What became of the claim that [`CLAIMED`] is safe: which of the σ in it that were tried learn. None
/// where none was tried. That a band lies inside says nothing for the claim: it needs the opposite,
/// that all of what is claimed learns.
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

/// What became of the claimed range.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// σ in it that were tried.
    pub tried: usize,
    /// Of these, how many learn.
    pub learned: usize,
    /// From which σ to which, without one between them that does not.
    pub parts: Vec<[f64; 2]>,
}

/// How much of the claimed range learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Every σ that was tried.
    Whole,
    /// Some.
    Part,
    /// None.
    Nothing,
}

impl Claim {
    /// How much of it learns.
    pub fn share(&self) -> Share {
        match self.learned {
            0 => Share::Nothing,
            learned if learned == self.tried => Share::Whole,
            _ => Share::Part,
        }
    }

    /// The values of a sentence about it.
    pub fn values(&self) -> [(&'static str, String); 3] {
        let part =
            |[low, high]: &[f64; 2]| if low == high { show(*low) } else { format!("{}–{}", show(*low), show(*high)) };
        let parts = self.parts.iter().map(part).collect::<Vec<_>>().join(", ");
        [("parts", parts), ("learned", self.learned.to_string()), ("tried", self.tried.to_string())]
    }
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
