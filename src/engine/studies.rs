//! Where experiments are asked for: orders in, reports out, one slice a turn.

use super::cost::Costs;
use super::device::{Devices, OpenGpu};
use super::overflow::Overflows;
use super::study::{Study, fitting, largest_of};
use super::watch::Watch;
use crate::lab::protocol::{Device as Kind, Event, Failure};
use crate::lab::spec::DeviceChoice;
use crate::study::experiment::read;
use crate::study::file::{File, VerdictKind};
use crate::study::protocol::{StudyCommand, StudyEvent};

/// Whoever asks for experiments is answered here.
pub struct Studies<G> {
    devices: Devices<G>,
    job: Option<Job>,
    held: bool,
}

/// What is under way, or can still be looked at.
enum Job {
    Study(Box<Study>),
    Costs(Costs),
    Watch(Box<Watch>),
    Overflows(Box<Overflows>),
}

impl Job {
    async fn slice(&mut self) -> Result<(), Failure> {
        match self {
            Self::Study(study) => study.slice().await,
            Self::Costs(costs) => costs.slice().await,
            Self::Watch(watch) => watch.slice().await,
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
            Self::Watch(watch) => watch.is_over(),
            Self::Overflows(overflows) => overflows.is_over(),
        }
    }

    /// Whether a slice would do anything.
    fn has_work(&self) -> bool {
        match self {
            Self::Watch(watch) => watch.has_work(),
            _ => !self.is_over(),
        }
    }

    /// Whether there is something new to tell.
    fn has_news(&mut self) -> bool {
        if let Self::Watch(watch) = self { watch.has_news() } else { true }
    }

    fn report(&self, over: bool) -> StudyEvent {
        StudyEvent::Report(Box::new(match self {
            Self::Study(study) => study.report(over),
            Self::Costs(costs) => costs.report(over),
            Self::Watch(watch) => watch.report(over),
            Self::Overflows(overflows) => overflows.report(over),
        }))
    }
}

/// What is said: of the experiment, or of the engine.
#[derive(serde::Serialize)]
#[serde(untagged)]
pub enum Said {
    /// Of the experiment.
    Event(StudyEvent),
    /// What a watched experiment can be taken up from. It goes as bytes, not as JSON.
    #[serde(skip)]
    Kept {
        /// The number of the order.
        run: u32,
        /// Updates made, of all its networks.
        steps: u64,
        /// Opaque.
        bytes: Vec<u8>,
    },
    /// The engine cannot go on.
    Engine(Event),
}

impl<G: OpenGpu> Studies<G> {
    /// Without an experiment.
    pub fn new(gpu: G) -> Self {
        Self { devices: Devices::new(gpu), job: None, held: false }
    }

    /// Carries out orders, or else one slice. Answers whether there is more to do.
    pub async fn turn(&mut self, orders: Vec<StudyCommand>, emit: &mut impl FnMut(Said)) -> bool {
        let idle = orders.is_empty();
        for order in orders {
            self.obey(order, emit).await;
        }
        if idle && !self.held {
            self.work(emit).await;
        }
        !self.held && self.job.as_ref().is_some_and(Job::has_work)
    }

    async fn obey(&mut self, order: StudyCommand, emit: &mut impl FnMut(Said)) {
        match order {
            StudyCommand::Study { run, text } => self.begin(run, text, None, emit).await,
            StudyCommand::TakeUp { run, kept } => match Watch::file_of(&kept) {
                Ok(text) => self.begin(run, text, Some(&kept), emit).await,
                Err(why) => emit(Said::Event(StudyEvent::Refused { run, why })),
            },
            StudyCommand::Hold(held) => {
                self.held = held;
                if held {
                    self.keep(emit).await;
                }
            }
            StudyCommand::Finish => {
                self.keep(emit).await;
                self.end(emit);
            }
            StudyCommand::Keep => self.keep(emit).await,
            StudyCommand::Look(chosen) => self.change(|watch| watch.show(chosen), emit),
            StudyCommand::Rest { network, rests } => self.change(|watch| watch.rest(network, rests), emit),
        }
    }

    /// Changes how watched networks are shown or trained, and shows them so.
    fn change(&mut self, change: impl FnOnce(&mut Watch), emit: &mut impl FnMut(Said)) {
        if let Some(Job::Watch(watch)) = &mut self.job {
            change(watch);
            emit(Said::Event(StudyEvent::Report(Box::new(watch.report(watch.is_over())))));
        }
    }

    async fn keep(&mut self, emit: &mut impl FnMut(Said)) {
        let Some(Job::Watch(watch)) = &mut self.job else { return };
        match watch.keep().await {
            Ok((steps, bytes)) => emit(Said::Kept { run: watch.run(), steps, bytes }),
            Err(failure) => emit(Said::Engine(Event::Failed(failure))),
        }
    }

    /// Reports for the last time. What was watched can still be looked at.
    fn end(&mut self, emit: &mut impl FnMut(Said)) {
        if let Some(job) = self.job.take() {
            emit(Said::Event(job.report(true)));
            if matches!(job, Job::Watch(_)) {
                self.job = Some(job);
                self.held = true;
            }
        }
    }

    async fn begin(&mut self, run: u32, text: String, kept: Option<&[u8]>, emit: &mut impl FnMut(Said)) {
        self.job = None;
        self.held = false;
        self.devices.release();
        let plan = match read(&text).and_then(fitting) {
            Ok(plan) => plan,
            Err(why) => return emit(Said::Event(StudyEvent::Refused { run, why })),
        };
        // Infinite numbers are the CPU's: shaders may take it that there are none.
        let wish = if plan.file.verdict == VerdictKind::Overflow {
            DeviceChoice::Cpu
        } else {
            plan.networks[0].spec.run.device
        };
        let (device, report) = self.devices.choose(wish, largest_of(&plan)).await;
        let File { title, note, verdict, .. } = plan.file.clone();
        let job = match verdict {
            VerdictKind::Cost => {
                let mut devices = vec![(device, report.device.id())];
                // The CPU for comparison, wherever there is anything else.
                if report.device != Kind::Cpu {
                    devices.push((self.devices.choose(DeviceChoice::Cpu, 0).await.0, Kind::Cpu.id()));
                }
                Job::Costs(Costs::new(run, plan, devices))
            }
            VerdictKind::Watch => {
                let mut watch = Watch::new(run, text, plan, device);
                if let Some(Err(why)) = kept.map(|kept| watch.take_up(kept)) {
                    return emit(Said::Event(StudyEvent::Refused { run, why }));
                }
                Job::Watch(Box::new(watch))
            }
            VerdictKind::Overflow => Job::Overflows(Box::new(Overflows::new(run, plan))),
            _ => Job::Study(Box::new(Study::new(run, plan, device))),
        };
        emit(Said::Event(StudyEvent::Begun { run, title, note, device: report }));
        emit(Said::Event(job.report(job.is_over())));
        self.job = Some(job);
    }

    async fn work(&mut self, emit: &mut impl FnMut(Said)) {
        let Some(job) = self.job.as_mut().filter(|job| job.has_work()) else { return };
        let result = job.slice().await;
        let over = result.is_err() || job.is_over();
        let failed = result.is_err();
        match result {
            Err(failure) => emit(Said::Engine(Event::Failed(failure))),
            Ok(()) if over => {}
            Ok(()) if job.has_news() => emit(Said::Event(job.report(false))),
            Ok(()) => {}
        }
        let due = matches!(job, Job::Watch(watch) if watch.is_due());
        if failed {
            self.job = None;
        } else if over {
            self.keep(emit).await;
            self.end(emit);
        } else if due {
            self.keep(emit).await;
        }
    }
}
