//! The first values of a network, drawn on the CPU.

use std::collections::VecDeque;
use std::mem::take;

use super::batch::first_inputs;
use super::clock::now_ms;
use super::parameter::{Parameter, ParameterDraw};
use crate::lab::spec::{Plan, Scheme, Spec};
use crate::science::lsuv::LsuvPass;
use crate::science::seed::fnv1a;

/// A hash of the bits of all values in order, as 16 hexadecimal digits.
pub fn fingerprint(values: &[Vec<f32>]) -> String {
    format!("{:016x}", fnv1a(values.iter().flatten().flat_map(|value| value.to_le_bytes())))
}

/// The first values of every tensor of a spec, row-major, in the order of the list.
pub fn initial(spec: &Spec) -> Vec<Vec<f32>> {
    InitialDraw::new(spec).finish()
}

/// The first values of a network in the making: a large network takes minutes, in which whoever draws it has to listen.
pub(super) struct InitialDraw {
    spec: Spec,
    plan: Plan,
    list: Vec<Parameter>,
    values: Vec<Vec<f32>>,
    /// The tensor that is being drawn.
    present: Option<ParameterDraw>,
    /// What LSUV still has to scale, with the place of the next matrix.
    scaling: Option<(LsuvPass, usize)>,
}

impl InitialDraw {
    /// Nothing is drawn yet.
    pub(super) fn new(spec: &Spec) -> Self {
        let net = spec.architecture();
        let list = net.parameters();
        let scaling =
            (spec.start.scheme == Scheme::Lsuv).then(|| (LsuvPass::new(first_inputs(spec), net, spec.start.bias), 0));
        Self { spec: spec.clone(), plan: spec.plan(), list, values: Vec::new(), present: None, scaling }
    }

    /// Goes on for a fraction of a second at most. Answers whether all is done.
    pub(super) fn advance(&mut self) -> bool {
        let Some(parameter) = self.list.get(self.values.len()) else { return self.scale() };
        let present = self.present.get_or_insert_with(|| parameter.begin(&self.spec, &self.plan));
        if present.advance() {
            self.values.extend(self.present.take().map(|draw| draw.finish(parameter.rows)));
        }
        self.scaling.is_none() && self.values.len() == self.list.len()
    }

    /// Goes on for so many milliseconds of wall time, and hardly longer. Answers whether all is done.
    pub(super) fn advance_for(&mut self, milliseconds: f64) -> bool {
        let end = now_ms() + milliseconds;
        while !self.advance() {
            if now_ms() >= end {
                return false;
            }
        }
        true
    }

    /// Scales the next matrix, where LSUV does. Answers whether none is left.
    fn scale(&mut self) -> bool {
        let Some((pass, from)) = &mut self.scaling else { return true };
        let matrices = || (*from..self.list.len()).filter(|index| self.list[*index].kind.is_matrix());
        let Some(index) = matrices().next() else { return true };
        // In a perceptron each matrix is followed by its biases.
        let mut matrix = take(&mut self.values[index]);
        pass.layer(&mut matrix, &self.values[index + 1]);
        self.values[index] = matrix;
        *from = index + 1;
        false
    }

    /// Which part of the tensors is drawn, in per cent.
    pub(super) fn percent(&self) -> u8 {
        (100 * self.values.len() / self.list.len().max(1)) as u8
    }

    /// The values, after all that is left to do.
    pub(super) fn finish(mut self) -> Vec<Vec<f32>> {
        while !self.advance() {}
        self.values
    }
}

/// The first values of several networks in the making, one after the other.
pub(super) struct InitialDraws {
    left: VecDeque<InitialDraw>,
    done: Vec<Vec<Vec<f32>>>,
}

impl InitialDraws {
    /// Nothing is drawn yet.
    pub(super) fn new(specs: &[Spec]) -> Self {
        Self { left: specs.iter().map(InitialDraw::new).collect(), done: Vec::new() }
    }

    /// Goes on for so many milliseconds of wall time, and hardly longer. Answers whether all is done.
    pub(super) fn advance_for(&mut self, milliseconds: f64) -> bool {
        let end = now_ms() + milliseconds;
        while let Some(next) = self.left.front_mut() {
            if !next.advance_for(end - now_ms()) {
                return false;
            }
            self.done.extend(self.left.pop_front().map(InitialDraw::finish));
        }
        true
    }

    /// Which part of the networks is drawn, in per cent.
    pub(super) fn percent(&self) -> u8 {
        (100 * self.done.len() / (self.done.len() + self.left.len()).max(1)) as u8
    }

    /// The values of each parameter, network after network.
    pub(super) fn finish(self) -> Vec<Vec<f32>> {
        let mut networks = self.done.into_iter().chain(self.left.into_iter().map(InitialDraw::finish));
        let mut all = networks.next().unwrap_or_default();
        networks.for_each(|one| all.iter_mut().zip(one).for_each(|(values, more)| values.extend(more)));
        all
    }
}
