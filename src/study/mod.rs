//! What an experiment is: a file that says which networks are trained, what is drawn of them and
//! what is worked out at the end.
//!
//! Pure, as `lab` is, but only the worker needs it: the page that shows experiments
//! (`www/experiments.html`) draws what it is told. Nothing here trains (`engine::job` does).
//!
//! From the bottom up: `file`, `table`, `finding`, `statistics` and `permutation` stand by themselves;
//! `plan` expands a file; `record`, `groups` and `picture` are what every verdict has in common;
//! `chart` draws what a file asks for; `verdict` has a file for each verdict; `experiment` reads and
//! checks all of it, and `protocol` is what the page hears. Nobody imports what stands above.

pub mod chart;
pub mod difference;
pub mod experiment;
pub mod file;
pub mod finding;
pub mod groups;
pub mod permutation;
pub mod picture;
pub mod plan;
pub mod protocol;
pub mod record;
pub mod sitting;
pub mod sittings;
pub mod statistics;
pub mod table;
pub mod verdict;
