//! LayerNorm and RMSNorm, a row at a time.

use burn::backend::flex::FlexTensor;
use wide::f32x4;

use super::super::NormBackward;
use super::lanes::{map_in_place, sum};
use super::{contiguous, dims, numbers, of_replica, tensor};
use crate::science::norm::EPSILON;

/// y, μ and 1/s.
pub(in super::super) fn normalize(inputs: [FlexTensor; 3], centers: bool) -> [FlexTensor; 3] {
    let [x, gain, shift] = inputs.map(contiguous);
    let [replicas, rows, width] = dims(&x);
    let mut y = numbers(&x).to_vec();
    let (mut means, mut inverses) = (Vec::with_capacity(replicas * rows), Vec::with_capacity(replicas * rows));
    for (index, row) in y.chunks_exact_mut(width).enumerate() {
        let gain = of_replica(&gain, index / rows);
        let mean = if centers { sum([row], |[x]| x) / width as f32 } else { 0.0 };
        if centers {
            map_in_place(row, [], |x, []| x - f32x4::splat(mean));
        }
        let variance = sum([row], |[x]| x * x) / width as f32;
        let inverse = 1.0 / (variance + EPSILON as f32).sqrt();
        let factor = f32x4::splat(inverse);
        if centers {
            let shift = of_replica(&shift, index / rows);
            map_in_place(row, [gain, shift], |x, [gain, shift]| x * factor * gain + shift);
        } else {
            map_in_place(row, [gain], |x, [gain]| x * factor * gain);
        }
        means.push(mean);
        inverses.push(inverse);
    }
    let row = [replicas, rows, 1];
    [tensor(y, [replicas, rows, width]), tensor(means, row), tensor(inverses, row)]
}

/// x̄, ḡ and b̄.
pub(in super::super) fn normalize_back(inputs: [FlexTensor; 6], norm: NormBackward) -> [FlexTensor; 3] {
    let [x, gain, mean, inverse, dy, elsewhere] = inputs.map(contiguous);
    let [replicas, rows, width] = dims(&x);
    let mut dgain = vec![0.0; replicas * width];
    let mut dshift = vec![0.0; replicas * width];
    let mut dx = numbers(&x).to_vec();
    let each = dx.chunks_exact_mut(width).zip(numbers(&dy).chunks_exact(width));
    for (index, ((row, dy), (mean, inverse))) in each.zip(numbers(&mean).iter().zip(numbers(&inverse))).enumerate() {
        let r = index / rows;
        let gain = of_replica(&gain, r);
        let (mean, inverse) = (f32x4::splat(*mean), f32x4::splat(*inverse));
        map_in_place(row, [], |x, []| (x - mean) * inverse);
        let columns = r * width..(r + 1) * width;
        map_in_place(&mut dgain[columns.clone()], [row, dy], |sum, [x, dy]| sum + x * dy);
        if norm.centers {
            map_in_place(&mut dshift[columns], [dy], |sum, [dy]| sum + dy);
        }
        let projection = f32x4::splat(sum([row, dy, gain], |[x, dy, gain]| x * dy * gain) / width as f32);
        let mean = if norm.centers { sum([dy, gain], |[dy, gain]| dy * gain) / width as f32 } else { 0.0 };
        let mean = f32x4::splat(mean);
        map_in_place(row, [dy, gain], |x, [dy, gain]| (dy * gain - mean - x * projection) * inverse);
    }
    if norm.accumulates {
        map_in_place(&mut dx, [numbers(&elsewhere)], |dx, [elsewhere]| dx + elsewhere);
    }
    let column = [replicas, 1, width];
    [tensor(dx, [replicas, rows, width]), tensor(dgain, column), tensor(dshift, column)]
}
