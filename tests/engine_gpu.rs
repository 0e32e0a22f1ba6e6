//! A GPU's layers against the CPU's: `cargo test -F gpu --test engine engine_gpu`, where there is one (Vulkan,
//! Metal, DirectX). The suites compare the two in a browser, a step of a network at a time.

use burn::tensor::{Device, Tensor};
use init_lab::engine::fused::{DecayForm, Epilogue, Heads, Step, adam, attend, attend_back, cross_entropy, dense};
use init_lab::engine::fused::{dense_back, dense_back_weights, momentum, normalize, normalize_back, sgd};
use init_lab::engine::loss::accuracy;
use init_lab::engine::tap::{InspectedTaps, Taps};
use init_lab::lab::metric::Content;
use init_lab::lab::metric::Measures;
use init_lab::lab::spec::Activation;
use init_lab::science::layer::LayerId;
use init_lab::science::seed::Stream;

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

struct Pair(Device, Device);

impl Pair {
    fn of<const D: usize>(&self, dims: [usize; D], seed: u64) -> [Tensor<D>; 2] {
        let mut stream = Stream::new(seed, "fused");
        let numbers: Vec<f32> = (0..dims.iter().product()).map(|_| (2.0 * stream.uniform() - 1.0) as f32).collect();
        [&self.0, &self.1].map(|device| Tensor::<1>::from_data(numbers.as_slice(), device).reshape(dims))
    }
}

fn same<const D: usize>(what: &str, [gpu, cpu]: [Tensor<D>; 2]) {
    assert_eq!(gpu.dims(), cpu.dims(), "{what}");
    for (index, (a, b)) in values(gpu).iter().zip(values(cpu)).enumerate() {
        assert!((a - b).abs() <= 2e-5 * (1.0 + b.abs()), "{what}[{index}]: {a} on the GPU, {b} on the CPU");
    }
}

/// Pairs of GPU and CPU out of two lists.
fn compare<const D: usize, const N: usize>(what: &str, gpu: [Tensor<D>; N], cpu: [Tensor<D>; N]) {
    for (index, pair) in gpu.into_iter().zip(cpu).enumerate() {
        same(&format!("{what}.{index}"), pair.into());
    }
}

#[test]
fn a_gpu_computes_what_the_cpu_does() {
    let pair = Pair(Device::wgpu(Default::default()), Device::flex());
    let both = [0, 1];
    // Sizes that fill no tile; replicas that share their input, and that do not.
    for (replicas, own, rows, inner, columns) in [(1, 1, 5, 7, 9), (3, 1, 6, 4, 13), (2, 2, 33, 16, 32)] {
        for activation in Activation::ALL.iter().copied() {
            let (x, w) = (pair.of([own, rows, inner], 1), pair.of([replicas, inner, columns], 2));
            let (b, dy) = (pair.of([replicas, 1, columns], 3), pair.of([replicas, rows, columns], 4));
            for biased in [true, false] {
                let epilogue = Epilogue { activation, biased };
                let out = both.map(|d| dense(x[d].clone(), w[d].clone(), biased.then(|| b[d].clone()), activation));
                let back = both.map(|d| {
                    let (x, dy, derivative) = (x[d].clone(), dy[d].clone(), out[d][2].clone());
                    let (dx, dw, db) = if replicas == own {
                        dense_back(x, w[d].clone(), dy, derivative, epilogue)
                    } else {
                        let (dw, db) = dense_back_weights(x, dy, derivative, epilogue);
                        (dw.clone(), dw, db)
                    };
                    [dx, dw, if biased { db } else { w[d].clone() }]
                });
                let [gpu, cpu] = out;
                compare(&format!("{activation:?}"), gpu, cpu);
                let [gpu, cpu] = back;
                compare(&format!("{activation:?} back"), gpu, cpu);
            }
        }
    }
    for (replicas, own) in [(1, 1), (2, 1), (2, 2)] {
        for centers in [true, false] {
            let (x, dy) = (pair.of([replicas, 6, 10], 1), pair.of([replicas, 6, 10], 2));
            let (gain, shift) = (pair.of([own, 1, 10], 3), pair.of([own, 1, 10], 4));
            let [gpu, cpu] = both.map(|d| {
                let shift = centers.then(|| shift[d].clone());
                let [y, mean, inverse] = normalize(x[d].clone(), gain[d].clone(), shift);
                let inputs = [x[d].clone(), gain[d].clone(), mean.clone(), inverse.clone(), dy[d].clone()];
                let elsewhere = (own == 1).then(|| dy[d].clone());
                let [dx, dgain, dshift] = normalize_back(inputs, elsewhere, centers);
                [y, mean, inverse, dx, dgain.clone(), if centers { dshift } else { dgain }]
            });
            compare("norm", gpu, cpu);
        }
    }
    for (replicas, batch, time, count, size) in [(1, 2, 5, 2, 3), (2, 1, 40, 1, 36)] {
        let heads = Heads { count, time, factor: 0.7 };
        let qkv = pair.of([replicas, batch * time, 3 * count * size], 1);
        let dy = pair.of([replicas, batch * time, count * size], 2);
        let [gpu, cpu] = both.map(|d| {
            let (output, weights) = attend(qkv[d].clone(), heads);
            [output, attend_back(qkv[d].clone(), weights, dy[d].clone(), heads)]
        });
        compare("attention", gpu, cpu);
    }
    let logits = pair.of([2, 150, 5], 1);
    let targets = pair.of([1, 150, 5], 2);
    let [gpu, cpu] = both.map(|d| cross_entropy(logits[d].clone(), targets[d].clone()));
    same("loss", [gpu.0, cpu.0]);
    same("loss back", [gpu.1, cpu.1]);
    let all: Vec<[Tensor<3>; 2]> = (0..4).map(|seed| pair.of([2, 5, 3 + seed as usize / 4], seed)).collect();
    let rates = pair.of([64], 9).map(Tensor::abs);
    for decay in [DecayForm::None, DecayForm::Coupled, DecayForm::Decoupled] {
        for begun in [true, false] {
            let step = Step { factor: 0.5, decay, betas: [0.9, 0.999], begun };
            let of = |d: usize, which: usize| all[which][d].clone();
            let [gpu, cpu] = both.map(|d| {
                let pairs = [[of(d, 0), of(d, 1)], [of(d, 1), of(d, 2)], [of(d, 2), of(d, 3)]];
                // A bias beside its matrix may be spared its decay.
                let steps = [step, Step { factor: 2.0, decay: DecayForm::None, ..step }];
                let down = sgd(&pairs[..2], rates[d].clone(), &steps);
                let (w, v) = momentum(of(d, 0), of(d, 1), of(d, 2), rates[d].clone(), step);
                let adam = adam(of(d, 0), of(d, 1), of(d, 2), of(d, 3).abs(), rates[d].clone(), step);
                [down, vec![w, v], vec![adam.0, adam.1, adam.2]].concat()
            });
            for (index, pair) in gpu.into_iter().zip(cpu).enumerate() {
                same(&format!("update.{index}"), pair.into());
            }
        }
    }
}

/// Shaders may take it that there are no NaN; ties and NaN are no right answers all the same.
#[test]
fn a_gpu_counts_right_answers_as_the_cpu_does() {
    let nan = f32::NAN;
    let logits = [0.0, 0.0, 0.0, 0.0, nan, 5.0, 1.0, 0.0, 2.0, 2.0, 1.0, 0.0, 0.0, 3.0, 1.0, -1.0, nan, nan, nan, nan];
    let mut targets = [0.0; 20];
    for row in 0..5 {
        targets[4 * row + 1] = 1.0;
    }
    let shares = [Device::wgpu(Default::default()), Device::flex()].map(|device| {
        let tensor = |data: &[f32]| Tensor::<1>::from_data(data, &device).reshape([1, 5, 4]);
        values(accuracy(tensor(&logits), tensor(&targets)))[0]
    });
    let right = (0.25 + 0.0 + 0.5 + 1.0 + 0.0) / 5.0;
    assert!(shares.iter().all(|share| (share - right).abs() < 1e-6), "{shares:?} is not {right}");
}

/// What both devices count of the same numbers, which are also taken as the activations of a layer of ten units.
fn inspected(numbers: &[Vec<f32>], device: &Device) -> InspectedTaps {
    let mut taps = Taps::new(false).inspecting(Measures { histograms: true, units: true, ..Measures::default() });
    for (index, numbers) in numbers.iter().enumerate() {
        let id = LayerId::Hidden(index + 1).matrix();
        let tensor = Tensor::<1>::from_data(numbers.as_slice(), device).reshape([1, numbers.len() / 10, 10]);
        taps.count(Content::Weights, id, || tensor.clone());
        let activation = if index % 2 == 0 { Activation::Tanh } else { Activation::Relu };
        taps.inspect(index, id, activation, &tensor, &tensor);
    }
    let (recorded, parts) = taps.finish();
    recorded.inspection(&parts.into_iter().flat_map(values).collect::<Vec<f32>>())
}

#[test]
fn a_gpu_counts_histograms_and_units_as_the_cpu_does() {
    let mut stream = Stream::new(1, "histograms");
    let mut draw = |scale: f64, shift: f64| -> Vec<f32> {
        (0..10_010).map(|_| (scale * (stream.normal() + shift)) as f32).collect()
    };
    let mut all = [draw(1.0, 0.0), draw(1e-25, 0.3), draw(1e25, -2.0), draw(0.7, 0.0), draw(1.0, 0.0)].to_vec();
    // A ReLU with dead units, all zeros, and one number again and again.
    for (index, x) in all[3].iter_mut().enumerate() {
        *x = if index % 10 < 3 { 0.0 } else { x.max(0.0) };
    }
    all[4].fill(0.0);
    all.push(vec![0.25; 10_010]);
    let [gpu, cpu] = [Device::wgpu(Default::default()), Device::flex()].map(|device| inspected(&all, &device));
    assert_eq!(gpu.histograms.len(), 3 * all.len());
    for (gpu, cpu) in gpu.histograms.iter().zip(&cpu.histograms) {
        let what = format!("{:?} of {}", cpu.content, cpu.id);
        assert_eq!(
            (gpu.content, gpu.id, gpu.entries, gpu.zeros),
            (cpu.content, cpu.id, cpu.entries, cpu.zeros),
            "{what}"
        );
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-4 * (cpu.std.0.abs() + 1e-6 * cpu.mean.0.abs());
        assert!(near(gpu.mean.0, cpu.mean.0) && near(gpu.std.0, cpu.std.0), "{what}: {gpu:?} on the GPU, not {cpu:?}");
        // A number at an edge may fall on either side of it.
        let pairs = gpu.counts.iter().zip(&cpu.counts).chain(gpu.outside.iter().zip(&cpu.outside));
        for (a, b) in pairs.chain([(&gpu.near_zero, &cpu.near_zero)]) {
            assert!(a.abs_diff(*b) <= 2, "{what}: {gpu:?} on the GPU, not {cpu:?}");
        }
        assert_eq!(gpu.saturated, cpu.saturated, "{what}");
    }
    for (gpu, cpu) in gpu.units.iter().zip(&cpu.units) {
        assert_eq!((gpu.layer, gpu.dead.is_some()), (cpu.layer, cpu.dead.is_some()));
        let [a, b] = [gpu, cpu].map(|units| units.dead.or(units.saturated).expect("a share"));
        assert!((a - b).abs() < 1e-6, "layer {}: {a} on the GPU, {b} on the CPU", cpu.layer);
    }
    let dead: Vec<Option<f64>> = cpu.units.iter().map(|units| units.dead).collect();
    assert!(dead.iter().flatten().any(|share| (share - 0.3).abs() < 1e-6), "{dead:?}");
}
