//! The reader's own data: which files there are, which one the worker is to read, and what its answer changes. A file
//! that cannot be read changes nothing.

use super::{EngineState, Phase, Reaction, State};
use crate::lab::notice::Notice;
use crate::lab::own::{OwnEdit, OwnFile, OwnReport, too_large};
use crate::lab::protocol::Command;
use crate::lab::spec::{Dataset, Model, OwnShape, OwnShapes, Spec};
use crate::science::data::own::OwnFault;

/// The files of the reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnFiles {
    table: Option<OwnFile>,
    text: Option<OwnFile>,
    /// What a spec has to know of them, made once: every gesture hands it on.
    shapes: OwnShapes,
    /// A file that the worker has not read yet.
    offered: Option<(Model, OwnFile)>,
    /// Whether the present run waits for that, so that it does not begin with other data.
    awaited: bool,
}

impl OwnFiles {
    /// The file that a model learns from.
    pub fn of(&self, model: Model) -> Option<&OwnFile> {
        match model {
            Model::Mlp => self.table.as_ref(),
            Model::Gpt => self.text.as_ref(),
        }
    }

    /// Whether the worker has a file to read.
    pub fn is_reading(&self) -> bool {
        self.offered.is_some()
    }

    fn set(&mut self, model: Model, file: Option<OwnFile>, shape: Option<OwnShape>) {
        self.shapes.set(model, shape);
        match model {
            Model::Mlp => self.table = file,
            Model::Gpt => self.text = file,
        }
    }

    /// The commands that give a new worker what the last one had, and what it has not read yet.
    pub(super) fn commands(&self) -> Vec<Command> {
        let known = [Model::Mlp, Model::Gpt].into_iter().filter_map(|model| Some((model, self.of(model)?)));
        let offered = self.offered.iter().map(|(model, file)| (*model, file));
        let command = |(model, file): (Model, &OwnFile)| Command::TakeData { model, bytes: file.bytes.clone() };
        known.chain(offered).map(command).collect()
    }
}

impl State {
    pub(super) fn edit_own(&mut self, edit: OwnEdit) -> Reaction {
        match edit {
            OwnEdit::Offer(model, file) => {
                self.notices.clear();
                if let Some(fault) = too_large(file.bytes.len()) {
                    self.notices.push(Notice::from(&fault));
                    return Reaction::default();
                }
                let command = Command::TakeData { model, bytes: file.bytes.clone() };
                self.own.offered = Some((model, file));
                self.revive(|state| state.send([command]))
            }
            OwnEdit::Recall(model, file) => {
                let is_wanted = self.own.of(model).is_none() && !self.own.is_reading();
                match file.filter(|_| is_wanted) {
                    Some(file) => self.edit_own(OwnEdit::Offer(model, file)),
                    None => Reaction::default(),
                }
            }
            OwnEdit::TooLarge(bytes) => {
                self.notices = too_large(bytes).iter().map(Notice::from).collect();
                Reaction::default()
            }
            OwnEdit::Forget(model) => {
                let was_learned = self.learns_own(model);
                self.own.set(model, None, None);
                self.spread_own();
                let mut reaction = self.send([Command::DropData(model)]);
                if was_learned {
                    self.playing = false;
                    reaction.commands.extend(self.restart().commands);
                }
                reaction
            }
        }
    }

    /// Takes in what the worker made of a file.
    pub(super) fn hear_data(&mut self, model: Model, result: Result<OwnReport, OwnFault>) -> Vec<Command> {
        let is_known = |file: &OwnFile| match (&file.report, &result) {
            (Some(before), Ok(report)) => before.mark == report.mark,
            _ => false,
        };
        let offered = self.own.offered.as_ref().filter(|(of, _)| *of == model).map(|(_, file)| file);
        // A new worker was given again what the last one had.
        let again = self.own.of(model).is_some_and(is_known);
        if again && offered.is_none_or(|file| self.own.of(model).is_some_and(|known| known.bytes != file.bytes)) {
            return Vec::new();
        }
        let Some((_, file)) = self.own.offered.take_if(|(of, _)| *of == model) else { return Vec::new() };
        let awaited = std::mem::take(&mut self.own.awaited);
        match result {
            Ok(report) => {
                let shape = OwnShape::from(&report);
                self.own.set(model, Some(OwnFile { report: Some(report), ..file }), Some(shape));
                self.spread_own();
                if self.is_toy() || self.lab.spec.network.model != model {
                    return if awaited { self.begin_awaited() } else { Vec::new() };
                }
                self.lab.spec.run.data = Dataset::Own;
                self.notices = self.lab.settle();
                self.adopt_pins();
                self.begin();
                self.begin_awaited()
            }
            Err(fault) => {
                self.notices = vec![Notice::from(&fault)];
                if awaited { self.begin_awaited() } else { Vec::new() }
            }
        }
    }

    /// Whether the run is to wait until the worker has read the file that it is about.
    pub(super) fn awaits_own(&mut self) -> bool {
        let model = self.lab.spec.network.model;
        self.own.awaited = self.lab.spec.lacks_data() && self.own.offered.as_ref().is_some_and(|(of, _)| *of == model);
        self.own.awaited
    }

    /// Begins the present run, and what was asked of it meanwhile.
    fn begin_awaited(&mut self) -> Vec<Command> {
        if self.engine != EngineState::Ready || self.phase != Phase::Waiting {
            return Vec::new();
        }
        let mut commands = vec![self.start()];
        commands.extend(self.companions());
        if self.playing {
            commands.push(self.onward());
        }
        commands.extend(self.next_steps());
        commands
    }

    /// Lets every spec of the page know the files that there are now.
    pub(super) fn spread_own(&mut self) {
        let shapes = self.own.shapes.clone();
        for pin in &mut self.lab.pins {
            if pin.spec.own != shapes {
                *pin = pin.with_spec(Spec { own: shapes.clone(), ..pin.spec.clone() });
            }
        }
        self.lab.spec.own = shapes;
    }

    fn learns_own(&self, model: Model) -> bool {
        self.lab.spec.run.data == Dataset::Own && self.lab.spec.network.model == model && !self.is_toy()
    }
}
