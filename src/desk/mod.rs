//! The pages beside the lab, experiments and studio, which are the second program of the site.
//!
//! They share the lab's charts, texts, worker and theme, but the lab does not download their code.

mod experiments;
mod figure;
mod pages;
mod site;
mod studio;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::lab::lang::Lang;
use crate::shell::browser;
use crate::shell::loaded::at_once;
use pages::{experiments_page, fetch_experiments, fetch_studio, studio_page};

/// Puts a page (`experiments` or `studio`) into its document, in place of its content, in a language whose texts are
/// already fetched. Fails where the code of the page cannot be fetched.
pub async fn mount(page: String, language: String, texts: JsValue) -> Result<(), JsValue> {
    let language = Lang::from_id(&language).unwrap_or(Lang::En);
    language.learn(browser::texts(&texts));
    let is_studio = page == "studio";
    let fetched = if is_studio { fetch_studio().await } else { fetch_experiments().await };
    fetched.map_err(|error| JsValue::from(error.to_string()))?;
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    mount_to_body(move || {
        let page = if is_studio { at_once(studio_page(language)) } else { at_once(experiments_page(language)) };
        page.unwrap_or_else(|| ().into_any())
    });
    Ok(())
}
