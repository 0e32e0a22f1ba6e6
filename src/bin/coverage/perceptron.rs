//! A perceptron of the lab in plain f64, forward and backward on its first batch: the same weights
//! and examples as the engine's, and nothing of the theory that is judged by it.

use init_lab::lab::spec::{Adapt, Model, Norm, NormPosition, Scheme, Spec};
use init_lab::science::data::ExampleTable;
use init_lab::science::junction::Gate;
use init_lab::science::lsuv::lsuv;
use init_lab::science::norm::EPSILON;
use init_lab::science::seed::Stream;

use super::cover::Seen;

/// The numbers of a batch, `[B][n]`.
type Rows = Vec<Vec<f64>>;

/// A layer's weights `[in, out]` and biases.
struct Layer {
    weights: Vec<f64>,
    biases: Vec<f64>,
}

/// What the backward pass needs of a layer.
struct Passed {
    read: Rows,
    z: Rows,
    /// The numbers that φ is applied to.
    at: Rows,
    masks: Rows,
    sum: Rows,
    h: Rows,
}

/// Measures each layer at step 0 of a spec, from input to output.
pub(crate) fn observe(spec: &Spec) -> Vec<Seen> {
    let (inputs, labels) = first_batch(spec);
    let layers = weights(spec, &inputs);
    // Masks would tell apart what is equal, so shares are those of a pass without dropout.
    let mut whole = spec.clone();
    whole.training.dropout = 0.0;
    let unmasked = forward(&whole, &layers, inputs.clone());
    let passed = forward(spec, &layers, inputs);
    let gradients = backward(spec, &layers, &passed, &labels);
    let seen = |((layer, unmasked), gradient): ((&Passed, &Passed), f64)| Seen {
        preactivation: variance(&layer.z),
        activation: variance(&layer.h),
        gradient,
        share: share(&unmasked.h),
    };
    passed.iter().zip(&unmasked).zip(gradients).map(seen).collect()
}

/// The variance of each layer's h alone, without a backward pass.
#[allow(dead_code, reason = "for the test of the default seed")]
pub(crate) fn activations(spec: &Spec) -> Vec<f64> {
    let (inputs, _) = first_batch(spec);
    let layers = weights(spec, &inputs);
    forward(spec, &layers, inputs).iter().map(|layer| variance(&layer.h)).collect()
}

/// The examples of step 0, with their labels.
fn first_batch(spec: &Spec) -> (Rows, Vec<usize>) {
    let whole = spec.run.data.table(spec.run.seed).expect("a perceptron's data is a table");
    let table: ExampleTable = if spec.adapt.kind == Adapt::Lora { whole.first_half() } else { whole };
    let table = table.first(spec.examples().unwrap_or(usize::MAX));
    let mut order: Vec<u32> = (0..table.train as u32).collect();
    Stream::new(spec.run.seed, "batches/epoch.0").shuffle(&mut order);
    let rows = order.iter().take(spec.training.batch).map(|row| *row as usize);
    let example = |row: usize| {
        let input = &table.inputs[row * table.features..(row + 1) * table.features];
        (input.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>(), table.labels[row] as usize)
    };
    rows.map(example).unzip()
}

fn weights(spec: &Spec, inputs: &Rows) -> Vec<Layer> {
    debug_assert_eq!(spec.network.model, Model::Mlp);
    let plan = spec.plan();
    let mut drawn: Vec<(Vec<f32>, Vec<f32>)> = Vec::new();
    for site in spec.architecture().matrices() {
        let name = site.id();
        let matrix = plan.matrix(&site, &mut Stream::new(spec.run.seed, &format!("weights/{name}.weight")));
        let mut stream = Stream::new(spec.run.seed, &format!("weights/{name}.bias"));
        drawn.push((matrix, plan.bias(site.role, site.fans, spec.start.bias, &mut stream)));
    }
    if spec.start.scheme == Scheme::Lsuv {
        lsuv(&mut drawn, inputs, &spec.architecture(), spec.start.bias);
    }
    let wide = |numbers: Vec<f32>| numbers.into_iter().map(f64::from).collect();
    drawn.into_iter().map(|(weights, biases)| Layer { weights: wide(weights), biases: wide(biases) }).collect()
}

fn gate(spec: &Spec) -> f64 {
    match spec.architecture().junction.gate {
        None => 1.0,
        Some(Gate::Scalar(start) | Gate::Vector(start)) => start,
    }
}

fn forward(spec: &Spec, layers: &[Layer], inputs: Rows) -> Vec<Passed> {
    let last = layers.len() - 1;
    let mut chance = Stream::new(spec.run.seed, "coverage/masks");
    let mut h = inputs;
    let mut passed = Vec::with_capacity(layers.len());
    for (l, layer) in layers.iter().enumerate() {
        let pre = l > 0 && spec.network.position == NormPosition::Pre;
        let read = if pre { normed(spec.network.norm, &h) } else { h.clone() };
        let z = product(&read, layer);
        let inner = l < last && spec.network.position == NormPosition::Inner;
        let at = if inner { normed(spec.network.norm, &z) } else { z.clone() };
        let mut masks: Rows = Vec::new();
        let mut sum = at.clone();
        if l < last {
            let gate = if spec.network.residual && l > 0 { gate(spec) } else { 1.0 };
            let mut draw =
                || if chance.uniform() < spec.training.dropout { 0.0 } else { gate / (1.0 - spec.training.dropout) };
            masks = z.iter().map(|row| row.iter().map(|_| draw()).collect()).collect();
            for (b, row) in sum.iter_mut().enumerate() {
                for (i, x) in row.iter_mut().enumerate() {
                    let skipped = if spec.network.residual && l > 0 { h[b][i] } else { 0.0 };
                    *x = skipped + masks[b][i] * spec.network.activation.apply(*x);
                }
            }
        }
        let post = l < last && spec.network.position == NormPosition::Post;
        h = if post { normed(spec.network.norm, &sum) } else { sum.clone() };
        passed.push(Passed { read, z, at, masks, sum, h: h.clone() });
    }
    passed
}

/// The root mean square of ∂L/∂W of each layer, where L is the mean cross-entropy.
fn backward(spec: &Spec, layers: &[Layer], passed: &[Passed], labels: &[usize]) -> Vec<f64> {
    let last = layers.len() - 1;
    let mut at_h: Rows = passed[last].z.iter().zip(labels).map(|(z, label)| residual(z, *label)).collect();
    let mut gradients = vec![0.0; layers.len()];
    for l in (0..=last).rev() {
        let layer = &passed[l];
        let mut at_sum = at_h;
        if l < last && spec.network.position == NormPosition::Post {
            at_sum = norm_back(spec.network.norm, &layer.sum, &at_sum);
        }
        let mut delta = at_sum.clone();
        if l < last {
            for (b, row) in delta.iter_mut().enumerate() {
                for (i, x) in row.iter_mut().enumerate() {
                    *x *= layer.masks[b][i] * spec.network.activation.derivative(layer.at[b][i]);
                }
            }
            if spec.network.position == NormPosition::Inner {
                delta = norm_back(spec.network.norm, &layer.z, &delta);
            }
        }
        gradients[l] = entries(&layer.read, &delta);
        if l == 0 {
            break;
        }
        let columns = layers[l].biases.len();
        let back = |row: &Vec<f64>| layers[l].weights.chunks_exact(columns).map(|w| dot(w, row)).collect::<Vec<f64>>();
        at_h = delta.iter().map(back).collect();
        if spec.network.position == NormPosition::Pre {
            at_h = norm_back(spec.network.norm, &passed[l - 1].h, &at_h);
        }
        if spec.network.residual && l < last {
            for (row, skipped) in at_h.iter_mut().zip(&at_sum) {
                row.iter_mut().zip(skipped).for_each(|(x, skipped)| *x += skipped);
            }
        }
    }
    gradients
}

/// The gradient at the logits, softmax(z) − y.
fn residual(z: &[f64], label: usize) -> Vec<f64> {
    let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut p: Vec<f64> = z.iter().map(|z| libm::exp(z - top)).collect();
    let sum: f64 = p.iter().sum();
    p.iter_mut().for_each(|p| *p /= sum);
    p[label] -= 1.0;
    p
}

/// The root mean square over the entries of the weights' gradient, Σ_b in_b ⊗ δ_b / B.
fn entries(read: &Rows, delta: &Rows) -> f64 {
    let (n, m) = (read[0].len(), delta[0].len());
    let mut square = 0.0;
    let mut row = vec![0.0; m];
    for i in 0..n {
        row.fill(0.0);
        for (read, delta) in read.iter().zip(delta).filter(|(read, _)| read[i] != 0.0) {
            row.iter_mut().zip(delta).for_each(|(sum, d)| *sum += read[i] * d);
        }
        square += dot(&row, &row);
    }
    (square / (n * m) as f64).sqrt() / read.len() as f64
}

fn product(rows: &Rows, layer: &Layer) -> Rows {
    let of = |row: &Vec<f64>| {
        let mut z = layer.biases.clone();
        let columns = z.len();
        for (x, weights) in row.iter().zip(layer.weights.chunks_exact(columns)).filter(|(x, _)| **x != 0.0) {
            z.iter_mut().zip(weights).for_each(|(z, w)| *z += x * w);
        }
        z
    };
    rows.iter().map(of).collect()
}

pub(crate) fn variance(rows: &Rows) -> f64 {
    let count = (rows.len() * rows[0].len()) as f64;
    let mean = rows.iter().flatten().sum::<f64>() / count;
    rows.iter().flatten().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count
}

fn share(rows: &Rows) -> f64 {
    let count = rows.len() as f64;
    let (mut apart, mut whole) = (0.0, 0.0);
    for i in 0..rows[0].len() {
        let mean = rows.iter().map(|row| row[i]).sum::<f64>() / count;
        apart += rows.iter().map(|row| (row[i] - mean) * (row[i] - mean)).sum::<f64>();
        whole += rows.iter().map(|row| row[i] * row[i]).sum::<f64>();
    }
    apart / whole
}

/// Applies a norm to rows: to each by itself, or for BatchNorm to each unit over all of them.
pub(crate) fn normed(norm: Norm, rows: &Rows) -> Rows {
    match norm {
        Norm::None => rows.clone(),
        Norm::Layer | Norm::Rms => rows.iter().map(|row| scaled(row, norm == Norm::Layer).0).collect(),
        Norm::Batch => {
            let units: Rows = transposed(rows).iter().map(|unit| scaled(unit, true).0).collect();
            transposed(&units)
        }
    }
}

/// The gradient before a norm, (g − y·⟨g·y⟩ − ⟨g⟩)/s, with y the norm's output and ⟨g⟩ only where the mean is taken
/// off.
fn norm_back(norm: Norm, rows: &Rows, gradients: &Rows) -> Rows {
    match norm {
        Norm::None => gradients.clone(),
        Norm::Layer | Norm::Rms => {
            rows.iter().zip(gradients).map(|(x, g)| scaled_back(x, g, norm == Norm::Layer)).collect()
        }
        Norm::Batch => {
            let (units, back) = (transposed(rows), transposed(gradients));
            let units: Rows = units.iter().zip(&back).map(|(x, g)| scaled_back(x, g, true)).collect();
            transposed(&units)
        }
    }
}

/// The numbers scaled to mean square 1, and what they were divided by.
fn scaled(x: &[f64], centred: bool) -> (Vec<f64>, f64) {
    let n = x.len() as f64;
    let mean = if centred { x.iter().sum::<f64>() / n } else { 0.0 };
    let square = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let s = (square + EPSILON).sqrt();
    (x.iter().map(|x| (x - mean) / s).collect(), s)
}

fn scaled_back(x: &[f64], g: &[f64], centred: bool) -> Vec<f64> {
    let (y, s) = scaled(x, centred);
    let n = x.len() as f64;
    let along = dot(g, &y) / n;
    let mean = if centred { g.iter().sum::<f64>() / n } else { 0.0 };
    g.iter().zip(&y).map(|(g, y)| (g - mean - y * along) / s).collect()
}

fn transposed(rows: &Rows) -> Rows {
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Four sums are kept side by side, because in a single one each addition waits for the one before.
    let mut sums = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a4.remainder().iter().zip(b4.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a4.zip(b4) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum::<f64>() + rest
}
