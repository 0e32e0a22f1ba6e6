//! Describes what a run learns, with which seed, and on which device.

use serde::{Deserialize, Serialize};

use super::Dataset;
use crate::lab::number::digits;
use crate::science::choice::choices;

choices! {
    /// The device on which the network should be trained.
    pub enum DeviceChoice {
        /// WebGPU if there is a hardware adapter, otherwise the CPU.
        Auto "auto",
        /// WebGPU, even on a software adapter.
        WebGpu "webgpu",
        /// The CPU, whatever the machine offers.
        Cpu "cpu",
    }
}

/// The data, the seed and the device of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSpec {
    /// The data set that is learned.
    pub data: Dataset,
    /// How many of the training examples it has, the first ones; 0 stands for all ([`super::Spec::examples`]).
    #[serde(default)]
    pub examples: usize,
    /// The seed from which every named random stream is derived.
    #[serde(with = "digits")]
    pub seed: u64,
    /// The device that is asked for.
    pub device: DeviceChoice,
}
