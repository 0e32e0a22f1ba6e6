//! Answers what pairs of runs say: whether one is better than the other, by how much, and whether that could be chance.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::permutation::{sign_flips, signed_ranks};

/// Below this probability a difference is said to be one.
pub(super) const SIGNIFICANT: f64 = 0.05;

/// A comparison of pairs. Differences are second minus first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The number of pairs.
    pub pairs: usize,
    /// How many numbers of each side are not finite, because their networks left f32.
    pub lost: [usize; 2],
    /// The statistics of the pairs of which both numbers are finite; none with fewer than two.
    pub means: Option<Means>,
    /// Of all ways to give each difference a sign, the share that lies at least as far from zero: no
    /// normality is assumed. Where a number was lost, of the ranks of the differences.
    pub permutation: f64,
    /// Where the pairs point, in the units of that test: positive if the second is larger.
    pub direction: f64,
}

/// The statistics of differences, as if they were normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Means {
    /// The number of differences.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (n − 1).
    pub std: f64,
    /// Student's t of the mean, with n − 1 degrees of freedom.
    pub t: f64,
    /// Its two-sided probability, were the mean difference zero and differences normal.
    pub p: f64,
    /// The 95 % confidence interval of the mean difference.
    pub interval: [f64; 2],
    /// Cohen's d of paired differences, which is their mean over their standard deviation.
    pub effect: f64,
}

/// Which numbers are the worse ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worse {
    /// The larger ones are worse, as of losses.
    Larger,
    /// The smaller ones are worse, as of shares of right answers.
    Smaller,
}

/// Compares pairs. A number that is not finite is of a network that left f32, and counts as worse
/// than any that is: to leave such pairs out would flatter whoever blows up. It has no size, so that
/// the test is then of signed ranks (Wilcoxon 1945; zeros keep their rank, Pratt 1959), in which it is
/// the most extreme. None with fewer than two pairs.
pub fn paired(first: &[f64], second: &[f64], worse: Worse) -> Option<Paired> {
    let pairs = first.len().min(second.len());
    if pairs < 2 {
        return None;
    }
    let lost = [first, second].map(|side| side[..pairs].iter().filter(|number| !number.is_finite()).count());
    let worst = if worse == Worse::Larger { f64::INFINITY } else { f64::NEG_INFINITY };
    let placed = |number: f64| if number.is_finite() { number } else { worst };
    let difference = |(a, b): (&f64, &f64)| match (placed(*a), placed(*b)) {
        // Of two networks that blew up neither is worse.
        (a, b) if a == b => 0.0,
        (a, b) => b - a,
    };
    let differences: Vec<f64> = first.iter().zip(second).map(difference).collect();
    let finite: Vec<f64> = first.iter().zip(second).map(|(a, b)| b - a).filter(|d| d.is_finite()).collect();
    let tested = if lost == [0, 0] { differences } else { signed_ranks(&differences) };
    Some(Paired {
        pairs,
        lost,
        means: means(&finite),
        permutation: sign_flips(&tested),
        direction: tested.iter().sum(),
    })
}

/// Student's t of differences; none with fewer than two.
///
/// ```text
/// t = mean/(std/√n),   interval = mean ± t₀.₉₇₅·std/√n
/// ```
fn means(differences: &[f64]) -> Option<Means> {
    let count = differences.len();
    let (mean, std) = mean_and_std(differences)?;
    let error = std / (count as f64).sqrt();
    let student = StudentsT::new(0.0, 1.0, (count - 1) as f64).ok()?;
    // Differences that are all 0 have no direction.
    let [t, effect] = [error, std].map(|spread| if mean == 0.0 { 0.0 } else { mean / spread });
    let half = half_interval(count, std);
    let p = if t.is_finite() { 2.0 * student.cdf(-t.abs()) } else { 0.0 };
    Some(Means { count, mean, std, t, p, interval: [mean - half, mean + half], effect })
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
pub struct Regression {
    /// How much y rises with x.
    pub slope: f64,
    /// The standard error of the slope, if what is left over is chance.
    pub error: f64,
    /// The number of points.
    pub points: usize,
}

/// Least squares:
///
/// ```text
/// slope = S_xy/S_xx,   error² = (S_yy − slope·S_xy)/((n − 2)·S_xx)
/// ```
///
/// None with fewer than three points, or where all have one x.
pub fn line(points: &[(f64, f64)]) -> Option<Regression> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|point| of(point.0 - x, point.1 - y)).sum::<f64>();
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    let slope = xy / xx;
    let error = ((yy - slope * xy).max(0.0) / ((count - 2.0) * xx)).sqrt();
    (points.len() > 2 && xx > 0.0).then_some(Regression { slope, error, points: points.len() })
}

/// Probabilities after Holm (1979), in the order given: the k-th smallest of m times m − k + 1, and
/// none below one that was smaller before. `family` counts the questions that are asked, of which some
/// may not be answered yet; those count as the largest.
///
/// ```text
/// p̃₍ₖ₎ = max over j ≤ k of min(1, (m − j + 1)·p₍ⱼ₎)
/// ```
pub fn holm(probabilities: &[f64], family: usize) -> Vec<f64> {
    let all = family.max(probabilities.len());
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|one, other| probabilities[*one].total_cmp(&probabilities[*other]));
    let mut after = vec![1.0; probabilities.len()];
    let mut least = 0.0_f64;
    for (place, index) in order.into_iter().enumerate() {
        least = least.max((all - place) as f64 * probabilities[index]).min(1.0);
        after[index] = least;
    }
    after
}
