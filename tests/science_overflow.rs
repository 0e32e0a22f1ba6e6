//! Forward passes in f16, bf16 and f32: the rounding itself, and the layers at which ReLU networks
//! leave a format beside what the closed form says.
#![cfg(feature = "study")]
use init_lab::lab::link::Lab;
use init_lab::lab::prediction::predict;
use init_lab::science::activation::Activation;
use init_lab::science::overflow::{Exit, FormatPass, Way, predicted, store};
use init_lab::science::precision::Format::{self, *};
use init_lab::science::seed::Stream;

/// The value of 16 bits with so many of fraction, spelled out.
fn value(bits: u32, fraction: i32, bias: i32) -> f64 {
    let (exponent, digits) = ((bits >> fraction) as i32, f64::from(bits & ((1 << fraction) - 1)));
    let whole = if exponent == 0 { 0.0 } else { 1.0 };
    (whole + digits / f64::from(1 << fraction)) * 2_f64.powi(exponent.max(1) - bias)
}

/// Every number of a format, every middle between two neighbours, and what lies just beside it.
fn check(format: Format, fraction: i32, bias: i32) {
    let infinite = ((1 << (15 - fraction)) - 1) << fraction;
    for bits in 0..infinite {
        let (low, high) = (value(bits, fraction, bias), value(bits + 1, fraction, bias));
        let middle = (low + high) / 2.0;
        let even = if bits % 2 == 0 { low } else { high };
        for (x, expected) in [(low as f32, low), (middle as f32, even)] {
            // The last middle is where rounding up ends in infinity, and its even neighbour is that.
            let expected = if expected > format.max() { f64::INFINITY } else { expected };
            assert_eq!(f64::from(store(format, x)), expected, "{format:?} {x:e}");
            assert_eq!(f64::from(store(format, -x)), -expected, "{format:?} −{x:e}");
        }
        let [below, above] = [(middle as f32).next_down(), (middle as f32).next_up()];
        let above_high = if high > format.max() { f64::INFINITY } else { high };
        assert_eq!(f64::from(store(format, below)), low, "{format:?} {below:e}");
        assert_eq!(f64::from(store(format, above)), above_high, "{format:?} {above:e}");
    }
    assert_eq!(value(infinite - 1, fraction, bias), format.max());
    assert_eq!(value(1 << fraction, fraction, bias), format.min_normal());
    assert_eq!(value(1, fraction, bias), format.min_subnormal());
    assert!(store(format, f32::NAN).is_nan());
}

#[test]
fn every_number_is_rounded_to_the_nearest() {
    check(F16, 10, 15);
    check(Bf16, 7, 127);
    assert_eq!([store(F16, 65519.0), store(F16, 65520.0)], [65504.0, f32::INFINITY], "the known edge of f16");
    assert_eq!(store(F32, 1e-45), 1e-45, "f32 stays as it is");
}

/// Where a ReLU network of this width and σ leaves a format, from inputs of mean square 1.
fn measured(format: Format, width: usize, std: f64, depth: usize) -> Option<Exit> {
    let spec = Lab::from_link(&format!("width={width}&std={std}&depth={depth}&batch=16")).0.spec;
    let plan = spec.plan();
    let mut stream = Stream::new(spec.run.seed, "inputs");
    let inputs: Vec<Vec<f64>> = (0..spec.training.batch).map(|_| (0..64).map(|_| stream.normal()).collect()).collect();
    let mut pass = FormatPass::new(format, spec.network.activation, &inputs);
    for site in spec.architecture().matrices().into_iter().take(depth) {
        let name = site.id();
        let weights = plan.matrix(&site, &mut Stream::new(spec.run.seed, &format!("weights/{name}.weight")));
        pass.layer(&weights, &vec![0.0; width]);
    }
    pass.exit()
}

#[test]
fn networks_leave_each_format_where_the_closed_form_says() {
    // Width and σ; the depths for f16, bf16 and f32 as worked out and simulated elsewhere.
    for (width, std, way, depths) in [
        (256, 0.5, Way::Overflow, [5.4, 50.2, 50.2]),
        (256, 1.0, Way::Overflow, [3.9, 35.9, 35.9]),
        (64, 1.0, Way::Overflow, [5.5, 50.3, 50.3]),
        (256, 0.01, Way::Underflow, [4.45, 40.1, 40.1]),
        (512, 0.01, Way::Underflow, [5.3, 47.7, 47.7]),
    ] {
        for (format, depth) in Format::ALL.iter().copied().zip(depths) {
            let found = measured(format, width, std, 60).expect("it leaves");
            println!("{width} {std} {format:?}: {found:?}, elsewhere {depth}");
            assert_eq!(found.way, way);
            // The first whole layer beyond a depth between two.
            assert!((found.layer as f64 - f64::ceil(depth)).abs() <= 1.0, "{width} {std} {format:?}: {found:?}");
            let spec = Lab::from_link(&format!("width={width}&std={std}&depth=60&batch=16")).0.spec;
            let theory = predicted(format, &predict(&spec).layers[..60], 16 * width).expect("it leaves");
            assert!(theory.way == way && theory.layer.abs_diff(found.layer) <= 1, "{theory:?} is not {found:?}");
        }
    }
}

#[test]
fn what_is_kept_stays_inside() {
    for format in Format::ALL {
        assert_eq!(measured(*format, 128, (2.0_f64 / 128.0).sqrt(), 30), None, "{format:?}");
    }
}

#[test]
fn one_infinite_number_is_an_overflow_and_small_ones_an_underflow() {
    let after = |x: f64, weight: f32, activation| {
        let mut pass = FormatPass::new(F16, activation, &[vec![x, 0.0]]);
        pass.layer(&[weight, 0.0, 0.0, weight], &[0.0, 0.0]);
        pass.layer(&[1.0, 0.0, 0.0, 1.0], &[0.0, 0.0]);
        pass.exit()
    };
    let exit = |way, layer| Some(Exit { way, layer });
    assert_eq!(after(300.0, 200.0, Activation::Linear), None, "60,000 is an f16");
    assert_eq!(after(300.0, 220.0, Activation::Linear), exit(Way::Overflow, 1), "66,000 is none");
    assert_eq!(after(-300.0, 220.0, Activation::Relu), exit(Way::Overflow, 1), "z counts, not only φ(z)");
    assert_eq!(after(300.0, 1.0, Activation::ReluSquared), exit(Way::Overflow, 1), "and φ(z) = 90,000 does");
    assert_eq!(after(1e-3, 1e-1, Activation::Linear), None, "1e-4/√2 has all its digits");
    assert_eq!(after(1e-3, 1e-2, Activation::Linear), exit(Way::Underflow, 1), "1e-5 has not");
}
