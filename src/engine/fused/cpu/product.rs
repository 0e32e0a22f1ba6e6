//! Matrix products.
//!
//! ```text
//! c[i, j] = Σ_k a(i, k)·b(k, j)
//! ```
//!
//! A tile of four rows and eight columns stays in registers while k runs: eight sums, two parts of b, one
//! number of a; with more, wasm's sixteen registers spill, at half the speed. Both matrices are copied
//! first, a four rows and b eight columns side by side, as the tile reads them: a power of two apart they
//! would fall upon the same few places of a cache.
//! Nothing is split further: our matrices fit a cache. A general product, which is made for matrices a
//! hundred times as large, takes 1.2 to 1.5 times as long (gemm 0.19, in Chromium, both hot). Matrices are
//! places in a list, so that a head of an attention is one where it stands, and so is a transpose.

use std::array;
use std::cell::RefCell;

use wide::f32x4;

const LANES: usize = 4;
/// Columns of a tile.
const WIDE: usize = 2 * LANES;
/// Rows of a tile.
const TALL: usize = 4;
/// Numbers of a line of the cache; so far apart are panels, for the same reason that there are panels.
const LINE: usize = 16;

/// The sizes of a product, and how its matrices lie.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) rows: usize,
    pub(super) inner: usize,
    pub(super) columns: usize,
    /// How a lies, `[rows, inner]`.
    pub(super) a: Lines,
    /// How b lies, `[inner, columns]`.
    pub(super) b: Lines,
    /// Numbers from a row of c to the next.
    pub(super) c: usize,
}

/// Where the number of row r and column s is.
#[derive(Clone, Copy)]
pub(super) enum Lines {
    /// At r·pitch + s.
    Along(usize),
    /// At r + s·pitch: the matrix lies there as its transpose.
    Across(usize),
}

thread_local! {
    /// Room for the panels of a product, kept: that of a small one costs as much to get as to fill.
    static ROOM: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

impl Lines {
    /// Of the transpose.
    fn turned(self) -> Self {
        match self {
            Self::Along(pitch) => Self::Across(pitch),
            Self::Across(pitch) => Self::Along(pitch),
        }
    }
}

/// c ← a·b.
pub(super) fn product(a: &[f32], b: &[f32], c: &mut [f32], shape: Shape) {
    let Shape { rows, inner, columns, .. } = shape;
    let (tall, wide) = (TALL * inner + LINE, WIDE * inner + LINE);
    let (for_a, for_b) = (tall * rows.div_ceil(TALL), wide * columns.div_ceil(WIDE));
    ROOM.with_borrow_mut(|room| {
        if room.len() < for_a + for_b + 2 * LINE {
            room.resize(for_a + for_b + 2 * LINE, 0.0);
        }
        let (room_b, room_a) = room.split_at_mut(for_b + LINE);
        let (panels_a, panels_b) = (aligned(room_a, for_a), aligned(room_b, for_b));
        pack::<TALL>(a, panels_a, shape.a.turned(), inner, rows, tall);
        pack::<WIDE>(b, panels_b, shape.b, inner, columns, wide);
        for (panel_b, j) in panels_b.chunks_exact(wide).zip((0..columns).step_by(WIDE)) {
            let (right, _) = panel_b[..wide - LINE].as_chunks();
            for (panel_a, i) in panels_a.chunks_exact(tall).zip((0..rows).step_by(TALL)) {
                let (left, _) = panel_a[..tall - LINE].as_chunks();
                tile(left, right, c, shape, [i, j]);
            }
        }
    });
}

/// From the beginning of a line on: a vector across two lines of the cache is two loads.
fn aligned(room: &mut [f32], needed: usize) -> &mut [f32] {
    let start = room.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
    &mut room[start..start + needed]
}

/// The columns of a matrix `[inner, columns]`, W side by side; where there are no more, anything may stand.
fn pack<const W: usize>(b: &[f32], panels: &mut [f32], lines: Lines, inner: usize, columns: usize, length: usize) {
    match lines {
        Lines::Along(pitch) => {
            for k in 0..inner {
                let (parts, rest) = b[k * pitch..][..columns].as_chunks::<W>();
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
        Lines::Across(pitch) => {
            for (panel, j) in panels.chunks_exact_mut(length).zip((0..columns).step_by(W)) {
                for (part, from) in (j..columns.min(j + W)).step_by(LANES).enumerate() {
                    let lines = &b[from * pitch..];
                    if from + LANES <= columns {
                        turn::<W>(lines, pitch, &mut panel[part * LANES..], inner);
                    } else {
                        for (p, line) in lines.chunks(pitch).take(columns - from).enumerate() {
                            (0..inner).for_each(|k| panel[k * W + part * LANES + p] = line[k]);
                        }
                    }
                }
            }
        }
    }
}

/// Four lines as four columns of a panel.
fn turn<const W: usize>(lines: &[f32], pitch: usize, panel: &mut [f32], inner: usize) {
    let lines: [&[f32]; LANES] = array::from_fn(|p| &lines[p * pitch..][..inner]);
    let parts = lines.map(|line| line.as_chunks::<LANES>().0);
    for group in 0..inner / LANES {
        let turned = f32x4::transpose(parts.map(|part| f32x4::new(part[group])));
        for (k, column) in turned.into_iter().enumerate() {
            if let Some(place) = panel[(group * LANES + k) * W..].first_chunk_mut() {
                *place = column.to_array();
            }
        }
    }
    for k in inner / LANES * LANES..inner {
        (0..LANES).for_each(|p| panel[k * W + p] = lines[p][k]);
    }
}

/// Four rows of a times eight columns of b. A function of its own: a compiler for wasm gives the loops of
/// a long one too few registers.
#[inline(never)]
fn tile(left: &[[f32; TALL]], right: &[[f32; WIDE]], c: &mut [f32], shape: Shape, at: [usize; 2]) {
    let mut sums = [[f32x4::ZERO; 2]; TALL];
    for (left, right) in left.iter().zip(right) {
        add(&mut sums, *left, right);
    }
    put(sums, c, shape, at);
}

/// Adds the products of one k.
#[inline(always)]
fn add(sums: &mut [[f32x4; 2]; TALL], left: [f32; TALL], right: &[f32; WIDE]) {
    let (right, _) = right.as_chunks::<LANES>();
    let right: [f32x4; 2] = array::from_fn(|p| f32x4::new(right[p]));
    for (sums, left) in sums.iter_mut().zip(left) {
        let left = f32x4::splat(left);
        for (sum, right) in sums.iter_mut().zip(right) {
            *sum += left * right;
        }
    }
}

/// Writes a tile where it belongs, as far as c has rows and columns.
#[inline(always)]
fn put(tile: [[f32x4; 2]; TALL], c: &mut [f32], shape: Shape, [i, j]: [usize; 2]) {
    let left = shape.columns - j;
    for (r, sums) in tile.into_iter().enumerate().take(shape.rows - i) {
        let line = &mut c[(i + r) * shape.c + j..];
        let [low, high] = sums.map(f32x4::to_array);
        match line.first_chunk_mut::<WIDE>() {
            Some(whole) if left >= WIDE => {
                let (halves, _) = whole.as_chunks_mut();
                halves[0] = low;
                halves[1] = high;
            }
            _ => {
                let sums = low.into_iter().chain(high);
                line[..left].iter_mut().zip(sums).for_each(|(place, sum)| *place = sum);
            }
        }
    }
}
