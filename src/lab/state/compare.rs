//! Carries out what is done with runs besides the present one: to pin, name, hide, exchange and open them, to train
//! them beside it, and to go back in time.

use super::{EngineState, Phase, Reaction, State};
use crate::lab::metric::Frame;
use crate::lab::notice::Notice;
use crate::lab::pin::{Letter, MOST_PINS, Pin, Settings, free_letter, is_same_run, tidy};
use crate::lab::protocol::{Command, Event};
use crate::lab::record::RunRecord;
use crate::lab::runs::{KeptRun, RunMark, is_comparable};
use crate::lab::spec::Spec;

/// What a person does with the runs of this page.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEdit {
    /// Pin the present run, so that the next ones are drawn over it.
    Pin,
    /// Pin a run of the list.
    PinKept(u32),
    /// Take a pin off. The run stays in the list.
    Unpin(Letter),
    /// Give a pinned run a name, or with nothing its own again.
    Name(Letter, String),
    /// Draw a pinned run, or leave it out.
    Hide(Letter, bool),
    /// Make a pinned run the present one, and pin the one that was.
    Swap(Letter),
    /// Set the lab as a pinned run was.
    Reopen(Letter),
    /// Set the lab as a run of the list was.
    ReopenKept(u32),
    /// Train a pinned run beside the present one, or stop that.
    Along(Letter, bool),
    /// Delete a run from the list.
    Forget(u32),
    /// Take in the runs that a browser kept of this tab.
    Restore(Vec<RunRecord>),
}

impl State {
    pub(super) fn edit_runs(&mut self, edit: RunEdit) -> Reaction {
        match edit {
            RunEdit::Pin => {
                self.pin();
                Reaction::default()
            }
            RunEdit::PinKept(id) => {
                if let Some(spec) = self.runs.find(id).map(|run| run.record.spec.clone()) {
                    self.pin_spec(spec);
                }
                Reaction::default()
            }
            RunEdit::Unpin(letter) => {
                self.lab.pins.retain(|pin| pin.letter != letter);
                Reaction::default()
            }
            RunEdit::Name(letter, name) => {
                if let Some(pin) = self.pin_mut(letter) {
                    pin.name = tidy(&name);
                }
                Reaction::default()
            }
            RunEdit::Hide(letter, hidden) => {
                if let Some(pin) = self.pin_mut(letter) {
                    pin.hidden = hidden;
                }
                Reaction::default()
            }
            RunEdit::Swap(letter) => self.swap(letter),
            RunEdit::Reopen(letter) => {
                let spec = self.lab.pins.iter().find(|pin| pin.letter == letter).map(|pin| pin.spec.clone());
                spec.map_or_else(Reaction::default, |spec| self.reopen(spec))
            }
            RunEdit::ReopenKept(id) => {
                let spec = self.runs.find(id).map(|run| run.record.spec.clone());
                spec.map_or_else(Reaction::default, |spec| self.reopen(spec))
            }
            RunEdit::Along(letter, along) => self.train_along(letter, along),
            RunEdit::Forget(id) => {
                let gone = self.runs.find(id).map(|run| run.record.spec.clone());
                self.lab.pins.retain(|pin| gone.as_ref().is_none_or(|spec| !is_same_run(&pin.spec, spec)));
                self.runs.forget(id);
                Reaction::default()
            }
            RunEdit::Restore(records) => {
                let idle = self.runs.restore(records);
                self.runs.trim(&self.lab.pins);
                let is_ready = self.engine == EngineState::Ready;
                let commands = idle.into_iter().filter(|_| is_ready).map(|run| Command::Dismiss { run });
                Reaction { commands: commands.collect(), settle: false }
            }
        }
    }

    /// Pins the present run, if it is measured and there is room.
    pub(super) fn pin(&mut self) {
        if self.record.step().is_none() {
            return;
        }
        self.runs.keep(self.present_record());
        self.pin_spec(self.lab.spec.clone());
    }

    fn pin_spec(&mut self, spec: Spec) {
        if self.lab.pins.iter().any(|pin| is_same_run(&pin.spec, &spec)) {
            return;
        }
        if self.lab.pins.len() >= MOST_PINS {
            self.notices = vec![Notice::pins(MOST_PINS)];
            return;
        }
        // The present run keeps its letter if it is the one that is pinned.
        let letter = free_letter(&self.lab.pins);
        Pin::new(letter, String::new(), spec).join(&mut self.lab.pins);
    }

    fn pin_mut(&mut self, letter: Letter) -> Option<&mut Pin> {
        self.lab.pins.iter_mut().find(|pin| pin.letter == letter)
    }

    /// The letter of the present run: that of the pin with its settings, or else the first free one.
    pub fn letter(&self) -> Letter {
        let own = self.lab.pins.iter().find(|pin| is_same_run(&pin.spec, &self.lab.spec));
        own.map_or_else(|| free_letter(&self.lab.pins), |pin| pin.letter)
    }

    /// What is known of the present run.
    pub fn present_record(&self) -> RunRecord {
        let end = if let Phase::Finished(why) = &self.phase { Some(why.clone()) } else { None };
        RunRecord { spec: self.lab.spec.clone(), end, ..self.record.clone() }
    }

    fn reopen(&mut self, spec: Spec) -> Reaction {
        if is_same_run(&spec, &self.lab.spec) {
            return Reaction::default();
        }
        self.lab.spec = spec;
        self.notices = self.lab.settle();
        self.playing = false;
        self.restart()
    }

    fn swap(&mut self, letter: Letter) -> Reaction {
        let Some(at) = self.lab.pins.iter().position(|pin| pin.letter == letter) else { return Reaction::default() };
        let theirs = self.lab.pins[at].spec.clone();
        if is_same_run(&theirs, &self.lab.spec) {
            return Reaction::default();
        }
        // The place is free before the present run takes one, so that there is always room.
        let mine = free_letter(&self.lab.pins);
        self.lab.pins.remove(at);
        if self.record.step().is_some() {
            self.runs.keep(self.present_record());
        }
        if self.lab.pins.iter().all(|pin| !is_same_run(&pin.spec, &self.lab.spec)) {
            Pin::new(mine, String::new(), self.lab.spec.clone()).join(&mut self.lab.pins);
        }
        self.reopen(theirs)
    }

    fn train_along(&mut self, letter: Letter, along: bool) -> Reaction {
        let Some(spec) = self.pin_mut(letter).map(|pin| pin.spec.clone()) else { return Reaction::default() };
        if self.runs.of(&Settings::of(&spec)).is_none() {
            self.runs.keep(RunRecord::new(spec.clone()));
        }
        let Some(run) = self.runs.of_mut(&spec) else { return Reaction::default() };
        run.along = along;
        if !along {
            let gone = run.companion.take();
            let command = gone.map(|run| Command::Dismiss { run });
            let is_ready = self.engine == EngineState::Ready;
            return Reaction { commands: command.into_iter().filter(|_| is_ready).collect(), settle: false };
        }
        let commands = self.companions();
        Reaction { commands, settle: false }
    }

    /// Makes a run of each pin of the link of which nothing is known yet, to be trained beside the present one.
    pub(super) fn adopt_pins(&mut self) {
        self.spread_own();
        for pin in self.lab.pins.clone() {
            if self.runs.of(pin.settings()).is_none() && !is_same_run(&pin.spec, &self.lab.spec) {
                self.runs.keep(RunRecord::new(pin.spec.clone()));
                if let Some(run) = self.runs.of_mut(&pin.spec) {
                    run.along = true;
                }
            }
        }
    }

    /// The commands by which the worker builds the runs that are to be trained beside the present one and are not
    /// there yet. If the present one trains, so do they.
    pub(super) fn companions(&mut self) -> Vec<Command> {
        if self.engine != EngineState::Ready {
            return Vec::new();
        }
        let pins: Vec<Spec> = self.lab.pins.iter().map(|pin| pin.spec.clone()).collect();
        let mut commands = Vec::new();
        for spec in pins.into_iter().filter(|spec| !is_same_run(spec, &self.lab.spec)) {
            let device = self.cpu_only;
            let number = self.issued + 1;
            let Some(run) = self.runs.of_mut(&spec) else { continue };
            if !run.along || run.companion.is_some() || run.record.is_over() {
                continue;
            }
            run.companion = Some(number);
            if run.record.tuned {
                run.record = RunRecord::new(spec.clone());
            }
            self.issued = number;
            commands.push(Command::Accompany { run: number, spec: on_device(spec, device) });
        }
        commands
    }

    /// Takes in what the worker reports of a run that is trained beside the present one. Returns whether it was.
    pub(super) fn hear_companion(&mut self, event: &Event) -> bool {
        let (Event::Frame(Frame { run, .. }) | Event::Trail { run, .. } | Event::Finished { run, .. }) = event else {
            return false;
        };
        let Some(kept) = self.runs.companion_mut(*run) else { return false };
        match event {
            Event::Frame(frame) => kept.record.take(frame),
            Event::Trail { frames, .. } => kept.record.fill(frames),
            Event::Finished { why, .. } => {
                kept.record.end = Some(why.clone());
                kept.companion = None;
            }
            _ => {}
        }
        true
    }

    /// The runs that are drawn beside the present one, with their marks: the ghost first, which lies below the others.
    pub fn compared(&self) -> Vec<(RunMark, &RunRecord)> {
        let model = self.lab.spec.network.model;
        let present = (!self.lab.pins.is_empty()).then(|| Settings::of(&self.lab.spec));
        let pins = self.lab.pins.iter().filter(|pin| !pin.hidden && Some(pin.settings()) != present.as_ref());
        let pins = pins.filter_map(|pin| Some((RunMark::Pin(pin.letter), &self.runs.of(pin.settings())?.record)));
        let is_pinned = |run: &&KeptRun| self.lab.pins.iter().any(|pin| run.is_pinned_as(pin));
        let ghost = self.runs.ghost().filter(|run| !is_pinned(run)).map(|run| (RunMark::Ghost, &run.record));
        ghost.into_iter().chain(pins).filter(|(_, record)| is_comparable(model, record)).collect()
    }

    /// The step that the reader looks at, at which other runs are compared too.
    pub fn moment(&self) -> u64 {
        self.shown().map_or(0, |frame| frame.step)
    }
}

fn on_device(mut spec: Spec, cpu_only: bool) -> Spec {
    if cpu_only {
        spec.run.device = crate::lab::spec::DeviceChoice::Cpu;
    }
    spec
}
