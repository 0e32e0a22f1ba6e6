//! What is asked and what is seen: the lab's state as plain data.
//!
//! Nothing here waits, draws, trains or knows a browser, so that every rule of the lab is tested
//! natively in milliseconds. The page shows a [`state::State`]; the worker answers
//! [`protocol::Command`]s with [`protocol::Event`]s; links, messages and sliders all go through one
//! knob table.

pub mod assumption;
pub mod attempt;
pub mod breakdown;
pub mod caption;
pub mod catalog;
pub mod cells;
pub mod clue;
pub mod code;
pub mod comparison;
pub mod completion;
pub mod curve;
pub mod derivation;
pub mod diagnosis;
pub mod digits;
pub mod effect;
pub mod examples;
pub mod forecast;
pub mod gallery;
pub mod gap;
pub mod goal;
pub mod guess;
pub mod heads;
pub mod histogram;
pub mod history;
pub mod inspection;
pub mod knob;
pub mod lang;
pub mod link;
pub mod message;
pub mod metric;
pub mod movement;
pub mod notice;
pub mod number;
pub mod pin;
pub mod plane;
pub mod prediction;
pub mod protocol;
pub mod question;
pub mod range;
pub mod record;
pub mod remedy;
pub mod runs;
pub mod scale;
pub mod selection;
pub mod series;
pub mod sharpness;
pub mod slow;
pub mod snippet;
pub mod spec;
pub mod spectrum;
pub mod state;
pub mod strip;
pub mod sweep;
pub mod task;
pub mod text;
pub mod theory;
pub mod toy;
pub mod typed;
pub mod updates;
pub mod view;
pub mod zones;
