//! Fused layers against their formulas. Their gradients: `engine_gradients.rs`; a GPU's: `engine_gpu.rs`.

use burn::tensor::{Device, Int, Tensor};
use init_lab::engine::fused::{DecayForm, Epilogue, Step, adam, cross_entropy, dense, dense_back, momentum};
use init_lab::lab::spec::Activation;
use init_lab::science::seed::Stream;

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// y and φ'(z) of z through an identity matrix.
fn activated(activation: Activation, z: &[f32], device: &Device) -> [Vec<f32>; 2] {
    let x = Tensor::<1>::from_data(z, device).reshape([1, z.len(), 1]);
    let [_, y, derivative] = dense(x, Tensor::ones([1, 1, 1], device), None, activation);
    [values(y), values(derivative)]
}

#[test]
fn activations_and_their_derivatives_are_their_formulas() {
    // Large, small and around 0; so many that some fill no whole vector.
    let mut z: Vec<f32> = (0..201).map(|i| (i as f32 - 100.0) * 0.1).collect();
    z.extend([1e-6, -1e-6, 3e-3, -3e-3, 0.2501, -0.2499, 30.0, -30.0]);
    let slopes = [0.0, 0.2, 1.0].map(Activation::leaky);
    for activation in Activation::ALL.iter().copied().chain(slopes) {
        let [y, derivative] = activated(activation, &z, &Device::flex());
        for ((z, y), derivative) in z.iter().zip(y).zip(derivative) {
            let x = f64::from(*z);
            let close = |a: f32, b: f64| (f64::from(a) - b).abs() <= 4e-7 + 4e-6 * b.abs();
            assert!(close(y, activation.apply(x)), "{activation:?}({z}) = {y}, not {}", activation.apply(x));
            // The derivative of a linear map is not made, and not read.
            if activation != Activation::Linear {
                assert!(close(derivative, activation.derivative(x)), "{activation:?}'({z}) = {derivative}");
            }
        }
    }
}

/// Near 0 it is the relative error that counts: networks that die are measured there.
#[test]
fn small_numbers_keep_their_digits() {
    let z: Vec<f32> = (0..40).map(|i| libm::powf(10.0, -0.5 * i as f32)).flat_map(|z| [z, -z]).collect();
    for activation in Activation::ALL.iter().copied().filter(|activation| activation.apply(0.0) == 0.0) {
        let [y, _] = activated(activation, &z, &Device::flex());
        for (z, y) in z.iter().zip(y) {
            let right = activation.apply(f64::from(*z));
            // z·Φ(z) of a far negative z is small by Φ, which is good to 1e-7.
            let allowed = 2e-6 * right.abs() + if z.abs() > 0.3 { 2e-7 } else { 1e-38 };
            assert!((f64::from(y) - right).abs() <= allowed, "{activation:?}({z}) = {y}, not {right}");
        }
    }
}

#[test]
fn what_is_not_a_number_stays_so() {
    for activation in Activation::ALL.iter().copied() {
        let [y, _] = activated(activation, &[f32::NAN, 1.0, f32::NAN, 1.0, f32::NAN], &Device::flex());
        assert!(y[0].is_nan() && y[2].is_nan() && y[4].is_nan(), "{activation:?}: {y:?}");
        assert!(y[1].is_finite() && y[3].is_finite(), "{activation:?}: {y:?}");
    }
    let bad = Tensor::<1>::from_data([f32::NAN, 0.0, 1.0, f32::INFINITY, 2.0, 1.0].as_slice(), &Device::flex());
    let targets = Tensor::<1>::from_data([1.0_f32, 0.0, 0.0].as_slice(), &Device::flex()).reshape([1, 1, 3]);
    let (loss, _) = cross_entropy(bad.reshape([2, 1, 3]), targets);
    assert!(values(loss).iter().all(|loss| loss.is_nan()));
}

/// Sizes that fill no tile, one replica or several, an input that all share or each its own.
#[test]
fn products_of_any_size_are_sums() {
    let mut stream = Stream::new(1, "products");
    let mut draw = |dims: [usize; 3]| -> (Vec<f32>, Tensor<3>) {
        let all: Vec<f32> = (0..dims.iter().product()).map(|_| (2.0 * stream.uniform() - 1.0) as f32).collect();
        let tensor = Tensor::<1>::from_data(all.as_slice(), &Device::flex()).reshape(dims);
        (all, tensor)
    };
    let shapes = [[1, 1, 1, 1, 1], [1, 1, 5, 7, 9], [2, 1, 4, 8, 16], [3, 3, 9, 3, 13], [2, 2, 13, 18, 10]];
    for [replicas, own, rows, inner, columns] in shapes {
        let ((x, x_), (w, w_)) = (draw([own, rows, inner]), draw([replicas, inner, columns]));
        let ((b, b_), (dy, dy_)) = (draw([replicas, 1, columns]), draw([replicas, rows, columns]));
        let [z, ..] = dense(x_.clone(), w_.clone(), Some(b_), Activation::Linear);
        let epilogue = Epilogue { activation: Activation::Linear, biased: true };
        let (dx, dw, db) = dense_back(x_, w_, dy_.clone(), dy_, epilogue);
        let x_at = |r: usize, n: usize, i: usize| f64::from(x[((r % own) * rows + n) * inner + i]);
        let w_at = |r: usize, i: usize, j: usize| f64::from(w[(r * inner + i) * columns + j]);
        let dy_at = |r: usize, n: usize, j: usize| f64::from(dy[(r * rows + n) * columns + j]);
        let same =
            |what: &str, found: Vec<f32>, [lines, width]: [usize; 2], right: &dyn Fn(usize, usize, usize) -> f64| {
                assert_eq!(found.len(), replicas * lines * width, "{what}");
                for (at, found) in found.into_iter().enumerate() {
                    let right = right(at / width / lines, at / width % lines, at % width);
                    assert!((f64::from(found) - right).abs() < 1e-5, "{what}[{at}] = {found}, not {right}");
                }
            };
        same("z", values(z), [rows, columns], &|r, n, j| {
            f64::from(b[r * columns + j]) + (0..inner).map(|i| x_at(r, n, i) * w_at(r, i, j)).sum::<f64>()
        });
        same("dx", values(dx), [rows, inner], &|r, n, i| (0..columns).map(|j| dy_at(r, n, j) * w_at(r, i, j)).sum());
        same("dw", values(dw), [inner, columns], &|r, i, j| (0..rows).map(|n| x_at(r, n, i) * dy_at(r, n, j)).sum());
        same("db", values(db), [1, columns], &|r, _, j| (0..rows).map(|n| dy_at(r, n, j)).sum());
    }
}

/// A part of a tensor lies in the storage of the whole.
#[test]
fn a_gradient_may_be_a_part_of_a_tensor() {
    let device = Device::flex();
    let of = |dims: [usize; 3]| {
        let count = dims.iter().product::<usize>() as i64;
        Tensor::<1, Int>::arange(0..count, &device).float().div_scalar(count as f32).reshape(dims)
    };
    let (x, w, whole) = (of([1, 3, 2]), of([1, 2, 5]), of([1, 7, 5]));
    let [_, _, derivative] = dense(x.clone(), w.clone(), None, Activation::Tanh);
    let epilogue = Epilogue { activation: Activation::Tanh, biased: true };
    let numbers = values(whole.clone())[10..25].to_vec();
    let alone = Tensor::<1>::from_data(numbers.as_slice(), &device).reshape([1, 3, 5]);
    let [part, alone] = [whole.narrow(1, 2, 3), alone].map(|dy| {
        let (dx, dw, db) = dense_back(x.clone(), w.clone(), dy, derivative.clone(), epilogue);
        [values(dx), values(dw), values(db)]
    });
    assert_eq!(part, alone);
}

/// Before the first step something stands in for the averages; whatever it is, 0 times it is not taken.
#[test]
fn what_stands_in_for_an_average_counts_as_zero() {
    let device = Device::flex();
    let of = |numbers: [f32; 5]| Tensor::<1>::from_data(numbers.as_slice(), &device).reshape([1, 1, 5]);
    let (w, g) = (of([1.0; 5]), of([0.5, -0.5, 1e30, f32::INFINITY, 0.0]));
    let rates = Tensor::<1>::from_data([0.1_f32, 1e-8, 0.0, 0.0].as_slice(), &device);
    let step = Step { factor: 1.0, decay: DecayForm::None, betas: [0.9, 0.999], begun: false };
    for other in [0.0, f32::INFINITY, f32::NAN] {
        let other = of([other; 5]);
        let (moved, velocity) = momentum(w.clone(), g.clone(), other.clone(), rates.clone(), step);
        let (moved, velocity) = (values(moved), values(velocity));
        assert_eq!(velocity, [0.5, -0.5, 1e30, f32::INFINITY, 0.0], "v = g, without earlier steps");
        assert_eq!(moved[3], f32::NEG_INFINITY, "it went where its gradient sent it");
        let (_, first, second) = adam(w.clone(), g.clone(), other.clone(), other, rates.clone(), step);
        let (first, second) = (values(first), values(second));
        assert!((first[0] - 0.05).abs() < 1e-7 && (second[0] - 2.5e-4).abs() < 1e-9, "{first:?} {second:?}");
        assert_eq!(second[2..], [f32::INFINITY, f32::INFINITY, 0.0], "g\u{b2} left f32, and nothing else");
    }
}

/// Finite logits whose differences leave f32: what is not the target weighs nothing, and is not read.
#[test]
fn a_loss_is_that_of_its_target_alone() {
    let device = Device::flex();
    let of = |numbers: [f32; 3]| Tensor::<1>::from_data(numbers.as_slice(), &device).reshape([1, 1, 3]);
    let (loss, gradient) = cross_entropy(of([3e38, -3e38, 0.0]), of([1.0, 0.0, 0.0]));
    assert_eq!((values(loss), values(gradient)), (vec![0.0], vec![0.0; 3]));
}
