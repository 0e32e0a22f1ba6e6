//! The tests of the engine on the CPU, one program; `engine_gpu` alone needs a GPU and its feature.
#![allow(missing_docs)]

mod common;
mod driven;
mod measured;
mod owned;
#[path = "../src/texts/packed.rs"]
mod packed;
mod python;
mod weighed;

mod engine_adapt;
mod engine_batchnorm;
mod engine_benchmark;
mod engine_boundary;
mod engine_code;
mod engine_decay;
mod engine_digits;
mod engine_drawing;
mod engine_dropout;
mod engine_fused;
mod engine_goals;
mod engine_golden;
#[cfg(feature = "gpu")]
mod engine_gpu;
mod engine_gradient_band;
mod engine_gradients;
mod engine_heads;
mod engine_histograms;
mod engine_host;
mod engine_inspection;
mod engine_jobs;
mod engine_kept;
mod engine_limits;
mod engine_loss;
mod engine_measures;
mod engine_ngram;
mod engine_own_data;
mod engine_pace;
mod engine_remedy;
mod engine_replicas;
mod engine_shared;
mod engine_start;
mod engine_study;
mod engine_subset;
mod engine_sweep;
mod engine_theory;
mod engine_updates;
mod engine_verdict;
mod engine_watch;
