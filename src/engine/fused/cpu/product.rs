//! Matrix products.
//!
//! ```text
//! c[i, j] = Σ_k a(i, k)·b[k, j]
//! ```
//!
//! A tile of six rows and eight columns stays in registers while k runs: twelve sums, two parts of b, one
//! number of a. Our matrices fit a cache; so nothing is packed or split, and in wasm that takes half the
//! time of a general product, which is made for matrices a hundred times as large. Matrices are
//! places in a list, so that a head of an attention is one where it stands.

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
    let mut j = 0;
    while j + 2 * LANES <= shape.columns {
        strip::<2>(a, b, c, shape, j);
        j += 2 * LANES;
    }
    while j + LANES <= shape.columns {
        strip::<1>(a, b, c, shape, j);
        j += LANES;
    }
    for j in j..shape.columns {
        for i in 0..shape.rows {
            let of = |k: usize| match shape.a {
                Lines::Along(pitch) => a[i * pitch + k],
                Lines::Across(pitch) => a[i + k * pitch],
            };
            c[i * shape.c + j] = (0..shape.inner).map(|k| of(k) * b[k * shape.b + j]).sum();
        }
    }
}

/// All rows of P vectors of columns.
#[inline(always)]
fn strip<const P: usize>(a: &[f32], b: &[f32], c: &mut [f32], shape: Shape, j: usize) {
    let mut i = 0;
    while i + 6 <= shape.rows {
        tile::<6, P>(a, b, c, shape, [i, j]);
        i += 6;
    }
    while i + 4 <= shape.rows {
        tile::<4, P>(a, b, c, shape, [i, j]);
        i += 4;
    }
    while i < shape.rows {
        tile::<1, P>(a, b, c, shape, [i, j]);
        i += 1;
    }
}

#[inline(never)]
fn tile<const R: usize, const P: usize>(a: &[f32], b: &[f32], c: &mut [f32], shape: Shape, [i, j]: [usize; 2]) {
    let mut sums = [[f32x4::ZERO; P]; R];
    let places = b[j..].chunks(shape.b).take(shape.inner);
    let mut add = |left: [f32; R], place: &[f32]| {
        let (parts, _) = place.as_chunks::<LANES>();
        let right: [f32x4; P] = array::from_fn(|p| f32x4::new(parts[p]));
        for r in 0..R {
            let left = f32x4::splat(left[r]);
            for p in 0..P {
                sums[r][p] += left * right[p];
            }
        }
    };
    match shape.a {
        Lines::Along(pitch) => {
            let lines: [&[f32]; R] = array::from_fn(|r| &a[(i + r) * pitch..][..shape.inner]);
            for (k, place) in places.enumerate() {
                add(array::from_fn(|r| lines[r][k]), place);
            }
        }
        Lines::Across(pitch) => {
            for (line, place) in a[i..].chunks(pitch).zip(places) {
                add(array::from_fn(|r| line[r]), place);
            }
        }
    }
    for (r, sums) in sums.iter().enumerate() {
        let line = &mut c[(i + r) * shape.c + j..][..LANES * P];
        for (place, sum) in line.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
            *place = sum.to_array();
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
