//! What a step costs one network, two, four and so on, trained together.

use burn::tensor::Device;

use super::{Job, JobReport, Slicing};
use crate::engine::benchmark::{BenchmarkLength, step_ms};
use crate::engine::datasets::Datasets;
use crate::engine::replicas::ReplicaTrainer;
use crate::lab::protocol::Failure;
use crate::lab::spec::Spec;
use crate::study::plan::StudyPlan;
use crate::study::report::StudyReport;
use crate::study::verdict::cost::{Timing, answer, findings, pictures, table};

/// Longer than where two devices are compared: the curve is to be read.
const LENGTH: BenchmarkLength = BenchmarkLength { run_ms: 60.0, runs: 4 };

/// The times that are measured so far.
pub(crate) struct Costs {
    run: u32,
    specs: Vec<Spec>,
    devices: Vec<(Device, String)>,
    sizes: Vec<usize>,
    /// Milliseconds a step, by device, in the order of the sizes.
    times: Vec<Vec<f64>>,
}

impl Costs {
    /// The times of one network, two, four and so on, on each of these devices with their names.
    pub(crate) fn new(run: u32, plan: StudyPlan, devices: Vec<(Device, &str)>) -> Self {
        let specs: Vec<Spec> = plan.networks.into_iter().map(|network| network.spec).collect();
        // A prefix of networks of one kind.
        let most = specs.iter().take_while(|spec| ReplicaTrainer::can_join(&specs[0], spec)).count();
        let doubled = std::iter::successors(Some(1), |size| Some(2 * size)).take_while(|size| *size <= most);
        let sizes = doubled.collect();
        let times = vec![Vec::new(); devices.len()];
        let devices = devices.into_iter().map(|(device, name)| (device, name.to_owned())).collect();
        Self { run, specs, devices, sizes, times }
    }

    /// Times the next size on the device that has fewest.
    async fn advance(&mut self, datasets: &mut Datasets) -> Result<(), Failure> {
        let next = (0..self.devices.len()).min_by_key(|device| self.times[*device].len());
        let Some(next) = next.filter(|device| self.times[*device].len() < self.sizes.len()) else { return Ok(()) };
        let size = self.sizes[self.times[next].len()];
        let device = &self.devices[next].0;
        let specs = self.specs[..size].to_vec();
        let data = datasets.load(&specs[0], device);
        let mut trainer = ReplicaTrainer::build(specs, data, device);
        let best = step_ms(&mut trainer, &LENGTH).await?;
        self.times[next].push(best);
        Ok(())
    }
}

impl Job for Costs {
    fn slice<'a>(&'a mut self, datasets: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance(datasets))
    }

    fn report(&mut self) -> JobReport {
        let timing = |((_, name), times): (&(Device, String), &Vec<f64>)| Timing {
            device: name.clone(),
            times: self.sizes.iter().copied().zip(times.iter().copied()).collect(),
        };
        let timings: Vec<Timing> = self.devices.iter().zip(&self.times).map(timing).collect();
        let done = self.times.iter().map(Vec::len).sum();
        let networks = self.sizes.len() * self.devices.len();
        JobReport::Study(Box::new(StudyReport {
            run: self.run,
            done,
            networks,
            share: done as f64 / networks.max(1) as f64,
            over: self.is_over(),
            pictures: pictures(&timings),
            answer: answer(&timings),
            findings: findings(&timings),
            tables: vec![table(&timings)],
            ..StudyReport::default()
        }))
    }

    fn is_over(&self) -> bool {
        self.times.iter().all(|times| times.len() == self.sizes.len())
    }
}
