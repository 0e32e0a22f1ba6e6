//! Multiplies random n × n matrices and says how large the entries of the product are, measured and expected.
//!
//! ```text
//! P_k = W₁·W₂·…·W_k,    entries of W from N(0, σ²),    s_k = ‖P_k‖²/n² the mean square of the entries
//!
//! E s_k = σ²ᵏ·nᵏ⁻¹                                                   the mean over all products
//! ln s_k ≈ k·ln σ² + (k−1)·ln n + Σ_{j<k} [ψ(n·r_j/2) − ln(n·r_j/2)]      a typical product, r_j = max(1, n/(j+1))
//! Var ln s_k ≈ Σ_{j<k} ψ′(n·r_j/2)
//! ```
//!
//! One more matrix W makes ‖P·W‖² of ‖P‖² by a factor Σ b_i²·χ²_n(i)·σ²/Σ b_i², b_i being the singular values of P: a
//! mean of r = (Σ b²)²/Σ b⁴ independent χ²_n, whose logarithm has the mean ψ(n·r/2) − ln(r/2). r is n for the identity,
//! falls as Fuss and Catalan have it, n/(j+1), and ends at 1, where all rows of the product point the same way and the
//! growth is Newman's Lyapunov exponent ½(ln 2 + ψ(n/2)). The mean over all products grows faster, because few enormous
//! ones make it.

use crate::science::seed::Stream;

/// How many multiplications and additions one call of [`Chain::advance`] may make: some 6 ms in a browser.
const SLICE: usize = 6_000_000;

/// A product of matrices of N(0, 1) that grows factor by factor. A σ other than 1 multiplies it by σᵏ, so no σ is a
/// reason to compute it again.
#[derive(Clone, Debug)]
pub struct Chain {
    n: usize,
    seed: u64,
    most: usize,
    /// The product, divided by e^`log_scale` so that its mean square is 1; row by row.
    product: Vec<f64>,
    log_scale: f64,
    /// The factor that is being multiplied, and the rows of the next product that are done.
    factor: Vec<f64>,
    next: Vec<f64>,
    /// ½·ln s_k of the product of k = 1, 2, … factors.
    sizes: Vec<f64>,
}

impl Chain {
    /// Returns a product without any factor yet, of at most `most` matrices n × n.
    pub fn new(n: usize, seed: u64, most: usize) -> Self {
        let (product, factor, next) = (Vec::new(), Vec::new(), Vec::new());
        Self { n, seed, most, product, log_scale: 0.0, factor, next, sizes: Vec::new() }
    }

    /// Returns whether this is the product of these matrices.
    pub fn is_of(&self, n: usize, seed: u64) -> bool {
        (self.n, self.seed) == (n, seed)
    }

    /// Sets how many matrices are multiplied; what is multiplied already stays.
    pub fn set_most(&mut self, most: usize) {
        self.most = most;
    }

    /// Returns the logarithm of the root mean square of the entries after each factor so far, for σ = 1.
    pub fn sizes(&self) -> &[f64] {
        &self.sizes
    }

    /// Returns whether all factors are multiplied.
    pub fn is_done(&self) -> bool {
        self.sizes.len() >= self.most
    }

    /// Multiplies on for a few milliseconds.
    pub fn advance(&mut self) {
        let mut spent = 0;
        while !self.is_done() && spent < SLICE {
            spent += self.advance_rows(SLICE - spent);
        }
    }

    /// Multiplies at least one row of the product, at most as many as `room` allows, and returns what it took.
    fn advance_rows(&mut self, room: usize) -> usize {
        let n = self.n;
        let mut spent = 0;
        if self.factor.is_empty() {
            let mut stream = Stream::new(self.seed, &format!("chain.{}", self.sizes.len() + 1));
            self.factor = (0..n * n).map(|_| stream.normal()).collect();
            // A normal number costs about as much as twenty multiplications.
            spent += 20 * n * n;
        }
        if self.sizes.is_empty() {
            self.next = std::mem::take(&mut self.factor);
        } else {
            let done = self.next.len() / n;
            let rows = (room.saturating_sub(spent) / (n * n)).clamp(1, n - done);
            for row in done..done + rows {
                let from = self.next.len();
                self.next.resize(from + n, 0.0);
                let out = &mut self.next[from..];
                for (left, right) in self.product[row * n..][..n].iter().zip(self.factor.chunks_exact(n)) {
                    out.iter_mut().zip(right).for_each(|(sum, entry)| *sum += left * entry);
                }
            }
            spent += rows * n * n;
        }
        if self.next.len() == n * n {
            self.close();
        }
        spent
    }

    /// Ends the product with one more factor: its entries are divided by their root mean square, which the logarithm
    /// keeps, so that no number ever leaves f64.
    fn close(&mut self) {
        let square = self.next.iter().map(|entry| entry * entry).sum::<f64>() / self.next.len() as f64;
        let size = square.sqrt();
        if size > 0.0 {
            self.next.iter_mut().for_each(|entry| *entry /= size);
        }
        self.log_scale += libm::log(size);
        self.sizes.push(self.log_scale);
        self.product = std::mem::take(&mut self.next);
        self.factor.clear();
    }
}

/// What is expected of the root mean square of the entries of a product, as natural logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedSize {
    /// That of the mean square over all products.
    pub mean: f64,
    /// The median of products.
    pub typical: f64,
    /// The standard deviation around the median.
    pub spread: f64,
}

/// Returns what is expected after 1, 2, … `most` factors.
pub fn expected_sizes(n: usize, sigma: f64, most: usize) -> Vec<ExpectedSize> {
    let (width, log_sigma) = (n as f64, libm::log(sigma));
    let (mut drift, mut var) = (0.0, 0.0);
    let size = |k: usize| {
        let directions = (width / k as f64).max(1.0);
        let half = 0.5 * width * directions;
        drift += digamma(half) - libm::log(half);
        var += trigamma(half);
        let mean = k as f64 * log_sigma + 0.5 * (k as f64 - 1.0) * libm::log(width);
        ExpectedSize { mean, typical: mean + 0.5 * drift, spread: 0.5 * var.sqrt() }
    };
    (1..=most).map(size).collect()
}

/// ψ(x) for x > 0, the derivative of ln Γ: by ψ(x) = ψ(x+1) − 1/x up to where its asymptotic series has 12 digits.
fn digamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 12.0 {
        below += 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square / 240.0)));
    libm::log(x) - 0.5 / x - series - below
}

/// ψ′(x) for x > 0.
fn trigamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 12.0 {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = square * (1.0 / 6.0 - square * (1.0 / 30.0 - square * (1.0 / 42.0 - square / 30.0)));
    below + 1.0 / x + 0.5 * square + series / x
}
