//! The largest eigenvalue of a symmetric matrix that is known only by its products with vectors, as the Hessian of a
//! loss is.
//!
//! ```text
//! λ = xᵀHx,  r = Hx − λx          ‖x‖ = 1
//! x ← the best of span{x, r, d}   d is the last step
//! ```
//!
//! This is the locally optimal method of conjugate gradients (Knyazev 2001) for one vector. Power iteration, which takes
//! the same products, needs as many as the ratio of the two largest eigenvalues asks for, and comes to rest at the one
//! of largest size, which at the start of training may be negative. This one comes to rest at the largest, takes about
//! the square root of the steps, and always has the vector itself, so that its residual ‖r‖ can be told: an
//! eigenvalue lies within ‖r‖ of λ.

/// Such vectors are as good as dependent; the shorter one is left out.
const DEPENDENT: f64 = 1e-10;

/// The search for the largest eigenvalue. Sums are made in f64.
#[derive(Clone, Debug)]
pub struct EigenvectorSearch {
    /// x, then what it may be improved by, each with its product; orthonormal.
    basis: Vec<BasisVector>,
    /// The vector whose product is wanted next.
    asked: Vec<f32>,
    value: f64,
    residual: f64,
}

/// A vector v and its product Hv.
#[derive(Clone, Debug)]
struct BasisVector {
    vector: Vec<f32>,
    product: Vec<f32>,
}

impl EigenvectorSearch {
    /// Begins with a vector that is not 0.
    pub fn new(start: Vec<f32>) -> Self {
        let mut asked = start;
        let norm = dot(&asked, &asked).sqrt();
        scale(&mut asked, 1.0 / norm);
        Self { basis: Vec::new(), asked, value: f64::NAN, residual: f64::INFINITY }
    }

    /// The unit vector whose product with the matrix is to be given to [`Self::take`].
    pub fn asked(&self) -> &[f32] {
        &self.asked
    }

    /// λ, the largest eigenvalue so far; NaN before the first product and when a product was not finite.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// ‖Hx − λx‖.
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// Whether ‖Hx − λx‖ is at most this share of |λ|, or λ is known to be not finite.
    pub fn is_close(&self, share: f64) -> bool {
        self.residual <= share * self.value.abs() || !self.basis.is_empty() && !self.value.is_finite()
    }

    /// x, the unit vector that belongs to λ; `None` before the first product.
    pub fn vector(&self) -> Option<&[f32]> {
        Some(&self.basis.first()?.vector)
    }

    /// Begins again at the present x, for a matrix whose products are computed in another way.
    pub fn again(&mut self) {
        if !self.basis.is_empty() {
            self.asked = self.basis.swap_remove(0).vector;
            self.basis.clear();
            self.residual = f64::INFINITY;
        }
    }

    /// Takes in the product with the vector that was asked for.
    pub fn take(&mut self, product: Vec<f32>) {
        let vector = std::mem::take(&mut self.asked);
        self.basis.push(BasisVector { vector, product });
        let size = self.basis.len();
        let entry = |i: usize, j: usize| {
            let [one, other] = [i, j].map(|k| &self.basis[k]);
            // Products carry errors, so that both orders are asked.
            0.5 * (dot(&one.vector, &other.product) + dot(&other.vector, &one.product))
        };
        let projected: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect();
        let (value, mix) = largest(projected);
        self.value = value;
        if !value.is_finite() {
            return;
        }
        self.turn(&mix);
        self.ask();
    }

    /// Makes x the mixture of the basis, and d the part of it that is new.
    fn turn(&mut self, mix: &[f64]) {
        let old = std::mem::take(&mut self.basis);
        let combined = |mix: &[f64]| {
            let sum = |read: fn(&BasisVector) -> &Vec<f32>| {
                let entry = |at: usize| old.iter().zip(mix).map(|(pair, m)| m * f64::from(read(pair)[at])).sum::<f64>();
                (0..read(&old[0]).len()).map(|at| entry(at) as f32).collect()
            };
            BasisVector { vector: sum(|pair| &pair.vector), product: sum(|pair| &pair.product) }
        };
        self.basis.push(combined(mix));
        // What is new, made orthogonal to the new x: −‖new‖²·(old x) + m₀·(new part).
        let new: f64 = mix[1..].iter().map(|m| m * m).sum();
        if new > DEPENDENT {
            let norm = new.sqrt();
            let step: Vec<f64> =
                mix.iter().enumerate().map(|(i, m)| if i == 0 { -norm } else { mix[0] * m / norm }).collect();
            self.basis.push(combined(&step));
        }
    }

    /// Asks for the product of the residual, made orthogonal to the basis.
    fn ask(&mut self) {
        let BasisVector { vector, product } = &self.basis[0];
        let rest = |(h, x): (&f32, &f32)| (f64::from(*h) - self.value * f64::from(*x)) as f32;
        let mut rest: Vec<f32> = product.iter().zip(vector).map(rest).collect();
        self.residual = dot(&rest, &rest).sqrt();
        // Twice is enough for the digits that are left.
        for _ in 0..2 {
            let norm = dot(&rest, &rest).sqrt();
            if norm == 0.0 {
                break;
            }
            scale(&mut rest, 1.0 / norm);
            for pair in &self.basis {
                let along = dot(&rest, &pair.vector);
                rest.iter_mut()
                    .zip(&pair.vector)
                    .for_each(|(r, v)| *r = (f64::from(*r) - along * f64::from(*v)) as f32);
            }
        }
        let norm = dot(&rest, &rest).sqrt();
        scale(&mut rest, if norm > 0.0 { 1.0 / norm } else { 0.0 });
        self.asked = rest;
    }
}

/// aᵀb in four running sums of f64.
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    let (a, a_rest) = a.as_chunks::<4>();
    let (b, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += f64::from(*a) * f64::from(*b);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    sums.iter().sum::<f64>() + rest
}

fn scale(x: &mut [f32], factor: f64) {
    x.iter_mut().for_each(|entry| *entry = (f64::from(*entry) * factor) as f32);
}

/// The largest eigenvalue of a small symmetric matrix and its unit eigenvector, by Jacobi's rotations.
fn largest(mut a: Vec<Vec<f64>>) -> (f64, Vec<f64>) {
    let n = a.len();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..20 {
        for (i, j) in (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))) {
            if a[i][j] == 0.0 || !a[i][j].is_finite() {
                continue;
            }
            let zeta = (a[j][j] - a[i][i]) / (2.0 * a[i][j]);
            let tangent = 1.0_f64.copysign(zeta) / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
            let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
            let sine = cosine * tangent;
            let rotate = |rows: &mut [Vec<f64>]| {
                for row in rows {
                    let (x, y) = (row[i], row[j]);
                    (row[i], row[j]) = (cosine * x - sine * y, sine * x + cosine * y);
                }
            };
            rotate(&mut a);
            let (above, below) = a.split_at_mut(j);
            for (x, y) in above[i].iter_mut().zip(&mut below[0]) {
                (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
            }
            rotate(&mut vectors);
        }
    }
    let best = (0..n).fold(0, |best, i| if a[i][i] > a[best][best] { i } else { best });
    let value = if a.iter().flatten().all(|entry| entry.is_finite()) { a[best][best] } else { f64::NAN };
    (value, vectors.iter().map(|row| row[best]).collect())
}
