//! The tests of what the program `coverage` counts, with its own files.
#![allow(missing_docs)]

#[path = "../src/bin/coverage/band.rs"]
#[allow(dead_code, unreachable_pub)]
mod band;
#[path = "../src/bin/coverage/cover.rs"]
#[allow(dead_code, unreachable_pub)]
mod cover;
#[path = "../src/bin/coverage/perceptron.rs"]
#[allow(dead_code, unreachable_pub)]
mod perceptron;
#[path = "../src/bin/coverage/transformer.rs"]
#[allow(dead_code, unreachable_pub)]
mod transformer;

mod lab_coverage;
mod lab_seed;
mod science_coverage;
