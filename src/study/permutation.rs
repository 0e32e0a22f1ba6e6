//! Computes what chance alone would do, over all signs or all orders of numbers. They are counted one by one where
//! there are few enough.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::science::seed::Stream;

/// Sign patterns are counted one by one up to so many differences, 65,536 patterns.
const MOST_COUNTED: usize = 16;
/// How many sign patterns are drawn of more differences than that. A share of 0.05 is then known to 0.0015.
const DRAWN: u32 = 20_000;
/// Orders are counted one by one up to so many values, 40,320 orders.
const MOST_ORDERED: usize = 8;

/// The part of a sum that another must reach to count as equal, because sums in another order differ in their last
/// bits.
const TIE: f64 = 1.0 - 1e-12;

/// Of all ways to give each number a sign, the share whose sum is at least as far from zero. Of more
/// than sixteen numbers patterns are drawn, the same ones each time, and the pattern at hand is one of
/// them, so that the share is never 0 (Phipson and Smyth 2010).
pub fn sign_flips(numbers: &[f64]) -> f64 {
    let bound = numbers.iter().sum::<f64>().abs() * TIE;
    let is_far = |signs: &dyn Fn(usize) -> bool| {
        let sum: f64 = numbers.iter().enumerate().map(|(at, number)| if signs(at) { *number } else { -number }).sum();
        sum.abs() >= bound
    };
    if numbers.len() <= MOST_COUNTED {
        let patterns = 1_u32 << numbers.len();
        let far = (0..patterns).filter(|pattern| is_far(&|at| pattern >> at & 1 == 0)).count();
        return far as f64 / f64::from(patterns);
    }
    let mut stream = Stream::new(0, "study.signs");
    let words = numbers.len().div_ceil(64);
    let mut draw = || -> Vec<u64> { (0..words).map(|_| stream.next_u64()).collect() };
    let far = (0..DRAWN).map(|_| draw()).filter(|bits| is_far(&|at| bits[at / 64] >> (at % 64) & 1 == 0)).count();
    (far + 1) as f64 / f64::from(DRAWN + 1)
}

/// The least that [`sign_flips`] can be of so many numbers, none of which is 0.
pub fn least_share(numbers: usize) -> f64 {
    let patterns = libm::pow(2.0, 1.0 - numbers as f64);
    if numbers <= MOST_COUNTED { patterns } else { patterns.max(1.0 / f64::from(DRAWN + 1)) }
}

/// The ranks of sizes with the signs of the numbers. Equal ones share the mean of their ranks; what is
/// 0 has no sign, and its rank is not given to others (Pratt 1959).
pub fn signed_ranks(numbers: &[f64]) -> Vec<f64> {
    let sizes: Vec<f64> = numbers.iter().map(|number| number.abs()).collect();
    let signed = |(number, rank): (&f64, f64)| if *number == 0.0 { 0.0 } else { rank.copysign(*number) };
    numbers.iter().zip(ranks(&sizes)).map(signed).collect()
}

/// The places of values in ascending order, from 1. Equal values share the mean of their places.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let same = values.iter().filter(|other| *other == value).count();
        below as f64 + 0.5 * (same as f64 + 1.0)
    };
    values.iter().map(rank).collect()
}

/// Spearman's rank correlation of values with their places, and the share of all orders of these
/// values that are at least as sorted, one way or the other. Up to eight values the orders are counted;
/// of more, the share is that of the t distribution with n − 2 degrees of freedom. Ties share the mean
/// of their ranks. None with fewer than three values, where one is not finite, or where all are the
/// same.
pub fn rank_correlation(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len();
    if count < 3 || !values.iter().all(|value| value.is_finite()) {
        return None;
    }
    let middle = 0.5 * (count as f64 + 1.0);
    let places: Vec<f64> = (1..=count).map(|place| place as f64 - middle).collect();
    let mut centred: Vec<f64> = ranks(values).into_iter().map(|rank| rank - middle).collect();
    let square = |numbers: &[f64]| numbers.iter().map(|number| number * number).sum::<f64>();
    if square(&centred) == 0.0 {
        return None;
    }
    let product = |order: &[f64]| places.iter().zip(order).map(|(x, y)| x * y).sum::<f64>();
    let found = product(&centred);
    let rho: f64 = found / (square(&centred) * square(&places)).sqrt();
    if count <= MOST_ORDERED {
        let (mut far, mut all) = (0_u32, 0_u32);
        orders(&mut centred, count, &mut |order| {
            all += 1;
            far += u32::from(product(order).abs() >= found.abs() * TIE);
        });
        return Some((rho, f64::from(far) / f64::from(all)));
    }
    let degrees = count as f64 - 2.0;
    let t = rho * (degrees / (1.0 - rho * rho).max(0.0)).sqrt();
    let student = StudentsT::new(0.0, 1.0, degrees).ok()?;
    // A perfect order has an infinite t, beyond which there is no probability.
    let p = if t.is_finite() { 2.0 * student.cdf(-t.abs()) } else { 0.0 };
    Some((rho, p))
}

/// Shows every order of the first `count` items once (Heap 1963).
fn orders(items: &mut [f64], count: usize, see: &mut impl FnMut(&[f64])) {
    if count <= 1 {
        return see(items);
    }
    for last in 0..count {
        orders(items, count - 1, see);
        items.swap(if count.is_multiple_of(2) { last } else { 0 }, count - 1);
    }
}
