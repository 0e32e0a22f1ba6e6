//! What computes: models, taps, the training loop and its host, on whatever device Burn was given.
//!
//! Nothing here knows a browser, so that the same code trains natively in tests. Rules that a
//! browser would punish: no synchronous tensor read, sort, one_hot, svd or device sync (each blocks,
//! and blocking panics on WebGPU in wasm), and no initial number that does not come from `science`.

pub mod adapt;
pub mod attention;
pub mod batch;
pub mod batchnorm;
pub mod checkpoint;
mod clip;
pub mod clock;
mod cost;
mod crew;
pub mod cursor;
pub mod demand;
pub mod device;
pub mod dropout;
mod epochs;
pub mod fleet;
pub mod fused;
pub mod host;
pub mod initial;
pub mod layer;
pub mod loss;
pub mod mlp;
pub mod optimizer;
mod overflow;
pub mod parameter;
pub mod part;
mod race;
mod reading;
pub mod report;
pub mod rotary;
pub mod session;
pub mod studies;
mod study;
pub mod sweep;
pub mod tap;
pub mod tape;
pub mod trainer;
pub mod transformer;
pub mod unit;
mod watch;
mod writer;
