//! What an experiment is: a file that says which networks are trained, what is drawn of them and
//! what is worked out at the end.
//!
//! Pure, as `lab` is, but only the worker needs it: the page that shows experiments
//! (`www/experiments.html`) draws what it is told. Nothing here trains (`engine::study` does).

pub mod chart;
pub mod difference;
pub mod file;
pub mod finding;
pub mod overflow;
pub mod pairs;
pub mod permutation;
pub mod plan;
pub mod protocol;
pub mod reach;
pub mod record;
pub mod slope;
pub mod statistics;
pub mod watch;
