//! Why the engine cannot go on, as a page hears of it.

use serde::{Deserialize, Serialize};

use super::DeviceReason;

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
    /// The worker ended without saying why.
    Gone,
}

impl Failure {
    /// The name in messages to other pages.
    pub fn id(&self) -> &'static str {
        match self {
            Self::NoWebGpu(_) => "NoWebGpu",
            Self::DeviceLost(_) => "DeviceLost",
            Self::OutOfMemory => "OutOfMemory",
            Self::Panic(_) => "Panic",
            Self::Gone => "Gone",
        }
    }
}
