//! The two pages, each with its code in a file of its own, so that a reader fetches the one that is shown;
//! `scripts/split.sh` cuts them off.
#![allow(unsafe_code, reason = "the macro that marks where the program is cut declares the function on both sides")]

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::experiments::experiments;
use super::site::DeskSite;
use super::studio::studio;
use crate::lab::lang::Lang;

#[wasm_split(experiments, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_experiments))]
pub(super) fn experiments_page(language: Lang) -> Result<AnyView, SplitLoaderError> {
    Ok(experiments(DeskSite::open("experiments", language)))
}

#[wasm_split(studio, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_studio))]
pub(super) fn studio_page(language: Lang) -> Result<AnyView, SplitLoaderError> {
    Ok(studio(DeskSite::open("studio", language)))
}
