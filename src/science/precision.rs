//! The layer at which the numbers of a network leave what a floating-point format can hold.
//!
//! ```text
//! q_l = q₀·r^l;   overflow at l = (2·ln F_max − ln q₀ − x)/ln r,   underflow at l = (2·ln F_min − ln q₀)/ln r
//! ```
//!
//! Here x = ln(2·ln N) for the largest of N numbers, and 0 for a typical one. Squares reach the limit when their root
//! does, which is half way in ln q.

use super::choice::choices;
use super::theory::LayerPrediction;

choices! {
    /// A binary floating-point format.
    pub enum Format {
        /// IEEE half precision: 5 bits of exponent, 10 of fraction.
        F16 "f16",
        /// The upper half of an f32: 8 and 7.
        Bf16 "bf16",
        /// IEEE single precision: 8 and 23.
        F32 "f32",
    }
}

impl Format {
    /// The largest finite number.
    pub fn max(self) -> f64 {
        match self {
            Self::F16 => 65504.0,
            // (2 − 2⁻⁷)·2¹²⁷
            Self::Bf16 => 3.389_531_389_251_535_5e38,
            Self::F32 => f64::from(f32::MAX),
        }
    }

    /// The smallest positive number that has all its digits.
    pub fn min_normal(self) -> f64 {
        match self {
            // 2⁻¹⁴
            Self::F16 => 6.103_515_625e-5,
            Self::Bf16 | Self::F32 => f64::from(f32::MIN_POSITIVE),
        }
    }

    /// The smallest positive number, which has one digit left.
    pub fn min_subnormal(self) -> f64 {
        match self {
            // 2⁻²⁴
            Self::F16 => 5.960_464_477_539_063e-8,
            // 2⁻¹³³
            Self::Bf16 => 9.183_549_615_799_121e-41,
            // 2⁻¹⁴⁹
            Self::F32 => 1.401_298_464_324_817e-45,
        }
    }
}

/// What can happen to numbers as their size grows or shrinks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// The largest of this many numbers is infinite.
    Overflow(f64),
    /// A typical number is infinite.
    TypicalOverflow,
    /// The square of a typical number, of which a variance would be made, is infinite.
    SquareOverflow,
    /// A typical number loses digits.
    Underflow,
    /// A typical number is 0.
    Vanishing,
    /// The square of a typical number loses digits.
    SquareUnderflow,
}

impl Limit {
    /// The value of ln q at which it happens.
    pub fn ln_q(self, format: Format) -> f64 {
        let max = 2.0 * libm::log(format.max());
        let min = 2.0 * libm::log(format.min_normal());
        match self {
            Self::Overflow(numbers) => max - libm::log(2.0 * libm::log(numbers.max(2.0))),
            Self::TypicalOverflow => max,
            Self::SquareOverflow => 0.5 * max,
            Self::Underflow => min,
            Self::Vanishing => 2.0 * libm::log(format.min_subnormal()),
            Self::SquareUnderflow => 0.5 * min,
        }
    }

    /// Whether it happens to growing numbers.
    pub fn upwards(self) -> bool {
        matches!(self, Self::Overflow(_) | Self::TypicalOverflow | Self::SquareOverflow)
    }

    /// The depth, as a fraction, at which q₀·r^l reaches the limit; `None` if q goes the other way.
    pub fn depth(self, format: Format, ln_start: f64, ln_ratio: f64) -> Option<f64> {
        let depth = (self.ln_q(format) - ln_start) / ln_ratio;
        (ln_ratio != 0.0 && depth >= 0.0).then_some(depth)
    }

    /// The index of the first layer where it has happened, from ln q of each layer.
    pub fn first(self, format: Format, ln_q: impl IntoIterator<Item = f64>) -> Option<usize> {
        let limit = self.ln_q(format);
        ln_q.into_iter().position(|q| if self.upwards() { q >= limit } else { q <= limit })
    }

    /// [`Self::first`] for the pre-activations of a prediction, where index 0 is the first layer.
    pub fn first_layer(self, format: Format, layers: &[LayerPrediction]) -> Option<usize> {
        let nothing = if self.upwards() { f64::NEG_INFINITY } else { f64::INFINITY };
        self.first(format, layers.iter().map(|layer| layer.preactivation_var.map_or(nothing, libm::log)))
    }
}
