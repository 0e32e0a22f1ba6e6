//! All randomness of the lab, as named streams of numbers from one seed.
//!
//! Each use (`weights`, `batches`, …) has a stream of its own, so that one more draw in one place
//! changes nothing in another. ChaCha8 and `libm` give the same bits natively and in wasm.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::gauss;

/// An endless, reproducible sequence of numbers, fixed by a seed and a name.
#[derive(Clone, Debug)]
pub struct Stream {
    rng: ChaCha8Rng,
}

impl Stream {
    /// The stream called `name` of the family `seed`. Streams of different names are independent, because the seed and
    /// a hash of the name are both part of ChaCha's key.
    pub fn new(seed: u64, name: &str) -> Self {
        // key = seed | FNV-1a(name) | length of the name | "init-lab", 8 bytes each
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&fnv1a(name.bytes()).to_le_bytes());
        key[16..24].copy_from_slice(&(name.len() as u64).to_le_bytes());
        key[24..].copy_from_slice(b"init-lab");
        Self { rng: ChaCha8Rng::from_seed(key) }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// A number in the open interval (0, 1): an odd multiple of 2⁻⁵³, so it is never 0 and never 1. It takes one draw.
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.next_u64() >> 12) * 2 + 1) as f64 * STEP
    }

    /// A standard normal number, Φ⁻¹ of one uniform number. It takes exactly one draw, so that a normal and a uniform
    /// matrix from one stream stay aligned entry by entry.
    pub fn normal(&mut self) -> f64 {
        gauss::quantile(self.uniform())
    }

    /// An index in 0..n without bias (Lemire's multiplication with rejection); 0 if n = 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n == 0 {
            return 0;
        }
        // 2⁶⁴ mod n of the low words would be hit once too often.
        let threshold = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(n);
            if wide as u64 >= threshold {
                return (wide >> 64) as usize;
            }
        }
    }

    /// Shuffles the items by Fisher–Yates, so that each order is equally likely.
    pub fn shuffle(&mut self, items: &mut [u32]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// FNV-1a with 64 bits. This hash is short enough to need no library, so it never changes.
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
