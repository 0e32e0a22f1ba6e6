//! A run that is kept by the page, and taken up by another worker.

use super::Host;
use crate::engine::device::OpenGpu;
use crate::engine::job::Job;
use crate::engine::job::run::Run;
use crate::lab::metric::RunId;
use crate::lab::protocol::Event;
use crate::study::protocol::Outbound;

impl<G: OpenGpu> Host<G> {
    /// Hands over where the run stands.
    pub(super) async fn keep(&mut self, emit: &mut impl FnMut(Outbound)) {
        let Some(session) = self.jobs.run.as_ref().map(Run::session) else { return };
        let (run, step) = (session.run(), session.step());
        let event = match session.kept().await {
            Ok(kept) => Event::Kept { run, step, kept: kept.unwrap_or_default().into() },
            Err(failure) => Event::Failed(failure),
        };
        emit(event.into());
    }

    /// Goes on with the run from where it was kept.
    pub(super) async fn take_up(&mut self, run: RunId, kept: &[u8], emit: &mut impl FnMut(Outbound)) {
        let Some(run) = self.jobs.run.as_mut().filter(|own| own.session().run() == run) else { return };
        match run.take_up(kept).await {
            Ok(()) => {
                let report = run.report();
                self.jobs.tell(report, emit);
                self.jobs.drop_ended();
            }
            Err(failure) => emit(Event::Failed(failure).into()),
        }
    }
}
