//! Begins a new run in place of the present one, of which what is known is kept.

use super::{Phase, Reaction, State};
use crate::lab::record::RunRecord;
use crate::lab::sweep::Sweep;

/// How many of a run's frames keep their histograms when another takes its place.
const KEPT_HISTOGRAMS: usize = 8;

impl State {
    /// Begins a new run of the present spec. If the run before was playing, the new one continues after a moment
    /// without edits.
    pub(super) fn restart(&mut self) -> Reaction {
        self.begin();
        self.deaths = 0;
        let settle = self.playing;
        self.revive(|state| {
            let mut reaction = state.send([state.start()]);
            reaction.settle = settle;
            reaction
        })
    }

    pub(super) fn begin(&mut self) {
        self.spread_own();
        self.issued += 1;
        self.run = self.issued;
        self.give_up_sweep();
        self.leave_run();
        self.phase = Phase::Waiting;
        self.asked.clear();
        self.stepping = false;
        self.stale = self.frame.take().or(self.stale.take());
        self.initial = None;
        self.looks.clear();
        self.examples.clear();
        if self.roster.is_running() {
            self.roster.stop();
        }
        self.attempt.leave();
        self.resting.leave();
        self.shape = None;
        (self.past, self.slow) = (None, None);
    }

    /// Puts what is known of the present run among the others, if it was trained or is pinned, and begins a new record.
    fn leave_run(&mut self) {
        let end = if let Phase::Finished(why) = &self.phase { Some(why.clone()) } else { None };
        let before = std::mem::replace(&mut self.record, RunRecord::new(self.lab.spec.clone()));
        if before.is_trained() {
            let history = before.history.with_few_histograms(KEPT_HISTOGRAMS);
            let id = self.runs.keep(RunRecord { history, end, ..before });
            self.runs.haunt(id);
        }
        self.runs.leave();
        self.runs.trim(&self.lab.pins);
    }

    /// Cancels the sweep, which belongs to the network that was on the page; its results stay. Returns whether one was
    /// running.
    pub(super) fn give_up_sweep(&mut self) -> bool {
        let running = self.sweep.as_mut().filter(|sweep| sweep.running());
        let was_running = running.map(|sweep| sweep.cancelled = true).is_some();
        if !self.awaits() {
            self.progress = None;
        }
        was_running
    }

    /// Returns whether the engine is working on something about which it reports progress. A report may arrive after
    /// its subject was cancelled.
    pub(super) fn awaits(&self) -> bool {
        self.phase == Phase::Waiting || self.sweep.as_ref().is_some_and(Sweep::running)
    }
}
