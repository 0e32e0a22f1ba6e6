//! What a run learns, from which seed, and on which device.

use serde::{Deserialize, Serialize};

use super::Dataset;
use crate::lab::number::digits;
use crate::science::choice::choices;

choices! {
    /// Where the network should be trained.
    pub enum DeviceChoice {
        /// WebGPU on a real adapter, else the CPU.
        Auto "auto",
        /// WebGPU, on a software adapter too.
        WebGpu "webgpu",
        /// The CPU.
        Cpu "cpu",
    }
}

/// What a run learns, from which seed, and on which device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSpec {
    /// What is learned.
    pub data: Dataset,
    /// Seed of every named random stream.
    #[serde(with = "digits")]
    pub seed: u64,
    /// Requested device.
    pub device: DeviceChoice,
}
