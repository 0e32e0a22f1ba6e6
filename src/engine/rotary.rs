//! Rotary positions (Su 2021): q and k are rotated by their position, so that their product depends
//! on the distance of the two.
//!
//! ```text
//! (x_i, x_{i+d/2}) at position t  ←  rotated by t·θ_i,   θ_i = 10000^{−2i/d},   i < d/2
//! ```
//!
//! The two halves of a head are paired, as in Hugging Face's code; Meta's own pairs neighbours. With random
//! weights any pairing is as good.

use burn::tensor::{Device, Tensor};

use super::fused::Heads;

/// The cosines and sines of all angles, by position.
#[derive(Clone)]
pub struct Rotary {
    /// `[1, T, 1, d/2]`.
    cos: Tensor<4>,
    /// `[1, T, 1, d/2]`.
    sin: Tensor<4>,
}

const BASE: f64 = 10_000.0;

impl Rotary {
    /// The tables for heads of an even width and so many positions.
    pub fn new(head_width: usize, context: usize, device: &Device) -> Self {
        let half = head_width / 2;
        let angle = |t: usize, i: usize| t as f64 * libm::pow(BASE, -2.0 * i as f64 / head_width as f64);
        let table = |f: fn(f64) -> f64| {
            let values: Vec<f32> = (0..context).flat_map(|t| (0..half).map(move |i| f(angle(t, i)) as f32)).collect();
            Tensor::<1>::from_data(values.as_slice(), device).reshape([1, context, 1, half])
        };
        Self { cos: table(libm::cos), sin: table(libm::sin) }
    }

    /// Rotates q and k of `[R, B·T, 3d]`.
    pub fn rotate(&self, qkv: Tensor<3>, heads: Heads) -> Tensor<3> {
        rotated(qkv, heads, self.cos.clone(), self.sin.clone())
    }

    /// Rotates by the opposite angles, which is the derivative of a rotation.
    pub(crate) fn rotate_back(&self, qkv: Tensor<3>, heads: Heads) -> Tensor<3> {
        rotated(qkv, heads, self.cos.clone(), -self.sin.clone())
    }
}

fn rotated(qkv: Tensor<3>, Heads { count, time, .. }: Heads, cos: Tensor<4>, sin: Tensor<4>) -> Tensor<3> {
    let [replicas, rows, wide] = qkv.dims();
    let half = wide / 3 / count / 2;
    let apart = qkv.reshape([replicas * rows / time, time, 3 * count, 2 * half]);
    let (both, value) = (apart.clone().narrow(2, 0, 2 * count), apart.narrow(2, 2 * count, count));
    let (a, b) = (both.clone().narrow(3, 0, half), both.narrow(3, half, half));
    let both = Tensor::cat(vec![a.clone() * cos.clone() - b.clone() * sin.clone(), b * cos + a * sin], 3);
    Tensor::cat(vec![both, value], 2).reshape([replicas, rows, wide])
}
