//! Menus are `details` with the attribute `data-menu`. A press elsewhere, or Escape, closes them, as any menu.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// Starts to listen for what closes menus.
pub fn close_menus() {
    let _press = window_event_listener(leptos::ev::pointerdown, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        open_menus().into_iter().filter(|menu| !menu.contains(target.as_ref())).for_each(close);
    });
    let _key = window_event_listener(leptos::ev::keydown, |event: KeyboardEvent| {
        if event.key() == "Escape" {
            // The keyboard goes on where it opened the menu, not at the beginning of the page.
            open_menus().into_iter().for_each(|menu| {
                let summary =
                    menu.first_element_child().and_then(|summary| summary.dyn_into::<web_sys::HtmlElement>().ok());
                if menu.contains(document().active_element().as_deref())
                    && let Some(summary) = summary
                {
                    summary.focus().ok();
                }
                close(menu);
            });
        }
    });
}

/// Closes the menu that a press was in.
pub fn close_menu_of(event: &web_sys::MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.and_then(|target| target.closest("details[data-menu]").ok().flatten()).into_iter().for_each(close);
}

fn open_menus() -> Vec<Element> {
    let Ok(all) = document().query_selector_all("details[data-menu][open]") else { return Vec::new() };
    (0..all.length()).filter_map(|at| all.get(at)?.dyn_into().ok()).collect()
}

fn close(menu: Element) {
    menu.remove_attribute("open").ok();
}
