//! What a teacher sees of the studio once it stands: what is saved as a file, and what is measured for heights. Its code is a
//! file of its own, which is fetched then; `scripts/split.sh` cuts it off.
#![allow(unsafe_code, reason = "the macro that marks where the program is cut declares the function on both sides")]

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::super::site::DeskSite;
use super::draft::Draft;
use super::ruler::Ruler;
use super::saved::{poster_box, scorm_box};
use crate::lab::message::PreviewCommand;
use crate::lab::snippet::Snippet;
use crate::port::preview;
use crate::shell::browser;

/// The boxes of what is saved, and the frame in which heights are measured.
#[wasm_split(extras, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_extras))]
pub(super) fn extras(draft: Draft, site: DeskSite) -> Result<AnyView, SplitLoaderError> {
    preview::listen_measured(move || draft.preview.window(), move |measured| draft.measured.set(Some(measured)));
    // The preview may have measured before anybody listened.
    draft.preview.post(PreviewCommand::GET);
    let ruler = Ruler::new(draft.narrow_height);
    let is_asked = move || draft.kind.with(|kind| Snippet::from_id(kind).is_some_and(Snippet::has_height));
    ruler.follow(browser::home(), draft.lab, is_asked);
    Ok(view! {
        {poster_box(draft, site)}
        {scorm_box(draft, site)}
        {ruler.view()}
    }
    .into_any())
}
