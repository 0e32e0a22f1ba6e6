//! Init Lab: how the size of a network's first weights decides whether it can learn.
//!
//! Six rings, each behind the features that it needs, so that a forbidden dependency does not
//! compile: `science` and `lab` are always there, `study` comes with the statistics of experiments,
//! `engine` with Burn, `shell` and `desk` with Leptos. `ARCHITECTURE.md` has the map.

#[cfg(feature = "worker")]
pub mod adapter;
#[cfg(all(feature = "engine", not(target_family = "wasm")))]
pub mod calibration;
#[cfg(feature = "desk")]
pub mod desk;
#[cfg(feature = "engine")]
pub mod engine;
pub mod lab;
#[cfg(feature = "browser")]
pub mod port;
pub mod science;
#[cfg(feature = "front")]
pub mod shell;
#[cfg(feature = "study")]
pub mod study;
#[cfg(feature = "worker-cpu")]
pub mod worker;
