//! Many networks trained as one: the same model with more than one replica.
//!
//! The networks are of one shape and differ in what they start with, how fast they learn and which
//! batches they see. Weights are `[R, rows, columns]`, so a step costs as many launches for sixty-four
//! networks as for one, and each network's numbers are those it would have alone: nothing sums over
//! the first axis. A network whose numbers left f32 stays what it is and harms no other.

use std::rc::Rc;

use burn::tensor::{Device, Tensor};

use super::batch::Data;
use super::initial::InitialDraws;
use super::optimizer::{UpdateRule, schedule};
use super::reading::read;
use super::tap::{Recorded, Statistics, Tap, Taps};
use super::trainer::Trainer;
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, Spec};

/// Trains networks together, each as one replica of the same model.
pub struct ReplicaTrainer {
    specs: Vec<Spec>,
    trainer: Trainer,
    data: Rc<Data>,
    device: Device,
    step: u64,
    measured: bool,
}

/// What a slice brought, network by network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplicaSlice {
    /// Training losses of the steps of the slice, oldest first, in nats: `losses[step][network]`.
    pub losses: Vec<Vec<f32>>,
    /// Mean cross-entropy over held-out data in nats and share of right predictions, if they were asked for.
    pub held_out: Option<Vec<(f32, f32)>>,
    /// The same over as many training examples, if it was asked for.
    pub seen: Option<Vec<(f32, f32)>>,
    /// Root mean squares over held-out data, of the last hidden layer's output and of the logits, if they
    /// were asked for.
    pub sizes: Option<Vec<[f64; 2]>>,
}

impl ReplicaTrainer {
    /// Draws and uploads the weights of these networks, which keep their order. `data` is that of the first.
    ///
    /// # Panics
    ///
    /// Where the list is empty, or the networks are not of one kind ([`ReplicaTrainer::can_join`]).
    pub fn build(specs: Vec<Spec>, data: Rc<Data>, device: &Device) -> Self {
        let values = InitialDraws::new(&specs).finish();
        Self::with_values(specs, values, data, device)
    }

    /// Uploads the first values of each parameter, network after network, which were drawn. Panics as
    /// [`Self::build`] does.
    pub(super) fn with_values(specs: Vec<Spec>, values: Vec<Vec<f32>>, data: Rc<Data>, device: &Device) -> Self {
        assert!(specs.iter().all(|spec| Self::can_join(&specs[0], spec)), "networks of one kind");
        let trainer = Trainer::with_values(&specs[0], values, device);
        Self { specs, trainer, data, device: device.clone(), step: 0, measured: false }
    }

    /// Whether two networks can be trained together: the same tensors, rule, data, batch size and
    /// masks, and no second part.
    pub fn can_join(one: &Spec, other: &Spec) -> bool {
        let kind = |spec: &Spec| {
            (
                spec.architecture(),
                spec.training.optimizer,
                spec.training.decay,
                spec.dataset(),
                spec.own_shape().map(|own| own.mark),
                spec.examples(),
                spec.training.batch,
                spec.training.dropout,
            )
        };
        let is_plain = |spec: &Spec| spec.adapt.kind == Adapt::Off;
        // Points of a plane are drawn by the seed, and so are masks.
        let is_seeded = one.run.data.is_planar() || one.training.dropout > 0.0;
        let is_common = !is_seeded || one.run.seed == other.run.seed;
        kind(one) == kind(other) && is_common && is_plain(one) && is_plain(other)
    }

    /// The number of networks.
    pub fn size(&self) -> usize {
        self.specs.len()
    }

    /// The number of updates that were made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Makes `count` steps; the first slice begins with the loss before any of them. `exact` asks for
    /// held-out numbers too. It reads the device once.
    ///
    /// # Errors
    ///
    /// Where the device could not be read.
    pub async fn advance(&mut self, count: usize, exact: bool) -> Result<ReplicaSlice, Failure> {
        let mut losses = Vec::with_capacity(count + 1);
        let seeds: Vec<u64> = self.specs.iter().map(|spec| spec.run.seed).collect();
        if !self.measured {
            let first = self.data.batches_of(&seeds, 0, 1).remove(0);
            losses.push(self.trainer.measure(&first, &mut Taps::new(false)));
            self.measured = true;
        }
        // Networks that stay at their start have nothing to upload.
        if count > 0 {
            let rules: Vec<UpdateRule> = self.specs.iter().map(UpdateRule::of).collect();
            let rates = schedule(&rules, self.step, count, &self.device);
            for (batch, rates) in self.data.batches_of(&seeds, self.step + 1, count).iter().zip(rates) {
                self.trainer.update(&rates.decaying(self.specs[0].training.decay), &mut Taps::new(false));
                losses.push(self.trainer.measure(batch, &mut Taps::new(false)));
            }
            self.step += count as u64;
        }
        let evaluation = exact.then(|| Evaluation::of(&self.trainer, &self.data, false));
        ReplicaSlice::read(self.size(), losses, evaluation).await
    }
}

/// How networks do on held-out data and on data they have seen, and how large their outputs are, still on
/// the device; [`ReplicaSlice::read`] reads it.
pub(super) struct Evaluation {
    numbers: Vec<Tensor<1>>,
    recorded: Recorded,
}

impl Evaluation {
    pub(super) fn of(trainer: &Trainer, data: &Data, adapted: bool) -> Self {
        let mut taps = Taps::new(true);
        let held_out = trainer.judge(data.held_out(adapted), &mut taps);
        let seen = trainer.judge(&data.seen(), &mut Taps::new(false));
        let (recorded, outputs) = taps.finish();
        Self { numbers: held_out.into_iter().chain(seen).chain(outputs).collect(), recorded }
    }
}

impl ReplicaSlice {
    /// The one read of a slice of `size` networks: losses by step, and how the networks do, if it was asked.
    pub(super) async fn read(
        size: usize,
        losses: Vec<Tensor<1>>,
        evaluation: Option<Evaluation>,
    ) -> Result<Self, Failure> {
        let count = losses.len();
        let (parts, recorded) = match evaluation {
            Some(Evaluation { numbers, recorded }) => ([losses, numbers].concat(), Some(recorded)),
            None => (losses, None),
        };
        let numbers = read(parts).await?;
        let (losses, rest) = numbers.split_at(count * size);
        let (evaluated, outputs) = rest.split_at(rest.len().min(4 * size));
        let mut evaluated = evaluated.chunks(size);
        let mut pairs = || {
            let (losses, shares) = (evaluated.next()?, evaluated.next()?);
            Some(losses.iter().copied().zip(shares.iter().copied()).collect())
        };
        let losses = losses.chunks(size).map(<[f32]>::to_vec).collect();
        let (held_out, seen) = (pairs(), pairs());
        Ok(Self { losses, held_out, seen, sizes: recorded.map(|recorded| sizes(recorded.read(size, outputs))) })
    }
}

/// Root mean squares, network by network, of the last hidden layer's output (of a GPT: the last block's)
/// and of the logits.
fn sizes(taps: Vec<(Tap, Vec<Statistics>)>) -> Vec<[f64; 2]> {
    let mut outputs = taps.into_iter().filter(|(name, _)| matches!(name, Tap::Activation(_))).map(|(_, all)| all).rev();
    let (logits, hidden) = (outputs.next().unwrap_or_default(), outputs.next().unwrap_or_default());
    let size = |statistics: &Statistics| statistics.mean_square().sqrt();
    hidden.iter().zip(&logits).map(|(hidden, logits)| [size(hidden), size(logits)]).collect()
}
