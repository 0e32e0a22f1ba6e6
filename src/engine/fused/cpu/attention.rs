//! Causal attention, head by head where it stands in q, k, v side by side.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::Heads;
use super::lanes::{change, largest, sum};
use super::product::{Lines, Shape, product};
use super::{contiguous, dims, numbers, tensor};

/// Where the numbers of one head of one sequence begin.
struct Head {
    /// In `[S·T, 3d]`: q, k and v, whose rows are 3d apart.
    parts: [usize; 3],
    /// In `[S·T, d]`, whose rows are d apart.
    output: usize,
    /// In `[S, H, T, T]`.
    square: usize,
}

/// The sizes of an attention.
#[derive(Clone, Copy)]
struct Sizes {
    heads: Heads,
    /// d.
    width: usize,
    /// d_k.
    size: usize,
    sequences: usize,
}

impl Sizes {
    fn of(qkv: &FlexTensor, heads: Heads) -> Self {
        let [replicas, rows, wide] = dims(qkv);
        let width = wide / 3;
        Self { heads, width, size: width / heads.count, sequences: replicas * rows / heads.time }
    }

    fn all(self) -> impl Iterator<Item = Head> {
        let Self { heads: Heads { count, time, .. }, width, size, sequences } = self;
        (0..sequences * count).map(move |index| {
            let (sequence, head) = (index / count, index % count);
            let parts = [0, 1, 2].map(|part| (3 * sequence * time + part) * width + head * size);
            let output = sequence * time * width + head * size;
            Head { parts, output, square: index * time * time }
        })
    }

    /// `[T, d_k]`, rows so many numbers apart, times k or v transposed.
    fn against(self, pitch: usize) -> Shape {
        let (time, size) = (self.heads.time, self.size);
        let (a, b) = (Lines::Along(pitch), Lines::Across(3 * self.width));
        Shape { rows: time, inner: size, columns: time, a, b, c: time }
    }

    /// `[T, T]`·`[T, d_k]`, the square as it is or transposed; rows of the others so many numbers apart.
    fn mixing(self, a: fn(usize) -> Lines, b: usize, c: usize) -> Shape {
        let (time, size) = (self.heads.time, self.size);
        Shape { rows: time, inner: time, columns: size, a: a(time), b: Lines::Along(b), c }
    }
}

/// What the heads read, and the softmax.
pub(super) fn forward(qkv: FlexTensor, heads: Heads) -> (FlexTensor, FlexTensor) {
    let qkv = contiguous(qkv);
    let ([replicas, rows, wide], sizes) = (dims(&qkv), Sizes::of(&qkv, heads));
    let Sizes { width, sequences, .. } = sizes;
    let Heads { count, time, factor } = heads;
    let numbers = numbers(&qkv);
    let mut output = vec![0.0; replicas * rows * width];
    let mut weights = vec![0.0; sequences * count * time * time];
    for Head { parts: [query, key, value], output: at, square } in sizes.all() {
        let weights = &mut weights[square..square + time * time];
        product(&numbers[query..], &numbers[key..], weights, sizes.against(wide));
        weights.chunks_exact_mut(time).enumerate().for_each(|(t, row)| soften(row, t, factor));
        product(weights, &numbers[value..], &mut output[at..], sizes.mixing(Lines::Along, wide, width));
    }
    (tensor(output, [replicas, rows, width]), tensor(weights, [sequences, count, time, time]))
}

/// Softmax of c·s over positions up to t; what comes later is not looked at.
fn soften(row: &mut [f32], t: usize, factor: f32) {
    let (seen, unseen) = row.split_at_mut(t + 1);
    unseen.fill(0.0);
    let factor = f32x4::splat(factor);
    change(seen, [], |s, []| s * factor);
    let most = f32x4::splat(largest(seen));
    change(seen, [], |s, []| (s - most).exp());
    let scale = f32x4::splat(1.0 / sum([seen], |[s]| s));
    change(seen, [], |s, []| s * scale);
}

/// q̄, k̄, v̄ side by side.
pub(super) fn back(qkv: FlexTensor, weights: FlexTensor, dy: FlexTensor, heads: Heads) -> FlexTensor {
    let [qkv, weights, dy] = [qkv, weights, dy].map(contiguous);
    let ([replicas, rows, wide], sizes) = (dims(&qkv), Sizes::of(&qkv, heads));
    let width = sizes.width;
    let Heads { time, factor, .. } = heads;
    let (qkv, weights, dy) = (numbers(&qkv), numbers(&weights), numbers(&dy));
    let mut dqkv = vec![0.0; replicas * rows * wide];
    let mut ds = vec![0.0; time * time];
    let factor = f32x4::splat(factor);
    for Head { parts: [query, key, value], output, square } in sizes.all() {
        let (weights, dy) = (&weights[square..square + time * time], &dy[output..]);
        product(weights, dy, &mut dqkv[value..], sizes.mixing(Lines::Across, width, wide));
        product(dy, &qkv[value..], &mut ds, sizes.against(width));
        for (row, weights) in ds.chunks_exact_mut(time).zip(weights.chunks_exact(time)) {
            let along = f32x4::splat(sum([row, weights], |[ds, a]| ds * a));
            change(row, [weights], |ds, [a]| (ds - along) * a * factor);
        }
        product(&ds, &qkv[key..], &mut dqkv[query..], sizes.mixing(Lines::Along, wide, wide));
        product(&ds, &qkv[query..], &mut dqkv[key..], sizes.mixing(Lines::Across, wide, wide));
    }
    tensor(dqkv, [replicas, rows, wide])
}
