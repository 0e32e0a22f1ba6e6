//! How much memory a network takes while it trains, before it is built. Tensors are of f32, four bytes a
//! number.
//!
//! ```text
//! held   = 4·(P·(2 + m) + A)        P parameters and their gradients, m averages of the optimizer, A activations
//! peak   = held + 4·P·(1 + m)       while a slice is under way, the weights and averages it began with are kept
//! ```
//!
//! A counts what the way back needs: z, φ(z) and φ'(z) of a layer, the streams, norms, Q, K, V, and the
//! T × T weights of each head.

use super::{BlockStyle, Model, Norm, Optimizer, Role, Spec};
use crate::lab::notice::Notice;
use crate::science::architecture::Architecture;
use crate::science::site::{Fans, Site};

/// From so many bytes on it is said beforehand: a phone ends a tab at some hundred megabytes more.
const MANY: f64 = 5e8;
/// A tab has at most 4 GiB, and the program, its data and what comes and goes within a step take their part.
const MOST: f64 = 3.5e9;

const BYTES: f64 = 4.0;

/// What a network takes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// Weights, gradients, the optimizer's averages, activations.
    pub held: f64,
    /// The most at one time.
    pub peak: f64,
}

/// An estimate for a spec.
pub fn memory(spec: &Spec) -> Memory {
    let (parameters, activations) = (parameters(spec) as f64, activations(spec) as f64);
    let averages = match spec.training.optimizer {
        Optimizer::Sgd => 0.0,
        Optimizer::Momentum => 1.0,
        Optimizer::Adam | Optimizer::AdamW => 2.0,
    };
    let held = BYTES * (parameters * (2.0 + averages) + activations);
    Memory { held, peak: held + BYTES * parameters * (1.0 + averages) }
}

/// Numbers that are learned: matrices, biases, norms (the few gates are left out).
pub fn parameters(spec: &Spec) -> usize {
    let net = spec.architecture();
    let numbers = |site: &Site| {
        let Fans { fan_in, fan_out } = site.fans;
        let has_bias = net.has_biases() && !site.role.is_table() && site.role != Role::Head;
        fan_in * fan_out + if has_bias { fan_out } else { 0 }
    };
    let matrices: usize = net.matrices().iter().map(numbers).sum();
    let each = match net.norm {
        Norm::None => 0,
        Norm::Rms => 1,
        Norm::Layer | Norm::Batch => 2,
    };
    let norms = match net.model {
        Model::Mlp => net.depth,
        Model::Gpt => 2 * net.depth + 1,
    };
    matrices + norms * each * net.width
}

/// Numbers that are kept from the way there for the way back.
fn activations(spec: &Spec) -> usize {
    let (net, batch) = (spec.architecture(), spec.training.batch);
    let Architecture { depth, width: d, heads, context, classes, .. } = net;
    let [normed, dropped, skips] = [net.norm != Norm::None, net.dropout > 0.0, net.residual].map(usize::from);
    match net.model {
        Model::Mlp => batch * (depth * d * (3 + normed + dropped + skips) + 3 * classes),
        Model::Gpt => {
            let wide = net.block.hidden(d);
            // z, φ(z) and φ'(z); the gate's partner and its product.
            let mlp = if net.block == BlockStyle::Llama { 5 * wide } else { 3 * wide };
            // Two streams, two norms, Q, K, V, what attention mixes, and what each branch adds.
            let token = d * (2 + 2 * normed + 3 + 1 + 2 + 2 * dropped) + mlp;
            batch * context * (depth * (token + heads * context) + 2 * d + 3 * classes)
        }
    }
}

/// What is said of a network that takes much, before it is built.
pub(crate) fn warning(spec: &Spec) -> Option<Notice> {
    let held = memory(spec).held;
    (held >= MANY).then(|| Notice::memory(&shown(held)))
}

impl Spec {
    /// Brings the network to a size that a tab can hold: fewer layers, if it needs that with a single
    /// example, and then a smaller batch.
    pub(super) fn settle_memory(&mut self, notices: &mut Vec<Notice>) {
        let fits = |depth: usize, batch: usize| {
            let (mut network, mut training) = (self.network, self.training);
            (network.depth, training.batch) = (depth, batch);
            memory(&Self { network, training, ..self.clone() }).peak <= MOST
        };
        let (depth, batch) = (self.network.depth, self.training.batch);
        if fits(depth, batch) {
            return;
        }
        let size = shown(memory(self).peak);
        let fitting = |most: usize, fits: &dyn Fn(usize) -> bool| (1..=most).rev().find(|n| fits(*n)).unwrap_or(1);
        let less_depth = fitting(depth, &|depth| fits(depth, 1));
        let less_batch = fitting(batch, &|batch| fits(less_depth, batch));
        for (knob, asked, used) in [("depth", depth, less_depth), ("batch", batch, less_batch)] {
            if used < asked {
                notices.push(Notice::too_large(knob, asked, used, &size));
            }
        }
        (self.network.depth, self.training.batch) = (less_depth, less_batch);
    }
}

/// Megabytes, or gigabytes to a tenth.
fn shown(bytes: f64) -> String {
    if bytes < 1e9 { format!("{:.0} MB", bytes / 1e6) } else { format!("{:.1} GB", bytes / 1e9) }
}
