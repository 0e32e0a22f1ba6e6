//! Where f16, bf16 and f32 give out: the closed form, and ReLU networks that are run in f32 until
//! they do.

use init_lab::science::init::{Init, Scheme};
use init_lab::science::precision::Format::{self, *};
use init_lab::science::precision::Limit::{self, *};
use init_lab::science::seed::Stream;
use init_lab::science::site::{Fans, Role, Site};

/// Examples behind "the largest of B·n".
const BATCH: usize = 8;

/// Depth at which a ReLU network of width n and this σ meets a limit, from inputs of mean square 1.
fn depth(format: Format, limit: Limit, n: f64, std: f64) -> f64 {
    // q₁ = n·σ², then r = n·σ²/2 a layer: as if q₀ were 2.
    let ratio = n * std * std / 2.0;
    let start = if matches!(limit, Overflow(_)) { 2_f64.ln() } else { 0.0 };
    limit.depth(format, start, ratio.ln()).expect("it goes that way")
}

#[track_caller]
fn check(format: Format, limit: Limit, (n, std): (f64, f64), expected: f64) {
    let found = depth(format, limit, n, std);
    // The table is rounded, and its batch was not written down.
    assert!((found - expected).abs() < 0.1 + 0.004 * expected, "{found} is not {expected}");
}

#[test]
fn the_closed_form() {
    let largest = |n: f64| Overflow(BATCH as f64 * n);
    for (n, std, half, single, typical, square) in [
        (64.0, 1.0, 5.5, 50.3, 51.2, 25.6),
        (256.0, 0.5, 5.4, 50.2, 51.2, 25.6),
        (256.0, 1.0, 3.9, 35.9, 36.6, 18.3),
        (512.0, 1.0, 3.4, 31.4, 32.0, 16.0),
        (1024.0, 0.1, 11.5, 106.6, 108.7, 54.3),
        (256.0, 0.1, 76.0, 705.0, 719.0, 359.0),
    ] {
        let at = (n, std);
        check(F16, largest(n), at, half);
        check(Bf16, largest(n), at, single);
        check(F32, largest(n), at, single);
        check(F32, TypicalOverflow, at, typical);
        check(F32, SquareOverflow, at, square);
    }
    let small = (256.0, 0.01);
    check(F16, Underflow, small, 4.45);
    check(F16, Vanishing, small, 7.6);
    check(F32, Underflow, small, 40.1);
    check(F32, Vanishing, small, 47.4);
    check(F32, SquareUnderflow, small, 20.0);
    let wide = (512.0, 0.01);
    check(F16, Underflow, wide, 5.3);
    check(F32, Underflow, wide, 47.7);
    check(F32, Vanishing, wide, 56.4);
    check(Bf16, SquareUnderflow, wide, 23.8);
    // The other way it never happens, nor where nothing grows.
    assert_eq!(Underflow.depth(F32, 0.0, 1.0), None);
    assert_eq!(SquareOverflow.depth(F32, 0.0, 0.0), None);
}

#[test]
fn the_first_layer_of_a_list() {
    let growing = |l: i32| f64::from(l) * 32_f64.ln();
    assert_eq!(TypicalOverflow.first(F32, (1..100).map(growing)), Some(51));
    assert_eq!(SquareOverflow.first(F32, (1..100).map(growing)), Some(25));
    assert_eq!(Underflow.first(F32, (1..100).map(growing)), None);
    assert_eq!(Vanishing.first(F16, (1..100).map(|l| -growing(l))), Some(9));
}

/// The first layer, from 1, of a ReLU network in f32 with an infinite pre-activation.
fn first_infinite(n: usize, std: f64) -> usize {
    let init = Init { std, ..Init::new(Scheme::Normal) };
    let fans = Fans { fan_in: n, fan_out: n };
    let site = Site { role: Role::Hidden, fans, layer: 1, depth: 1, width: n, heads: 1 };
    let mut weights = Stream::new(3, "weights");
    let mut inputs = Stream::new(3, "inputs");
    let mut rows: Vec<Vec<f32>> = (0..BATCH).map(|_| (0..n).map(|_| inputs.normal() as f32).collect()).collect();
    for layer in 1.. {
        let matrix = init.matrix(&site, 1.0, &mut weights);
        for row in &mut rows {
            let mut z = vec![0.0_f32; n];
            for (x, weights) in row.iter().zip(matrix.chunks_exact(n)).filter(|(x, _)| **x > 0.0) {
                z.iter_mut().zip(weights).for_each(|(z, w)| *z += x * w);
            }
            if !z.iter().all(|z| z.is_finite()) {
                return layer;
            }
            *row = z;
        }
    }
    0
}

#[test]
fn networks_overflow_where_predicted() {
    for (n, std, seen) in [(256, 0.5, 50), (256, 1.0, 36), (64, 1.0, 51)] {
        let found = first_infinite(n, std);
        let predicted = depth(F32, Overflow((BATCH * n) as f64), n as f64, std);
        println!("{n} {std}: layer {found}, predicted {predicted:.1}, seen elsewhere {seen}");
        assert!((found as f64 - predicted).abs() <= 1.5 && found.abs_diff(seen) <= 1);
    }
}
