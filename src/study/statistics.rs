//! What pairs of runs say: is one better than the other, by how much, and could it be chance?

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A comparison of pairs. Differences are second minus first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// Pairs of which both numbers are finite.
    pub pairs: usize,
    /// Mean of the differences.
    pub mean: f64,
    /// Their standard deviation (n − 1).
    pub std: f64,
    /// Student's t of the mean, with n − 1 degrees of freedom.
    pub t: f64,
    /// Its two-sided probability, were the mean difference zero and differences normal.
    pub p: f64,
    /// 95 % confidence interval of the mean difference.
    pub interval: [f64; 2],
    /// Cohen's d of paired differences: mean over standard deviation.
    pub effect: f64,
    /// Share of sign patterns whose mean is at least as far from zero: no normality is assumed.
    pub permutation: f64,
}

/// Sign patterns are counted one by one up to so many pairs, 65,536 patterns.
const MOST_PAIRS: usize = 16;

/// Compares pairs. None with fewer than two of finite numbers, with more than sixteen, or where all
/// differences are the same.
pub fn paired(first: &[f64], second: &[f64]) -> Option<Paired> {
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| b - a).filter(|d| d.is_finite()).collect();
    let count = differences.len();
    let (mean, std) = mean_and_std(&differences)?;
    if std == 0.0 || count > MOST_PAIRS {
        return None;
    }
    let error = std / (count as f64).sqrt();
    let student = StudentsT::new(0.0, 1.0, (count - 1) as f64).ok()?;
    let t = mean / error;
    let half = student.inverse_cdf(0.975) * error;
    Some(Paired {
        pairs: count,
        mean,
        std,
        t,
        p: 2.0 * student.cdf(-t.abs()),
        interval: [mean - half, mean + half],
        effect: mean / std,
        permutation: permutation(&differences),
    })
}

/// Mean and standard deviation (n − 1) of at least two numbers.
pub fn mean_and_std(numbers: &[f64]) -> Option<(f64, f64)> {
    let count = numbers.len() as f64;
    if numbers.len() < 2 {
        return None;
    }
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    Some((mean, (squares / (count - 1.0)).sqrt()))
}

/// Half the width of the 95 % confidence interval of a mean.
pub fn half_interval(count: usize, std: f64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, count.saturating_sub(1).max(1) as f64);
    student.map_or(f64::NAN, |student| student.inverse_cdf(0.975) * std / (count as f64).sqrt())
}

/// A straight line through points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// How much y rises with x.
    pub slope: f64,
    /// Standard error of the slope, if what is left over is chance.
    pub error: f64,
    /// Points.
    pub points: usize,
}

/// Least squares:
///
/// ```text
/// slope = S_xy/S_xx,   error² = (S_yy − slope·S_xy)/((n − 2)·S_xx)
/// ```
///
/// None with fewer than three points, or where all have one x.
pub fn line(points: &[(f64, f64)]) -> Option<Line> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|point| of(point.0 - x, point.1 - y)).sum::<f64>();
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    let slope = xy / xx;
    let error = ((yy - slope * xy).max(0.0) / ((count - 2.0) * xx)).sqrt();
    (points.len() > 2 && xx > 0.0).then_some(Line { slope, error, points: points.len() })
}

/// Of all ways to give each difference a sign, the share whose sum is at least as far from zero.
fn permutation(differences: &[f64]) -> f64 {
    let sum: f64 = differences.iter().sum();
    let patterns = 1_u32 << differences.len();
    // Sums in another order differ in their last bits; a tie is a tie.
    let bound = sum.abs() * (1.0 - 1e-12);
    let signed = |pattern: u32| {
        let sign = |place: usize| if pattern >> place & 1 == 0 { 1.0 } else { -1.0 };
        differences.iter().enumerate().map(|(place, difference)| sign(place) * difference).sum::<f64>()
    };
    let far = (0..patterns).filter(|pattern| signed(*pattern).abs() >= bound).count();
    far as f64 / f64::from(patterns)
}

/// Spearman's rank correlation of values with their places, and its two-sided probability by the
/// t distribution with n − 2 degrees of freedom. Ties share the mean of their ranks. None with fewer
/// than three values, where one is not finite, or where all are the same.
pub fn rank_correlation(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len();
    if count < 3 || !values.iter().all(|value| value.is_finite()) {
        return None;
    }
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let same = values.iter().filter(|other| *other == value).count();
        below as f64 + 0.5 * (same as f64 + 1.0)
    };
    let middle = 0.5 * (count as f64 + 1.0);
    let (mut product, mut squares, mut places) = (0.0, 0.0, 0.0);
    for (place, value) in (1..).zip(values) {
        let (x, y) = (f64::from(place) - middle, rank(value) - middle);
        product += x * y;
        squares += y * y;
        places += x * x;
    }
    if squares == 0.0 {
        return None;
    }
    let rho: f64 = product / (squares * places).sqrt();
    let degrees = count as f64 - 2.0;
    let t = rho * (degrees / (1.0 - rho * rho).max(0.0)).sqrt();
    let student = StudentsT::new(0.0, 1.0, degrees).ok()?;
    // An infinite t, of a perfect order, has no probability left.
    let p = if t.is_finite() { 2.0 * student.cdf(-t.abs()) } else { 0.0 };
    Some((rho, p))
}
