//! The studio: a lab in a frame, the choice of what is shown of it, and the text that embeds it in another page.
//!
//! The run belongs to the preview, and what is set there comes back as its link. The view belongs to the choices, and
//! the preview's hash follows them without a new run.

mod choices;
mod draft;
mod goal;
mod later;
mod placement;
mod preview;
mod ranges;
mod ruler;
mod saved;
mod segments;
mod snippets;

use leptos::prelude::*;

use super::site::{DeskSite, top_bar};
use crate::shell::view::site::SitePart;
use choices::choices;
use draft::Draft;
use later::{StudioPart, fetch, later};

/// The page of the studio.
pub(super) fn studio(site: DeskSite) -> AnyView {
    let draft = Draft::open(site);
    let came = fetch();
    let height = move || draft.height.get().unwrap_or_else(|| draft.preview.height.get());
    view! {
        {top_bar(site, SitePart::Studio, move || draft.whole_lab())}
        <main id="main" tabindex="-1">
            <header class="intro">
                <h1>{site.text("title")}</h1>
                <p class="lead">{site.text("lead")}</p>
            </header>
            <form class="panel" id="choices" on:submit=|event| event.prevent_default()>
                {choices(draft, site)}
                {later(StudioPart::Placement, came, draft, site)}
            </form>
            {later(StudioPart::Snippets, came, draft, site)}
            {draft.preview.view(site, height, move || draft.reload())}
        </main>
    }
    .into_any()
}
