//! What the statistics of a tensor are made of, in few passes over numbers that the cache still holds.
//!
//! Composed of Burn's operations each of them is a pass of its own over memory, with a tensor between, and a training
//! step of a small network takes less than that. See `tap::statistics` for the formulas.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::DIVISOR_FLOOR;
use super::lanes::{LANES, map_in_place, sum};
use super::{contiguous, dims, numbers, tensor};

/// Sums are made in f32 over so many numbers, and of those in f64.
const PART: usize = 1024;

/// m = max|x| and the means ⟨x̃⟩ and ⟨x̃²⟩ of x̃ = x/m, `[3, R]`, of R tensors x `[R, rows, columns]`.
pub(in super::super) fn size(x: FlexTensor) -> FlexTensor {
    summary(x, |_, _, _| [])
}

/// The same, and the mean squares of what tells rows and columns apart, `[5, R]`.
pub(in super::super) fn spread(x: FlexTensor) -> FlexTensor {
    summary(x, |scaled, rows, columns| [apart(scaled, rows, columns), apart_in_rows(scaled, columns)])
}

/// The same, and the mean square of what tells the rows of each text of `time` rows apart, `[6, R]`.
pub(in super::super) fn spread_in_texts(x: FlexTensor, time: usize) -> FlexTensor {
    summary(x, |scaled, rows, columns| {
        [apart(scaled, rows, columns), apart_in_rows(scaled, columns), apart(scaled, time, columns)]
    })
}

fn summary<const M: usize>(x: FlexTensor, more: impl Fn(&[f32], usize, usize) -> [f32; M]) -> FlexTensor {
    let x = contiguous(x);
    let [replicas, rows, columns] = dims(&x);
    let mut scaled = vec![0.0; rows * columns];
    let mut all = vec![0.0; (3 + M) * replicas];
    for (replica, values) in numbers(&x).chunks_exact(rows * columns).enumerate() {
        let largest = largest(values);
        let divisor = largest.max(DIVISOR_FLOOR);
        let [mean, square] = scale(values, divisor, &mut scaled);
        let found = [largest, mean, square].into_iter().chain(more(&scaled, rows, columns));
        found.enumerate().for_each(|(row, number)| all[row * replicas + replica] = number);
    }
    tensor(all, [3 + M, replicas])
}

/// max|x|. A NaN among them may be passed over: it shows in the means.
fn largest(values: &[f32]) -> f32 {
    let (parts, rest) = values.as_chunks::<LANES>();
    let most = parts.iter().fold(f32x4::ZERO, |most, part| most.fast_max(f32x4::new(*part).abs()));
    most.to_array().iter().chain(rest).fold(0.0, |most: f32, x| most.max(x.abs()))
}

/// Writes x/m, and returns its mean and the mean of its squares.
fn scale(values: &[f32], divisor: f32, scaled: &mut [f32]) -> [f32; 2] {
    let divisor = f32x4::splat(divisor);
    let [mut total, mut squares] = [0.0; 2];
    for (values, scaled) in values.chunks(PART).zip(scaled.chunks_mut(PART)) {
        map_in_place(scaled, [values], |_, [x]| x / divisor);
        total += f64::from(sum([scaled], |[x]| x));
        squares += f64::from(sum([scaled], |[x]| x * x));
    }
    [total, squares].map(|sum| (sum / values.len() as f64) as f32)
}

/// ⟨(x − ⟨x⟩)²⟩ with the inner mean over each group of so many rows, column by column.
fn apart(values: &[f32], group: usize, columns: usize) -> f32 {
    let mut means = vec![0.0; columns];
    let mut total = 0.0;
    for group in values.chunks_exact(group * columns) {
        let first = &group[..columns];
        means.fill(0.0);
        for row in group.chunks_exact(columns) {
            for ((mean, x), first) in means.iter_mut().zip(row).zip(first) {
                *mean += x - first;
            }
        }
        let rows = (group.len() / columns) as f32;
        means.iter_mut().for_each(|mean| *mean /= rows);
        for row in group.chunks_exact(columns) {
            total += f64::from(sum([row, first, &means], |[x, first, mean]| {
                let apart = x - first - mean;
                apart * apart
            }));
        }
    }
    (total / values.len() as f64) as f32
}

/// ⟨(x − ⟨x⟩)²⟩ with the inner mean over each row.
fn apart_in_rows(values: &[f32], columns: usize) -> f32 {
    let whole = columns - columns % LANES;
    let mut total = 0.0;
    for row in values.chunks_exact(columns) {
        let first = row[0];
        let (head, rest) = row.split_at(whole);
        let first4 = f32x4::splat(first);
        let shifted = sum([head], |[x]| x - first4) + rest.iter().map(|x| x - first).sum::<f32>();
        let mean = shifted / columns as f32;
        let mean4 = f32x4::splat(mean);
        let squares = sum([head], |[x]| {
            let apart = x - first4 - mean4;
            apart * apart
        });
        let rest: f32 = rest.iter().map(|x| (x - first - mean) * (x - first - mean)).sum();
        total += f64::from(squares + rest);
    }
    (total / values.len() as f64) as f32
}
