//! The networks of an experiment that are trained together: many as one, or one whose second part begins
//! in the middle of the run, alone.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::replicas::{ReplicaSlice, ReplicaTrainer};
use super::session::{Session, Slice};
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, Spec};

/// Networks of one kind that are being trained.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum TrainingGroup {
    /// Networks that are replicas of one model.
    Replicas(ReplicaTrainer),
    /// A network that is adapted has other tensors in its second part, which it shares with none.
    Adapted(AdaptedNetwork),
}

/// A network that is trained by itself.
pub(super) struct AdaptedNetwork {
    session: Session,
    begun: bool,
    /// It made all its steps, or its numbers left f32.
    over: bool,
}

impl TrainingGroup {
    /// Draws and uploads the weights of networks that can be trained together.
    pub(super) fn build(specs: Vec<Spec>, data: Rc<Data>, device: &Device) -> Self {
        match &specs[..] {
            [spec] if spec.adapt.kind != Adapt::Off => {
                let session = Session::build(0, spec.clone(), data, device);
                Self::Adapted(AdaptedNetwork { session, begun: false, over: false })
            }
            _ => Self::Replicas(ReplicaTrainer::build(specs, data, device)),
        }
    }

    /// The number of steps that are made; all of them where nothing more can come.
    pub(super) fn step(&self) -> u64 {
        match self {
            Self::Replicas(trainer) => trainer.step(),
            Self::Adapted(AdaptedNetwork { session, over, .. }) => {
                session.step() + if *over { session.left() } else { 0 }
            }
        }
    }

    /// Makes `count` steps, or fewer; `last` measures at their end. As [`ReplicaTrainer::advance`].
    pub(super) async fn advance(&mut self, count: u64, last: bool) -> Result<ReplicaSlice, Failure> {
        match self {
            Self::Replicas(trainer) => trainer.advance(count as usize, last).await,
            Self::Adapted(network) => network.advance(count, last).await,
        }
    }
}

impl AdaptedNetwork {
    async fn advance(&mut self, count: u64, last: bool) -> Result<ReplicaSlice, Failure> {
        let Self { session, begun, over } = self;
        let mut losses = Vec::new();
        if !*begun {
            let start = session.start().await?;
            losses.extend(numbers(&start));
            // A network without steps is judged at its start.
            (*begun, *over) = (true, start.end.is_some() || session.left() == 0);
        }
        if !*over {
            let slice = session.advance(count.min(session.stretch()) as usize, last).await?;
            losses.extend(numbers(&slice));
            *over = slice.end.is_some();
        }
        let judged = if *over {
            // The network did not come to these steps, and its losses there are none.
            losses.extend(std::iter::repeat_n(f32::NAN, session.left() as usize));
            session.judge().await?
        } else {
            ReplicaSlice::default()
        };
        Ok(ReplicaSlice { losses: losses.into_iter().map(|loss| vec![loss]).collect(), ..judged })
    }
}

fn numbers(slice: &Slice) -> Vec<f32> {
    slice.frame.losses.iter().map(|loss| loss.0 as f32).collect()
}
