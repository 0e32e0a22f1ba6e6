//! A perceptron in plain f64, forward and backward, written from its definition and from nothing
//! of the theory it checks.

use init_lab::science::activation::Activation;
use init_lab::science::architecture::Architecture;
use init_lab::science::data::likeness::Profile;
use init_lab::science::init::{Init, Scheme};
use init_lab::science::norm::NormPosition;
use init_lab::science::plan::Plan;
use init_lab::science::seed::Stream;
use init_lab::science::site::Site;
use init_lab::science::theory::MlpTheory;

use crate::common::{dot, norm, norm_back, widen};
use crate::plain::PLAIN;

/// What one layer of one network showed.
// Each test file looks at other fields.
#[allow(dead_code)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Variance of z over samples and units.
    pub(crate) preactivation: f64,
    /// Variance of h over samples and units.
    pub(crate) activation: f64,
    /// Mean square of h.
    pub(crate) second: f64,
    /// The share of z's mean square that differs between samples.
    pub(crate) across_samples: f64,
    /// Mean square over samples and entries of the gradient of each sample, then the root.
    pub(crate) gradient: f64,
}

/// Everything about one sample: per layer what it read, z, h, and its gradient at z.
#[derive(Default)]
struct Sample {
    inputs: Vec<Vec<f64>>,
    z: Vec<Vec<f64>>,
    read_by_phi: Vec<Vec<f64>>,
    sums: Vec<Vec<f64>>,
    h: Vec<Vec<f64>>,
    masks: Vec<Vec<f64>>,
    deltas: Vec<Vec<f64>>,
}

/// A network of this many hidden layers, as wide as its input, with ten outputs.
pub(crate) fn network(activation: Activation, scheme: Scheme, gain: f64, width: usize, depth: usize) -> MlpTheory {
    let (junction, mup) = (scheme.junction(depth), scheme == Scheme::Mup);
    let architecture = Architecture { depth, width, features: width, classes: 10, activation, junction, mup, ..PLAIN };
    MlpTheory {
        architecture,
        matrices: architecture.matrices(),
        plan: Plan::new(Init { std: 0.05, gain, ..Init::new(scheme) }),
        bias_std: None,
        input_second_moment: 1.0,
        batch: 1,
        profile: Profile::default(),
    }
}

/// The theory of a network that differs in some switches.
#[allow(dead_code)]
pub(crate) fn switched(mut theory: MlpTheory, change: impl FnOnce(&mut Architecture)) -> MlpTheory {
    change(&mut theory.architecture);
    theory
}

/// [`run`] on 8 Gaussian samples of the theory's size.
#[allow(dead_code)]
pub(crate) fn measure(theory: &MlpTheory, seed: u64) -> Vec<Measured> {
    let mut stream = Stream::new(seed, "inputs");
    let size = theory.input_second_moment.sqrt();
    let mut sample = || (0..theory.matrices[0].fans.fan_in).map(|_| size * stream.normal()).collect();
    let inputs: Vec<Vec<f64>> = (0..8).map(|_| sample()).collect();
    run(theory, seed, &inputs)
}

/// The network of this seed on these samples, with an independent random gradient at the output
/// of each; one entry per layer.
#[allow(dead_code)]
pub(crate) fn run(theory: &MlpTheory, seed: u64, inputs: &[Vec<f64>]) -> Vec<Measured> {
    let (matrices, biases) = draw(theory, seed);
    let mut stream = Stream::new(seed, "gradients");
    let mut chance = Stream::new(seed, "masks");
    let samples: Vec<Sample> = inputs
        .iter()
        .map(|input| {
            let mut sample = forward(theory, &matrices, &biases, input, &mut chance);
            let at_output = (0..theory.architecture.classes).map(|_| stream.normal()).collect();
            backward(theory, &matrices, &mut sample, at_output);
            sample
        })
        .collect();
    (0..matrices.len()).map(|l| observe(&samples, l)).collect()
}

/// An input with its label.
#[allow(dead_code)]
pub(crate) struct Example {
    pub(crate) input: Vec<f64>,
    pub(crate) label: usize,
}

/// The network of this seed on a batch: per layer the root mean square, over its entries, of the
/// gradient of the mean cross-entropy.
#[allow(dead_code)]
pub(crate) fn batch_gradient(theory: &MlpTheory, seed: u64, batch: &[Example]) -> Vec<f64> {
    let (matrices, biases) = draw(theory, seed);
    let mut chance = Stream::new(seed, "masks");
    let samples: Vec<Sample> = batch
        .iter()
        .map(|example| {
            let mut sample = forward(theory, &matrices, &biases, &example.input, &mut chance);
            let logits = &sample.z[matrices.len() - 1];
            let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut at_output: Vec<f64> = logits.iter().map(|z| (z - top).exp()).collect();
            let sum: f64 = at_output.iter().sum();
            at_output.iter_mut().for_each(|p| *p /= sum);
            at_output[example.label] -= 1.0;
            backward(theory, &matrices, &mut sample, at_output);
            sample
        })
        .collect();
    let layer = |l: usize| {
        // |Σ δ⊗in|² = Σ (δ·δ')·(in·in')
        let square: f64 = samples
            .iter()
            .flat_map(|a| {
                samples.iter().map(move |b| dot(&a.deltas[l], &b.deltas[l]) * dot(&a.inputs[l], &b.inputs[l]))
            })
            .sum();
        square.max(0.0).sqrt() / batch.len() as f64 / (matrices[l].len() as f64).sqrt()
    };
    (0..matrices.len()).map(layer).collect()
}

/// Weights and biases of a seed.
fn draw(theory: &MlpTheory, seed: u64) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let mut weights = Stream::new(seed, "weights");
    let layer = |site: &Site| {
        let matrix = widen(theory.plan.matrix(site, &mut weights));
        (matrix, widen(theory.plan.bias(site.role, site.fans, theory.bias_std, &mut weights)))
    };
    theory.matrices.iter().map(layer).unzip()
}

/// Each sample has masks of its own: 0 with the chance of the theory's dropout p, else 1/(1 − p).
fn forward(theory: &MlpTheory, matrices: &[Vec<f64>], biases: &[Vec<f64>], x: &[f64], chance: &mut Stream) -> Sample {
    let last = matrices.len() - 1;
    let mut sample = Sample::default();
    let mut h = x.to_vec();
    for (l, (matrix, bias)) in matrices.iter().zip(biases).enumerate() {
        let input = if l > 0 && theory.architecture.position == NormPosition::Pre {
            norm(theory.architecture.norm, &h)
        } else {
            h.clone()
        };
        // z = in·W + b, W row-major [in, out]
        let mut z = bias.clone();
        for (x, row) in input.iter().zip(matrix.chunks_exact(z.len())) {
            for (z, w) in z.iter_mut().zip(row) {
                *z += x * w;
            }
        }
        let inner = l < last && theory.architecture.position == NormPosition::Inner;
        let read_by_phi = if inner { norm(theory.architecture.norm, &z) } else { z.clone() };
        let mut sum: Vec<f64> = read_by_phi.clone();
        let mut draw = || {
            if chance.uniform() < theory.architecture.dropout { 0.0 } else { 1.0 / (1.0 - theory.architecture.dropout) }
        };
        let mask: Vec<f64> = z.iter().map(|_| draw()).collect();
        if l < last {
            sum.iter_mut().zip(&mask).for_each(|(z, m)| *z = m * theory.architecture.activation.apply(*z));
            if theory.architecture.residual && l > 0 {
                sum.iter_mut().zip(&h).for_each(|(sum, h)| *sum += h);
            }
        }
        h = if l < last && theory.architecture.position == NormPosition::Post {
            norm(theory.architecture.norm, &sum)
        } else {
            sum.clone()
        };
        sample.inputs.push(input);
        sample.z.push(z);
        sample.read_by_phi.push(read_by_phi);
        sample.sums.push(sum);
        sample.h.push(h.clone());
        sample.masks.push(mask);
    }
    sample
}

/// From the gradient at the output.
fn backward(theory: &MlpTheory, matrices: &[Vec<f64>], sample: &mut Sample, mut at_h: Vec<f64>) {
    let last = matrices.len() - 1;
    for l in (0..=last).rev() {
        let mut at_sum = at_h;
        let mut delta = at_sum.clone();
        if l < last {
            if theory.architecture.position == NormPosition::Post {
                at_sum = norm_back(theory.architecture.norm, &sample.sums[l], &at_sum);
                delta.clone_from(&at_sum);
            }
            for (delta, (&z, m)) in delta.iter_mut().zip(sample.read_by_phi[l].iter().zip(&sample.masks[l])) {
                *delta *= m * theory.architecture.activation.derivative(z);
            }
            if theory.architecture.position == NormPosition::Inner {
                delta = norm_back(theory.architecture.norm, &sample.z[l], &delta);
            }
        }
        let rows = matrices[l].chunks_exact(delta.len());
        at_h = rows.map(|row| dot(row, &delta)).collect();
        if l > 0 {
            if theory.architecture.position == NormPosition::Pre {
                at_h = norm_back(theory.architecture.norm, &sample.h[l - 1], &at_h);
            }
            if theory.architecture.residual && l < last {
                at_h.iter_mut().zip(&at_sum).for_each(|(a, b)| *a += b);
            }
        }
        sample.deltas.insert(0, delta);
    }
}

fn observe(samples: &[Sample], l: usize) -> Measured {
    let count = samples.len() as f64;
    let variance = |pick: fn(&Sample) -> &Vec<Vec<f64>>| {
        let all: Vec<f64> = samples.iter().flat_map(|s| pick(s)[l].clone()).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let second = dot(&all, &all) / all.len() as f64;
        (second - mean * mean, second)
    };
    let units = samples[0].z[l].len();
    let across = |unit: usize| {
        let mean = samples.iter().map(|s| s.z[l][unit]).sum::<f64>() / count;
        let square = samples.iter().map(|s| (s.z[l][unit] - mean).powi(2));
        square.sum::<f64>() / count / units as f64
    };
    let (preactivation, second_of_z) = variance(|s| &s.z);
    let (activation, second) = variance(|s| &s.h);
    let square = |s: &Sample| {
        let (delta, input) = (&s.deltas[l], &s.inputs[l]);
        dot(delta, delta) * dot(input, input) / (delta.len() * input.len()) as f64
    };
    Measured {
        preactivation,
        activation,
        second,
        across_samples: (0..units).map(across).sum::<f64>() / second_of_z,
        gradient: (samples.iter().map(square).sum::<f64>() / count).sqrt(),
    }
}
