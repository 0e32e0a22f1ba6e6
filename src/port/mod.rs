//! The only place that posts a message, to the worker, to the page or to a page that embeds the
//! lab, and the only one beside `engine::clock` that asks the browser for chance.
//!
//! Messages between page and worker are JSON strings of `lab::protocol` and `study::protocol`; to other
//! pages they are plain objects. Each program has its half.

#[cfg(feature = "front")]
pub mod page;
#[cfg(feature = "desk")]
pub mod preview;
#[cfg(feature = "front")]
pub mod window;
#[cfg(feature = "worker")]
pub mod worker;
