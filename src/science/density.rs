//! What theory expects of a histogram at the start: the law of weights exactly, a wide layer's pre-activation as a
//! normal distribution, and its activation as what φ makes of that.

use super::activation::Activation;
use super::draw::{Law, Origin, shrink};
use super::gauss;
use super::histogram::{BINS_PER_STD, Distribution, HISTOGRAM_BINS, NEAR_ZERO, REACH};
use super::site::Site;

/// The number of cells into which z is cut from −[`FAR`] to [`FAR`] standard deviations.
const CELLS: usize = 600;
/// Beyond so many standard deviations lies 1 number of 10⁹.
const FAR: f64 = 6.0;

impl Origin {
    /// The distribution of the entries of a matrix at this site.
    pub fn distribution(&self, site: &Site) -> Distribution {
        let (law, std, scale) = self.parts();
        let normal = |sigma: f64| move |x: f64| gauss::cdf(x / sigma);
        match law {
            Law::Fixed(value) => constant(value),
            Law::Normal => continuous(std, normal(std)),
            Law::Uniform => {
                let bound = std * 3_f64.sqrt();
                continuous(std, |x| (0.5 * (x / bound + 1.0)).clamp(0.0, 1.0))
            }
            Law::Truncated(cut) => {
                let (sigma, tail) = (std / shrink(cut), gauss::cdf(-cut));
                // Of a cut near 0 the formula has lost its digits, but then the law is nearly uniform.
                let cdf =
                    |x: f64| if tail > 0.4999 { 0.5 * (x / sigma / cut + 1.0) } else { truncated(x / sigma, tail) };
                continuous(std, |x| cdf(x).clamp(0.0, 1.0))
            }
            Law::Orthogonal => {
                let n = site.fans.fan_in.max(site.fans.fan_out);
                let (sphere, radius) = (UnitVector::new(n), std * (n as f64).sqrt());
                continuous(std, |x| sphere.cdf(x / radius))
            }
            Law::Identity => {
                let share = 1.0 / site.fans.fan_in.max(site.fans.fan_out) as f64;
                let (mean, std) = (share * scale, scale.abs() * (share - share * share).sqrt());
                in_bins(mean, std, 1.0 - share, None, &|x| if x >= scale { share } else { 0.0 })
            }
            Law::Sparse(zeros) => {
                let n = site.fans.fan_out as f64;
                let left = ((n - zeros as f64) / n).max(0.0);
                let cdf = normal(std / left.max(f64::MIN_POSITIVE).sqrt());
                if left == 0.0 { constant(0.0) } else { in_bins(0.0, std, 1.0 - left, None, &|x| left * cdf(x)) }
            }
        }
    }
}

/// The distribution of z of a wide layer, N(0, variance); `None` where that is no number that can be drawn.
pub fn preactivations(variance: f64) -> Option<Distribution> {
    let std = drawable(variance)?;
    Some(continuous(std, |x| gauss::cdf(x / std)))
}

/// The distribution of φ(z) for z ~ N(0, variance).
///
/// z is cut into cells between which φ is taken as straight. Where φ is flat to the last digit a cell is a point, and
/// at 0 that is the share of zeros.
pub fn activations(activation: Activation, variance: f64) -> Option<Distribution> {
    let std = drawable(variance)?;
    let cells = cells(activation, std);
    let [mean, square] = cells.iter().fold([0.0, 0.0], |[mean, square], cell| {
        let (middle, half) = (0.5 * (cell.to + cell.from), 0.5 * (cell.to - cell.from));
        [mean + cell.share * middle, square + cell.share * (middle * middle + half * half / 3.0)]
    });
    let zeros = cells.iter().filter(|cell| cell.is_zero()).map(|cell| cell.share).sum();
    let below = |x: f64| cells.iter().filter(|cell| !cell.is_zero()).map(|cell| cell.below(x)).sum::<f64>();
    let spread = (square - mean * mean).max(0.0).sqrt();
    let is_finite = mean.is_finite() && square.is_finite();
    is_finite.then(|| in_bins(mean, spread, zeros, activation.saturation(), &below))
}

/// The share of units that are saturated at z ~ N(0, variance); `None` for activations that do not saturate.
pub fn saturated_share(activation: Activation, variance: f64) -> Option<f64> {
    let [low, high] = activation.saturation()?;
    let std = Some(variance.sqrt()).filter(|std| std.is_finite())?;
    if std == 0.0 {
        let y = activation.apply(0.0);
        return Some(f64::from(y < low || y > high));
    }
    // Φ at the z at which a monotone φ reaches a value, found by bisection.
    let reached = |value: f64| {
        let (mut from, mut to) = (-20.0, 20.0);
        for _ in 0..60 {
            let middle = 0.5 * (from + to);
            if activation.apply(middle) < value { from = middle } else { to = middle }
        }
        to
    };
    Some(gauss::cdf(reached(low) / std) + gauss::cdf(-reached(high) / std))
}

/// The standard deviation, if a distribution with it can be drawn in bins.
fn drawable(variance: f64) -> Option<f64> {
    Some(variance.sqrt()).filter(|std| *std > 0.0 && std.is_finite())
}

/// What φ makes of a cell of z: its share lies evenly between two values.
struct Piece {
    from: f64,
    to: f64,
    share: f64,
}

impl Piece {
    fn is_zero(&self) -> bool {
        self.from == 0.0 && self.to == 0.0
    }

    fn below(&self, x: f64) -> f64 {
        if self.from == self.to {
            return if self.to <= x { self.share } else { 0.0 };
        }
        self.share * ((x - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

fn cells(activation: Activation, std: f64) -> Vec<Piece> {
    let at = |index: usize| FAR * (2.0 * index as f64 / CELLS as f64 - 1.0);
    let border = |index: usize| (gauss::cdf(at(index)), activation.apply(std * at(index)));
    let borders: Vec<(f64, f64)> = (0..=CELLS).map(border).collect();
    let whole = borders[CELLS].0 - borders[0].0;
    let cell = |pair: &[(f64, f64)]| {
        let ((p, a), (q, b)) = (pair[0], pair[1]);
        Piece { from: a.min(b), to: a.max(b), share: (q - p) / whole }
    };
    borders.windows(2).map(cell).collect()
}

/// The distribution of a number that is always the same.
fn constant(value: f64) -> Distribution {
    let zeros = f64::from(value == 0.0);
    in_bins(value, 0.0, zeros, None, &|x| if x >= value { 1.0 - zeros } else { 0.0 })
}

/// A distribution around 0 without single points.
fn continuous(std: f64, cdf: impl Fn(f64) -> f64) -> Distribution {
    in_bins(0.0, std, 0.0, None, &cdf)
}

/// A distribution from the share of zeros, and the share of all other numbers up to x.
fn in_bins(mean: f64, std: f64, zeros: f64, bounds: Option<[f64; 2]>, below: &dyn Fn(f64) -> f64) -> Distribution {
    let mut shares = vec![0.0; HISTOGRAM_BINS];
    let mut outside = [0.0, 0.0];
    if std > 0.0 {
        let edge = |index: usize| below(mean + std * (index as f64 / BINS_PER_STD as f64 - REACH as f64));
        let edges: Vec<f64> = (0..=HISTOGRAM_BINS).map(edge).collect();
        shares.iter_mut().zip(edges.windows(2)).for_each(|(share, pair)| *share = (pair[1] - pair[0]).max(0.0));
        outside = [edges[0], (1.0 - zeros - edges[HISTOGRAM_BINS]).max(0.0)];
    } else {
        // All numbers are equal, and stand in the bin that begins at their mean.
        shares[HISTOGRAM_BINS / 2] = 1.0 - zeros;
    }
    let near = NEAR_ZERO * (mean * mean + std * std).sqrt();
    let near_zero = zeros + (below(near) - below(-near)).max(0.0);
    let saturated = bounds.map(|[low, high]| {
        let zero_is_inside = low < 0.0 && high > 0.0;
        let inside = below(high) - below(low) + if zero_is_inside { zeros } else { 0.0 };
        (1.0 - inside).clamp(0.0, 1.0)
    });
    Distribution { mean, std, shares, outside, zeros, near_zero, saturated }
}

/// The share of a normal distribution up to z that is cut where `tail` of it lies beyond on either side.
fn truncated(z: f64, tail: f64) -> f64 {
    (gauss::cdf(z) - tail) / (1.0 - 2.0 * tail)
}

/// An entry of a random unit vector of n numbers, which each entry of an orthogonal matrix is.
///
/// ```text
/// t = sin θ,   density ∝ (1 − t²)^((n−3)/2),   so that θ has one ∝ cosⁿ⁻² θ
/// ```
struct UnitVector {
    /// The share up to each of equally spaced θ from −π/2 to π/2.
    shares: Vec<f64>,
}

impl UnitVector {
    const STEPS: usize = 2000;

    fn new(n: usize) -> Self {
        let step = std::f64::consts::PI / Self::STEPS as f64;
        let power = n.saturating_sub(2) as f64;
        let height =
            |index: usize| libm::pow(libm::cos((index as f64 + 0.5) * step - std::f64::consts::FRAC_PI_2), power);
        let mut shares = vec![0.0];
        for index in 0..Self::STEPS {
            shares.push(shares[index] + height(index));
        }
        let whole = shares[Self::STEPS];
        shares.iter_mut().for_each(|share| *share /= whole);
        Self { shares }
    }

    fn cdf(&self, t: f64) -> f64 {
        let place = (libm::asin(t.clamp(-1.0, 1.0)) / std::f64::consts::PI + 0.5) * Self::STEPS as f64;
        let index = (place as usize).min(Self::STEPS - 1);
        let rest = place - index as f64;
        self.shares[index] * (1.0 - rest) + self.shares[index + 1] * rest
    }
}
