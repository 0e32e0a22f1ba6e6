//! The optimizers' updates: one pass over a tensor and its averages.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::{Decay, RATES, Step};
use super::lanes::map;
use super::{contiguous, dims, numbers, tensor};

/// A replica's numbers of a step.
struct Numbers {
    rate: f32x4,
    epsilon: f32x4,
    /// λ, or 0.
    coupled: f32x4,
    /// 1 − ηλ, or 1.
    kept: f32x4,
}

impl Numbers {
    fn new(rates: &[f32], r: usize, step: Step) -> Self {
        let [rate, epsilon, decay, _] = std::array::from_fn(|column| rates[r * RATES + column]);
        let (coupled, gone) = match step.decay {
            Decay::None => (0.0, 0.0),
            Decay::Coupled => (decay, 0.0),
            Decay::Decoupled => (0.0, decay),
        };
        Self {
            rate: f32x4::splat(rate * step.factor),
            epsilon: f32x4::splat(epsilon),
            coupled: f32x4::splat(coupled),
            kept: f32x4::splat(1.0 - gone),
        }
    }
}

/// w − ηg.
pub(super) fn sgd(w: FlexTensor, g: FlexTensor, rates: &FlexTensor, step: Step) -> FlexTensor {
    let [w] = each([w, g], rates, step, |Numbers { rate, coupled, .. }, [w, g]| [w - (g + w * *coupled) * *rate]);
    w
}

/// w, v.
pub(super) fn momentum(all: [FlexTensor; 3], rates: &FlexTensor, step: Step) -> (FlexTensor, FlexTensor) {
    let beta = f32x4::splat(step.betas[0] as f32);
    let [w, v] = each(all, rates, step, |Numbers { rate, coupled, .. }, [w, g, v]| {
        let v = remembered(v, beta, step) + (g + w * *coupled);
        [w - v * *rate, v]
    });
    (w, v)
}

/// w, m, v.
pub(super) fn adam(all: [FlexTensor; 4], rates: &FlexTensor, step: Step) -> (FlexTensor, FlexTensor, FlexTensor) {
    let [old_1, old_2] = step.betas.map(|beta| f32x4::splat(beta as f32));
    let [new_1, new_2] = step.betas.map(|beta| f32x4::splat((1.0 - beta) as f32));
    let [w, m, v] = each(all, rates, step, |Numbers { rate, epsilon, coupled, kept }, [w, g, m, v]| {
        let g = g + w * *coupled;
        let m = remembered(m, old_1, step) + g * new_1;
        let v = remembered(v, old_2, step) + g * g * new_2;
        [w * *kept - m / (v.sqrt() + *epsilon) * *rate, m, v]
    });
    (w, m, v)
}

/// What is left of an average: nothing before the first step, whatever stands in its place. 0 times that
/// would be NaN where it is infinite.
#[inline(always)]
fn remembered(average: f32x4, beta: f32x4, step: Step) -> f32x4 {
    if step.begun { average * beta } else { f32x4::ZERO }
}

/// f of tensors `[R, rows, columns]`, replica by replica with its rates.
#[inline(always)]
fn each<const I: usize, const O: usize>(
    all: [FlexTensor; I],
    rates: &FlexTensor,
    step: Step,
    f: impl Fn(&Numbers, [f32x4; I]) -> [f32x4; O],
) -> [FlexTensor; O] {
    let rates = contiguous(rates.clone());
    let rates = numbers(&rates);
    let all = all.map(contiguous);
    let shape: [usize; 3] = dims(&all[0]);
    let lists = all.each_ref().map(numbers);
    let size = shape[1] * shape[2];
    let of = |r: usize| {
        let numbers = Numbers::new(rates, r, step);
        map(lists.map(|list| &list[r * size..(r + 1) * size]), |x| f(&numbers, x))
    };
    let mut outputs = of(0);
    for r in 1..shape[0] {
        outputs.iter_mut().zip(of(r)).for_each(|(output, more)| output.extend(more));
    }
    outputs.map(|output| tensor(output, shape))
}
