//! What mean-field theory says about the residual stream of a GPT at its start.
//!
//! ```text
//! x   = wte[token] + wpe[position]
//! pre:  x ← x + Attn(norm x);   x ← x + Mlp(norm x);    logits = norm(x)·wteᵀ
//! post: x ← norm(x + Attn x);   x ← norm(x + Mlp x);    logits = x·wteᵀ
//! dropout: masks of their own on x at first, on Attn and on Mlp
//! ```
//!
//! Beside the mean square p of the stream the theory follows ρ, the correlation of the stream at
//! two different positions of a text: attention is nearly an average over positions, so what they
//! share passes it, and what they do not share is divided by their number. All in logarithms.

use super::activation::Activation;
use super::attention::Pattern;
pub use super::block::{AttentionScale, BlockStyle};
use super::block::{Passed, Weights, backward};
use super::init::{Fans, MUP_BASE, Scheme};
use super::moments::{correlation, log_moments, slope_correlation};
use super::norm::{Norm, NormPosition};
use super::pair::Pair;
use super::plan::Plan;
use super::site::Role;
use super::theory::{LayerPrediction, share};

/// A GPT and its initialization.
#[derive(Clone, Debug)]
pub struct GptTheory {
    /// φ of the MLPs.
    pub activation: Activation,
    /// Normalization, if any.
    pub norm: Norm,
    /// Where it stands: `pre` or `post`. With `pre` there is one more before the head.
    pub position: NormPosition,
    /// Whether each half of a block adds to its input.
    pub residual: bool,
    /// The chance of a number to be left out.
    pub dropout: f64,
    /// L.
    pub blocks: usize,
    /// d, the length of a row of the stream.
    pub width: usize,
    /// T, the number of positions.
    pub context: usize,
    /// V, the number of tokens.
    pub vocabulary: usize,
    /// Σ pᵢ² over the text: the chance that two positions carry the same token.
    pub coincidence: f64,
    /// Attention heads.
    pub heads: usize,
    /// The block's kind.
    pub block: BlockStyle,
    /// The factor on attention's logits.
    pub attention: AttentionScale,
    /// The head is the token embedding.
    pub tied: bool,
    /// How weights start.
    pub plan: Plan,
    /// How biases start: [`super::init::Init::bias`].
    pub bias_std: Option<f64>,
}

/// What softmaxes are fed with at the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logits {
    /// Standard deviation of the logits of attention about their mean over positions, by block.
    pub attention: Vec<f64>,
    /// Variance of the head's logits, without what the current token adds to its own.
    pub head: f64,
    /// The mean of the current token's own logit, if the head is tied.
    pub own: Option<f64>,
}

impl GptTheory {
    /// The embedding, each block, the head.
    ///
    /// The embedding has p₀ = `E[wte²]` + `E[wpe²]`; a block the variance of the stream after it, the
    /// pre-activation variance of its MLP, and the RMS gradient over all entries of its six
    /// matrices; the head the variance of the logits.
    pub fn predict(&self) -> Vec<LayerPrediction> {
        self.predict_all().0
    }

    /// The same, and the logits where weights are random.
    pub fn predict_all(&self) -> (Vec<LayerPrediction>, Option<Logits>) {
        if !self.plan.is_random() {
            return (vec![LayerPrediction::NONE; self.blocks + 2], None);
        }
        let weights: Vec<Weights> = (1..=self.blocks).map(|layer| Weights::new(self, layer)).collect();
        let pattern = Pattern::new(self.context);
        let token = self.table(Role::Token, self.vocabulary);
        let place = match self.block {
            BlockStyle::Gpt2 => self.table(Role::Position, self.context),
            // Rotary positions add nothing to the stream.
            BlockStyle::Llama => f64::NEG_INFINITY,
        };
        let tokens = Pair { second: token, correlation: self.coincidence };
        let mut x = tokens.plus(Pair { second: place, correlation: 0.0 }).dropped(self.dropout);
        // ln of the factor with which the current token's embedding still stands in the stream.
        let mut trace = 0.0;
        let mut spread = 0.0;

        let mut layers = vec![LayerPrediction { activation_var: Some(libm::exp(x.second)), ..LayerPrediction::NONE }];
        let mut passed = Vec::with_capacity(self.blocks);
        for weights in &weights {
            let block = self.forward(weights, &pattern, &mut x, &mut trace, &mut spread);
            layers.push(block.0);
            passed.push(block.1);
        }
        let attention = passed.iter().map(|block| block.attention.logit_var.sqrt()).collect();
        let logits = Logits { attention, ..self.head(x, token, trace) };
        // One own logit in V: its mean m is m²·(1 − 1/V)/V of variance.
        let v = self.vocabulary.max(1) as f64;
        let variance = Some(logits.head + logits.own.map_or(0.0, |m| m * m * (1.0 - 1.0 / v) / v));
        let log_spread = spread.sqrt();
        layers.push(LayerPrediction {
            preactivation_var: variance,
            activation_var: variance,
            gradient: None,
            log_spread,
            preactivation_spread: log_spread,
            activation_spread: log_spread,
            ..LayerPrediction::NONE
        });

        let gradients = backward(self, &weights, &passed);
        let top = gradients.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (layer, gradient) in layers[1..].iter_mut().zip(gradients) {
            layer.gradient = Some(share(gradient, top));
        }
        (layers, Some(logits))
    }

    /// ln `E[w²]` of an embedding of so many rows.
    fn table(&self, role: Role, rows: usize) -> f64 {
        let fans = Fans { fan_in: self.width, fan_out: rows };
        libm::log(self.plan.second_moment(&self.site(role, fans, 0)))
    }

    /// One block forward; x, trace and spread move on.
    fn forward(
        &self,
        weights: &Weights,
        pattern: &Pattern,
        x: &mut Pair,
        trace: &mut f64,
        spread: &mut f64,
    ) -> (LayerPrediction, Passed) {
        let (attended, before) = self.read(*x);
        let [q, k, v] = [weights.query, weights.key, weights.value].map(|m| attended.through(m.forth, m.bias));
        let attention = pattern.attend(q, k, v, weights.logit);
        let written = attention.output.through(weights.out.forth, weights.out.bias);
        let after = self.write(x, written, weights, trace, spread);
        let first = before + after;

        let (read, before) = self.read(*x);
        let z = read.through(weights.wide.forth, weights.wide.bias);
        let phi = log_moments(self.activation, z.second);
        let mut hidden = Pair { second: phi.second, correlation: self.kernel(z, phi.second, correlation) };
        let mut gated = [0.0; 2];
        if let Some(up) = weights.up {
            let up = read.through(up.forth, up.bias);
            gated = [phi.second, up.second];
            hidden = Pair { second: phi.second + up.second, correlation: hidden.correlation * up.correlation };
        }
        let written = hidden.through(weights.narrow.forth, weights.narrow.bias);
        let after = self.write(x, written, weights, trace, spread);

        let prediction = LayerPrediction {
            preactivation_var: Some(libm::exp(z.second)),
            activation_var: Some(libm::exp(x.second)),
            gradient: None,
            log_spread: spread.sqrt(),
            // No activation writes into the stream, so its rows have no mean.
            preactivation_spread: spread.sqrt(),
            activation_spread: spread.sqrt(),
            signal_share: None,
        };
        let passed = Passed {
            attention,
            attended,
            wide: read,
            narrow: hidden,
            gated,
            slope: phi.slope,
            slope_correlation: self.kernel(z, phi.slope, slope_correlation),
            divisors: [first, before + after],
        };
        (prediction, passed)
    }

    /// What a half of a block reads, and ln s² of the norm before it.
    fn read(&self, x: Pair) -> (Pair, f64) {
        match self.position {
            NormPosition::Pre | NormPosition::Inner => self.normed(x),
            NormPosition::Post => (x, 0.0),
        }
    }

    /// Puts what a half of a block wrote into the stream; returns ln s² of the norm after it.
    ///
    /// The d numbers of a row are d samples: the mean square of what is written has a relative
    /// variance of 2/d, and its product with the stream one of 4/d. Masks add nothing to that: they
    /// differ from row to row, and what is drawn is over many rows.
    fn write(&self, x: &mut Pair, written: Pair, weights: &Weights, trace: &mut f64, spread: &mut f64) -> f64 {
        let d = self.width as f64;
        let written = written.dropped(self.dropout).times(weights.gate);
        if self.residual {
            *x = x.times(weights.skip);
            *trace += 0.5 * weights.skip;
            let sum = x.plus(written);
            let (old, new) = (share(x.second, sum.second), share(written.second, sum.second));
            *spread = old * old * *spread + (2.0 * new * new + 4.0 * old * new) / d;
            *x = sum;
        } else {
            *spread = 2.0 / d;
            *trace = f64::NEG_INFINITY;
            *x = written;
        }
        let mut divisor = 0.0;
        if self.position == NormPosition::Post && self.norm != Norm::None {
            (*x, divisor) = self.normed(*x);
            *trace -= 0.5 * divisor;
            *spread = 0.0;
        }
        divisor
    }

    fn normed(&self, x: Pair) -> (Pair, f64) {
        let normed = self.norm.normed(x.second, f64::NEG_INFINITY);
        let second = normed.variance;
        (Pair { second, ..x }, normed.divisor)
    }

    /// The correlation of a function f of z at two positions, from ln E f(z)² and E f(z)·f(z').
    fn kernel(&self, z: Pair, square: f64, product: fn(Activation, f64, f64) -> f64) -> f64 {
        let q = libm::exp(z.second);
        if !(1e-200..1e200).contains(&q) {
            return z.correlation;
        }
        let product = product(self.activation, q, z.correlation);
        (product / libm::exp(square)).clamp(-1.0, 1.0)
    }

    /// The logits, x·Wᵀ with x normed if `pre`: variance d·`E[w²]`·`E[x²]`. A tied head adds the current
    /// token itself, whose embedding is still in x with the factor e^trace and whose logit therefore
    /// has the mean m = d·`E[w²]`·e^trace/s. μP divides tied logits by d/64.
    fn head(&self, x: Pair, token: f64, trace: f64) -> Logits {
        let (read, divisor) = self.read(x);
        let width = libm::log(self.width as f64);
        if self.tied {
            let scale = if self.plan.init.scheme == Scheme::Mup { libm::log(MUP_BASE) - width } else { 0.0 };
            let size = width + token;
            let own = libm::exp(size + trace - 0.5 * divisor + scale);
            return Logits { head: libm::exp(size + read.second + 2.0 * scale), own: Some(own), ..Logits::default() };
        }
        let fans = Fans { fan_in: self.width, fan_out: self.vocabulary };
        let site = self.site(Role::Head, fans, self.blocks + 1);
        let head = libm::exp(width + libm::log(self.plan.second_moment(&site)) + read.second);
        Logits { head, ..Logits::default() }
    }
}
