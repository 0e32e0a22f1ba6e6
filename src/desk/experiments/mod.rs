//! Experiments: many networks trained in this tab, what they show, and what is found in them.

use leptos::prelude::*;

use super::site::{Site, top_bar};

/// The page.
pub(super) fn experiments(site: Site) -> AnyView {
    view! { {top_bar(site, || "./".to_owned())} }.into_any()
}
