//! What the network makes of ten held-out digits: what it takes them for, and what tells them apart in each layer.
//!
//! They are a held-out pass of ten rows, whose logits and, a few times a second, hidden outputs are read as they are.
//! What is made of them is computed here in f64, so that it leaves no range that the network does not leave.

use burn::tensor::Tensor;

use super::Session;
use crate::lab::digits::{MOST_UNITS, encode, shown_layers};
use crate::lab::examples::DIGITS;
use crate::lab::metric::{ClassGuess, DigitLayer};
use crate::lab::number::Number;
use crate::science::layer::LayerId;

/// What is still to be read.
#[derive(Default)]
pub(super) struct DigitLook {
    /// The hidden layers, and how many of their units are read.
    layers: Vec<(LayerId, usize)>,
    /// How many logits a digit has; 0 where nobody asked for guesses.
    classes: usize,
    /// The outputs, `[1, 10, n]` each.
    outputs: Vec<Tensor<3>>,
}

/// What was read.
#[derive(Default)]
pub(super) struct DigitReading {
    pub(super) guesses: Vec<ClassGuess>,
    pub(super) path: Vec<DigitLayer>,
}

impl Session {
    /// The digits' pass through the network as it is now, as far as it was asked for.
    pub(super) fn digits(&self) -> DigitLook {
        let (guesses, path) = self.inspected.looks_at_digits();
        let Some(batch) = self.data.digits().filter(|_| guesses || path) else { return DigitLook::default() };
        let outputs = self.trainer.outputs(batch);
        let (logits, hidden) = match outputs.split_last() {
            Some((logits, hidden)) => (logits, hidden),
            None => return DigitLook::default(),
        };
        let mut look = DigitLook::default();
        if path {
            for layer in shown_layers(hidden.len()) {
                let units = hidden[layer].dims()[2].min(MOST_UNITS);
                look.layers.push((self.layers[layer], units));
                look.outputs.push(hidden[layer].clone().narrow(2, 0, units));
            }
        }
        if guesses {
            look.classes = logits.dims()[2];
            look.outputs.push(logits.clone());
        }
        look
    }
}

impl DigitLook {
    /// Adds what is to be read to all that is read, and returns how many numbers it is.
    pub(super) fn finish(&self, parts: &mut Vec<Tensor<1>>) -> usize {
        let flat = |output: &Tensor<3>| output.clone().reshape([output.shape().num_elements()]);
        parts.extend(self.outputs.iter().map(flat));
        self.outputs.iter().map(|output| output.shape().num_elements()).sum()
    }

    /// What the numbers say.
    pub(super) fn read(self, mut numbers: &[f32]) -> DigitReading {
        let mut reading = DigitReading::default();
        for (id, units) in self.layers {
            let (own, rest) = numbers.split_at(DIGITS * units);
            reading.path.push(layer(id, own, units));
            numbers = rest;
        }
        if self.classes > 0 {
            reading.guesses = numbers.chunks(self.classes).map(guess).collect();
        }
        reading
    }
}

/// The class with the largest logit, and its softmax.
pub(super) fn guess(logits: &[f32]) -> ClassGuess {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !logits.iter().all(|logit| logit.is_finite()) {
        return ClassGuess { class: None, probability: Number(f64::NAN) };
    }
    let sum: f64 = logits.iter().map(|logit| libm::exp(f64::from(*logit) - f64::from(largest))).sum();
    let mut first = logits.iter().enumerate().filter(|(_, logit)| **logit == largest).map(|(class, _)| class);
    let class = first.next().filter(|_| first.next().is_none());
    ClassGuess { class, probability: Number(1.0 / sum) }
}

/// What tells ten rows of a layer's output apart.
fn layer(id: LayerId, output: &[f32], units: usize) -> DigitLayer {
    let at = |digit: usize, unit: usize| f64::from(output[digit * units + unit]);
    // The first row is taken off before the mean, so that rows that are equal differ by nothing at all.
    let mean = |unit: usize| (0..DIGITS).map(|digit| at(digit, unit) - at(0, unit)).sum::<f64>() / DIGITS as f64;
    let means: Vec<f64> = (0..units).map(mean).collect();
    let all = (0..DIGITS).flat_map(|digit| (0..units).map(move |unit| (digit, unit)));
    let differences: Vec<f64> = all.map(|(digit, unit)| at(digit, unit) - at(0, unit) - means[unit]).collect();
    let root = |numbers: &mut dyn Iterator<Item = f64>| {
        libm::sqrt(numbers.map(|x| x * x).sum::<f64>() / (DIGITS * units) as f64)
    };
    let rms = root(&mut output.iter().map(|x| f64::from(*x)));
    let peak = if rms.is_finite() { differences.iter().fold(0.0, |peak, d| f64::max(peak, d.abs())) } else { f64::NAN };
    let part = |d: &f64| if peak > 0.0 { d / peak } else { 0.0 };
    let cells = if peak.is_finite() { encode(differences.iter().map(part)) } else { String::new() };
    DigitLayer {
        id,
        peak: Number(peak),
        difference: Number(root(&mut differences.iter().copied())),
        rms: Number(rms),
        cells,
    }
}
