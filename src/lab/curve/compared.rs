//! The curves of the runs that are drawn beside the present one.

use super::{Quantity, measured};
use crate::lab::record::RunRecord;
use crate::lab::runs::RunMark;
use crate::lab::spec::Role;
use crate::lab::state::State;
use crate::science::layer::{LayerId, MatrixId};

/// A quantity of another run by depth, at the step that is shown of the present one, or at its own last.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedDepth {
    /// How the run is marked.
    pub mark: RunMark,
    /// The step at which it was measured.
    pub step: u64,
    /// Its layers, input to output.
    pub points: Vec<(LayerId, Option<f64>)>,
}

impl ComparedDepth {
    /// A quantity of every compared run.
    pub(super) fn all(state: &State, quantity: Quantity) -> Vec<Self> {
        let curve = |(mark, record): (RunMark, &RunRecord)| {
            let frame = record.at(state.moment())?;
            let points = frame.layers.iter().map(|layer| (layer.id, measured(frame, layer.id, quantity)));
            Some(Self { mark, step: frame.step, points: points.collect() })
        };
        state.compared().into_iter().filter_map(curve).collect()
    }

    /// Its value in a layer.
    pub fn at(&self, layer: LayerId) -> Option<f64> {
        self.points.iter().find(|(id, _)| *id == layer)?.1
    }
}

/// The loss of another run by step, in nats: the held-out one, or that of training where it was held out only once.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedLoss {
    /// How the run is marked.
    pub mark: RunMark,
    /// The losses by step.
    pub points: Vec<(u64, f64)>,
}

impl ComparedLoss {
    /// The losses of every compared run on the same data.
    pub(super) fn all(state: &State) -> Vec<Self> {
        let same = state.compared().into_iter().filter(|(_, record)| record.spec.learns_like(state.spec()));
        let curve = |(mark, record): (RunMark, &RunRecord)| {
            let held_out: Vec<(u64, f64)> = record.val_loss.points().collect();
            let points = if held_out.len() > 1 { held_out } else { record.loss.points().collect() };
            Self { mark, points }
        };
        same.map(curve).collect()
    }
}

/// The spread of another run's attention weights by block.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedWeights {
    /// How the run is marked.
    pub mark: RunMark,
    /// The number of each block, and the standard deviations of its Q, K and V.
    pub blocks: Vec<(usize, [Option<f64>; 3])>,
}

impl ComparedWeights {
    /// The weights of every compared run.
    pub(super) fn all(state: &State) -> Vec<Self> {
        let moment = state.moment();
        let curve = |(mark, record): (RunMark, &RunRecord)| {
            let frame = record.at(moment)?;
            let std =
                |block: usize, role: Role| Some(frame.weight(MatrixId { layer: LayerId::Block(block), role })?.std.0);
            let roles = [Role::Query, Role::Key, Role::Value];
            let blocks = (1..=record.spec.network.depth).map(|block| (block, roles.map(|role| std(block, role))));
            Some(Self { mark, blocks: blocks.collect() })
        };
        state.compared().into_iter().filter_map(curve).collect()
    }
}
