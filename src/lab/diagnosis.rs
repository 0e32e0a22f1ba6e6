//! The verdict: what the shown run's own measurements say, with the numbers they rest on.
//!
//! Nothing here knows the scheme's name or what it is famous for; a verdict follows from the measured layers, the
//! measured losses and how the run ended. It is about the present step; a second sentence says what was found at the
//! start, and a third how the learning goes.

mod cause;
mod course;
mod evidence;
mod ratio;
mod reading;
mod rule;
pub mod threshold;
mod verdict;

pub use cause::{Cause, cause, keeps_backward, level};
pub use course::{Course, Heading};
pub use evidence::Evidence;
pub use reading::Reading;
pub use rule::{Bound, Counter, Measure, RULES, Rule};
pub use verdict::Verdict;

use super::metric::{Frame, RunId};
use super::protocol::{Pass, Why};
use super::spec::Spec;
use super::state::{Phase, State};
use crate::science::initial_loss::guess;
use crate::science::layer::LayerId;

/// A sentence, as the key of its translation and the values of its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The key, below `diagnosis.` or the table of whoever says it.
    pub key: &'static str,
    /// The values of the text's places, by name. `each` is `layer` or `block`, and `finding` the name of a rule.
    pub values: Vec<(&'static str, SentenceValue)>,
}

/// What stands in a place of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentenceValue {
    /// A layer, which every language has its own word for.
    Layer(LayerId),
    /// A number in the form in which a person reads it, or the key of a word.
    Text(String),
}

impl From<LayerId> for SentenceValue {
    fn from(layer: LayerId) -> Self {
        Self::Layer(layer)
    }
}

impl From<String> for SentenceValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Sentence {
    /// A sentence whose values are all of one kind.
    pub(super) fn new<const N: usize>(
        key: &'static str,
        values: [(&'static str, impl Into<SentenceValue>); N],
    ) -> Self {
        Self { key, values: values.into_iter().map(|(name, value)| (name, value.into())).collect() }
    }
}

/// What the rules find in a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that applies; there is none where nothing is measured.
    pub rule: Option<&'static Rule>,
    /// The sentence that says it.
    pub sentence: Sentence,
}

impl Finding {
    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        self.rule.map_or(Verdict::Waiting, |rule| rule.verdict)
    }
}

/// The verdict in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What is found at the present step.
    pub verdict: Verdict,
    /// The key of the heading, below `verdict.`.
    pub heading: &'static str,
    /// The finding, what was found at the start if that was something else, and how the learning goes.
    pub sentences: Vec<Sentence>,
}

/// The moment of a verdict. It is said aloud whenever this changes: at a run's start, at its end, and when the verdict
/// becomes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    run: RunId,
    verdict: Verdict,
    heading: &'static str,
    ended: bool,
}

impl Diagnosis {
    /// The moment of this verdict. While it stays the same only numbers change.
    pub fn moment(&self, state: &State) -> Moment {
        let ended = matches!(state.phase, Phase::Finished(_));
        Moment { run: state.run, verdict: self.verdict, heading: self.heading, ended }
    }

    /// Whether it is good news without a reservation.
    pub fn is_good(&self) -> bool {
        !self.verdict.is_fault() && matches!(self.heading, "steady" | "shallow" | "learning" | "closed")
    }
}

/// What the rules find in a single frame, as at a start.
pub fn finding(spec: &Spec, frame: &Frame) -> Finding {
    first_to_speak(&Evidence::new(spec, frame))
}

/// What the first rule that applies says.
fn first_to_speak(evidence: &Evidence) -> Finding {
    let spoken = RULES.iter().find_map(|rule| {
        let reading = evidence.read(rule.measure).filter(|reading| rule.bound.is_passed(reading.value))?;
        // A rule whose sentence has a place that cannot be filled does not apply.
        let show = |place: &&'static str| reading.shown.iter().find(|(name, _)| name == place).cloned();
        let values: Vec<_> = rule.shows.iter().filter_map(show).collect();
        let silenced = values.len() < rule.shows.len() || rule.counters.iter().any(|counter| evidence.holds(*counter));
        (!silenced).then_some(Finding { rule: Some(rule), sentence: Sentence { key: rule.name, values } })
    });
    spoken.unwrap_or_else(|| Finding { rule: None, sentence: say("waiting", []) })
}

/// The verdict on the shown run.
pub fn diagnose(state: &State) -> Diagnosis {
    let spec = state.spec();
    let start = state.initial.as_ref();
    if let Phase::Finished(Why::Diverged { step, layer, pass }) = &state.phase {
        return diverged(spec, start, *step, *layer, *pass);
    }
    let Some(frame) = &state.frame else {
        return Diagnosis { verdict: Verdict::Waiting, heading: "waiting", sentences: vec![say("waiting", [])] };
    };
    if !frame.loss.0.is_finite() {
        return diverged(spec, start, frame.step, None, Pass::Forward);
    }
    let course = Course::of(state);
    let now = first_to_speak(&Evidence::new(spec, frame).of_run(course.as_ref(), losses(state)));
    let told = course.as_ref().map(Course::sentence);
    let began = start.filter(|start| start.step < frame.step).map(|start| finding(spec, start));
    let began = began.filter(|began| began.verdict() != now.verdict()).and_then(|began| began.rule);
    let began = began.map(|rule| say("began", [("finding", rule.name.to_owned())]));
    let fault = now.verdict().is_fault();
    let heading = course.as_ref().filter(|_| !fault).map(|course| course.heading.key());
    // The sentence that the heading is about stands first.
    let first_told = told.clone().filter(|_| heading.is_some());
    let last_told = told.filter(|_| heading.is_none());
    let sentences = first_told.into_iter().chain([now.sentence.clone()]).chain(began).chain(last_told).collect();
    let own = now.rule.map_or("waiting", |rule| rule.name);
    Diagnosis { verdict: now.verdict(), heading: heading.unwrap_or(own), sentences }
}

/// The first loss of the present part of the run, the newest one, and that of guessing.
fn losses(state: &State) -> Option<[f64; 3]> {
    let from = state.frame.as_ref().and_then(|frame| state.spec().adapt.step().filter(|at| frame.step >= *at));
    let (_, first) = state.record.loss.points().find(|(step, _)| *step >= from.unwrap_or(0))?;
    let (_, now) = state.record.loss.last()?;
    let all = [first, now, guess(state.shape.as_ref()?.classes)];
    all.iter().all(|loss| loss.is_finite()).then_some(all)
}

fn diverged(spec: &Spec, start: Option<&Frame>, step: u64, layer: Option<LayerId>, pass: Pass) -> Diagnosis {
    let key = match (step, pass) {
        (0, Pass::Forward) => "diverged-start",
        (0, Pass::Backward) => "diverged-start-backward",
        (_, Pass::Forward) => "diverged",
        (_, Pass::Backward) => "diverged-backward",
    };
    let finding = match layer {
        Some(layer) => Sentence::new(key, [("step", SentenceValue::Text(step.to_string())), ("layer", layer.into())]),
        None => say("diverged-somewhere", [("step", step.to_string())]),
    };
    let sentences = [vec![finding], cause::sentences(spec, start, step)].concat();
    Diagnosis { verdict: Verdict::Diverged, heading: "diverged", sentences }
}

fn say<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Sentence {
    Sentence::new(key, values)
}
