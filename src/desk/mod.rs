//! The pages beside the lab, experiments and studio, which are the second program of the site.
//!
//! They share the lab's charts, texts, worker and theme, but the lab does not download their code.

mod experiments;
mod figure;
mod site;
mod studio;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::lab::lang::Lang;
use crate::shell::browser;
use site::DeskSite;

/// Puts a page (`experiments` or `studio`) into its document, in place of its content, in a language whose texts are
/// already fetched.
pub fn mount(page: &str, language: &str, texts: &JsValue) {
    let language = Lang::from_id(language).unwrap_or(Lang::En);
    language.learn(browser::texts(texts));
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    let is_studio = page == "studio";
    mount_to_body(move || {
        if is_studio {
            studio::studio(DeskSite::open("studio", language))
        } else {
            experiments::experiments(DeskSite::open("experiments", language))
        }
    });
}
