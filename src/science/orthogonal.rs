//! A random orthogonal matrix, as `torch.nn.init.orthogonal_` makes one: the Q of a Gaussian
//! matrix, with the signs of diag(R) fixed, which makes it uniform over all such matrices (Saxe
//! 2014; Mezzadri 2007).
//!
//! It uses Householder reflections in f64. Columns are contiguous and are worked on eight at a time, so that a
//! reflection read from memory serves eight columns held in cache.

/// The number of columns that share one pass over the reflections.
const BLOCK: usize = 8;

/// The orthogonal factor of a Gaussian matrix in the making, both row-major `[rows, columns]`: orthonormal columns if
/// rows ≥ columns, else orthonormal rows. It is made [`BLOCK`] columns at a time: one of 1024 × 1024 takes seconds, in
/// which whoever draws it may have to listen.
///
/// The tall matrix A has contiguous columns of length m. A = H₁H₂…H_n·R with H = I − 2vvᵀ, so Q = H₁…H_n applied to the
/// first n unit vectors; column k is multiplied by the sign of R_kk.
pub struct OrthogonalDraw {
    rows: usize,
    columns: usize,
    /// A, which becomes the reflections v.
    reflections: Vec<f64>,
    signs: Vec<f64>,
    q: Vec<f64>,
    /// How many blocks are done: first all of A, then all of Q.
    done: usize,
}

impl OrthogonalDraw {
    /// Takes the row-major Gaussian matrix.
    pub fn new(rows: usize, columns: usize, gaussian: Vec<f64>) -> Self {
        // The columns of a tall row-major matrix are strided; the rows of a wide one are the columns of its tall
        // transpose, which are contiguous already.
        let reflections = if rows >= columns { transpose(rows, columns, &gaussian) } else { gaussian };
        Self { rows, columns, reflections, signs: vec![1.0; rows.min(columns)], q: Vec::new(), done: 0 }
    }

    /// Works on the next block. Answers whether all is done.
    pub fn advance(&mut self) -> bool {
        let blocks = self.signs.len().div_ceil(BLOCK);
        if self.done < blocks {
            self.factor(self.done * BLOCK);
        } else if self.done < 2 * blocks {
            self.unfold((self.done - blocks) * BLOCK);
        } else {
            return true;
        }
        self.done += 1;
        self.done == 2 * blocks
    }

    /// The matrix, after all that is left to do.
    pub fn finish(mut self) -> Vec<f64> {
        while !self.advance() {}
        // The columns of a tall matrix are turned back to rows.
        if self.rows >= self.columns { transpose(self.columns, self.rows, &self.q) } else { self.q }
    }

    /// The length of a column of the tall matrix.
    fn height(&self) -> usize {
        self.rows.max(self.columns)
    }

    /// Factors the block of A that begins at this column. It is left-looking: a block of columns meets all earlier
    /// reflections, then makes its own.
    fn factor(&mut self, start: usize) {
        let (m, n) = (self.height(), self.signs.len());
        let (done, rest) = self.reflections.split_at_mut(start * m);
        let block = &mut rest[..BLOCK.min(n - start) * m];
        for (k, v) in done.chunks_exact(m).enumerate() {
            for column in block.chunks_exact_mut(m) {
                reflect(&v[k..], &mut column[k..]);
            }
        }
        for j in 0..block.len() / m {
            let k = start + j;
            let (column, later) = block[j * m..].split_at_mut(m);
            self.signs[k] = reflection(&mut column[k..]);
            for other in later.chunks_exact_mut(m) {
                reflect(&column[k..], &mut other[k..]);
            }
        }
    }

    /// Makes the block of Q that begins at this column. Unit vector k is not changed by reflections after its own.
    fn unfold(&mut self, start: usize) {
        let (m, n) = (self.height(), self.signs.len());
        let mut block = vec![0.0; BLOCK.min(n - start) * m];
        let last = start + block.len() / m - 1;
        for (j, column) in block.chunks_exact_mut(m).enumerate() {
            column[start + j] = self.signs[start + j];
        }
        for k in (0..=last).rev() {
            let v = &self.reflections[k * m + k..(k + 1) * m];
            for column in block.chunks_exact_mut(m).skip(k.saturating_sub(start)) {
                reflect(v, &mut column[k..]);
            }
        }
        self.q.extend(block);
    }
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
