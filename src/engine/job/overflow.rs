//! Where numbers leave f16, bf16 and f32: networks passed forward once in each, nothing trained.

use std::future::ready;

use super::{Job, JobReport, Slicing};
use crate::engine::batch::first_inputs;
use crate::engine::clock::now_ms;
use crate::engine::datasets::Datasets;
use crate::engine::initial::initial;
use crate::science::overflow::FormatPass;
use crate::science::precision::Format;
use crate::study::plan::StudyPlan;
use crate::study::report::StudyReport;
use crate::study::verdict::overflow::{Passage, answer, findings, pictures, table};

/// Wall time of a slice, beyond which no further layer is begun.
const SLICE_MS: f64 = 100.0;

/// The networks that are passed forward, and where each of them left which format.
pub(crate) struct Overflows {
    run: u32,
    plan: StudyPlan,
    passages: Vec<Passage>,
    done: usize,
    present: Option<Present>,
}

/// A network between two layers.
struct Present {
    /// Weights and biases in turn, as [`initial`] has them.
    values: Vec<Vec<f32>>,
    layer: usize,
    /// One a format.
    passes: Vec<FormatPass>,
}

impl Overflows {
    /// The networks of an experiment, none of which is drawn yet.
    pub(crate) fn new(run: u32, plan: StudyPlan) -> Self {
        let passages = plan.networks.iter().map(|network| Passage::new(&network.spec)).collect();
        Self { run, plan, passages, done: 0, present: None }
    }

    /// Draws a network, or takes it through as many layers as there is time for.
    fn advance(&mut self) {
        let end = now_ms() + SLICE_MS;
        if self.is_over() {
            return;
        }
        let spec = &self.plan.networks[self.done].spec;
        let Some(present) = &mut self.present else {
            let inputs = first_inputs(spec);
            let passes = Format::ALL.iter().map(|format| FormatPass::new(*format, spec.phi(), &inputs)).collect();
            self.present = Some(Present { values: initial(spec), layer: 0, passes });
            return;
        };
        let is_through = |present: &Present| {
            present.layer == spec.network.depth || present.passes.iter().all(|pass| pass.exit().is_some())
        };
        while !is_through(present) && now_ms() < end {
            let [weights, biases] = [0, 1].map(|part| &present.values[2 * present.layer + part]);
            present.passes.iter_mut().for_each(|pass| pass.layer(weights, biases));
            present.layer += 1;
        }
        if is_through(present) {
            self.passages[self.done].measured = Some(present.passes.iter().map(FormatPass::exit).collect());
            self.present = None;
            self.done += 1;
        }
    }
}

impl Job for Overflows {
    fn slice<'a>(&'a mut self, _: &'a mut Datasets) -> Slicing<'a> {
        self.advance();
        Box::pin(ready(Ok(())))
    }

    fn report(&mut self) -> JobReport {
        let networks = self.passages.len();
        let part = self
            .present
            .as_ref()
            .map_or(0.0, |present| present.layer as f64 / self.plan.networks[self.done].spec.network.depth as f64);
        JobReport::Study(Box::new(StudyReport {
            run: self.run,
            done: self.done,
            networks,
            share: (self.done as f64 + part) / networks as f64,
            over: self.is_over(),
            pictures: pictures(&self.plan, &self.passages),
            answer: answer(&self.plan, &self.passages),
            findings: findings(&self.plan, &self.passages),
            tables: vec![table(&self.plan, &self.passages)],
            ..StudyReport::default()
        }))
    }

    fn is_over(&self) -> bool {
        self.done == self.passages.len()
    }
}
