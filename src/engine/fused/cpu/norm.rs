//! LayerNorm and RMSNorm, a row at a time.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::Norm;
use super::lanes::{change, sum};
use super::{contiguous, dims, numbers, of_replica, tensor};
use crate::science::norm::EPSILON;

/// y, μ, 1/s.
pub(super) fn forward(
    x: FlexTensor,
    gain: FlexTensor,
    shift: FlexTensor,
    centers: bool,
) -> (FlexTensor, FlexTensor, FlexTensor) {
    let [x, gain, shift] = [x, gain, shift].map(contiguous);
    let [replicas, rows, width] = dims(&x);
    let own = dims::<3>(&gain)[0];
    let mut y = numbers(&x).to_vec();
    let (mut means, mut inverses) = (Vec::with_capacity(replicas * rows), Vec::with_capacity(replicas * rows));
    for (index, row) in y.chunks_exact_mut(width).enumerate() {
        let gain = of_replica(numbers(&gain), own, index / rows);
        let mean = if centers { sum([row], |[x]| x) / width as f32 } else { 0.0 };
        if centers {
            change(row, [], |x, []| x - f32x4::splat(mean));
        }
        let square = sum([row], |[x]| x * x) / width as f32;
        let inverse = 1.0 / (square + EPSILON as f32).sqrt();
        let factor = f32x4::splat(inverse);
        if centers {
            let shift = of_replica(numbers(&shift), own, index / rows);
            change(row, [gain, shift], |x, [gain, shift]| x * factor * gain + shift);
        } else {
            change(row, [gain], |x, [gain]| x * factor * gain);
        }
        means.push(mean);
        inverses.push(inverse);
    }
    let row = [replicas, rows, 1];
    (tensor(y, [replicas, rows, width]), tensor(means, row), tensor(inverses, row))
}

/// x̄, ḡ, b̄ of x, g, μ, 1/s, ȳ and what x̄ is added to.
pub(super) fn back(inputs: [FlexTensor; 6], form: Norm) -> (FlexTensor, FlexTensor, FlexTensor) {
    let [x, gain, mean, inverse, dy, elsewhere] = inputs.map(contiguous);
    let [replicas, rows, width] = dims(&x);
    let own = dims::<3>(&gain)[0];
    let mut dgain = vec![0.0; replicas * width];
    let mut dshift = vec![0.0; replicas * width];
    let mut dx = numbers(&x).to_vec();
    let each = dx.chunks_exact_mut(width).zip(numbers(&dy).chunks_exact(width));
    for (index, ((row, dy), (mean, inverse))) in each.zip(numbers(&mean).iter().zip(numbers(&inverse))).enumerate() {
        let r = index / rows;
        let gain = of_replica(numbers(&gain), own, r);
        let (mean, inverse) = (f32x4::splat(*mean), f32x4::splat(*inverse));
        change(row, [], |x, []| (x - mean) * inverse);
        let columns = r * width..(r + 1) * width;
        change(&mut dgain[columns.clone()], [row, dy], |sum, [x, dy]| sum + x * dy);
        if form.centers {
            change(&mut dshift[columns], [dy], |sum, [dy]| sum + dy);
        }
        let along = f32x4::splat(sum([row, dy, gain], |[x, dy, gain]| x * dy * gain) / width as f32);
        let middle = if form.centers { sum([dy, gain], |[dy, gain]| dy * gain) / width as f32 } else { 0.0 };
        let middle = f32x4::splat(middle);
        change(row, [dy, gain], |x, [dy, gain]| (dy * gain - middle - x * along) * inverse);
    }
    if form.joins {
        change(&mut dx, [numbers(&elsewhere)], |dx, [elsewhere]| dx + elsewhere);
    }
    let column = [replicas, 1, width];
    (tensor(dx, [replicas, rows, width]), tensor(dgain, column), tensor(dshift, column))
}
