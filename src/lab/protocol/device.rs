//! The device of a run, and why it is that one.

use serde::{Deserialize, Serialize};

/// The device that computes a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// The device in use.
    pub device: Device,
    /// The adapter's own name, or the CPU path's.
    pub adapter: String,
    /// Whether it is a GPU that is computed in software.
    pub software: bool,
    /// Why it was chosen, where that is not plain.
    pub reason: Option<DeviceReason>,
}

/// A kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// Burn's wgpu backend on the browser's WebGPU.
    WebGpu,
    /// Burn's flex backend, SIMD in WebAssembly.
    Cpu,
}

impl Device {
    /// The name in links and messages.
    pub fn id(self) -> &'static str {
        match self {
            Self::WebGpu => "webgpu",
            Self::Cpu => "cpu",
        }
    }
}

/// Why a run is on the CPU or on a software adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceReason {
    /// The student asked for it.
    Asked,
    /// The browser has no WebGPU, or the page may not use it.
    NoWebGpu,
    /// The GPU was asked for and did not answer for seconds.
    NoAnswer,
    /// Only a software adapter, which is slower than the CPU path.
    SoftwareOnly,
    /// The adapter lacks `timestamp-query`, without which Burn's runtime panics at start.
    NoTimestampQuery,
    /// The adapter was refused or its device could not be made.
    NoDevice,
    /// The adapter computes something else than the CPU.
    WrongNumbers,
    /// The GPU engine died earlier on this page.
    Died,
    /// One tensor of the network is larger than the GPU's largest buffer.
    TooLarge,
    /// Both were tried with this network, and the CPU was faster.
    CpuFaster,
    /// Both were tried with this network, and the GPU was faster.
    GpuFaster,
}
