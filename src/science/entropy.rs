//! How sharply attention looks at its start: the entropy of a softmax over T normal logits.

/// Standard deviation of the logits q·k/√d_k of an input with mean square 1: s = d·σ_q·σ_k.
pub fn logit_std(width: usize, query_std: f64, key_std: f64) -> f64 {
    width as f64 * query_std * key_std
}

/// √(2·ln T): from here on one position takes all (the freezing of the random-energy model).
pub fn freezing_point(positions: usize) -> f64 {
    (2.0 * libm::log(positions.max(1) as f64)).sqrt()
}

/// ln T − s²/2, the entropy while s is well below [`freezing_point`]; to 1 % of ln T for s < 1.
pub fn small_spread(positions: usize, s: f64) -> f64 {
    libm::log(positions.max(1) as f64) - 0.5 * s * s
}

/// The mean entropy at any s.
///
/// ```text
/// H = E ln Z − s·d(E ln Z)/ds,    Z = Σ e^{s·g}
/// ```
pub fn entropy(positions: usize, s: f64) -> f64 {
    const STEP: f64 = 1e-3;
    let s = s.abs().clamp(STEP, 50.0);
    let [below, above] = [s - STEP, s + STEP].map(|s| log_sum(positions, s));
    0.5 * (below + above) - s * (above - below) / (2.0 * STEP)
}

/// E ln Σ e^{s·g} over T standard normals g, exactly. For ε exponential with mean 1,
///
/// ```text
/// P(ln ε − ln Z > u) = E exp(−eᵘ·Z) = [E exp(−e^{u + s·g})]^T,     E ln ε = −γ
/// ```
///
/// so one average over a line, for each u, gives the law of ln Z with known noise added to it.
pub fn log_sum(positions: usize, s: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    const STEP: f64 = 0.25;
    let t = positions.max(1) as f64;
    let h = 0.25 / s.max(1.0);
    let side = (8.0 / h) as i32;
    let nodes: Vec<(f64, f64)> =
        (-side..=side).map(|i| h * f64::from(i)).map(|g| (s * g, h * super::gauss::pdf(g))).collect();
    // All of the law lies between.
    let low = -(libm::log(t) + 8.0 * s + 40.0);
    let high = 8.0 * s + 6.0;
    let steps = ((high - low) / STEP) as i32;
    let survival = |u: f64| {
        // 1 − E exp(−eˣ), which near 0 is what counts.
        let lost: f64 = nodes.iter().map(|(x, weight)| -weight * libm::expm1(-libm::exp(u + x))).sum();
        libm::exp(t * libm::log1p(-lost.min(1.0)))
    };
    let sum: f64 = (0..=steps).map(|i| survival(low + STEP * f64::from(i))).sum();
    // The trapezoid's first point, where survival is 1, counts half.
    -EULER - (low + STEP * (sum - 0.5))
}
