//! Dropout: in a training step each number of a layer is left out with chance p.
//!
//! ```text
//! h ← m·h/(1 − p)        m = 0 with chance p, else 1
//! ```
//!
//! Every mask is a window of one pool of such factors, drawn on the CPU and uploaded once a run; where
//! it begins is drawn from a stream named after the step. So the masks are the same on every device,
//! and a step that is made again has the masks that it had.

use burn::tensor::{Device, Tensor};

use super::tape::{Node, Tape};
use crate::lab::spec::{Model, Spec};
use crate::science::seed::Stream;

/// A window begins at a multiple of so many factors: 256 bytes, at which a GPU reads it without a copy.
const STRIDE: usize = 64;
/// The number of offsets at which a window may begin.
const OFFSETS: usize = 8192;

/// The factors 0 and 1/(1 − p) of a run.
#[derive(Clone)]
pub struct Pool {
    factors: Tensor<1>,
    seed: u64,
}

impl Pool {
    /// Draws and uploads the pool of a spec; `None` without dropout.
    pub fn new(spec: &Spec, device: &Device) -> Option<Self> {
        let (dropout, seed) = (spec.training.dropout, spec.run.seed);
        let length = Self::length(spec);
        if length == 0 {
            return None;
        }
        let mut stream = Stream::new(seed, "dropout");
        let kept = (1.0 / (1.0 - dropout)) as f32;
        let factor = |_| if stream.uniform() < dropout { 0.0 } else { kept };
        let factors: Vec<f32> = (0..length).map(factor).collect();
        Some(Self { factors: Tensor::from_data(factors.as_slice(), device), seed })
    }

    /// The number of factors that a spec needs; 0 without dropout.
    pub(super) fn length(spec: &Spec) -> usize {
        let rows = spec.training.batch * if spec.network.model == Model::Gpt { spec.network.context } else { 1 };
        if spec.training.dropout == 0.0 { 0 } else { rows * spec.network.width + OFFSETS * STRIDE }
    }
}

/// The masks of one pass, in the order in which its layers apply them.
pub struct Masks<'a>(Option<(&'a Pool, Stream)>);

impl<'a> Masks<'a> {
    /// Masks that leave nothing out.
    pub fn none() -> Self {
        Self(None)
    }

    /// The masks for one training step.
    pub fn of(pool: Option<&'a Pool>, step: u64) -> Self {
        Self(pool.map(|pool| (pool, Stream::new(pool.seed, &format!("dropout/step.{step}")))))
    }

    /// Applies the next mask to h `[R, N, n]`, the same one to all replicas: m·h/(1 − p).
    pub fn apply(&mut self, tape: &mut Tape, h: Node) -> Node {
        let Some((pool, stream)) = &mut self.0 else { return h };
        let [_, rows, columns] = h.value.dims();
        let window = pool.factors.clone().narrow(0, STRIDE * stream.below(OFFSETS), rows * columns);
        tape.product(&h, &Node::constant(window.reshape([1, rows, columns])))
    }
}
