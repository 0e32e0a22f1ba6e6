//! Marks the charts of the stage for the style sheet, by what stands beside them.
//!
//! A style sheet could say it with `:has()`, but then each dot that a chart adds makes the browser match the whole stage
//! anew: that took most of the time of a picture.

use std::iter::successors;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};

use crate::lab::arrangement::Arrangement;

/// Keeps the stage's arrangement while charts come and go.
pub fn keep_arranged(stage: &HtmlElement) {
    arrange(stage);
    let element = stage.clone();
    let change = Closure::<dyn Fn()>::new(move || arrange(&element));
    let children = MutationObserverInit::new();
    children.set_child_list(true);
    if let Ok(observer) = MutationObserver::new(change.into_js_value().unchecked_ref()) {
        let _ = observer.observe_with_options(stage, &children);
    }
}

fn arrange(stage: &Element) {
    let children = successors(stage.first_element_child(), Element::next_element_sibling);
    let charts: Vec<Element> = children.filter(|child| child.class_list().contains("chart")).collect();
    let ids: Vec<String> = charts.iter().map(|chart| chart.get_attribute("data-chart").unwrap_or_default()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let Arrangement { alone, in_threes, has_variance } = Arrangement::of(&ids);
    mark(stage, "in-threes", in_threes);
    mark(stage, "with-variance", has_variance);
    for (at, chart) in charts.iter().enumerate() {
        mark(chart, "alone", alone == Some(at));
    }
}

fn mark(element: &Element, class: &str, on: bool) {
    let _ = element.class_list().toggle_with_force(class, on);
}
