//! The page's program: a panic hook and one call.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    console_error_panic_hook::set_once();
}

/// Puts the lab on the page, in a language (`en`, `vi`) whose file of texts `static/boot.js` fetched
/// while the program was on its way.
#[wasm_bindgen]
pub fn start(language: &str, texts: &str) {
    init_lab::shell::app::mount(language, texts);
}
