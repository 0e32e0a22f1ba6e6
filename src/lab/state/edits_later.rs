//! Carries out what only a part of the page asks for that comes after the first view, so that its code comes then too.

use super::{Edit, EngineState, Reaction, State};
use crate::lab::catalog;
use crate::lab::examples::DIGITS;
use crate::lab::knob::applied;
use crate::lab::link::Lab;
use crate::lab::notice::Notice;
use crate::lab::protocol::Command;
use crate::lab::sweep::{self, Sweep};
use crate::lab::typed::read_typed;

/// Carries out edits whose code comes later.
pub type LaterEdits = fn(&mut State, Edit) -> Reaction;

impl Edit {
    /// Whether [`State::carry_out_later`] carries it out. If it is asked for before that is there, it has to wait.
    pub fn comes_later(&self) -> bool {
        use Edit::{Dismiss, Knob, Lang, Open, Pause, Play, Reseed, Reset, Settled, Step, Theme};
        !matches!(
            self,
            Knob(..) | Open(_) | Play | Pause | Step(_) | Reset | Reseed | Settled | Lang(_) | Theme(_) | Dismiss
        )
    }
}

impl State {
    /// Carries out an edit for which [`Edit::comes_later`], and no other.
    pub fn carry_out_later(&mut self, edit: Edit) -> Reaction {
        match edit {
            Edit::Typed(knob, text) => self.turn(knob, read_typed(&text, knob, &self.lab.spec)),
            Edit::Remedy(edits) => {
                // The fix is a second run, to be compared with the one that it is for.
                self.pin();
                (self.lab.spec, self.notices) = applied(&self.lab.spec, &edits);
                self.notices.extend(self.lab.settle());
                self.restart()
            }
            Edit::Experiment(id) => {
                let experiment = id.and_then(catalog::find);
                let lab = experiment.map_or_else(Lab::default, |experiment| Lab::from_link(experiment.link).0);
                self.lab.experiment = experiment.map(|experiment| experiment.id);
                (self.lab.spec, self.lab.pins, self.lab.task) = (lab.spec, lab.pins, lab.task);
                self.notices = self.lab.settle();
                self.adopt_pins();
                self.playing = false;
                self.restart()
            }
            Edit::Set(link) => {
                let (lab, notices) = self.lab.open(&link);
                self.lab = lab;
                self.notices = notices;
                self.playing = false;
                self.adopt_pins();
                self.restart()
            }
            Edit::Formats(on) => {
                self.lab.view.formats = on;
                Reaction::default()
            }
            Edit::Charts(charts) => {
                self.lab.view.charts = charts;
                Reaction::default()
            }
            Edit::Run(edit) => self.edit_runs(edit),
            Edit::Own(edit) => self.edit_own(edit),
            Edit::Slow(on) => self.slow_down(on),
            Edit::Tick => self.tick(),
            Edit::Look(step) => {
                self.look(step);
                Reaction::default()
            }
            Edit::Keep => self.keep(),
            Edit::Rest => self.rest(),
            Edit::Wake => self.wake(),
            Edit::Sweep => self.start_sweep(),
            Edit::Cancel => {
                self.give_up_sweep();
                self.send([Command::Cancel])
            }
            Edit::Inspect(subject) => {
                if self.frame.is_none() || self.engine != EngineState::Ready {
                    return Reaction::default();
                }
                let (run, request) = (self.run, self.looks.ask(subject));
                self.send([Command::Inspect { run, request, subject }])
            }
            Edit::Digit(digit) => {
                self.examples.digit = digit.min(DIGITS - 1);
                Reaction::default()
            }
            Edit::Verify(claim) => self.verify(*claim),
            Edit::Roster(edit) => self.edit_roster(edit),
            Edit::Guess(guess) => {
                self.guesses.draw(guess, &self.lab.spec);
                Reaction::default()
            }
            Edit::Knob(..) | Edit::Open(_) | Edit::Play | Edit::Pause | Edit::Step(_) => Reaction::default(),
            Edit::Reset | Edit::Reseed | Edit::Settled => Reaction::default(),
            Edit::Lang(_) | Edit::Theme(_) | Edit::Dismiss => Reaction::default(),
        }
    }

    fn start_sweep(&mut self) -> Reaction {
        let Some(shape) = &self.shape else { return Reaction::default() };
        // Only a few numbers of an adapted network learn, but a sweep trains all of them.
        let matrices =
            self.lab.spec.architecture().matrices().iter().map(|site| site.fans.fan_in * site.fans.fan_out).sum();
        let numbers = shape.parameters.max(matrices);
        if !sweep::fits(numbers) {
            self.notices = vec![Notice::sweep_size(numbers)];
            return Reaction::default();
        }
        self.playing = false;
        self.asked.clear();
        sweep::keep(&mut self.kept, self.sweep.take());
        self.sweeps += 1;
        let base = self.ordered();
        let specs = sweep::networks(&base);
        let run = self.sweeps;
        self.sweep = Some(Sweep::new(run, &base));
        self.send([Command::Pause, Command::Sweep { run, specs }])
    }
}
