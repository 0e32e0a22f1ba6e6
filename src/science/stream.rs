//! What mean-field theory says about the residual stream of a GPT at its start.
//!
//! ```text
//! x   = wte[token] + wpe[position]
//! pre:  x ← x + Attn(norm x);   x ← x + Mlp(norm x);    logits = norm(x)·wteᵀ
//! post: x ← norm(x + Attn x);   x ← norm(x + Mlp x);    logits = x·wteᵀ
//! dropout: masks of their own on x at first, on Attn and on Mlp
//! ```
//!
//! Besides the mean square p of the stream, the theory follows ρ, the correlation of the stream in two different rows,
//! which are positions of one text or of two. Attention is nearly an average over positions: what they share passes it,
//! and what they do not share is divided by their number. All sizes are logarithms.

use super::architecture::{Architecture, BlockStyle};
use super::attention::Pattern;
use super::block::{Passed, Weights, backward};
use super::gpt::GptTheory;
use super::init::MUP_BASE;
use super::kernel::Kernel;
use super::moments::{log_moments, moments};
use super::norm::{EPSILON, Norm, NormPosition};
use super::pair::{PLACE, Pair};
use super::site::Role;
use super::stray::{Stray, Written, spread};
use super::theory::{LayerPrediction, share};

/// The statistics of the logits that softmaxes get at the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logits {
    /// The standard deviation of the logits of attention about their mean over positions, by block.
    pub attention: Vec<f64>,
    /// The variance of the head's logits, without what the current token adds to its own logit.
    pub head: f64,
    /// The mean of the current token's own logit, if the head is tied.
    pub own: Option<f64>,
}

/// The state of the stream between blocks.
struct Flow {
    x: Pair,
    /// ln of the factor with which the current token's embedding is still contained in the stream.
    trace: f64,
    stray: Stray,
}

impl GptTheory {
    /// The predictions of the embedding, each block and the head. The embedding has p₀ = `E[wte²]` + `E[wpe²]`; a block
    /// has the variance of the stream after it, the pre-activation variance of its MLP, and the RMS gradient over all
    /// entries of its matrices; the head has the variance of the logits.
    pub fn predict(&self) -> Vec<LayerPrediction> {
        self.predict_all().0
    }

    /// The same predictions, and the logits where weights are random.
    pub fn predict_all(&self) -> (Vec<LayerPrediction>, Option<Logits>) {
        if !self.plan.is_random() {
            return (vec![LayerPrediction::NONE; self.architecture.depth + 2], None);
        }
        let weights: Vec<Weights> = (1..=self.architecture.depth).map(|layer| Weights::new(self, layer)).collect();
        let pattern = Pattern::new(self.architecture.context, self.coincidence);
        let token = self.table(Role::Token);
        let mut flow = self.embed(token);
        let mut layers = vec![self.layer(None, flow.x, [0.0, flow.stray.spread()])];
        let mut passed = Vec::with_capacity(self.architecture.depth);
        for weights in &weights {
            let block = self.forward(weights, &pattern, &mut flow);
            layers.push(block.0);
            passed.push(block.1);
        }
        let attention = passed.iter().map(|block| block.attention.logit_var.sqrt()).collect();
        let logits = Logits { attention, ..self.head(flow.x, token, flow.trace) };
        layers.push(self.logits(&flow, &logits));

        if self.architecture.dropout > 0.0 {
            // Masks would tell apart what is equal, so what tells inputs apart is predicted without dropout.
            let unmasked = self.unmasked().predict();
            for (layer, bare) in layers.iter_mut().zip(unmasked) {
                (layer.signal_share, layer.position_share) = (bare.signal_share, bare.position_share);
            }
        }
        let gradients = backward(self, &weights, &passed);
        let top = gradients.iter().map(|(size, _)| *size).fold(f64::NEG_INFINITY, f64::max);
        for (layer, (gradient, spread)) in layers[1..].iter_mut().zip(gradients) {
            layer.gradient = Some(share(gradient, top));
            layer.gradient_spread = spread;
        }
        (layers, Some(logits))
    }

    /// The same network without dropout.
    fn unmasked(&self) -> Self {
        Self { architecture: Architecture { dropout: 0.0, ..self.architecture }, ..self.clone() }
    }

    /// ln `E[w²]` of an embedding matrix.
    fn table(&self, role: Role) -> f64 {
        libm::log(self.plan.second_moment(&self.architecture.site(role, 0)))
    }

    /// The sum of the embeddings, given ln `E[w²]` of the tokens'.
    fn embed(&self, token: f64) -> Flow {
        let place = match self.architecture.block {
            BlockStyle::Gpt2 => self.table(Role::Position),
            // Rotary positions add nothing to the stream.
            BlockStyle::Llama => f64::NEG_INFINITY,
        };
        let kinds = |alike: fn(usize) -> bool| std::array::from_fn(|kind| f64::from(u8::from(alike(kind))));
        let tokens = Pair { second: token, correlation: kinds(|kind| kind % 2 == 1) };
        // Only the same position of two texts has the same embedding of it.
        let places = Pair { second: place, correlation: kinds(|kind| kind / 2 == PLACE) };
        let x = tokens.plus(places).dropped(self.architecture.dropout);
        Flow { x, trace: 0.0, stray: Stray::embedded(x, self.others(), self.architecture.width) }
    }

    /// Runs one block forward, and updates the stream.
    fn forward(&self, weights: &Weights, pattern: &Pattern, flow: &mut Flow) -> (LayerPrediction, Passed) {
        let (attended, before) = self.read(flow.x);
        let [q, k, v] = [weights.query, weights.key, weights.value].map(|m| attended.through(m.forth, m.bias));
        let attention = pattern.attend(q, k, v, weights.logit);
        let written = attention.output.through(weights.out.forth, weights.out.bias);
        let chance = flow.stray.attended(attention.alike, attention.output, attention.shared);
        let after = self.write(flow, written, weights, [self.passes(before), chance]);
        let first = before + after;

        let (read, before) = self.read(flow.x);
        let passes = self.passes(before);
        let hidden_units = self.architecture.block.hidden(self.architecture.width);
        let z = read.through(weights.wide.forth, weights.wide.bias);
        let z_spread = spread(flow.stray.mapped(read, self.architecture.width, hidden_units, passes));
        let phi = log_moments(self.architecture.activation, z.second);
        let kernel = Kernel::new(self.architecture.activation, z.second, &phi);
        // The mean of φ is common to all rows.
        let mean = share(2.0 * phi.mean, phi.second);
        let mut hidden = Pair { second: phi.second, ..z }.mapped(|c| mean + (1.0 - mean) * kernel.values(c));
        let mut gated = [0.0; 2];
        let mut follows = passes * phi.sensitivity;
        let up = weights.up.map(|up| read.through(up.forth, up.bias));
        if let Some(up) = up {
            gated = [phi.second, up.second];
            follows += passes;
            let correlation = std::array::from_fn(|kind| hidden.correlation[kind] * up.correlation[kind]);
            hidden = Pair { second: phi.second + up.second, correlation };
        }
        let law = moments(self.architecture.activation, libm::exp(z.second.clamp(-100.0, 100.0)));
        let kurtosis = (law.fourth / (law.second * law.second) - 1.0).max(0.0);
        let chance = flow.stray.narrowed(z, kurtosis, up, hidden, hidden_units);
        let written = hidden.through(weights.narrow.forth, weights.narrow.bias);
        let after = self.write(flow, written, weights, [follows, chance]);

        let prediction = self.layer(Some(z.second), flow.x, [z_spread, flow.stray.spread()]);
        let passed = Passed {
            attention,
            attended,
            wide: read,
            narrow: hidden,
            gated,
            slope: phi.slope,
            slope_correlation: z.mapped(|c| kernel.slopes(c)).correlation,
            divisors: [first, before + after],
        };
        (prediction, passed)
    }

    /// The input of a half of a block, and ln s² of the norm before it.
    fn read(&self, x: Pair) -> (Pair, f64) {
        match self.architecture.position {
            NormPosition::Pre | NormPosition::Inner => self.normed(x),
            NormPosition::Post => (x, 0.0),
        }
    }

    /// The share of a change of the stream's size that a norm with ln s² lets pass, which is that of ε in s².
    fn passes(&self, divisor: f64) -> f64 {
        let normed = self.architecture.norm != Norm::None && self.architecture.position != NormPosition::Post;
        if normed { libm::exp(libm::log(EPSILON) - divisor) } else { 1.0 }
    }

    /// Adds to the stream what a half of a block wrote. `follows` says how that follows the stream's size, and `chance`
    /// is its own variation. Returns ln s² of the norm after it.
    fn write(&self, flow: &mut Flow, written: Pair, weights: &Weights, [follows, chance]: [f64; 2]) -> f64 {
        let written = written.dropped(self.architecture.dropout).times(weights.gate);
        let (old, new) = if self.architecture.residual {
            flow.trace += 0.5 * weights.skip;
            let old = flow.x.times(weights.skip);
            (old, old.plus(written))
        } else {
            flow.trace = f64::NEG_INFINITY;
            (Pair { second: f64::NEG_INFINITY, ..flow.x }, written)
        };
        let shares = [old, written].map(|part| share(part.second, new.second));
        flow.stray = flow.stray.after(old, written, Written { shares, follows, chance });
        flow.x = new;
        let mut divisor = 0.0;
        if self.architecture.position == NormPosition::Post && self.architecture.norm != Norm::None {
            (flow.x, divisor) = self.normed(flow.x);
            flow.trace -= 0.5 * divisor;
            flow.stray = flow.stray.normed(libm::exp(libm::log(EPSILON) - divisor));
        }
        divisor
    }

    fn normed(&self, x: Pair) -> (Pair, f64) {
        let normed = self.architecture.norm.normed(x.second, f64::NEG_INFINITY);
        let second = normed.variance;
        (Pair { second, ..x }, normed.divisor)
    }

    /// The prediction of a layer with this ln q and these rows, and the spreads of both.
    fn layer(
        &self,
        q: Option<f64>,
        rows: Pair,
        [preactivation_spread, activation_spread]: [f64; 2],
    ) -> LayerPrediction {
        LayerPrediction {
            preactivation_var: q.map(libm::exp),
            activation_var: Some(libm::exp(rows.second)),
            // No activation writes directly into the stream, so its rows have no mean.
            log_spread: activation_spread,
            preactivation_spread,
            activation_spread,
            signal_share: self.others().apart(rows),
            position_share: self.others().of_one_text().apart(rows),
            ..LayerPrediction::NONE
        }
    }

    /// The prediction of the head: the logits of random rows, and the current token's own one if the head is tied.
    fn logits(&self, flow: &Flow, logits: &Logits) -> LayerPrediction {
        let v = self.architecture.classes.max(1) as f64;
        let (read, divisor) = self.read(flow.x);
        let own = logits.own.map_or(f64::NEG_INFINITY, |m| 2.0 * libm::log(m) - libm::log(v));
        let own = Pair { second: own, correlation: std::array::from_fn(|kind| (kind % 2) as f64) };
        let rows = Pair { second: libm::log(logits.head), ..read }.plus(own);
        let spread =
            spread(flow.stray.mapped(read, self.architecture.width, self.architecture.classes, self.passes(divisor)));
        // One logit in V is the token's own, so its mean m contributes m²·(1 − 1/V)/V to the variance.
        let variance = logits.head + logits.own.map_or(0.0, |m| m * m * (1.0 - 1.0 / v) / v);
        let layer = self.layer(Some(libm::log(variance)), rows, [spread; 2]);
        LayerPrediction { activation_var: Some(variance), ..layer }
    }

    /// The logits x·Wᵀ, with x normed if `pre`. Their variance is d·`E[w²]`·`E[x²]`. With a tied head the embedding of
    /// the current token is still in x with the factor e^trace, so that its own logit has the mean
    /// m = d·`E[w²]`·e^trace/s. μP divides tied logits by d/64.
    fn head(&self, x: Pair, token: f64, trace: f64) -> Logits {
        let (read, divisor) = self.read(x);
        let width = libm::log(self.architecture.width as f64);
        if self.architecture.tied {
            let scale = if self.architecture.mup { libm::log(MUP_BASE) - width } else { 0.0 };
            let size = width + token;
            let own = libm::exp(size + trace - 0.5 * divisor + scale);
            return Logits { head: libm::exp(size + read.second + 2.0 * scale), own: Some(own), ..Logits::default() };
        }
        let site = self.architecture.site(Role::Head, self.architecture.depth + 1);
        let head = libm::exp(width + libm::log(self.plan.second_moment(&site)) + read.second);
        Logits { head, ..Logits::default() }
    }
}
