//! The standard normal distribution: density, distribution, quantile, and averages over it.
//!
//! Averages are integrals over panels with 16 Gauss–Legendre nodes each. Panels always part at 0,
//! so the kink of ReLU costs nothing, and they shrink with the steepness of the function, so that
//! tanh(√q·z) is as exact at q = 10¹⁰⁰, where it is a step, as at q = 1.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Beyond this many standard deviations the density is under 10⁻¹⁹.
const REACH: f64 = 9.5;

/// The borders of panels for a function that varies over lengths of order 1.
const COARSE: [f64; 5] = [2.0, 4.0, 6.0, 8.0, REACH];

/// The borders of panels, in units of 1/steepness, for a function that becomes a straight line within 40.
const FINE: [f64; 5] = [1.0, 3.0, 7.0, 15.0, 40.0];

/// The positive Gauss–Legendre nodes of order 16 on [−1, 1], and their weights.
const LEGENDRE: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_79),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_894),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

/// The density of the standard normal distribution, φ(z) = e^{−z²/2}/√(2π).
pub fn pdf(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// Φ(z), the share of the distribution below z.
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// E f(z) for z ~ N(0, 1), for a function that is smooth on both sides of 0 at lengths of order 1.
pub fn expect(f: impl FnMut(f64) -> f64) -> f64 {
    expect_steep(1.0, f)
}

/// E f(z) for z ~ N(0, 1), where f(z) = g(steepness·z) and g is smooth on both sides of 0.
pub fn expect_steep(steepness: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let [sum] = expect_all(steepness, |z| [f(z)]);
    sum
}

/// As [`expect_steep`], for N functions of the same argument at once.
pub fn expect_all<const N: usize>(steepness: f64, mut f: impl FnMut(f64) -> [f64; N]) -> [f64; N] {
    let mut sums = [0.0; N];
    let mut add = |z: f64, weight: f64| {
        let weight = weight * pdf(z);
        for (sum, value) in sums.iter_mut().zip(f(z)) {
            *sum += weight * value;
        }
    };
    let fine = FINE.map(|border| border / steepness.max(1e-300));
    let mut from = 0.0;
    while from < REACH {
        // A panel ends at the next border of either list.
        let to = COARSE.iter().chain(&fine).copied().filter(|&border| border > from).fold(REACH, f64::min);
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        for (node, weight) in LEGENDRE {
            for z in [middle - half * node, middle + half * node] {
                add(z, half * weight);
                add(-z, half * weight);
            }
        }
        from = to;
    }
    sums
}

/// As [`expect_all`] for functions that are smooth at 0 too, with a quarter of the work. It is the trapezoid rule,
/// whose error is e⁻³⁵ for an f whose nearest pole is at iπ/(2·steepness), like that of tanh.
pub(crate) fn expect_smooth<const N: usize>(steepness: f64, mut f: impl FnMut(f64) -> [f64; N]) -> [f64; N] {
    if steepness > 4.0 {
        return expect_all(steepness, f);
    }
    let step = 0.28 / steepness.max(1.0);
    let mut sums = f(0.0).map(|value| step * pdf(0.0) * value);
    for i in 1..=(REACH / step) as i32 {
        let z = step * f64::from(i);
        let weight = step * pdf(z);
        // Both signs are added together, so that odd functions cancel to the last bit.
        for (sum, (right, left)) in sums.iter_mut().zip(f(z).into_iter().zip(f(-z))) {
            *sum += weight * (right + left);
        }
    }
    sums
}

/// The quantile Φ⁻¹(p) for p in (0, 1), to about 1 part in 10¹⁶; ∓∞ at 0 and 1, NaN outside.
///
/// Algorithm AS 241 (PPND16), M. J. Wichura, Applied Statistics 37 (1988), 477–484.
pub fn quantile(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 || p.is_nan() {
        return match p {
            0.0 => f64::NEG_INFINITY,
            1.0 => f64::INFINITY,
            _ => f64::NAN,
        };
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(&CENTRE, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-libm::log(tail)).sqrt();
    let z = if r <= 5.0 { ratio(&SIDE, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    if q < 0.0 { -z } else { z }
}

/// The coefficients of the numerator and the denominator, lowest power first.
type Rational = [[f64; 8]; 2];

/// The value of numerator over denominator, each by Horner's rule.
fn ratio(coefficients: &Rational, r: f64) -> f64 {
    let [above, below] = coefficients.map(|c| c.iter().rev().fold(0.0, |sum, &a| sum * r + a));
    above / below
}

/// The coefficients for |p − 1/2| ≤ 0.425.
#[rustfmt::skip]
const CENTRE: Rational = [
    [
        3.387_132_872_796_366_5, 133.141_667_891_784_38, 1_971.590_950_306_551_3,
        13_731.693_765_509_46, 45_921.953_931_549_87, 67_265.770_927_008_7,
        33_430.575_583_588_13, 2_509.080_928_730_122_7,
    ],
    [
        1.0, 42.313_330_701_600_91, 687.187_007_492_057_9, 5_394.196_021_424_751,
        21_213.794_301_586_597, 39_307.895_800_092_71, 28_729.085_735_721_943,
        5_226.495_278_852_855,
    ],
];

/// The coefficients for tails down to e⁻²⁵.
#[rustfmt::skip]
const SIDE: Rational = [
    [
        1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691,
        3.647_848_324_763_204_5, 1.270_458_252_452_368_4, 0.241_780_725_177_450_6,
        0.022_723_844_989_269_184, 7.745_450_142_783_414e-4,
    ],
    [
        1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 0.689_767_334_985_1,
        0.148_103_976_427_480_08, 0.015_198_666_563_616_457, 5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

/// The coefficients for tails beyond e⁻²⁵.
#[rustfmt::skip]
const FAR: Rational = [
    [
        6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3,
        0.296_560_571_828_504_87, 0.026_532_189_526_576_124, 0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7,
    ],
    [
        1.0, 0.599_832_206_555_888, 0.136_929_880_922_735_8, 0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4, 1.846_318_317_510_054_8e-5, 1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];
