//! The loop between what a page asks for and what it hears: one unit of work a turn, so that whoever drives
//! it can look for new messages in between. Pausing is not being driven on; dropping is cancelling.

mod jobs;
mod keeping;
mod own;
mod sharing;
mod starting;

use std::rc::Rc;

use burn::tensor::Device;

use jobs::Jobs;
use own::is_lasting;

use super::benchmark::DeviceBenchmarks;
use super::datasets::Datasets;
use super::demand::largest;
use super::device::{Devices, OpenGpu, on_cpu};
use super::experiment;
use super::job::run::Run;
use super::job::sweep::SweepJob;
use super::job::watch::Watch;
use super::job::{Job, JobReport};
use super::session::Session;
use crate::lab::metric::Measures;
use crate::lab::protocol::{Command, Device as Kind, DeviceReason, DeviceReport, Event, Progress};
use crate::lab::spec::{DeviceChoice, OwnShapes, Spec};
use crate::study::plan::StudyPlan;
use crate::study::protocol::{Inbound, Outbound, StudyCommand, StudyEvent};

/// What computes for a page: its devices, its data, and what is under way.
pub struct Host<G> {
    devices: Devices<G>,
    benchmarks: DeviceBenchmarks,
    datasets: Datasets,
    /// What the page of the lab was told last of its device.
    device: Option<DeviceReport>,
    /// What the page of the lab shows, of all that is measured only then.
    measures: Measures,
    /// The reader's own data.
    own: OwnShapes,
    jobs: Jobs,
    /// The experiment of another worker of which groups were trained here last, by its file.
    shared: Option<(String, Rc<StudyPlan>)>,
}

impl<G: OpenGpu> Host<G> {
    /// A host with nothing to do.
    pub fn new(gpu: G) -> Self {
        Self {
            devices: Devices::new(gpu),
            benchmarks: DeviceBenchmarks::default(),
            datasets: Datasets::default(),
            device: None,
            measures: Measures::default(),
            own: OwnShapes::default(),
            jobs: Jobs::default(),
            shared: None,
        }
    }

    /// The lab's present run, for tests that look at its network.
    pub fn session(&self) -> Option<&Session> {
        self.jobs.run.as_ref().map(Run::session)
    }

    /// Carries out what a page asks for, or else computes one slice. Answers whether there is more to do.
    ///
    /// Everything before the last `Start` concerns what nobody looks at any more, except what is to be measured.
    pub async fn turn(&mut self, messages: Vec<Inbound>, emit: &mut impl FnMut(Outbound)) -> bool {
        let messages = [std::mem::take(&mut self.jobs.queued), messages].concat();
        if messages.is_empty() {
            self.work(emit).await;
        }
        let is_start =
            |message: &Inbound| matches!(message, Inbound::Lab(command) if matches!(**command, Command::Start { .. }));
        let first = messages.iter().rposition(is_start).unwrap_or(0);
        for (index, message) in messages.into_iter().enumerate() {
            match message {
                Inbound::Lab(command) if index >= first && self.jobs.is_for_later(&command) => {
                    self.jobs.wait(command);
                }
                Inbound::Lab(command) if index >= first || is_lasting(&command) => {
                    self.obey(*command, emit).await;
                }
                Inbound::Study(command) if index >= first => self.obey_study(command, emit).await,
                Inbound::Lab(_) | Inbound::Study(_) => {}
            }
        }
        self.jobs.has_work()
    }

    /// One slice of whatever is next, and what there is to tell of it.
    async fn work(&mut self, emit: &mut impl FnMut(Outbound)) {
        if self.jobs.starting.is_some() {
            return self.draw(emit).await;
        }
        self.jobs.take_turns();
        let Some(job) = self.jobs.next() else { return };
        if let Err(failure) = job.slice(&mut self.datasets).await {
            self.jobs = Jobs::default();
            return emit(Event::Failed(failure).into());
        }
        let is_checkpoint_due = job.watch().is_some_and(|watch| watch.is_checkpoint_due());
        let report = (job.is_over() || job.has_news()).then(|| job.report());
        if is_checkpoint_due {
            self.checkpoint(emit).await;
        }
        if let Some(report) = report {
            self.jobs.tell(report, emit);
        }
        self.jobs.drop_ended();
    }

    /// Carries out a command of the lab.
    async fn obey(&mut self, command: Command, emit: &mut impl FnMut(Outbound)) {
        match self.with_own(command) {
            Command::Start { run, spec } => self.start(run, spec, emit).await,
            Command::Sweep { run, specs } => {
                let Some(first) = specs.first() else { return };
                self.jobs.beside = None;
                let device = self.choose(first, specs.len(), emit).await;
                emit(Event::Progress(Progress::Building).into());
                let data = self.datasets.load(first, &device);
                self.jobs.begin(Box::new(SweepJob::build(run, specs, data, &device)));
            }
            Command::Accompany { run, spec } => self.accompany(run, spec, emit).await,
            Command::Dismiss { run } => self.jobs.companions.retain(|companion| companion.session().run() != run),
            Command::Cancel => self.jobs.beside = None,
            Command::TakeData { model, bytes } => emit(self.take_data(model, &bytes).into()),
            Command::DropData(model) => self.own.set(model, None),
            Command::Keep => self.keep(emit).await,
            Command::TakeUp { run, kept } => self.take_up(run, &kept, emit).await,
            Command::Ping => emit(Event::Alive.into()),
            Command::Measure(measures) => {
                self.measures = measures;
                self.jobs.measure(measures);
            }
            Command::Inspect { run, request, subject } => {
                self.jobs.inspect(run, request, subject).map(Outbound::from).into_iter().for_each(emit);
            }
            command => {
                // A run that is over does not go on.
                let all = self.jobs.run.iter_mut().chain(&mut self.jobs.companions);
                let reports: Vec<JobReport> = all
                    .map(|run| {
                        run.obey(command.clone());
                        run.report()
                    })
                    .collect();
                reports.into_iter().for_each(|report| self.jobs.tell(report, emit));
                self.jobs.drop_ended();
            }
        }
    }

    /// Carries out a command of the page of experiments.
    async fn obey_study(&mut self, command: StudyCommand, emit: &mut impl FnMut(Outbound)) {
        match command {
            StudyCommand::Study { run, text } => self.begin(run, text, None, emit).await,
            StudyCommand::TakeUp { run, kept } => match Watch::file_of(&kept) {
                Ok(text) => self.begin(run, text, Some(&kept), emit).await,
                Err(why) => emit(StudyEvent::Refused { run, why }.into()),
            },
            StudyCommand::Estimate { run, text } => self.estimate(run, &text).await,
            StudyCommand::Hold(held) => {
                self.jobs.held = held;
                if held {
                    self.checkpoint(emit).await;
                }
            }
            StudyCommand::Finish => {
                self.checkpoint(emit).await;
                self.finish(emit);
            }
            StudyCommand::Keep => self.checkpoint(emit).await,
            StudyCommand::Look(chosen) => self.change(|watch| watch.show(chosen), emit),
            StudyCommand::Rest { network, rests } => self.change(|watch| watch.rest(network, rests), emit),
            StudyCommand::Lend(run) => self.lend(run, emit),
            StudyCommand::Take(share) => self.take(&share, emit),
            StudyCommand::Redo { run, group } => {
                self.jobs.study(run).into_iter().for_each(|study| study.redo(group));
            }
            StudyCommand::Train { run, text, group } => self.train(run, &text, group, emit),
        }
    }

    /// Begins an experiment from its file, or from a checkpoint of it.
    async fn begin(&mut self, run: u32, text: String, checkpoint: Option<&[u8]>, emit: &mut impl FnMut(Outbound)) {
        self.jobs = Jobs::default();
        self.devices.release();
        match experiment::begin(&mut self.devices, run, text, checkpoint).await {
            Ok((begun, mut job)) => {
                emit(begun.into());
                let report = job.report();
                self.jobs.begin(job);
                self.jobs.tell(report, emit);
            }
            Err(why) => emit(StudyEvent::Refused { run, why }.into()),
        }
    }

    /// Begins to estimate how long an experiment would take, if there is nothing else. A file that is no experiment gets
    /// no answer: the reader may still be writing it.
    async fn estimate(&mut self, run: u32, text: &str) {
        if self.jobs.beside.is_some() || self.jobs.has_work() {
            return;
        }
        self.devices.release();
        if let Some(job) = experiment::estimate(&mut self.devices, run, text).await {
            self.jobs.begin(Box::new(job));
        }
    }

    /// Changes how watched networks are shown or trained, and shows them so.
    fn change(&mut self, change: impl FnOnce(&mut Watch), emit: &mut impl FnMut(Outbound)) {
        if let Some(watch) = self.jobs.watch() {
            change(watch);
            let report = watch.report();
            self.jobs.tell(report, emit);
        }
    }

    /// Hands over what watched networks can be taken up from.
    async fn checkpoint(&mut self, emit: &mut impl FnMut(Outbound)) {
        let Some(watch) = self.jobs.watch() else { return };
        emit(match watch.checkpoint().await {
            Ok((steps, bytes)) => Outbound::Checkpoint { run: watch.run(), steps, bytes },
            Err(failure) => Event::Failed(failure).into(),
        });
    }

    /// Reports for the last time. Watched networks can still be looked at, and go on.
    fn finish(&mut self, emit: &mut impl FnMut(Outbound)) {
        let Some(job) = &mut self.jobs.beside else { return };
        let mut report = job.report();
        if let JobReport::Study(report) = &mut report {
            report.over = true;
        }
        self.jobs.tell(report, emit);
        self.jobs.held = true;
        self.jobs.beside.take_if(|job| job.watch().is_none());
    }

    /// The device of a run, or of so many networks trained as one. What the page does not know of it yet, it is told.
    async fn choose(&mut self, spec: &Spec, networks: usize, emit: &mut impl FnMut(Outbound)) -> Device {
        if self.devices.must_open(spec.run.device) {
            emit(Event::Progress(Progress::StartingWebGpu).into());
        }
        let needed = self.devices.in_need();
        let (mut device, mut report) = self.devices.choose(spec.run.device, largest(spec, networks)).await;
        if spec.run.device == DeviceChoice::Auto
            && report.device == Kind::WebGpu
            && DeviceBenchmarks::is_worthwhile(spec)
        {
            let cpu = self.devices.cpu().clone();
            let cpu_wins = match self.benchmarks.known(spec) {
                Some(cpu_wins) => cpu_wins,
                None => {
                    emit(Event::Progress(Progress::Comparing).into());
                    self.benchmarks.run(spec, &cpu, &device, &mut self.datasets).await
                }
            };
            if cpu_wins {
                if !needed {
                    self.devices.release();
                }
                (device, report) = (cpu, on_cpu(DeviceReason::CpuFaster));
            } else {
                report.reason = Some(DeviceReason::GpuFaster);
            }
        }
        if self.device.as_ref() != Some(&report) {
            // The first network on a GPU compiles its kernels.
            emit(Event::Device(report.clone()).into());
            emit(Event::Progress(Progress::Building).into());
            self.device = Some(report);
        }
        device
    }
}
