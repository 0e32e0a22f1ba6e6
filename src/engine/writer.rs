//! The lines that a GPT writes while it learns, each by a copy of the network as it was when the line was begun. Every
//! character is a read of the device of its own, so a line is written slice by slice, and seldom.

use super::clock::now_ms;
use super::sampler::Sampler;
use super::session::Session;
use super::trainer::Trainer;
use crate::lab::examples::WrittenLine;
use crate::lab::metric::RunId;
use crate::lab::protocol::{Event, Failure};

/// Lines are at least so many steps apart.
const EVERY: u64 = 50;
/// While training runs, lines are at least so many milliseconds apart.
const PAUSE_MS: f64 = 2000.0;
/// So many characters are drawn between two looks at the clock.
const CHARACTERS: usize = 4;

/// Writes the lines of a run.
#[derive(Default)]
pub(super) struct LineWriter {
    /// Whether the page shows lines.
    on: bool,
    line: Option<LineDraft>,
    /// The step of the line before, and when it was begun.
    last: Option<(u64, f64)>,
}

/// A line that is being written.
struct LineDraft {
    run: RunId,
    step: u64,
    trainer: Trainer,
    sampler: Sampler,
}

impl LineWriter {
    /// From now on writes, or does not.
    pub(super) fn switch(&mut self, on: bool) {
        self.on = on;
        self.line.take_if(|_| !on);
    }

    /// Begins a line if one is due. It always is at the `end` of the steps that were asked for.
    pub(super) fn offer(&mut self, session: &Session, end: bool) {
        let (step, now) = (session.step(), now_ms());
        let is_due = match self.last {
            None => true,
            Some((last, _)) if last == step => false,
            Some((last, at)) => end || step < last || step >= last + EVERY && now >= at + PAUSE_MS,
        };
        if !self.on || !is_due || self.line.is_some() {
            return;
        }
        if let Some(sampler) = session.line() {
            self.last = Some((step, now));
            self.line = Some(LineDraft { run: session.run(), step, trainer: session.trainer().clone(), sampler });
        }
    }

    /// Whether a line is being written.
    pub(super) fn is_writing(&self) -> bool {
        self.line.is_some()
    }

    /// Writes on for about so long, and tells the line once it is complete.
    pub(super) async fn advance(&mut self, slice_ms: f64) -> Result<Option<Event>, Failure> {
        let Some(line) = &mut self.line else { return Ok(None) };
        let begun = now_ms();
        while !line.sampler.sample(&line.trainer, CHARACTERS).await? {
            if now_ms() - begun >= slice_ms {
                return Ok(None);
            }
        }
        let written = Event::Written(line.run, WrittenLine { step: line.step, text: line.sampler.text() });
        self.line = None;
        Ok(Some(written))
    }
}
