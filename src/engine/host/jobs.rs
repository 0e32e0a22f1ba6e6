//! What is under way for a page, and whose turn it is.

use super::own::is_lasting;
use super::starting::Starting;
use crate::engine::job::inspection::InspectionJob;
use crate::engine::job::run::Run;
use crate::engine::job::study::Study;
use crate::engine::job::watch::Watch;
use crate::engine::job::{Job, JobReport};
use crate::engine::session::Session;
use crate::lab::inspection::{Absence, Inspection, Subject};
use crate::lab::metric::{Measures, RunId};
use crate::lab::protocol::{Command, Event};
use crate::study::protocol::{Inbound, Outbound, StudyEvent};
use crate::study::report::Reporter;

/// What is under way.
#[derive(Default)]
pub(super) struct Jobs {
    /// A run whose weights are being drawn. Everything else waits.
    pub(super) starting: Option<Starting>,
    /// What waited for it, now that it is there.
    pub(super) queued: Vec<Inbound>,
    /// The network on the page of the lab.
    pub(super) run: Option<Run>,
    /// The networks that it is compared with, which train when it does.
    pub(super) companions: Vec<Run>,
    /// Whether the last slice was one of the run's, and not of a companion's.
    was_run: bool,
    /// The network of a run that broke, which can still be looked into.
    ended: Option<Session>,
    /// A look into the network, which takes turns with everything else.
    look: Option<InspectionJob>,
    /// Whether this is the look's turn.
    looks: bool,
    /// A sweep, which the run waits for, or an experiment, which takes the run's place.
    pub(super) beside: Option<Box<dyn Job>>,
    /// Whether what is beside the run waits until somebody lets it go on.
    pub(super) held: bool,
    /// What the page was told of the experiment.
    pub(super) reporter: Reporter,
}

impl Jobs {
    /// What the next slice is of.
    pub(super) fn next(&mut self) -> Option<&mut dyn Job> {
        if self.look.is_some() && (self.looks || !self.trains()) {
            return self.look.as_mut().map(|look| look as &mut dyn Job);
        }
        if let Some(job) = self.beside.as_deref_mut().filter(|job| !self.held && job.has_work()) {
            return Some(job);
        }
        // Runs that are compared stay about as far as each other: one that is behind has every second slice.
        let step = self.run.as_ref().filter(|run| run.has_work()).map(|run| run.session().step());
        let behind = self.companions.iter_mut().filter(|run| run.has_work());
        let behind = behind.min_by_key(|run| run.session().step());
        let companion = behind.filter(|run| step.is_none_or(|step| self.was_run && run.session().step() < step));
        self.was_run = companion.is_none();
        match companion {
            Some(run) => Some(run),
            None => self.run.as_mut().filter(|run| run.has_work()).map(|run| run as &mut dyn Job),
        }
    }

    /// Has runs measure this too from now on.
    pub(super) fn measure(&mut self, measures: Measures) {
        self.run.iter_mut().for_each(|run| run.measure(measures));
        self.companions.iter_mut().for_each(|run| run.measure(measures.beside()));
    }

    /// Whether a command is about a run whose weights are still being drawn, or about what comes after it.
    pub(super) fn is_for_later(&self, command: &Command) -> bool {
        let at_once = is_lasting(command) || matches!(command, Command::Start { .. } | Command::Ping);
        self.starting.is_some() && !at_once
    }

    /// Keeps a command until the run is there whose weights are being drawn.
    pub(super) fn wait(&mut self, command: Box<Command>) {
        if let Some(starting) = &mut self.starting {
            starting.wait(command);
        }
    }

    /// Whether there is anything to compute, or to carry out.
    pub(super) fn has_work(&self) -> bool {
        self.starting.is_some() || !self.queued.is_empty() || self.look.is_some() || self.trains()
    }

    /// Begins another slice.
    pub(super) fn take_turns(&mut self) {
        self.looks = !self.looks;
    }

    /// Whether anything but a look has work.
    fn trains(&self) -> bool {
        let beside = self.beside.as_ref().is_some_and(|job| !self.held && job.has_work());
        beside || self.run.iter().chain(&self.companions).any(|run| run.has_work())
    }

    /// Looks into the network of a run, in place of any other look. Answers at once where there is none.
    pub(super) fn inspect(&mut self, run: RunId, request: u32, subject: Subject) -> Option<Event> {
        let session = self.run.as_ref().map(Run::session).or(self.ended.as_ref());
        self.look = session
            .filter(|session| session.run() == run)
            .map(|session| InspectionJob::new(session.still(), request, subject));
        let gone = || Event::Inspected { run, step: 0, request, result: Inspection::Nothing(Absence::Gone) };
        self.look.is_none().then(gone)
    }

    /// Begins a sweep or an experiment, in place of any other.
    pub(super) fn begin(&mut self, job: Box<dyn Job>) {
        (self.beside, self.held, self.reporter) = (Some(job), false, Reporter::default());
    }

    pub(super) fn tell(&mut self, report: JobReport, emit: &mut impl FnMut(Outbound)) {
        match report {
            JobReport::Lab(events) => events.into_iter().map(Outbound::Lab).for_each(emit),
            JobReport::Study(report) => emit(StudyEvent::Update(Box::new(self.reporter.update(*report))).into()),
            JobReport::Share(share) => emit(StudyEvent::Shared(share).into()),
            JobReport::Told(event) => emit(event.into()),
        }
    }

    /// Lets go of what is over. Watched networks, and the run whose steps are all made, stay to be looked at.
    pub(super) fn drop_ended(&mut self) {
        if let Some(run) = self.run.take_if(|run| run.is_over()) {
            self.ended = run.ended();
        }
        self.companions.retain(|run| !run.is_done());
        self.look.take_if(|look| look.is_over());
        self.beside.take_if(|job| job.is_over() && job.watch().is_none());
    }

    /// The experiment of this number, where other workers can train some of its networks.
    pub(super) fn study(&mut self, run: u32) -> Option<&mut Study> {
        self.beside.as_mut().and_then(|job| job.study()).filter(|study| study.run() == run)
    }

    /// The experiment, where it consists of watched networks.
    pub(super) fn watch(&mut self) -> Option<&mut Watch> {
        self.beside.as_mut().and_then(|job| job.watch())
    }
}
