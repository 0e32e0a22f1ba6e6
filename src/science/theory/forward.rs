//! The forward pass of the theory: second moments for each length of the input, and the correlations of pairs of
//! examples.

use super::super::init::Scheme;
use super::super::kernel::Kernel;
use super::super::norm::{Norm, NormPosition};
use super::super::site::{Fans, Site};
use super::batch::BatchMean;
use super::divided::Divided;
use super::passed::{LayerPass, PassedLength, PassedPair, Reach, ReachPair};
use super::read::Feed;
use super::spread::{Form, LayerSpread, Map};
use super::step::{HiddenStep, Known};
use super::walk::{PassDirection, Two, Walk};
use super::{LayerPrediction, MlpTheory, Signal};

impl MlpTheory {
    /// For each length r of the input, with q₀ = r,
    ///
    /// ```text
    /// q_l   = n_{l−1}·E[w²]·E[in²] + E[b²]
    /// var h = var φ + (residual: var h_{l−1}),  mean h = M + (residual: mean h_{l−1})
    /// ```
    ///
    /// How far single networks deviate from that is in [`LayerSpread`]. Pairs of examples have one correlation for each
    /// layer and kind (Poole 2016, arXiv:1606.05340): that of the whole of z, and that of h about its mean over units,
    /// which all examples of a length share.
    pub(super) fn forward(&self) -> (Vec<LayerPrediction>, Vec<LayerPass>) {
        // LSUV measures the network without dropout.
        let bare = if self.plan.init.scheme == Scheme::Lsuv && self.architecture.dropout > 0.0 {
            self.unmasked().forward().1
        } else {
            Vec::new()
        };
        let way = |length: &super::Length| {
            let h = Signal::centred(libm::log(self.input_second_moment * length.square));
            PassDirection { h, typical: h, spread: LayerSpread::default(), peak: self.profile.peak }
        };
        let mut state = Walk {
            ways: self.lengths().iter().map(way).collect(),
            pairs: self
                .profile
                .pairs
                .iter()
                .map(|kind| Two { alike: kind.correlation, stray: 0.0, spread: LayerSpread::default() })
                .collect(),
        };
        self.matrices.iter().map(|site| self.layer(site, &mut state, bare.get(site.layer - 1))).unzip()
    }

    fn layer(&self, site: &Site, state: &mut Walk, bare: Option<&LayerPass>) -> (LayerPrediction, LayerPass) {
        let batch = BatchMean::new(self);
        let Site { layer: l, fans, .. } = *site;
        let mut alike: Vec<f64> = state.pairs.iter().map(|pair| pair.alike).collect();
        let h: Vec<Signal> = state.ways.iter().map(|way| way.h).collect();
        let (inputs, before) = self.normed(self.before(l), &h, &mut alike);
        let weight = self.weight(site, &inputs, bare);
        let mut reads: Vec<Feed> =
            state.ways.iter().zip(&inputs).map(|(way, input)| self.read(site, weight, (way, *input))).collect();
        let whole = |([a, b], c): ([&Feed; 2], &f64)| a.input.whole(&b.input, *c);
        let wholes: Vec<f64> = self.pairs_of(&reads).zip(&alike).map(whole).collect();
        let z = |([a, b], whole): ([&Feed; 2], &f64)| {
            (a.fed * b.fed).sqrt() * whole + ((1.0 - a.fed) * (1.0 - b.fed)).sqrt()
        };
        let z: Vec<f64> = self.pairs_of(&reads).zip(&wholes).map(z).collect();
        let (bent, within) = self.inner(site.role, &mut reads, &z);
        let strays: Vec<f64> = self.strays(fans, &reads, &z, state);
        let roots: Vec<f64> = z.iter().zip(&strays).map(|(c, stray)| (c * c + stray).min(1.0).sqrt()).collect();
        let of_z = self.chance_of_z(fans, &reads, &roots, state);
        let mut layer = LayerPrediction::NONE;
        let q: Vec<f64> = reads.iter().map(|read| read.q).collect();
        layer.preactivation_var = Some(libm::exp(batch.mean(&q)));
        let centred: Vec<Signal> = reads.iter().map(|read| Signal::centred(read.typical + 0.5 * read.chance)).collect();
        let band = batch.band(&centred, [&of_z.0, &of_z.1], &z, fans.fan_out as f64);
        layer.preactivation_median = Some(band.median);
        // Under BatchNorm networks vary by a few per cent, less than the error of the prediction itself, which neglects
        // how the lengths of examples differ. So no band is drawn.
        let unknown = self.is_settled() || self.architecture.norm == Norm::Batch;
        layer.preactivation_spread = if unknown { 0.0 } else { band.spread };
        let mut passed: Vec<PassedLength> =
            reads.iter().zip(&state.ways).map(|(read, way)| self.passed(l, read, way)).collect();
        let mut pairs: Vec<PassedPair> = wholes
            .iter()
            .zip(z.iter().zip(&roots))
            .zip(&state.pairs)
            .map(|((&input, (&z, root)), pair)| {
                let reach = ReachPair {
                    noise: LayerSpread::default(),
                    before: pair.spread,
                    square: root * root,
                    stray: pair.stray,
                };
                PassedPair { input, z, slope: 1.0, reach }
            })
            .collect();
        let mut after = Divided::nothing(reads.len());
        if site.role.is_last() {
            for ((way, read), spread) in state.ways.iter_mut().zip(&reads).zip(&of_z.0) {
                *way = PassDirection {
                    h: Signal::centred(read.q),
                    typical: Signal::centred(read.typical),
                    spread: *spread,
                    peak: 3.0,
                };
            }
            let last = z.iter().zip(strays).zip(of_z.1);
            state.pairs = last.map(|((&alike, stray), spread)| Two { alike, stray, spread }).collect();
        } else {
            after = self.activate(l, fans, &reads, [&bent, &strays], state, (&mut passed, &mut pairs));
        }
        self.tell(&batch, state, fans.fan_out as f64, &mut layer);
        (
            layer,
            LayerPass { back: libm::log(fans.fan_out as f64) + weight, before, within, after, lengths: passed, pairs },
        )
    }

    fn passed(&self, l: usize, read: &Feed, way: &PassDirection) -> PassedLength {
        let whole = way.typical.read(Norm::None, 0.0);
        let input = read.moved.times(if read.fed > 0.0 { 1.0 / read.fed } else { 0.0 });
        // ln s² and what passes the norm make up ln E[h²].
        let divisor = if self.before(l) == Norm::None { Form(0.0, 0.0) } else { whole.plus(input.times(-1.0)) };
        let reach = Reach {
            moved: read.moved,
            input,
            divisor,
            map: Map { a: Form(0.0, 0.0), b: Form(0.0, 0.0) },
            noise: LayerSpread::default(),
            before: way.spread,
            tilt: 0.0,
            peak: 1.0,
            together: 0.0,
            part: 1.0,
        };
        PassedLength { input: read.input.second(), slope: 0.0, q: read.q, reach }
    }

    /// Computes h of a hidden layer. Returns the record of the norm after it.
    fn activate(
        &self,
        l: usize,
        fans: Fans,
        reads: &[Feed],
        [bent, strays]: [&[f64]; 2],
        state: &mut Walk,
        (passed, pairs): (&mut [PassedLength], &mut [PassedPair]),
    ) -> Divided {
        let skips = self.architecture.residual && l >= 2;
        // ln of the square of the factor on the branch.
        let gate = if skips { libm::log(self.architecture.junction.gate_square()) } else { 0.0 };
        let mut steps = Vec::with_capacity(reads.len());
        for ((read, way), passed) in reads.iter().zip(&state.ways).zip(passed.iter_mut()) {
            let step = HiddenStep::new(self, fans, read, way, gate, skips);
            passed.slope = step.phi.slope - libm::log1p(-self.architecture.dropout) + gate;
            steps.push(step);
        }
        let n = steps.len();
        let kernels: Vec<Option<Kernel>> = if pairs.is_empty() {
            Vec::new()
        } else {
            let join = |i: usize, j: usize| {
                (j >= i).then(|| if i == j { steps[i].kernel.clone() } else { steps[i].kernel.join(&steps[j].kernel) })
            };
            (0..n * n).map(|at| join(at / n, at % n)).collect()
        };
        for (k, ((kind, pair), told)) in
            self.profile.pairs.iter().zip(&mut state.pairs).zip(pairs.iter_mut()).enumerate()
        {
            let [i, j] = kind.lengths;
            let Some(map) = kernels.get(i * n + j).and_then(Option::as_ref) else { continue };
            let (one, other, c) = (&steps[i], &steps[j], bent[k]);
            let value = map.values(c);
            let (a, b) = (&reads[i], &reads[j]);
            let chance = (a.chance * b.chance).sqrt();
            let together = if chance > 0.0 { pair.spread.covariance(a.moved, b.moved) / chance } else { 0.0 };
            let known = Known { c, root: (c * c + strays[k]).min(1.0).sqrt(), value, alike: pair.alike, together };
            let noise = one.noise(other, &known, fans.fan_out);
            pair.spread = pair.spread.mapped(&one.map, &other.map).plus(noise);
            told.reach.noise = noise;
            // Two examples share no mask.
            let (kept, new) = ((one.kept * other.kept).sqrt(), (one.new * other.new * one.own * other.own).sqrt());
            pair.alike = kept * pair.alike + new * value;
            let slope = map.slopes(c);
            let steep = new * slope * (one.steep * other.steep).sqrt();
            pair.stray = kept * kept * pair.stray + steep * steep * strays[k];
            told.slope = (1.0 - self.architecture.dropout) * slope;
        }
        self.after(steps, state, passed, pairs)
    }

    /// Applies the norm after a hidden layer.
    fn after(
        &self,
        mut steps: Vec<HiddenStep>,
        state: &mut Walk,
        passed: &mut [PassedLength],
        pairs: &mut [PassedPair],
    ) -> Divided {
        let norm = self.norm_at(NormPosition::Post);
        let sums: Vec<Signal> = steps.iter().map(|step| step.h).collect();
        let mut alike: Vec<f64> = state.pairs.iter().map(|pair| pair.alike).collect();
        let (h, divided) = self.normed(norm, &sums, &mut alike);
        for (((step, way), passed), h) in steps.iter_mut().zip(&mut state.ways).zip(passed).zip(h) {
            passed.reach = step.advance(norm, way, h, passed.reach);
        }
        for (((kind, pair), told), alike) in self.profile.pairs.iter().zip(&mut state.pairs).zip(pairs).zip(alike) {
            let [one, other] = kind.lengths.map(|length| &steps[length].after);
            pair.alike = alike;
            pair.spread = pair.spread.mapped(one, other);
            told.reach.noise = told.reach.noise.mapped(one, other);
        }
        divided
    }

    /// Writes the statistics of h into the layer's prediction.
    fn tell(&self, batch: &BatchMean, state: &Walk, n: f64, layer: &mut LayerPrediction) {
        let h: Vec<Signal> = state.ways.iter().map(|way| way.h).collect();
        layer.activation_var = Some(libm::exp(batch.variance(&h)));
        let lifted =
            |way: &PassDirection| way.typical.scaled(0.5 * way.spread.variance(way.typical.read(Norm::None, 0.0)));
        let lifted: Vec<Signal> = state.ways.iter().map(lifted).collect();
        let own: Vec<LayerSpread> = state.ways.iter().map(|way| way.spread).collect();
        let shared: Vec<LayerSpread> = state.pairs.iter().map(|pair| pair.spread).collect();
        let alike: Vec<f64> = state.pairs.iter().map(|pair| pair.alike).collect();
        let band = batch.band(&lifted, [&own, &shared], &alike, n);
        layer.activation_median = Some(band.median);
        // The same holds for the spread of z.
        layer.activation_spread = if self.architecture.norm == Norm::Batch { 0.0 } else { band.spread };
        layer.batch_spread = band.batches;
        layer.log_spread = batch.square_spread(&lifted, &own, &shared);
        layer.signal_share = batch.signal_share(&h, &alike);
    }
}
