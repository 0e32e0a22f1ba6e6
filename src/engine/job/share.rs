//! A group of networks that is trained for an experiment of another worker.

use std::rc::Rc;

use burn::tensor::Device;

use super::grouping::{PresentGroup, groups};
use super::study::{MOST_STEPS, SLICE_MS};
use super::{Job, JobReport, Slicing};
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::pacer::Pacer;
use crate::lab::protocol::Failure;
use crate::study::plan::StudyPlan;
use crate::study::record::Record;
use crate::study::share::GroupShare;

/// A group of an experiment, and what became of it so far.
pub(crate) struct SharedGroup {
    run: u32,
    plan: Rc<StudyPlan>,
    group: usize,
    networks: Vec<usize>,
    device: Device,
    present: Option<PresentGroup>,
    records: Vec<Record>,
    pacer: Pacer,
    spent_ms: f64,
    over: bool,
}

impl SharedGroup {
    /// The group of this number of an experiment, on a CPU. A number beyond its groups is a group without networks.
    pub(crate) fn new(run: u32, plan: Rc<StudyPlan>, group: usize, device: Device) -> Self {
        let networks = groups(&plan, &device).into_iter().nth(group).unwrap_or_default();
        Self {
            run,
            records: vec![Record::default(); plan.networks.len()],
            plan,
            group,
            over: networks.is_empty(),
            networks,
            device,
            present: None,
            pacer: Pacer::new(SLICE_MS, MOST_STEPS),
            spent_ms: 0.0,
        }
    }

    async fn advance(&mut self, datasets: &mut Datasets) -> Result<(), Failure> {
        if self.over {
            return Ok(());
        }
        let begun = now_ms();
        let (plan, device) = (&self.plan, &self.device);
        let group = (self.group, &self.networks[..]);
        let present = self.present.get_or_insert_with(|| PresentGroup::build(plan, group, datasets, device));
        (_, self.over) = present.advance(&self.plan, &mut self.pacer, &mut self.records).await?;
        self.spent_ms += now_ms() - begun;
        Ok(())
    }
}

impl Job for SharedGroup {
    fn slice<'a>(&'a mut self, datasets: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance(datasets))
    }

    fn report(&mut self) -> JobReport {
        let over = self.networks.iter().filter(|_| self.over);
        JobReport::Share(GroupShare {
            run: self.run,
            group: self.group,
            steps: self.present.as_ref().map_or(0, PresentGroup::step),
            spent_ms: self.spent_ms,
            is_ending: self.present.as_ref().is_some_and(|present| present.is_ending(&self.plan, &self.pacer)),
            records: over.map(|index| (&self.records[*index]).into()).collect(),
        })
    }

    fn is_over(&self) -> bool {
        self.over
    }
}
