//! Singular values, where they lie in random matrices, and the largest eigenvalue from products alone.

use std::fs;

use init_lab::science::eigenvector::EigenvectorSearch;
use init_lab::science::init::{Init, Scheme};
use init_lab::science::marchenko::{MarchenkoPastur, SingularLaw};
use init_lab::science::plan::Plan;
use init_lab::science::seed::Stream;
use init_lab::science::singular::SingularValues;
use init_lab::science::site::{Fans, Role, Site};
use serde_json::Value;

fn all(rows: usize, columns: usize, entries: &[f32]) -> Option<Vec<f64>> {
    let mut values = SingularValues::new(rows, columns, entries);
    assert!(values.advance(usize::MAX));
    assert_eq!(values.share(), 1.0);
    values.found().map(<[f64]>::to_vec)
}

/// The hash of `tests/golden/README.md`.
fn value(stream: u32, at: u32) -> f64 {
    let mut u = at.wrapping_mul(2_654_435_761).wrapping_add(stream.wrapping_mul(40_503)).wrapping_add(12_345);
    u ^= u >> 16;
    u = u.wrapping_mul(2_246_822_519);
    u ^= u >> 13;
    u = u.wrapping_mul(3_266_489_917);
    u ^= u >> 16;
    2.0 * (f64::from(u) + 0.5) / 4_294_967_296.0 - 1.0
}

fn normal(seed: u64, count: usize) -> Vec<f32> {
    let mut stream = Stream::new(seed, "matrix");
    (0..count).map(|_| stream.normal() as f32).collect()
}

#[test]
fn singular_values_are_those_of_jacobis_rotations() {
    let golden: Value =
        serde_json::from_str(&fs::read_to_string("tests/golden/singular.json").expect("a file")).expect("JSON");
    let cases = golden.as_array().expect("cases");
    assert_eq!(cases.len(), 6);
    for case in cases {
        let number = |key: &str| case[key].as_f64().expect("a number");
        let [stream, rows, columns] = ["stream", "rows", "columns"].map(|key| number(key) as usize);
        let entry = |at: usize| (number("scale") * value(stream as u32, at as u32)) as f32;
        let entries: Vec<f32> = (0..rows * columns).map(entry).collect();
        let found = all(rows, columns, &entries).expect("finite");
        let expected: Vec<f64> = case["values"].as_array().expect("values").iter().filter_map(Value::as_f64).collect();
        assert_eq!(found.len(), expected.len());
        for (found, exact) in found.iter().zip(&expected) {
            // The golden numbers have twelve digits, and a Gram matrix loses a share of the largest square.
            let lost = 1e-14 * expected[0] * expected[0] / exact;
            assert!((found - exact).abs() <= 1e-11 * exact + lost, "{case}: {found} for {exact}");
        }
    }
}

#[test]
fn singular_values_of_matrices_that_are_known() {
    let identity: Vec<f32> = (0..35).map(|at| f32::from(u8::from(at / 7 == at % 7))).collect();
    let close = |found: Option<Vec<f64>>, expected: &[f64]| {
        let found = found.expect("finite");
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-7 * expected.max(1.0), "{found} for {expected}");
        }
    };
    close(all(5, 7, &identity), &[1.0; 5]);
    close(all(3, 4, &[0.0; 12]), &[0.0; 3]);
    close(all(3, 4, &[-2.0; 12]), &[2.0 * 12_f64.sqrt(), 0.0, 0.0]);
    close(all(1, 1, &[-3.0]), &[3.0]);
    close(all(2, 2, &[3.0, 0.0, 4.0, 5.0]), &[45_f64.sqrt(), 5_f64.sqrt()]);
    close(all(0, 4, &[]), &[]);
    assert_eq!(all(2, 2, &[1.0, f32::NAN, 0.0, 1.0]), None);
    assert_eq!(all(2, 2, &[1.0, f32::INFINITY, 0.0, 1.0]), None);
}

#[test]
fn orthogonal_weights_have_one_singular_value() {
    let site =
        Site { role: Role::Hidden, fans: Fans { fan_in: 40, fan_out: 64 }, layer: 2, depth: 3, width: 64, heads: 1 };
    let init = Init { gain: 1.5, ..Init::new(Scheme::Orthogonal) };
    let weights = Plan::new(init).matrix(&site, &mut Stream::new(1, "weights"));
    for value in all(40, 64, &weights).expect("finite") {
        assert!((value - 1.5).abs() < 1e-6, "{value}");
    }
}

#[test]
fn a_computation_can_be_interrupted_anywhere() {
    let entries = normal(5, 30 * 41);
    let mut values = SingularValues::new(30, 41, &entries);
    let mut shares = vec![values.share()];
    while !values.advance(1) {
        assert_eq!(values.found(), None);
        shares.push(values.share());
    }
    assert!(shares.len() > 60 && shares.is_sorted(), "{shares:?}");
    assert_eq!(values.found().map(<[f64]>::to_vec), all(30, 41, &entries));
}

#[test]
fn marchenko_and_pastur_count_the_singular_values_of_random_matrices() {
    let uniform = |seed: u64, count: usize| {
        let mut stream = Stream::new(seed, "matrix");
        (0..count).map(|_| (3_f64.sqrt() * (2.0 * stream.uniform() - 1.0)) as f32).collect::<Vec<f32>>()
    };
    for (rows, columns, entries) in
        [(512, 512, normal(1, 512 * 512)), (400, 100, normal(2, 40_000)), (128, 300, uniform(3, 128 * 300))]
    {
        let std = 0.05;
        let scaled: Vec<f32> = entries.iter().map(|entry| (f64::from(*entry) * std) as f32).collect();
        let values = all(rows, columns, &scaled).expect("finite");
        let law = MarchenkoPastur::new([rows, columns], std);
        let [low, high] = law.edges();
        assert!((law.share(low, high) - 1.0).abs() < 1e-3);
        assert!(values[0] < law.highest() && law.highest() < 1.05 * high, "{} below {}", values[0], law.highest());
        // The largest singular value fluctuates by n^(−2/3) around the edge (Tracy & Widom).
        assert!((values[0] / high - 1.0).abs() < 0.03, "{} for {high}", values[0]);
        for (at, s) in law.quantiles(7).into_iter().enumerate() {
            let above = (at as f64 + 0.5) / 7.0;
            assert!((law.share(s, high) - above).abs() < 1e-3, "{s}: {above}");
        }
        let bins = 16;
        let edge = |bin: usize| low + (high - low) * bin as f64 / bins as f64;
        for bin in 0..bins {
            let [from, to] = [edge(bin), edge(bin + 1)];
            let count = values.iter().filter(|value| (from..to).contains(*value)).count() as f64;
            let expected = law.share(from, to) * values.len() as f64;
            // Singular values repel each other, so that counts stray far less than √n.
            assert!((count - expected).abs() <= 3.0, "{rows}×{columns}, bin {bin}: {count} for {expected}");
        }
    }
}

#[test]
fn what_a_law_says_of_a_start_is_what_is_drawn() {
    for (scheme, tolerance) in [
        (Scheme::Normal, 0.06),
        (Scheme::Uniform, 0.06),
        (Scheme::TruncatedNormal, 0.06),
        (Scheme::XavierUniform, 0.06),
        (Scheme::KaimingNormal, 0.06),
        (Scheme::Sparse, 0.1),
        (Scheme::Orthogonal, 1e-6),
        (Scheme::Identity, 1e-6),
        (Scheme::Constant, 1e-6),
        (Scheme::Zeros, 1e-6),
    ] {
        let fans = Fans { fan_in: 200, fan_out: 300 };
        let site = Site { role: Role::Hidden, fans, layer: 1, depth: 3, width: 200, heads: 1 };
        let plan = Plan::new(Init { std: 0.05, sparsity: 0.5, ..Init::new(scheme) });
        let weights = plan.matrix(&site, &mut Stream::new(3, "weights"));
        let values = all(200, 300, &weights).expect("finite");
        let law = plan.origins(&site, None)[0].singular_law(fans);
        let [low, high] = law.edges();
        let largest = high.max(1e-9);
        assert!((values[0] - high).abs() <= tolerance * largest, "{scheme:?}: {} for {high}", values[0]);
        assert!((values[199] - low).abs() <= tolerance * largest, "{scheme:?}: {} for {low}", values[199]);
        assert_eq!(matches!(law, SingularLaw::Spread(_)), tolerance > 1e-3, "{scheme:?}");
    }
}

/// A symmetric matrix with these eigenvalues, in a basis of no meaning.
fn symmetric(eigenvalues: &[f64]) -> Vec<f64> {
    let n = eigenvalues.len();
    let mut stream = Stream::new(7, "basis");
    let q = init_lab::science::orthogonal::OrthogonalDraw::new(n, n, (0..n * n).map(|_| stream.normal()).collect())
        .finish();
    let entry = |at: usize| (0..n).map(|k| q[at / n * n + k] * eigenvalues[k] * q[at % n * n + k]).sum();
    (0..n * n).map(entry).collect()
}

fn search(matrix: &[f64], products: usize) -> EigenvectorSearch {
    let n = matrix.len().isqrt();
    let mut search = EigenvectorSearch::new(normal(2, n));
    for _ in 0..products {
        if search.is_close(1e-4) {
            break;
        }
        let asked = search.asked().to_vec();
        let product = |row: &[f64]| row.iter().zip(&asked).map(|(a, x)| a * f64::from(*x)).sum::<f64>() as f32;
        search.take(matrix.chunks_exact(n).map(product).collect());
    }
    search
}

#[test]
fn the_largest_eigenvalue_is_found_beside_larger_negative_ones() {
    let cases: [&[f64]; 4] = [&[3.0, 2.9, 1.0, -10.0, 0.5], &[-1.0, -2.0, -5.0], &[1e-20, 5e-21, 0.0], &[4.0]];
    for eigenvalues in cases {
        let found = search(&symmetric(eigenvalues), 60);
        let largest = eigenvalues.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!((found.value() - largest).abs() <= 1e-3 * largest.abs(), "{eigenvalues:?}: {}", found.value());
        assert!(found.residual() <= 1e-4 * largest.abs() + 1e-30, "{eigenvalues:?}: {}", found.residual());
    }
}

#[test]
fn a_bulk_with_one_eigenvalue_outside_takes_few_products() {
    let mut eigenvalues: Vec<f64> = (0..200).map(|i| f64::from(i) / 200.0).collect();
    eigenvalues.push(1.3);
    let matrix = symmetric(&eigenvalues);
    let found = search(&matrix, 25);
    assert!((found.value() - 1.3).abs() < 1e-3, "{}", found.value());
    // A residual is an error bar: an eigenvalue lies within it, even when the search was broken off.
    for products in [2, 4, 8] {
        let early = search(&matrix, products);
        assert!(eigenvalues.iter().any(|e| (e - early.value()).abs() <= early.residual() * 1.001), "{products}");
    }
}

#[test]
fn products_that_are_not_finite_end_a_search() {
    let mut search = EigenvectorSearch::new(vec![1.0, 1.0]);
    search.take(vec![f32::NAN, 1.0]);
    assert!(search.value().is_nan() && search.is_close(0.1));
    let mut still = EigenvectorSearch::new(vec![1.0, 1.0]);
    still.take(vec![0.0, 0.0]);
    assert_eq!((still.value(), still.residual()), (0.0, 0.0));
    assert!(still.is_close(0.1));
}
