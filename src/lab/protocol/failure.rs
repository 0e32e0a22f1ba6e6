//! Why the engine cannot go on, as a page hears of it.

use serde::{Deserialize, Serialize};

use super::device::DeviceReason;

/// Why the engine cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// WebGPU was asked for and is not there.
    NoWebGpu(DeviceReason),
    /// The GPU went away.
    DeviceLost(String),
    /// The memory did not suffice.
    OutOfMemory,
    /// The program stopped because of a bug; this is its message.
    Panic(String),
    /// A file of the engine did not come; this is its name.
    Missing(String),
    /// The worker ended without saying why.
    Gone,
}

/// How the script that starts the worker says that a file did not come, before the file's name.
const MISSING: &str = "missing file: ";

impl Failure {
    /// What an error that nobody caught in the worker says. A browser may put more in front of its text, and of an error
    /// that it keeps for itself there is none.
    pub fn from_error(text: &str) -> Self {
        match text.split_once(MISSING) {
            Some((_, file)) => Self::Missing(file.to_owned()),
            None if text.is_empty() => Self::Gone,
            None => Self::Panic(text.to_owned()),
        }
    }

    /// The name in messages to other pages.
    pub fn id(&self) -> &'static str {
        match self {
            Self::NoWebGpu(_) => "NoWebGpu",
            Self::DeviceLost(_) => "DeviceLost",
            Self::OutOfMemory => "OutOfMemory",
            Self::Panic(_) => "Panic",
            Self::Missing(_) => "Missing",
            Self::Gone => "Gone",
        }
    }
}
