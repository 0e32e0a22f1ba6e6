//! The training worker for where there is no GPU: the same without Burn's larger half.

use init_lab::engine::device::{GpuAdapter, OpenGpu};
use init_lab::lab::protocol::DeviceReason;
use init_lab::port::worker::gpu_is_silent;

/// The GPU that the worker's loader looked for and did not find.
struct AbsentGpu;

impl OpenGpu for AbsentGpu {
    async fn open(&mut self, _: bool) -> Result<GpuAdapter, DeviceReason> {
        Err(if gpu_is_silent() { DeviceReason::NoAnswer } else { DeviceReason::NoWebGpu })
    }
}

fn main() {
    init_lab::worker::run(AbsentGpu);
}
