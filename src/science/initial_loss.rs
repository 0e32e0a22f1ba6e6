//! The cross-entropy before the first step, in nats: guessing costs ln V, and logits that are noise cost more.

use super::entropy::log_sum;
use super::moments::log_add;

/// ln V, the loss of equal probabilities for V classes.
pub fn guess(classes: usize) -> f64 {
    libm::log(classes.max(1) as f64)
}

/// The loss of normal logits with this variance that are independent of the answer.
///
/// ```text
/// L₀ = ln(V·e^{s²/2})       E ln Σ eᶻ ≈ ln V·E eᶻ, and the answer's own logit has mean 0
/// ```
///
/// It overstates the loss once s² comes near 2·ln V, which [`noise`] does not.
pub fn untied(classes: usize, logit_var: f64) -> f64 {
    guess(classes) + 0.5 * logit_var
}

/// The same loss at any s, exactly, however confident the network is.
pub fn noise(classes: usize, logit_var: f64) -> f64 {
    log_sum(classes, logit_var.sqrt())
}

/// The loss of a head that is the token embedding. The current token's embedding is still in the stream, so the token's
/// own logit has the mean m = d·σ²/√q_L, and it is not the answer.
///
/// ```text
/// L₀ = ln[(V − 1)·e^{s²/2} + e^{m}]        s² = d·σ²
/// ```
pub fn tied(classes: usize, logit_var: f64, own_logit: f64) -> f64 {
    log_add(untied(classes.max(2) - 1, logit_var), own_logit)
}

/// The same loss with the part of the other logits exact, as in [`noise`].
pub fn tied_noise(classes: usize, logit_var: f64, own_logit: f64) -> f64 {
    log_add(noise(classes.max(2) - 1, logit_var), own_logit)
}
