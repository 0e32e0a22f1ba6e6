//! The optimizers' updates: one pass over a tensor and its averages.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::{DecayForm, RATES, Step};
use super::lanes::map;
use super::{contiguous, dims, numbers, of_replica, tensor};

/// The constants of a replica's update.
struct Constants {
    /// η, times the tensor's factor.
    rate: f32x4,
    epsilon: f32x4,
    /// λ where decay enters the gradient, else 0.
    coupled: f32x4,
    /// 1 − ηλ where decay shrinks the weights apart, else 1.
    kept: f32x4,
}

impl Constants {
    fn new(rates: &[f32], r: usize, step: Step) -> Self {
        let [rate, epsilon, decay, _] = std::array::from_fn(|column| rates[r * RATES + column]);
        let (coupled, decoupled) = match step.decay {
            DecayForm::None => (0.0, 0.0),
            DecayForm::Coupled => (decay, 0.0),
            DecayForm::Decoupled => (0.0, decay),
        };
        Self {
            rate: f32x4::splat(rate * step.factor),
            epsilon: f32x4::splat(epsilon),
            coupled: f32x4::splat(coupled),
            kept: f32x4::splat(1.0 - decoupled),
        }
    }
}

/// Three tensors w − ηg.
pub(in super::super) fn sgd_three(
    [w1, g1, w2, g2, w3, g3, rates]: [FlexTensor; 7],
    [step1, step2, step3]: [Step; 3],
) -> [FlexTensor; 3] {
    let sgd = |w, g, step| {
        let [w] =
            update([w, g], &rates, step, |Constants { rate, coupled, .. }, [w, g]| [w - (g + w * *coupled) * *rate]);
        w
    };
    [sgd(w1, g1, step1), sgd(w2, g2, step2), sgd(w3, g3, step3)]
}

/// w and v.
pub(in super::super) fn momentum([w, g, v, rates]: [FlexTensor; 4], step: Step) -> [FlexTensor; 2] {
    let beta = f32x4::splat(step.betas[0] as f32);
    update([w, g, v], &rates, step, |Constants { rate, coupled, .. }, [w, g, v]| {
        let v = decayed_average(v, beta, step) + (g + w * *coupled);
        [w - v * *rate, v]
    })
}

/// w, m and v.
pub(in super::super) fn adam([w, g, m, v, rates]: [FlexTensor; 5], step: Step) -> [FlexTensor; 3] {
    let [beta1, beta2] = step.betas.map(|beta| f32x4::splat(beta as f32));
    let [rest1, rest2] = step.betas.map(|beta| f32x4::splat((1.0 - beta) as f32));
    update([w, g, m, v], &rates, step, |Constants { rate, epsilon, coupled, kept }, [w, g, m, v]| {
        let g = g + w * *coupled;
        let m = decayed_average(m, beta1, step) + g * rest1;
        let v = decayed_average(v, beta2, step) + g * g * rest2;
        [w * *kept - m / (v.sqrt() + *epsilon) * *rate, m, v]
    })
}

/// What is left of an average: nothing before the first step, whatever stands in its place. 0 times that
/// would be NaN where it is infinite.
#[inline(always)]
fn decayed_average(average: f32x4, beta: f32x4, step: Step) -> f32x4 {
    if step.begun { average * beta } else { f32x4::ZERO }
}

/// What f makes of tensors `[R, rows, columns]`, replica by replica with its constants.
#[inline(always)]
fn update<const I: usize, const O: usize>(
    inputs: [FlexTensor; I],
    rates: &FlexTensor,
    step: Step,
    f: impl Fn(&Constants, [f32x4; I]) -> [f32x4; O],
) -> [FlexTensor; O] {
    let rates = contiguous(rates.clone());
    let inputs = inputs.map(contiguous);
    let shape: [usize; 3] = dims(&inputs[0]);
    let of = |r: usize| {
        let constants = Constants::new(numbers(&rates), r, step);
        map(inputs.each_ref().map(|input| of_replica(input, r)), |x| f(&constants, x))
    };
    let mut outputs = of(0);
    for r in 1..shape[0] {
        outputs.iter_mut().zip(of(r)).for_each(|(output, more)| output.extend(more));
    }
    outputs.map(|output| tensor(output, shape))
}
