//! Finds which layer leaves the range of which floating-point format, because its numbers or their squares are too
//! large or too small.

use super::lang::Lang;
use super::prediction::Prediction;
use super::spec::{Model, Spec};
use crate::science::choice::choices;
use crate::science::layer::LayerId;
use crate::science::precision::{Format, Limit};

choices! {
    /// What happens to numbers that grow or shrink with depth.
    pub enum Trouble {
        /// The largest number of a layer overflows to infinity.
        Overflow "overflow",
        /// The square of a typical number overflows to infinity.
        SquareOverflow "square-overflow",
        /// A typical number becomes subnormal and loses digits.
        Underflow "underflow",
        /// The square of a typical number becomes subnormal and loses digits.
        SquareUnderflow "square-underflow",
    }
}

/// A numerical trouble, and the layers where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaving {
    /// The kind of trouble.
    pub trouble: Trouble,
    /// The names of formats, and the first layer that leaves their range. Formats with the same layer share one entry,
    /// as bf16 and f32 do.
    pub first: Vec<(String, LayerId)>,
}

/// Returns all troubles that occur within the network.
pub fn leaving(spec: &Spec, prediction: &Prediction) -> Vec<Leaving> {
    let layers = &prediction.layers;
    let mut all = Vec::new();
    // If the weights are zero, so are all numbers, and every format can hold 0.
    if layers.iter().find_map(|layer| layer.preactivation_var) == Some(0.0) {
        return all;
    }
    let rows = spec.batch() * if spec.network.model == Model::Gpt { spec.network.context } else { 1 };
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
    /// Whether it happens in f32 too, in which the lab trains, and not only in a shorter format.
    pub fn is_met(&self) -> bool {
        self.first.iter().any(|(formats, _)| formats.contains(Format::F32.id()))
    }

    /// Returns the trouble as a sentence.
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

/// A variance at which numbers leave a format, for charts of variances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The variance q of the numbers.
    pub variance: f64,
    /// Whether the range is left upwards by overflow, or else downwards.
    pub upwards: bool,
    /// Whether the squares leave the format, or else the numbers themselves.
    pub square: bool,
    /// The names of the formats to which the level applies.
    pub formats: &'static str,
}

/// The size of an update, in units of the weight that it is added to, below which it is lost in a format: the sum is
/// nearer to the weight itself than to the next number of the format. Half the distance between neighbouring numbers
/// is 2⁻⁹ (bf16), 2⁻¹² (f16) and 2⁻²⁵ (f32) of the larger end of a power of two, and at most twice that.
pub const LOST_UPDATES: [(f64, &str); 3] = [(1.0 / 512.0, "bf16"), (1.0 / 4096.0, "f16"), (1.0 / 33_554_432.0, "f32")];

/// Returns the levels of all formats. bf16 and f32 share theirs, because they have the same exponent.
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
