//! The networks of an experiment that are trained together: many as one, or one whose second part begins
//! in the middle of the run, alone.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::initial::InitialDraws;
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
    /// Networks whose first weights are being drawn; none once they are, for as long as it takes to build them.
    Drawn(Option<DrawnNetworks>),
}

/// Networks whose first weights are being drawn, slice by slice: large ones take minutes.
pub(super) struct DrawnNetworks {
    specs: Vec<Spec>,
    draws: InitialDraws,
    data: Rc<Data>,
    device: Device,
}

impl DrawnNetworks {
    fn build(self) -> TrainingGroup {
        let Self { specs, draws, data, device } = self;
        let values = draws.finish();
        match &specs[..] {
            [spec] if spec.adapt.kind != Adapt::Off => {
                let session = Session::with_values(0, spec.clone(), values, data, &device);
                TrainingGroup::Adapted(AdaptedNetwork { session, begun: false, over: false })
            }
            _ => TrainingGroup::Replicas(ReplicaTrainer::with_values(specs, values, data, &device)),
        }
    }
}

/// Wall time of a slice of drawing, in milliseconds.
const DRAWING_MS: f64 = 60.0;

/// A network that is trained by itself.
pub(super) struct AdaptedNetwork {
    session: Session,
    begun: bool,
    /// It made all its steps, or its numbers left f32.
    over: bool,
}

impl TrainingGroup {
    /// Networks that can be trained together, whose weights are to be drawn by [`Self::draw`] and then uploaded.
    pub(super) fn new(specs: Vec<Spec>, data: Rc<Data>, device: &Device) -> Self {
        Self::Drawn(Some(DrawnNetworks { draws: InitialDraws::new(&specs), specs, data, device: device.clone() }))
    }

    /// Goes on drawing for a fraction of a second. Answers which part of the weights is there, in per cent; `None` once
    /// the networks are built.
    pub(super) fn draw(&mut self) -> Option<u8> {
        let Self::Drawn(networks) = self else { return None };
        let draws = &mut networks.as_mut()?.draws;
        if !draws.advance_for(DRAWING_MS) {
            return Some(draws.percent());
        }
        if let Some(drawn) = networks.take() {
            *self = drawn.build();
        }
        None
    }

    /// The number of steps that are made; all of them where nothing more can come.
    pub(super) fn step(&self) -> u64 {
        match self {
            Self::Replicas(trainer) => trainer.step(),
            Self::Drawn(_) => 0,
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
            Self::Drawn(_) => Ok(ReplicaSlice::default()),
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
