//! Matrix products.
//!
//! ```text
//! c[i, j] = Σ_k a(i, k)·b[k, j]
//! ```
//!
//! A tile of four rows and eight columns stays in registers while k runs: eight sums, two parts of b, one
//! number of a; with more, wasm's sixteen registers spill, at half the speed. Eight columns of b are
//! copied side by side first, since rows a power of two apart fall upon the same few places of a cache.
//! Nothing else is packed or split: our matrices fit a cache, and a general product, which is made for
//! matrices a hundred times as large, takes twice the time. Matrices are places in a list, so that a
//! head of an attention is one where it stands.

use std::array;

use wide::f32x4;

const LANES: usize = 4;

/// The sizes of a product, and how its matrices lie.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) rows: usize,
    pub(super) inner: usize,
    pub(super) columns: usize,
    /// How a lies.
    pub(super) a: Lines,
    /// Numbers from a row of b to the next.
    pub(super) b: usize,
    /// Numbers from a row of c to the next.
    pub(super) c: usize,
}

/// Where a(i, k) is.
#[derive(Clone, Copy)]
pub(super) enum Lines {
    /// At i·pitch + k.
    Along(usize),
    /// At i + k·pitch: a is read as its transpose.
    Across(usize),
}

/// c ← a·b.
pub(super) fn product(a: &[f32], b: &[f32], c: &mut [f32], shape: Shape) {
    const WIDE: usize = 2 * LANES;
    let mut panel = vec![0.0; WIDE * shape.inner];
    let mut j = 0;
    while j + WIDE <= shape.columns {
        strip::<2, WIDE>(a, b, c, shape, j, &mut panel);
        j += WIDE;
    }
    while j < shape.columns {
        strip::<1, LANES>(a, b, c, shape, j, &mut panel);
        j += LANES;
    }
}

/// All rows of up to W columns, P vectors.
#[inline(always)]
fn strip<const P: usize, const W: usize>(
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
    shape: Shape,
    j: usize,
    panel: &mut [f32],
) {
    let (places, _) = panel[..W * shape.inner].as_chunks_mut::<W>();
    let rows = (0..shape.inner).map(|k| &b[k * shape.b + j..]);
    for (place, row) in places.iter_mut().zip(rows) {
        // Of a fixed length wherever it can be: else every copy is a call.
        match row.first_chunk() {
            Some(whole) if j + W <= shape.columns => *place = *whole,
            _ => place[..shape.columns - j].copy_from_slice(&row[..shape.columns - j]),
        }
    }
    let places = &*places;
    let mut i = 0;
    while i + 4 <= shape.rows {
        put(tile::<4, P, W>(a, places, shape.a, i), c, shape, [i, j]);
        i += 4;
    }
    while i < shape.rows {
        put(tile::<1, P, W>(a, places, shape.a, i), c, shape, [i, j]);
        i += 1;
    }
}

/// R rows of a, from the i-th, times a panel of b.
#[inline(never)]
fn tile<const R: usize, const P: usize, const W: usize>(
    a: &[f32],
    places: &[[f32; W]],
    lines: Lines,
    i: usize,
) -> [[f32x4; P]; R] {
    let mut sums = [[f32x4::ZERO; P]; R];
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
fn add<const R: usize, const P: usize>(sums: &mut [[f32x4; P]; R], left: [f32; R], right: &[f32]) {
    let (right, _) = right.as_chunks::<LANES>();
    let right: [f32x4; P] = array::from_fn(|p| f32x4::new(right[p]));
    for (sums, left) in sums.iter_mut().zip(left) {
        let left = f32x4::splat(left);
        for (sum, right) in sums.iter_mut().zip(right) {
            *sum += left * right;
        }
    }
}

/// Writes a tile where it belongs, as far as c has columns.
#[inline(always)]
fn put<const R: usize, const P: usize>(tile: [[f32x4; P]; R], c: &mut [f32], shape: Shape, [i, j]: [usize; 2]) {
    for (r, sums) in tile.into_iter().enumerate() {
        let line = &mut c[(i + r) * shape.c + j..];
        for (p, sum) in sums.into_iter().enumerate() {
            let left = shape.columns - j - LANES * p;
            match line[LANES * p..].first_chunk_mut() {
                Some(whole) if left >= LANES => *whole = sum.to_array(),
                _ => line[LANES * p..][..left].copy_from_slice(&sum.to_array()[..left]),
            }
        }
    }
}

/// The transpose of `[rows, columns]`, whose rows are `pitch` numbers apart.
pub(super) fn transposed(a: &[f32], rows: usize, columns: usize, pitch: usize) -> Vec<f32> {
    let mut turned = vec![0.0; rows * columns];
    let (whole_rows, whole_columns) = (rows / LANES * LANES, columns / LANES * LANES);
    for i in (0..whole_rows).step_by(LANES) {
        for j in (0..whole_columns).step_by(LANES) {
            let of = |r: usize| f32x4::new(array::from_fn(|p| a[(i + r) * pitch + j + p]));
            for (p, line) in f32x4::transpose(array::from_fn(of)).into_iter().enumerate() {
                turned[(j + p) * rows + i..][..LANES].copy_from_slice(&line.to_array());
            }
        }
    }
    for i in 0..rows {
        let from = if i < whole_rows { whole_columns } else { 0 };
        for j in from..columns {
            turned[j * rows + i] = a[i * pitch + j];
        }
    }
    turned
}
