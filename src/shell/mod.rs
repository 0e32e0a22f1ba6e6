//! What is shown: the lab's state as a page, and a person's gestures as edits of it.
//!
//! No rule of the lab is decided here. Views read memos and send [`crate::lab::state::Edit`]s;
//! `store` is the loop between state, worker and page; Plotly is known to `plot` alone.

pub mod address;
#[cfg(feature = "page")]
pub mod app;
pub mod browser;
pub mod draft;
pub mod effect;
pub mod embed;
pub mod figure;

pub mod kept;
pub mod loaded;
#[cfg(feature = "page")]
pub mod owned;
pub mod painter;
pub mod palette;
pub mod pixels;
pub mod plot;
#[cfg(feature = "page")]
pub mod resting;
#[cfg(feature = "page")]
pub mod sight;
pub mod spreadsheet;
pub mod storage;
pub mod store;
pub mod view;
pub mod worker;
