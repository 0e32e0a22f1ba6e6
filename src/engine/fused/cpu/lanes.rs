//! Lists of numbers, four numbers at a time.

use std::array;

use wide::f32x4;

pub(super) const LANES: usize = 4;

/// The O lists that f makes of I lists of one length, entry by entry.
#[inline(always)]
pub(super) fn map<const I: usize, const O: usize>(
    inputs: [&[f32]; I],
    f: impl Fn([f32x4; I]) -> [f32x4; O],
) -> [Vec<f32>; O] {
    let length = inputs[0].len();
    let mut outputs: [Vec<f32>; O] = array::from_fn(|_| vec![0.0; length]);
    let mut places = outputs.each_mut().map(|output| output.as_chunks_mut::<LANES>());
    let parts = inputs.map(|input| input[..length].as_chunks::<LANES>());
    for index in 0..length / LANES {
        let y = f(array::from_fn(|i| f32x4::new(parts[i].0[index])));
        for (place, y) in places.iter_mut().zip(y) {
            place.0[index] = y.to_array();
        }
    }
    let rest = length % LANES;
    if rest > 0 {
        let y = f(array::from_fn(|i| load(parts[i].1)));
        for (place, y) in places.iter_mut().zip(y) {
            place.1.copy_from_slice(&y.to_array()[..rest]);
        }
    }
    outputs
}

/// Up to four numbers, with zeros after them.
#[inline(always)]
fn load(values: &[f32]) -> f32x4 {
    let mut lanes = [0.0; LANES];
    lanes[..values.len()].copy_from_slice(values);
    f32x4::new(lanes)
}

/// Σ f over the entries of I lists of one length; f(0, …) must be 0.
#[inline(always)]
pub(super) fn sum<const I: usize>(inputs: [&[f32]; I], f: impl Fn([f32x4; I]) -> f32x4) -> f32 {
    let length = inputs[0].len();
    let parts = inputs.map(|input| input[..length].as_chunks::<LANES>());
    let mut total = f32x4::ZERO;
    for index in 0..length / LANES {
        total += f(array::from_fn(|i| f32x4::new(parts[i].0[index])));
    }
    if !length.is_multiple_of(LANES) {
        total += f(array::from_fn(|i| load(parts[i].1)));
    }
    total.reduce_add()
}

/// y ← f(y, inputs…), entry by entry.
#[inline(always)]
pub(super) fn map_in_place<const I: usize>(y: &mut [f32], inputs: [&[f32]; I], f: impl Fn(f32x4, [f32x4; I]) -> f32x4) {
    let length = y.len();
    let parts = inputs.map(|input| input[..length].as_chunks::<LANES>());
    let (places, end) = y.as_chunks_mut::<LANES>();
    for (index, place) in places.iter_mut().enumerate() {
        *place = f(f32x4::new(*place), array::from_fn(|i| f32x4::new(parts[i].0[index]))).to_array();
    }
    if !end.is_empty() {
        let y = f(load(end), array::from_fn(|i| load(parts[i].1)));
        let count = end.len();
        end.copy_from_slice(&y.to_array()[..count]);
    }
}

/// The largest number; NaN where there is one among them.
pub(super) fn maximum(values: &[f32]) -> f32 {
    let (parts, rest) = values.as_chunks::<LANES>();
    let mut max = f32x4::splat(f32::NEG_INFINITY);
    for part in parts {
        let x = f32x4::new(*part);
        // A NaN is not less than anything, so it is taken, and then kept.
        max = (x.simd_lt(max) | max.is_nan()).select(max, x);
    }
    let larger = |max: f32, x: &f32| if *x < max || max.is_nan() { max } else { *x };
    max.to_array().iter().chain(rest).fold(f32::NEG_INFINITY, larger)
}
