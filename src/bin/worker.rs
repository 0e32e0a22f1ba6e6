//! The training worker, on WebGPU and on the CPU.

use init_lab::adapter::BrowserGpu;

fn main() {
    init_lab::worker::run(BrowserGpu);
}
