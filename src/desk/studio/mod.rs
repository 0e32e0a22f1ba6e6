//! The studio: a lab in a frame, what of it is shown, and what to paste to have it in another page.
//!
//! The run belongs to the preview: what is set there comes back as its link. The view belongs to the choices; the
//! preview's hash follows them, which begins no new run.

mod choices;
mod draft;
mod placement;
mod preview;
mod segments;
mod snippets;

use leptos::prelude::*;

use super::site::{DeskSite, top_bar};
use choices::choices;
use draft::Draft;
use placement::placement;
use snippets::snippets;

/// The page.
pub(super) fn studio(site: DeskSite) -> AnyView {
    let draft = Draft::open(site);
    let height = move || draft.height.get().unwrap_or_else(|| draft.preview.height.get());
    view! {
        {top_bar(site, move || draft.whole_lab())}
        <main>
            <header class="intro">
                <h1>{site.text("title")}</h1>
                <p class="lead">{site.text("lead")}</p>
            </header>
            <form class="panel" id="choices" on:submit=|event| event.prevent_default()>
                {choices(draft, site)}
                {placement(draft, site)}
            </form>
            {snippets(draft, site)}
            {draft.preview.view(site, height, move || draft.reload())}
        </main>
    }
    .into_any()
}
