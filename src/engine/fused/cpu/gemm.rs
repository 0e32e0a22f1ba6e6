//! Matrix products, with BLAS's names.
//!
//! ```text
//! C ← A·B        C `[m, n]`, A `[m, k]`, B `[k, n]`
//! ```
//!
//! A tile of four rows and eight columns of C stays in registers while k runs: eight sums, two parts of B, one
//! number of A; with more, wasm's sixteen registers spill, at half the speed. Both matrices are packed
//! first, four rows of A and eight columns of B side by side, as the tile reads them: a power of two apart they
//! would fall upon the same few places of a cache.
//! Nothing is split further: our matrices fit a cache. A general product, which is made for matrices a
//! hundred times as large, takes 1.2 to 1.5 times as long (gemm 0.19, in Chromium, both hot). A matrix is a
//! slice and a [`MatrixLayout`], so that a head of an attention is one where it stands, and so is a transpose.

use std::array;
use std::cell::RefCell;

use wide::f32x4;

const LANES: usize = 4;
/// The rows of a tile.
const MR: usize = 4;
/// The columns of a tile.
const NR: usize = 2 * LANES;
/// The numbers of a cache line. Panels are so far apart, for the same reason that there are panels.
const CACHE_LINE: usize = 16;

/// The sizes of a product, and how its matrices lie in memory.
#[derive(Clone, Copy)]
pub(super) struct Gemm {
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) k: usize,
    /// How A lies, `[m, k]`.
    pub(super) a: MatrixLayout,
    /// How B lies, `[k, n]`.
    pub(super) b: MatrixLayout,
    /// The leading dimension of C, which is row-major: the distance from one row to the next.
    pub(super) ldc: usize,
}

/// How a matrix lies in memory, with its leading dimension ld.
#[derive(Clone, Copy)]
pub(super) enum MatrixLayout {
    /// The entry (i, j) is at i·ld + j.
    RowMajor(usize),
    /// The entry (i, j) is at i + j·ld: what lies there row-major is the transpose.
    Transposed(usize),
}

thread_local! {
    /// The room for the panels of a product is kept: for a small one it costs as much to allocate as to fill.
    static PANELS: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

impl MatrixLayout {
    /// The layout that makes the same numbers the transpose.
    fn transposed(self) -> Self {
        match self {
            Self::RowMajor(ld) => Self::Transposed(ld),
            Self::Transposed(ld) => Self::RowMajor(ld),
        }
    }
}

/// C ← A·B.
pub(super) fn gemm(a: &[f32], b: &[f32], c: &mut [f32], sizes: Gemm) {
    let Gemm { m, n, k, .. } = sizes;
    let (length_a, length_b) = (MR * k + CACHE_LINE, NR * k + CACHE_LINE);
    let (all_a, all_b) = (length_a * m.div_ceil(MR), length_b * n.div_ceil(NR));
    PANELS.with_borrow_mut(|room| {
        if room.len() < all_a + all_b + 2 * CACHE_LINE {
            room.resize(all_a + all_b + 2 * CACHE_LINE, 0.0);
        }
        let (room_b, room_a) = room.split_at_mut(all_b + CACHE_LINE);
        let (panels_a, panels_b) = (aligned(room_a, all_a), aligned(room_b, all_b));
        pack::<MR>(a, panels_a, sizes.a.transposed(), [k, m], length_a);
        pack::<NR>(b, panels_b, sizes.b, [k, n], length_b);
        for (panel_b, j) in panels_b.chunks_exact(length_b).zip((0..n).step_by(NR)) {
            let (right, _) = panel_b[..length_b - CACHE_LINE].as_chunks();
            for (panel_a, i) in panels_a.chunks_exact(length_a).zip((0..m).step_by(MR)) {
                let (left, _) = panel_a[..length_a - CACHE_LINE].as_chunks();
                multiply_tile(left, right, c, sizes, [i, j]);
            }
        }
    });
}

/// The part that begins at a cache line: a vector across two cache lines is two loads.
fn aligned(room: &mut [f32], needed: usize) -> &mut [f32] {
    let start = room.as_ptr().align_offset(CACHE_LINE * size_of::<f32>()).min(CACHE_LINE);
    &mut room[start..start + needed]
}

/// Copies the columns of a matrix `[k, n]` into panels of W columns each, `length` numbers apart. Where the last
/// panel has fewer columns, what stands in the others is multiplied too, but not stored.
fn pack<const W: usize>(
    b: &[f32],
    panels: &mut [f32],
    layout: MatrixLayout,
    [inner, columns]: [usize; 2],
    length: usize,
) {
    match layout {
        MatrixLayout::RowMajor(ld) => {
            for k in 0..inner {
                let (parts, rest) = b[k * ld..][..columns].as_chunks::<W>();
                let mut at = k * W;
                for part in parts {
                    if let Some(place) = panels[at..].first_chunk_mut() {
                        *place = *part;
                    }
                    at += length;
                }
                if !rest.is_empty() {
                    panels[at..][..rest.len()].copy_from_slice(rest);
                }
            }
        }
        MatrixLayout::Transposed(ld) => {
            for (panel, j) in panels.chunks_exact_mut(length).zip((0..columns).step_by(W)) {
                for (part, from) in (j..columns.min(j + W)).step_by(LANES).enumerate() {
                    let rows = &b[from * ld..];
                    if from + LANES <= columns {
                        pack_transposed::<W>(rows, ld, &mut panel[part * LANES..], inner);
                    } else {
                        for (p, row) in rows.chunks(ld).take(columns - from).enumerate() {
                            (0..inner).for_each(|k| panel[k * W + part * LANES + p] = row[k]);
                        }
                    }
                }
            }
        }
    }
}

/// Copies four rows into four columns of a panel.
fn pack_transposed<const W: usize>(rows: &[f32], ld: usize, panel: &mut [f32], inner: usize) {
    let rows: [&[f32]; LANES] = array::from_fn(|p| &rows[p * ld..][..inner]);
    let parts = rows.map(|row| row.as_chunks::<LANES>().0);
    for group in 0..inner / LANES {
        let columns = f32x4::transpose(parts.map(|part| f32x4::new(part[group])));
        for (k, column) in columns.into_iter().enumerate() {
            if let Some(place) = panel[(group * LANES + k) * W..].first_chunk_mut() {
                *place = column.to_array();
            }
        }
    }
    for k in inner / LANES * LANES..inner {
        (0..LANES).for_each(|p| panel[k * W + p] = rows[p][k]);
    }
}

/// The product of four rows of A and eight columns of B. It is a function of its own, because a compiler for
/// wasm gives the loops of a long one too few registers.
#[inline(never)]
fn multiply_tile(left: &[[f32; MR]], right: &[[f32; NR]], c: &mut [f32], sizes: Gemm, at: [usize; 2]) {
    let mut sums = [[f32x4::ZERO; 2]; MR];
    for (left, right) in left.iter().zip(right) {
        add_outer_product(&mut sums, *left, right);
    }
    store(sums, c, sizes, at);
}

/// Adds the outer product of a column of A and a row of B.
#[inline(always)]
fn add_outer_product(sums: &mut [[f32x4; 2]; MR], left: [f32; MR], right: &[f32; NR]) {
    let (right, _) = right.as_chunks::<LANES>();
    let right: [f32x4; 2] = array::from_fn(|p| f32x4::new(right[p]));
    for (sums, left) in sums.iter_mut().zip(left) {
        let left = f32x4::splat(left);
        for (sum, right) in sums.iter_mut().zip(right) {
            *sum += left * right;
        }
    }
}

/// Stores a tile from row i and column j of C on, as far as C has rows and columns.
#[inline(always)]
fn store(tile: [[f32x4; 2]; MR], c: &mut [f32], sizes: Gemm, [i, j]: [usize; 2]) {
    let left = sizes.n - j;
    for (r, sums) in tile.into_iter().enumerate().take(sizes.m - i) {
        let row = &mut c[(i + r) * sizes.ldc + j..];
        let [low, high] = sums.map(f32x4::to_array);
        match row.first_chunk_mut::<NR>() {
            Some(whole) if left >= NR => {
                let (halves, _) = whole.as_chunks_mut();
                halves[0] = low;
                halves[1] = high;
            }
            _ => {
                let sums = low.into_iter().chain(high);
                row[..left].iter_mut().zip(sums).for_each(|(place, sum)| *place = sum);
            }
        }
    }
}
