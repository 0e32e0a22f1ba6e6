//! What is known before and after training without training: the first loss, the entropy of
//! attention, and the size that AdamW gives weights.

use init_lab::science::entropy::{entropy, freezing_point, log_sum};
use init_lab::science::equilibrium::Decay;
use init_lab::science::initial_loss::{guess, tied, untied};
use init_lab::science::seed::Stream;

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}

/// Root mean square of weights under AdamW with gradients that are pure noise.
fn simulate(decay: Decay, start: f64, steps: i32) -> f64 {
    const WEIGHTS: usize = 2000;
    let (beta1, beta2) = (0.9, 0.999);
    let mut stream = Stream::new(1, "noise");
    let mut weights: Vec<[f64; 3]> = (0..WEIGHTS).map(|_| [start * stream.normal(), 0.0, 0.0]).collect();
    for step in 1..=steps {
        let [first, second] = [beta1, beta2].map(|beta: f64| 1.0 - beta.powi(step));
        for [w, m, v] in &mut weights {
            // The sum of four uniforms is normal enough.
            let g = (0..4).map(|_| stream.uniform()).sum::<f64>() - 2.0;
            *m = beta1 * *m + (1.0 - beta1) * g;
            *v = beta2 * *v + (1.0 - beta2) * g * g;
            *w *= 1.0 - decay.rate * decay.decay;
            *w -= decay.rate * (*m / first) / ((*v / second).sqrt() + 1e-8);
        }
    }
    (weights.iter().map(|[w, ..]| w * w).sum::<f64>() / WEIGHTS as f64).sqrt()
}

#[test]
fn adamw_comes_to_its_equilibrium() {
    // The sampling error of the root mean square of two thousand weights is 1.6 %; the seed is fixed.
    for (rate, decay, start, steps) in [(1e-3, 1.0, 0.02, 500), (1e-3, 1.0, 0.05, 1500), (3e-3, 0.3, 0.02, 1000)] {
        let law = Decay { rate, decay };
        let found = simulate(law, start, steps);
        let expected = law.rms(start, f64::from(steps));
        println!("rate {rate}, decay {decay}, {steps} steps: {found:.5}, by law {expected:.5}");
        close(found / expected, 1.0, 0.02);
    }
}

#[test]
fn adamw_by_hand() {
    let law = Decay { rate: 1e-3, decay: 1.0 };
    close(law.rms(0.02, 500.0), 0.02152, 1e-5);
    close(law.rms(0.02, 4000.0), 0.0224, 5e-5);
    close(law.rms(0.02, 1e9), law.equilibrium().expect("decay"), 1e-12);
    for (rate, rms, steps) in [(6e-4, 0.0548, 8333.0), (3e-4, 0.0387, 16_667.0), (1e-3, 0.0707, 5000.0)] {
        let law = Decay { rate, decay: 0.1 };
        close(law.equilibrium().expect("decay"), rms, 6e-5);
        close(law.time_constant().expect("decay"), steps, 1.0);
    }
    let free = Decay { rate: 1e-3, decay: 0.0 };
    assert_eq!([free.equilibrium(), free.time_constant()], [None; 2]);
    close(free.rms(0.02, 10_000.0), (0.02_f64.powi(2) + 1e-2).sqrt(), 1e-12);
}

#[test]
fn first_losses() {
    for (classes, loss) in [
        (2, std::f64::consts::LN_2),
        (10, std::f64::consts::LN_10),
        (27, 3.295837),
        (65, 4.174387),
        (50257, 10.824905),
        (50304, 10.825840),
    ] {
        close(guess(classes), loss, 1e-6);
    }
    // nanoGPT on 65 characters, d = 384, σ = 0.02: measured 4.2874 and 4.2823.
    let variance = 384.0 * 0.02 * 0.02;
    let loss = tied(65, variance, 1.23);
    close(loss, 4.284, 0.005);
    close(loss, 4.285, 0.05);
    assert!(loss > guess(65));
    close(untied(10, 0.0), guess(10), 0.0);
}

/// Mean entropy, and mean ln Z, of softmaxes that are drawn.
fn drawn(positions: usize, s: f64) -> [f64; 2] {
    const DRAWS: usize = 400;
    let mut stream = Stream::new(2, "logits");
    let mut sums = [0.0; 2];
    for _ in 0..DRAWS {
        let logits: Vec<f64> = (0..positions).map(|_| s * stream.normal()).collect();
        let z: f64 = logits.iter().map(|x| x.exp()).sum();
        sums[0] += z.ln() - logits.iter().map(|x| x * x.exp() / z).sum::<f64>();
        sums[1] += z.ln();
    }
    sums.map(|sum| sum / DRAWS as f64)
}

#[test]
fn entropy_of_attention() {
    // As measured, to the three digits that were written down and the noise in them.
    let table: [(usize, &[(f64, f64)]); 2] = [
        (256, &[(0.3, 0.9919), (1.0, 0.9111), (2.0, 0.679), (3.0, 0.466), (4.0, 0.328), (6.0, 0.188), (10.0, 0.102)]),
        (64, &[(1.0, 0.885), (2.0, 0.635), (3.0, 0.437), (6.0, 0.193)]),
    ];
    for (positions, rows) in table {
        for &(s, measured) in rows {
            let share = entropy(positions, s) / (positions as f64).ln();
            println!("T {positions}, s {s}: {share:.4}, measured {measured}");
            close(share, measured, 0.01);
        }
    }
    for (positions, s) in [(1, 2.0), (16, 1.0), (64, 3.0), (256, 5.0)] {
        let [mean, log] = drawn(positions, s);
        close(entropy(positions, s), mean, 0.12);
        close(log_sum(positions, s), log, 4.0 * s / 20.0);
    }
    close(entropy(1, 2.0), 0.0, 1e-6);
    close(entropy(64, 0.0), 64_f64.ln(), 1e-5);
    for s in [0.1, 0.3, 0.6, 0.9] {
        // ln T − s²/2 while s is well below the freezing point.
        for (positions, tolerance) in [(256, 0.01), (64, 0.01), (8, 0.07)] {
            close((f64::from(positions).ln() - 0.5 * s * s) / entropy(positions as usize, s), 1.0, tolerance);
        }
    }
}

#[test]
fn where_attention_freezes() {
    close(freezing_point(64), 2.8841, 1e-4);
    close(freezing_point(256), 3.3302, 1e-4);
    close(freezing_point(1024), 3.7233, 1e-4);
    // The σ at which the logits of GPT-2, of standard deviation d·σ², would freeze.
    close((freezing_point(1024) / 768.0).sqrt(), 0.0696, 1e-4);
}
