//! Activations and their Gaussian averages against the reference numbers of the theory: constants
//! at q = 1, fixed points of tanh, correlation maps, decay of GELU and SiLU under He.

use std::f64::consts::FRAC_1_PI;

use init_lab::science::activation::Activation::{self, *};
use init_lab::science::gauss;
use init_lab::science::kernel::{correlation, slope_correlation};
use init_lab::science::moments::{log_moments, moments};

/// `actual` is within `tolerance` of `expected`.
#[track_caller]
fn check(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}

#[test]
fn constants_at_q_1() {
    // E φ, E φ², E φ'² and χ₁ = E φ'²/E φ².
    let table = [
        (Linear, [0.0, 1.0, 1.0, 1.0]),
        (Relu, [0.398942, 0.5, 0.5, 1.0]),
        (LeakyRelu, [0.394953, 0.50005, 0.50005, 1.0]),
        (Gelu, [0.282095, 0.425221, 0.455851, 1.072032]),
        (Silu, [0.206621, 0.355776, 0.379482, 1.066634]),
        (Tanh, [0.0, 0.394294, 0.464403, 1.177807]),
        (Sigmoid, [0.5, 0.293379, 0.044836, 0.152827]),
        (ReluSquared, [0.5, 1.5, 2.0, 1.333333]),
        (Elu, [0.160521, 0.644945, 0.668102, 1.035905]),
        (Selu, [0.0, 1.0, 1.071575, 1.071575]),
        (Mish, [0.240404, 0.452342, 0.479084, 1.059118]),
        (Softplus, [0.806059, 0.921246, 0.293379, 0.318459]),
        (Erf, [0.0, 0.464559, 0.569410, 1.225700]),
        (Sin, [0.0, 0.432332, 0.567668, 1.313035]),
    ];
    for (activation, [mean, second, slope, chi]) in table {
        let m = moments(activation, 1.0);
        check(m.mean, mean, 1e-6);
        check(m.second, second, 1e-6);
        check(m.slope, slope, 1e-6);
        check(m.slope / m.second, chi, 1e-6);
    }
}

#[test]
fn fourth_moments_by_hand() {
    check(moments(Linear, 2.0).fourth, 12.0, 1e-12);
    check(moments(Relu, 2.0).fourth, 6.0, 1e-12);
    check(moments(LeakyRelu, 2.0).fourth, 6.0, 1e-6);
    // A saturated tanh is ±1, a saturated logistic 0 or 1.
    check(moments(Tanh, 1e12).fourth, 1.0, 1e-5);
    check(moments(Sigmoid, 1e12).fourth, 0.5, 1e-5);
    check(moments(Sigmoid, 0.0).fourth, 0.0625, 1e-15);
}

#[test]
fn gelu_closed_form_agrees_with_quadrature() {
    for q in [1e-6_f64, 0.01, 0.3072, 1.0, 2.0, 4.0, 100.0, 1e8] {
        let root = (1.0 + 2.0 * q).sqrt();
        let inner = (q / (1.0 + q)).asin() + 2.0 * q / ((1.0 + q) * root);
        let second = q / 4.0 + q / (2.0 * std::f64::consts::PI) * inner;
        check(moments(Gelu, q).second / second, 1.0, 1e-9);
    }
}

#[test]
fn tanh_small_q_series() {
    // V = q − 2q² + 17q³/3 − …
    let q = 1e-4;
    let series = q - 2.0 * q * q + 17.0 / 3.0 * q * q * q;
    check(moments(Tanh, q).second, series, 1e-14);
}

/// Where q ← σ_w²·V(q) + σ_b² comes to rest, and χ₁ there.
fn fixed_point(activation: Activation, weight: f64, bias: f64) -> (f64, f64) {
    let mut q = 1.0;
    for _ in 0..5000 {
        q = weight * moments(activation, q).second + bias;
    }
    (q, weight * moments(activation, q).slope)
}

#[test]
fn tanh_fixed_points() {
    // σ_w, σ_b, q*, χ₁
    let table = [
        (0.5, 0.05, 0.003326, 0.248356),
        (0.9, 0.05, 0.011975, 0.791373),
        (1.0, 0.05, 0.037122, 0.934059),
        (1.5, 0.05, 0.798387, 1.136708),
        (5.0 / 3.0, 0.0, 1.178480, 1.209831),
        (2.0, 0.05, 2.125208, 1.361628),
        (4.0, 0.3, 12.604149, 2.367261),
    ];
    for (weight, bias, q, chi) in table {
        let (found, slope) = fixed_point(Tanh, weight * weight, bias * bias);
        check(found, q, 1e-5);
        check(slope, chi, 1e-5);
    }
    // The critical point of the literature, (σ_w², σ_b²) = (1.7603, 0.05).
    let (q, chi) = fixed_point(Tanh, 1.7603, 0.05);
    check(q, 0.569647, 1e-5);
    check(chi, 0.99986, 1e-5);
}

#[test]
fn other_fixed_points() {
    let (q, chi) = fixed_point(Sigmoid, 1.0, 0.0);
    check(q, 0.264687, 1e-6);
    check(chi, 0.055721, 1e-6);
    // Half-stable points of GELU and SiLU: σ_w², σ_b², q*, where χ₁ = 1 too.
    for (activation, weight, bias, q) in
        [(Gelu, 1.98305826, 0.17292239, 3.56155281), (Silu, 1.98800468, 0.55514317, 14.3201736)]
    {
        let m = moments(activation, q);
        check(weight * m.second + bias, q, 1e-6);
        check(weight * m.slope, 1.0, 1e-6);
        // dq'/dq = σ_w²·V/q·(d ln V/d ln q)
        let log = log_moments(activation, q.ln());
        check(weight * m.second / q * log.sensitivity, 1.0, 1e-6);
    }
}

#[test]
fn he_does_not_preserve_gelu_and_silu() {
    let decay = |activation, layers| (0..layers).fold(1.0, |q, _| 2.0 * moments(activation, q).second);
    for (layers, gelu, silu) in [(1, 0.8504, 0.7116), (2, 0.7059, 0.4777), (5, 0.3269, 0.0993), (10, 0.0293, 0.00357)] {
        check(decay(Gelu, layers), gelu, 6e-5);
        check(decay(Silu, layers), silu, 6e-5);
    }
    check(decay(Gelu, 20), 3.19e-5, 1e-7);
    check(decay(Silu, 20), 3.5e-6, 1e-7);
}

#[test]
fn relu_correlation_map() {
    let mut c = 0.0;
    for layer in 1..=200 {
        c = 2.0 * correlation(Relu, 1.0, c);
        match layer {
            1 => check(c, FRAC_1_PI, 1e-6),
            2 => check(c, 0.493731, 1e-6),
            5 => check(c, 0.735946, 1e-6),
            10 => check(c, 0.871536, 1e-6),
            20 => check(c, 0.948428, 1e-6),
            50 => check(c, 0.987862, 1e-6),
            100 => check(c, 0.996423, 1e-6),
            200 => check(c, 0.999016, 1e-6),
            _ => {}
        }
    }
}

#[test]
fn correlations_end_where_they_must() {
    for &activation in Activation::ALL {
        for q in [0.1, 1.0, 4.0] {
            let m = moments(activation, q);
            check(correlation(activation, q, 1.0), m.second, 1e-6);
            check(correlation(activation, q, 0.0), m.mean * m.mean, 1e-6);
            check(slope_correlation(activation, q, 1.0), m.slope, 2e-5);
            // dK/dc = q·E φ'φ'
            let [above, below] = [0.301, 0.299].map(|c| correlation(activation, q, c));
            let slope = slope_correlation(activation, q, 0.3);
            check((above - below) / 0.002, q * slope, 1e-5);
        }
    }
    // Leaky ReLU: the slope of the map at c = 0 is (E φ')², with φ' = 1 or 0.01.
    let slope = (correlation(LeakyRelu, 1.0, 1e-4) - correlation(LeakyRelu, 1.0, -1e-4)) / 2e-4;
    check(slope, 0.505 * 0.505, 1e-6);
}

#[test]
fn derivatives_by_differences() {
    for &activation in Activation::ALL {
        for x in [-9.0, -2.0, -0.5, 0.3, 1.0, 7.0] {
            let h = 1e-5;
            let slope = (activation.apply(x + h) - activation.apply(x - h)) / (2.0 * h);
            check(activation.derivative(x), slope, 1e-9);
        }
    }
}

#[test]
fn no_q_is_too_small_or_too_large() {
    for &activation in Activation::ALL {
        for q in [0.0, 1e-300, 1e-100, 1e-9, 1.0, 1e9, 1e100, 1e300, f64::INFINITY] {
            let m = moments(activation, q);
            assert!(!m.mean.is_nan() && !m.second.is_nan(), "{activation:?} {q} {m:?}");
            // ReLU² is as steep as q is large; SELU's slope goes up to λ·α = 1.76.
            let steepest = if activation == ReluSquared { 3e300 } else { 3.1 };
            assert!((0.0..=steepest).contains(&m.slope), "{activation:?} {q} {m:?}");
            assert!(m.second.is_finite() || activation == ReluSquared, "{activation:?} {q} {m:?}");
            assert!(!m.fourth.is_nan(), "{activation:?} {q} {m:?}");
        }
        for ln_q in [f64::NEG_INFINITY, -5000.0, -600.1, 0.0, 600.1, 5000.0] {
            let m = log_moments(activation, ln_q);
            let spread = [m.sensitivity, m.variance_growth, m.mean_growth, m.skew, m.peak];
            for x in [m.mean, m.variance, m.second, m.slope].into_iter().chain(spread) {
                assert!(!x.is_nan() && x < 11_000.0, "{activation:?} {ln_q} {m:?}");
            }
        }
    }
    // The step of tanh: D = 4/3·pdf(0)/√q.
    let q = 1e40;
    check(moments(Tanh, q).slope / (4.0 / 3.0 * gauss::pdf(0.0) / 1e20), 1.0, 1e-9);
    // Variance of the logistic at small q is q/16, though its mean square is ¼.
    check(log_moments(Sigmoid, -500.0).variance, -500.0 - 16_f64.ln(), 1e-9);
    check(log_moments(Tanh, -700.0).second, -700.0, 1e-9);
    check(log_moments(Relu, 900.0).second, 900.0 - 2_f64.ln(), 1e-9);
    check(log_moments(ReluSquared, 900.0).second, 1800.0 + 1.5_f64.ln(), 1e-9);
    check(log_moments(ReluSquared, -900.0).slope, -900.0 + 2_f64.ln(), 1e-9);
    check(log_moments(Softplus, -500.0).variance, -500.0 - 4_f64.ln(), 1e-9);
    check(log_moments(Softplus, 500.0).second, 500.0 - 2_f64.ln(), 1e-9);
    check(log_moments(Sin, 500.0).slope, -2_f64.ln(), 1e-9);
}

#[test]
fn quantiles() {
    check(gauss::quantile(0.5), 0.0, 0.0);
    check(gauss::quantile(0.975), 1.959963984540054, 1e-14);
    check(gauss::quantile(0.995), 2.5758293035489004, 1e-14);
    check(gauss::quantile(0.25), -0.674489750196082, 1e-14);
    check(gauss::quantile(1e-10), -6.361340902404056, 1e-13);
    check(gauss::quantile(1e-20), -9.262340089798408, 1e-13);
    for i in 1..1000 {
        let p = f64::from(i) / 1000.0;
        check(gauss::cdf(gauss::quantile(p)), p, 4e-16);
    }
    for exponent in 3..300 {
        let p = 10_f64.powi(-exponent);
        check(gauss::cdf(gauss::quantile(p)) / p, 1.0, 1e-12);
    }
    assert_eq!(gauss::quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(gauss::quantile(1.0), f64::INFINITY);
    assert!(gauss::quantile(-0.1).is_nan() && gauss::quantile(f64::NAN).is_nan());
}

#[test]
fn gaussian_averages() {
    check(gauss::expect(|_| 1.0), 1.0, 1e-14);
    check(gauss::expect(|z| z.powi(8)), 105.0, 1e-10);
    check(gauss::expect(f64::cos), (-0.5_f64).exp(), 1e-14);
}

#[test]
fn gains_are_pytorchs() {
    check(Linear.gain(), 1.0, 0.0);
    check(Sigmoid.gain(), 1.0, 0.0);
    check(Tanh.gain(), 5.0 / 3.0, 0.0);
    check(Relu.gain(), 2_f64.sqrt(), 0.0);
    check(LeakyRelu.gain(), 1.4141428569978354, 1e-15);
    // calculate_gain('leaky_relu', 0.2) and (…, 1/3)
    check(Activation::leaky(0.2).gain(), 1.386_750_490_563_072_8, 1e-15);
    check(Activation::leaky(1.0 / 3.0).gain(), 1.341_640_786_499_873_8, 1e-15);
    check(Selu.gain(), 0.75, 0.0);
}

#[test]
fn a_leaky_relu_has_the_averages_of_its_slope() {
    let leaky = Activation::leaky(0.2);
    // (1 − a)/√(2π), (1 + a²)/2, 3(1 + a⁴)/2, and (1 − a)²·ReLU's kernel + a·c
    let m = moments(leaky, 1.0);
    check(m.mean, 0.319_153_824_321_146_4, 1e-12);
    check(m.second, 0.52, 1e-12);
    check(m.slope, 0.52, 1e-12);
    check(moments(leaky, 2.0).fourth, 6.009_6, 1e-12);
    check(correlation(leaky, 1.0, 0.5), 0.294_879_289_934_153_4, 1e-9);
    check(slope_correlation(leaky, 1.0, 0.5), 0.2 + 0.64 / 3.0, 1e-9);
    assert_eq!((leaky.apply(-3.0), leaky.apply(3.0)), (0.2 * -3.0, 3.0));
    assert_eq!((leaky.derivative(-3.0), leaky.derivative(0.0), leaky.derivative(3.0)), (0.2, 0.2, 1.0));
    // At its ends it is ReLU and the identity; at PyTorch's slope it is the choice of the list.
    for (slope, same) in [(0.0, Relu), (1.0, Linear)] {
        let (one, other) = (moments(Activation::leaky(slope), 0.7), moments(same, 0.7));
        check(one.mean, other.mean, 1e-15);
        check(one.second, other.second, 1e-15);
        check(correlation(Activation::leaky(slope), 0.7, 0.3), correlation(same, 0.7, 0.3), 1e-12);
    }
    assert_eq!(Activation::leaky(0.01), LeakyRelu);
    assert_eq!((leaky.id(), leaky.kind(), Activation::ALL.contains(&leaky)), ("leaky-relu", LeakyRelu, false));
}
