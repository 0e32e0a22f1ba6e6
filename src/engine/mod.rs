//! What computes: models, taps, the training loop and its host, on whatever device Burn was given.
//!
//! Nothing here knows a browser, so that the same code trains natively in tests. Rules that a
//! browser would punish: no synchronous tensor read, sort, one_hot, svd or device sync (each blocks,
//! and blocking panics on WebGPU in wasm), and no initial number that does not come from `science`.

pub mod adapt;
pub mod attention;
pub mod batch;
pub mod batchnorm;
mod benchmark;
pub mod checkpoint;
mod clip;
pub mod clock;
pub mod cursor;
mod datasets;
pub mod demand;
pub mod device;
pub mod dropout;
mod epochs;
mod experiment;
pub mod fused;
mod group;
pub mod host;
pub mod initial;
mod job;
pub mod layer;
pub mod loss;
pub mod mlp;
pub mod optimizer;
mod pacer;
pub mod parameter;
pub mod part;
mod pattern;
mod reading;
pub mod replicas;
pub mod report;
pub mod rotary;
mod sampler;
pub mod session;
pub mod tap;
pub mod tape;
pub mod trainer;
pub mod transformer;
pub mod unit;
mod writer;
