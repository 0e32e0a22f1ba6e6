//! What mean-field theory says about a multi-layer perceptron at its start, layer by layer and
//! before a single weight is drawn.
//!
//! ```text
//! z_l = W_l·in_l + b_l,  in_l = h_{l−1}  (pre-norm, l ≥ 2: norm(h_{l−1})),  l = 1..L+1
//! h_l = φ(z_l)  (inner norm: φ(norm(z_l));  residual, l ≥ 2: h_{l−1} + φ(z_l);  post-norm: norm of that),  l = 1..L
//!       dropout: m·φ(z_l)/(1 − p) for φ(z_l), m drawn anew for each number of each example
//! ```
//!
//! Depth 100 with a σ far off leaves the range of f64, so all quantities are kept as logarithms.

mod backward;
mod batch;
mod divided;
mod forward;
mod jacobian;
mod noise;
mod passed;
mod reach;
mod read;
mod response;
mod signal;
mod size;
mod spread;
mod step;
mod walk;

use super::architecture::Architecture;
use super::data::likeness::{Length, Profile};
use super::norm::Norm;
use super::plan::Plan;
use super::site::Site;
use signal::Signal;
pub use size::LayerSize;

/// A multi-layer perceptron and its start, for the theory.
#[derive(Clone, Debug)]
pub struct MlpTheory {
    /// The sizes and switches of the network.
    pub architecture: Architecture,
    /// Its matrices, l = 1..L+1, as [`Architecture::matrices`], except that hidden layers may differ in width.
    pub matrices: Vec<Site>,
    /// How weights start.
    pub plan: Plan,
    /// How biases start: [`super::init::Init::bias`].
    pub bias_std: Option<f64>,
    /// The mean square of an input number, to which the profile's lengths are relative.
    pub input_second_moment: f64,
    /// The number of examples in the batch that is measured.
    pub batch: usize,
    /// The lengths of the examples, and the kinds of pairs among them. Where there are no lengths all examples have
    /// one.
    pub profile: Profile,
}

/// The prediction for one layer. Numbers are `None` where mean-field theory does not apply (constant weights, which
/// make all units equal).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerPrediction {
    /// q_l, the variance of the layer's pre-activations z over units and samples.
    pub preactivation_var: Option<f64>,
    /// The variance of the layer's output h over units and samples.
    pub activation_var: Option<f64>,
    /// The relative root mean square of the entries of ∂L/∂W. Only ratios between layers have a meaning; the largest
    /// layer has 1.
    pub gradient: Option<f64>,
    /// The standard deviation, over networks, of the logarithm of its ratio to that of the last layer that has one.
    pub gradient_spread: f64,
    /// The standard deviation, over random networks of this width and their batches, of the logarithm of the mean
    /// square of h. Two networks in three lie within a factor e^±spread of the median.
    pub log_spread: f64,
    /// The same of the variance of z over samples and units; the median network's variance follows it. Where the mean
    /// over networks is kept (linear, ReLU) the prediction is that mean, and the median lies e^{−spread²/2} below it.
    /// Where the median is `None` it lies there too.
    pub preactivation_spread: f64,
    /// The median that belongs to [`Self::preactivation_spread`].
    pub preactivation_median: Option<f64>,
    /// The same of the variance of h, which differs from [`Self::log_spread`] if h has a mean.
    pub activation_spread: f64,
    /// The median that belongs to [`Self::activation_spread`].
    pub activation_median: Option<f64>,
    /// The part of [`Self::activation_spread`] that comes from the choice of the batch.
    pub batch_spread: f64,
    /// The share of h that tells rows apart, from 0 to 1: one less the mean cosine of two rows, which are examples of a
    /// batch (perceptron) or positions of all texts (GPT). `None` where theory has no prediction.
    pub signal_share: Option<f64>,
    /// The same for the positions of one text (GPT).
    pub position_share: Option<f64>,
}

impl LayerPrediction {
    /// The prediction of a layer where theory has none.
    pub(crate) const NONE: Self = Self {
        preactivation_var: None,
        activation_var: None,
        gradient: None,
        gradient_spread: 0.0,
        log_spread: 0.0,
        preactivation_spread: 0.0,
        preactivation_median: None,
        activation_spread: 0.0,
        activation_median: None,
        batch_spread: 0.0,
        signal_share: None,
        position_share: None,
    };
}

impl MlpTheory {
    /// A prediction for each hidden layer, then that for the output layer, whose h is z itself.
    pub fn predict(&self) -> Vec<LayerPrediction> {
        if !self.plan.is_random() {
            return vec![LayerPrediction::NONE; self.matrices.len()];
        }
        if self.architecture.norm == Norm::Batch && self.profile.lengths.len() > 1 {
            // BatchNorm divides a unit mostly by its numbers for the longest examples, and after one BatchNorm lengths
            // are alike.
            return Self { profile: self.profile.of_one_length(), ..self.clone() }.predict();
        }
        let (mut layers, passed) = self.forward();
        if self.architecture.dropout > 0.0 {
            // Masks would tell apart what is equal, so what tells inputs apart is predicted without dropout.
            let unmasked = self.unmasked().forward().0;
            layers.iter_mut().zip(unmasked).for_each(|(layer, unmasked)| layer.signal_share = unmasked.signal_share);
        }
        let gradients = self.backward(&passed);
        let top = gradients.iter().map(|(size, _)| *size).fold(f64::NEG_INFINITY, f64::max);
        for (layer, (size, spread)) in layers.iter_mut().zip(gradients) {
            layer.gradient = Some(if size == f64::NEG_INFINITY { 0.0 } else { libm::exp(size - top) });
            layer.gradient_spread = spread;
        }
        layers
    }

    /// The lengths of inputs, relative to [`Self::input_second_moment`].
    fn lengths(&self) -> &[Length] {
        const ONE: &[Length] = &[Length { share: 1.0, square: 1.0 }];
        if self.profile.lengths.is_empty() { ONE } else { &self.profile.lengths }
    }

    /// The same network without dropout.
    fn unmasked(&self) -> Self {
        Self { architecture: Architecture { dropout: 0.0, ..self.architecture }, ..self.clone() }
    }
}

/// The ratio eᵃ/eᵇ, which is 0 if both are 0.
pub(crate) fn share(a: f64, b: f64) -> f64 {
    if a == f64::NEG_INFINITY { 0.0 } else { libm::exp(a - b) }
}
