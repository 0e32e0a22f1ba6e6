//! What the host computes slice by slice: a run of the lab, a sweep, or an experiment of one kind or another.

use std::pin::Pin;

use super::datasets::Datasets;
use crate::lab::protocol::{Event, Failure};
use crate::study::protocol::StudyEvent;
use crate::study::report::StudyReport;
use crate::study::share::GroupShare;

pub(super) mod cost;
pub(super) mod estimate;
mod grouping;
pub(super) mod inspection;
pub(super) mod overflow;
pub(super) mod run;
pub(super) mod share;
pub(super) mod study;
pub(super) mod sweep;
pub(super) mod watch;

use study::Study;
use watch::Watch;

/// A slice that is being computed.
pub(super) type Slicing<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + 'a>>;

/// Something that is computed slice by slice, so that the host can read messages in between. It waits while
/// nobody asks for slices, and ends when it is dropped.
pub(super) trait Job {
    /// Computes for as long as a slice takes, or does nothing where there is no work. The datasets are those
    /// of all jobs.
    fn slice<'a>(&'a mut self, datasets: &'a mut Datasets) -> Slicing<'a>;

    /// What there is to tell of it now.
    fn report(&mut self) -> JobReport;

    /// Whether nothing more can come.
    fn is_over(&self) -> bool;

    /// Whether a slice would compute anything.
    fn has_work(&self) -> bool {
        !self.is_over()
    }

    /// Whether the last slice brought something that is worth a report.
    fn has_news(&mut self) -> bool {
        true
    }

    /// The watched networks that it consists of. They alone can be shown in another way, put to rest, kept
    /// and taken up, and looked at when they are over.
    fn watch(&mut self) -> Option<&mut Watch> {
        None
    }

    /// The experiment that it is, if other workers can train some of its networks.
    fn study(&mut self) -> Option<&mut Study> {
        None
    }
}

/// What there is to tell of a job.
pub(super) enum JobReport {
    /// What happened in a run or a sweep since the last report.
    Lab(Vec<Event>),
    /// How an experiment stands.
    Study(Box<StudyReport>),
    /// How far a group is that is trained for another worker.
    Share(GroupShare),
    /// Something that is told once.
    Told(StudyEvent),
}
