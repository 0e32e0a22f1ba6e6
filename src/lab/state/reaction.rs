//! What an edit leads to outside the state.

use crate::lab::protocol::Command;

/// What has to be done outside the state after an edit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reaction {
    /// The commands for the worker, in order.
    pub commands: Vec<Command>,
    /// Whether to send [`Edit::Settled`](super::Edit::Settled) after a moment without further edits.
    pub settle: bool,
}

impl Reaction {
    /// What has to be done after this edit and the next one. Only the last of several runs is built.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        if next.commands.iter().any(|command| matches!(command, Command::Start { .. })) {
            self.commands.retain(|command| !matches!(command, Command::Start { .. }));
        }
        self.commands.extend(next.commands);
        Self { settle: self.settle || next.settle, ..self }
    }
}
