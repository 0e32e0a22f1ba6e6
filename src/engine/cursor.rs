//! A network's tensors in the order of its list, each read by the layer that it belongs to.

use super::layer::Dense;
use super::tap::{Tap, Taps};
use super::tape::{Node, Tape};
use crate::lab::spec::{Activation, Norm};
use crate::science::architecture::Architecture;

/// How far a pass has come in the list of tensors.
#[derive(Clone)]
pub struct Cursor<'a> {
    net: &'a Architecture,
    parameters: &'a [Node],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the first tensor.
    pub fn new(net: &'a Architecture, parameters: &'a [Node]) -> Self {
        Self { net, parameters, at: 0 }
    }

    /// Returns the next tensor and goes on.
    pub fn take(&mut self) -> &'a Node {
        self.at += 1;
        &self.parameters[self.at - 1]
    }

    /// The next linear map, `x·W + b`: `[R, N, in]` to `[R, N, out]`. A network without biases has no b.
    pub fn linear(&mut self, tape: &mut Tape, x: &Node) -> Node {
        self.dense(tape, x, Activation::Linear).y
    }

    /// The next linear map and an activation.
    pub fn dense(&mut self, tape: &mut Tape, x: &Node, activation: Activation) -> Dense {
        let weights = self.take();
        let biases = self.net.has_biases().then(|| self.take());
        tape.dense(x, weights, biases, activation)
    }

    /// `skip·h + gate·branch` of a layer, or the branch alone in a network without skip connections.
    pub fn join(&mut self, tape: &mut Tape, h: &Node, branch: Node, layer: usize, taps: &mut Taps) -> Node {
        if !self.net.residual {
            return branch;
        }
        let gate = self.net.junction.gate.is_some().then(|| self.take());
        let (sum, added) = tape.join(h, self.net.junction.skip, &branch, gate);
        taps.record(Tap::Branch(layer), || added);
        sum
    }

    /// The norm of the last axis, or of a batch, where the network has one.
    pub fn normalize(&mut self, tape: &mut Tape, x: Node) -> Node {
        match self.net.norm {
            Norm::None => x,
            Norm::Layer => {
                let (gain, shift) = (self.take(), self.take());
                tape.normalize(&x, gain, Some(shift))
            }
            Norm::Rms => tape.normalize(&x, self.take(), None),
            Norm::Batch => {
                let (gain, shift) = (self.take(), self.take());
                tape.normalize_batch(&x, gain, shift)
            }
        }
    }

    /// Steps over a norm's tensors.
    pub(crate) fn skip_norm(&mut self) {
        self.at += match self.net.norm {
            Norm::None => 0,
            Norm::Layer | Norm::Batch => 2,
            Norm::Rms => 1,
        };
    }
}
