//! An experiment that trains its networks to their end: those of one kind together, kind by kind.
//!
//! Networks of different shapes are not padded to the largest and masked: a step would then cost
//! every network what it costs the largest, and its numbers would no longer be those it has alone.
//! Other workers may train some of the groups, and hand over what became of them.

use std::collections::BTreeMap;

use burn::tensor::Device;

use super::grouping::{MOST_NUMBERS, PresentGroup, groups, together, work};
use super::{Job, JobReport, Slicing};
use crate::engine::benchmark::{multiplications, numbers};
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::demand::largest;
use crate::engine::pacer::Pacer;
use crate::lab::protocol::Failure;
use crate::study::chart::pictures;
use crate::study::file::{Refusal, VerdictKind};
use crate::study::plan::StudyPlan;
use crate::study::record::{self, Record};
use crate::study::report::StudyReport;
use crate::study::share::GroupShare;
use crate::study::verdict;

/// Wall time of a slice.
pub(super) const SLICE_MS: f64 = 200.0;
/// Steps of a slice at most.
pub(super) const MOST_STEPS: u64 = 100;

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
    let sizes =
        together(plan, f64::INFINITY).into_iter().map(|group| largest(&plan.networks[group[0]].spec, group.len()));
    sizes.max().unwrap_or(0)
}

/// The networks of an experiment, and what became of them so far.
pub(crate) struct Study {
    run: u32,
    plan: StudyPlan,
    records: Vec<Record>,
    device: Device,
    /// The networks that are trained together.
    groups: Vec<Vec<usize>>,
    /// The numbers of the groups that nobody trains yet, the next one last.
    waiting: Vec<usize>,
    /// The group that is trained here.
    present: Option<PresentGroup>,
    /// The groups that other workers train, and the updates that were made so far, of each network.
    lent: BTreeMap<usize, u64>,
    pacer: Pacer,
    /// Wall time of the slices so far, and of waiting for other workers at the end.
    spent_ms: f64,
    /// Since when it waits for other workers.
    waits_since: Option<f64>,
    /// What was done here, and by others in groups that are over.
    here: WorkDone,
    elsewhere: WorkDone,
    /// The work of all networks.
    all_work: f64,
}

/// How much was done in which time.
#[derive(Clone, Copy, Default)]
struct WorkDone {
    /// The multiplications of a forward pass at each step that was made, of all networks.
    work: f64,
    /// The wall time, in milliseconds.
    ms: f64,
}

impl WorkDone {
    fn add(&mut self, work: f64, ms: f64) {
        (self.work, self.ms) = (self.work + work, self.ms + ms);
    }

    /// Work in a millisecond.
    fn rate(self) -> f64 {
        if self.ms > 0.0 { self.work / self.ms } else { 0.0 }
    }
}

impl Study {
    /// An experiment none of whose networks is built yet.
    pub(crate) fn new(run: u32, plan: StudyPlan, device: Device) -> Self {
        let groups = groups(&plan, &device);
        Self {
            run,
            records: vec![Record::default(); plan.networks.len()],
            all_work: plan.networks.iter().map(|network| work(&network.spec)).sum(),
            plan,
            device,
            waiting: (0..groups.len()).rev().collect(),
            groups,
            present: None,
            lent: BTreeMap::new(),
            pacer: Pacer::new(SLICE_MS, MOST_STEPS),
            spent_ms: 0.0,
            waits_since: None,
            here: WorkDone::default(),
            elsewhere: WorkDone::default(),
        }
    }

    /// The number of the order.
    pub(crate) fn run(&self) -> u32 {
        self.run
    }

    /// A group that another worker may train, if there is one that nobody trains.
    pub(crate) fn lend(&mut self) -> Option<usize> {
        let group = self.waiting.pop()?;
        self.lent.insert(group, 0);
        Some(group)
    }

    /// Takes in how far another worker is with a group. Answers whether it is news that the next slice does not tell.
    pub(crate) fn take(&mut self, share: &GroupShare) -> bool {
        let GroupShare { group, steps, spent_ms, records, .. } = share;
        let Some(progress) = self.lent.get_mut(group) else { return false };
        *progress = *steps;
        let networks = &self.groups[*group];
        if records.len() == networks.len() {
            for (index, record) in networks.iter().zip(records) {
                self.records[*index] = record.into();
            }
            self.lent.remove(group);
            self.elsewhere.add(self.work_of(*group, *steps), *spent_ms);
        }
        if let Some(since) = self.waits_since.replace(now_ms()).filter(|_| self.waits()) {
            self.spent_ms += now_ms() - since;
        }
        !records.is_empty() || self.waits()
    }

    /// Trains a group after all that was lent.
    pub(crate) fn redo(&mut self, group: usize) {
        if self.lent.remove(&group).is_some() {
            self.waiting.push(group);
        }
    }

    /// Whether only other workers have something to do.
    fn waits(&self) -> bool {
        self.present.is_none() && self.waiting.is_empty()
    }

    /// The work of so many steps of a group.
    fn work_of(&self, group: usize, steps: u64) -> f64 {
        let step = |index: &usize| multiplications(&self.plan.networks[*index].spec);
        self.groups[group].iter().map(step).sum::<f64>() * steps as f64
    }

    /// Makes the steps of a slice.
    async fn advance(&mut self, datasets: &mut Datasets) -> Result<(), Failure> {
        let begun = now_ms();
        let mut group = match self.present.take() {
            Some(present) => present,
            None => match self.waiting.pop() {
                Some(number) => {
                    self.pacer.reset();
                    let group = (number, &self.groups[number][..]);
                    PresentGroup::build(&self.plan, group, datasets, &self.device)
                }
                None => return Ok(()),
            },
        };
        let (made, over) = group.advance(&self.plan, &mut self.pacer, &mut self.records).await?;
        let ms = now_ms() - begun;
        self.here.add(self.work_of(group.number, made), ms);
        self.spent_ms += ms;
        self.present = Some(group).filter(|_| !over);
        self.waits_since = self.waits().then(now_ms);
        Ok(())
    }

    /// The work that was done, by all workers.
    fn work_done(&self) -> f64 {
        let lent = self.lent.iter().map(|(group, steps)| self.work_of(*group, *steps));
        self.here.work + self.elsewhere.work + lent.sum::<f64>()
    }

    /// How long the rest will take, in seconds, if every worker goes on as fast as so far.
    fn seconds_left(&self) -> Option<f64> {
        let other = if self.elsewhere.work > 0.0 { self.elsewhere.rate() } else { self.here.rate() };
        let rate = self.here.rate() + other * self.lent.len() as f64;
        (rate > 0.0).then(|| (self.all_work - self.work_done()).max(0.0) / rate / 1000.0)
    }
}

impl Job for Study {
    fn slice<'a>(&'a mut self, datasets: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance(datasets))
    }

    fn report(&mut self) -> JobReport {
        let done = self.records.iter().filter(|record| record.end.is_some()).count();
        let networks = record::table(&self.plan, &self.records);
        JobReport::Study(Box::new(StudyReport {
            run: self.run,
            done,
            networks: self.records.len(),
            share: self.work_done() / self.all_work.max(1.0),
            seconds_spent: self.spent_ms / 1000.0,
            seconds_left: self.seconds_left(),
            over: self.is_over(),
            answer: verdict::answer(&self.plan, &self.records),
            pictures: pictures(&self.plan, &self.records),
            findings: verdict::findings(&self.plan, &self.records),
            tables: [networks].into_iter().chain(verdict::table(&self.plan, &self.records)).collect(),
            ..StudyReport::default()
        }))
    }

    fn is_over(&self) -> bool {
        self.waits() && self.lent.is_empty()
    }

    fn has_work(&self) -> bool {
        !self.waits()
    }

    fn study(&mut self) -> Option<&mut Study> {
        Some(self)
    }
}
