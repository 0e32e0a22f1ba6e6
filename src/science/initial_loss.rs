//! The cross-entropy before the first step: guessing costs ln V, logits that are noise cost more.

use super::entropy::log_sum;
use super::moments::log_add;

/// ln V, the loss of equal chances for V classes.
pub fn guess(classes: usize) -> f64 {
    libm::log(classes.max(1) as f64)
}

/// Logits that are normal with this variance and know nothing of the answer.
///
/// ```text
/// L₀ = ln(V·e^{s²/2})       E ln Σ eᶻ ≈ ln V·E eᶻ, and the answer's own logit has mean 0
/// ```
///
/// It overstates the loss once s² nears 2·ln V: [`noise`] does not.
pub fn untied(classes: usize, logit_var: f64) -> f64 {
    guess(classes) + 0.5 * logit_var
}

/// The same at any s, exactly: no bound on how sure of itself a network may be.
pub fn noise(classes: usize, logit_var: f64) -> f64 {
    log_sum(classes, logit_var.sqrt())
}

/// A head that is the token embedding: the current token's embedding is still in the stream, and so
/// its own logit has the mean m = d·σ²/√q_L, which is not the answer's.
///
/// ```text
/// L₀ = ln[(V − 1)·e^{s²/2} + e^{m}]        s² = d·σ²
/// ```
pub fn tied(classes: usize, logit_var: f64, own_logit: f64) -> f64 {
    log_add(untied(classes.max(2) - 1, logit_var), own_logit)
}

/// The same with the other logits' part exact, as in [`noise`].
pub fn tied_noise(classes: usize, logit_var: f64, own_logit: f64) -> f64 {
    log_add(noise(classes.max(2) - 1, logit_var), own_logit)
}
