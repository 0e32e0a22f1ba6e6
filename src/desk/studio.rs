//! The studio: a lab in a frame, what of it is shown, and what to paste to have it in another page.

use leptos::prelude::*;

use super::site::{Site, top_bar};

/// The page.
pub(super) fn studio(site: Site) -> AnyView {
    view! { {top_bar(site, || "./".to_owned())} }.into_any()
}
