//! What a layer is measured by, against the same networks in plain f64.
//!
//! The f64 network has the engine's own weights and batch, is written from the definition of the model, and
//! every number is computed from its whole activations as `lab::metric` defines it.

use crate::common::{dot, norm, widen};
use crate::driven::{Engine, frames, spec, start};
use burn::tensor::{Device, Tensor};
use init_lab::engine::batch::{Data, Inputs};
use init_lab::engine::initial::initial;
use init_lab::engine::report::Report;
use init_lab::engine::tap::{Statistics, Tap, Taps};
use init_lab::engine::trainer::Trainer;
use init_lab::lab::metric::LayerMetric;
use init_lab::lab::number::Number;
use init_lab::lab::protocol::Command;
use init_lab::lab::spec::{Model, Spec};
use init_lab::science::architecture::Architecture;
use init_lab::science::layer::LayerId;

/// f32 of the network beside f64, and of the reductions.
const TOLERANCE: f64 = 2e-4;

const MLP: &str = "depth=5&width=24&batch=12&device=cpu";
const GPT: &str = "model=gpt&depth=2&width=16&heads=2&context=12&batch=3&device=cpu";

#[test]
fn perceptrons() {
    for rest in [
        "init=kaiming-normal",
        "init=kaiming-normal&bias=0.3",
        "init=xavier-normal&act=tanh",
        "init=xavier-normal&act=sigmoid",
        "init=xavier-normal&act=linear",
        "init=kaiming-normal&act=relu-squared",
        "init=kaiming-normal&residual=on",
        "init=rezero&residual=on",
        "init=layer-scale&residual=on&act=gelu",
        "init=kaiming-normal&residual=on&norm=layer&pos=pre",
        "init=kaiming-normal&residual=on&norm=rms&pos=post",
        "init=xavier-normal&norm=layer&pos=post&act=tanh",
        "init=kaiming-normal&data=spirals&act=silu",
    ] {
        check(&format!("{MLP}&{rest}"));
    }
}

#[test]
fn transformers() {
    for rest in [
        "init=normal&std=0.2&bias=0.1",
        "init=normal&std=0.2&pos=post",
        "init=normal&std=0.2&norm=none",
        "init=normal&std=0.3&residual=off",
        "init=normal&std=0.3&residual=off&norm=rms&act=relu",
        "init=rezero&norm=none",
        "init=deepnorm&pos=post",
        "init=layer-scale",
        "init=fixup&norm=none&tied=off",
        "init=normal&std=1.5",
    ] {
        check(&format!("{GPT}&{rest}"));
    }
}

/// Masks tell apart what is equal: under dropout the shares are those of the same network with nothing left out, while
/// its variances and gradients are those of the training pass.
#[test]
fn masks_tell_nothing_apart() {
    let of = |link: &str| {
        let mut engine = Engine::new();
        frames(&engine.send([start(1, link)]))[0].layers.clone()
    };
    for link in [MLP, GPT, "depth=5&width=24&batch=12&norm=batch&pos=inner&device=cpu"] {
        let [plain, masked] = ["", "&dropout=0.5"].map(|rest| of(&format!("{link}&init=xavier-normal{rest}")));
        let shares = |l: &LayerMetric| [l.signal_share, l.position_share, l.unit_diversity];
        assert_eq!(plain.iter().map(shares).collect::<Vec<_>>(), masked.iter().map(shares).collect::<Vec<_>>());
        let hidden = plain.len() - 2;
        assert_ne!(plain[hidden].activation_var, masked[hidden].activation_var);
        assert_ne!(plain[hidden].gradient_rms, masked[hidden].gradient_rms);
    }
    // Equal units count as equal, whatever is left out.
    let layers = of("depth=4&width=24&batch=12&init=constant&std=0.02&dropout=0.5&device=cpu");
    assert!(
        layers[..4].iter().all(|layer| layer.unit_diversity.is_some_and(|Number(part)| part < 1e-12)),
        "{layers:?}"
    );
}

/// Squares of these leave f32, the numbers do not.
#[test]
fn shares_do_not_depend_on_the_scale() {
    check("depth=24&width=64&batch=8&init=normal&std=2&device=cpu");
    check("depth=12&width=64&batch=8&init=normal&std=0.001&device=cpu");
    check("depth=10&width=64&batch=8&init=normal&std=0.001&act=linear&device=cpu");
}

/// Far below the rounding of numbers near 1, and far above that of the network.
#[test]
fn a_share_near_0_keeps_its_digits() {
    let metrics = measured(&spec("depth=18&width=64&batch=16&init=xavier-normal&act=sigmoid&device=cpu"));
    let shares: Vec<f64> = metrics.iter().map(|layer| number(layer.signal_share)).collect();
    assert!(shares[6] < 1e-8 && shares[6] > 1e-11, "the case must be near 0: {shares:?}");
    check("depth=6&width=64&batch=16&init=xavier-normal&act=sigmoid&device=cpu");
    // As deep as this, rows are the same to the last bit, or differ in it.
    assert!(shares[17] < 1e-13, "{shares:?}");
}

#[test]
fn equal_units_are_exactly_alike() {
    for link in [
        format!("{MLP}&init=constant&std=0.0078125"),
        format!("{MLP}&init=constant&std=0.05&act=tanh"),
        format!("{MLP}&init=constant&std=0.05&residual=on"),
        format!("{MLP}&init=constant&std=0.05&norm=rms&pos=post&act=gelu"),
        "depth=12&width=128&batch=64&init=constant&std=0.0078125&device=cpu".to_owned(),
    ] {
        let metrics = measured(&spec(&link));
        for layer in metrics.iter().filter(|layer| matches!(layer.id, LayerId::Hidden(_))) {
            assert_eq!(layer.unit_diversity, Some(Number(0.0)), "{link}, {}", layer.id);
        }
    }
}

/// A network that is 0 has no shares; what it adds is nothing.
#[test]
fn nothing_is_divided_by_0() {
    for layer in measured(&spec(&format!("{MLP}&init=zeros&residual=on"))) {
        let shares = [layer.signal_share, layer.position_share, layer.unit_diversity, layer.branch_share];
        assert_eq!(shares, [None; 4], "{}", layer.id);
        assert_eq!(layer.activation_var, Some(Number(0.0)));
    }
    for layer in measured(&spec(&format!("{GPT}&init=zeros"))) {
        let shares = [layer.signal_share, layer.position_share, layer.unit_diversity, layer.branch_share];
        assert_eq!(shares, [None; 4], "{}", layer.id);
    }
}

#[test]
fn closed_branches_add_exactly_nothing() {
    for link in [
        format!("{MLP}&init=rezero&residual=on"),
        format!("{GPT}&init=fixup&norm=none"),
        format!("{GPT}&init=normal&writes=zero"),
        format!("{GPT}&init=rezero&norm=none"),
    ] {
        let metrics = measured(&spec(&link));
        let shares: Vec<_> = metrics.iter().filter_map(|layer| layer.branch_share).collect();
        assert!(shares.len() > 1 && shares.iter().all(|share| share.0 == 0.0), "{link}: {shares:?}");
    }
    let plain = measured(&spec(&format!("{MLP}&init=kaiming-normal")));
    assert!(plain.iter().all(|layer| layer.branch_share.is_none()), "no skip connection, no branch");
}

#[test]
fn dead_units_have_no_slope() {
    let (lab, device) = (spec("depth=3&width=32&batch=16&init=kaiming-normal&device=cpu"), Device::flex());
    let mut trainer = Trainer::new(&lab, &device);
    let bias = trainer.parameters().iter().position(|p| p.name == "hidden.2.bias").expect("a bias");
    trainer.set_weights(bias, Tensor::full([1, 1, 32], -1e3, &device));
    let mut taps = Taps::new(true);
    trainer.measure(&Data::load(&lab, &device).batches(0, 1)[0], &mut taps);
    let (recorded, numbers) = taps.finish();
    let numbers: Vec<f32> = numbers.into_iter().flat_map(values).collect();
    let report = Report::read(&lab.architecture(), &lab.architecture().layers(), recorded.read(1, &numbers));
    let slopes = report.layers.iter().map(|layer| layer.slope_square);
    let [alive, dead, beyond, output] = slopes.collect::<Vec<_>>()[..] else { panic!("four layers") };
    assert!(number(alive) > 0.2 && dead == Some(Number(0.0)), "{alive:?} {dead:?}");
    assert_eq!(
        (beyond, output),
        (Some(Number(0.0)), None),
        "a layer of zeros is dead too; the output has no activation"
    );
    let silent = &report.layers[1];
    assert_eq!((silent.signal_share, silent.unit_diversity), (None, None), "0 has no shares");
    let flat = measured(&spec(&format!("{MLP}&init=normal&std=100&act=tanh")));
    assert!(number(flat[2].slope_square) < 0.01, "saturated");
}

#[test]
fn attention_that_takes_one_is_seen() {
    let even = measured(&spec(&format!("{GPT}&init=zeros")));
    // A query at t looks at t positions alike: ⟨1/t⟩ over t = 2…12.
    let mean = (2..=12).map(|t| 1.0 / f64::from(t)).sum::<f64>() / 11.0;
    assert!((number(even[1].attention_peak) - mean).abs() < 1e-6, "{:?}", even[1].attention_peak);
    let sharp = measured(&spec(&format!("{GPT}&init=normal&std=30")));
    assert!(number(sharp[1].attention_peak) > 0.99, "{:?}", sharp[1].attention_peak);
    assert_eq!([&sharp[0], &sharp[3]].map(|layer| layer.attention_peak), [None, None]);
}

#[test]
fn every_network_of_many_has_its_own_shares() {
    let all: Vec<Spec> = (1..=3).map(|seed| spec(&format!("{GPT}&init=normal&std=0.3&seed={seed}"))).collect();
    let device = Device::flex();
    let batch = Data::load(&all[0], &device).batches(0, 1).remove(0);
    let look = |mut trainer: Trainer, replicas| {
        let mut taps = Taps::new(true);
        trainer.measure(&batch, &mut taps);
        let (recorded, numbers) = taps.finish();
        let values: Vec<f32> = numbers.into_iter().flat_map(values).collect();
        let found = recorded.read(replicas, &values);
        found.into_iter().filter(|(tap, _)| !matches!(tap, Tap::Gradient { .. })).collect::<Vec<_>>()
    };
    let mut values = initial(&all[0]);
    for spec in &all[1..] {
        values.iter_mut().zip(initial(spec)).for_each(|(values, more)| values.extend(more));
    }
    let together = look(Trainer::with_values(&all[0], values, &device), 3);
    for (place, spec) in all.iter().enumerate() {
        for ((tap, many), (_, one)) in together.iter().zip(look(Trainer::new(spec, &device), 1)) {
            let all = [Statistics::rows_share, Statistics::units_share, Statistics::positions_share];
            for share in all {
                let (many, one) = (share(&many[place]).unwrap_or(0.0), share(&one[0]).unwrap_or(0.0));
                assert!((many - one).abs() <= 1e-6 * one, "{tap:?}: {many} of three, {one} alone");
            }
        }
    }
}

#[test]
fn second_moments_that_overflowed_are_counted() {
    let link = "depth=24&width=64&batch=8&init=normal&std=1.2&opt=adam&lr=0.001&device=cpu";
    let mut engine = Engine::new();
    let events = engine.send([start(1, link)]);
    assert_eq!(frames(&events)[0].frozen_share, None, "nothing is remembered yet");
    let events = engine.send([Command::Step(1)]);
    let frame = *frames(&events).last().expect("a frame");
    let session = engine.0.session().expect("it goes on");
    let [_, second] = session.trainer().optimizer_state().averages();
    let all: Vec<f32> = second.iter().flat_map(|moments| values(moments.clone())).collect();
    let frozen = all.iter().filter(|moment| !moment.is_finite()).count() as f64 / all.len() as f64;
    assert!(frozen > 0.01 && frozen < 1.0, "the case must have some: {frozen}");
    let share = number(frame.frozen_share);
    assert!((share - frozen).abs() < 1e-6, "{share}, counted {frozen}");

    for (opt, share) in [("sgd", None), ("momentum", None), ("adamw", Some(Number(0.0)))] {
        let mut engine = Engine::new();
        engine.send([start(1, &format!("{MLP}&init=kaiming-normal&opt={opt}"))]);
        let events = engine.send([Command::Step(3)]);
        assert_eq!(frames(&events).last().expect("a frame").frozen_share, share, "{opt}");
    }
}

/// Step 0 of a network beside f64.
fn check(link: &str) {
    let spec = spec(link);
    let metrics = measured(&spec);
    let layers = Reference::new(&spec).layers();
    assert_eq!(metrics.len(), layers.len(), "{link}");
    let mut wrong = Vec::new();
    for (metric, layer) in metrics.iter().zip(&layers) {
        let pairs = [
            ("signal", metric.signal_share, layer.signal()),
            ("position", metric.position_share, layer.position()),
            ("units", metric.unit_diversity, layer.units()),
            ("branch", metric.branch_share, layer.branch()),
            ("slope", metric.slope_square, layer.slope()),
            ("peak", metric.attention_peak, layer.peak),
        ];
        for (what, measured, expected) in pairs {
            let fits = match (measured, expected) {
                // The rounding of the network's own numbers is the floor of every share.
                (Some(Number(measured)), Some(expected)) => {
                    (measured - expected).abs() <= TOLERANCE * expected + 1e-6 * expected.sqrt() + 1e-14
                }
                (measured, expected) => measured.is_none() && expected.is_none(),
            };
            if !fits {
                wrong.push(format!("{} {what}: measured {measured:?}, in f64 {expected:?}", metric.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{link}\n{}", wrong.join("\n"));
}

fn measured(spec: &Spec) -> Vec<LayerMetric> {
    let events = Engine::new().send([Command::Start { run: 1, spec: spec.clone() }]);
    frames(&events)[0].layers.clone()
}

fn number(number: Option<Number>) -> f64 {
    number.expect("measured").0
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// Rows of numbers.
type Rows = Vec<Vec<f64>>;

/// What the f64 network has in a layer.
struct Layer {
    /// Its output, and how many rows make a text.
    h: Rows,
    time: usize,
    /// φ'(z).
    slopes: Option<Rows>,
    /// What each branch added, and to what.
    branches: Vec<[Rows; 2]>,
    peak: Option<f64>,
}

impl Layer {
    fn new(h: Rows, time: usize) -> Self {
        Self { h, time, slopes: None, branches: Vec::new(), peak: None }
    }

    /// A part of Σ h², as a share of it.
    fn share(&self, part: f64) -> Option<f64> {
        let all = square(&self.h);
        (all > 0.0).then(|| part / all)
    }

    fn signal(&self) -> Option<f64> {
        self.share(spread(&columns(&self.h)))
    }

    fn position(&self) -> Option<f64> {
        let texts = self.h.chunks(self.time).map(|text| spread(&columns(text)));
        self.share(texts.sum()).filter(|_| self.time > 1)
    }

    fn units(&self) -> Option<f64> {
        self.share(spread(&self.h))
    }

    fn branch(&self) -> Option<f64> {
        let mut left = 1.0;
        let mut sum = None;
        for [added, kept] in &self.branches {
            let (added, kept) = (square(added), square(kept));
            let share = added / (added + kept);
            if share.is_nan() {
                return None;
            }
            sum = Some(sum.unwrap_or(0.0) + left * share);
            left *= 1.0 - share;
        }
        sum
    }

    fn slope(&self) -> Option<f64> {
        self.slopes.as_ref().map(|slopes| square(slopes) / (slopes.len() * slopes[0].len()) as f64)
    }
}

fn square(rows: &Rows) -> f64 {
    rows.iter().map(|row| dot(row, row)).sum()
}

/// Σ over rows of their numbers' squared distances from the row's mean.
fn spread(rows: &[Vec<f64>]) -> f64 {
    let away = |row: &Vec<f64>| {
        let mean = row.iter().sum::<f64>() / row.len() as f64;
        row.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
    };
    rows.iter().map(away).sum()
}

fn columns(rows: &[Vec<f64>]) -> Rows {
    (0..rows[0].len()).map(|i| rows.iter().map(|row| row[i]).collect()).collect()
}

fn add(a: &Rows, b: &Rows) -> Rows {
    a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect()
}

fn scale(rows: &Rows, factor: f64) -> Rows {
    rows.iter().map(|row| row.iter().map(|x| x * factor).collect()).collect()
}

/// A network with the engine's weights.
struct Reference {
    spec: Spec,
    net: Architecture,
    parameters: Vec<(String, Rows)>,
    inputs: Rows,
}

impl Reference {
    fn new(spec: &Spec) -> Self {
        let device = Device::flex();
        let trainer = Trainer::new(spec, &device);
        let pairs = trainer.parameters().iter().zip(trainer.weights());
        let rows = |tensor: Tensor<3>| -> Rows {
            let columns = tensor.dims()[2];
            widen(values(tensor)).chunks(columns).map(<[f64]>::to_vec).collect()
        };
        let parameters = pairs.map(|(p, weights)| (p.name.clone(), rows(weights.clone()))).collect();
        let inputs = match Data::load(spec, &device).batches(0, 1).remove(0).inputs {
            Inputs::Rows(inputs) | Inputs::Windows(inputs) => rows(inputs),
        };
        Self { spec: spec.clone(), net: spec.architecture(), parameters, inputs }
    }

    fn layers(&self) -> Vec<Layer> {
        match self.spec.network.model {
            Model::Mlp => self.mlp(),
            Model::Gpt => self.gpt(),
        }
    }

    fn find(&self, name: &str) -> Option<&Rows> {
        self.parameters.iter().find(|(other, _)| other == name).map(|(_, rows)| rows)
    }

    fn linear(&self, name: &str, x: &Rows) -> Rows {
        let w = self.find(&format!("{name}.weight")).expect("a matrix");
        let bias = self.find(&format!("{name}.bias"));
        let row = |x: &Vec<f64>| {
            let mut z = bias.map_or_else(|| vec![0.0; w[0].len()], |bias| bias[0].clone());
            for (x, w) in x.iter().zip(w) {
                z.iter_mut().zip(w).for_each(|(z, w)| *z += x * w);
            }
            z
        };
        x.iter().map(row).collect()
    }

    /// Gains are 1 and shifts 0 at the start.
    fn normed(&self, x: &Rows) -> Rows {
        x.iter().map(|row| norm(self.spec.network.norm, row)).collect()
    }

    fn bend(&self, z: &Rows) -> [Rows; 2] {
        let activation = self.spec.network.activation;
        let map = |f: &dyn Fn(f64) -> f64| z.iter().map(|row| row.iter().map(|z| f(*z)).collect()).collect();
        [map(&|z| activation.apply(z)), map(&|z| activation.derivative(z))]
    }

    /// The sum, and its two parts.
    fn join(&self, h: &Rows, branch: Rows, gate: &str) -> (Rows, [Rows; 2]) {
        let kept = scale(h, self.net.junction.skip);
        let added: Rows = match self.find(gate) {
            Some(gate) => {
                let at = |i: usize| gate[0][i.min(gate[0].len() - 1)];
                branch.iter().map(|row| row.iter().enumerate().map(|(i, x)| x * at(i)).collect()).collect()
            }
            None => branch,
        };
        (add(&kept, &added), [added, kept])
    }

    fn mlp(&self) -> Vec<Layer> {
        let mut layers: Vec<Layer> = Vec::new();
        let mut h = self.inputs.clone();
        for l in 1..=self.spec.network.depth {
            let read = if self.net.pre_norm() && l > 1 { self.normed(&h) } else { h.clone() };
            let [y, slopes] = self.bend(&self.linear(&format!("hidden.{l}"), &read));
            let mut branches = Vec::new();
            if self.spec.network.residual && l > 1 {
                let (sum, parts) = self.join(&h, y, &format!("hidden.{l}.gate"));
                h = sum;
                branches.push(parts);
            } else {
                h = y;
            }
            if self.net.post_norm() {
                h = self.normed(&h);
            }
            layers.push(Layer { slopes: Some(slopes), branches, ..Layer::new(h.clone(), 1) });
        }
        let read = if self.net.pre_norm() { self.normed(&h) } else { h };
        layers.push(Layer::new(self.linear("output", &read), 1));
        layers
    }

    fn gpt(&self) -> Vec<Layer> {
        let time = self.spec.network.context;
        let tokens = self.find("embedding.token").or_else(|| self.find("embedding.token.weight")).expect("tokens");
        let places = self.find("embedding.position").expect("positions");
        let pick = |(t, row): (usize, &Vec<f64>)| {
            let id = row.iter().position(|x| *x == 1.0).expect("a character");
            tokens[id].iter().zip(&places[t % time]).map(|(a, b)| a + b).collect()
        };
        let mut h: Rows = self.inputs.iter().enumerate().map(pick).collect();
        let mut layers = vec![Layer::new(h.clone(), time)];
        for block in 1..=self.spec.network.depth {
            let layer = self.block(&h, block);
            h = layer.h.clone();
            layers.push(layer);
        }
        let last = if self.net.pre_norm() { self.normed(&h) } else { h };
        let logits = if self.spec.network.tied {
            last.iter().map(|x| tokens.iter().map(|row| self.net.logit_scale() * dot(x, row)).collect()).collect()
        } else {
            self.linear("head", &last)
        };
        layers.push(Layer::new(logits, time));
        layers
    }

    fn block(&self, h: &Rows, block: usize) -> Layer {
        let name = |part: &str| format!("block.{block}.{part}");
        let read = |h: &Rows| if self.net.pre_norm() { self.normed(h) } else { h.clone() };
        let mut branches = Vec::new();
        let mut join = |h: &Rows, branch: Rows, gate: &str| {
            if !self.spec.network.residual {
                return branch;
            }
            let (sum, parts) = self.join(h, branch, &name(gate));
            branches.push(parts);
            sum
        };
        let after = |h: Rows| if self.net.post_norm() { self.normed(&h) } else { h };
        let (mixed, peak) = self.attend(&self.linear(&name("qkv"), &read(h)));
        let h = after(join(h, self.linear(&name("out"), &mixed), "attention-gate"));
        let [y, slopes] = self.bend(&self.linear(&name("mlp-in"), &read(&h)));
        let h = after(join(&h, self.linear(&name("mlp-out"), &y), "mlp-gate"));
        Layer { slopes: Some(slopes), branches, peak: Some(peak), ..Layer::new(h, self.spec.network.context) }
    }

    fn attend(&self, qkv: &Rows) -> (Rows, f64) {
        let (d, time, heads) = (self.spec.network.width, self.spec.network.context, self.spec.network.heads);
        let size = d / heads;
        let factor = self.net.attention.factor(size);
        let (mut mixed, mut peaks) = (vec![vec![0.0; d]; qkv.len()], Vec::new());
        for (first, head) in (0..qkv.len()).step_by(time).flat_map(|first| (0..heads).map(move |head| (first, head))) {
            let part = |row: usize, which: usize| &qkv[row][which * d + head * size..][..size];
            for (t, mixed) in mixed.iter_mut().enumerate().skip(first).take(time) {
                let logits: Vec<f64> = (first..=t).map(|s| factor * dot(part(t, 0), part(s, 1))).collect();
                let most = logits.iter().copied().fold(f64::MIN, f64::max);
                let exps: Vec<f64> = logits.iter().map(|x| (x - most).exp()).collect();
                let sum: f64 = exps.iter().sum();
                for (s, weight) in (first..).zip(&exps) {
                    let values = part(s, 2).iter();
                    mixed[head * size..][..size].iter_mut().zip(values).for_each(|(y, v)| *y += weight / sum * v);
                }
                if t > first {
                    peaks.push(1.0 / sum);
                }
            }
        }
        (mixed, peaks.iter().sum::<f64>() / peaks.len() as f64)
    }
}
