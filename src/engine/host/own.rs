//! The reader's own data in the worker: read here, and given to every network that learns it.

use super::Host;
use crate::engine::device::OpenGpu;
use crate::lab::own::read_own;
use crate::lab::protocol::{Command, Event};
use crate::lab::spec::Model;

/// Whether a command holds for the runs that come later too.
pub(super) fn is_lasting(command: &Command) -> bool {
    matches!(command, Command::Measure(_) | Command::TakeData { .. } | Command::DropData(_))
}

impl<G: OpenGpu> Host<G> {
    /// Reads a file for a model; what cannot be read changes nothing.
    pub(super) fn take_data(&mut self, model: Model, bytes: &[u8]) -> Event {
        let result = read_own(model, bytes).map(|(report, shape)| {
            self.own.set(model, Some(shape));
            report
        });
        Event::Data { model, result }
    }

    /// Gives networks the reader's own data as it is here, whatever the page takes it for.
    pub(super) fn with_own(&self, mut command: Command) -> Command {
        match &mut command {
            Command::Start { spec, .. } | Command::Accompany { spec, .. } => spec.own = self.own.clone(),
            Command::Sweep { specs, .. } => specs.iter_mut().for_each(|spec| spec.own = self.own.clone()),
            _ => {}
        }
        command
    }
}
