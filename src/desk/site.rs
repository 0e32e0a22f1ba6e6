//! What the pages beside the lab share: their language, their texts, and the bar on top.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::lab::lang::Lang;
use crate::shell::browser;
use crate::shell::effect::effect;
use crate::shell::view::site::{SitePart, site_nav, skip_link};

/// The language and the texts of a page.
#[derive(Clone, Copy)]
pub(super) struct DeskSite {
    /// The name of the table that has the page's own texts.
    table: &'static str,
    /// The language on the page, whose texts are fetched.
    pub(super) lang: RwSignal<Lang>,
    /// The language that was asked for last, because the texts of an earlier choice may arrive after its own.
    wanted: StoredValue<Lang>,
}

impl DeskSite {
    /// Opens a page in a language whose texts are fetched.
    pub(super) fn open(table: &'static str, language: Lang) -> Self {
        let site = Self { table, lang: RwSignal::new(language), wanted: StoredValue::new(language) };
        let title = if table == "studio" { "title" } else { "page" };
        effect(move || {
            let lang = site.lang.get();
            if let Some(root) = document().document_element() {
                root.set_attribute("lang", lang.id()).ok();
            }
            document().set_title(&format!("{} · Init Lab", site.say(title)));
        });
        site
    }

    /// One of the page's own texts, in the language on the page.
    pub(super) fn say(self, key: &str) -> String {
        self.lang.get().text(&format!("{}.{key}", self.table)).to_owned()
    }

    /// One of the page's own texts, with its `{name}` places filled.
    pub(super) fn tell(self, key: &str, values: &[(&str, &str)]) -> String {
        self.lang.get().fill(&format!("{}.{key}", self.table), values)
    }

    /// One of the page's own texts, which follows the language.
    pub(super) fn text(self, key: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        move || self.say(key)
    }

    /// Switches to the other language once its texts are fetched, unless another was asked for since. The language is
    /// written into the address, for a reload and for whoever gets the link.
    fn switch(self) {
        let wanted = other(self.wanted.get_value());
        self.wanted.set_value(wanted);
        spawn_local(async move {
            if learn(wanted).await && self.wanted.get_value() == wanted {
                browser::replace_search("lang", wanted.id());
                self.lang.set(wanted);
            }
        });
    }
}

/// Fetches the texts of a language, if that was not done yet. Returns whether they are there.
pub(super) async fn learn(lang: Lang) -> bool {
    if !lang.is_learned() {
        match browser::fetch_json(&format!("lang/{}.desk.json", lang.id())).await {
            Ok(texts) => lang.learn(browser::texts(&texts)),
            Err(error) => web_sys::console::warn_1(&error),
        }
    }
    lang.is_learned()
}

fn other(lang: Lang) -> Lang {
    if lang == Lang::Vi { Lang::En } else { Lang::Vi }
}

/// The bar on top, with the other language; `lab` is the address of the lab that the reader comes from.
pub(super) fn top_bar(site: DeskSite, here: SitePart, lab: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let next = move || other(site.lang.get());
    let address = move || browser::search_with("lang", next().id());
    let press = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        site.switch();
    };
    let page = move |page: &'static str| Box::new(move || format!("{page}.html?lang={}", site.lang.get().id()));
    let colours = move || site.lang.get().text("nav.colours").to_owned();
    view! {
        <header class="top">
            {skip_link(site.lang)} <a class="brand" href="./">
                <img src="icons/icon.svg" alt="" />
                <span>"Init Lab"</span>
            </a> {site_nav(here, Box::new(lab), page("experiments"), page("studio"), site.lang)}
            <a
                class="other"
                id="other"
                data-testid="other-language"
                href=address
                lang=move || next().id()
                hreflang=move || next().id()
                on:click=press
            >
                {move || next().name()}
            </a> <button type="button" class="colours" data-colours="" aria-label=colours title=colours></button>
        </header>
    }
    .into_any()
}
