//! The only place that posts a message: to the worker, to the page, or from window to window. It is also the
//! only one that asks the browser for chance.
//!
//! Messages between page and worker are JSON strings of `lab::protocol` and `study::protocol`; to other
//! pages they are plain objects. Each program is compiled with its own half.

#[cfg(feature = "front")]
mod host;
#[cfg(feature = "front")]
pub mod page;
#[cfg(feature = "desk")]
pub mod preview;
#[cfg(feature = "front")]
pub mod window;
#[cfg(feature = "worker-cpu")]
pub mod worker;
