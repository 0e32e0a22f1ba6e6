//! The tests of science, one program: a program of its own for each file would be linked a hundred times.
#![allow(missing_docs)]

mod common;
mod perceptron;
mod plain;
mod transformer;

mod science_activation;
mod science_agreement;
mod science_attention;
mod science_band;
mod science_batchnorm;
mod science_coherence;
mod science_data;
mod science_decimal;
mod science_density;
mod science_formula;
mod science_golden;
mod science_init;
mod science_kernel;
mod science_layer;
mod science_lsuv;
mod science_overflow;
mod science_phase;
mod science_precision;
mod science_schemes;
mod science_shape;
mod science_singular;
mod science_start;
mod science_stream;
mod science_table;
mod science_theory;
mod science_widths;
