//! Causal attention, head by head where it stands in q, k, v side by side.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::Heads;
use super::gemm::{Gemm, MatrixLayout, gemm};
use super::lanes::{map_in_place, maximum, sum};
use super::{contiguous, dims, numbers, tensor};

/// Where the numbers of one head of one sequence begin.
struct HeadPlaces {
    /// q, k and v in `[S·T, 3d]`, where rows are 3d apart.
    parts: [usize; 3],
    /// What the head reads in `[S·T, d]`, where rows are d apart.
    output: usize,
    /// The softmax in `[S, H, T, T]`.
    square: usize,
}

/// The sizes of an attention.
#[derive(Clone, Copy)]
struct HeadSizes {
    heads: Heads,
    /// d.
    width: usize,
    /// d_k.
    head_width: usize,
    sequences: usize,
}

impl HeadSizes {
    fn of(qkv: &FlexTensor, heads: Heads) -> Self {
        let [replicas, rows, wide] = dims(qkv);
        let width = wide / 3;
        Self { heads, width, head_width: width / heads.count, sequences: replicas * rows / heads.time }
    }

    fn all_heads(self) -> impl Iterator<Item = HeadPlaces> {
        let Self { heads: Heads { count, time, .. }, width, head_width, sequences } = self;
        (0..sequences * count).map(move |index| {
            let (sequence, head) = (index / count, index % count);
            let parts = [0, 1, 2].map(|part| (3 * sequence * time + part) * width + head * head_width);
            let output = sequence * time * width + head * head_width;
            HeadPlaces { parts, output, square: index * time * time }
        })
    }

    /// A `[T, d_k]` with this leading dimension, times k or v transposed: `[T, T]`.
    fn scores(self, lda: usize) -> Gemm {
        let (time, k) = (self.heads.time, self.head_width);
        let (a, b) = (MatrixLayout::RowMajor(lda), MatrixLayout::Transposed(3 * self.width));
        Gemm { m: time, n: time, k, a, b, ldc: time }
    }

    /// A `[T, T]`, as it is or transposed, times B `[T, d_k]`: `[T, d_k]`.
    fn mixture(self, a: fn(usize) -> MatrixLayout, ldb: usize, ldc: usize) -> Gemm {
        let (time, n) = (self.heads.time, self.head_width);
        Gemm { m: time, n, k: time, a: a(time), b: MatrixLayout::RowMajor(ldb), ldc }
    }
}

/// What the heads read, and the softmax.
pub(in super::super) fn attend([qkv]: [FlexTensor; 1], heads: Heads) -> [FlexTensor; 2] {
    let qkv = contiguous(qkv);
    let ([replicas, rows, wide], sizes) = (dims(&qkv), HeadSizes::of(&qkv, heads));
    let HeadSizes { width, sequences, .. } = sizes;
    let Heads { count, time, factor } = heads;
    let numbers = numbers(&qkv);
    let mut output = vec![0.0; replicas * rows * width];
    let mut weights = vec![0.0; sequences * count * time * time];
    for HeadPlaces { parts: [query, key, value], output: at, square } in sizes.all_heads() {
        let weights = &mut weights[square..square + time * time];
        gemm(&numbers[query..], &numbers[key..], weights, sizes.scores(wide));
        weights.chunks_exact_mut(time).enumerate().for_each(|(t, row)| softmax_row(row, t, factor));
        gemm(weights, &numbers[value..], &mut output[at..], sizes.mixture(MatrixLayout::RowMajor, wide, width));
    }
    [tensor(output, [replicas, rows, width]), tensor(weights, [sequences, count, time, time])]
}

/// The softmax of c·s over the positions up to t; later ones weigh 0, whatever their scores are.
fn softmax_row(row: &mut [f32], t: usize, factor: f32) {
    let (seen, unseen) = row.split_at_mut(t + 1);
    unseen.fill(0.0);
    let factor = f32x4::splat(factor);
    map_in_place(seen, [], |s, []| s * factor);
    let max = f32x4::splat(maximum(seen));
    map_in_place(seen, [], |s, []| (s - max).exp());
    let scale = f32x4::splat(1.0 / sum([seen], |[s]| s));
    map_in_place(seen, [], |s, []| s * scale);
}

/// q̄, k̄ and v̄ side by side.
pub(in super::super) fn attend_back(inputs: [FlexTensor; 3], heads: Heads) -> [FlexTensor; 1] {
    let [qkv, weights, dy] = inputs.map(contiguous);
    let ([replicas, rows, wide], sizes) = (dims(&qkv), HeadSizes::of(&qkv, heads));
    let width = sizes.width;
    let Heads { time, factor, .. } = heads;
    let (qkv, weights, dy) = (numbers(&qkv), numbers(&weights), numbers(&dy));
    let mut dqkv = vec![0.0; replicas * rows * wide];
    let mut dscores = vec![0.0; time * time];
    let factor = f32x4::splat(factor);
    for HeadPlaces { parts: [query, key, value], output, square } in sizes.all_heads() {
        let (weights, dy) = (&weights[square..square + time * time], &dy[output..]);
        gemm(weights, dy, &mut dqkv[value..], sizes.mixture(MatrixLayout::Transposed, width, wide));
        gemm(dy, &qkv[value..], &mut dscores, sizes.scores(width));
        for (row, weights) in dscores.chunks_exact_mut(time).zip(weights.chunks_exact(time)) {
            let dot = f32x4::splat(sum([row, weights], |[da, a]| da * a));
            map_in_place(row, [weights], |da, [a]| (da - dot) * a * factor);
        }
        gemm(&dscores, &qkv[key..], &mut dqkv[query..], sizes.mixture(MatrixLayout::RowMajor, wide, wide));
        gemm(&dscores, &qkv[query..], &mut dqkv[key..], sizes.mixture(MatrixLayout::Transposed, wide, wide));
    }
    [tensor(dqkv, [replicas, rows, wide])]
}
