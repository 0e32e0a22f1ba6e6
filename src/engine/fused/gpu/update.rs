//! The optimizers' updates: a launch for a tensor and its averages; for SGD, a launch for three tensors.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::{Decay, Step};
use super::{buffer, dims, line, together};

const UNITS: u32 = 64;

/// Three tensors after w ← w − ηg.
pub(super) fn sgd(
    weights: [CubeTensor; 3],
    gradients: [CubeTensor; 3],
    rates: CubeTensor,
    steps: [Step; 3],
) -> (CubeTensor, CubeTensor, CubeTensor) {
    /// Weights, gradients, rates and what comes of them.
    const BUFFERS: u32 = 8;
    let (weights, gradients) = (weights.map(into_contiguous), gradients.map(into_contiguous));
    let rates = into_contiguous(rates);
    let most = rates.client.properties().hardware.max_bindings;
    if most < BUFFERS {
        let [one, two, three] = std::array::from_fn(|index| {
            let (w, g) = (weights[index].clone(), gradients[index].clone());
            momentum([w, g.clone(), g], rates.clone(), Step { begun: false, ..steps[index] }).0
        });
        return (one, two, three);
    }
    let shapes = weights.each_ref().map(dims::<3>);
    let lengths = shapes.map(|shape| shape.iter().product::<usize>());
    let (whole, new, starts) = together(&rates, shapes);
    let (count, dim) = line(lengths.into_iter().max().unwrap_or(0), UNITS);
    three::launch(
        &whole.client,
        count,
        dim,
        buffer(&weights[0]),
        buffer(&gradients[0]),
        buffer(&weights[1]),
        buffer(&gradients[1]),
        buffer(&weights[2]),
        buffer(&gradients[2]),
        buffer(&rates),
        buffer(&whole),
        lengths[0],
        lengths[1],
        lengths[2],
        starts[1],
        starts[2],
        shapes[0][0],
        steps[0].factor,
        steps[1].factor,
        steps[2].factor,
        steps[0].decay,
    );
    new.into()
}

/// w, v.
pub(super) fn momentum(all: [CubeTensor; 3], rates: CubeTensor, step: Step) -> (CubeTensor, CubeTensor) {
    let [w, g, v] = all.map(into_contiguous);
    let rates = into_contiguous(rates);
    let shape: [usize; 3] = dims(&w);
    let (whole, new, starts) = together(&w, [shape, shape]);
    let length = shape.iter().product();
    let (count, dim) = line(length, UNITS);
    rolling::launch(
        &whole.client,
        count,
        dim,
        buffer(&w),
        buffer(&g),
        buffer(&v),
        buffer(&rates),
        buffer(&whole),
        length,
        starts[1],
        shape[0],
        step.factor,
        if step.begun { step.betas[0] as f32 } else { 0.0 },
        step.decay,
    );
    new.into()
}

/// w, m, v.
pub(super) fn adam(all: [CubeTensor; 4], rates: CubeTensor, step: Step) -> (CubeTensor, CubeTensor, CubeTensor) {
    let [w, g, m, v] = all.map(into_contiguous);
    let rates = into_contiguous(rates);
    let shape: [usize; 3] = dims(&w);
    let (whole, new, starts) = together(&w, [shape, shape, shape]);
    let length = shape.iter().product();
    let (count, dim) = line(length, UNITS);
    let [old_1, old_2] = step.betas.map(|beta| if step.begun { beta as f32 } else { 0.0 });
    let [new_1, new_2] = step.betas.map(|beta| (1.0 - beta) as f32);
    adaptive::launch(
        &whole.client,
        count,
        dim,
        buffer(&w),
        buffer(&g),
        buffer(&m),
        buffer(&v),
        buffer(&rates),
        buffer(&whole),
        length,
        starts[1],
        starts[2],
        shape[0],
        step.factor,
        old_1,
        old_2,
        new_1,
        new_2,
        step.decay,
    );
    new.into()
}

#[cube(launch)]
fn three(
    w1: &[f32],
    g1: &[f32],
    w2: &[f32],
    g2: &[f32],
    w3: &[f32],
    g3: &[f32],
    rates: &[f32],
    new: &mut [f32],
    length1: usize,
    length2: usize,
    length3: usize,
    start2: usize,
    start3: usize,
    replicas: usize,
    factor1: f32,
    factor2: f32,
    factor3: f32,
    #[comptime] decay: Decay,
) {
    let at = ABSOLUTE_POS;
    if at < length1 {
        new[at] = down(w1[at], g1[at], rates, at / (length1 / replicas), factor1, decay);
    }
    if at < length2 {
        new[start2 + at] = down(w2[at], g2[at], rates, at / (length2 / replicas), factor2, decay);
    }
    if at < length3 {
        new[start3 + at] = down(w3[at], g3[at], rates, at / (length3 / replicas), factor3, decay);
    }
}

#[cube]
fn down(w: f32, g: f32, rates: &[f32], replica: usize, factor: f32, #[comptime] decay: Decay) -> f32 {
    w - coupled(w, g, rates, replica, decay) * rates[replica * 4] * factor
}

/// g + λw where decay enters the gradient.
#[cube]
fn coupled(w: f32, g: f32, rates: &[f32], replica: usize, #[comptime] decay: Decay) -> f32 {
    let mut gradient = g;
    if comptime!(decay == Decay::Coupled) {
        gradient += w * rates[replica * 4 + 2];
    }
    gradient
}

/// What is left of an average: nothing where β is 0, before the first step, whatever stands in its place.
/// 0 times that would be NaN where it is infinite.
#[cube]
fn remembered(average: f32, beta: f32) -> f32 {
    select(beta > 0.0f32, average * beta, 0.0f32)
}

#[cube(launch)]
fn rolling(
    w: &[f32],
    g: &[f32],
    v: &[f32],
    rates: &[f32],
    new: &mut [f32],
    length: usize,
    start_v: usize,
    replicas: usize,
    factor: f32,
    beta: f32,
    #[comptime] decay: Decay,
) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let replica = at / (length / replicas);
    let velocity = remembered(v[at], beta) + coupled(w[at], g[at], rates, replica, decay);
    new[start_v + at] = velocity;
    new[at] = w[at] - velocity * rates[replica * 4] * factor;
}

#[cube(launch)]
fn adaptive(
    w: &[f32],
    g: &[f32],
    m: &[f32],
    v: &[f32],
    rates: &[f32],
    new: &mut [f32],
    length: usize,
    start_m: usize,
    start_v: usize,
    replicas: usize,
    factor: f32,
    old1: f32,
    old2: f32,
    share1: f32,
    share2: f32,
    #[comptime] decay: Decay,
) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let replica = at / (length / replicas);
    let gradient = coupled(w[at], g[at], rates, replica, decay);
    let first = remembered(m[at], old1) + gradient * share1;
    let second = remembered(v[at], old2) + gradient * gradient * share2;
    new[start_m + at] = first;
    new[start_v + at] = second;
    let mut kept = w[at];
    if comptime!(decay == Decay::Decoupled) {
        kept -= kept * rates[replica * 4 + 2];
    }
    new[at] = kept - first / (second.sqrt() + rates[replica * 4 + 1]) * rates[replica * 4] * factor;
}
