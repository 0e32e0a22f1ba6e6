//! Causal attention: a cube makes a row of the softmax, its units share the positions, then the width.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::Heads;
use super::{allocate_contiguous, buffer, dims};

/// The units of a cube.
const UNITS: usize = 32;

/// The sizes of an attention.
#[derive(CubeLaunch, CubeType)]
struct AttentionSizes {
    /// H.
    heads: usize,
    /// d_k.
    head_width: usize,
    /// c, what q·k is multiplied by.
    factor: f32,
    /// T, which a cube's memory is allocated by.
    #[cube(comptime)]
    time: usize,
}

/// What the heads read, and the softmax.
pub(in super::super) fn attend([qkv]: [CubeTensor; 1], heads: Heads) -> [CubeTensor; 2] {
    let qkv = into_contiguous(qkv);
    let [replicas, rows, wide] = dims(&qkv);
    let Heads { count, time, .. } = heads;
    let output = allocate_contiguous(&qkv, [replicas, rows, wide / 3]);
    let weights = allocate_contiguous(&qkv, [replicas * rows / time, count, time, time]);
    let (cubes, dim, sizes) = launch_positions(&qkv, heads);
    attend_position::launch(&qkv.client, cubes, dim, buffer(&qkv), buffer(&output), buffer(&weights), sizes);
    [output, weights]
}

/// q̄, k̄ and v̄ side by side: first the gradients of queries, then those of keys and values.
pub(in super::super) fn attend_back(inputs: [CubeTensor; 3], heads: Heads) -> [CubeTensor; 1] {
    let [qkv, weights, dy] = inputs.map(into_contiguous);
    let [replicas, rows, wide] = dims(&qkv);
    let Heads { count, time, .. } = heads;
    let dqkv = allocate_contiguous(&qkv, [replicas, rows, wide]);
    let dscores = allocate_contiguous(&qkv, [replicas * rows / time, count, time, time]);
    let (cubes, dim, sizes) = launch_positions(&qkv, heads);
    query_back::launch(
        &qkv.client,
        cubes,
        dim,
        buffer(&qkv),
        buffer(&weights),
        buffer(&dy),
        buffer(&dqkv),
        buffer(&dscores),
        sizes,
    );
    let (cubes, dim, sizes) = launch_positions(&qkv, heads);
    key_value_back::launch(
        &qkv.client,
        cubes,
        dim,
        buffer(&qkv),
        buffer(&weights),
        buffer(&dy),
        buffer(&dscores),
        buffer(&dqkv),
        sizes,
    );
    [dqkv]
}

/// A launch with a cube for each position of each head of each sequence.
fn launch_positions(qkv: &CubeTensor, heads: Heads) -> (CubeCount, CubeDim, AttentionSizesLaunch) {
    let ([replicas, rows, wide], Heads { count, time, factor }) = (dims(qkv), heads);
    let cubes = CubeCount::Static(time as u32, count as u32, (replicas * rows / time) as u32);
    (cubes, CubeDim::new_1d(UNITS as u32), AttentionSizesLaunch::new(count, wide / 3 / count, factor, time))
}

/// Where the numbers of a cube's head begin.
#[derive(CubeType)]
struct HeadOffsets {
    /// q, k and v in `[S·T, 3d]`.
    query: usize,
    key: usize,
    value: usize,
    /// The distance from one row of q, k and v to the next, 3d.
    wide: usize,
    /// What the head reads in `[S·T, d]`.
    output: usize,
    /// The distance from one row of what it reads to the next, d.
    width: usize,
    /// The softmax in `[S, H, T, T]`.
    square: usize,
}

#[cube]
fn head_offsets(sizes: &AttentionSizes) -> HeadOffsets {
    let (head, sequence) = (CUBE_POS_Y as usize, CUBE_POS_Z as usize);
    let width = sizes.heads * sizes.head_width;
    let wide = 3 * width;
    let query = sequence * sizes.time * wide + head * sizes.head_width;
    HeadOffsets {
        query,
        key: query + width,
        value: query + 2 * width,
        wide,
        output: sequence * sizes.time * width + head * sizes.head_width,
        width,
        square: (sequence * sizes.heads + head) * sizes.time * sizes.time,
    }
}

/// A(t, ·) = softmax(c·q(t)·k) over s ≤ t, and Σ_s A(t, s)·v(s).
#[cube(launch)]
fn attend_position(qkv: &[f32], output: &mut [f32], weights: &mut [f32], sizes: &AttentionSizes) {
    let (unit, t) = (UNIT_POS_X as usize, CUBE_POS_X as usize);
    let offsets = head_offsets(sizes);
    let query = offsets.query + t * offsets.wide;
    let own_output = offsets.output + t * offsets.width;
    let row = offsets.square + t * sizes.time;

    let mut scores = Shared::<[f32]>::new_slice(sizes.time);
    let mut exponentials = Shared::<[f32]>::new_slice(sizes.time);
    let mut s = unit;
    while s <= t {
        let mut dot = 0.0f32;
        for c in 0..sizes.head_width {
            dot += qkv[query + c] * qkv[offsets.key + s * offsets.wide + c];
        }
        scores[s] = dot * sizes.factor;
        s += UNITS;
    }
    sync_cube();
    let mut maximum = scores[0];
    for s in 1..t + 1 {
        maximum = max(maximum, scores[s]);
    }
    let mut s = unit;
    while s <= t {
        exponentials[s] = (scores[s] - maximum).exp();
        s += UNITS;
    }
    sync_cube();
    let mut total = 0.0f32;
    for s in 0..t + 1 {
        total += exponentials[s];
    }
    let mut s = unit;
    while s < sizes.time {
        let mut weight = 0.0f32;
        if s <= t {
            weight = exponentials[s] / total;
        }
        weights[row + s] = weight;
        s += UNITS;
    }
    let mut c = unit;
    while c < sizes.head_width {
        let mut sum = 0.0f32;
        for s in 0..t + 1 {
            sum += exponentials[s] * qkv[offsets.value + s * offsets.wide + c];
        }
        output[own_output + c] = sum / total;
        c += UNITS;
    }
}

/// Ā(t, s) = ō(t)·v(s), S̄ = A⊙(Ā − Σ_s A⊙Ā), times c, and q̄(t) = Σ_s S̄(t, s)·k(s).
#[cube(launch)]
fn query_back(qkv: &[f32], weights: &[f32], dy: &[f32], dqkv: &mut [f32], dscores: &mut [f32], sizes: &AttentionSizes) {
    let (unit, t) = (UNIT_POS_X as usize, CUBE_POS_X as usize);
    let offsets = head_offsets(sizes);
    let query = offsets.query + t * offsets.wide;
    let own_output = offsets.output + t * offsets.width;
    let row = offsets.square + t * sizes.time;

    let mut dweights = Shared::<[f32]>::new_slice(sizes.time);
    let mut own_dscores = Shared::<[f32]>::new_slice(sizes.time);
    let mut s = unit;
    while s <= t {
        let mut dot = 0.0f32;
        for c in 0..sizes.head_width {
            dot += dy[own_output + c] * qkv[offsets.value + s * offsets.wide + c];
        }
        dweights[s] = dot;
        s += UNITS;
    }
    sync_cube();
    let mut mean = 0.0f32;
    for s in 0..t + 1 {
        mean += dweights[s] * weights[row + s];
    }
    let mut s = unit;
    while s <= t {
        let dscore = (dweights[s] - mean) * weights[row + s] * sizes.factor;
        own_dscores[s] = dscore;
        dscores[row + s] = dscore;
        s += UNITS;
    }
    sync_cube();
    let mut c = unit;
    while c < sizes.head_width {
        let mut sum = 0.0f32;
        for s in 0..t + 1 {
            sum += own_dscores[s] * qkv[offsets.key + s * offsets.wide + c];
        }
        dqkv[query + c] = sum;
        c += UNITS;
    }
}

/// k̄(s) = Σ_t S̄(t, s)·q(t) and v̄(s) = Σ_t A(t, s)·ō(t) over t ≥ s.
#[cube(launch)]
fn key_value_back(qkv: &[f32], weights: &[f32], dy: &[f32], dscores: &[f32], dqkv: &mut [f32], sizes: &AttentionSizes) {
    let s = CUBE_POS_X as usize;
    let offsets = head_offsets(sizes);
    let mut c = UNIT_POS_X as usize;
    while c < sizes.head_width {
        let mut dkey = 0.0f32;
        let mut dvalue = 0.0f32;
        for t in s..sizes.time {
            let at = offsets.square + t * sizes.time + s;
            dkey += dscores[at] * qkv[offsets.query + t * offsets.wide + c];
            dvalue += weights[at] * dy[offsets.output + t * offsets.width + c];
        }
        dqkv[offsets.key + s * offsets.wide + c] = dkey;
        dqkv[offsets.value + s * offsets.wide + c] = dvalue;
        c += UNITS;
    }
}
