//! The runs of this page besides the present one: those that were pinned, to compare with, and those before.
//!
//! The same settings give the same run, so settings are what a run is known by: a [`Pin`] has them, and its letter and
//! name, and travels in links. What was measured is in a [`KeptRun`] of the same settings.

use super::metric::RunId;
use super::pin::{Letter, Pin, Settings};
use super::record::RunRecord;
use super::spec::{Model, Spec};

/// The largest number of runs in the list that are not pinned.
const MOST_KEPT: usize = 18;
/// A run that was measured on this page, or is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRun {
    /// Its number in the list.
    pub id: u32,
    /// What is known of it.
    pub record: RunRecord,
    /// Whether it is trained beside the present run.
    pub along: bool,
    /// Its run in the worker, while it is there.
    pub companion: Option<RunId>,
    settings: Settings,
}

impl KeptRun {
    /// Whether a pin has the settings of this run.
    pub fn is_pinned_as(&self, pin: &Pin) -> bool {
        self.settings == *pin.settings()
    }
}

/// How a run is marked in charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMark {
    /// The run before the present one, which stays as a faint line.
    Ghost,
    /// A pinned run.
    Pin(Letter),
}

impl RunMark {
    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ghost => "before",
            Self::Pin(letter) => letter.id(),
        }
    }

    /// Whether somebody pinned the run, and so wants its numbers in tables and files too.
    pub fn is_pinned(self) -> bool {
        self != Self::Ghost
    }
}

/// Every run of this page but the present one, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    list: Vec<KeptRun>,
    /// The number of the last run that was trained before the present one.
    ghost: Option<u32>,
    issued: u32,
}

impl Runs {
    /// All runs, oldest first.
    pub fn list(&self) -> &[KeptRun] {
        &self.list
    }

    /// The run of this number.
    pub fn find(&self, id: u32) -> Option<&KeptRun> {
        self.list.iter().find(|run| run.id == id)
    }

    /// The run of these settings.
    pub fn of(&self, settings: &Settings) -> Option<&KeptRun> {
        self.list.iter().find(|run| run.settings == *settings)
    }

    /// The run of these settings, to be changed.
    pub fn of_mut(&mut self, spec: &Spec) -> Option<&mut KeptRun> {
        let settings = Settings::of(spec);
        self.list.iter_mut().find(|run| run.settings == settings)
    }

    /// The run that the worker knows by this number.
    pub fn companion_mut(&mut self, run: RunId) -> Option<&mut KeptRun> {
        self.list.iter_mut().find(|kept| kept.companion == Some(run))
    }

    /// The run before the present one.
    pub fn ghost(&self) -> Option<&KeptRun> {
        self.ghost.and_then(|id| self.find(id))
    }

    /// Takes in a run that is not the present one any more, and returns its number. One of the same settings is
    /// replaced, unless it came further.
    pub fn keep(&mut self, record: RunRecord) -> u32 {
        let settings = Settings::of(&record.spec);
        if let Some(kept) = self.list.iter_mut().find(|run| run.settings == settings) {
            if record.step() >= kept.record.step() || kept.record.tuned {
                kept.record = record;
            }
            return kept.id;
        }
        self.issued += 1;
        self.list.push(KeptRun { id: self.issued, record, along: false, companion: None, settings });
        self.issued
    }

    /// Makes a run the one that stays as a ghost.
    pub fn haunt(&mut self, id: u32) {
        self.ghost = Some(id);
    }

    /// Drops the oldest runs that are not among the pinned ones, if there are too many.
    pub fn trim(&mut self, pins: &[Pin]) {
        let is_free = |run: &KeptRun| !pins.iter().any(|pin| run.is_pinned_as(pin));
        let mut surplus = self.list.iter().filter(|run| is_free(run)).count().saturating_sub(MOST_KEPT);
        self.list.retain(|run| {
            let drops = surplus > 0 && is_free(run) && self.ghost != Some(run.id);
            surplus -= usize::from(drops);
            !drops
        });
    }

    /// Deletes a run.
    pub fn forget(&mut self, id: u32) {
        self.list.retain(|run| run.id != id);
        self.ghost = self.ghost.filter(|ghost| *ghost != id);
    }

    /// Notes that the worker has dropped every run.
    pub fn leave(&mut self) {
        self.list.iter_mut().for_each(|run| run.companion = None);
    }

    /// Takes in the runs that a browser kept of this tab, as the oldest ones. Where a run came further than its record,
    /// it stays as it is. Returns the runs in the worker that are not needed any more, because all is known that they
    /// were to find out.
    pub fn restore(&mut self, records: Vec<RunRecord>) -> Vec<RunId> {
        let newer = std::mem::take(&mut self.list);
        for record in records.into_iter().filter(|record| record.step().is_some()) {
            self.keep(record);
        }
        let mut idle = Vec::new();
        for mut run in newer {
            if let Some(at) = self.list.iter().position(|older| older.settings == run.settings) {
                let older = self.list.remove(at);
                if older.record.step() > run.record.step() {
                    idle.extend(run.companion.take());
                    (run.record, run.along) = (older.record, false);
                }
            }
            self.list.push(run);
        }
        self.renumber();
        idle
    }

    /// Gives every run its place in the list as its number.
    fn renumber(&mut self) {
        let ghost = self.ghost.and_then(|id| self.list.iter().rposition(|run| run.id == id));
        self.ghost = ghost.map(|at| at as u32 + 1);
        self.list.iter_mut().zip(1..).for_each(|(run, id)| run.id = id);
        self.issued = self.list.len() as u32;
    }
}

/// Whether two networks can be drawn over each other: layers of other models mean other things.
pub fn is_comparable(model: Model, record: &RunRecord) -> bool {
    record.spec.network.model == model && record.step().is_some()
}
