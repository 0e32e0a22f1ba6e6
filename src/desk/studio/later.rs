//! What a teacher comes to once the studio stands: how the lab stands in its page, what to paste, what is saved as a file, and
//! what is measured for heights. Its code is a file of its own, which is fetched then; `scripts/split.sh` cuts it off.
#![allow(unsafe_code, reason = "the macro that marks where the program is cut declares the function on both sides")]

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use wasm_bindgen_futures::spawn_local;

use super::super::site::DeskSite;
use super::draft::Draft;
use super::placement::placement;
use super::ruler::Ruler;
use super::saved::{poster_box, scorm_box};
use super::snippets::snippets;
use crate::lab::message::PreviewCommand;
use crate::lab::snippet::Snippet;
use crate::port::preview;
use crate::shell::browser;
use crate::shell::loaded::at_once;

/// A part of the studio whose code comes later.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StudioPart {
    /// The choices of how the lab stands in a page.
    Placement,
    /// What to paste, and what is saved as a file.
    Snippets,
}

/// Fetches the code of these parts, and says whether it came.
pub(super) fn fetch() -> RwSignal<Option<bool>> {
    let came = RwSignal::new(None);
    spawn_local(async move { came.set(Some(fetch_extras().await.is_ok())) });
    came
}

/// Shows a part once its code came, as `fetch` says.
pub(super) fn later(part: StudioPart, came: RwSignal<Option<bool>>, draft: Draft, site: DeskSite) -> AnyView {
    let shown = move || match (came.get(), part) {
        (Some(true), _) => at_once(extras(part, draft, site)).unwrap_or_else(|| ().into_any()),
        // As high as what will stand there, so that the preview below does not jump.
        (None, StudioPart::Snippets) => view! { <section class="panel take coming"></section> }.into_any(),
        (Some(false), StudioPart::Snippets) => view! {
            <p class="panel take notice" role="alert">
                {site.text("late-failed")}
            </p>
        }
        .into_any(),
        (_, StudioPart::Placement) => ().into_any(),
    };
    shown.into_any()
}

#[wasm_split(extras, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_extras))]
fn extras(part: StudioPart, draft: Draft, site: DeskSite) -> Result<AnyView, SplitLoaderError> {
    Ok(match part {
        StudioPart::Placement => placement(draft, site),
        StudioPart::Snippets => snippets(saved(draft, site), draft, site),
    })
}

/// The boxes of what is saved, and the frame in which heights are measured.
fn saved(draft: Draft, site: DeskSite) -> AnyView {
    preview::listen_measured(move || draft.preview.window(), move |measured| draft.measured.set(Some(measured)));
    // The preview may have measured before anybody listened.
    draft.preview.post(PreviewCommand::GET);
    let ruler = Ruler::new(draft.narrow_height);
    let is_asked = move || draft.kind.with(|kind| Snippet::from_id(kind).is_some_and(Snippet::has_height));
    ruler.follow(browser::home(), draft.lab, is_asked);
    view! {
        {poster_box(draft, site)}
        {scorm_box(draft, site)}
        {ruler.view()}
    }
    .into_any()
}
