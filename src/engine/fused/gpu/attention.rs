//! Causal attention: a cube makes a row of the softmax, its units share the positions, then the width.

use burn_cubecl::cubecl;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::super::Heads;
use super::{buffer, dims, empty};

const UNITS: u32 = 32;

/// A cube for each position of each head of each sequence.
fn cubes(sequences: usize, heads: Heads) -> (CubeCount, CubeDim) {
    let count = CubeCount::Static(heads.time as u32, heads.count as u32, sequences as u32);
    (count, CubeDim::new_1d(UNITS))
}

/// What the heads read, and the softmax.
pub(super) fn forward(qkv: CubeTensor, heads: Heads) -> (CubeTensor, CubeTensor) {
    let qkv = into_contiguous(qkv);
    let [replicas, rows, wide] = dims(&qkv);
    let Heads { count, time, factor } = heads;
    let sequences = replicas * rows / time;
    let (output, weights) = (empty(&qkv, [replicas, rows, wide / 3]), empty(&qkv, [sequences, count, time, time]));
    let (cubes, dim) = cubes(sequences, heads);
    attend::launch(
        &qkv.client,
        cubes,
        dim,
        buffer(&qkv),
        buffer(&output),
        buffer(&weights),
        factor,
        count,
        wide / 3 / count,
        time,
        UNITS as usize,
    );
    (output, weights)
}

/// q̄, k̄, v̄ side by side: what a position reads, and then what it is read by.
pub(super) fn back(inputs: [CubeTensor; 3], heads: Heads) -> CubeTensor {
    let [qkv, weights, dy] = inputs.map(into_contiguous);
    let [replicas, rows, wide] = dims(&qkv);
    let Heads { count, time, factor } = heads;
    let sequences = replicas * rows / time;
    let (dqkv, ds) = (empty(&qkv, [replicas, rows, wide]), empty(&qkv, [sequences, count, time, time]));
    let (shape, dim) = cubes(sequences, heads);
    reads::launch(
        &qkv.client,
        shape,
        dim,
        buffer(&qkv),
        buffer(&weights),
        buffer(&dy),
        buffer(&dqkv),
        buffer(&ds),
        factor,
        count,
        wide / 3 / count,
        time,
        UNITS as usize,
    );
    let (shape, dim) = cubes(sequences, heads);
    is_read::launch(
        &qkv.client,
        shape,
        dim,
        buffer(&qkv),
        buffer(&weights),
        buffer(&dy),
        buffer(&ds),
        buffer(&dqkv),
        count,
        wide / 3 / count,
        time,
        UNITS as usize,
    );
    dqkv
}

/// Where the numbers of a cube's position and head begin.
#[derive(CubeType)]
struct Place {
    /// Numbers from a row of q, k, v to the next.
    wide: usize,
    /// q of this position, and the first rows of k and v.
    query: usize,
    key: usize,
    value: usize,
    /// What the position reads.
    read: usize,
    /// Its row of the softmax.
    row: usize,
}

#[cube]
fn place(heads: usize, size: usize, #[comptime] time: usize) -> Place {
    let head = CUBE_POS_Y as usize;
    let first = CUBE_POS_Z as usize * time;
    let at = first + CUBE_POS_X as usize;
    let wide = 3 * heads * size;
    let key = first * wide + (heads + head) * size;
    Place {
        wide,
        query: at * wide + head * size,
        key,
        value: key + heads * size,
        read: (at * heads + head) * size,
        row: ((CUBE_POS_Z as usize * heads + head) * time + CUBE_POS_X as usize) * time,
    }
}

/// A(t, ·) = softmax(c·q(t)·k) over s ≤ t, and Σ_s A(t, s)·v(s).
#[cube(launch)]
fn attend(
    qkv: &[f32],
    output: &mut [f32],
    weights: &mut [f32],
    factor: f32,
    heads: usize,
    size: usize,
    #[comptime] time: usize,
    #[comptime] units: usize,
) {
    let (unit, t) = (UNIT_POS_X as usize, CUBE_POS_X as usize);
    let Place { wide, query, key, value, read, row } = place(heads, size, time);

    let mut scores = Shared::<[f32]>::new_slice(time);
    let mut shares = Shared::<[f32]>::new_slice(time);
    let mut s = unit;
    while s <= t {
        let mut dot = 0.0f32;
        for c in 0..size {
            dot += qkv[query + c] * qkv[key + s * wide + c];
        }
        scores[s] = dot * factor;
        s += units;
    }
    sync_cube();
    let mut most = scores[0];
    for s in 1..t + 1 {
        most = max(most, scores[s]);
    }
    let mut s = unit;
    while s <= t {
        shares[s] = (scores[s] - most).exp();
        s += units;
    }
    sync_cube();
    let mut total = 0.0f32;
    for s in 0..t + 1 {
        total += shares[s];
    }
    let mut s = unit;
    while s < time {
        let mut share = 0.0f32;
        if s <= t {
            share = shares[s] / total;
        }
        weights[row + s] = share;
        s += units;
    }
    let mut c = unit;
    while c < size {
        let mut sum = 0.0f32;
        for s in 0..t + 1 {
            sum += shares[s] * qkv[value + s * wide + c];
        }
        output[read + c] = sum / total;
        c += units;
    }
}

/// Ā(t, s) = ō(t)·v(s), S̄ = A⊙(Ā − Σ_s A⊙Ā), times c, and q̄(t) = Σ_s S̄(t, s)·k(s).
#[cube(launch)]
fn reads(
    qkv: &[f32],
    weights: &[f32],
    dy: &[f32],
    dqkv: &mut [f32],
    ds: &mut [f32],
    factor: f32,
    heads: usize,
    size: usize,
    #[comptime] time: usize,
    #[comptime] units: usize,
) {
    let (unit, t) = (UNIT_POS_X as usize, CUBE_POS_X as usize);
    let Place { wide, query, key, value, read, row } = place(heads, size, time);

    let mut slopes = Shared::<[f32]>::new_slice(time);
    let mut changes = Shared::<[f32]>::new_slice(time);
    let mut s = unit;
    while s <= t {
        let mut dot = 0.0f32;
        for c in 0..size {
            dot += dy[read + c] * qkv[value + s * wide + c];
        }
        slopes[s] = dot;
        s += units;
    }
    sync_cube();
    let mut along = 0.0f32;
    for s in 0..t + 1 {
        along += slopes[s] * weights[row + s];
    }
    let mut s = unit;
    while s <= t {
        let change = (slopes[s] - along) * weights[row + s] * factor;
        changes[s] = change;
        ds[row + s] = change;
        s += units;
    }
    sync_cube();
    let mut c = unit;
    while c < size {
        let mut sum = 0.0f32;
        for s in 0..t + 1 {
            sum += changes[s] * qkv[key + s * wide + c];
        }
        dqkv[query + c] = sum;
        c += units;
    }
}

/// k̄(s) = Σ_t S̄(t, s)·q(t) and v̄(s) = Σ_t A(t, s)·ō(t) over t ≥ s.
#[cube(launch)]
fn is_read(
    qkv: &[f32],
    weights: &[f32],
    dy: &[f32],
    ds: &[f32],
    dqkv: &mut [f32],
    heads: usize,
    size: usize,
    #[comptime] time: usize,
    #[comptime] units: usize,
) {
    let s = CUBE_POS_X as usize;
    let head = CUBE_POS_Y as usize;
    let sequence = CUBE_POS_Z as usize;
    let wide = 3 * heads * size;
    let first = sequence * time;
    let key = (first + s) * wide + (heads + head) * size;
    let square = (sequence * heads + head) * time * time;
    let mut c = UNIT_POS_X as usize;
    while c < size {
        let mut dkey = 0.0f32;
        let mut dvalue = 0.0f32;
        for t in s..time {
            let at = square + t * time + s;
            dkey += ds[at] * qkv[(first + t) * wide + head * size + c];
            dvalue += weights[at] * dy[(first + t) * heads * size + head * size + c];
        }
        dqkv[key + c] = dkey;
        dqkv[key + heads * size + c] = dvalue;
        c += units;
    }
}
