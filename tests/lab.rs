//! The tests of lab and study, one program. Those that train stand behind the feature `engine`.
#![allow(missing_docs)]

#[cfg(feature = "engine")]
mod driven;
mod languages;
mod owned;

mod lab_arrangement;
mod lab_boundary;
mod lab_bounds;
mod lab_breakdown;
mod lab_caption;
mod lab_code;
mod lab_compared;
mod lab_courses;
mod lab_derivation;
mod lab_diagnosis;
mod lab_digits;
mod lab_experiments;
mod lab_gallery;
mod lab_goals;
mod lab_guess;
mod lab_heads;
mod lab_histogram;
mod lab_knob;
mod lab_link;
mod lab_looks;
mod lab_matrices;
mod lab_memory;
mod lab_own_data;
mod lab_package;
mod lab_poster;
mod lab_remedy;
mod lab_resting;
mod lab_runs;
mod lab_selection;
mod lab_share;
mod lab_snippet;
mod lab_spreadsheet;
mod lab_state;
mod lab_subset;
mod lab_sweep;
mod lab_table;
mod lab_theory;
mod lab_toys;
mod lab_typed;
mod lab_updates;
mod lab_widths;
mod lab_zones;
mod study_answer;
mod study_file;
mod study_pool;
mod study_protocol;
mod study_sittings;
mod study_statistics;
