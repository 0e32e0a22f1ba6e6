//! The optimizers' updates: a launch for a tensor and its averages; for SGD, a launch for three tensors.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::{DecayForm, RATES, Step};
use super::{allocate_joined, buffer, dims, launch_1d};

/// The units of a cube.
const UNITS: u32 = 64;
/// The columns of a replica's rates: ε, and what decay multiplies the weights by; η is the first.
const EPSILON: usize = 1;
const DECAY: usize = 2;

/// The sizes and constants of the update of one tensor.
#[derive(CubeLaunch, CubeType)]
struct UpdateArguments {
    /// The numbers of all replicas.
    length: usize,
    /// The numbers of one replica.
    replica_length: usize,
    /// What the tensor's rate is multiplied by.
    factor: f32,
    #[cube(comptime)]
    decay: DecayForm,
}

/// How a running average is updated, and where in the buffer of results it begins.
#[derive(CubeLaunch, CubeType)]
struct AverageArguments {
    start: usize,
    /// What the average keeps of itself; 0 before the first step.
    beta: f32,
    /// The share of what is new.
    share: f32,
}

/// Three tensors w − ηg.
pub(in super::super) fn sgd_three(
    [w1, g1, w2, g2, w3, g3, rates]: [CubeTensor; 7],
    steps: [Step; 3],
) -> [CubeTensor; 3] {
    /// Buffers of weights, gradients and rates, and the one of results.
    const BUFFERS: u32 = 8;
    let (weights, gradients) = ([w1, w2, w3].map(into_contiguous), [g1, g2, g3].map(into_contiguous));
    let rates = into_contiguous(rates);
    if rates.client.properties().hardware.max_bindings < BUFFERS {
        return std::array::from_fn(|index| {
            let (w, g) = (weights[index].clone(), gradients[index].clone());
            let [new, _] = momentum([w, g.clone(), g, rates.clone()], Step { begun: false, ..steps[index] });
            new
        });
    }
    let shapes = weights.each_ref().map(dims::<3>);
    let (whole, new, starts) = allocate_joined(&rates, shapes);
    let longest = shapes.iter().map(|shape| shape.iter().product()).max().unwrap_or(0);
    let (count, dim) = launch_1d(longest, UNITS);
    sgd_three_all::launch(
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
        starts[1],
        starts[2],
        arguments(shapes[0], steps[0]),
        arguments(shapes[1], steps[1]),
        arguments(shapes[2], steps[2]),
    );
    new
}

/// w and v.
pub(in super::super) fn momentum(inputs: [CubeTensor; 4], step: Step) -> [CubeTensor; 2] {
    let [w, g, v, rates] = inputs.map(into_contiguous);
    let shape: [usize; 3] = dims(&w);
    let (whole, new, [_, start]) = allocate_joined(&w, [shape; 2]);
    let (count, dim) = launch_1d(shape.iter().product(), UNITS);
    momentum_all::launch(
        &whole.client,
        count,
        dim,
        buffer(&w),
        buffer(&g),
        buffer(&v),
        buffer(&rates),
        buffer(&whole),
        average(start, step.betas[0], step),
        arguments(shape, step),
    );
    new
}

/// w, m and v.
pub(in super::super) fn adam(inputs: [CubeTensor; 5], step: Step) -> [CubeTensor; 3] {
    let [w, g, m, v, rates] = inputs.map(into_contiguous);
    let shape: [usize; 3] = dims(&w);
    let (whole, new, [_, start_m, start_v]) = allocate_joined(&w, [shape; 3]);
    let (count, dim) = launch_1d(shape.iter().product(), UNITS);
    adam_all::launch(
        &whole.client,
        count,
        dim,
        buffer(&w),
        buffer(&g),
        buffer(&m),
        buffer(&v),
        buffer(&rates),
        buffer(&whole),
        average(start_m, step.betas[0], step),
        average(start_v, step.betas[1], step),
        arguments(shape, step),
    );
    new
}

fn arguments([replicas, rows, columns]: [usize; 3], step: Step) -> UpdateArgumentsLaunch {
    UpdateArgumentsLaunch::new(replicas * rows * columns, rows * columns, step.factor, step.decay)
}

fn average(start: usize, beta: f64, step: Step) -> AverageArgumentsLaunch {
    AverageArgumentsLaunch::new(start, if step.begun { beta as f32 } else { 0.0 }, (1.0 - beta) as f32)
}

#[cube(launch)]
fn sgd_three_all(
    w1: &[f32],
    g1: &[f32],
    w2: &[f32],
    g2: &[f32],
    w3: &[f32],
    g3: &[f32],
    rates: &[f32],
    new: &mut [f32],
    start2: usize,
    start3: usize,
    first: &UpdateArguments,
    second: &UpdateArguments,
    third: &UpdateArguments,
) {
    let at = ABSOLUTE_POS;
    if at < first.length {
        new[at] = sgd(w1[at], g1[at], rates, at, first);
    }
    if at < second.length {
        new[start2 + at] = sgd(w2[at], g2[at], rates, at, second);
    }
    if at < third.length {
        new[start3 + at] = sgd(w3[at], g3[at], rates, at, third);
    }
}

#[cube]
fn sgd(w: f32, g: f32, rates: &[f32], at: usize, arguments: &UpdateArguments) -> f32 {
    let row = at / arguments.replica_length * RATES;
    w - decayed_gradient(w, g, rates, row, arguments) * rates[row] * arguments.factor
}

/// g + λw where decay enters the gradient.
#[cube]
fn decayed_gradient(w: f32, g: f32, rates: &[f32], row: usize, arguments: &UpdateArguments) -> f32 {
    let mut gradient = g;
    if comptime!(arguments.decay == DecayForm::Coupled) {
        gradient += w * rates[row + DECAY];
    }
    gradient
}

/// What is left of an average: nothing where β is 0, before the first step, whatever stands in its place.
/// 0 times that would be NaN where it is infinite.
#[cube]
fn decayed_average(average: f32, beta: f32) -> f32 {
    select(beta > 0.0f32, average * beta, 0.0f32)
}

#[cube(launch)]
fn momentum_all(
    w: &[f32],
    g: &[f32],
    v: &[f32],
    rates: &[f32],
    new: &mut [f32],
    average: &AverageArguments,
    arguments: &UpdateArguments,
) {
    let at = ABSOLUTE_POS;
    if at >= arguments.length {
        terminate!();
    }
    let row = at / arguments.replica_length * RATES;
    let gradient = decayed_gradient(w[at], g[at], rates, row, arguments);
    let velocity = decayed_average(v[at], average.beta) + gradient;
    new[average.start + at] = velocity;
    new[at] = w[at] - velocity * rates[row] * arguments.factor;
}

#[cube(launch)]
fn adam_all(
    w: &[f32],
    g: &[f32],
    m: &[f32],
    v: &[f32],
    rates: &[f32],
    new: &mut [f32],
    first: &AverageArguments,
    second: &AverageArguments,
    arguments: &UpdateArguments,
) {
    let at = ABSOLUTE_POS;
    if at >= arguments.length {
        terminate!();
    }
    let row = at / arguments.replica_length * RATES;
    let gradient = decayed_gradient(w[at], g[at], rates, row, arguments);
    let new_m = decayed_average(m[at], first.beta) + gradient * first.share;
    let new_v = decayed_average(v[at], second.beta) + gradient * gradient * second.share;
    new[first.start + at] = new_m;
    new[second.start + at] = new_v;
    let mut kept = w[at];
    if comptime!(arguments.decay == DecayForm::Decoupled) {
        kept -= kept * rates[row + DECAY];
    }
    new[at] = kept - new_m / (new_v.sqrt() + rates[row + EPSILON]) * rates[row] * arguments.factor;
}
