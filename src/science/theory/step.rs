//! One hidden layer for examples of one length: φ, the sum with the skip connection, and the norm after it.

use super::super::kernel::Kernel;
use super::super::moments::{LogMoments, log_moments};
use super::super::norm::Norm;
use super::super::phase::homogeneous;
use super::super::site::Fans;
use super::noise::Noise;
use super::passed::Reach;
use super::read::Feed;
use super::response::respond;
use super::spread::{Form, LayerSpread, Map};
use super::walk::PassDirection;
use super::{MlpTheory, Signal, share};

/// The statistics of a hidden layer, for one length.
pub(super) struct HiddenStep {
    /// The averages of φ in an infinitely wide network, without masks, and its map of correlations.
    pub(super) phi: LogMoments,
    pub(super) kernel: Kernel,
    /// The shares of the skip connection and of the branch in the variance of h, and that of φ's own variance in the
    /// branch.
    pub(super) kept: f64,
    pub(super) new: f64,
    pub(super) own: f64,
    /// The slope q·D/Var φ of the map of correlations at 1.
    pub(super) steep: f64,
    /// How a and b change in the sum, and in the norm after it.
    pub(super) map: Map,
    pub(super) after: Map,
    pub(super) h: Signal,
    typical: Signal,
    spread: LayerSpread,
    peak: f64,
    noise: Noise,
    /// The variation that is new in this layer.
    chance: LayerSpread,
    /// d ln D/d ln q, and E[φ²·φ'²]/(V·D) − 1.
    tilt: f64,
    together: f64,
    /// Values of a typical network: f and g of [`LayerSpread`], S and R without masks, and the curvature's variance.
    shares: [f64; 2],
    growth: [f64; 2],
    bent: f64,
    radial: f64,
    masks: MaskFactors,
}

/// The step of ln q over which d ln D/d ln q is measured.
const TILT: f64 = 0.05;

/// What is known about two examples in a layer.
pub(super) struct Known {
    /// The correlation of their z, and the root of its mean square over networks.
    pub(super) c: f64,
    pub(super) root: f64,
    /// The correlations of their φ, and of their streams before the layer.
    pub(super) value: f64,
    pub(super) alike: f64,
    /// The correlation of their ln q over networks.
    pub(super) together: f64,
}

/// How masks that differ between examples act on the changes of φ ([`LogMoments::dropped`]): a ← x·a + y·b, b ← w·b.
#[derive(Clone, Copy)]
struct MaskFactors {
    x: f64,
    y: f64,
    w: f64,
}

impl MaskFactors {
    fn new(phi: &LogMoments, p: f64) -> Self {
        let [own, square] = [phi.variance, 2.0 * phi.mean].map(|part| share(part, phi.second));
        let whole = own + p * square;
        if p == 0.0 || whole == 0.0 {
            return Self { x: 1.0, y: 0.0, w: 1.0 };
        }
        let y = 2.0 * p * (own * square).sqrt() / whole;
        let x = own / whole;
        Self { x, y: if phi.negative { -y } else { y }, w: ((1.0 - p) * x).sqrt() }
    }
}

impl HiddenStep {
    /// Computes the layer, where `gate` is ln of the square of the factor on the branch.
    pub(super) fn new(
        theory: &MlpTheory,
        fans: Fans,
        read: &Feed,
        way: &PassDirection,
        gate: f64,
        skips: bool,
    ) -> Self {
        let p = theory.architecture.dropout;
        let (moved, chance) = (read.moved.times(read.past), read.chance * read.past * read.past);
        let phi = log_moments(theory.architecture.activation, read.inner);
        let dropped = phi.dropped(p);
        let branch = |phi: &LogMoments| Signal {
            variance: phi.variance + gate,
            mean: phi.mean + 0.5 * gate,
            negative: phi.negative,
        };
        let new = branch(&dropped);
        let h = if skips { way.h.plus(new) } else { new };
        let shares = |old: Signal, new: Signal, sum: Signal| {
            if skips { [share(old.variance, sum.variance), share(new.variance, sum.variance)] } else { [0.0, 1.0] }
        };
        let [kept, branched] = shares(way.h, new, h);

        let (mut usual, bent) = respond(theory.architecture.activation, read.inner_typical, chance);
        let s = usual.variance_growth;
        // z with heavier tails is a mixture of normal numbers whose variances have the relative variance excess/3.
        usual.peak = (usual.peak + read.excess / 3.0 * s * (2.0 * s - 1.0) * (usual.peak + 1.0)).max(0.0);
        let growth = [s, usual.mean_growth];
        usual = usual.shifted(mixed(theory, read));
        let masked = usual.dropped(p);
        let new = branch(&masked);
        // These are means over networks, whereas a typical network has the mean of the logarithm.
        let new = new.scaled(0.5 * power(&new, &masked) * power(&new, &masked) * chance);
        let old = way.typical.scaled(0.5 * way.spread.variance(way.typical.read(Norm::None, 0.0)));
        let sum = if skips { old.plus(new) } else { new };
        let [f, g] = shares(old, new, sum);
        let Form(x, y) = moved.times(g * masked.variance_growth);
        let a = Form(x + f, y);
        let Form(x, y) = moved.times(g.sqrt() * masked.mean_growth);
        let map = Map { a, b: Form(x, y + f.sqrt()) };

        let n = fans.fan_out as f64;
        // A norm on z fixes its length, as orthogonal weights do.
        let radial = 2.0 * (1.0 - theory.sampling(fans) * read.past * read.past);
        let (s, r) = (masked.variance_growth, masked.mean_growth);
        let both = g * g.sqrt() * (masked.skew - radial * s * r) / n;
        let fresh = LayerSpread {
            aa: g * g * ((masked.peak - radial * s * s).max(0.0) / n + bent) + 4.0 * f * g * masked.own / n,
            ab: both,
            ba: both,
            bb: g * (masked.own - radial * r * r).max(0.0) / n,
        };
        let spread = way.spread.mapped(&map, &map).plus(fresh);
        let typical = sum.scaled(-0.5 * spread.variance(sum.read(Norm::None, 0.0)));
        let masks = MaskFactors::new(&usual, p);
        // For homogeneous activations φ²·φ'² goes as the fourth power of a slope; for others both follow z² (Stein's
        // identity).
        let straight = homogeneous(theory.architecture.activation);
        let near =
            || (log_moments(theory.architecture.activation, read.inner_typical + TILT).slope - usual.slope) / TILT;
        let tilt = if straight { 0.0 } else { near() };
        let together = if straight { usual.slope_peak - 1.0 } else { 2.0 * tilt * usual.sensitivity };
        Self {
            kernel: Kernel::new(theory.architecture.activation, read.inner, &phi),
            kept,
            new: branched,
            own: dropped.own,
            steep: share(read.inner + phi.slope, phi.variance),
            map,
            after: Map::normed(Norm::None, &typical, 0.0),
            h,
            typical,
            spread,
            peak: if skips { 3.0 } else { peak(&usual, theory) },
            noise: Noise::new(theory.architecture.activation, read.inner_typical, &usual),
            shares: [f, g],
            growth,
            bent,
            masks,
            chance: fresh,
            radial,
            tilt,
            together,
            phi,
        }
    }

    /// Moves the example past the layer and the norm after it, whose output is `h`.
    pub(super) fn advance(&mut self, norm: Norm, way: &mut PassDirection, h: Signal, reach: Reach) -> Reach {
        let (typical, divisor) = self.typical.normed(norm);
        self.after = Map::normed(norm, &self.typical, divisor);
        let spread = self.spread.mapped(&self.after, &self.after);
        *way = PassDirection { h, typical: if norm == Norm::Batch { h } else { typical }, spread, peak: self.peak };
        Reach {
            map: self.whole(),
            noise: self.chance.mapped(&self.after, &self.after),
            tilt: self.tilt,
            peak: self.phi.slope_peak,
            together: self.together,
            part: self.part(),
            ..reach
        }
    }

    /// The map from the changes of the h before the layer to those of the h after it.
    fn whole(&self) -> Map {
        Map { a: self.after.a.before(&self.map), b: self.after.b.before(&self.map) }
    }

    /// The share of φ's variance in its mean square.
    fn part(&self) -> f64 {
        let [v, ..] = self.h.parts();
        v
    }

    /// The variation that this layer adds for two examples.
    pub(super) fn noise(&self, other: &Self, known: &Known, units: usize) -> LayerSpread {
        let &Known { c, root, value, alike, together } = known;
        let [mut aa, mut ab, mut ba] = self.noise.with(&other.noise, [c, root]);
        let radial = (self.radial * other.radial).sqrt() * root * root;
        let ([s, r], [s2, r2]) = (self.growth, other.growth);
        aa -= radial * s * s2;
        ab -= radial * s * r2;
        ba -= radial * r * s2;
        let bb = value - radial * r * r2;
        let (one, two) = (self.masks, other.masks);
        let masked = LayerSpread {
            aa: one.x * (two.x * aa + two.y * ab) + one.y * (two.x * ba + two.y * bb),
            ab: two.w * (one.x * ab + one.y * bb),
            ba: one.w * (two.x * ba + two.y * bb),
            bb: one.w * two.w * bb,
        };
        let n = units as f64;
        let ([f, g], [f2, g2]) = (self.shares, other.shares);
        let cross = 4.0 * (f * g * f2 * g2 * self.own * other.own).sqrt() * alike * value;
        let bent = g * g2 * (self.bent * other.bent).sqrt() * together * together;
        LayerSpread {
            aa: (g * g2 * masked.aa + cross) / n + bent,
            ab: g * g2.sqrt() * masked.ab / n,
            ba: g.sqrt() * g2 * masked.ba / n,
            bb: (g * g2).sqrt() * masked.bb / n,
        }
    }
}

/// The logarithm of the factor by which heavy tails change `E[φ²]`, where q is replaced by q·χ and χ has the variance
/// excess/3.
fn mixed(theory: &MlpTheory, read: &Feed) -> f64 {
    let variance = read.excess / 3.0;
    if variance < 0.02 || homogeneous(theory.architecture.activation) {
        return 0.0;
    }
    let spread = libm::log1p(variance);
    let (centre, step) = (read.inner_typical - 0.5 * spread, (3.0 * spread).sqrt());
    let at = |ln_q: f64| log_moments(theory.architecture.activation, ln_q).second;
    let usual = at(read.inner_typical);
    let of = |ln_q: f64| libm::exp(at(ln_q) - usual);
    libm::log((of(centre - step) + 4.0 * of(centre) + of(centre + step)) / 6.0)
}

/// The derivative d ln `E[φ²]`/d ln q of a branch.
fn power(branch: &Signal, phi: &LogMoments) -> f64 {
    let [v, both, _] = branch.parts();
    v * phi.variance_growth + 2.0 * both * phi.mean_growth
}

/// The kurtosis E h⁴/(E h²)² of h = φ, or of h about its mean where a LayerNorm reads it.
fn peak(phi: &LogMoments, theory: &MlpTheory) -> f64 {
    let central = phi.peak + 1.0;
    if matches!(theory.architecture.norm, Norm::Layer | Norm::Batch) {
        return central;
    }
    let [v, both, m] = Signal { variance: phi.variance, mean: phi.mean, negative: phi.negative }.parts();
    (v * v * central + 4.0 * both * v * phi.skew + 6.0 * v * m + m * m) / (1.0 - theory.architecture.dropout)
}
