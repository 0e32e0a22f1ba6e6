//! The arithmetic of the small labs: products of matrices, one weight under four optimizers, scores of attention. They
//! are in f64, from the same named streams as everything else, and so small that the page computes them itself.

pub mod chain;
pub mod scores;
pub mod weight;
