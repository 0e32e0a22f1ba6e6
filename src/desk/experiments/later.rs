//! One experiment: what the gallery does without. Its code is a file of its own, which is fetched once the gallery or the
//! experiment's question stands; `scripts/split.sh` cuts it off.
#![allow(unsafe_code, reason = "the macro that marks where the program is cut declares the function on both sides")]

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::answer;
use super::editor;
use super::findings::findings;
use super::numbers;
use super::pictures;
use super::run;
use super::store::ExperimentStore;
use super::watch::{networks, texts};

/// How the experiment that is shown went, and what it can be run with.
#[wasm_split(experiment, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_one))]
pub(super) fn one(store: ExperimentStore) -> Result<AnyView, SplitLoaderError> {
    store.begin_training();
    Ok(view! {
        {answer::panel(store)}
        <p class="lead" id="note">
            {move || store.note()}
        </p>
        {run::panel(store)}
        {networks(store)}
        {pictures::units(store)}
        {pictures::pictures(store)}
        {texts(store)}
        {findings(store)}
        {numbers::panel(store)}
        {editor::panel(store)}
    }
    .into_any())
}
