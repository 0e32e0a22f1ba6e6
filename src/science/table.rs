//! Averages without a closed form, from a table. A slider asks for a hundred of them in a frame, and an integral takes
//! a hundred times as long as the table does.
//!
//! ```text
//! x = s/(1 + s),  s = √q:   [0, 1] for all q, and every column has a power series at both its ends
//! f(x) ≈ Σ f(x_i)·w_i/(x − x_i) / Σ w_i/(x − x_i)      x_i Chebyshev's nodes of a panel of [0, 1]
//! ```
//!
//! (Berrut & Trefethen 2004, SIAM Review 46, 501–517, eq. 5.3.) Columns are scaled to be of order 1
//! at both ends, so that what is small keeps its digits. Averages are within 10⁻¹⁰ of their integrals
//! and the maps of [`super::kernel`] within 10⁻⁹, as a test finds at a thousand other q.

use std::f64::consts::PI;
use std::sync::OnceLock;

use super::activation::Activation;
use super::gauss;

/// The number of Hermite coefficients that are kept.
pub(crate) const ORDERS: usize = 20;

/// The number of Hermite coefficients of the square that are kept.
pub(crate) const SQUARES: usize = 6;

/// The number of averages before the coefficients.
const PLAIN: usize = 8;

const COLUMNS: usize = PLAIN + ORDERS + SQUARES;

const NODES: usize = 18;

/// The ends of the panels, at √q = 2/3, √q = 7/3 and ∞.
const ENDS: [f64; 3] = [0.4, 0.7, 1.0];

/// The number that φ is divided by, so that ψ = (φ − φ(0))/scale is of order 1 at any √q.
pub(crate) fn scale(activation: Activation, root: f64) -> f64 {
    if activation.bounded() { root / (1.0 + root) } else { root }
}

/// Averages over a Gaussian g, with ψ and ψ' at √q·g. First are E ψ, E ψ², E ψ³, E ψ⁴, E φ'², √q·`E[g·ψ·ψ']`,
/// √q·`E[g·ψ']` and E φ'⁴; then `E[ψ·h_k(g)]` with the normalized Hermite polynomials, from k = 1; then `E[ψ²·h_k(g)]`.
pub(crate) fn averages(activation: Activation, root: f64) -> ([f64; PLAIN], [f64; ORDERS], [f64; SQUARES]) {
    static PANELS: [[OnceLock<Panel>; ENDS.len()]; Activation::ALL.len()] =
        [const { [const { OnceLock::new() }; ENDS.len()] }; Activation::ALL.len()];
    let x = root / (1.0 + root);
    let index = ENDS.iter().position(|&end| x < end).unwrap_or(ENDS.len() - 1);
    let row = PANELS[activation.index()][index].get_or_init(|| panel(activation, index)).row(x);
    let units = units(activation, root);
    let column = |first: usize| move |k: usize| row[first + k];
    (
        std::array::from_fn(|i| row[i] * units[i]),
        std::array::from_fn(column(PLAIN)),
        std::array::from_fn(column(PLAIN + ORDERS)),
    )
}

/// The nodes x_i of a panel, with their weights w_i and values f(x_i).
struct Panel(Vec<(f64, f64, [f64; COLUMNS])>);

impl Panel {
    fn row(&self, x: f64) -> [f64; COLUMNS] {
        let mut sums = [0.0; COLUMNS];
        let mut whole = 0.0;
        for (node, weight, row) in &self.0 {
            if x == *node {
                return *row;
            }
            let weight = weight / (x - node);
            whole += weight;
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
        sums.map(|sum| sum / whole)
    }
}

fn panel(activation: Activation, index: usize) -> Panel {
    let (from, to) = (if index == 0 { 0.0 } else { ENDS[index - 1] }, ENDS[index]);
    let node = |i: usize| {
        let angle = PI * (2 * i + 1) as f64 / (2 * NODES) as f64;
        let x = 0.5 * (from + to) + 0.5 * (to - from) * libm::cos(angle);
        let weight = libm::sin(angle);
        (x, if i.is_multiple_of(2) { weight } else { -weight }, integrated(activation, x / (1.0 - x)))
    };
    Panel((0..NODES).map(node).collect())
}

/// How the plain averages go to 0 at an end: the odd ones as √q where φ is straight at 0, and the slope of what
/// saturates as 1/√q.
fn units(activation: Activation, root: f64) -> [f64; PLAIN] {
    let odd = if activation.kink().is_none() { root / (1.0 + root) } else { 1.0 };
    let slope = if activation.bounded() { 1.0 / (1.0 + root) } else { 1.0 };
    [odd, 1.0, odd, 1.0, slope, 1.0, odd, slope]
}

/// A row of the table, computed by quadrature.
fn integrated(activation: Activation, root: f64) -> [f64; COLUMNS] {
    let scale = scale(activation, root);
    // h_{k+1} = (g·h_k − √k·h_{k−1})/√(k + 1)
    let roots: [f64; ORDERS + 1] = std::array::from_fn(|k| (k as f64).sqrt());
    let values = |g: f64| {
        let x = root * g;
        let psi = activation.centred(x) / scale;
        let square = psi * psi;
        let slope = activation.derivative(x);
        let growth = x * slope / scale;
        let mut row = [0.0; COLUMNS];
        row[..PLAIN].copy_from_slice(&[
            psi,
            square,
            square * psi,
            square * square,
            slope * slope,
            growth * psi,
            growth,
            slope * slope * slope * slope,
        ]);
        let (mut before, mut here) = (0.0, 1.0);
        for k in 0..ORDERS {
            (before, here) = (here, (g * here - roots[k] * before) / roots[k + 1]);
            row[PLAIN + k] = psi * here;
            if k < SQUARES {
                row[PLAIN + ORDERS + k] = square * here;
            }
        }
        row
    };
    let mut row =
        if activation.smooth() { gauss::expect_smooth(root, values) } else { gauss::expect_all(root, values) };
    row.iter_mut().zip(units(activation, root)).for_each(|(value, unit)| *value /= unit);
    row
}
