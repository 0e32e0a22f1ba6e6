//! An experiment that trains its networks to their end: those of one kind together, kind by kind.
//!
//! Networks of different shapes are not padded to the largest and masked: a step would then cost
//! every network what it costs the largest, and its numbers would no longer be those it has alone.

use burn::tensor::Device;

use super::{Job, JobReport, Slicing};
use crate::engine::benchmark::{multiplications, numbers};
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::demand::largest;
use crate::engine::group::TrainingGroup;
use crate::engine::pacer::Pacer;
use crate::engine::replicas::{ReplicaSlice, ReplicaTrainer};
use crate::lab::protocol::Failure;
use crate::lab::spec::Spec;
use crate::study::chart::pictures;
use crate::study::file::{Refusal, VerdictKind};
use crate::study::plan::StudyPlan;
use crate::study::protocol::StudyReport;
use crate::study::record::{self, End, Record};
use crate::study::verdict;

/// Wall time of a slice.
const SLICE_MS: f64 = 200.0;
/// Steps of a slice at most.
const MOST_STEPS: u64 = 100;
/// Numbers in the networks that are trained together, at most: with gradients and an optimizer's
/// memory five times as many fit a browser's.
const MOST_NUMBERS: usize = 8_000_000;

/// Checks that every network of a plan can be trained in a browser.
///
/// # Errors
///
/// `too-large`, with the link of a network that is larger than its memory allows, or of the first one where
/// all of them would have to be in memory at the same time.
pub(crate) fn fitting(plan: StudyPlan) -> Result<StudyPlan, Refusal> {
    plan.require("too-large", |spec| numbers(spec) <= MOST_NUMBERS)?;
    // Watched networks are in memory at the same time.
    let all: usize = plan.networks.iter().map(|network| numbers(&network.spec)).sum();
    if plan.file.verdict == VerdictKind::Watch && all > MOST_NUMBERS {
        return Err(Refusal::whole("too-large", &plan.networks[0].link));
    }
    Ok(plan)
}

/// Numbers in the largest tensor of a plan's networks, as they are trained together.
pub(crate) fn largest_of(plan: &StudyPlan) -> usize {
    let sizes = together(plan).into_iter().map(|group| largest(&plan.networks[group[0]].spec, group.len()));
    sizes.max().unwrap_or(0)
}

/// The networks of an experiment, and what became of them so far.
pub(crate) struct Study {
    run: u32,
    plan: StudyPlan,
    records: Vec<Record>,
    device: Device,
    /// Networks that are trained together, the next one last.
    waiting: Vec<Vec<usize>>,
    /// Networks that are trained together now.
    present: Option<(Vec<usize>, TrainingGroup)>,
    pacer: Pacer,
    /// Wall time of the slices so far.
    spent_ms: f64,
    /// The multiplications of a forward pass at each step that was made, of all networks.
    work: f64,
    /// The same for all steps.
    all_work: f64,
}

impl Study {
    /// An experiment none of whose networks is built yet.
    pub(crate) fn new(run: u32, plan: StudyPlan, device: Device) -> Self {
        let mut waiting = together(&plan);
        waiting.reverse();
        let records = vec![Record::default(); plan.networks.len()];
        let all_work = plan
            .networks
            .iter()
            .map(|network| multiplications(&network.spec) * network.spec.training.steps as f64)
            .sum();
        Self {
            run,
            plan,
            records,
            device,
            waiting,
            present: None,
            pacer: Pacer::new(SLICE_MS, MOST_STEPS),
            spent_ms: 0.0,
            work: 0.0,
            all_work,
        }
    }

    /// Makes the steps of a slice.
    async fn advance(&mut self, datasets: &mut Datasets) -> Result<(), Failure> {
        let begun = now_ms();
        let (group, mut training) = match self.present.take() {
            Some(present) => present,
            None => match self.waiting.pop() {
                Some(group) => self.build(group, datasets),
                None => return Ok(()),
            },
        };
        let spec = &self.plan.networks[group[0]].spec;
        let before = training.step();
        let left = spec.training.steps - before;
        let count = self.pacer.steps().min(left);
        let started = now_ms();
        let slice = training.advance(count, count == left).await?;
        let made = training.step() - before;
        self.pacer.record(started, made);
        self.spent_ms += now_ms() - begun;
        self.work += group.len() as f64 * multiplications(spec) * made as f64;
        self.record(&group, &slice);
        if made < left {
            self.present = Some((group, training));
        }
        Ok(())
    }

    fn build(&mut self, group: Vec<usize>, datasets: &mut Datasets) -> (Vec<usize>, TrainingGroup) {
        let specs: Vec<Spec> = group.iter().map(|index| self.plan.networks[*index].spec.clone()).collect();
        let data = datasets.load(&specs[0], &self.device);
        self.pacer.reset();
        (group, TrainingGroup::build(specs, data, &self.device))
    }

    /// Adds a slice of networks to their records.
    fn record(&mut self, group: &[usize], slice: &ReplicaSlice) {
        for (place, index) in group.iter().enumerate() {
            let record = &mut self.records[*index];
            record.losses.extend(slice.losses.iter().map(|losses| losses[place]));
            if let (Some(held_out), Some(seen), Some(sizes)) = (&slice.held_out, &slice.seen, &slice.sizes) {
                record.end = Some(End { held_out: held_out[place], seen: seen[place], sizes: sizes[place] });
            }
        }
    }
}

impl Job for Study {
    fn slice<'a>(&'a mut self, datasets: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance(datasets))
    }

    fn report(&mut self) -> JobReport {
        let done = self.records.iter().filter(|record| record.end.is_some()).count();
        let pace = self.spent_ms / self.work / 1000.0;
        let networks = record::table(&self.plan, &self.records);
        JobReport::Study(Box::new(StudyReport {
            run: self.run,
            done,
            networks: self.records.len(),
            share: self.work / self.all_work.max(1.0),
            seconds_spent: self.spent_ms / 1000.0,
            seconds_left: (self.work > 0.0).then_some(pace * (self.all_work - self.work)),
            over: self.is_over(),
            answer: verdict::answer(&self.plan, &self.records),
            pictures: pictures(&self.plan, &self.records),
            findings: verdict::findings(&self.plan, &self.records),
            tables: [networks].into_iter().chain(verdict::table(&self.plan, &self.records)).collect(),
            ..StudyReport::default()
        }))
    }

    fn is_over(&self) -> bool {
        self.present.is_none() && self.waiting.is_empty()
    }
}

/// Networks that can be trained as one, in the order in which they are: coarse ones first.
fn together(plan: &StudyPlan) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for index in plan.order() {
        let network = &plan.networks[index];
        let joins = |group: &&mut Vec<usize>| {
            let first = &plan.networks[group[0]];
            first.level == network.level
                && first.spec.training.steps == network.spec.training.steps
                && (group.len() + 1) * numbers(&network.spec) <= MOST_NUMBERS
                && ReplicaTrainer::can_join(&first.spec, &network.spec)
        };
        match groups.iter_mut().find(joins) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}
