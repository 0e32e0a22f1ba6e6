//! What the page of experiments knows of each experiment that was opened: a fold of what a reader does
//! and what the worker says.
//!
//! Nothing is lost when another experiment is looked at: one that trains goes on, and one that is over stays.
//! The page does what the answers say (it sends, keeps or shows something) and decides nothing.

use std::collections::BTreeMap;

use super::protocol::{StudyCommand, StudyEvent};
use super::sitting::{KeptRecord, KeptResult, Sitting, SittingPhase, StudyBegun, StudyTrouble};
use crate::lab::protocol::Failure;

/// A task for the page.
#[derive(Clone, Debug, PartialEq)]
pub enum DeskTask {
    /// Send this command to the worker.
    Send(StudyCommand),
    /// Keep the result of the experiment of this id.
    Keep(String),
    /// Delete what the experiment of this id could be taken up from, because it would never be read again.
    Forget(String),
    /// Show the reader the file at this line.
    ShowLine(usize),
}

/// What is known of every experiment that was opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sittings {
    all: BTreeMap<String, Sitting>,
    /// The experiment and the file of each order, by the number of the order.
    orders: BTreeMap<u32, (String, String)>,
    run: u32,
    /// The id of the experiment that is shown.
    shown: String,
    /// The id of the experiment that the worker was asked for last.
    present: Option<String>,
    /// The id of an experiment whose worker died while another was shown.
    fallen: Option<String>,
}

/// What is said of an experiment that is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The id of that experiment.
    pub id: String,
    /// How many of its networks are trained, and how many it has; none before its first report.
    pub progress: Option<(usize, usize)>,
    /// What went wrong, if its worker died.
    pub trouble: Option<StudyTrouble>,
}

impl Sittings {
    /// The id of the experiment that is shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The experiment that is shown; there is none before the first is opened.
    pub fn sitting(&self) -> Option<&Sitting> {
        self.all.get(&self.shown)
    }

    /// The experiment of this id, if it was opened.
    pub fn find(&self, id: &str) -> Option<&Sitting> {
        self.all.get(id)
    }

    /// Whether the experiment that is shown is the one that the worker has. Only of that one more can be asked.
    pub fn is_present(&self) -> bool {
        self.present.as_deref() == Some(&self.shown)
    }

    /// Whether the worker has something to do.
    pub fn is_busy(&self) -> bool {
        self.present().is_some_and(|sitting| sitting.phase.is_busy())
    }

    fn present(&self) -> Option<&Sitting> {
        self.all.get(self.present.as_ref()?)
    }

    /// Shows an experiment.
    pub fn open(&mut self, id: &str) {
        self.all.entry(id.to_owned()).or_default();
        self.shown = id.to_owned();
        self.clear_fallen();
    }

    /// Shows no experiment any more.
    pub fn leave(&mut self) {
        self.shown.clear();
    }

    /// Takes in what a browser kept of an experiment, shown or not, unless it was begun anew meanwhile.
    pub fn restore(&mut self, id: &str, record: Option<KeptRecord>, result: Option<KeptResult>) {
        let sitting = self.all.entry(id.to_owned()).or_default();
        sitting.record = sitting.record.take().or(record);
        if let Some(KeptResult { phase, file, report, begun, at }) = result
            && sitting.phase == SittingPhase::Idle
        {
            let (report, kept_at) = (Some(report), Some(at));
            *sitting = Sitting { phase, file, report, begun, kept_at, ..std::mem::take(sitting) };
        }
    }

    /// Begins an experiment's next run; another that is on its way ends, and what it has found stays. Answers its number
    /// and what to send before it.
    pub fn begin(&mut self, id: &str, file: &str) -> (u32, Vec<DeskTask>) {
        let busy = self.present.clone().filter(|_| self.is_busy()).and_then(|present| self.all.get_mut(&present));
        let tasks = busy.map(|sitting| {
            sitting.phase = SittingPhase::Ended;
            DeskTask::Send(StudyCommand::Finish)
        });
        self.run += 1;
        self.orders.insert(self.run, (id.to_owned(), file.to_owned()));
        let before = self.all.remove(id).unwrap_or_default();
        let begun = Sitting {
            phase: SittingPhase::Loading,
            run: self.run,
            file: file.to_owned(),
            record: before.record,
            estimate: before.estimate,
            ..Sitting::default()
        };
        self.all.insert(id.to_owned(), begun);
        self.present = Some(id.to_owned());
        self.clear_fallen();
        (self.run, tasks.into_iter().collect())
    }

    /// Lets the experiment that is shown wait, or go on.
    pub fn hold(&mut self) -> Vec<DeskTask> {
        let Some(sitting) = self.all.get_mut(&self.shown) else { return Vec::new() };
        let waits = sitting.phase == SittingPhase::Running;
        sitting.phase = if waits { SittingPhase::Held } else { SittingPhase::Running };
        vec![DeskTask::Send(StudyCommand::Hold(waits))]
    }

    /// Takes in what the worker says. What belongs to an older order of the same experiment is ignored.
    pub fn hear(&mut self, event: StudyEvent) -> Vec<DeskTask> {
        let run = match &event {
            StudyEvent::Refused { run, .. } | StudyEvent::Begun { run, .. } => *run,
            StudyEvent::Update(update) => update.run,
            StudyEvent::Estimated { run, estimate } => {
                if let Some((id, file)) = self.orders.remove(run) {
                    self.all.entry(id).or_default().estimate = Some((file, *estimate));
                }
                return Vec::new();
            }
            // What workers tell each other is the pool's.
            StudyEvent::Lent { .. } | StudyEvent::Shared(_) => return Vec::new(),
        };
        let Some(id) = self.orders.get(&run).map(|(id, _)| id.clone()) else { return Vec::new() };
        let is_shown = id == self.shown;
        let Some(sitting) = self.all.get_mut(&id).filter(|sitting| sitting.run == run) else { return Vec::new() };
        match event {
            StudyEvent::Refused { why, .. } => {
                let key = if why.key == "link" { "bad-link".into() } else { why.key };
                let is_old = key == "kept-unreadable";
                sitting.trouble = Some(StudyTrouble { key: key.into_owned(), detail: why.detail, line: why.line });
                sitting.phase = SittingPhase::Idle;
                if is_old {
                    // What was kept is of another version of the lab, which nobody can read any more.
                    sitting.record = None;
                    return vec![DeskTask::Forget(id)];
                }
                if is_shown { vec![DeskTask::ShowLine(why.line)] } else { Vec::new() }
            }
            StudyEvent::Begun { title, note, device, .. } => {
                sitting.begun = Some(StudyBegun { title, note, device });
                sitting.phase = SittingPhase::Running;
                Vec::new()
            }
            StudyEvent::Update(update) => {
                let report = sitting.report.get_or_insert_default();
                report.apply(*update);
                let over = report.over;
                if over {
                    let whole = report.done == report.networks;
                    sitting.phase = if whole { SittingPhase::Over } else { SittingPhase::Ended };
                }
                if over { vec![DeskTask::Keep(id)] } else { Vec::new() }
            }
            StudyEvent::Lent { .. } | StudyEvent::Shared(_) | StudyEvent::Estimated { .. } => Vec::new(),
        }
    }

    /// Asks how long the experiment that is shown would take, if that is not known of this file and the worker has nothing
    /// to do.
    pub fn ask_estimate(&mut self, file: &str) -> Option<StudyCommand> {
        let sitting = self.sitting().filter(|sitting| sitting.phase == SittingPhase::Idle)?;
        let is_known = sitting.estimate.as_ref().is_some_and(|(known, _)| known == file);
        if is_known || self.is_busy() || file.is_empty() {
            return None;
        }
        self.run += 1;
        self.orders.insert(self.run, (self.shown.clone(), file.to_owned()));
        Some(StudyCommand::Estimate { run: self.run, text: file.to_owned() })
    }

    /// Takes in that the worker died, whether it said so or not. If it had nothing to do, nothing is lost.
    pub fn die(&mut self, failure: Failure) -> Vec<DeskTask> {
        let Some(id) = self.present.take() else { return Vec::new() };
        let Some(sitting) = self.all.get_mut(&id).filter(|sitting| sitting.phase.is_busy()) else { return Vec::new() };
        let (key, detail) = match failure {
            Failure::Gone => ("vanished", String::new()),
            Failure::Panic(text) => ("died", text),
            Failure::Missing(file) => ("missing", file),
            Failure::DeviceLost(text) => ("died", format!("DeviceLost: {text}")),
            failure => ("died", failure.id().to_owned()),
        };
        sitting.trouble = Some(StudyTrouble { key: key.to_owned(), detail, line: 0 });
        sitting.phase = SittingPhase::Ended;
        let known = sitting.report.is_some();
        if id != self.shown {
            self.fallen = Some(id.clone());
        }
        if known { vec![DeskTask::Keep(id)] } else { Vec::new() }
    }

    /// The experiment, and its file, that the bytes of an order belong to, if they are worth keeping.
    pub fn owner(&self, run: u32, steps: u64) -> Option<&(String, String)> {
        self.orders.get(&run).filter(|_| steps > 0)
    }

    /// Notes that an experiment can be taken up from there.
    pub fn keep_record(&mut self, id: &str, record: KeptRecord) {
        if let Some(sitting) = self.all.get_mut(id) {
            sitting.record = Some(record);
        }
    }

    /// What there is to keep of an experiment now. There is nothing of a watched one, which has its record, and nothing
    /// where no network is trained.
    pub fn result(&self, id: &str, at: f64) -> Option<KeptResult> {
        let Sitting { phase, file, report, begun, .. } = self.all.get(id)?;
        let report = report.as_ref().filter(|report| report.watch.is_none() && report.done > 0)?;
        // If the tab is discarded, its worker ends with it.
        let phase = if phase.is_busy() { SittingPhase::Ended } else { *phase };
        Some(KeptResult { phase, file: file.clone(), report: report.clone(), begun: begun.clone(), at })
    }

    /// The task for the moment in which the tab is hidden, because the browser may discard it then.
    pub fn hide(&self) -> Option<DeskTask> {
        let (id, sitting) = self.present.clone().zip(self.present())?;
        let report = sitting.report.as_ref().filter(|_| sitting.phase.is_busy())?;
        if report.watch.is_none() {
            return Some(DeskTask::Keep(id));
        }
        (sitting.phase == SittingPhase::Running).then_some(DeskTask::Send(StudyCommand::Keep))
    }

    /// The id of the watched experiment that trains, which goes on by itself after a reload.
    pub fn watching(&self) -> Option<&str> {
        let sitting = self.present().filter(|sitting| sitting.phase == SittingPhase::Running)?;
        sitting.report.as_ref()?.watch.as_ref()?;
        self.present.as_deref()
    }

    /// What is said of another experiment that trains, or did until its worker died.
    pub fn elsewhere(&self) -> Option<Elsewhere> {
        let busy = self.present.as_ref().filter(|id| self.is_busy() && **id != self.shown);
        let fallen = self.fallen.as_ref().filter(|_| busy.is_none());
        let id = busy.or(fallen)?;
        let sitting = self.all.get(id)?;
        let progress = sitting.report.as_ref().map(|report| (report.done, report.networks));
        Some(Elsewhere { id: id.clone(), progress, trouble: fallen.and(sitting.trouble.clone()) })
    }

    fn clear_fallen(&mut self) {
        if self.fallen.as_deref() == Some(&self.shown) || self.is_busy() {
            self.fallen = None;
        }
    }
}
