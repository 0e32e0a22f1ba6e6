//! Who makes the steps of an experiment's networks: many as one, or one whose second part begins in
//! the middle of the run, alone.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::fleet::{Fleet, Stretch};
use super::session::{Session, Slice};
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, Spec};

/// Networks of one kind on their way.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Crew {
    Fleet(Fleet),
    /// An adapted network has other tensors in its second part, which it shares with none.
    Alone(Alone),
}

/// A network by itself.
pub(super) struct Alone {
    session: Session,
    begun: bool,
    /// It made all its steps, or its numbers left f32.
    over: bool,
}

impl Crew {
    pub(super) fn build(specs: Vec<Spec>, data: Rc<Data>, device: &Device) -> Self {
        match &specs[..] {
            [spec] if spec.adapt.kind != Adapt::Off => {
                Self::Alone(Alone { session: Session::build(0, spec.clone(), data, device), begun: false, over: false })
            }
            _ => Self::Fleet(Fleet::build(specs, data, device)),
        }
    }

    /// Steps that are made; all of them where nothing more can come.
    pub(super) fn step(&self) -> u64 {
        match self {
            Self::Fleet(fleet) => fleet.step(),
            Self::Alone(Alone { session, over, .. }) => session.step() + if *over { session.left() } else { 0 },
        }
    }

    /// Makes `count` steps, or fewer; `last` measures at their end. As [`Fleet::advance`].
    pub(super) async fn advance(&mut self, count: u64, last: bool) -> Result<Stretch, Failure> {
        match self {
            Self::Fleet(fleet) => fleet.advance(count as usize, last).await,
            Self::Alone(alone) => alone.advance(count, last).await,
        }
    }
}

impl Alone {
    async fn advance(&mut self, count: u64, last: bool) -> Result<Stretch, Failure> {
        let Self { session, begun, over } = self;
        let mut losses = Vec::new();
        if !*begun {
            let start = session.start().await?;
            losses.extend(numbers(&start));
            // One without steps is judged at its start.
            (*begun, *over) = (true, start.end.is_some() || session.left() == 0);
        }
        if !*over {
            let slice = session.advance(count.min(session.stretch()) as usize, last).await?;
            losses.extend(numbers(&slice));
            *over = slice.end.is_some();
        }
        let judged = if *over {
            // The losses of steps that it did not come to.
            losses.extend(std::iter::repeat_n(f32::NAN, session.left() as usize));
            session.judge().await?
        } else {
            Stretch::default()
        };
        Ok(Stretch { losses: losses.into_iter().map(|loss| vec![loss]).collect(), ..judged })
    }
}

fn numbers(slice: &Slice) -> Vec<f32> {
    slice.frame.losses.iter().map(|loss| loss.0 as f32).collect()
}
