//! Theory's densities against numbers that are drawn: weights of every scheme, and activations of normal numbers.

use init_lab::science::activation::Activation;
use init_lab::science::density::{activations, preactivations, saturated_share};
use init_lab::science::histogram::{Distribution, HISTOGRAM_BINS, NEAR_ZERO};
use init_lab::science::init::{Cut, Init, Scheme};
use init_lab::science::plan::Plan;
use init_lab::science::seed::Stream;
use init_lab::science::site::{Fans, Role, Site};

/// Compares a distribution with numbers that should be of it. `slack` is allowed beside chance.
fn compare(what: &str, theory: &Distribution, numbers: &[f64], slack: f64) {
    let n = numbers.len() as f64;
    let share = |holds: &dyn Fn(f64) -> bool| numbers.iter().filter(|x| holds(**x)).count() as f64 / n;
    let close = |part: &str, drawn: f64, expected: f64| {
        let allowed = 5.0 * (expected.max(1.0 / n) / n).sqrt() + slack;
        assert!((drawn - expected).abs() <= allowed, "{what}, {part}: {drawn} drawn, {expected} expected");
    };
    let mean = numbers.iter().sum::<f64>() / n;
    let square = numbers.iter().map(|x| x * x).sum::<f64>() / n;
    let size = (theory.mean * theory.mean + theory.std * theory.std).sqrt();
    assert!((mean - theory.mean).abs() <= 0.02 * size, "{what}: mean {mean}, not {}", theory.mean);
    assert!((square.sqrt() - size).abs() <= 0.02 * size, "{what}: size {}, not {size}", square.sqrt());
    close("zeros", share(&|x| x == 0.0), theory.zeros);
    close("near zero", share(&|x| x.abs() < NEAR_ZERO * size || x == 0.0), theory.near_zero);
    close("below", share(&|x| x != 0.0 && x < theory.edge(0)), theory.outside[0]);
    close("above", share(&|x| x != 0.0 && x >= theory.edge(HISTOGRAM_BINS)), theory.outside[1]);
    for index in 0..HISTOGRAM_BINS {
        let (from, to) = (theory.edge(index), theory.edge(index + 1));
        close(&format!("bin {index}"), share(&|x| x != 0.0 && x >= from && x < to), theory.shares[index]);
    }
    let sum: f64 = theory.shares.iter().chain(&theory.outside).sum::<f64>() + theory.zeros;
    assert!((sum - 1.0).abs() < 1e-6, "{what}: the shares add up to {sum}");
}

fn site() -> Site {
    Site { role: Role::Hidden, fans: Fans { fan_in: 192, fan_out: 256 }, layer: 2, depth: 4, width: 256, heads: 1 }
}

#[test]
fn weights_have_the_law_of_their_scheme() {
    for scheme in Scheme::ALL.iter().copied().filter(|scheme| scheme.is_random() && *scheme != Scheme::Formula) {
        let plan = Plan::new(Init::new(scheme));
        let [origin, _] = plan.origins(&site(), None);
        let matrix = plan.matrix(&site(), &mut Stream::new(3, "density"));
        let numbers: Vec<f64> = matrix.into_iter().map(f64::from).collect();
        compare(scheme.id(), &origin.distribution(&site()), &numbers, 1e-3);
    }
    for cut in [Cut::Raw, Cut::Corrected, Cut::Three, Cut::Absolute] {
        let init = Init { cut, std: 1.5, ..Init::new(Scheme::TruncatedNormal) };
        let plan = Plan::new(init);
        let [origin, _] = plan.origins(&site(), None);
        let matrix = plan.matrix(&site(), &mut Stream::new(4, "density"));
        let numbers: Vec<f64> = matrix.into_iter().map(f64::from).collect();
        compare(&format!("{cut:?}"), &origin.distribution(&site()), &numbers, 1e-3);
    }
}

#[test]
fn an_entry_of_a_small_orthogonal_matrix_is_not_normal() {
    let site = Site { fans: Fans { fan_in: 3, fan_out: 3 }, ..site() };
    let plan = Plan::new(Init::new(Scheme::Orthogonal));
    let numbers: Vec<f64> =
        (0..4000).flat_map(|seed| plan.matrix(&site, &mut Stream::new(seed, "density"))).map(f64::from).collect();
    let [origin, _] = plan.origins(&site, None);
    // A coordinate of a sphere's points is evenly spread (Archimedes).
    compare("orthogonal", &origin.distribution(&site), &numbers, 1e-3);
    assert_eq!(origin.distribution(&site).outside, [0.0, 0.0]);
}

#[test]
fn starts_without_chance_are_points() {
    let of = |scheme: Scheme| {
        let plan = Plan::new(Init { std: 0.3, ..Init::new(scheme) });
        plan.origins(&site(), None)[0].distribution(&site())
    };
    assert_eq!((of(Scheme::Zeros).zeros, of(Scheme::Zeros).near_zero), (1.0, 1.0));
    let constant = of(Scheme::Constant);
    assert_eq!((constant.mean, constant.std, constant.zeros), (0.3, 0.0, 0.0));
    assert_eq!(constant.shares[HISTOGRAM_BINS / 2], 1.0);
    assert!((of(Scheme::Identity).zeros - (1.0 - 1.0 / 256.0)).abs() < 1e-12);
}

#[test]
fn activations_are_what_the_activation_makes_of_normal_numbers() {
    let mut stream = Stream::new(7, "density");
    let normal: Vec<f64> = (0..60_000).map(|_| stream.normal()).collect();
    for variance in [1e-6, 1.0, 9.0] {
        let std = f64::sqrt(variance);
        let z: Vec<f64> = normal.iter().map(|z| std * z).collect();
        compare("z", &preactivations(variance).expect("drawable"), &z, 1e-3);
        for activation in Activation::ALL.iter().copied() {
            let theory = activations(activation, variance).expect("drawable");
            let numbers: Vec<f64> = z.iter().map(|z| activation.apply(*z)).collect();
            compare(&format!("{activation:?} at {variance}"), &theory, &numbers, 4e-3);
        }
    }
    for activation in [Activation::Tanh, Activation::Sigmoid, Activation::Erf] {
        let [low, high] = activation.saturation().expect("it saturates");
        for variance in [0.5, 4.0, 40.0] {
            let beyond = |z: &&f64| {
                let y = activation.apply(f64::sqrt(variance) * **z);
                y < low || y > high
            };
            let drawn = normal.iter().filter(beyond).count() as f64 / normal.len() as f64;
            let expected = saturated_share(activation, variance).expect("it saturates");
            assert!((drawn - expected).abs() < 0.01, "{activation:?} at {variance}: {drawn}, not {expected}");
            let counted = activations(activation, variance).and_then(|all| all.saturated).expect("it saturates");
            assert!((counted - expected).abs() < 0.01, "{activation:?} at {variance}: {counted}, not {expected}");
        }
    }
    assert_eq!(saturated_share(Activation::Relu, 1.0), None);
    let half = activations(Activation::Relu, 1e-20).expect("drawable");
    assert!((half.zeros - 0.5).abs() < 1e-9, "half of a ReLU's outputs are 0 at any size");
}

#[test]
fn what_is_no_number_has_no_density() {
    for variance in [0.0, f64::NAN, f64::INFINITY, -1.0] {
        assert_eq!(preactivations(variance), None);
        assert_eq!(activations(Activation::Tanh, variance), None);
    }
    assert_eq!(saturated_share(Activation::Tanh, 0.0), Some(0.0));
    assert_eq!(saturated_share(Activation::Tanh, f64::NAN), None);
    assert_eq!(activations(Activation::ReluSquared, 1e300), None, "its square leaves f64");
}

#[test]
fn tails_are_beyond_three_standard_deviations() {
    let normal = preactivations(4.0).expect("drawable");
    assert!((normal.tails() - 0.002_699_796).abs() < 1e-8);
    assert!((normal.near_zero - init_lab::science::shape::NORMAL_NEAR_ZERO).abs() < 1e-9);
    let peak = normal.density(HISTOGRAM_BINS / 2);
    assert!((peak - 0.199_47).abs() < 1e-3, "1/√(2π·4), over a bin: {peak}");
    let relu = activations(Activation::Relu, 1.0).expect("drawable");
    assert!(relu.tails() > 0.01 && relu.tails() < 0.02, "{}", relu.tails());
}
