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

/// c ← a·b.
pub(super) fn product(a: &[f32], b: &[f32], c: &mut [f32], shape: Shape) {
    let length = WIDE * shape.inner + LINE;
    let count = shape.columns.div_ceil(WIDE);
    let mut room = vec![0.0; length * count + LINE];
    // A vector across two lines of the cache is two loads.
    let start = room.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
    let panels = &mut room[start..start + length * count];
    pack(b, panels, shape, length);
    for (panel, j) in panels.chunks_exact(length).zip((0..shape.columns).step_by(WIDE)) {
        let (places, _) = panel[..length - LINE].as_chunks();
        for i in (0..shape.rows / TALL * TALL).step_by(TALL) {
            tile::<TALL>(a, places, c, shape, [i, j]);
        }
        for i in shape.rows / TALL * TALL..shape.rows {
            tile::<1>(a, places, c, shape, [i, j]);
        }
    }
}

/// The columns of b, eight side by side; where there are no more, the zeros stay.
fn pack(b: &[f32], panels: &mut [f32], Shape { inner, columns, b: lines, .. }: Shape, length: usize) {
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

/// R rows of c, from the i-th, and the columns of a panel of b.
#[inline(always)]
fn tile<const R: usize>(a: &[f32], places: &[[f32; WIDE]], c: &mut [f32], shape: Shape, [i, j]: [usize; 2]) {
    match shape.a {
        Lines::Along(pitch) => along::<R>(&a[i * pitch..], places, pitch, c, shape, [i, j]),
        Lines::Across(pitch) => across::<R>(&a[i..], places, pitch, c, shape, [i, j]),
    }
}

// Functions of their own: a compiler for wasm gives the loops of a long function too few registers.

#[inline(never)]
fn along<const R: usize>(a: &[f32], places: &[[f32; WIDE]], pitch: usize, c: &mut [f32], shape: Shape, at: [usize; 2]) {
    let mut sums = [[f32x4::ZERO; 2]; R];
    let lines: [&[f32]; R] = array::from_fn(|r| &a[r * pitch..][..places.len()]);
    for (k, place) in places.iter().enumerate() {
        add(&mut sums, array::from_fn(|r| lines[r][k]), place);
    }
    put(sums, c, shape, at);
}

#[inline(never)]
fn across<const R: usize>(
    a: &[f32],
    places: &[[f32; WIDE]],
    pitch: usize,
    c: &mut [f32],
    shape: Shape,
    at: [usize; 2],
) {
    let mut sums = [[f32x4::ZERO; 2]; R];
    for (line, place) in a.chunks(pitch).zip(places) {
        let Some(left) = line.first_chunk() else { break };
        add(&mut sums, *left, place);
    }
    put(sums, c, shape, at);
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
