//! Text from a network: character after character, each drawn from what it thinks comes next.

use burn::tensor::{Device, Int, Tensor};

use super::batch::text_batch;
use super::reading;
use super::trainer::Trainer;
use crate::lab::protocol::Failure;
use crate::lab::spec::Spec;
use crate::science::data::chars::chars;
use crate::science::seed::Stream;

/// The characters of a text.
const TEXT: usize = 160;
/// The characters of a line.
const LINE: usize = 60;
/// The temperature of the softmax. Below 1 likely characters are drawn more often, which reads better early on.
const TEMPERATURE: f64 = 0.8;

/// A text that a network is writing.
pub(super) struct Sampler {
    tokens: Vec<u8>,
    length: usize,
    vocabulary: Vec<char>,
    context: usize,
    stream: Stream,
    classes: Tensor<1, Int>,
    device: Device,
}

impl Sampler {
    /// A text that begins after the end of a line. At the same step the same network writes the same.
    pub(super) fn new(spec: &Spec, step: u64, device: &Device) -> Self {
        Self::from_line_end(spec, TEXT, &format!("text/step.{step}"), chars().vocabulary, device)
    }

    /// A short text that begins after the end of a line, by the same chance at every step: what differs between two
    /// steps is what the network has learned. `vocabulary` is that of the network's outputs.
    pub(super) fn line(spec: &Spec, vocabulary: &[char], device: &Device) -> Self {
        Self::from_line_end(spec, LINE, "text/line", vocabulary.to_vec(), device)
    }

    fn from_line_end(spec: &Spec, length: usize, stream: &str, vocabulary: Vec<char>, device: &Device) -> Self {
        let line_end = vocabulary.iter().position(|c| *c == '\n').unwrap_or(0);
        Self {
            tokens: vec![line_end as u8],
            length,
            context: spec.network.context,
            stream: Stream::new(spec.run.seed, stream),
            classes: Tensor::arange(0..vocabulary.len() as i64, device),
            device: device.clone(),
            vocabulary,
        }
    }

    /// Draws at most `count` characters more, with a read of the device for each. Returns whether the text is complete.
    pub(super) async fn sample(&mut self, trainer: &Trainer, count: usize) -> Result<bool, Failure> {
        for _ in 0..count {
            if self.tokens.len() > self.length {
                break;
            }
            let logits = self.next_logits(trainer).await?;
            match draw(&logits, self.stream.uniform()) {
                Some(token) => self.tokens.push(token as u8),
                // The logits have left f32, so there is nothing to draw from.
                None => return Ok(true),
            }
        }
        Ok(self.tokens.len() > self.length)
    }

    /// The text so far.
    pub(super) fn text(&self) -> String {
        self.tokens[1..].iter().filter_map(|token| self.vocabulary.get(usize::from(*token))).collect()
    }

    /// The logits of the character after the last one.
    async fn next_logits(&self, trainer: &Trainer) -> Result<Vec<f32>, Failure> {
        let seen = &self.tokens[self.tokens.len().saturating_sub(self.context)..];
        // Attention is causal: what stands after the last character has no influence on its logits.
        let mut ids: Vec<i32> = seen.iter().map(|token| i32::from(*token)).collect();
        ids.resize(self.context, 0);
        let ids = Tensor::<1, Int>::from_data(ids.as_slice(), &self.device);
        let batch = text_batch(ids.clone(), ids, 1, &self.classes);
        let logits = trainer.predict(&batch).narrow(1, seen.len() - 1, 1); // [1, 1, V]
        reading::read(vec![logits.reshape([self.vocabulary.len()])]).await
    }
}

/// The index that a uniform number picks under softmax(logits / temperature); `None` where a logit is
/// not finite.
fn draw(logits: &[f32], uniform: f64) -> Option<usize> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !logits.iter().all(|logit| logit.is_finite()) {
        return None;
    }
    let weights: Vec<f64> = logits.iter().map(|logit| libm::exp(f64::from(logit - largest) / TEMPERATURE)).collect();
    let mut left = uniform * weights.iter().sum::<f64>();
    let passed = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    Some(passed.unwrap_or(logits.len().saturating_sub(1)))
}
