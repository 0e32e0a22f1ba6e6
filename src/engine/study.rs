//! An experiment on its way: networks of one kind together, kind by kind, slice by slice.
//!
//! Networks of different shapes are not padded to the largest and masked: a step would then cost
//! every network what it costs the largest, and its numbers would no longer be those it has alone.

use std::rc::Rc;

use burn::tensor::Device;

use super::batch::Data;
use super::clock::now_ms;
use super::crew::Crew;
use super::demand::largest;
use super::fleet::{Fleet, Stretch};
use super::race::{multiplications, numbers};
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
/// Numbers in the networks that are trained together, at most: with gradients and an optimizer's
/// memory five times as many fit a browser's.
const MOST_NUMBERS: usize = 8_000_000;

/// Whether every network of a plan can be trained here.
pub(super) fn fitting(plan: StudyPlan) -> Result<StudyPlan, Refusal> {
    plan.require("too-large", |spec| numbers(spec) <= MOST_NUMBERS)?;
    // Watched networks are in memory at the same time.
    let all: usize = plan.networks.iter().map(|network| numbers(&network.spec)).sum();
    if plan.file.verdict == VerdictKind::Watch && all > MOST_NUMBERS {
        return Err(Refusal::whole("too-large", &plan.networks[0].link));
    }
    Ok(plan)
}

/// Numbers in the largest tensor of a plan's networks, as they are trained together.
pub(super) fn largest_of(plan: &StudyPlan) -> usize {
    let sizes = together(plan).into_iter().map(|group| largest(&plan.networks[group[0]].spec, group.len()));
    sizes.max().unwrap_or(0)
}

/// An experiment on its way.
pub(super) struct Study {
    run: u32,
    plan: StudyPlan,
    records: Vec<Record>,
    device: Device,
    /// Networks that are trained together, the next one last.
    waiting: Vec<Vec<usize>>,
    present: Option<(Vec<usize>, Crew)>,
    data: Option<Rc<Data>>,
    step_ms: f64,
    spent_ms: f64,
    work: f64,
    all_work: f64,
}

impl Study {
    pub(super) fn new(run: u32, plan: StudyPlan, device: Device) -> Self {
        let mut waiting = together(&plan);
        waiting.reverse();
        let records = vec![Record::default(); plan.networks.len()];
        let all_work = plan
            .networks
            .iter()
            .map(|network| multiplications(&network.spec) * network.spec.training.steps as f64)
            .sum();
        let (present, data) = (None, None);
        Self {
            run,
            plan,
            records,
            device,
            waiting,
            present,
            data,
            step_ms: SLICE_MS,
            spent_ms: 0.0,
            work: 0.0,
            all_work,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.present.is_none() && self.waiting.is_empty()
    }

    /// Makes the steps of a slice.
    pub(super) async fn slice(&mut self) -> Result<(), Failure> {
        let begun = now_ms();
        let (group, mut crew) = match self.present.take() {
            Some(present) => present,
            None => match self.waiting.pop() {
                Some(group) => self.build(group),
                None => return Ok(()),
            },
        };
        let spec = &self.plan.networks[group[0]].spec;
        let before = crew.step();
        let left = spec.training.steps - before;
        let count = ((SLICE_MS / self.step_ms).clamp(1.0, 100.0) as u64).min(left);
        let started = now_ms();
        let stretch = crew.advance(count, count == left).await?;
        let now = now_ms();
        let made = crew.step() - before;
        self.step_ms = 0.5 * (self.step_ms + (now - started) / made.max(1) as f64).max(1e-3);
        self.spent_ms += now - begun;
        self.work += group.len() as f64 * multiplications(spec) * made as f64;
        self.take(&group, &stretch);
        if made < left {
            self.present = Some((group, crew));
        }
        Ok(())
    }

    fn build(&mut self, group: Vec<usize>) -> (Vec<usize>, Crew) {
        let specs: Vec<Spec> = group.iter().map(|index| self.plan.networks[*index].spec.clone()).collect();
        let data = match &self.data {
            Some(data) if data.fits(&specs[0]) => Rc::clone(data),
            _ => Rc::clone(self.data.insert(Rc::new(Data::load(&specs[0], &self.device)))),
        };
        self.step_ms = SLICE_MS;
        (group, Crew::build(specs, data, &self.device))
    }

    fn take(&mut self, group: &[usize], stretch: &Stretch) {
        for (place, index) in group.iter().enumerate() {
            let record = &mut self.records[*index];
            record.losses.extend(stretch.losses.iter().map(|losses| losses[place]));
            if let (Some(held_out), Some(seen), Some(sizes)) = (&stretch.held_out, &stretch.seen, &stretch.sizes) {
                record.end = Some(End { held_out: held_out[place], seen: seen[place], sizes: sizes[place] });
            }
        }
    }

    pub(super) fn report(&self, over: bool) -> StudyReport {
        let done = self.records.iter().filter(|record| record.end.is_some()).count();
        let pace = self.spent_ms / self.work / 1000.0;
        let networks = record::table(&self.plan, &self.records);
        StudyReport {
            run: self.run,
            done,
            networks: self.records.len(),
            share: self.work / self.all_work.max(1.0),
            seconds_left: (self.work > 0.0).then_some(pace * (self.all_work - self.work)),
            over,
            pictures: pictures(&self.plan, &self.records),
            findings: verdict::findings(&self.plan, &self.records),
            tables: [networks].into_iter().chain(verdict::table(&self.plan, &self.records)).collect(),
            watch: None,
        }
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
                && Fleet::can_join(&first.spec, &network.spec)
        };
        match groups.iter_mut().find(joins) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}
