//! Which networks of an experiment are trained as one, and a slice of such a group.

use burn::tensor::Device;

use crate::engine::benchmark::{multiplications, numbers};
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::group::TrainingGroup;
use crate::engine::pacer::Pacer;
use crate::engine::replicas::ReplicaTrainer;
use crate::lab::protocol::Failure;
use crate::lab::spec::Spec;
use crate::study::plan::StudyPlan;
use crate::study::record::{End, Record};

/// Numbers in the networks that are trained together, at most: with gradients and an optimizer's
/// memory five times as many fit a browser's.
pub(super) const MOST_NUMBERS: usize = 8_000_000;
/// On the CPU a group has at most one part in so many of all the work, so that several workers end at about the same
/// time. One worker alone trains the same groups, so that its numbers are the same.
const PARTS: f64 = 24.0;

/// The multiplications of all forward passes of a network.
pub(super) fn work(spec: &Spec) -> f64 {
    multiplications(spec) * spec.training.steps as f64
}

/// The networks of a plan that are trained as one on a device, in the order in which they are: coarse ones first, and of
/// these the most work first, so that at the end no worker trains a large group while the others have nothing left.
///
/// A GPU trains many small networks in the time of one, so that its groups are as large as memory allows.
pub(super) fn groups(plan: &StudyPlan, device: &Device) -> Vec<Vec<usize>> {
    let all: f64 = plan.networks.iter().map(|network| work(&network.spec)).sum();
    let groups = together(plan, if *device == Device::flex() { all / PARTS } else { f64::INFINITY });
    plan.most_work_first(groups, |network| work(&plan.networks[network].spec))
}

/// The networks that can be trained as one, with at most so much work in a group of more than one.
pub(super) fn together(plan: &StudyPlan, most_work: f64) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for index in plan.order() {
        let network = &plan.networks[index];
        let joins = |group: &&mut Vec<usize>| {
            let first = &plan.networks[group[0]];
            let size = (group.len() + 1) as f64;
            first.level == network.level
                && first.spec.training.steps == network.spec.training.steps
                && size * numbers(&network.spec) as f64 <= MOST_NUMBERS as f64
                && size * work(&network.spec) <= most_work
                && ReplicaTrainer::can_join(&first.spec, &network.spec)
        };
        match groups.iter_mut().rfind(joins) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// Networks that are being trained together.
pub(super) struct PresentGroup {
    /// Its number in the experiment.
    pub(super) number: usize,
    networks: Vec<usize>,
    training: TrainingGroup,
}

impl PresentGroup {
    /// Begins with the networks of a plan that have these numbers.
    pub(super) fn build(
        plan: &StudyPlan,
        (number, networks): (usize, &[usize]),
        datasets: &mut Datasets,
        device: &Device,
    ) -> Self {
        let specs: Vec<Spec> = networks.iter().map(|index| plan.networks[*index].spec.clone()).collect();
        let data = datasets.load(&specs[0], device);
        let training = TrainingGroup::new(specs, data, device);
        Self { number, networks: networks.to_vec(), training }
    }

    /// The updates that were made, of each network.
    pub(super) fn step(&self) -> u64 {
        self.training.step()
    }

    /// Whether a slice makes all steps that are left.
    pub(super) fn is_ending(&self, plan: &StudyPlan, pacer: &Pacer) -> bool {
        self.step() > 0 && self.left(plan) <= pacer.steps()
    }

    fn left(&self, plan: &StudyPlan) -> u64 {
        plan.networks[self.networks[0]].spec.training.steps - self.step()
    }

    /// Makes the steps of a slice, and adds what came of them to the records of the plan's networks. Answers how many
    /// were made, and whether all are. The first slices only draw weights.
    pub(super) async fn advance(
        &mut self,
        plan: &StudyPlan,
        pacer: &mut Pacer,
        records: &mut [Record],
    ) -> Result<(u64, bool), Failure> {
        if self.training.draw().is_some() {
            return Ok((0, false));
        }
        let (before, left) = (self.step(), self.left(plan));
        let count = pacer.steps().min(left);
        let begun = now_ms();
        let slice = self.training.advance(count, count == left).await?;
        let made = self.step() - before;
        pacer.record(begun, made, None);
        for (place, index) in self.networks.iter().enumerate() {
            let record = &mut records[*index];
            record.losses.extend(slice.losses.iter().map(|losses| losses[place]));
            if let (Some(held_out), Some(seen), Some(sizes)) = (&slice.held_out, &slice.seen, &slice.sizes) {
                record.end = Some(End { held_out: held_out[place], seen: seen[place], sizes: sizes[place] });
            }
        }
        Ok((made, made >= left))
    }
}
