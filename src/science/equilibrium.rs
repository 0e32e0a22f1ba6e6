//! The size that AdamW gives to weights when gradients are noise: an equilibrium between steps that spread them and the
//! decay that shrinks them (compare Kosson 2023, arXiv:2305.17212).
//!
//! ```text
//! w_rms(t)² = σ₀²·e^{−2ηλt} + (η/2λ)·(1 − e^{−2ηλt})        step η·sign-like, decay w ← (1 − ηλ)·w
//! ```
//!
//! It is the same in every layer, whatever the scheme. Gradients that agree from step to step push
//! above it.

/// AdamW's learning rate η and weight decay λ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decay {
    /// The learning rate η.
    pub rate: f64,
    /// The weight decay λ; 0 stands for none.
    pub decay: f64,
}

impl Decay {
    /// The root mean square of the weights after `steps`, from a root mean square of `start`. Without decay they go on
    /// spreading, √(σ₀² + η²·t).
    pub fn rms(self, start: f64, steps: f64) -> f64 {
        let Self { rate, decay } = self;
        let exponent = 2.0 * rate * decay * steps;
        // (1 − e^{−x})/x, 1 at 0
        let spread = if exponent > 1e-12 { -libm::expm1(-exponent) / exponent } else { 1.0 };
        (start * start * libm::exp(-exponent) + rate * rate * steps * spread).sqrt()
    }

    /// The root mean square at equilibrium, √(η/2λ); `None` without decay.
    pub fn equilibrium(self) -> Option<f64> {
        (self.decay > 0.0).then(|| (self.rate / (2.0 * self.decay)).sqrt())
    }

    /// The number of steps, 1/(2ηλ), in which the difference of w² from its equilibrium shrinks by a factor of e;
    /// `None` without decay.
    pub fn time_constant(self) -> Option<f64> {
        (self.decay > 0.0 && self.rate > 0.0).then(|| 1.0 / (2.0 * self.rate * self.decay))
    }
}
