//! The page's program: a panic hook and one call.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    console_error_panic_hook::set_once();
}

/// Puts the lab on the page, in a language (`en`, `vi`) whose texts `static/boot.js` fetched while the
/// program was on its way. `own` is the reader's language, for links that ask for none.
#[wasm_bindgen]
pub fn start(language: &str, own: &str, texts: &JsValue) {
    init_lab::shell::app::mount(language, own, texts);
}
