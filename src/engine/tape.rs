//! Reverse-mode differentiation, a layer at a time.
//!
//! ```text
//! forward    y = f(x, …)             remembers what the derivative will need
//! backward   x̄ ← x̄ + (∂f/∂x)ᵀ·ȳ     the last layer first; x̄ is ∂loss/∂x
//! ```
//!
//! A tape of single operations records each norm or softmax as a dozen passes over memory; here it
//! is one step, whose derivative stands below its formula. Whatever `f` may be, what it pushes
//! is a closure that is handed ȳ and adds to the gradients of what f read.

use std::mem::take;

use burn::tensor::Tensor;

use super::pattern::BranchPattern;
use super::unit::{Batches, UnitMoments};

/// A tensor of a pass.
#[derive(Clone)]
pub struct Node {
    /// Its numbers, `[R, …]`.
    pub value: Tensor<3>,
    /// Where its gradient is gathered.
    pub slot: GradientSlot,
}

/// Where a pass gathers the gradient of a tensor; a constant has no gradient.
#[derive(Clone, Copy)]
pub struct GradientSlot(Option<usize>);

impl GradientSlot {
    /// Whether anyone asks for the gradient.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.is_some()
    }
}

impl Node {
    /// A tensor whose gradient nobody asks for.
    pub fn constant(value: Tensor<3>) -> Self {
        Self { value, slot: GradientSlot(None) }
    }

    fn at(index: usize, value: Tensor<3>) -> Self {
        Self { value, slot: GradientSlot(Some(index)) }
    }
}

/// The derivative of a step, which is handed ȳ.
type BackwardStep = Box<dyn FnOnce(Tensor<3>, &mut Gradients)>;

/// The steps of one forward pass.
pub struct Tape {
    leaves: usize,
    steps: Vec<BackwardStep>,
    records: bool,
    /// The moments that its norms over a batch use.
    pub(super) batches: Batches,
    /// What becomes of the branches of its activations.
    pub(super) branches: BranchPattern,
}

impl Tape {
    /// A tape that records, and the network's parameters on it. Gradients come in their order.
    pub(crate) fn recording(parameters: &[Tensor<3>]) -> (Self, Vec<Node>) {
        let leaves: Vec<Node> = parameters.iter().cloned().enumerate().map(|(i, value)| Node::at(i, value)).collect();
        (Self { leaves: leaves.len(), records: true, ..Self::empty() }, leaves)
    }

    /// A tape for a pass that is not differentiated.
    pub fn off(parameters: &[Tensor<3>]) -> (Self, Vec<Node>) {
        let leaves = parameters.iter().cloned().map(Node::constant).collect();
        (Self::empty(), leaves)
    }

    fn empty() -> Self {
        let (batches, branches) = Default::default();
        Self { leaves: 0, steps: Vec::new(), records: false, batches, branches }
    }

    /// The moments that its norms over a batch saw, norm by norm.
    pub fn seen(&mut self) -> Vec<UnitMoments> {
        take(&mut self.batches).seen()
    }

    /// Records the output of a step and its derivative.
    pub fn push(&mut self, value: Tensor<3>, back: impl FnOnce(Tensor<3>, &mut Gradients) + 'static) -> Node {
        if !self.records {
            return Node::constant(value);
        }
        let slot = self.leaves + self.steps.len();
        self.steps.push(Box::new(back));
        Node::at(slot, value)
    }

    /// The gradients of the parameters, from that of the output; `None` where the output does not depend on one.
    pub fn backward(self, output: &Node, gradient: Tensor<3>) -> Vec<Option<Tensor<3>>> {
        let mut gradients = Gradients(vec![None; self.leaves + self.steps.len()]);
        gradients.add(output.slot, || gradient);
        for step in self.steps.into_iter().rev() {
            if let Some(gradient) = gradients.0.pop().flatten() {
                step(gradient, &mut gradients);
            }
        }
        gradients.0
    }
}

/// The gradients of a backward pass so far: of the parameters, then of each step's output.
pub struct Gradients(Vec<Option<Tensor<3>>>);

impl Gradients {
    /// Takes out what was gathered in a slot so far, for a layer that adds to it itself.
    pub fn take(&mut self, slot: GradientSlot) -> Option<Tensor<3>> {
        self.0[slot.0?].take()
    }

    /// Adds to the gradient in a slot; that of a constant is not even computed.
    pub fn add(&mut self, slot: GradientSlot, gradient: impl FnOnce() -> Tensor<3>) {
        if let Some(slot) = slot.0 {
            let sum = match self.0[slot].take() {
                Some(sum) => sum + gradient(),
                None => gradient(),
            };
            self.0[slot] = Some(sum);
        }
    }
}
