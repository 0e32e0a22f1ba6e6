//! The way to the parts of the site, which stands on top of every page. Those pages that are plain HTML have it written
//! out, and a test compares.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::lab::lang::Lang;

/// An address that may follow the language and the lab.
pub type SiteAddress = Box<dyn Fn() -> String + Send + Sync>;

/// The part of the site that a program's page is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SitePart {
    /// The lab.
    Lab,
    /// The experiments.
    Experiments,
    /// The studio, where a lab is embedded.
    Studio,
}

/// The links to all parts. Lessons and schemes have a page for each language; the addresses of the other parts say which
/// lab the reader comes from.
pub fn site_nav(
    here: SitePart,
    lab: SiteAddress,
    experiments: SiteAddress,
    studio: SiteAddress,
    lang: RwSignal<Lang>,
) -> AnyView {
    let text = move |key: &'static str| move || lang.get().text(key).to_owned();
    let current = move |part: SitePart| (part == here).then_some("page");
    let back = if here == SitePart::Lab { "lab" } else { "back" };
    view! {
        <nav class="site" aria-label=text("nav.site")>
            <a href=lab data-testid=back aria-current=current(SitePart::Lab)>
                {text("nav.lab")}
            </a>
            <a href=move || format!("lessons/{}/", lang.get().id()) data-testid="lessons">
                {text("nav.lessons")}
            </a>
            <a href=experiments data-testid="experiments" aria-current=current(SitePart::Experiments)>
                {text("nav.experiments")}
            </a>
            <a href=move || format!("schemes/{}.html", lang.get().id()) data-testid="schemes">
                {text("nav.schemes")}
            </a>
            <a href=studio data-testid="studio" aria-current=current(SitePart::Studio)>
                {text("nav.embed")}
            </a>
        </nav>
    }
    .into_any()
}

/// The link past the bar, which is seen once it has the focus.
pub fn skip_link(lang: RwSignal<Lang>) -> AnyView {
    // The hash belongs to the lab's link, so the focus is moved by hand.
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if let Some(main) = document().query_selector("main").ok().flatten() {
            main.unchecked_into::<web_sys::HtmlElement>().focus().ok();
        }
    };
    view! {
        <a class="skip" href="#main" on:click=skip>
            {move || lang.get().text("nav.skip").to_owned()}
        </a>
    }
    .into_any()
}
