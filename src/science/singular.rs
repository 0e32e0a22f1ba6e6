//! The singular values of a matrix, as a computation that can be interrupted: a large one takes seconds, and whoever
//! computes it has to listen in between.
//!
//! ```text
//! A/max|A| = B [p, q], p ≤ q        the scale is taken off before anything is squared
//! G = B·Bᵀ                          Gram matrix, p × p
//! T = H₁…·G·…H₁                     tridiagonal, by Householder reflections
//! s = max|A|·√λ(T)                  λ by bisection with Sturm's count (Golub & Van Loan, §8.3 and §8.4)
//! ```
//!
//! A Gram matrix squares the condition number: in f64, what is below 10⁻⁸ of the largest singular value is lost. For
//! entries of f32 this costs nothing, because their own rounding moves every singular value by as much.

use super::orthogonal::{dot, reflection};

/// A singular value below this share of the largest may be nothing but the rounding of f32.
pub const LEAST_SHARE: f64 = 1e-6;

/// The largest number of times that an interval is halved: f64 has 53 digits, and those of eigenvalues near 0 are lost
/// anyway.
const HALVINGS: usize = 60;

/// Singular values on their way.
#[derive(Clone, Debug)]
pub struct SingularValues {
    scale: f64,
    small: usize,
    large: usize,
    stage: Stage,
    /// The multiplications that were made, and about how many there will be.
    made: f64,
    whole: f64,
}

/// What comes next.
#[derive(Clone, Debug)]
enum Stage {
    /// Row `at` of the Gram matrix of `rows`.
    Gram { rows: Vec<f64>, gram: Vec<f64>, at: usize },
    /// The reflection that clears row and column `at`.
    Reflect { gram: Vec<f64>, at: usize, squares: Vec<f64> },
    /// The eigenvalue number `found.len()`, from the smallest.
    Bisect { tridiagonal: Tridiagonal, found: Vec<f64> },
    /// Nothing: these are the singular values, or there are none.
    Over(Option<Vec<f64>>),
}

impl SingularValues {
    /// Begins with a row-major matrix `[rows, columns]`. A matrix with a number that is not finite has no singular
    /// values.
    pub fn new(rows: usize, columns: usize, entries: &[f32]) -> Self {
        let scale = entries.iter().fold(0.0_f64, |largest, entry| largest.max(f64::from(entry.abs())));
        let finite = entries.iter().all(|entry| entry.is_finite());
        let (small, large) = (rows.min(columns), rows.max(columns));
        let stage = if !finite {
            Stage::Over(None)
        } else if scale == 0.0 || small == 0 {
            Stage::Over(Some(vec![0.0; small]))
        } else {
            let entry = |row: usize, column: usize| f64::from(entries[row * columns + column]) / scale;
            let place = |at: usize| {
                let (i, j) = (at / large, at % large);
                if rows <= columns { entry(i, j) } else { entry(j, i) }
            };
            let scaled = (0..small * large).map(place).collect();
            Stage::Gram { rows: scaled, gram: vec![0.0; small * small], at: 0 }
        };
        let (p, q) = (small as f64, large as f64);
        let whole = 0.5 * p * p * q + p * p * p + HALVINGS as f64 * p * p;
        Self { scale, small, large, stage, made: 0.0, whole }
    }

    /// About how much is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        if matches!(self.stage, Stage::Over(_)) { 1.0 } else { (self.made / self.whole).min(1.0) }
    }

    /// Makes about so many multiplications, and at least one step. Returns whether there is nothing more to do.
    pub fn advance(&mut self, multiplications: usize) -> bool {
        let goal = self.made + multiplications as f64;
        while !matches!(self.stage, Stage::Over(_)) {
            self.step();
            if self.made >= goal {
                break;
            }
        }
        matches!(self.stage, Stage::Over(_))
    }

    /// The singular values from the largest to the smallest, as many as the smaller side of the matrix has numbers;
    /// `None` where an entry was not finite, or while there is more to do.
    pub fn found(&self) -> Option<&[f64]> {
        if let Stage::Over(found) = &self.stage { found.as_deref() } else { None }
    }

    fn step(&mut self) {
        let (p, q) = (self.small, self.large);
        let stage = std::mem::replace(&mut self.stage, Stage::Over(None));
        let (next, cost) = match stage {
            Stage::Gram { rows, mut gram, at } => {
                let row = &rows[at * q..(at + 1) * q];
                for (j, other) in rows.chunks_exact(q).take(at + 1).enumerate() {
                    let product = dot(row, other);
                    gram[at * p + j] = product;
                    gram[j * p + at] = product;
                }
                let next = if at + 1 < p {
                    Stage::Gram { rows, gram, at: at + 1 }
                } else {
                    Stage::Reflect { gram, at: 0, squares: Vec::with_capacity(p) }
                };
                (next, (at + 1) * q)
            }
            Stage::Reflect { mut gram, at, mut squares } => {
                squares.push(clear(&mut gram, p, at));
                let next = if at + 2 < p {
                    Stage::Reflect { gram, at: at + 1, squares }
                } else {
                    let diagonal = (0..p).map(|i| gram[i * p + i]).collect();
                    squares.truncate(p - 1);
                    Stage::Bisect { tridiagonal: Tridiagonal { diagonal, squares }, found: Vec::with_capacity(p) }
                };
                (next, 3 * (p - at) * (p - at))
            }
            Stage::Bisect { tridiagonal, mut found } => {
                let low = found.last().copied().unwrap_or(0.0);
                found.push(tridiagonal.eigenvalue(found.len(), low));
                let next = if found.len() < p {
                    Stage::Bisect { tridiagonal, found }
                } else {
                    Stage::Over(Some(found.iter().rev().map(|square| self.scale * square.sqrt()).collect()))
                };
                (next, HALVINGS * p)
            }
            over @ Stage::Over(_) => (over, 0),
        };
        self.made += cost as f64;
        self.stage = next;
    }
}

/// Clears row and column k of a symmetric matrix `[p, p]` but for the diagonal and its neighbour, whose square it
/// returns.
///
/// ```text
/// H = I − 2vvᵀ,   H·A·H = A − v·wᵀ − w·vᵀ,   w = 2(A·v − (vᵀA·v)·v)
/// ```
fn clear(a: &mut [f64], p: usize, k: usize) -> f64 {
    let mut v: Vec<f64> = (k + 1..p).map(|i| a[i * p + k]).collect();
    let square = dot(&v, &v);
    if v.len() < 2 {
        return square;
    }
    reflection(&mut v);
    let mut w: Vec<f64> = a.chunks_exact(p).skip(k + 1).map(|row| dot(&row[k + 1..], &v)).collect();
    let along = dot(&v, &w);
    w.iter_mut().zip(&v).for_each(|(w, v)| *w = 2.0 * (*w - along * v));
    for (i, row) in a.chunks_exact_mut(p).skip(k + 1).enumerate() {
        let (vi, wi) = (v[i], w[i]);
        for (entry, (v, w)) in row[k + 1..].iter_mut().zip(v.iter().zip(&w)) {
            *entry -= vi * w + wi * v;
        }
    }
    square
}

/// A symmetric tridiagonal matrix with no negative eigenvalues: its diagonal, and the squares beside it.
#[derive(Clone, Debug)]
struct Tridiagonal {
    diagonal: Vec<f64>,
    squares: Vec<f64>,
}

impl Tridiagonal {
    /// Eigenvalue number `index` from the smallest, which is not below `low`.
    fn eigenvalue(&self, index: usize, low: f64) -> f64 {
        let beside = |i: usize| self.squares.get(i).map_or(0.0, |square| square.sqrt());
        let reach = |i: usize| self.diagonal[i] + beside(i) + if i > 0 { beside(i - 1) } else { 0.0 };
        let (mut low, mut high) = (low, (0..self.diagonal.len()).map(reach).fold(0.0, f64::max));
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.below(middle) > index { high = middle } else { low = middle }
        }
        0.5 * (low + high)
    }

    /// Sturm's count: how many eigenvalues are smaller than x, which is how many pivots of T − x are negative.
    fn below(&self, x: f64) -> usize {
        let mut pivot = 1.0;
        let mut count = 0;
        for (i, entry) in self.diagonal.iter().enumerate() {
            let coupling = if i > 0 { self.squares[i - 1] / pivot } else { 0.0 };
            pivot = entry - x - coupling;
            if pivot == 0.0 {
                pivot = f64::MIN_POSITIVE.sqrt();
            }
            count += usize::from(pivot < 0.0);
        }
        count
    }
}
