//! How long an experiment would take on this machine: a few of its groups are trained for a moment and dropped.

use burn::tensor::Device;

use super::grouping::{groups, work};
use super::{Job, JobReport, Slicing};
use crate::engine::benchmark::{BenchmarkLength, step_ms};
use crate::engine::datasets::Datasets;
use crate::engine::replicas::ReplicaTrainer;
use crate::lab::protocol::Failure;
use crate::lab::spec::{Adapt, Spec};
use crate::study::plan::StudyPlan;
use crate::study::protocol::StudyEvent;
use crate::study::sitting::StudyEstimate;

/// Half a second for all groups together, where a step is short.
const LENGTH: BenchmarkLength = BenchmarkLength { run_ms: 40.0, runs: 2 };
/// The number of groups that are tried. They lie evenly in all the work, and each stands for an equal part of it.
const TRIED: usize = 3;

/// An estimate, while groups are being tried.
pub(crate) struct Estimate {
    run: u32,
    plan: StudyPlan,
    device: Device,
    groups: Vec<Vec<usize>>,
    /// The groups to try, by their numbers, the next one last.
    left: Vec<usize>,
    /// What was tried last, and how long a unit of its work took, in milliseconds.
    tried: Option<(usize, f64)>,
    /// The time of the parts so far, in seconds.
    seconds: f64,
}

impl Estimate {
    /// An estimate for the experiment of this plan, of which nothing is tried yet.
    pub(crate) fn new(run: u32, plan: StudyPlan, device: Device) -> Self {
        let groups = groups(&plan, &device);
        let mut estimate = Self { run, plan, device, groups, left: Vec::new(), tried: None, seconds: 0.0 };
        estimate.left = (0..TRIED).rev().map(|part| estimate.group_at((part as f64 + 0.5) / TRIED as f64)).collect();
        estimate
    }

    /// The group in which this share of all the work is done.
    fn group_at(&self, share: f64) -> usize {
        let mut done = 0.0;
        let at = (0..self.groups.len()).position(|group| {
            done += self.work_of(group);
            done >= share * self.all_work()
        });
        at.unwrap_or(0)
    }

    fn all_work(&self) -> f64 {
        (0..self.groups.len()).map(|group| self.work_of(group)).sum()
    }

    fn work_of(&self, group: usize) -> f64 {
        self.groups[group].iter().map(|index| work(&self.plan.networks[*index].spec)).sum()
    }

    /// Tries the next group, unless the one before was the same.
    async fn advance(&mut self, datasets: &mut Datasets) -> Result<(), Failure> {
        let Some(group) = self.left.pop() else { return Ok(()) };
        let known = self.tried.filter(|(tried, _)| *tried == group);
        let (_, unit_ms) = match known {
            Some(known) => known,
            None => (group, self.unit_ms(group, datasets).await?),
        };
        self.tried = Some((group, unit_ms));
        self.seconds += unit_ms * self.all_work() / TRIED as f64 / 1000.0;
        Ok(())
    }

    /// How long a unit of a group's work takes, in milliseconds.
    async fn unit_ms(&self, group: usize, datasets: &mut Datasets) -> Result<f64, Failure> {
        let specs: Vec<Spec> = self.groups[group].iter().map(|index| plain(&self.plan.networks[*index].spec)).collect();
        let steps = specs[0].training.steps.max(1) as f64;
        let data = datasets.load(&specs[0], &self.device);
        let mut trainer = ReplicaTrainer::build(specs, data, &self.device);
        Ok(step_ms(&mut trainer, &LENGTH).await? * steps / self.work_of(group).max(1.0))
    }
}

/// The same network with first weights that are drawn at once, whatever its own are: a step costs the same. Only the
/// first part of a run is timed.
fn plain(spec: &Spec) -> Spec {
    let mut plain = spec.clone();
    plain.start = Spec::default_for(spec.network.model).start;
    plain.adapt.kind = Adapt::Off;
    plain
}

impl Job for Estimate {
    fn slice<'a>(&'a mut self, datasets: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance(datasets))
    }

    fn report(&mut self) -> JobReport {
        let updates = self.plan.networks.iter().map(|network| network.spec.training.steps).sum();
        let estimate = StudyEstimate { networks: self.plan.networks.len(), updates, seconds: self.seconds };
        JobReport::Told(StudyEvent::Estimated { run: self.run, estimate })
    }

    fn is_over(&self) -> bool {
        self.left.is_empty()
    }

    fn has_news(&mut self) -> bool {
        false
    }
}
