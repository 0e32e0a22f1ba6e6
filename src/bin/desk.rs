//! The program of the pages beside the lab: a panic hook and one call.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    console_error_panic_hook::set_once();
}

/// Puts a page (`experiments`, `studio`) into its document, in a language (`en`, `vi`) whose texts
/// `static/boot.js` fetched while the program was on its way.
#[wasm_bindgen]
pub async fn start(language: String, _own: String, texts: JsValue, page: String) -> Result<(), JsValue> {
    init_lab::desk::mount(page, language, texts).await
}
