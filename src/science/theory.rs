//! What mean-field theory says about a multi-layer perceptron at its start, layer by layer and
//! before a single weight is drawn.
//!
//! ```text
//! z_l = W_l·in_l + b_l,  in_l = h_{l−1}  (pre-norm, l ≥ 2: norm(h_{l−1})),  l = 1..L+1
//! h_l = φ(z_l)  (residual, l ≥ 2: h_{l−1} + φ(z_l);  post-norm: norm of that),  l = 1..L
//! ```
//!
//! Depth 100 with a σ far off leaves the range of f64, so all quantities are kept as logarithms.

use super::activation::Activation;
use super::init::{Fans, Scheme};
use super::moments::{log_add, log_moments};
use super::norm::{Norm, NormPosition, Normed};
use super::plan::Plan;
use super::site::{Role, Site};

/// A multi-layer perceptron and its initialization.
#[derive(Clone, Debug)]
pub struct MlpTheory {
    /// φ of the hidden layers.
    pub activation: Activation,
    /// Normalization, if any.
    pub norm: Norm,
    /// Where it stands.
    pub position: NormPosition,
    /// Whether each hidden layer but the first adds to its input.
    pub residual: bool,
    /// n_0 inputs, n_1..n_L hidden units, n_{L+1} outputs.
    pub widths: Vec<usize>,
    /// How weights start.
    pub plan: Plan,
    /// How biases start: [`super::init::Init::bias`].
    pub bias_std: Option<f64>,
    /// Mean square of an input number.
    pub input_second_moment: f64,
}

/// What is expected of one layer. `None` where mean-field theory does not apply (constant weights,
/// which make all units equal).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerPrediction {
    /// q_l, the variance of the layer's pre-activations z over units and samples.
    pub preactivation_var: Option<f64>,
    /// The variance of the layer's output h over units and samples.
    pub activation_var: Option<f64>,
    /// Root mean square of the entries of ∂L/∂W, relative: only ratios between layers mean
    /// anything. The largest layer has 1.
    pub gradient: Option<f64>,
    /// The standard deviation, from one random network of this width to another, of the logarithm
    /// of the mean square of h for one sample. Two networks in three lie within a factor e^±spread
    /// of the median. Where the mean of h² is kept (linear, ReLU) it is what is predicted, and the
    /// median lies e^{−spread²/2} under it.
    pub log_spread: f64,
}

impl LayerPrediction {
    /// Where there is nothing to say.
    pub(crate) const NONE: Self =
        Self { preactivation_var: None, activation_var: None, gradient: None, log_spread: 0.0 };
}

/// What the backward pass must remember of a layer, in logarithms.
struct Passed {
    /// n_out·`E[w²]`.
    back: f64,
    /// `E[in²]`.
    input: f64,
    /// s² of the norm before the layer, and of the norm after it; 0 without one.
    before: f64,
    after: f64,
    /// D(q).
    slope: f64,
}

/// The law of the entries of h over units, in logarithms but for the spread.
#[derive(Clone, Copy)]
struct Signal {
    variance: f64,
    mean: f64,
    /// Variance of ln `E[h²]` over networks.
    spread: f64,
}

impl Signal {
    fn second(self) -> f64 {
        log_add(self.variance, 2.0 * self.mean)
    }

    /// After a norm. Only ε lets a part of the spread pass: d ln(v/(v + ε)) = ε/(v + ε)·d ln v.
    fn normed(self, norm: Norm) -> (Self, f64) {
        let Normed { divisor, variance, mean } = norm.normed(self.variance, self.mean);
        let kept = if norm == Norm::None { 1.0 } else { libm::exp(libm::log(super::norm::EPSILON) - divisor) };
        let signal = Self { variance, mean, spread: kept * kept * self.spread };
        (signal, divisor)
    }
}

impl MlpTheory {
    /// One prediction per hidden layer, then the output layer's (whose h is z itself).
    pub fn predict(&self) -> Vec<LayerPrediction> {
        if !self.plan.is_random() {
            return vec![LayerPrediction::NONE; self.widths.len().saturating_sub(1)];
        }
        let (mut layers, passed) = self.forward();
        let gradients = self.backward(&passed);
        let top = gradients.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (layer, gradient) in layers.iter_mut().zip(gradients) {
            layer.gradient = Some(if gradient == f64::NEG_INFINITY { 0.0 } else { libm::exp(gradient - top) });
        }
        layers
    }

    /// ```text
    /// q_l   = n_{l−1}·E[w²]·E[in²] + E[b²]
    /// var h = var φ + (residual: var h_{l−1}),  mean h = M + (residual: mean h_{l−1})
    /// ```
    ///
    /// The spread follows Hanin & Nica (arXiv:1812.05994), generalized: a relative change of `E[h²]`
    /// goes on to q with the share that is not bias, then to V with d ln V/d ln q, and n_l units
    /// add a noise of (E φ⁴/V² − 1)/n_l: 5/n for ReLU, 2/n for linear.
    fn forward(&self) -> (Vec<LayerPrediction>, Vec<Passed>) {
        let last = self.widths.len().saturating_sub(1);
        let mut h = Signal { variance: libm::log(self.input_second_moment), mean: f64::NEG_INFINITY, spread: 0.0 };
        let mut layers = Vec::with_capacity(last);
        let mut passed = Vec::with_capacity(last);
        for (l, pair) in self.widths.windows(2).enumerate().map(|(i, p)| (i + 1, p)) {
            let fans = Fans { fan_in: pair[0], fan_out: pair[1] };
            let (input, before) =
                if l >= 2 && self.position == NormPosition::Pre { h.normed(self.norm) } else { (h, 0.0) };
            let weight = libm::log(self.plan.second_moment(&self.site(l, fans)));
            let fed = libm::log(fans.fan_in as f64) + weight + input.second();
            let q = log_add(fed, libm::log(self.plan.init.bias_var(fans, self.bias_std)));
            let z =
                Signal { variance: q, mean: f64::NEG_INFINITY, spread: input.spread * share(fed, q) * share(fed, q) };
            let mut after = 0.0;
            let mut slope = 0.0;
            if l == last {
                h = z;
                h.spread += self.sampling(fans) * 2.0 / fans.fan_out as f64;
            } else {
                let skip = (self.residual && l >= 2).then_some((h, input.spread > 0.0));
                (h, slope) = self.activated(z, skip, fans);
                if self.position == NormPosition::Post {
                    (h, after) = h.normed(self.norm);
                }
            }
            layers.push(LayerPrediction {
                preactivation_var: Some(libm::exp(q)),
                activation_var: Some(libm::exp(h.variance)),
                gradient: None,
                log_spread: h.spread.sqrt(),
            });
            passed.push(Passed {
                back: libm::log(fans.fan_out as f64) + weight,
                input: input.second(),
                before,
                after,
                slope,
            });
        }
        (layers, passed)
    }

    /// h = φ(z), plus what is skipped over the layer; and ln D(q).
    fn activated(&self, z: Signal, skip: Option<(Signal, bool)>, fans: Fans) -> (Signal, f64) {
        let n = fans.fan_out as f64;
        let phi = log_moments(self.activation, z.variance);
        // Orthogonal weights keep the length of z: the radial part of the noise falls away.
        let radial = 2.0 * phi.sensitivity * phi.sensitivity * (1.0 - self.sampling(fans));
        let noise = (phi.noise - radial).max(0.0) / n;
        let carried = phi.sensitivity * phi.sensitivity * z.spread;
        let Some((old, linked)) = skip else {
            let h = Signal { variance: phi.variance, mean: phi.mean, spread: carried + noise };
            return (h, phi.slope);
        };
        // E[(h + φ)²] = p + V + 2·m·M, and the cross term's own noise is 4·p·V/n.
        let mut h =
            Signal { variance: log_add(old.variance, phi.variance), mean: log_add(old.mean, phi.mean), spread: 0.0 };
        let (of_old, of_phi) = (share(old.second(), h.second()), share(phi.second, h.second()));
        // Without a norm between them, the branch follows the stream it reads from.
        let (a, b) = (of_old * old.spread.sqrt(), of_phi * carried.sqrt());
        let both = if linked { (a + b) * (a + b) } else { a * a + b * b };
        h.spread = both + of_phi * of_phi * noise + 4.0 * of_old * of_phi / n;
        (h, phi.slope)
    }

    /// The site of layer l's matrix, l = 1..L+1.
    pub fn site(&self, l: usize, fans: Fans) -> Site {
        let depth = self.widths.len().saturating_sub(2);
        let role = if l > depth { Role::Output } else { Role::Hidden };
        let width = self.widths.get(1).copied().unwrap_or(1);
        Site { role, fans, layer: l, depth, width, heads: 1 }
    }

    /// How much of the sampling noise of a Gaussian matrix this one has: all of it, but an
    /// orthogonal one only as far as it drops dimensions.
    fn sampling(&self, fans: Fans) -> f64 {
        if self.plan.init.scheme == Scheme::Orthogonal {
            (1.0 - fans.fan_out as f64 / fans.fan_in as f64).max(0.0)
        } else {
            1.0
        }
    }

    /// ```text
    /// G_l     = E(∂L/∂h_l)²,  δ²_l = E(∂L/∂z_l)² = G_l·D(q_l)     (post-norm: G_l/s² first)
    /// G_{l−1} = n_l·E[w_l²]·δ²_l/s²  (s: pre-norm)  + (residual: G_l)
    /// E(∂L/∂W_l)² = δ²_l·E[in_l²]
    /// ```
    ///
    /// It takes the gradient that arrives as independent of the forward pass and of the other
    /// samples of the batch. Returns ln RMS ∂L/∂W per layer.
    fn backward(&self, passed: &[Passed]) -> Vec<f64> {
        let last = passed.len();
        let mut gradients = vec![0.0; last];
        let mut arriving = 0.0;
        for (i, layer) in passed.iter().enumerate().rev() {
            let through = arriving - layer.after;
            let delta = through + layer.slope;
            gradients[i] = 0.5 * (delta + layer.input);
            let branch = layer.back + delta - layer.before;
            let skipped = self.residual && i >= 1 && i + 1 < last;
            arriving = if skipped { log_add(branch, through) } else { branch };
        }
        gradients
    }
}

/// eᵃ/eᵇ, 0 if both are 0.
pub(crate) fn share(a: f64, b: f64) -> f64 {
    if a == f64::NEG_INFINITY { 0.0 } else { libm::exp(a - b) }
}
