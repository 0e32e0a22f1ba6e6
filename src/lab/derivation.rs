//! Derives what one hidden layer multiplies the signal by, factor by factor: `128 × 0.02² × ½ = 0.0256`, nineteen
//! times `10⁻³⁰`. Each factor belongs to a knob, so that pointing at it can show where it comes from.
//!
//! ```text
//! a stack:  q_{l+1} = n·E[w²]·E[in²] + σ_b²                            q_l = Var z_l
//!           q_{l+1}/q_l = n × E[w²] × E[φ²]/q_l × (biases) × 1/(1 − p) × (norm)
//! a stream: var h_{l+1}/var h_l = 1 + (what the branch adds)/var h_l   h the stream that skip connections make
//! ```

mod stack;
mod stream;
mod words;

use super::diagnosis;
use super::number::{power_of_ten, show, superscript};
use super::prediction::{Prediction, mlp_theory};
use super::spec::{Model, Spec};
use crate::science::layer::LayerId;

/// How a factor is joined to what stands before it. Products are formed before sums, as usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// Multiplied by it.
    Times,
    /// Added to it.
    Plus,
}

/// One factor, or a term where there is a skip connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// How it is joined to the one before it.
    pub joint: Joint,
    /// Its value, a pure number.
    pub value: f64,
    /// The value as a person reads it, in few digits, such as `0.02²` or `½`.
    pub text: String,
    /// The id of the knob to which it belongs.
    pub knob: &'static str,
    /// The key, below `derivation.factor`, of the words that say what it is.
    pub key: &'static str,
}

/// The variance that the factors are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DerivedVariance {
    /// That of the pre-activations z of a stack of layers, [`crate::science::theory::LayerPrediction`]'s
    /// `preactivation_var`.
    Sums,
    /// That of the residual stream, or of what one block hands on to the next: its `activation_var`.
    Stream,
}

/// By what a layer, or a block, multiplies the variance of the signal at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    /// The variance that is multiplied.
    pub variance: DerivedVariance,
    /// The factors at [`Self::layer`], in the order in which they are read.
    pub factors: Vec<Factor>,
    /// What they make together: the ratio of the variances after and before one layer.
    pub product: f64,
    /// The layer whose activation or branch the factors are about: the middle one, or an earlier one where the middle
    /// one's factors are beyond every number.
    pub layer: LayerId,
    /// Whether the product differs from layer to layer, so that it holds only at this one.
    pub varies: bool,
    /// The first and the last layer between which the variance is followed.
    pub ends: [LayerId; 2],
    /// The number of layers that multiply it on the way.
    pub layers: usize,
    /// The decimal logarithm of what all of them make together, each with its own factors.
    pub exponent: f64,
}

/// Up to this part products count as the same in all layers; fewer digits than that are shown.
const SAME: f64 = 1e-3;

/// The largest natural logarithm of a product that is shown. The square of a signal that falls doubly exponentially, as
/// ReLU²'s does, leaves every range, and then an earlier layer stands for the middle one.
const MOST: f64 = 300.0;

impl Derivation {
    /// Returns the derivation for a spec, whose prediction it takes so that nothing is computed twice; `None` where no
    /// layer follows another, and where theory knows no variance or says that it is 0.
    pub fn new(spec: &Spec, prediction: &Prediction) -> Option<Self> {
        match spec.network.model {
            Model::Gpt => stream::blocks(spec, prediction),
            Model::Mlp => {
                let sizes = mlp_theory(spec).sizes()?;
                let hidden = sizes.get(..spec.network.depth)?;
                let whole =
                    if spec.network.residual { stream::layers(spec, hidden) } else { stack::layers(spec, hidden) }?;
                // Layers of different widths differ in their factors, even where the products are equal.
                Some(Self { varies: whole.varies || !spec.widths().is_empty(), ..whole })
            }
        }
    }

    /// Puts together what is known of a chain of variances, given as natural logarithms with the layers that have them.
    /// `factors` returns the factors from a variance to the next one, given the index of the former.
    fn of_chain(
        variance: DerivedVariance,
        chain: &[(LayerId, f64)],
        factors: impl FnOnce(usize) -> Vec<Factor>,
    ) -> Option<Self> {
        let (first, last) = (chain.first()?, chain.last()?);
        let layers = chain.len().checked_sub(1).filter(|layers| *layers > 0)?;
        if !chain.iter().all(|(_, log)| log.is_finite()) {
            return None;
        }
        let step = |index: usize| chain[index + 1].1 - chain[index].1;
        let middle = (0..=layers / 2).rev().find(|index| step(*index).abs() < MOST)?;
        let factors = factors(middle);
        if !factors.iter().all(|factor| factor.value.is_finite()) {
            return None;
        }
        Some(Self {
            variance,
            factors,
            product: libm::exp(step(middle)),
            // In a stack the factors begin with φ of one layer, in a stream they are those of the branch that is added.
            layer: chain[if variance == DerivedVariance::Sums { middle } else { middle + 1 }].0,
            varies: (0..layers).any(|index| (step(index) - step(middle)).abs() > SAME),
            ends: [first.0, last.0],
            layers,
            exponent: (last.1 - first.1) / std::f64::consts::LN_10,
        })
    }

    /// Returns the σ at which the product is 1, for the slider of σ: what dragging it there leads to. Odd activations
    /// with bounded outputs hold their variance at many σ, and for them it is the σ at which the gradient keeps its
    /// size ([`diagnosis::keeps_backward`]). `None` where there is no such σ, or where σ does not decide: with norms,
    /// skip connections and in a transformer.
    pub fn level(spec: &Spec) -> Option<f64> {
        diagnosis::level(spec)
    }

    /// Returns the factors as a formula without the product, such as `128 × 0.02² × ½`.
    pub fn formula(&self) -> String {
        let mut text = String::new();
        for (index, factor) in self.factors.iter().enumerate() {
            if index > 0 {
                text.push_str(factor.joint.sign());
            }
            text.push_str(&factor.text);
        }
        text
    }

    /// Returns the product as a person reads it, such as `0.0256`.
    pub fn product_text(&self) -> String {
        show(self.product)
    }

    /// Returns the number of layers as an exponent, such as `¹⁹`.
    pub fn layers_text(&self) -> String {
        superscript(&self.layers.to_string())
    }

    /// Returns what all layers make together, such as `10⁻³⁰`.
    pub fn whole_text(&self) -> String {
        power_of_ten(self.exponent)
    }
}

impl Joint {
    /// Returns the sign between two factors, with spaces.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Times => " × ",
            Self::Plus => " + ",
        }
    }
}

impl Factor {
    /// A factor that multiplies what stands before it.
    fn times(knob: &'static str, key: &'static str, value: f64) -> Self {
        Self { joint: Joint::Times, value, text: few_digits(value), knob, key }
    }

    /// A term that is added to what stands before it.
    fn plus(knob: &'static str, key: &'static str, value: f64) -> Self {
        Self { joint: Joint::Plus, ..Self::times(knob, key, value) }
    }

    /// The square of a number, which is shown as such.
    fn square(knob: &'static str, key: &'static str, value: f64) -> Self {
        Self { text: format!("{}²", show(value.sqrt())), ..Self::times(knob, key, value) }
    }
}

/// Writes a factor: a half as it is spoken of, and all else in three digits.
fn few_digits(value: f64) -> String {
    const ROUNDING: f64 = 1e-9;
    if (value - 0.5).abs() < ROUNDING { "½".to_owned() } else { show(value) }
}
