//! The shape of a matrix's values.

use init_lab::science::seed::Stream;
use init_lab::science::shape::{BINS, NORMAL_NEAR_ZERO, Shape, bins};

fn shape(values: &[f32]) -> Shape {
    Shape::of(values.iter().copied(), 1.0)
}

#[test]
fn a_few_values_by_hand() {
    // Mean 0, σ² = 1/2, ⟨w⁴⟩ = 1/2: kurtosis 2 − 3.
    let four = shape(&[-1.0, 0.0, 0.0, 1.0]);
    assert!((four.std - 0.5_f64.sqrt()).abs() < 1e-12 && (four.kurtosis + 1.0).abs() < 1e-12, "{four:?}");
    assert_eq!(four.near_zero, 0.5);
    // −1 in the first bin, 0 in the middle one, 1 on the upper edge, which belongs to the last.
    assert_eq!([four.histogram[0], four.histogram[BINS / 2], four.histogram[BINS - 1]], [1, 2, 1]);
}

#[test]
fn a_normal_matrix_has_no_excess() {
    let mut stream = Stream::new(7, "shape");
    let count = 100_000;
    let values: Vec<f32> = (0..count).map(|_| (0.02 * stream.normal()) as f32).collect();
    let shape = Shape::of(values.iter().copied(), 0.24);
    // Four standard errors: σ/√(2N), √(24/N), √(p(1 − p)/N).
    let n = f64::from(count);
    assert!((shape.std / 0.02 - 1.0).abs() < 4.0 / (2.0 * n).sqrt(), "{}", shape.std);
    assert!(shape.kurtosis.abs() < 4.0 * (24.0 / n).sqrt(), "{}", shape.kurtosis);
    let error = (NORMAL_NEAR_ZERO * (1.0 - NORMAL_NEAR_ZERO) / n).sqrt();
    assert!((shape.near_zero - NORMAL_NEAR_ZERO).abs() < 4.0 * error, "{}", shape.near_zero);
    let area: f64 = shape.density(0.24).iter().sum::<f64>() * 0.48 / BINS as f64;
    assert!((area - 1.0).abs() < 1e-12, "{area}");
    let peak = bins(0.24)[BINS / 2];
    assert!(peak.abs() < 1e-12, "{peak}");
}

#[test]
fn heavy_tails_and_a_crowd_at_zero_are_one_thing() {
    // One in ten five times as wide: more of both than a normal matrix has.
    let mut stream = Stream::new(7, "mixture");
    let values: Vec<f32> =
        (0..20_000).map(|place| (stream.normal() * if place % 10 == 0 { 5.0 } else { 1.0 }) as f32).collect();
    let shape = Shape::of(values.iter().copied(), 20.0);
    // σ² = 0.9 + 2.5 and ⟨w⁴⟩ = 3·(0.9 + 62.5).
    assert!((shape.kurtosis - (3.0 * 63.4 / 3.4_f64.powi(2) - 3.0)).abs() < 1.5, "{}", shape.kurtosis);
    assert!(shape.near_zero > 1.5 * NORMAL_NEAR_ZERO, "{}", shape.near_zero);
}

#[test]
fn what_has_no_shape_harms_nothing() {
    let same = shape(&[0.3; 10]);
    assert!(same.std < 1e-7 && same.kurtosis.is_finite(), "{same:?}");
    let zeros = shape(&[0.0; 10]);
    assert_eq!((zeros.std, zeros.kurtosis, zeros.near_zero), (0.0, 0.0, 0.0));
    let broken = shape(&[f32::NAN, 1.0, f32::INFINITY]);
    assert!(broken.std.is_nan());
    assert_eq!(broken.histogram.iter().sum::<u32>(), 3);
}
