//! Estimates how much memory a network takes while it trains, before it is built. Tensors hold f32 numbers of four
//! bytes each.
//!
//! ```text
//! held   = 4·(P·(2 + m) + A)        P parameters and their gradients, m averages of the optimizer, A activations
//! peak   = held + 4·P·(1 + m)       while a slice is under way, the weights and averages it began with are kept
//! ```
//!
//! A counts what the backward pass needs: z, φ(z) and φ'(z) of a layer, the residual streams, the norms, Q, K, V, and
//! the T × T attention weights of each head.

use super::{BlockStyle, Model, Norm, Optimizer, Role, Spec};
use crate::lab::notice::Notice;
use crate::science::architecture::Architecture;
use crate::science::site::{Fans, Site};

/// From this number of bytes on the page warns before it builds a network: a phone closes a tab that takes some hundred
/// megabytes more.
const MANY: f64 = 5e8;
/// The largest peak that is allowed, in bytes: a tab has at most 4 GiB, of which the program, its data and the
/// temporary tensors of a step take a part.
const MOST: f64 = 3.5e9;

const BYTES: f64 = 4.0;

/// The memory that a network takes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// The bytes of weights, gradients, optimizer averages and activations together.
    pub held: f64,
    /// The largest number of bytes that are in use at one time.
    pub peak: f64,
}

/// Estimates the memory that training a spec takes.
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

/// Counts the learned numbers: those of matrices, biases and norms. The few gates of residual branches are left out.
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
    let normed = if net.model == Model::Mlp { net.hidden_units() } else { (2 * net.depth + 1) * net.width };
    matrices + each * normed
}

/// Counts the numbers of the forward pass that are kept for the backward pass.
fn activations(spec: &Spec) -> usize {
    let (net, batch) = (spec.architecture(), spec.training.batch);
    let Architecture { depth, width: d, heads, context, classes, .. } = net;
    let [normed, dropped, skips] = [net.norm != Norm::None, net.dropout > 0.0, net.residual].map(usize::from);
    match net.model {
        Model::Mlp => batch * (net.hidden_units() * (3 + normed + dropped + skips) + 3 * classes),
        Model::Gpt => {
            let wide = net.block.hidden(d);
            // The MLP keeps z, φ(z) and φ'(z), and with a gate also the factor it multiplies and the product.
            let mlp = if net.block == BlockStyle::Llama { 5 * wide } else { 3 * wide };
            // A token takes two streams, two norms, Q, K, V, the mixed values of attention, and the output of each
            // branch.
            let token = d * (2 + 2 * normed + 3 + 1 + 2 + 2 * dropped) + mlp;
            batch * context * (depth * (token + heads * context) + 2 * d + 3 * classes)
        }
    }
}

/// Returns the notice about a network that takes much memory, which is shown before the network is built.
pub(crate) fn warning(spec: &Spec) -> Option<Notice> {
    let held = memory(spec).held;
    (held >= MANY).then(|| Notice::memory(&shown(held)))
}

impl Spec {
    /// Reduces the network to a size that a tab can hold: first the depth, if a single example does not fit, and then
    /// the batch.
    pub(super) fn settle_memory(&mut self, notices: &mut Vec<Notice>) {
        let fits = |depth: usize, batch: usize| {
            let (mut network, mut training) = (self.network, self.training);
            (network.depth, network.widths, training.batch) = (depth, network.widths.truncated(depth), batch);
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
        self.network.widths = self.network.widths.truncated(less_depth);
        self.settle_widths(notices);
    }
}

/// Formats a number of bytes as whole megabytes, or as gigabytes with one decimal.
fn shown(bytes: f64) -> String {
    if bytes < 1e9 { format!("{:.0} MB", bytes / 1e6) } else { format!("{:.1} GB", bytes / 1e9) }
}
