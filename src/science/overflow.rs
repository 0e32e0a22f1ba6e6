//! Runs a forward pass in a floating-point format, to find the layer at which numbers really leave it.
//!
//! ```text
//! z_l = store(store(h_{l−1})·store(W_l) + b_l),   h_l = store(φ(z_l)),   h_0 = x
//! ```
//!
//! It follows mixed-precision hardware: what is stored is rounded to the format, products and sums are f32. It is plain
//! Rust, because shaders may assume that nothing is infinite and may replace subnormal numbers by zeros. Each operation
//! is IEEE's, in a fixed order, so the bits are the same everywhere.

use half::{bf16, f16};
use serde::{Deserialize, Serialize};

use super::activation::Activation;
use super::choice::choices;
use super::precision::{Format, Limit};
use super::theory::LayerPrediction;

choices! {
    /// How the numbers of a layer leave a format.
    pub enum Way {
        /// One of the layer's numbers is infinite, or NaN.
        Overflow "overflow",
        /// The root mean square of z is below the smallest number that has all its digits in the format.
        Underflow "underflow",
    }
}

/// The first layer whose numbers a format cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// How they leave it.
    pub way: Way,
    /// The number of the hidden layer, from 1.
    pub layer: usize,
}

/// Rounds a number to the format: to the nearest one, and from half way to the one whose last bit is 0.
pub fn store(format: Format, x: f32) -> f32 {
    match format {
        Format::F16 => f16::from_f32(x).to_f32(),
        Format::Bf16 => bf16::from_f32(x).to_f32(),
        Format::F32 => x,
    }
}

/// The forward pass of a batch through a perceptron, in a format.
pub struct FormatPass {
    format: Format,
    activation: Activation,
    h: Vec<Vec<f32>>,
    layers: usize,
    exit: Option<Exit>,
}

impl FormatPass {
    /// The pass before the first layer; `inputs` has a list for each example.
    pub fn new(format: Format, activation: Activation, inputs: &[Vec<f64>]) -> Self {
        let h = inputs.iter().map(|row| row.iter().map(|x| store(format, *x as f32)).collect()).collect();
        Self { format, activation, h, layers: 0, exit: None }
    }

    /// The layer at which numbers left the format, if they have so far.
    pub fn exit(&self) -> Option<Exit> {
        self.exit
    }

    /// Runs the next layer, with weights `[fan_in, fan_out]`. After an exit it does nothing.
    pub fn layer(&mut self, weights: &[f32], biases: &[f32]) {
        if self.exit.is_some() {
            return;
        }
        self.layers += 1;
        let stored = |values: &[f32]| values.iter().map(|x| store(self.format, *x)).collect::<Vec<f32>>();
        let (weights, biases) = (stored(weights), stored(biases));
        let mut squares = 0.0;
        let mut finite = true;
        for h in &mut self.h {
            let mut z = biases.clone();
            // Numbers that are 0 add nothing, and after ReLU half of them are.
            for (x, weights) in h.iter().zip(weights.chunks_exact(z.len())).filter(|(x, _)| **x != 0.0) {
                z.iter_mut().zip(weights).for_each(|(z, w)| *z += x * w);
            }
            for z in &mut z {
                *z = store(self.format, *z);
                squares += f64::from(*z) * f64::from(*z);
                finite &= z.is_finite();
                *z = store(self.format, self.activation.apply(f64::from(*z)) as f32);
                finite &= z.is_finite();
            }
            *h = z;
        }
        let typical = (squares / (self.h.len() * biases.len()) as f64).sqrt();
        let way = match finite {
            false => Some(Way::Overflow),
            true if typical < self.format.min_normal() => Some(Way::Underflow),
            true => None,
        };
        self.exit = way.map(|way| Exit { way, layer: self.layers });
    }
}

/// The exit in closed form. The largest of `numbers` numbers of a layer, z or h, is compared with the format's largest,
/// and a typical z with its smallest.
pub fn predicted(format: Format, hidden: &[LayerPrediction], numbers: usize) -> Option<Exit> {
    let ln = |variance: Option<f64>| variance.map_or(f64::NAN, libm::log);
    let z = hidden.iter().map(|layer| ln(layer.preactivation_var));
    let larger = hidden.iter().map(|layer| ln(layer.preactivation_var).max(ln(layer.activation_var)));
    let over = Limit::Overflow(numbers as f64).first(format, larger).map(|index| (Way::Overflow, index));
    let under = Limit::Underflow.first(format, z).map(|index| (Way::Underflow, index));
    let first = over.into_iter().chain(under).min_by_key(|(_, index)| *index);
    first.map(|(way, index)| Exit { way, layer: index + 1 })
}
