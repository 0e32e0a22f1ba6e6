//! Measures what the verdict is worth: networks are drawn over all knobs and each is trained at the best of four
//! learning rates, to see how often a verdict at step 0 foretold whether it would learn.
//!
//! It exists only natively and is no test, since it trains for a quarter of an hour. `make calibrate` runs it and
//! writes `docs/calibration.md`.

pub mod course;
pub mod draw;
pub mod ledger;
pub mod page;
pub mod trial;
