//! Many networks trained as one: the same model with more than one replica.
//!
//! They are of one shape and differ in what they start with, how fast they learn and which batches
//! they see. Weights are `[R, rows, columns]`, so a step costs as many launches for sixty-four
//! networks as for one, and each network's numbers are those it would have alone: nothing sums over
//! the first axis. A network whose numbers left f32 stays what it is and harms no other.

use std::rc::Rc;

use burn::tensor::{Device, Tensor};

use super::architecture::Architecture;
use super::batch::Data;
use super::optimizer::{Rule, schedule};
use super::reading::read;
use super::tap::Taps;
use super::trainer::Trainer;
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, Dataset, Spec};

/// Networks being trained together.
pub struct Fleet {
    specs: Vec<Spec>,
    trainer: Trainer,
    data: Rc<Data>,
    device: Device,
    step: u64,
    measured: bool,
}

/// What a slice brought, network by network.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Losses of the steps of the slice, oldest first, in nats: `losses[step][network]`.
    pub losses: Vec<Vec<f32>>,
    /// Mean cross-entropy over held-out data and share of right predictions, if they were asked for.
    pub held_out: Option<Vec<(f32, f32)>>,
    /// The same over training data.
    pub seen: Option<Vec<(f32, f32)>>,
}

impl Fleet {
    /// Networks of these specs, in their order. The data is that of the first.
    ///
    /// # Panics
    ///
    /// Where the list is empty, or the networks are not of one kind ([`Fleet::can_join`]).
    pub fn build(specs: Vec<Spec>, data: Rc<Data>, device: &Device) -> Self {
        assert!(specs.iter().all(|spec| Self::can_join(&specs[0], spec)), "networks of one kind");
        let trainer = Trainer::of_many(&specs, device);
        Self { specs, trainer, data, device: device.clone(), step: 0, measured: false }
    }

    /// Whether two networks can be trained together: the same tensors, rule, data, batch size and
    /// masks, and no second part.
    pub fn can_join(one: &Spec, other: &Spec) -> bool {
        let kind = |spec: &Spec| (Architecture::of(spec), spec.optimizer, spec.data, spec.batch, spec.dropout);
        let is_plain = |spec: &Spec| spec.adapt.kind == Adapt::Off;
        // Spirals are drawn by the seed, and so are masks.
        let is_seeded = one.data == Dataset::Spirals || one.dropout > 0.0;
        let is_common = !is_seeded || one.seed == other.seed;
        kind(one) == kind(other) && is_common && is_plain(one) && is_plain(other)
    }

    /// How many networks.
    pub fn size(&self) -> usize {
        self.specs.len()
    }

    /// Updates made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Makes `count` steps; the first slice begins with the loss before any of them. `exact` asks for
    /// held-out numbers too. One read of the device.
    pub async fn advance(&mut self, count: usize, exact: bool) -> Result<Stretch, Failure> {
        let mut losses = Vec::with_capacity(count + 1);
        let seeds: Vec<u64> = self.specs.iter().map(|spec| spec.seed).collect();
        if !self.measured {
            let first = self.data.batches_of(&seeds, 0, 1).remove(0);
            losses.push(self.trainer.measure(&first, &mut Taps::new(false)));
            self.measured = true;
        }
        let rules: Vec<Rule> = self.specs.iter().map(Rule::of).collect();
        let rates = schedule(&rules, self.step, count, &self.device);
        for (batch, rates) in self.data.batches_of(&seeds, self.step + 1, count).iter().zip(&rates) {
            self.trainer.update(rates, &mut Taps::new(false));
            losses.push(self.trainer.measure(batch, &mut Taps::new(false)));
        }
        self.step += count as u64;
        self.read(losses, exact).await
    }

    async fn read(&self, losses: Vec<Tensor<1>>, exact: bool) -> Result<Stretch, Failure> {
        let (size, count) = (self.size(), losses.len());
        let mut parts = losses;
        if exact {
            parts.extend(self.trainer.judge(self.data.held_out(false)));
            parts.extend(self.trainer.judge(&self.data.seen()));
        }
        let numbers = read(parts).await?;
        let (losses, rest) = numbers.split_at(count * size);
        let mut judged = rest.chunks(size.max(1));
        let mut pairs = || {
            let (losses, shares) = (judged.next()?, judged.next()?);
            Some(losses.iter().copied().zip(shares.iter().copied()).collect())
        };
        let losses = losses.chunks(size).map(<[f32]>::to_vec).collect();
        Ok(Stretch { losses, held_out: pairs(), seen: pairs() })
    }
}
