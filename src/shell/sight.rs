//! Whether the reader sees an element.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

/// Tells whether an element comes into sight or goes out of it, in the window that the reader sees, until the answer is
/// that this is enough.
pub fn watch_sight(element: &Element, tell: impl Fn(bool) -> bool + 'static) {
    let changed = Closure::<dyn Fn(js_sys::Array, IntersectionObserver)>::new(
        move |entries: js_sys::Array, observer: IntersectionObserver| {
            let is_seen =
                entries.iter().any(|entry| entry.unchecked_ref::<IntersectionObserverEntry>().is_intersecting());
            if !tell(is_seen) {
                observer.disconnect();
            }
        },
    );
    if let Ok(observer) = IntersectionObserver::new(changed.into_js_value().unchecked_ref()) {
        observer.observe(element);
    }
}
