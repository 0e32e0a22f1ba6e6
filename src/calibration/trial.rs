//! One network: the verdict before it was trained, what it learned, and what it learned once the verdict's fix was
//! applied.

use std::io;

use super::course::{TrainingCourse, first};
use super::draw::{rates, reference, spec};
use super::ledger::{Ledger, link};
use crate::lab::diagnosis::{Verdict, diagnose};
use crate::lab::protocol::Event;
use crate::lab::remedy::remedy;
use crate::lab::spec::{Dataset, Spec, TrainingSpec};
use crate::lab::state::State;
use crate::science::data::chars;
use crate::science::initial_loss::guess;

/// Losses whose relative difference is smaller than this count as equal; the smaller rate is then taken.
const EQUAL: f64 = 0.01;

/// How much a network learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Learned {
    /// It came less than a tenth of the way from guessing to the reference with its decay and dropout.
    Not,
    /// It came between a tenth and half of the way.
    Some,
    /// It came at least half of the way.
    Well,
}

impl Learned {
    /// Classifies the share of the way; NaN stands for a divergence.
    pub fn of(progress: f64) -> Self {
        if progress >= 0.5 {
            Self::Well
        } else if progress >= 0.1 {
            Self::Some
        } else {
            Self::Not
        }
    }
}

/// A network of the calibration, and what it learned.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its number. Even ones are for tuning the rules, odd ones for the report.
    pub number: u64,
    /// Its link, with the best of the learning rates.
    pub link: String,
    /// The network, with the best of the learning rates.
    pub spec: Spec,
    /// The verdict at step 0.
    pub verdict: Verdict,
    /// The share of the way from the best answer that ignores the input (0) to the reference network with the same
    /// decay and dropout (1).
    pub progress: f64,
    /// The share of the best answer's loss by which this reference came below it.
    pub possible: f64,
    /// The mean of its last losses, in nats.
    pub loss: f64,
    /// What applying the fix did, if one was offered.
    pub fixed: Option<Fixed>,
}

/// A network after its fix was applied.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The link after the fix.
    pub link: String,
    /// The mean of the last losses after the fix, in nats.
    pub loss: f64,
}

impl Fixed {
    /// Whether its loss became lower than that of the network as it was.
    pub fn helped(&self, before: f64) -> bool {
        self.loss < before || (before.is_nan() && !self.loss.is_nan())
    }

    /// Whether it diverged although the network as it was did not.
    pub fn harmed(&self, before: f64) -> bool {
        self.loss.is_nan() && !before.is_nan()
    }
}

impl Trial {
    /// Trains network `number`, unless the ledger knows it, and asks for the verdict.
    pub fn run(number: u64, ledger: &Ledger) -> io::Result<Self> {
        let spec = spec(number);
        let held_back = best(&tried(&reference(&spec), ledger)?).1.loss;
        let tried = tried(&spec, ledger)?;
        let (best, course) = best(&tried);
        let ignorant = ignorant(best.run.data);
        let state = opened(&best).ok_or_else(|| io::Error::other("no first frame"))?;
        let diagnosis = diagnose(&state);
        let fixed = match remedy(state.spec(), diagnosis.verdict, state.initial.as_ref()) {
            Some(remedy) => {
                let (spec, _) = remedy.apply(state.spec());
                let course = ledger.courses(std::slice::from_ref(&spec))?.remove(0);
                Some(Fixed { link: link(&spec), loss: course.loss })
            }
            None => None,
        };
        Ok(Self {
            number,
            link: link(&best),
            spec: best,
            verdict: diagnosis.verdict,
            progress: (ignorant - course.loss) / (ignorant - held_back),
            possible: (ignorant - held_back) / ignorant,
            loss: course.loss,
            fixed,
        })
    }

    /// Whether its data, batch, optimizer, decay and dropout let a good start learn in so many steps, so that it says
    /// something about its own start.
    pub fn is_possible(&self) -> bool {
        Learned::of(self.possible) != Learned::Not
    }

    /// How much it learned.
    pub fn learned(&self) -> Learned {
        Learned::of(self.progress)
    }
}

/// The network at each of the learning rates, with the training's result.
fn tried(spec: &Spec, ledger: &Ledger) -> io::Result<Vec<(Spec, TrainingCourse)>> {
    let specs = rates(spec.training.optimizer)
        .map(|lr| Spec { training: TrainingSpec { lr, ..spec.training }, ..spec.clone() });
    let courses = ledger.courses(&specs)?;
    Ok(specs.into_iter().zip(courses).collect())
}

/// The rate with the lowest loss, and the training at it.
fn best(tried: &[(Spec, TrainingCourse)]) -> (Spec, TrainingCourse) {
    let mut found = tried[0].clone();
    for (spec, course) in &tried[1..] {
        if course.loss < (1.0 - EQUAL) * found.1.loss || (found.1.loss.is_nan() && !course.loss.is_nan()) {
            found = (spec.clone(), *course);
        }
    }
    found
}

/// The page's state once the network is measured, reached by the events that the worker would send.
pub fn opened(spec: &Spec) -> Option<State> {
    let mut state = State::open(&link(spec));
    state.apply(Event::Ready);
    let run = state.run;
    let (session, slice) = first(run, state.spec())?;
    state.apply(Event::Started { run, shape: session.shape() });
    state.apply(Event::Frame(slice.frame));
    if let Some(why) = slice.end {
        state.apply(Event::Finished { run, step: 0, why });
    }
    Some(state)
}

/// The lowest loss of an answer that ignores the input, in nats: that of equal classes, or of the text's character
/// frequencies.
fn ignorant(data: Dataset) -> f64 {
    match data {
        Dataset::Digits => guess(10),
        Dataset::Spirals => guess(3),
        Dataset::Circles | Dataset::Xor => guess(2),
        // No trial has a file.
        Dataset::Own => f64::NAN,
        Dataset::Chars => {
            let text = chars::chars();
            let tokens = &text.tokens[..text.train];
            let mut counts = vec![0.0; text.vocabulary.len()];
            tokens.iter().for_each(|token| counts[usize::from(*token)] += 1.0);
            let share = |count: &f64| count / tokens.len() as f64;
            counts.iter().map(share).filter(|p| *p > 0.0).map(|p| -p * libm::log(p)).sum()
        }
    }
}
