//! A random orthogonal matrix, as `torch.nn.init.orthogonal_` makes one: the Q of a Gaussian
//! matrix, with the signs of diag(R) fixed, which makes it uniform over all such matrices (Saxe
//! 2014; Mezzadri 2007).
//!
//! It uses Householder reflections in f64. Columns are contiguous and are worked on eight at a time, so that a
//! reflection read from memory serves eight columns held in cache.

/// The number of columns that share one pass over the reflections.
const BLOCK: usize = 8;

/// The orthogonal factor of a Gaussian matrix, both row-major `[rows, columns]`: orthonormal
/// columns if rows ≥ columns, else orthonormal rows.
pub fn orthogonal(rows: usize, columns: usize, gaussian: Vec<f64>) -> Vec<f64> {
    if rows >= columns {
        // The columns of a row-major matrix are strided, so the transpose's storage is factored and then turned back.
        let tall = transpose(rows, columns, &gaussian);
        transpose(columns, rows, &factor(rows, tall))
    } else {
        // The rows of a wide matrix are the columns of its tall transpose, which are contiguous already.
        factor(columns, gaussian)
    }
}

/// Q of the tall matrix A whose contiguous columns have length m.
///
/// A = H₁H₂…H_n·R with H = I − 2vvᵀ, so Q = H₁…H_n applied to the first n unit vectors; column k
/// is multiplied by the sign of R_kk.
fn factor(m: usize, mut a: Vec<f64>) -> Vec<f64> {
    if m == 0 {
        return a;
    }
    let n = a.len() / m;
    let mut signs = vec![1.0; n];
    // The factorization is left-looking: a block of columns meets all earlier reflections, then makes its own.
    for start in (0..n).step_by(BLOCK) {
        let (done, rest) = a.split_at_mut(start * m);
        let block = &mut rest[..BLOCK.min(n - start) * m];
        for (k, v) in done.chunks_exact(m).enumerate() {
            for column in block.chunks_exact_mut(m) {
                reflect(&v[k..], &mut column[k..]);
            }
        }
        for j in 0..block.len() / m {
            let k = start + j;
            let (column, later) = block[j * m..].split_at_mut(m);
            signs[k] = reflection(&mut column[k..]);
            for other in later.chunks_exact_mut(m) {
                reflect(&column[k..], &mut other[k..]);
            }
        }
    }

    // Unit vector k is not changed by reflections after its own.
    let mut q = vec![0.0; n * m];
    for (b, block) in q.chunks_mut(BLOCK * m).enumerate() {
        let start = b * BLOCK;
        let last = start + block.len() / m - 1;
        for (j, column) in block.chunks_exact_mut(m).enumerate() {
            column[start + j] = signs[start + j];
        }
        for k in (0..=last).rev() {
            let v = &a[k * m + k..(k + 1) * m];
            for column in block.chunks_exact_mut(m).skip(k.saturating_sub(start)) {
                reflect(v, &mut column[k..]);
            }
        }
    }
    q
}

/// Turns x into the unit vector v with (I − 2vvᵀ)x = R·e₁, and returns the sign of R.
///
/// v = (x + sign(x₁)·‖x‖·e₁) normalized, R = −sign(x₁)·‖x‖.
pub(super) fn reflection(x: &mut [f64]) -> f64 {
    let sign = if x[0] < 0.0 { -1.0 } else { 1.0 };
    x[0] += sign * dot(x, x).sqrt();
    let norm = dot(x, x).sqrt();
    if norm > 0.0 {
        for entry in x.iter_mut() {
            *entry /= norm;
        }
    }
    -sign
}

/// x ← x − 2v(vᵀx).
fn reflect(v: &[f64], x: &mut [f64]) {
    let factor = 2.0 * dot(v, x);
    for (entry, direction) in x.iter_mut().zip(v) {
        *entry -= factor * direction;
    }
}

/// vᵀx in eight running sums, which a compiler may keep in vector registers.
pub(super) fn dot(v: &[f64], x: &[f64]) -> f64 {
    let (v, v_rest) = v.as_chunks::<8>();
    let (x, x_rest) = x.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in v.iter().zip(x) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f64 = v_rest.iter().zip(x_rest).map(|(a, b)| a * b).sum();
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h)) + rest
}

/// Turns a row-major matrix `[rows, columns]` into its row-major transpose `[columns, rows]`.
fn transpose(rows: usize, columns: usize, a: &[f64]) -> Vec<f64> {
    let mut out = Vec::with_capacity(a.len());
    for column in 0..columns {
        out.extend((0..rows).map(|row| a[row * columns + column]));
    }
    out
}
