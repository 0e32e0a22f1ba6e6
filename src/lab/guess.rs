//! "Predict, then see": a student draws the variance by depth before it is shown, and is told in words how far the
//! guess is from what was measured.
//!
//! A guess is about the numbered layers of a network at step 0, its hidden layers or blocks, and in powers of ten.

mod choice;

pub use choice::{CurveShape, GuessChoice};

use super::lang::Lang;
use super::number::{round_to, show};
use super::spec::{Model, Norm, Spec};
use crate::science::layer::LayerId;

/// The most points that a student draws.
const MOST_POINTS: usize = 5;

/// A curve as a student expects it: log₁₀ of the variance at a few layers, by their numbers, with straight lines in
/// between.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    points: Vec<(usize, f64)>,
}

impl Guess {
    /// The guess to begin with, at a variance of 1 everywhere, for a network with so many numbered layers.
    pub fn level(depth: usize) -> Self {
        let count = depth.clamp(1, MOST_POINTS);
        let place = |index: usize| 1 + index * (depth - 1) / (count - 1).max(1);
        Self { points: (0..count).map(|index| (place(index), 0.0)).collect() }
    }

    /// The guess through these values of log₁₀, of the layers from 1 on.
    pub fn through(values: &[f64]) -> Self {
        Self { points: (1..).zip(values.iter().copied()).collect() }
    }

    /// The points, from the first layer to the last.
    pub fn points(&self) -> &[(usize, f64)] {
        &self.points
    }

    /// Moves the point of an index to a value of log₁₀ that is at most `reach` decades from 1.
    pub fn set(&mut self, index: usize, value: f64, reach: f64) {
        if let Some((_, point)) = self.points.get_mut(index).filter(|_| value.is_finite()) {
            *point = value.clamp(-reach, reach);
        }
    }

    /// log₁₀ of the variance at a layer. Beyond the first and the last point the curve is level.
    pub fn at(&self, layer: usize) -> f64 {
        let after = self.points.partition_point(|(place, _)| *place < layer);
        match (after.checked_sub(1).and_then(|before| self.points.get(before)), self.points.get(after)) {
            (Some((left, low)), Some((right, high))) => {
                low + (high - low) * (layer - left) as f64 / (right - left) as f64
            }
            (Some((_, value)), None) | (None, Some((_, value))) => *value,
            (None, None) => 0.0,
        }
    }

    /// Whether the guess is about networks of this depth.
    fn is_of_depth(&self, depth: usize) -> bool {
        self.points.last().is_some_and(|(layer, _)| *layer == depth)
    }
}

/// How many decades the axis on which a student draws has to either side of 1. It follows from what a student can see of
/// the network, and not from the answer: each layer of a plain network can multiply the variance by any factor, while
/// norms and skip connections hold it together.
pub fn reach(spec: &Spec) -> f64 {
    let depth = spec.network.depth as f64;
    let is_plain = spec.network.model == Model::Mlp && spec.network.norm == Norm::None && !spec.network.residual;
    if is_plain { (1.75 * depth).clamp(3.0, 36.0) } else { (0.4 * depth).clamp(3.0, 12.0) }
}

/// The guesses about the network on the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guesses {
    /// The last guess, and the network that it is about.
    last: Option<(Guess, Spec)>,
    earlier: Option<Guess>,
}

impl Guesses {
    /// Takes in a guess about a network, or none yet, so that the student guesses again. The guess before it stays as
    /// the earlier one.
    pub fn draw(&mut self, guess: Option<Guess>, spec: &Spec) {
        let before = self.last.take().map(|(guess, _)| guess);
        self.earlier = before.or(self.earlier.take());
        self.last = guess.map(|guess| (guess, spec.clone()));
    }

    /// The guess about this network, if there is one. A network that starts in another way asks anew, but not one with
    /// another seed or rate, which theory says the same of.
    pub fn current(&self, spec: &Spec) -> Option<&Guess> {
        self.last.as_ref().filter(|(_, about)| is_same_question(about, spec)).map(|(guess, _)| guess)
    }

    /// The guess before, if it can be drawn beside this network.
    pub fn before(&self, spec: &Spec) -> Option<&Guess> {
        let last = self.last.as_ref().filter(|(_, about)| !is_same_question(about, spec)).map(|(guess, _)| guess);
        last.or(self.earlier.as_ref()).filter(|guess| guess.is_of_depth(spec.network.depth))
    }
}

/// Whether two networks have the same variance by depth for all that theory knows.
fn is_same_question(one: &Spec, other: &Spec) -> bool {
    let rest =
        |spec: &Spec| (spec.dataset(), spec.own_shape().map(|own| own.mark), spec.training.dropout, spec.adapt.kind);
    one.start == other.start && one.network == other.network && rest(one) == rest(other)
}

/// How far a guess is from what was measured, in decades.
#[derive(Clone, Debug, PartialEq)]
pub struct GuessGap {
    /// How much the curve changes from the first layer to the last, by a straight line through it: as guessed, and as
    /// measured. A single layer has no slope.
    pub slopes: Option<[f64; 2]>,
    /// The mean over layers of guessed less measured.
    pub level: f64,
    /// The first layer, and the difference there.
    pub first: (LayerId, f64),
    /// The layer with the largest difference, and the difference.
    pub worst: (LayerId, f64),
    /// What counts as right: what a finger can draw on the axis, but at least a factor of two.
    tolerance: f64,
}

impl GuessGap {
    /// Compares a guess with the variances of layers at step 0. Returns `None` where none of them is measured. Values
    /// beyond the axis count as at its end, because nobody could draw them; so does a variance of 0.
    ///
    /// ```text
    /// slope   (L − 1)·Σ (l − l̄)·(y_l − ȳ)/Σ (l − l̄)²,  y_l = log₁₀ of the variance
    /// level   ⟨guessed_l − measured_l⟩
    /// ```
    pub fn new(guess: &Guess, measured: &[(LayerId, Option<f64>)], reach: f64) -> Option<Self> {
        let known = measured.iter().filter_map(|(layer, value)| {
            let place = layer.number()?;
            let value = value.filter(|value| *value >= 0.0)?.log10().clamp(-reach, reach);
            Some((*layer, place as f64, guess.at(place), value))
        });
        let known: Vec<(LayerId, f64, f64, f64)> = known.collect();
        let (first, last) = (known.first()?, known.last()?);
        let mean = |read: &dyn Fn(f64, f64, f64) -> f64| {
            known.iter().map(|(_, place, guessed, value)| read(*place, *guessed, *value)).sum::<f64>()
                / known.len() as f64
        };
        let center = mean(&|place, _, _| place);
        let width = mean(&|place, _, _| (place - center) * (place - center));
        let span = last.1 - first.1;
        let slopes = [
            span * mean(&|place, guessed, _| (place - center) * guessed) / width,
            span * mean(&|place, _, value| (place - center) * value) / width,
        ];
        let differences = known.iter().map(|(layer, _, guessed, value)| (*layer, guessed - value));
        Some(Self {
            slopes: (span > 0.0).then_some(slopes),
            level: mean(&|_, guessed, value| guessed - value),
            first: (first.0, first.2 - first.3),
            worst: differences.max_by(|(_, one), (_, other)| one.abs().total_cmp(&other.abs()))?,
            tolerance: (reach / 20.0).max(0.3),
        })
    }

    /// Says in sentences how the slope compares, and then, where it is right, the level and the shape, and else the first
    /// layer: how high a curve of another slope is on average says little.
    pub fn words(&self, lang: Lang) -> String {
        let factor = |decades: f64| show(round_to(libm::pow(10.0, decades), 1));
        let height = |place: &str, layer: LayerId, decades: f64| {
            let side = match decades {
                decades if decades.abs() <= self.tolerance => "right",
                decades if decades > 0.0 => "high",
                _ => "low",
            };
            let (key, layer) = (format!("guess.{place}-{side}"), lang.layer(layer));
            lang.fill(&key, &[("layer", &layer), ("factor", &factor(decades.abs()))])
        };
        let mut sentences = Vec::new();
        let mut is_near = true;
        if let Some([guessed, measured]) = self.slopes {
            let key = self.slope_key(guessed, measured);
            sentences.push(lang.fill(key, &[("guessed", &factor(guessed)), ("measured", &factor(measured))]));
            is_near = self.is_near(guessed, measured);
        }
        let ((first, start), (worst, most)) = (self.first, self.worst);
        sentences.push(if is_near { height("level", first, self.level) } else { height("first", first, start) });
        if is_near && (most - self.level).abs() > (2.0 * self.tolerance).max(1.0) {
            sentences.push(height("worst", worst, most));
        }
        sentences.join(" ")
    }

    /// The key of the sentence about the slope.
    fn slope_key(&self, guessed: f64, measured: f64) -> &'static str {
        let is_flat = |slope: f64| slope.abs() <= self.tolerance;
        match (is_flat(guessed), is_flat(measured)) {
            _ if self.is_near(guessed, measured) => "guess.slope-right",
            (_, true) => "guess.slope-holds",
            (true, false) => "guess.slope-changes",
            _ if (guessed > 0.0) != (measured > 0.0) => "guess.slope-opposite",
            _ if guessed.abs() > measured.abs() => "guess.slope-steep",
            _ => "guess.slope-flat",
        }
    }

    fn is_near(&self, guessed: f64, measured: f64) -> bool {
        (guessed - measured).abs() <= self.tolerance.max(0.2 * measured.abs())
    }
}
