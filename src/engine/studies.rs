//! Where experiments are asked for: orders in, reports out, one slice a turn.

use super::cost::Costs;
use super::device::{Devices, OpenGpu};
use super::overflow::Overflows;
use super::study::{Study, fitting};
use crate::lab::protocol::{Device as Kind, Event, Failure};
use crate::lab::spec::DeviceChoice;
use crate::study::file::{File, Verdict};
use crate::study::plan::Plan;
use crate::study::protocol::{Order, Word};

/// Whoever asks for experiments is answered here.
pub struct Studies<G> {
    devices: Devices<G>,
    job: Option<Job>,
    held: bool,
}

/// What is under way.
enum Job {
    Study(Box<Study>),
    Costs(Costs),
    Overflows(Box<Overflows>),
}

impl Job {
    async fn slice(&mut self) -> Result<(), Failure> {
        match self {
            Self::Study(study) => study.slice().await,
            Self::Costs(costs) => costs.slice().await,
            Self::Overflows(overflows) => {
                overflows.slice();
                Ok(())
            }
        }
    }

    fn is_over(&self) -> bool {
        match self {
            Self::Study(study) => study.is_over(),
            Self::Costs(costs) => costs.is_over(),
            Self::Overflows(overflows) => overflows.is_over(),
        }
    }

    fn report(&self, over: bool) -> Word {
        Word::Report(Box::new(match self {
            Self::Study(study) => study.report(over),
            Self::Costs(costs) => costs.report(over),
            Self::Overflows(overflows) => overflows.report(over),
        }))
    }
}

/// What is said: of the experiment, or of the engine.
#[derive(serde::Serialize)]
#[serde(untagged)]
pub enum Said {
    /// Of the experiment.
    Word(Word),
    /// The engine cannot go on.
    Engine(Event),
}

impl<G: OpenGpu> Studies<G> {
    /// Without an experiment.
    pub fn new(gpu: G) -> Self {
        Self { devices: Devices::new(gpu), job: None, held: false }
    }

    /// Carries out orders, or else one slice. Answers whether there is more to do.
    pub async fn turn(&mut self, orders: Vec<Order>, emit: &mut impl FnMut(Said)) -> bool {
        let idle = orders.is_empty();
        for order in orders {
            match order {
                Order::Study { run, text } => self.begin(run, &text, emit).await,
                Order::Hold(held) => self.held = held,
                Order::Finish => {
                    if let Some(job) = self.job.take() {
                        emit(Said::Word(job.report(true)));
                    }
                }
            }
        }
        if idle && !self.held {
            self.work(emit).await;
        }
        self.job.is_some() && !self.held
    }

    async fn begin(&mut self, run: u32, text: &str, emit: &mut impl FnMut(Said)) {
        self.job = None;
        self.held = false;
        let plan = match File::read(text).and_then(Plan::new).and_then(fitting) {
            Ok(plan) => plan,
            Err(why) => return emit(Said::Word(Word::Refused { run, why })),
        };
        // Infinite numbers are the CPU's: shaders may take it that there are none.
        let wish =
            if plan.file.verdict == Verdict::Overflow { DeviceChoice::Cpu } else { plan.networks[0].spec.device };
        let (device, report) = self.devices.choose(wish).await;
        let File { title, note, verdict, .. } = plan.file.clone();
        emit(Said::Word(Word::Begun { run, title, note, device: report.clone() }));
        let job = if verdict == Verdict::Cost {
            let mut devices = vec![(device, report.device.id())];
            // The CPU for comparison, wherever there is anything else.
            if report.device != Kind::Cpu {
                devices.push((self.devices.choose(DeviceChoice::Cpu).await.0, Kind::Cpu.id()));
            }
            Job::Costs(Costs::new(run, plan, devices))
        } else if verdict == Verdict::Overflow {
            Job::Overflows(Box::new(Overflows::new(run, plan)))
        } else {
            Job::Study(Box::new(Study::new(run, plan, device)))
        };
        emit(Said::Word(job.report(false)));
        self.job = Some(job);
    }

    async fn work(&mut self, emit: &mut impl FnMut(Said)) {
        let Some(job) = &mut self.job else { return };
        let result = job.slice().await;
        let over = result.is_err() || job.is_over();
        match result {
            Ok(()) => emit(Said::Word(job.report(over))),
            Err(failure) => emit(Said::Engine(Event::Failed(failure))),
        }
        if over {
            self.job = None;
        }
    }
}
