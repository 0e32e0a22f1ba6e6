//! Carries out what a person, a link or another page does.

use super::{Edit, LaterEdits, Phase, Reaction, State};
use crate::lab::effect::Effect;
use crate::lab::knob::{Change, Knob, KnobSetting};
use crate::lab::link::Lab;
use crate::lab::metric::Measures;
use crate::lab::notice::Notice;
use crate::lab::protocol::Command;
use crate::lab::spec::memory;
use crate::lab::view::Chart;

impl State {
    /// Carries out an edit, and returns what has to be done outside the state.
    pub fn edit(&mut self, edit: Edit) -> Reaction {
        self.edit_with(edit, Self::carry_out_later)
    }

    /// Does the same where `rest` is [`Self::carry_out_later`], whose code the page has only after its first view.
    pub fn edit_with(&mut self, edit: Edit, rest: LaterEdits) -> Reaction {
        let (before, toy) = (self.measures(), self.lab.spec.toy.kind);
        let opens = matches!(edit, Edit::Set(_) | Edit::Experiment(_));
        if toy.is_some() && self.edit_toy(&edit) {
            return self.settle_toy(toy, false);
        }
        let mut reaction = self.carry_out(edit, rest);
        if self.is_toy() {
            return self.settle_toy(toy, opens);
        }
        // What played was the small lab.
        self.playing &= toy.is_none();
        let measures = self.measures();
        if measures != before {
            // This comes first, so that a new run measures at its start what the charts show.
            let commands = self.send([Command::Measure(measures)]).commands;
            reaction.commands.splice(0..0, commands);
            if let Some(frame) = &mut self.frame {
                if !measures.histograms {
                    frame.histograms.clear();
                }
                if !measures.heads {
                    frame.heads.clear();
                }
            }
            if !measures.path {
                self.examples.path = None;
            }
            if let Some(frame) = self.frame.as_mut().filter(|_| !measures.plane) {
                frame.plane = None;
            }
        }
        reaction
    }

    /// Returns what has to be measured for the charts on the page beside what always is.
    pub fn measures(&self) -> Measures {
        let charts = self.lab.view.measured_charts(&self.lab.spec);
        let histograms = charts.contains(&Chart::Histograms);
        // The sentence below the histograms says where units are dead.
        let asked = self.lab.task.as_ref().is_some_and(|task| task.goal.needs_units());
        let (units, heads) = (asked || histograms || charts.contains(&Chart::Dead), charts.contains(&Chart::Heads));
        let shows = |chart| charts.contains(&chart);
        // At the end of a digit's way stands what it is taken for.
        let path = shows(Chart::Path);
        let (guesses, lines) = (path || shows(Chart::Digits), shows(Chart::Lines));
        Measures { histograms, units, heads, guesses, path, lines, plane: shows(Chart::Boundary) }
    }

    fn carry_out(&mut self, edit: Edit, rest: LaterEdits) -> Reaction {
        match edit {
            Edit::Knob(knob, setting) => self.turn(knob, Ok(setting)),
            Edit::Open(link) => {
                let mut lab = Lab::default();
                lab.spec.own.clone_from(&self.lab.spec.own);
                let (lab, notices) = lab.open(&link);
                self.notices = notices;
                if lab == self.lab {
                    return Reaction::default();
                }
                // Another goal is asked of a run from its start on.
                let same_goal = lab.task == self.lab.task;
                let same_run = same_goal && Effect::of(&lab.spec) == Effect::of(&self.lab.spec);
                self.lab = lab;
                self.adopt_pins();
                if same_run {
                    return Reaction { commands: self.companions(), settle: false };
                }
                self.playing = false;
                self.restart()
            }
            Edit::Play => self.play(),
            Edit::Pause => {
                self.playing = false;
                self.asked.clear();
                self.send([Command::Pause])
            }
            Edit::Step(steps) => self.step(steps),
            Edit::Reset => {
                self.playing = false;
                self.restart()
            }
            Edit::Reseed => {
                self.lab.spec.run.seed = self.lab.spec.run.seed.wrapping_add(1);
                self.restart()
            }
            Edit::Settled => {
                if self.playing && self.phase != Phase::Running {
                    let companions = self.companions();
                    let command = self.onward();
                    let mut reaction = self.send([command]);
                    reaction.commands.splice(0..0, companions);
                    return reaction;
                }
                Reaction::default()
            }
            Edit::Lang(lang) => {
                self.lab.view.lang = Some(lang);
                Reaction::default()
            }
            Edit::Theme(theme) => {
                self.lab.view.theme = theme;
                Reaction::default()
            }
            Edit::Dismiss => {
                self.notices.clear();
                self.failure = None;
                Reaction::default()
            }
            edit => rest(self, edit),
        }
    }

    pub(super) fn turn(&mut self, knob: &Knob, setting: Result<KnobSetting, Notice>) -> Reaction {
        let before = self.lab.spec.clone();
        self.notices.clear();
        let turned = setting.and_then(|setting| {
            let (setting, moved) = self.lab.view.bounds.limit(knob, &before, setting);
            self.notices.extend(moved);
            knob.turn(&mut self.lab.spec, setting)
        });
        match turned {
            Ok(notice) => self.notices.extend(notice),
            Err(notice) => {
                self.notices.push(notice);
                return Reaction::default();
            }
        }
        if knob.is_overruled(&before) {
            self.notices.push(Notice::widths("widths-gone", &before.network.widths.to_string()));
        }
        self.notices.extend(self.lab.settle());
        if self.lab.spec == before {
            return Reaction::default();
        }
        if !self.is_toy() {
            self.notices.extend(memory::warning(&self.lab.spec));
        }
        match knob.change {
            Change::Tune => {
                // While it trains, the worker may be further than it has told.
                self.record.tuned |= self.record.is_trained() || self.phase == Phase::Running;
                self.record.spec = self.lab.spec.clone();
                let spec = self.ordered();
                let run = self.run;
                self.send([Command::Tune { run, spec }])
            }
            Change::Restart => self.restart(),
        }
    }

    fn play(&mut self) -> Reaction {
        if let Phase::Finished(_) = self.phase {
            // A run that is over begins again.
            self.playing = true;
            return self.restart();
        }
        self.playing = true;
        self.slow = None;
        self.asked.clear();
        self.stepping = false;
        // The worker does one thing at a time, so the run would have to wait until the sweep is over.
        let swept = self.give_up_sweep();
        self.revive(|state| {
            if state.frame.is_some() {
                state.phase = Phase::Running;
            }
            let companions = state.companions();
            let command = state.onward();
            let mut reaction = state.send([command]);
            reaction.commands.splice(0..0, swept.then_some(Command::Cancel).into_iter().chain(companions));
            reaction
        })
    }

    pub(super) fn step(&mut self, steps: u64) -> Reaction {
        if matches!(self.phase, Phase::Finished(_)) || steps == 0 {
            return Reaction::default();
        }
        if std::mem::take(&mut self.playing) {
            // The run was on its way to a step of the goal, and is stopped for this.
            self.stepping = false;
        }
        self.asked.push_back(steps);
        self.revive(|state| {
            let mut commands = state.companions();
            commands.extend(state.next_steps());
            Reaction { commands, settle: false }
        })
    }
}
