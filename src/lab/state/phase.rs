//! How far engine and run are.

use crate::lab::protocol::Why;

/// The state of the engine in the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineState {
    /// The engine's code is being loaded.
    Loading,
    /// The engine takes commands.
    Ready,
    /// The engine was ended to save memory, because nobody sees the lab, and is started again when somebody does.
    Resting,
    /// The engine died, and is not started again until something is changed.
    Dead,
}

/// The phase of the present run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The run has no measurement yet.
    Waiting,
    /// The run has a measurement and is not training.
    Paused,
    /// The run is training.
    Running,
    /// The run is over, for this reason.
    Finished(Why),
}
