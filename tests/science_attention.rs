//! How sharply a softmax over normal logits chooses, against softmaxes that are drawn.

use init_lab::science::entropy::{freezing_point, log_sum};
use init_lab::science::seed::Stream;
use init_lab::science::sharpness::{mean_peak, own_share, peak, sharpness};

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}

/// A at the last position.
fn last(positions: usize, s: f64) -> f64 {
    sharpness(positions, s).squares[positions - 1]
}

/// The weights of two rows whose logits have the correlation ρ.
fn draw(positions: usize, s: f64, rho: f64, stream: &mut Stream) -> [Vec<f64>; 2] {
    let common: Vec<f64> = (0..positions).map(|_| rho.sqrt() * stream.normal()).collect();
    [(); 2].map(|()| {
        let logit = |common: &f64| s * (common + (1.0 - rho).sqrt() * stream.normal());
        let logits: Vec<f64> = common.iter().map(logit).collect();
        let top = logits.iter().copied().fold(f64::MIN, f64::max);
        let sum: f64 = logits.iter().map(|x| (x - top).exp()).sum();
        logits.into_iter().map(|x| (x - top).exp() / sum).collect()
    })
}

/// Σ a², what passes to the logits, the largest weight, Σ a·a': means over many draws.
fn drawn(positions: usize, s: f64, rho: f64) -> [f64; 4] {
    const DRAWS: usize = 4000;
    let mut stream = Stream::new(3, "logits");
    let mut sums = [0.0; 4];
    for _ in 0..DRAWS {
        let [a, b] = draw(positions, s, rho, &mut stream);
        let power = |k: i32| a.iter().map(|a| a.powi(k)).sum::<f64>();
        let square = power(2);
        sums[0] += square;
        sums[1] += square - 2.0 * power(3) + square * square;
        sums[2] += a.iter().copied().fold(0.0, f64::max);
        sums[3] += a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>();
    }
    sums.map(|sum| sum / DRAWS as f64)
}

/// Numbers of an independent simulation with NumPy (20 000 softmaxes each).
#[test]
fn the_square_of_the_weights_is_the_one_that_was_simulated() {
    for (positions, s, square) in [(64, 2.0, 0.161), (64, 3.0, 0.327), (256, 2.5, 0.139), (64, 4.0, 0.460)] {
        close(last(positions, s), square, 0.002);
    }
}

#[test]
fn softmaxes_that_are_drawn() {
    for (positions, s) in [(2, 0.5), (8, 1.0), (16, 3.0), (64, 0.3), (64, 2.0), (64, 6.0), (128, 16.0)] {
        let [square, passed, largest, _] = drawn(positions, s, 0.0);
        close(last(positions, s), square, 0.01);
        close(peak(positions, s), largest, 0.01);
        let t = positions as f64;
        // `passed` is a mean over positions.
        let own = t * sharpness(positions, s).passed - (t - 1.0) * sharpness(positions - 1, s).passed;
        close(own, passed, 0.01);
    }
}

#[test]
fn rows_that_share_a_part_of_their_logits() {
    for (positions, s) in [(16, 1.0), (64, 2.0), (64, 6.0), (16, 16.0)] {
        let a = last(positions, s);
        for rho in [0.1, 0.3, 0.5, 0.8] {
            let t = positions as f64;
            let softmax = sharpness(positions, s);
            let law = t * softmax.overlap(rho) - (t - 1.0) * sharpness(positions - 1, s).overlap(rho);
            let [.., overlap] = drawn(positions, s, rho);
            assert!((law / overlap).ln().abs() < 0.3, "T {positions}, s {s}, ρ {rho}: {law} {overlap}");
            assert!(law <= a && law * t >= 1.0 - 1e-3);
        }
    }
}

#[test]
fn limits() {
    // It is 1 − (d E ln Z/ds)/s, by Stein's lemma.
    for (positions, s) in [(8, 0.7), (64, 2.0), (256, 3.0), (1024, 5.0)] {
        let slope = (log_sum(positions, s + 1e-3) - log_sum(positions, s - 1e-3)) / 2e-3;
        close(last(positions, s), 1.0 - slope / s, 1e-3);
    }
    for (t, positions) in [(1.0, 1), (7.0, 7), (256.0, 256)] {
        // Equal logits, and logits that are far apart.
        close(last(positions, 0.0), 1.0 / t, 1e-6);
        close(peak(positions, 0.0), 1.0 / t, 0.003);
        close(last(positions, 1e9), 1.0, 1e-3);
        close(peak(positions, 1e9), 1.0, 1e-3);
        close(sharpness(positions, 1e9).passed, 0.0, 1e-3);
    }
    // Σ a² → 1 − s_c/s for many positions beyond the freezing point, by ln ln T/ln T.
    let frozen = freezing_point(100_000);
    close(last(100_000, 3.0 * frozen), 2.0 / 3.0, 0.04);
    let harmonic: f64 = (1..=64).map(|t| 1.0 / f64::from(t)).sum();
    close(mean_peak(64, 0.0), harmonic / 64.0, 1e-3);
    close(sharpness(64, 0.0).concentration(), harmonic / 64.0, 1e-6);
    let mean = (1..=16).map(|t| peak(t, 2.0)).sum::<f64>() / 16.0;
    close(mean_peak(16, 2.0), mean, 1e-3);
}

/// What the page says of √(2·ln T): a few positions have most of the weight there, not one.
#[test]
fn at_the_freezing_point_a_few_positions_have_most_of_the_weight() {
    let s = freezing_point(64);
    close(peak(64, s), 0.46, 0.005);
    close(peak(64, 2.0 * s), 0.71, 0.005);
    let mut stream = Stream::new(4, "few");
    let few: f64 = (0..2000)
        .map(|_| {
            let [mut a, _] = draw(64, s, 0.0, &mut stream);
            a.sort_by(|a, b| b.total_cmp(a));
            a[..4].iter().sum::<f64>()
        })
        .sum();
    close(few / 2000.0, 0.77, 0.05);
}

/// One average leaves position t the part 1/t; of two the parts of position 2 are 3/4 and 1/4.
#[test]
fn averages_leave_a_position_little_of_its_own() {
    let harmonic: f64 = (2..=64).map(|t| 1.0 / f64::from(t)).sum();
    close(own_share(64, 1), harmonic / 63.0, 1e-12);
    close(own_share(2, 2), 0.0625 / (0.0625 + 0.5625), 1e-12);
    close(own_share(64, 0), 1.0, 1e-12);
    close(own_share(1, 5), 1.0, 1e-12);
    // The line of the verdict, for as many positions as a lab has in its charts.
    assert!((8..=128).all(|t| own_share(t, 1) > 0.03 && own_share(t, 2) < 0.03));
}
