//! Which layer leaves which floating-point format: whether numbers, or their squares, would be too
//! large or too small for it.

use super::lang::Lang;
use super::prediction::Prediction;
use super::spec::{Model, Spec};
use crate::science::choice::choices;
use crate::science::layer::LayerId;
use crate::science::precision::{Format, Limit};

choices! {
    /// What happens to numbers that grow or shrink.
    pub enum Trouble {
        /// The largest number of a layer is infinite.
        Overflow "overflow",
        /// A typical number's square is infinite.
        SquareOverflow "square-overflow",
        /// A typical number loses digits.
        Underflow "underflow",
        /// A typical number's square does.
        SquareUnderflow "square-underflow",
    }
}

/// A trouble, and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaving {
    /// What happens.
    pub trouble: Trouble,
    /// Formats, and the first layer that has it. A layer stands once: bf16 goes with f32.
    pub first: Vec<(String, LayerId)>,
}

/// All that happens within the network.
pub fn leaving(spec: &Spec, prediction: &Prediction) -> Vec<Leaving> {
    let layers = &prediction.layers;
    let mut all = Vec::new();
    // Weights that are zero make zeros, which every format holds.
    if layers.iter().find_map(|layer| layer.preactivation_var) == Some(0.0) {
        return all;
    }
    let rows = spec.training.batch * if spec.network.model == Model::Gpt { spec.network.context } else { 1 };
    for &trouble in Trouble::ALL {
        let limit = match trouble {
            Trouble::Overflow => Limit::Overflow((rows * spec.network.width) as f64),
            Trouble::SquareOverflow => Limit::SquareOverflow,
            Trouble::Underflow => Limit::Underflow,
            Trouble::SquareUnderflow => Limit::SquareUnderflow,
        };
        let mut first: Vec<(String, LayerId)> = Vec::new();
        for &format in Format::ALL {
            let Some(index) = limit.first_layer(format, layers) else { continue };
            let here = prediction.ids[index];
            match first.last_mut() {
                Some((formats, layer)) if *layer == here => {
                    formats.push_str(", ");
                    formats.push_str(format.id());
                }
                _ => first.push((format.id().to_owned(), here)),
            }
        }
        if !first.is_empty() {
            all.push(Leaving { trouble, first });
        }
    }
    all
}

impl Leaving {
    /// In a sentence.
    pub fn words(&self, lang: Lang) -> String {
        let mut list = String::new();
        for (formats, layer) in &self.first {
            if !list.is_empty() {
                list.push_str("; ");
            }
            list += &lang.fill("range.from", &[("formats", formats), ("layer", &lang.layer(*layer))]);
        }
        lang.fill(&format!("range.{}", self.trouble.id()), &[("list", &list)])
    }
}

/// A level at which something happens, for a chart of variances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The variance.
    pub variance: f64,
    /// Upwards or downwards.
    pub upwards: bool,
    /// Of squares; else of the numbers themselves.
    pub square: bool,
    /// The formats, as they are named.
    pub formats: &'static str,
}

/// The levels of all formats: bf16 has f32's exponent.
pub fn levels() -> impl Iterator<Item = Level> {
    const LIMITS: [Limit; 4] =
        [Limit::TypicalOverflow, Limit::SquareOverflow, Limit::Underflow, Limit::SquareUnderflow];
    let of = |(format, formats): (Format, &'static str)| {
        LIMITS.map(|limit| Level {
            variance: libm::exp(limit.ln_q(format)),
            upwards: limit.upwards(),
            square: matches!(limit, Limit::SquareOverflow | Limit::SquareUnderflow),
            formats,
        })
    };
    [(Format::F16, "f16"), (Format::F32, "bf16, f32")].into_iter().flat_map(of)
}
