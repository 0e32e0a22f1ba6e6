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
    /// T, which a cube's memory is allocated by.
    #[cube(comptime)]
    time: usize,
}

/// What the heads read, and the softmax.
pub(in super::super) fn attend([qkv]: [CubeTensor; 1], heads: Heads) -> [CubeTensor; 2] {
    let qkv = into_contiguous(qkv);
    let [replicas, rows, wide] = dims(&qkv);
    let Heads { count, time, factor } = heads;
    let output = allocate_contiguous(&qkv, [replicas, rows, wide / 3]);
    let weights = allocate_contiguous(&qkv, [replicas * rows / time, count, time, time]);
    let (cubes, dim) = launch_positions(&qkv, heads);
    attend_position::launch(
        &qkv.client,
        cubes,
        dim,
        buffer(&qkv),
        buffer(&output),
        buffer(&weights),
        factor,
        sizes(&qkv, heads),
    );
    [output, weights]
}

/// q̄, k̄ and v̄ side by side: first the gradients of queries, then those of keys and values.
pub(in super::super) fn attend_back(inputs: [CubeTensor; 3], heads: Heads) -> [CubeTensor; 1] {
    let [qkv, weights, dy] = inputs.map(into_contiguous);
    let [replicas, rows, wide] = dims(&qkv);
    let Heads { count, time, factor } = heads;
    let dqkv = allocate_contiguous(&qkv, [replicas, rows, wide]);
    let dscores = allocate_contiguous(&qkv, [replicas * rows / time, count, time, time]);
    let (cubes, dim) = launch_positions(&qkv, heads);
    query_back::launch(
        &qkv.client,
        cubes,
        dim,
        buffer(&qkv),
        buffer(&weights),
        buffer(&dy),
        buffer(&dqkv),
        buffer(&dscores),
        factor,
        sizes(&qkv, heads),
    );
    let (cubes, dim) = launch_positions(&qkv, heads);
    key_value_back::launch(
        &qkv.client,
        cubes,
        dim,
        buffer(&qkv),
        buffer(&weights),
        buffer(&dy),
        buffer(&dscores),
        buffer(&dqkv),
        sizes(&qkv, heads),
    );
    [dqkv]
}

/// A launch with a cube for each position of each head of each sequence.
fn launch_positions(qkv: &CubeTensor, heads: Heads) -> (CubeCount, CubeDim) {
    let [replicas, rows, _] = dims(qkv);
    let sequences = replicas * rows / heads.time;
    let count = CubeCount::Static(heads.time as u32, heads.count as u32, sequences as u32);
    (count, CubeDim::new_1d(UNITS as u32))
}

fn sizes(qkv: &CubeTensor, heads: Heads) -> AttentionSizesLaunch {
    let [_, _, wide] = dims(qkv);
    AttentionSizesLaunch::new(heads.count, wide / 3 / heads.count, heads.time)
}

/// Where the numbers of a cube's position and head begin.
#[derive(CubeType)]
struct HeadOffsets {
    /// The distance from one row of q, k, v to the next.
    wide: usize,
    /// q of this position, and the first rows of k and v.
    query: usize,
    key: usize,
    value: usize,
    /// What the position reads.
    output: usize,
    /// Its row of the softmax.
    row: usize,
}

#[cube]
fn head_offsets(sizes: &AttentionSizes) -> HeadOffsets {
    let (heads, head_width, time) = (sizes.heads, sizes.head_width, sizes.time);
    let head = CUBE_POS_Y as usize;
    let first = CUBE_POS_Z as usize * time;
    let at = first + CUBE_POS_X as usize;
    let wide = 3 * heads * head_width;
    let key = first * wide + (heads + head) * head_width;
    HeadOffsets {
        wide,
        query: at * wide + head * head_width,
        key,
        value: key + heads * head_width,
        output: (at * heads + head) * head_width,
        row: ((CUBE_POS_Z as usize * heads + head) * time + CUBE_POS_X as usize) * time,
    }
}

/// A(t, ·) = softmax(c·q(t)·k) over s ≤ t, and Σ_s A(t, s)·v(s).
#[cube(launch)]
fn attend_position(qkv: &[f32], output: &mut [f32], weights: &mut [f32], factor: f32, sizes: &AttentionSizes) {
    let (unit, t) = (UNIT_POS_X as usize, CUBE_POS_X as usize);
    let offsets = head_offsets(sizes);

    let mut scores = Shared::<[f32]>::new_slice(sizes.time);
    let mut exponentials = Shared::<[f32]>::new_slice(sizes.time);
    let mut s = unit;
    while s <= t {
        let mut dot = 0.0f32;
        for c in 0..sizes.head_width {
            dot += qkv[offsets.query + c] * qkv[offsets.key + s * offsets.wide + c];
        }
        scores[s] = dot * factor;
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
        weights[offsets.row + s] = weight;
        s += UNITS;
    }
    let mut c = unit;
    while c < sizes.head_width {
        let mut sum = 0.0f32;
        for s in 0..t + 1 {
            sum += exponentials[s] * qkv[offsets.value + s * offsets.wide + c];
        }
        output[offsets.output + c] = sum / total;
        c += UNITS;
    }
}

/// Ā(t, s) = ō(t)·v(s), S̄ = A⊙(Ā − Σ_s A⊙Ā), times c, and q̄(t) = Σ_s S̄(t, s)·k(s).
#[cube(launch)]
fn query_back(
    qkv: &[f32],
    weights: &[f32],
    dy: &[f32],
    dqkv: &mut [f32],
    dscores: &mut [f32],
    factor: f32,
    sizes: &AttentionSizes,
) {
    let (unit, t) = (UNIT_POS_X as usize, CUBE_POS_X as usize);
    let offsets = head_offsets(sizes);

    let mut dweights = Shared::<[f32]>::new_slice(sizes.time);
    let mut own_dscores = Shared::<[f32]>::new_slice(sizes.time);
    let mut s = unit;
    while s <= t {
        let mut dot = 0.0f32;
        for c in 0..sizes.head_width {
            dot += dy[offsets.output + c] * qkv[offsets.value + s * offsets.wide + c];
        }
        dweights[s] = dot;
        s += UNITS;
    }
    sync_cube();
    let mut mean = 0.0f32;
    for s in 0..t + 1 {
        mean += dweights[s] * weights[offsets.row + s];
    }
    let mut s = unit;
    while s <= t {
        let dscore = (dweights[s] - mean) * weights[offsets.row + s] * factor;
        own_dscores[s] = dscore;
        dscores[offsets.row + s] = dscore;
        s += UNITS;
    }
    sync_cube();
    let mut c = unit;
    while c < sizes.head_width {
        let mut sum = 0.0f32;
        for s in 0..t + 1 {
            sum += own_dscores[s] * qkv[offsets.key + s * offsets.wide + c];
        }
        dqkv[offsets.query + c] = sum;
        c += UNITS;
    }
}

/// k̄(s) = Σ_t S̄(t, s)·q(t) and v̄(s) = Σ_t A(t, s)·ō(t) over t ≥ s.
#[cube(launch)]
fn key_value_back(qkv: &[f32], weights: &[f32], dy: &[f32], dscores: &[f32], dqkv: &mut [f32], sizes: &AttentionSizes) {
    let (heads, head_width, time) = (sizes.heads, sizes.head_width, sizes.time);
    let s = CUBE_POS_X as usize;
    let head = CUBE_POS_Y as usize;
    let sequence = CUBE_POS_Z as usize;
    let wide = 3 * heads * head_width;
    let first = sequence * time;
    let key = (first + s) * wide + (heads + head) * head_width;
    let square = (sequence * heads + head) * time * time;
    let mut c = UNIT_POS_X as usize;
    while c < head_width {
        let mut dkey = 0.0f32;
        let mut dvalue = 0.0f32;
        for t in s..time {
            let at = square + t * time + s;
            dkey += dscores[at] * qkv[(first + t) * wide + head * head_width + c];
            dvalue += weights[at] * dy[(first + t) * heads * head_width + head * head_width + c];
        }
        dqkv[key + c] = dkey;
        dqkv[key + heads * head_width + c] = dvalue;
        c += UNITS;
    }
}
