//! The averages of φ where q varies over networks.

use super::super::activation::Activation;
use super::super::moments::{LogMoments, log_moments};

/// Below this variance of ln q the curvature is neglected.
const STRAIGHT: f64 = 1e-4;

/// The averages of φ for ln q ~ N(y, s²), by the three nodes y, y ± √3·s of Gauss and Hermite: exact
/// for what is a polynomial of fifth degree in ln q.
///
/// ```text
/// E F ≈ (F₋ + 4·F₀ + F₊)/6,      F ≈ E F + F'·(ln q − y),  F' = (F₊ − F₋)/(2√3·s)
/// ```
///
/// Mean, variance and second moment are such that ln V is its average over networks, and the growths are the slopes F'
/// of that line. The deviation from the line is a variance of ln Var φ of its own, which is the second result.
pub(super) fn respond(activation: Activation, y: f64, variance: f64) -> (LogMoments, f64) {
    let at = log_moments(activation, y);
    if variance < STRAIGHT || !y.is_finite() {
        return (at, 0.0);
    }
    let step = (3.0 * variance).sqrt();
    let (low, high) = (log_moments(activation, y - step), log_moments(activation, y + step));
    let mean = |f: fn(&LogMoments) -> f64| (f(&low) + 4.0 * f(&at) + f(&high)) / 6.0;
    let shift = mean(|m| m.second) - at.second;
    let slope = |f: fn(&LogMoments) -> f64| (f(&high) - f(&low)) / (2.0 * step);
    let growth = slope(|m| m.variance);
    let centre = mean(|m| m.variance);
    let square = |m: &LogMoments| (m.variance - centre) * (m.variance - centre);
    let whole = (square(&low) + 4.0 * square(&at) + square(&high)) / 6.0;
    let one_sign = low.negative == high.negative && low.mean.is_finite() && high.mean.is_finite();
    let mean_growth = if one_sign {
        let size = slope(|m| m.mean) * libm::exp(at.mean - 0.5 * at.variance);
        if at.negative { -size } else { size }
    } else {
        at.mean_growth
    };
    let bent = LogMoments {
        mean: at.mean + 0.5 * shift,
        variance: at.variance + shift,
        second: at.second + shift,
        variance_growth: growth,
        mean_growth,
        ..at
    };
    (bent, (whole - growth * growth * variance).max(0.0))
}
