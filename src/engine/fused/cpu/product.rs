//! Matrix products.
//!
//! ```text
//! c[i, j] = Σ_k a(i, k)·b(k, j)
//! ```
//!
//! A tile of four rows and eight columns stays in registers while k runs: eight sums, two parts of b, one
//! number of a; with more, wasm's sixteen registers spill, at half the speed. b is copied first, eight
//! columns side by side, since rows a power of two apart fall upon the same few places of a cache.
//! Nothing is split further: our matrices fit a cache, and a general product, which is made for matrices a
//! hundred times as large, takes more than twice the time. Matrices are places in a list, so that a head of
//! an attention is one where it stands, and so is a transpose.

use std::array;

use wide::f32x4;

const LANES: usize = 4;
/// Columns of a tile.
const WIDE: usize = 2 * LANES;
/// Rows of a tile.
const TALL: usize = 4;
/// Numbers between panels, for the same reason that there are panels.
const APART: usize = 16;

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

/// c ← a·b.
pub(super) fn product(a: &[f32], b: &[f32], c: &mut [f32], shape: Shape) {
    let length = WIDE * shape.inner + APART;
    let panels = panels(b, shape, length);
    for (panel, j) in panels.chunks_exact(length).zip((0..shape.columns).step_by(WIDE)) {
        let (places, _) = panel[..length - APART].as_chunks();
        let mut i = 0;
        while i + TALL <= shape.rows {
            put(tile::<TALL>(a, places, shape.a, i), c, shape, [i, j]);
            i += TALL;
        }
        while i < shape.rows {
            put(tile::<1>(a, places, shape.a, i), c, shape, [i, j]);
            i += 1;
        }
    }
}

/// The columns of b, eight side by side, and zeros where there are no more.
fn panels(b: &[f32], Shape { inner, columns, b: lines, .. }: Shape, length: usize) -> Vec<f32> {
    let mut panels = vec![0.0; length * columns.div_ceil(WIDE)];
    match lines {
        Lines::Along(pitch) => {
            for k in 0..inner {
                let (parts, rest) = b[k * pitch..][..columns].as_chunks::<WIDE>();
                let mut at = k * WIDE;
                for part in parts {
                    // Of a fixed length: else each copy is a call.
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
            for (panel, j) in panels.chunks_exact_mut(length).zip((0..columns).step_by(WIDE)) {
                for (part, from) in (j..columns.min(j + WIDE)).step_by(LANES).enumerate() {
                    let lines = &b[from * pitch..];
                    if from + LANES <= columns {
                        turn(lines, pitch, &mut panel[part * LANES..], inner);
                    } else {
                        for (p, line) in lines.chunks(pitch).take(columns - from).enumerate() {
                            (0..inner).for_each(|k| panel[k * WIDE + part * LANES + p] = line[k]);
                        }
                    }
                }
            }
        }
    }
    panels
}

/// Four lines as four columns of a panel.
fn turn(lines: &[f32], pitch: usize, panel: &mut [f32], inner: usize) {
    let lines: [&[f32]; LANES] = array::from_fn(|p| &lines[p * pitch..][..inner]);
    let parts = lines.map(|line| line.as_chunks::<LANES>().0);
    for group in 0..inner / LANES {
        let turned = f32x4::transpose(parts.map(|part| f32x4::new(part[group])));
        for (k, column) in turned.into_iter().enumerate() {
            if let Some(place) = panel[(group * LANES + k) * WIDE..].first_chunk_mut() {
                *place = column.to_array();
            }
        }
    }
    for k in inner / LANES * LANES..inner {
        (0..LANES).for_each(|p| panel[k * WIDE + p] = lines[p][k]);
    }
}

/// R rows of a, from the i-th, times a panel of b.
#[inline(always)]
fn tile<const R: usize>(a: &[f32], places: &[[f32; WIDE]], lines: Lines, i: usize) -> [[f32x4; 2]; R] {
    let mut sums = [[f32x4::ZERO; 2]; R];
    match lines {
        Lines::Along(pitch) => {
            let lines: [&[f32]; R] = array::from_fn(|r| &a[(i + r) * pitch..][..places.len()]);
            for (k, place) in places.iter().enumerate() {
                add(&mut sums, array::from_fn(|r| lines[r][k]), place);
            }
        }
        Lines::Across(pitch) => {
            let mut from = i;
            for place in places {
                let Some(left) = a[from..].first_chunk() else { break };
                add(&mut sums, *left, place);
                from += pitch;
            }
        }
    }
    sums
}

/// Adds the products of one k.
#[inline(always)]
fn add<const R: usize>(sums: &mut [[f32x4; 2]; R], left: [f32; R], right: &[f32; WIDE]) {
    let (right, _) = right.as_chunks::<LANES>();
    let right: [f32x4; 2] = array::from_fn(|p| f32x4::new(right[p]));
    for (sums, left) in sums.iter_mut().zip(left) {
        let left = f32x4::splat(left);
        for (sum, right) in sums.iter_mut().zip(right) {
            *sum += left * right;
        }
    }
}

/// Writes a tile where it belongs, as far as c has columns.
#[inline(always)]
fn put<const R: usize>(tile: [[f32x4; 2]; R], c: &mut [f32], shape: Shape, [i, j]: [usize; 2]) {
    let left = shape.columns - j;
    for (r, sums) in tile.into_iter().enumerate() {
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
