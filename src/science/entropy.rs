//! How sharply attention selects at its start: the entropy of a softmax over T normal logits.

use super::gauss::{cdf, pdf};

/// √(2·ln T): from here on a few positions hold a share that does not vanish for many (the freezing of the
/// random-energy model, Derrida 1981), `E Σ a²` → 1 − s_c/s. One position takes all only far beyond: at T = 64 the
/// mean of the largest weight is 0.46 at s_c and 0.71 at 2·s_c ([`super::sharpness::peak`]).
pub fn freezing_point(positions: usize) -> f64 {
    (2.0 * libm::log(positions.max(1) as f64)).sqrt()
}

/// The mean entropy at any s, in nats.
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

/// The mean entropy over that of an even softmax, ln t, averaged over the positions t = 2..T of a causal window: 1 if all
/// weights are equal, 0 if one position has all the weight.
///
/// As a function of ln t it bends so little that a dozen positions, with straight lines in between, give the average to
/// 0.002.
pub fn mean_evenness(context: usize, s: f64) -> f64 {
    const NODES: f64 = 11.0;
    let last = context.max(2);
    let ratio = libm::log(last as f64 / 2.0) / NODES;
    let mut nodes: Vec<usize> =
        (0..=NODES as i32).map(|k| (2.0 * libm::exp(ratio * f64::from(k))).round() as usize).collect();
    nodes.dedup();
    let log = |t: usize| libm::log(t as f64);
    let known: Vec<(usize, f64)> = nodes.into_iter().map(|t| (t, entropy(t, s) / log(t))).collect();
    let mut sum = known.first().map_or(0.0, |(_, share)| *share);
    for pair in known.windows(2) {
        let [(from, left), (to, right)] = [pair[0], pair[1]];
        let slope = (right - left) / (log(to) - log(from));
        sum += (from + 1..=to).map(|t| left + slope * (log(t) - log(from))).sum::<f64>();
    }
    (sum / (last - 1) as f64).clamp(0.0, 1.0)
}

/// E ln Σ e^{s·g} over T standard normals g, exactly. For ε exponential with mean 1,
///
/// ```text
/// P(ln ε − ln Z > u) = E exp(−eᵘ·Z) = [E exp(−e^{u + s·g})]^T,     E ln ε = −γ
/// E exp(−e^{u + s·g}) = P(ln ε > u + s·g)
/// ```
///
/// so one average over a line, for each u, gives the law of ln Z with known noise added to it: over
/// g while s is small, else over ln ε, of which Φ((u − ln ε)/s) is the other half.
pub fn log_sum(positions: usize, s: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    const STEP: f64 = 0.5;
    let t = positions.max(1) as f64;
    let wide = s > 1.0;
    let grid = |from: i32, to: i32| (from..=to).map(|i| STEP * f64::from(i));
    let nodes: Vec<(f64, f64)> = if wide {
        // P(ln ε < v) has the density e^{v − eᵛ}.
        grid(-44, 8).map(|v| (v, STEP * libm::exp(v - libm::exp(v)))).collect()
    } else {
        grid(-15, 15).map(|g| (s * g, STEP * pdf(g))).collect()
    };
    let survival = |u: f64| {
        // 1 − E exp(−eˣ), which is the number that matters where it is near 0.
        let lost: f64 = if wide {
            nodes.iter().map(|(v, weight)| weight * cdf((u - v) / s)).sum()
        } else {
            nodes.iter().map(|(x, weight)| -weight * libm::expm1(-libm::exp(u + x))).sum()
        };
        libm::exp(t * libm::log1p(-lost.min(1.0)))
    };
    // The whole law lies between these bounds, and it varies over lengths of order max(s, 1).
    let step = STEP * s.max(1.0);
    let low = (-(libm::log(t) + (0.5 * s * s + 25.0).min(8.0 * s + 40.0)) / step).floor();
    let high = ((8.0 * s + 6.0) / step).ceil();
    let sum: f64 = (low as i32..=high as i32).map(|i| survival(step * f64::from(i))).sum();
    // The trapezoid's first point, where survival is 1, counts half.
    -EULER - step * (low + sum - 0.5)
}
