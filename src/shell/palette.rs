//! The colours of `static/css/tokens.css` as plain values, for charts, which cannot read CSS.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The charts' colours. Ink is what was measured, accent what theory says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// Measurements.
    pub ink: String,
    /// Axis text, and measurements of second rank.
    pub muted: String,
    /// Grid lines.
    pub line: String,
    /// Theory.
    pub accent: String,
    /// The area where theory expects most networks.
    pub band: String,
    /// What a chart stands on.
    pub surface: String,
    /// What stands out a little from that.
    pub raised: String,
}

impl Palette {
    /// The colours of the theme that the page has now.
    pub fn read() -> Self {
        let resolve = || {
            let document = document();
            let probe: HtmlElement = document.create_element("span").ok()?.dyn_into().ok()?;
            document.body()?.append_child(&probe).ok()?;
            // As the colour of an element: a custom property itself comes back unresolved.
            let color = |token: &str| {
                probe.style().set_property("color", &format!("var({token})")).ok()?;
                window().get_computed_style(&probe).ok()??.get_property_value("color").ok()
            };
            let palette = Self {
                ink: color("--ink")?,
                muted: color("--muted")?,
                line: color("--line")?,
                accent: color("--accent")?,
                band: color("--band")?,
                surface: color("--surface")?,
                raised: color("--raised")?,
            };
            probe.remove();
            Some(palette)
        };
        resolve().unwrap_or_default()
    }
}
