//! What the verdict is worth: networks drawn over all knobs, each trained at the best of four
//! learning rates, and how often a verdict at step 0 foretold whether it would learn.
//!
//! Native only, and no test: it trains for a quarter of an hour. `make calibrate` runs it and writes
//! `docs/calibration.md`.

pub mod course;
pub mod draw;
pub mod ledger;
pub mod page;
pub mod trial;
