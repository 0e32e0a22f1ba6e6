//! What an experiment is: a file that says which networks are trained, what is drawn of them and
//! what is found out at the end.
//!
//! It is pure, as `lab` is. The worker reads files and judges networks; the page that shows experiments
//! (`desk::experiments`) uses only what it is told in (`protocol`) and what it remembers (`sittings`).
//! Nothing here trains (`engine::job` does).
//!
//! From the bottom up: `file`, `table`, `finding`, `statistics` and `permutation` stand by themselves;
//! `plan` expands a file; `record`, `groups`, `picture`, `forest` and `answer` are what every verdict has in common;
//! `chart` draws what a file asks for; `verdict` has a file for each verdict; `experiment` reads and
//! checks all of it, `share` is what workers tell each other, and `protocol` what the page hears; `sitting` and `sittings` are what it knows
//! of each experiment, `sketch` and `recorded` what the site shows of those that nobody has run here. No file imports one
//! that stands above it.

pub mod answer;
pub mod chart;
pub mod difference;
pub mod experiment;
pub mod file;
pub mod finding;
pub mod forest;
pub mod groups;
mod named;
pub mod permutation;
pub mod picture;
pub mod plan;
pub mod pool;
pub mod protocol;
pub mod record;
pub mod recorded;
pub mod report;
pub mod share;
pub mod sitting;
pub mod sittings;
pub mod sketch;
pub mod statistics;
pub mod table;
pub mod verdict;
